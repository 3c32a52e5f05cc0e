"""What 1,000 known identifiers cost: requests, bytes, and time beside the least that can be done.

    python -m tests.benchmarks.resolving

Studies are synthetic, of fourteen places each, served on this machine. Parsing is measured beside
`model_validate_json` of the same records alone; a warm read beside diskcache, inflating and
validating the same records, one by one. Both rounds of a pair are run in turn, and the best counts.
"""

from __future__ import annotations

import json
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import diskcache

from trialink import Resolver, TrialId
from trialink.flow import Reply, drive
from trialink.sources.clinicaltrials_gov import ClinicalTrialsGov
from trialink.sources.record import Record, decoded
from trialink.testing.server import LoopbackServer, synthetic_studies
from trialink.transport import HttpTransport

_IDS, _ROUNDS, _PLACES = 1000, 7, 14


def main() -> None:
    """Print the cost of cold and warm, and the two ratios."""
    studies = [*_studies()]
    with tempfile.TemporaryDirectory() as folder, LoopbackServer(studies) as server:
        cold, warm = _cost(server, Path(folder)), _cost(server, Path(folder))
        print(f"{_IDS} known ids: {cold[0]} requests of studies cold, {warm[0]} warm (marks 5, 0)")
        print(f"bodies: {cold[1] / 2**20:.2f} MB of JSON (mark 4)")
        parsing, bare = _parsing(studies)
        print(f"parsing: {parsing / bare:.2f} times bare validation (mark 1.5)")
        reading, least = _reading(server, Path(folder))
        print(f"warm read: {reading / least:.2f} times bare reads (mark 3)")
        print(
            f"         {reading / _IDS * 1e6:.0f} us an id, of which {least / _IDS * 1e6:.0f} bare"
        )


def _studies() -> Iterator[dict[str, Any]]:
    """Yield synthetic studies with what makes real ones long."""
    for study in synthetic_studies(_IDS):
        study["protocolSection"] |= {
            "contactsLocationsModule": {"locations": [{"country": "China"}] * _PLACES},
            "armsInterventionsModule": {
                "interventions": [{"type": "DRUG", "name": "CT103A", "otherNames": ["eque-cel"]}]
            },
            "referencesModule": {"references": [{"pmid": "35763618", "type": "RESULT"}] * 2},
        }
        yield study


def _ids() -> list[TrialId]:
    return [TrialId("nct", f"NCT{13 * (100_000 + place):08d}") for place in range(_IDS)]


def _cost(server: LoopbackServer, folder: Path) -> tuple[int, int]:
    """Resolve all ids; return requests of studies and bytes of their bodies."""
    sizes: list[int] = []

    class Weighed(HttpTransport):
        def send(self, request: Any) -> Reply:
            reply = super().send(request)
            if "/studies" in request.url:
                sizes.append(len(reply.body))
            return reply

    source = ClinicalTrialsGov(server.url)
    transport = Weighed()
    with Resolver(cache=folder, transport=transport, sources=[source], pace=None) as resolver:
        assert resolver.resolve(_ids()).summary()["found"] == _IDS
    transport.close()
    return len(sizes), sum(sizes)


def _parsing(studies: list[dict[str, Any]]) -> tuple[float, float]:
    """Return the seconds from pages to answers, and those of validating the same studies."""
    source, ids = ClinicalTrialsGov(), _ids()
    lots = [*source.batches(ids)]
    pages = [
        json.dumps({"studies": studies[start : start + len(lots[0])]}).encode()
        for start in range(0, _IDS, len(lots[0]))
    ]
    single = [json.dumps(study).encode() for study in studies]

    def ours() -> None:
        for lot, page in zip(lots, pages, strict=True):
            reply = Reply(200, "application/json", page, content=decoded(page))
            assert len(drive(source.lookup(lot), lambda _, reply=reply: reply)) == len(lot)

    return _in_turn(ours, lambda: [Record.model_validate_json(each) for each in single])


def _reading(server: LoopbackServer, folder: Path) -> tuple[float, float]:
    """Return the seconds of resolving from the cache, and those of reading the same records."""
    ids = _ids()
    with (
        diskcache.Cache(folder / "bare") as bare,
        Resolver(cache=folder, sources=[ClinicalTrialsGov(server.url)], pace=None) as resolver,
    ):
        for id, answer in resolver.resolve(ids).items():
            record = answer.record
            assert record is not None
            bare[str(id)] = zlib.compress(record.model_dump_json().encode(), 1)

        def least() -> None:
            for id in ids:
                Record.model_validate_json(zlib.decompress(bare[str(id)]))

        return _in_turn(lambda: resolver.resolve(ids), least)


def _in_turn(one: Callable[[], object], other: Callable[[], object]) -> tuple[float, float]:
    """Return the best seconds of this process for two functions that are run in turn."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(_ROUNDS):
        for function, taken in zip((one, other), times, strict=True):
            start = time.process_time()
            function()
            taken.append(time.process_time() - start)
    return min(times[0]), min(times[1])


if __name__ == "__main__":
    main()
