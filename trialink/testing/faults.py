"""What can go wrong between a program and a registry, as values; and which request meets what.

A fault takes an answer on its way and returns what is sent in its place. `LoopbackServer` plays
that on sockets, `FaultyTransport` without any.
"""

from __future__ import annotations

import gzip
import json
import zlib
from functools import cache
from random import Random

from trialink.model.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any, Literal, TypeAlias

    from trialink.flow import Reply

    Ending = Literal["end", "hang-up", "reset", "silence"]
    Headers = tuple[tuple[str, str], ...]
    Faults: TypeAlias = "Plan | Fault | Sequence[Fault | None]"

_JSON, _HTML = "application/json", "text/html"
_PAGE = b"<!doctype html><html><body><h1>Request blocked</h1></body></html>"
_PIECE = 2**16  # bytes: what a socket gives at once
_STRANGERS = ("NCT05066646", "NCT03103880")  # of which at least one was not asked for


class Asked(Value):
    """A request as it arrived.

    `params` are the names and values of its query in order; `time` is seconds since 1970;
    `connection` is the port of the client, None where there is no socket; `fault` is what the
    request met.
    """

    path: str
    params: Headers = ()
    headers: Headers = ()
    time: float = 0.0
    connection: int | None = None
    fault: Fault | None = None


class Sent(Value):
    """An answer on its way: head, body, and how it ends.

    After `body` comes `endless` again and again, if there is any. Pieces have `size` bytes, each
    comes after `pause` seconds. `declared` is the Content-Length, if it is not that of the body.
    `ending` is "end", "hang-up", "reset" or "silence"; with `is_begun` false it comes before the
    head.
    """

    status: int
    headers: Headers
    body: bytes
    endless: bytes = b""
    size: int = _PIECE
    pause: float = 0.0
    declared: int | None = None
    ending: Ending = "end"
    is_begun: bool = True

    @classmethod
    def of(cls, reply: Reply) -> Sent:
        """Return a reply as it is sent."""
        place = (("Location", reply.location),) if reply.location else ()
        kind = (("Content-Type", reply.content_type),) if reply.content_type else ()
        return cls(reply.status, (*kind, *place), reply.body)

    @property
    def length(self) -> int | None:
        """The Content-Length; None for a body in chunks, whose end nobody knows."""
        return None if self.endless and self.declared is None else self.declared or len(self.body)

    def pieces(self) -> Iterator[bytes]:
        """Yield the body in its pieces; without an end when it has none."""
        for start in range(0, len(self.body), self.size):
            yield self.body[start : start + self.size]
        while self.endless:
            yield self.endless


class Fault(Value):
    """A way in which an answer goes wrong; its kinds say how."""

    def spoil(self, sent: Sent, asked: Asked) -> Sent:
        """Return what is sent in place of an answer."""
        raise NotImplementedError


class Instead(Fault):
    """Something else is answered.

    Requests whose User-Agent begins with `spares` are answered as ever: a filter's judgement.
    """

    status: int
    body: bytes = b""
    content_type: str = "text/plain"
    headers: Headers = ()
    spares: str | None = None

    def spoil(self, sent: Sent, asked: Asked) -> Sent:
        """Return the other answer."""
        agent = dict(asked.headers).get("User-Agent", "")
        if self.spares is not None and agent.startswith(self.spares):
            return sent
        return Sent(self.status, (("Content-Type", self.content_type), *self.headers), self.body)


class Headed(Fault):
    """The answer bears other headers, beside or in place of its own."""

    headers: Headers

    def spoil(self, sent: Sent, asked: Asked) -> Sent:
        """Return the answer under another head."""
        replaced = {name.lower() for name, _ in self.headers}
        kept = [each for each in sent.headers if each[0].lower() not in replaced]
        return sent.replace(headers=(*kept, *self.headers))


