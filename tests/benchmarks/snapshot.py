"""What a snapshot of a registry costs: to make, on disk, in memory, and a look-up.

    python -m tests.benchmarks.snapshot             600,000 studies: takes about ten minutes
    python -m tests.benchmarks.snapshot 20000       fewer

Studies are synthetic and of realistic length, made from a few templates, and served by a server on
this machine in a process of its own. In their midst are EudraCT, EU CT and sponsors' numbers, and
acronyms, about as many as have been counted in the registry. Building runs in a process of its own,
and so does reading: the largest resident set of each is printed. Look-ups are measured through the
public API, in random order, at three levels: numbers that name a number (`Snapshot.naming`), whole
records (`Snapshot.record`), and answers (`Resolver.resolve`). Beside the first stands the named
alternative: a dict of the same numbers, made from the file, without any of the records.
"""

from __future__ import annotations

import json
import multiprocessing
import random
import resource
import sys
import tempfile
import time
import zlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from trialink import Resolver, Snapshot, TrialId
from trialink.flow import Reply, Request
from trialink.sources.clinicaltrials_gov import ClinicalTrialsGov
from trialink.testing import LoopbackServer

_ALL, _TEMPLATES, _ASKED, _WHOLE, _RESOLVED = 600_000, 997, 200_000, 20_000, 10_000
_STRIDE = 7919  # shares no factor with the count
_STAMP = {"apiVersion": "2.0.5", "dataTimestamp": "2026-08-21T09:00:05"}
_WORDS = (
    *(
        "efficacy",
        "safety",
        "pharmacokinetics",
        "of",
        "in",
        "patients",
        "with",
        "advanced",
        "acute",
    ),
    *(
        "metastatic",
        "chronic",
        "relapsed",
        "refractory",
        "moderate",
        "severe",
        "adult",
        "paediatric",
    ),
    *("carcinoma", "lymphoma", "myeloma", "asthma", "diabetes", "hypertension", "depression"),
    *("stroke", "infection", "vaccine", "therapy", "surgery", "radiotherapy", "randomised"),
    *("open-label", "comparison", "exercise", "intervention", "monotherapy", "combined", "effect"),
    *("early", "late", "first-line", "second-line", "maintenance", "quality", "life", "outcome"),
)
_COUNTRIES = ("United States", "China", "France", "Egypt", "Germany", "Spain", "Italy", "Canada")


def main(count: int = _ALL) -> None:
    """Print the figures of building and of reading."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "registry.snapshot"
        print(f"{count:,} synthetic studies")
        _apart(_built, count, path)
        _apart(_read, count, path)


def _apart(job: Any, *arguments: Any) -> None:
    process = multiprocessing.get_context("spawn").Process(target=job, args=arguments)
    process.start()
    process.join()
    if process.exitcode:
        sys.exit(f"{job.__name__} ended with {process.exitcode}")


def _built(count: int, path: Path) -> None:
    address, stop = multiprocessing.Queue(), multiprocessing.Event()
    server = multiprocessing.get_context("fork").Process(target=_serve, args=(count, address, stop))
    server.start()
    source = ClinicalTrialsGov(address.get())
    requests: list[int] = []
    begun, spent = time.perf_counter(), time.process_time()
    with Resolver(sources=[source], pace=None, cache=None) as resolver:
        info = resolver.build_snapshot(path, progress=lambda done, _: requests.append(done))
    taken, spent = time.perf_counter() - begun, time.process_time() - spent
    stop.set()
    server.join()
    assert info.complete, info
    polite = len(requests) + 3  # the date of the data twice, and the number of studies
    print(f"built in {taken:.0f} s, {spent:.0f} s of this process; {polite} requests (at the")
    print(f"  pace of one a second not under {polite} s); largest resident set {_resident()} MB")
    print(f"{info.bytes / 2**20:.0f} MiB, {info.bytes / count:.0f} bytes a study")


def _read(count: int, path: Path) -> None:
    chance = random.Random(1)
    named = [place for place in range(count) if _secondary(place)]
    ids = [TrialId("euctr", str(_secondary(chance.choice(named)))) for _ in range(_ASKED)]
    own = [TrialId("nct", _number(chance.randrange(count))) for _ in range(_WHOLE)]
    others = ids[:_RESOLVED]
    with Snapshot(path) as snapshot:
        _timed("by secondary number, Snapshot.naming", ids, lambda id: snapshot.naming(id))
        _timed("by NCT number, Snapshot.record", own, lambda id: snapshot.record(id))
        resident = _resident()
        with Resolver(snapshot=snapshot, cache=None, offline=True) as resolver:
            for name, asked in (("NCT", own[:_RESOLVED]), ("secondary", others)):
                _timed(f"by {name} number, Resolver.resolve", asked, None, resolver)
        print(f"largest resident set {_resident()} MB, before resolving {resident} MB")
        table = {id: snapshot.naming(id) for id in dict.fromkeys(ids)}
        _timed("by secondary number, a dict in memory", ids, lambda id: table[id])
    alone = [study.encode() for study in _studies(0, _TEMPLATES, count)]
    raw, deflated = (sum(map(len, each)) for each in (alone, map(zlib.compress, alone)))
    print(f"(a study: {raw // len(alone)} bytes of JSON, {deflated // len(alone)} deflated alone)")


def _timed(name: str, ids: list[TrialId], look_up: Any, resolver: Resolver | None = None) -> None:
    begun = time.process_time()
    if resolver is not None:
        assert all(each.records for each in resolver.resolve(ids).values())
        ids = [*dict.fromkeys(ids)]
    else:
        for id in ids:
            assert look_up(id)
    taken = time.process_time() - begun
    print(f"{name:40} {len(ids) / taken:10,.0f} a second, {taken / len(ids) * 1e6:6.1f} us each")


def _resident() -> int:
    """Return the largest resident set of this process in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


