"""A word goes into texts, everything that can fail fails, and the word is looked for everywhere.

Logs, tracebacks, representations, messages of errors, standard error and the cache may hold
numbers. They never hold the texts that the numbers stood in.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import traceback
import warnings
import zlib
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest
from conftest import FIXTURES

import trialink
from trialink import AsyncLinker, AsyncResolver, Linker, Resolver
from trialink.errors import SourceBlocked, SourceUnavailable, UnexpectedPayload
from trialink.flow import Reply
from trialink.recordings import Recordings
from trialink.testing import Fault, LoopbackServer
from trialink.testing.faults import Sent

CANARY = "Wellensittich"
TEXT = (
    f"{CANARY} was treated in FUMANBA-1 (CTR20192510, NCT05066646), {CANARY}; see also NCT0506664, "
    f"ISRCTN NCT05066647, EudraCT 2014-005181-30 and {CANARY}'s NCT05712863. Dr {CANARY} agrees "
    f"that NCT04368728 of {CANARY} enrolled 132 patients with multiple myeloma in China."
)


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr("time.sleep", lambda seconds: None)


@pytest.fixture
def told(caplog, request):
    """Collect what is told of a run: call it with what was returned, raised or printed."""
    caplog.set_level(logging.DEBUG)
    pieces = []
    prints = None if "run" in request.fixturenames else request.getfixturevalue("capfd")

    def tell(*things):
        for thing in things:
            pieces.extend([repr(thing), str(thing)])
            if isinstance(thing, BaseException):
                pieces.extend(traceback.format_exception(thing))

    def everything():
        logged = [caplog.text, *(str(vars(record)) for record in caplog.records)]
        return "\n".join([*pieces, *logged, prints.readouterr().err if prints else ""])

    tell.everything = everything
    return tell


def raised(work, *arguments, **options):
    try:
        result = work(*arguments, **options)
    except Exception as error:
        return error
    pytest.fail(f"{work} did not fail: {type(result).__name__}")


def values_of(document):
    """Return a linked text and all that is in it."""
    parts = (document.mentions, document.names, document.problems, document.trials)
    answers = document.resolutions
    inner = [each for part in (*parts, document.agreement, answers.values()) for each in part]
    links = [link for trial in document.trials for link in (*trial.links, *trial.related)]
    return [document, *parts, answers, *answers.errors, document.provenance, *inner, *links]


def test_the_canary_sings(told):
    told(TEXT)
    assert CANARY in told.everything()
    logging.getLogger("trialink").warning("about %s", TEXT)
    assert CANARY in told.everything()


# Reading


def test_what_is_found_tells_of_numbers_alone(told):
    for read in (trialink.find, trialink.check, trialink.names, trialink.statements):
        found = read(TEXT)
        assert found
        told(found, *found)
    document = Linker(None).read(TEXT, keep_text=True)
    told(*values_of(document), raised(Linker(None).read(TEXT).to_html))
    told(raised(document.resolutions.raise_for_failed))
    assert CANARY not in told.everything()


WRONG = {
    "bytes": TEXT.encode(),
    "bytearray": bytearray(TEXT.encode()),
    "a list": [TEXT],
    "a path": Path(CANARY),
    "a mapping": {"text": TEXT},
    "another object": SimpleNamespace(text=TEXT),
}
READERS = {
    "find": trialink.find,
    "check": trialink.check,
    "names": trialink.names,
    "statements": trialink.statements,
    "parse": trialink.parse,
    "annotate": lambda text: trialink.annotate(text, []),
    "agreement": lambda text: trialink.agreement(text, trialink.find(TEXT)[1], None),
    "read": lambda text: Linker(None).read(text),
    "read_many": lambda text: [*Linker(None).read_many([("key", text)])],
    "read, awaited": lambda text: asyncio.run(AsyncLinker(None).read(text)),
    "enrich": lambda text: [*trialink.enrich([{"column": text}], text="column")],
    "enrich, rows": lambda text: [*trialink.enrich([text], text="column")],
    "resolve": lambda text: Resolver(cache=None).resolve([text]),
    "cache": lambda text: Resolver(cache=text),
}
TAKEN = [("enrich", "another object"), ("cache", "a path")]  # a missing value; a directory


@pytest.mark.parametrize(
    ("reader", "wrong"),
    [(reader, wrong) for reader in READERS for wrong in WRONG if (reader, wrong) not in TAKEN],
)
def test_what_is_no_text_is_refused_and_not_repeated(told, reader, wrong):
    error = raised(READERS[reader], WRONG[wrong])
    told(error)
    assert isinstance(error, (TypeError, KeyError))
    assert CANARY not in told.everything()


@pytest.mark.parametrize("work", [trialink.parse, lambda text: Resolver(cache=None).resolve(text)])
def test_a_text_in_place_of_a_number_is_not_repeated(told, work):
    try:
        answers = work(TEXT)
        told(answers, *(error for _, error in answers.rejected))
    except trialink.InvalidTrialId as error:
        told(error)
    assert CANARY not in told.everything()


def test_what_is_given_as_a_number_is_quoted_while_it_is_short(told):
    told(raised(trialink.parse, CANARY))
    assert CANARY in told.everything(), "docs/security.md says so"


def test_a_text_that_is_looked_up_among_answers_is_not_repeated(told):
    document = Linker(None).read(TEXT)
    told(raised(lambda: document.resolutions[TEXT]))
    assert CANARY not in told.everything()


def test_mentions_of_another_text_are_told_by_number(told):
    mentions = trialink.find(TEXT)
    told(raised(trialink.annotate, f"{CANARY} {TEXT}", mentions))
    told(raised(trialink.annotate, TEXT, [*mentions, *mentions]))
    assert CANARY not in told.everything()


def test_rows_are_told_by_place(told):
    row = {"note": TEXT, "trial_ids": CANARY}
    told(raised(lambda: [*trialink.enrich([row], text="note")]))
    told(raised(lambda: [*trialink.enrich([{"note": TEXT}], text="other")]))
    assert CANARY not in told.everything()


# Looking up


class Failing:
    """A transport that raises, or answers from the recordings."""

    paced = False

    def __init__(self, error):
        self.error = error

    def send(self, request):
        assert CANARY not in repr(request)
        if self.error:
            raise self.error
        return Recordings(FIXTURES).compose(request)

    async def asend(self, request):
        return self.send(request)

    def close(self):
        pass

    async def aclose(self):
        pass


ERRORS = {
    "unavailable": SourceUnavailable("timed out", url="https://example.org/api/v2/studies"),
    "blocked": SourceBlocked("refused", url="https://example.org/api/v2/studies"),
    "unexpected": UnexpectedPayload("no answer", url="https://example.org/api/v2/studies"),
    "a fault of ours": ZeroDivisionError("division"),
    "none": None,
}


@pytest.mark.parametrize("error", ERRORS.values(), ids=ERRORS)
def test_a_failed_look_up_tells_of_numbers_alone(told, error, tmp_path):
    with Resolver(transport=Failing(error), cache=tmp_path / "kept") as resolver:
        linker = Linker(resolver)
        try:
            document = linker.read(TEXT, keep_text=True)
            told(*values_of(document), resolver, linker)
            told(raised(document.resolutions.raise_for_failed))
            told(*linker.read_many([("a key", TEXT)]))
        except Exception as caught:
            told(caught)
    assert CANARY not in told.everything()
    assert CANARY.encode() not in kept(tmp_path)


@pytest.mark.parametrize("error", ERRORS.values(), ids=ERRORS)
def test_a_failed_look_up_that_is_awaited_tells_of_numbers_alone(told, error):
    async def main():
        async with AsyncResolver(transport=Failing(error), cache=None) as resolver:
            document = await AsyncLinker(resolver).read(TEXT)
            told(*values_of(document))
            document.resolutions.raise_for_failed()

    with warnings.catch_warnings(record=True) as caught:
        told(raised(asyncio.run, main()))
    told(*caught)
    assert CANARY not in told.everything()


REPLIES = {
    "blocked": Reply(403, "text/html", b"<html>no</html>"),
    "limited": Reply(429, "text/html", b""),
    "down": Reply(503, "text/html", b""),
    "a page instead": Reply(200, "text/html", b"<html>welcome</html>"),
    "cut short": Reply(200, "application/json", b'{"studies": ['),
    "not found as a page": Reply(404, "text/html", b"<html>gone</html>"),
    "bad request": Reply(400, "text/plain", b"no"),
    "elsewhere": Reply(302, "text/html", b"", location="https://example.org/"),
    "another record": Reply(200, "application/json", b'{"studies": [{"protocolSection": {}}]}'),
}


class Gives(Fault):
    """One reply to everything."""

    reply: Reply

    def spoil(self, sent, asked):
        return Sent.of(self.reply)


def answering(reply):
    """Return a server that gives one reply to everything, and keeps what it was asked."""
    return LoopbackServer([], Gives(reply))


@pytest.mark.parametrize("reply", REPLIES.values(), ids=REPLIES)
def test_no_answer_of_a_server_brings_text_to_light(told, reply, tmp_path, monkeypatch):
    with answering(reply) as server:
        monkeypatch.setenv("TRIALINK_API_URL", server.url)
        with Resolver(cache=tmp_path / "kept", pace=None, contact="a@example.org") as resolver:
            document = Linker(resolver).read(TEXT)
            told(*values_of(document))
            told(raised(document.resolutions.raise_for_failed))
    assert server.requests
    assert CANARY not in repr(server.requests)
    assert CANARY not in told.everything()
    assert CANARY.encode() not in kept(tmp_path)


# The cache


def kept(directory):
    """Return all bytes below a directory, those of inflated rows and names too."""
    found = [b""]
    for path in directory.rglob("*"):
        found.append(str(path.relative_to(directory)).encode())
        if path.is_file():
            found.append(path.read_bytes())
        if path.name == "cache.db":
            with closing(sqlite3.connect(path)) as connection:
                rows = connection.execute("SELECT key, value FROM Cache").fetchall()
            found += [piece for key, value in rows for piece in (key.encode(), inflated(value))]
    return b"\n".join(found)


def inflated(value):
    return zlib.decompress(value[1:])


def test_the_cache_keeps_numbers_and_records(told, tmp_path):
    with Resolver(transport=Failing(None), cache=tmp_path / "kept") as resolver:
        Linker(resolver).read(TEXT)
    content = kept(tmp_path)
    assert b"NCT05066646" in content
    assert b"CTR20192510" in content
    assert CANARY.encode() not in content


def no_place(place):
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text("a file")


def no_database(place):
    (place / "v1").mkdir(0o700, parents=True)
    (place / "v1" / "cache.db").write_bytes(b"garbage" * 1000)


def shared_by_all(place):
    place.mkdir()
    place.chmod(0o777)


@pytest.mark.parametrize("spoil", [no_place, no_database, shared_by_all])
def test_trouble_with_the_cache_brings_no_text_to_light(told, spoil, tmp_path):
    spoil(tmp_path / "kept")
    with Resolver(transport=Failing(None), cache=tmp_path / "kept") as resolver:
        told(*values_of(Linker(resolver).read(TEXT)), resolver.store.info(), resolver.store)
        told(resolver.store.verify())
    everything = told.everything()
    assert "cache" in everything
    assert CANARY not in everything
    assert CANARY.encode() not in kept(tmp_path)


# The command line


@pytest.fixture
def server(monkeypatch):
    with LoopbackServer(Recordings(FIXTURES)) as running:
        monkeypatch.setenv("TRIALINK_API_URL", running.url)
        yield running


@pytest.fixture
def refusing(monkeypatch):
    with answering(REPLIES["blocked"]) as running:
        monkeypatch.setenv("TRIALINK_API_URL", running.url)
        yield running


COMMANDS = {
    "find": ["find", "-"],
    "find, no such registry": ["find", "-", "--registries", "none"],
    "check": ["check", "-"],
    "link": ["link", "-", "-v"],
    "link, offline": ["link", "-", "--offline", "-v"],
    "link, nothing recorded": ["link", "-", "--replay", "-v"],
    "annotate": ["annotate", "-", "-v"],
    "annotate with cards": ["annotate", "-", "--cards", "-v"],
    "resolve, texts for numbers": ["resolve", "-", "-v"],
    "find in what is not there": ["find", "not-there.txt"],
}


@pytest.mark.parametrize("where", ["server", "refusing"])
@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_commands_say_nothing_of_texts_on_the_side(run, told, request, tmp_path, command, where):
    request.getfixturevalue(where)
    _, _, err = run(*command, stdin=TEXT.encode())
    told(err)
    assert CANARY not in told.everything()
    assert CANARY.encode() not in kept(tmp_path)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("rows.csv", f"id,note\n1,{CANARY}\n2,NCT0506664 {CANARY}\n3\n,,{CANARY},\n"),
        ("rows.jsonl", f'{{"id": 1, "note": ["{CANARY}"]}}\n{{"note": {CANARY}\n"{CANARY}"\n'),
    ],
    ids=["csv", "jsonl"],
)
@pytest.mark.parametrize("column", ["note", "other"])
def test_bad_rows_are_told_by_place(run, told, tmp_path, name, content, column):
    (tmp_path / name).write_text(content, encoding="utf-8")
    _, _, err = run("check", name, "--text", column)
    told(err)
    assert CANARY not in told.everything()


def test_bytes_that_are_no_text_are_not_repeated(run, told):
    code, _, err = run("find", "-", stdin=TEXT.encode() + b"\xff")
    told(err)
    assert code == 2
    assert CANARY not in told.everything()
