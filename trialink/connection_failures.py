"""What the errors of connections come to, whichever client raised them."""

from __future__ import annotations

from trialink.errors import SourceError, SourceUnavailable, UnexpectedPayload


def explained(error: Exception) -> SourceError:
    """Return what an error comes to; raise it again when no connection explains it."""
    if isinstance(error, SourceError):
        return error
    names = _names(error)
    reason = next((words for name, words in _REASONS if name in names), None)
    if reason is None:
        raise error
    if "location header" in str(error):  # read by httpx though it is not to be followed
        return UnexpectedPayload(_ASTRAY)
    may_pass = reason != _UNTRUSTED
    return SourceUnavailable(reason, advice=None if may_pass else _TRUST, may_pass=may_pass)


def cause(error: Exception) -> BaseException | None:
    """Return what to name as the cause of what an error comes to."""
    return error.__cause__ if isinstance(error, SourceError) else error


def _names(error: BaseException) -> set[str]:
    """Return the names of the classes of an error and of all that it was made from.

    Not of its context, which may be an error that the caller was dealing with.
    """
    names = {cls.__name__ for cls in type(error).__mro__}
    origins = (*error.args, *getattr(error, "exceptions", ()), error.__cause__)
    return names.union(*(_names(each) for each in origins if isinstance(each, BaseException)))


_UNTRUSTED = "certificate not accepted"
_TRUST = (
    "name the root certificates of your network in SSL_CERT_FILE, check HTTPS_PROXY for a proxy "
    "that puts its own in place, or pass client="
)
_ASTRAY = "redirected to no address"
_REASONS = (  # the first that fits; by name, for clients whose errors are not those of httpx
    ("SSLCertVerificationError", _UNTRUSTED),
    ("TimeoutException", "timed out"),
    ("TimeoutError", "timed out"),
    ("gaierror", "host not found"),
    ("ConnectionRefusedError", "connection refused"),
    ("ProxyError", "refused by the proxy"),
    ("SSLError", "no secure connection"),
    ("RemoteProtocolError", "connection closed before the answer was whole"),
    ("HTTPException", "connection closed before the answer was whole"),
    ("ConnectError", "no connection"),
    ("TransportError", "connection lost"),
    ("OSError", "connection lost"),
)
