"""Every error that trialink raises on purpose.

    TrialinkError
    ├── InvalidTrialId (also a ValueError)   a string is no trial number
    └── SourceError                          a registry could not be asked
        ├── SourceUnavailable                unreachable, too slow, over its limits, not recorded
        ├── SourceBlocked                    it refuses this program or this address
        └── UnexpectedPayload                it answered something that is no answer

That a number does not exist, or that nobody could be asked about it, is a result (see
`Resolution.outcome`) and not an error. Errors carry their facts as attributes and can be pickled.
"""

from __future__ import annotations

from trialink.model.shown import brief

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Self


class TrialinkError(Exception):
    """The base of all errors of this package."""

    _facts: tuple[str, ...] = ()

    def __reduce__(self) -> tuple[Any, ...]:
        if not self._facts:
            return type(self), self.args
        return _raised_again, (type(self), {name: getattr(self, name) for name in self._facts})


class InvalidTrialId(TrialinkError, ValueError):
    """A string is no trial number.

    `text` is the string, `reason` says why without a full stop, `registry` is the key of the
    registry that it resembles, or None.
    """

    _facts = ("text", "reason", "registry")

    def __init__(self, text: str, reason: str, *, registry: str | None = None) -> None:
        self.text, self.reason, self.registry = text, reason, registry
        super().__init__(f"{brief(text)} is no trial number: {reason}")


class SourceError(TrialinkError):
    """A source could not be asked, or its answer cannot be used.

    `reason` in a few words; `source` the name of the source; `url` without its query; `attempts`
    and `seconds` spent, 0 attempts when it was not asked at all; `advice` what to do; `id` the
    number asked for when it was one alone; `may_pass` whether asking again at once may help;
    `retry_after` the seconds for which the source wants to be left, 0.0 when it said "too many
    requests" and not for how long, None when it said nothing of the kind.
    """

    _facts = (
        *("reason", "source", "url", "attempts", "seconds", "advice", "id"),
        *("may_pass", "retry_after"),
    )
    advice_by_default = "run again later: answered numbers are kept and cost nothing"

    def __init__(
        self,
        reason: str,
        *,
        source: str | None = None,
        url: str | None = None,
        attempts: int = 1,
        seconds: float = 0.0,
        advice: str | None = None,
        id: str | None = None,
        may_pass: bool = False,
        retry_after: float | None = None,
    ) -> None:
        self.may_pass, self.retry_after = may_pass, retry_after
        self.reason, self.source, self.url, self.id = reason, source, url, id
        self.attempts, self.seconds = attempts, seconds
        self.advice = advice or self.advice_by_default
        asked = f"{source or 'source'} ({url})" if url else (source or "source")
        about = f" about {id}" if id else ""
        super().__init__(f"{asked} could not be asked{about}: {reason}; {self.advice}")

    def about(self, **facts: Any) -> Self:
        """Return the same error with some facts changed."""
        known = {name: getattr(self, name) for name in self._facts}
        return type(self)(**(known | facts))


class SourceUnavailable(SourceError):
    """The source cannot be reached, is overloaded, or was not recorded."""

    advice_by_default = (
        "check network, proxy, certificates (HTTPS_PROXY, SSL_CERT_FILE); "
        "run again: answered numbers cost nothing"
    )


class SourceBlocked(SourceError):
    """The source refuses this program or this network address (HTTP 403)."""

    advice_by_default = (
        "the registry's filter refuses this connection: try another network, give contact= "
        "(--contact), or pass client= with your own proxy (HTTPS_PROXY)"
    )


class UnexpectedPayload(SourceError):
    """The source answered something that is no answer of its interface."""

    advice_by_default = (
        "run again later; if it stays, something between here and the registry answers instead"
    )


def _raised_again(cls: type[TrialinkError], facts: dict[str, Any]) -> TrialinkError:
    return cls(**facts)
