"""`trialink doctor`: what look-ups need, tested and told in one line each, with what to do."""

from __future__ import annotations

import json
import os
import re
import socket
import ssl
from importlib.util import find_spec
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from urllib.parse import urlsplit

from trialink.cache import DiskStore
from trialink.cli.caching import directory_of
from trialink.errors import SourceError
from trialink.flow import drive
from trialink.model.shown import shown
from trialink.model.value import Value
from trialink.rendering.sentences import count
from trialink.resolving import Resolver
from trialink.sources.clinicaltrials_gov import ClinicalTrialsGov
from trialink.standard_library import proxy_for
from trialink.version import about

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable
    from urllib.parse import SplitResult

    Check = Callable[[argparse.Namespace], str]

_STEP, _REQUEST, _LONGEST = 4.0, 9.0, 10.0  # seconds: of a step, of a request, of a check
_MARKS = {"ok": "ok", "wrong": "!!", "not-tested": "--"}
_PORTS = {"http": 80, "https": 443, "socks5": 1080, "socks5h": 1080}


class Finding(Value):
    """What a check came to: `state` is ok, wrong or not-tested, `remedy` what to do about it."""

    check: str
    state: str
    says: str
    remedy: str | None = None

    def __str__(self) -> str:
        told = f"{self.says}; {self.remedy}" if self.remedy else self.says
        return f"{_MARKS[self.state]}  {self.check:12}  {shown(told)}"


class _Amiss(Exception):
    """Something is not as look-ups need it."""

    def __init__(self, says: str, remedy: str) -> None:
        self.says, self.remedy = says, remedy
        super().__init__(says)


def run_doctor(options: argparse.Namespace) -> int:
    """Run all checks and print what they found; 0 when nothing is wrong, else 1."""
    findings: list[Finding] = []
    is_offline = options.offline or _is_set_offline()
    for name, check in _CHECKS:
        why = _untested(name, findings, is_offline=is_offline)
        findings.append(Finding(name, "not-tested", why) if why else _run(name, check, options))
        if options.format != "json":
            print(findings[-1], flush=True)
    if options.format == "json":
        print(json.dumps([finding.to_dict() for finding in findings], indent=2))
    return 1 if any(finding.state == "wrong" for finding in findings) else 0


def _is_set_offline() -> bool:
    try:
        # Which looks for no recordings, nor at the contact, which has a check of its own.
        return Resolver(client=object(), cache=None, contact="doctor").offline
    except ValueError:
        return False  # the address is wrong, which its check tells


def _untested(name: str, findings: list[Finding], *, is_offline: bool) -> str | None:
    """Return why a check is not run; None where it is."""
    if is_offline and name in ("network", "connection"):
        return "not tested: it needs the network"
    amiss = [each.check for each in findings if each.state != "ok" and each.check in _NEEDS[name]]
    return f"not tested: see {', '.join(amiss)}" if amiss else None


def _run(name: str, check: Check, options: argparse.Namespace) -> Finding:
    """Return what a check finds; that it fails or takes too long is a finding too."""
    found: SimpleQueue[Finding] = SimpleQueue()

    def run() -> None:
        try:
            found.put(Finding(name, "ok", check(options)))
        except _Amiss as amiss:
            found.put(Finding(name, "wrong", amiss.says, amiss.remedy))
        except Exception as error:  # its text may hold a password
            says = f"could not be tested ({type(error).__name__})"
            found.put(Finding(name, "wrong", says, "please report this"))

    Thread(target=run, daemon=True).start()  # one that hangs does not keep us from ending
    try:
        return found.get(timeout=_LONGEST)
    except Empty:
        return Finding(name, "wrong", f"no result within {_LONGEST:.0f} s", "try again later")


def _versions(_: argparse.Namespace) -> str:
    versions = about()
    parts = {"Python": versions["python"], "trialink": versions["trialink"]}
    parts |= versions["requirements"]
    if missing := [name for name, version in parts.items() if version is None]:
        raise _Amiss(f"{', '.join(missing)} not installed", "install trialink again with pip")
    return ", ".join(f"{name} {version}" for name, version in parts.items())


def _settings(options: argparse.Namespace) -> str:
    if _is_set_offline() and not options.offline:
        raise _Amiss("TRIALINK_OFFLINE is set: nobody is asked", "unset it to ask the registry")
    if os.environ.get("TRIALINK_REPLAY"):
        raise _Amiss(
            "TRIALINK_REPLAY is set: recordings answer, not the registry",
            "unset it to ask the registry",
        )
    return "live look-ups: neither TRIALINK_OFFLINE nor TRIALINK_REPLAY is in force"


def _contact(options: argparse.Namespace) -> str:
    from trialink.transport import HttpTransport

    contact = options.contact or os.environ.get("TRIALINK_CONTACT")
    try:
        HttpTransport(contact=contact)
    except ValueError as error:
        raise _Amiss(str(error), "change --contact or TRIALINK_CONTACT") from error
    if contact:
        return "given, and told to the registry"
    return "none given; TRIALINK_CONTACT or --contact lets the registry write before it blocks"


def _address(_: argparse.Namespace) -> str:
    try:
        return ClinicalTrialsGov().origin
    except ValueError as error:
        raise _Amiss(str(error), "change or unset TRIALINK_API_URL") from error