class Broken(Fault):
    """The answer breaks off.

    `ending` is "hang-up", "reset", "silence" (nothing more comes, and the connection stays), or
    "end": what is left looks whole to HTTP. It comes after `at` bytes of the body (negative:
    counted from its end), for None before the head.
    """

    ending: Ending
    at: int | None = None

    def spoil(self, sent: Sent, asked: Asked) -> Sent:
        """Return the beginning of the answer."""
        is_whole = self.ending == "end"
        return sent.replace(
            body=sent.body[: self.at or 0],
            declared=None if is_whole else len(sent.body),
            ending=self.ending,
            is_begun=is_whole or self.at is not None,
        )


class Slow(Fault):
    """The answer drips: `size` bytes every `pause` seconds."""

    pause: float = 1.0
    size: int = 1

    def spoil(self, sent: Sent, asked: Asked) -> Sent:
        """Return the answer in drops."""
        return sent.replace(pause=self.pause, size=self.size)


class Endless(Fault):
    """The body has no end, or none before `declared` bytes: `piece` comes again and again."""

    piece: bytes = b" " * _PIECE
    pause: float = 0.0
    declared: int | None = None

    def spoil(self, sent: Sent, asked: Asked) -> Sent:
        """Return the answer with more behind it."""
        return sent.replace(endless=self.piece, pause=self.pause, declared=self.declared)


class Packed(Fault):
    """The body is compressed `layers` times over; once is what was asked for, and no fault."""

    layers: int = 1

    def spoil(self, sent: Sent, asked: Asked) -> Sent:
        """Return the answer compressed."""
        body = sent.body
        for _ in range(self.layers):
            body = gzip.compress(body, mtime=0)
        encoding = ("Content-Encoding", ", ".join(["gzip"] * self.layers))
        return sent.replace(headers=(*sent.headers, encoding), body=body)


class Bomb(Fault):
    """A small compressed body that becomes `mebibytes` of zeros, a thousand times its size."""

    mebibytes: int = 1024

    def spoil(self, sent: Sent, asked: Asked) -> Sent:
        """Return the bomb under the answer's head."""
        packed = (*sent.headers, ("Content-Encoding", "gzip"))
        return sent.replace(headers=packed, body=_bomb(self.mebibytes))


class Altered(Fault):
    """The JSON of an answer is changed: `change` is a key of `CHANGES`.

    What changes a list leaves other answers as they are.
    """

    change: str

    def spoil(self, sent: Sent, asked: Asked) -> Sent:
        """Return the answer with other JSON in it."""
        if sent.status != 200:
            return sent
        value = CHANGES[self.change](json.loads(sent.body), asked)
        return sent.replace(body=json.dumps(value).encode())


class Plan(Value):
    """Which requests meet a fault.

    Of the requests from number `first` to number `last`, counted from 1 in order of arrival, a
    `share` meets one of `faults`; the numbers and `seed` decide which, and nothing else.

    >>> down = Plan((FAULTS["503"],), first=15, last=30)
    >>> [number for number in range(1, 100) if down.met(number)] == [*range(15, 31)]
    True
    """

    faults: tuple[Fault, ...]
    share: float = 1.0
    seed: int = 0
    first: int = 1
    last: int | None = None

    def met(self, number: int) -> Fault | None:
        """Return the fault that a request meets, None for no fault."""
        if number < self.first or (self.last is not None and number > self.last):
            return None
        chance = Random(f"{self.seed}:{number}")
        return chance.choice(self.faults) if chance.random() < self.share else None


def met(faults: Faults, number: int) -> Fault | None:
    """Return what the request of a number meets, counted from 1.

    A fault alone is met always; a sequence by the first requests, one after the other.
    """
    if isinstance(faults, Fault):
        return faults
    if isinstance(faults, Plan):
        return faults.met(number)
    return faults[number - 1] if number <= len(faults) else None


