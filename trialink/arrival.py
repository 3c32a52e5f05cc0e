"""A response on its way in: its head, then its body, within limits of size and time."""

from __future__ import annotations

import zlib
from calendar import timegm
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from math import isnan

from trialink.errors import SourceBlocked, SourceError, SourceUnavailable, UnexpectedPayload
from trialink.flow import Reply
from trialink.sources.verdicts import ANSWERS, describe, judge

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any

_LARGEST = 32 * 2**20  # bytes of a body, decoded: a page of 1,000 whole records has about 16 MiB
_STEP = 2**20  # bytes inflated at once
_PATIENCE = 300.0  # seconds: who asks for a longer wait is reported and not waited for


class Arrival:
    """One response: told when it begins and of each piece, it says what it came to.

    `clock` gives seconds since 1970; after `until` the response is too late.
    """

    def __init__(self, clock: Callable[[], float], *, until: float) -> None:
        self._clock, self._until = clock, until
        self._raw, self._body = 0, bytearray()
        self._gzip: Any = None

    def begins(self, response: Any) -> bool:
        """Take the head and tell whether the body is to be read."""
        headers, now = response.headers, self._clock()
        kind, location = headers.get("content-type", ""), headers.get("location")
        stamp = datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        self._head = Reply(response.status_code, kind, b"", "live", stamp, location)
        self._pause = _retry_after(headers, now=now)
        if judge(self._head) in ("blocked", "limited", "unavailable"):
            return False  # whatever the body says, it changes nothing
        if getattr(response, "is_stream_consumed", False):
            self._take(response.content)  # a hook of the user's client has read and decoded it
            return False
        self._gzip = _decoder(headers.get("content-encoding", ""))
        return True

    def add(self, piece: bytes) -> None:
        """Take the next bytes as they came over the wire."""
        if self._clock() > self._until:
            raise SourceUnavailable("timed out", may_pass=True)
        self._raw += len(piece)
        for part in self._inflated(piece) if self._gzip else (piece,):
            self._take(part)

    def reply(self) -> Reply:
        """Return the reply when it is an answer, else raise the `SourceError` of what it is."""
        from trialink.sources.record import decoded

        if self._gzip and self._raw and not self._gzip.eof:
            raise _damaged("a compressed answer cut short")
        body, self._body = bytes(self._body), bytearray()  # not held twice
        reply = self._head.replace(body=body)
        verdict = judge(reply)
        if verdict not in ANSWERS:
            raise _failure(reply, pause=self._pause)
        if verdict != "ok":
            return reply
        try:
            return reply.replace(content=decoded(reply.body))
        except UnexpectedPayload as error:
            raise error.about(may_pass=True) from error

    def _inflated(self, piece: bytes) -> Iterator[bytes]:
        """Yield the decoded bytes of a piece, a little at a time.

        Not left to httpx, which inflates each piece whole, to a thousand times its size.
        """
        while piece:
            try:
                yield self._gzip.decompress(piece, _STEP)
            except zlib.error as error:
                raise _damaged("a damaged compressed answer") from error
            if self._gzip.unused_data:
                raise _damaged("a compressed answer with more after its end")
            piece = self._gzip.unconsumed_tail

    def _take(self, piece: bytes) -> None:
        self._body += piece
        if max(self._raw, len(self._body)) > _LARGEST:
            raise _damaged("an answer of more than 32 MiB")


def _decoder(encoding: str) -> Any:
    """Return what inflates a body of a content encoding, None where there is nothing to do."""
    names = [name.strip().lower() for name in encoding.split(",")]
    layers = [name for name in names if name not in ("", "identity")]
    if layers in (["gzip"], ["x-gzip"]):
        return zlib.decompressobj(zlib.MAX_WBITS | 16)  # with the head and tail of gzip
    if layers:
        raise _damaged("an answer in an encoding that was not asked for")
    return None


def _damaged(reason: str) -> UnexpectedPayload:
    return UnexpectedPayload(reason, may_pass=True)


def _failure(reply: Reply, *, pause: float | None) -> SourceError:
    """Return what a reply that is no answer comes to."""
    verdict, reason = judge(reply), describe(reply)
    if verdict == "blocked":
        return SourceBlocked(reason)
    if verdict == "unexpected":
        return _damaged(reason)
    if verdict == "limited" and pause is None:
        pause = 0.0
    may_pass = pause is None or pause <= _PATIENCE
    if not may_pass:
        reason = f"{reason}, not to be asked again for {pause:.0f} s"
    advice = SourceError.advice_by_default
    return SourceUnavailable(reason, advice=advice, may_pass=may_pass, retry_after=pause)


def _retry_after(headers: Mapping[str, str], *, now: float) -> float | None:
    """Return the seconds for which a server wants to be left; None when it does not say.

    A date is measured against the response's own Date: the clock of this machine may be wrong.
    https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
    """
    asked = headers.get("retry-after", "")
    try:
        seconds = float(asked)
    except ValueError:
        until, sent = _moment(asked), _moment(headers.get("date", ""))
        if until is None:
            return None
        seconds = until - (now if sent is None else sent)
    return None if isnan(seconds) else max(0.0, seconds)


def _moment(date: str) -> float | None:
    """Return an HTTP date in seconds since 1970; None for anything else."""
    try:
        return timegm(parsedate_to_datetime(date).utctimetuple())
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