def _proxy(_: argparse.Namespace) -> str:
    advice = "give HTTPS_PROXY as http://host:port, with user:password@ before the host if need be"
    try:
        proxy = proxy_for(ClinicalTrialsGov().origin)
    except ValueError as error:
        raise _Amiss("the proxy of the environment cannot be read", advice) from error
    if proxy is None:
        return "none in force for this address"
    if proxy.scheme not in _PORTS:
        raise _Amiss(f"{_masked(proxy)} is of no known kind", advice)
    if proxy.scheme.startswith("socks") and find_spec("socksio") is None:
        raise _Amiss(f"{_masked(proxy)} needs a library", "run pip install 'httpx[socks]'")
    return _masked(proxy)


def _masked(proxy: SplitResult) -> str:
    secret = "***@" if "@" in proxy.netloc else ""
    return f"{proxy.scheme}://{secret}{proxy.hostname}:{proxy.port or _PORTS.get(proxy.scheme, 80)}"


def _certificates(_: argparse.Namespace) -> str:
    """Load what httpx would: the file, else the directory, else certifi's."""
    advice = "name root certificates in PEM form, or unset it"
    if file := os.environ.get("SSL_CERT_FILE"):
        try:
            context = ssl.create_default_context(cafile=file)
        except OSError as error:
            why = "is not there" if isinstance(error, FileNotFoundError) else "cannot be loaded"
            raise _Amiss(f"the file of SSL_CERT_FILE {why}", advice) from error
        return f"{count(len(context.get_ca_certs()), 'root certificate')} of SSL_CERT_FILE"
    if directory := os.environ.get("SSL_CERT_DIR"):
        found = _hashed(Path(directory))
        if not found:
            hint = "fill it by way of openssl rehash, or unset it"
            raise _Amiss("the directory of SSL_CERT_DIR holds no certificate by its hash", hint)
        return f"{count(found, 'root certificate')} of SSL_CERT_DIR"
    others = [name for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE") if os.environ.get(name)]
    unread = f"; {others[0]} is not read, SSL_CERT_FILE is" if others else ""
    return f"those of certifi, as SSL_CERT_FILE and SSL_CERT_DIR are not set{unread}"


def _hashed(directory: Path) -> int:
    """Return how many certificates OpenSSL would find in a directory."""
    try:
        names = [file.name for file in directory.iterdir()]
    except OSError:
        return 0
    return sum(re.fullmatch(r"[0-9a-f]{8}\.\d+", name) is not None for name in names)


def _network(_: argparse.Namespace) -> str:
    """Connect to where requests go first: the registry, or the proxy that stands before it."""
    origin = ClinicalTrialsGov().origin
    proxy = proxy_for(origin)
    hop = proxy or urlsplit(origin)
    place = f"{'the proxy ' if proxy else ''}{hop.hostname}"
    port = hop.port or _PORTS[hop.scheme]
    advice = "check the network; where only a proxy leads out, set HTTPS_PROXY"
    if proxy is not None:
        advice = "check HTTPS_PROXY, and whether the proxy is up"
    try:
        socket.create_connection((hop.hostname, port), timeout=_STEP).close()
    except socket.gaierror as error:
        raise _Amiss(f"no host of the name of {place} is found", advice) from error
    except OSError as error:
        why = "is silent" if isinstance(error, TimeoutError) else "cannot be reached"
        raise _Amiss(f"port {port} of {place} {why}", advice) from error
    return f"port {port} of {place} is open"


def _connection(options: argparse.Namespace) -> str:
    """Ask for the version as a look-up would, on one rung after the other."""
    from trialink.transport import HttpTransport, way_to

    source = ClinicalTrialsGov()
    contact = options.contact or os.environ.get("TRIALINK_CONTACT")
    transport = HttpTransport(contact=contact, timeout=_STEP)
    try:
        version, timestamp = drive(
            source.version(), lambda request: transport.send(request.replace(timeout=_REQUEST))
        )
    except SourceError as error:
        raise _Amiss(error.reason, error.advice) from error
    finally:
        transport.close()
    if version is None or timestamp is None:
        raise _Amiss("what answers tells no version of the API", "check TRIALINK_API_URL")
    return f"by way of {way_to(source.origin)}: API {version}, data of {timestamp}"


def _cache(options: argparse.Namespace) -> str:
    advice = "name a directory of your own in TRIALINK_CACHE_DIR or --cache-dir"
    store = DiskStore(directory_of(options), create=False)
    try:
        facts = store.info()
    finally:
        store.close()
    if facts["trouble"]:
        raise _Amiss(f"{store.path}: {facts['trouble']}", advice)
    place = next(each for each in (store.path, *store.path.parents) if each.exists())
    if not os.access(place, os.W_OK):
        raise _Amiss(f"{store.path} cannot be written", advice)
    if place != store.path:
        return f"{store.path}: not there yet, and can be made"
    refused = f", {count(store.refused, 'row')} refused" if store.refused else ""
    answers = count(int(facts["entries"] or 0), "answer")
    return f"{store.path}: {answers}, {facts['bytes']} bytes{refused}"


_CHECKS: tuple[tuple[str, Check], ...] = (
    ("versions", _versions),
    ("settings", _settings),
    ("contact", _contact),
    ("address", _address),
    ("proxy", _proxy),
    ("certificates", _certificates),
    ("network", _network),
    ("connection", _connection),
    ("cache", _cache),
)
_NEEDS: dict[str, tuple[str, ...]] = dict.fromkeys((name for name, _ in _CHECKS), ()) | {
    "proxy": ("address",),
    "network": ("address", "proxy"),
    "connection": ("contact", "address", "proxy", "certificates", "network"),
}