@cache
def _bomb(mebibytes: int) -> bytes:
    packer = zlib.compressobj(9, wbits=zlib.MAX_WBITS | 16)
    first, more = (
        packer.compress(bytes(2**20)) + packer.flush(zlib.Z_FULL_FLUSH) for _ in range(2)
    )
    return first + more * (mebibytes - 1)


def _boxed(answer: Any, _: Asked) -> Any:
    return [answer]


def _without_a_row(answer: Any, _: Asked) -> Any:
    return answer | {"studies": answer["studies"][1:]} if "studies" in answer else answer


def _of_another_trial(answer: Any, _: Asked) -> Any:
    """Put another number into the study, or into the first of a list."""
    for study in answer.get("studies", [answer])[:1]:
        if "protocolSection" in study:
            identification = study["protocolSection"]["identificationModule"]
            own = {identification["nctId"], *identification.pop("nctIdAliases", ())}
            identification["nctId"] = next(each for each in _STRANGERS if each not in own)
    return answer


def _with_the_same_token(answer: Any, _: Asked) -> Any:
    return answer | {"nextPageToken": "p0"} if "studies" in answer else answer


def _with_a_circle_of_tokens(answer: Any, asked: Asked) -> Any:
    """Lead from page to page in a circle of three, whose pages share their records."""
    token = {"nextPageToken": f"p{_place(asked) % 3 + 1}"}
    return answer | token if "studies" in answer else answer


def _emptied(answer: Any, asked: Asked) -> Any:
    """Leave a list without studies, and always with a next page."""
    empty = {"studies": [], "nextPageToken": f"p{_place(asked) + 1}"}
    return answer | empty if "studies" in answer else answer


def _place(asked: Asked) -> int:
    return int(dict(asked.params).get("pageToken", "p0")[1:])


CHANGES: dict[str, Callable[[Any, Asked], Any]] = {
    "array": _boxed,
    "row dropped": _without_a_row,
    "another trial": _of_another_trial,
    "same token": _with_the_same_token,
    "circle of tokens": _with_a_circle_of_tokens,
    "empty pages": _emptied,
}

FAULTS: dict[str, Fault] = {
    "reset": Broken("reset"),
    "reset in the body": Broken("reset", at=20),
    "hang-up": Broken("hang-up"),
    "hang-up in the body": Broken("hang-up", at=-1),
    "silence": Broken("silence"),
    "silence in the body": Broken("silence", at=20),
    "truncated": Broken("end", at=-1),
    "empty": Broken("end", at=0),
    "drip": Slow(),
    "endless drip": Endless(b" ", pause=1.0),
    "endless": Endless(),
    "10 GiB": Endless(declared=10 * 2**30),
    "429": Instead(429),
    "429, wait 7 s": Instead(429, headers=(("Retry-After", "7"),)),
    "429, wait an hour": Instead(429, headers=(("Retry-After", "3600"),)),
    "502": Instead(502, _PAGE, _HTML),
    "503": Instead(503, _PAGE, _HTML),
    "403": Instead(403, _PAGE, _HTML),
    "web page": Instead(200, _PAGE, _HTML),
    "web page as JSON": Instead(200, _PAGE, _JSON),
    "JSON as a web page": Headed((("Content-Type", _HTML),)),
    "br": Headed((("Content-Encoding", "br"),)),
    "50 encodings": Packed(50),
    "bomb": Bomb(),
    "1 MiB of headers": Headed((("X-Padding", "x" * 2**20),)),
    "moved to another host": Instead(301, headers=(("Location", "https://example.org/"),)),
    **{name: Altered(name) for name in CHANGES},
}
"""Each fault by its name."""

FLAKY: tuple[Fault, ...] = tuple(
    FAULTS[name]
    for name in (
        "429",
        "503",
        "silence",
        "reset",
        "truncated",
        "web page",
        "array",
        "row dropped",
    )
)
"""What a registry does on a bad day: asked again, it answers."""