# The registry


def _serve(count: int, address: Any, stop: Any) -> None:
    with LoopbackServer(_Registry(count)) as server:
        address.put(server.url)
        stop.wait()


class _Registry:
    """So many studies, made when they are asked for."""

    def __init__(self, count: int) -> None:
        self._count = count

    def compose(self, request: Request) -> Reply:
        """Return a page of all studies, their number, or the date of the data."""
        if not request.url.endswith("/studies"):
            return Reply(200, "application/json", json.dumps(_STAMP).encode())
        params = dict(request.params)
        start = int(params.get("pageToken", 0))
        end = min(start + int(params["pageSize"]), self._count)
        following = "" if end == self._count else f'"nextPageToken":"{end}",'
        head = f'{{"totalCount":{self._count},{following}"studies":['
        body = f"{head}{','.join(_studies(start, end, self._count))}]}}"
        return Reply(200, "application/json", body.encode())


def _number(place: int) -> str:
    return f"NCT{13 * (1000 + place):08d}"  # passes the check


def _secondary(place: int) -> str | None:
    """Return a EudraCT number that passes its check, for one study of ten."""
    if place % 10:
        return None
    digits = f"{2004 + place // 10 % 18}{place // 180 % 1_000_000:06d}"
    check = f"{zlib.crc32(digits.encode()):010d}"[:2]
    return f"{digits[:4]}-{digits[4:]}-{check}"


def _studies(start: int, end: int, count: int) -> Iterator[str]:
    templates = _templates()
    for position in range(start, end):
        place = position * _STRIDE % count  # in no order, as may be
        template = templates[place % len(templates)]
        more = f'"type":"NIH","id":"R01CA{place:06d}"' if place % 10 == 1 else ""
        if number := _secondary(place):
            more = f'"type":"EUDRACT_NUMBER","id":"{number}"'
        yield template % {
            "number": _number(place),
            "own": f"AB-{place * 7919 % 10**7}",
            "more": f'"secondaryIdInfos":[{{{more}}}],' if more else "",
            "acronym": f'"acronym":"STUDY-{place % 9973}",' if place % 4 == 0 else "",
        }


@cache
def _templates() -> list[str]:
    """Return the JSON of a few studies, with places for what differs from one to the next."""
    found = []
    for seed in range(_TEMPLATES):
        chance = random.Random(seed)
        date = f"{2005 + seed % 20}-{1 + seed % 12:02d}-{1 + seed % 28:02d}"
        text = json.dumps(_study(chance.choices(_WORDS, k=36), date, chance), separators=(",", ":"))
        head = '"nctId":"%(number)s","orgStudyIdInfo":{"id":"%(own)s"},%(more)s%(acronym)s'
        found.append(text.replace('"briefTitle"', f'{head}"briefTitle"'))
    return found


def _study(words: list[str], date: str, chance: random.Random) -> dict[str, Any]:
    actual = {"date": date, "type": "ACTUAL"}
    return {
        "protocolSection": {
            "identificationModule": {
                "briefTitle": " ".join(words[:12]).capitalize(),
                "officialTitle": " ".join(words).capitalize(),
            },
            "statusModule": {
                "overallStatus": chance.choice(("COMPLETED", "RECRUITING", "UNKNOWN")),
                "startDateStruct": actual,
                "primaryCompletionDateStruct": actual,
                "completionDateStruct": actual,
                "studyFirstSubmitDate": date,
                "studyFirstPostDateStruct": {"date": date},
                "lastUpdatePostDateStruct": {"date": date},
            },
            "sponsorCollaboratorsModule": {
                "leadSponsor": {"name": f"University of {words[2].title()}", "class": "OTHER"},
                "collaborators": [{"name": f"{each.title()} Institute"} for each in words[3:4]],
            },
            "conditionsModule": {"conditions": [" ".join(words[4:7]), words[7]]},
            "designModule": {
                "studyType": "INTERVENTIONAL",
                "phases": [f"PHASE{chance.randint(1, 4)}"],
                "enrollmentInfo": {"count": chance.randrange(500), "type": "ACTUAL"},
            },
            "armsInterventionsModule": {
                "interventions": [
                    {"type": "DRUG", "name": each, "otherNames": [each.upper()]}
                    for each in words[8:10]
                ]
            },
            "contactsLocationsModule": {
                "locations": [{"country": each} for each in chance.choices(_COUNTRIES, k=6)]
            },
            "referencesModule": {
                "references": [{"pmid": f"{chance.randrange(4 * 10**7)}", "type": "DERIVED"}]
            },
        },
        "derivedSection": {"miscInfoModule": {"versionHolder": "2026-08-21"}},
        "hasResults": False,
    }


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
