"""What holds for every test: no network but loopback, and documented examples are tests."""

from __future__ import annotations

import io
import os
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from doctest import ELLIPSIS, NORMALIZE_WHITESPACE
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sybil import Sybil
from sybil.document import PythonDocStringDocument
from sybil.parsers.markdown import PythonCodeBlockParser, SkipParser
from sybil.parsers.rest import DocTestParser

from trialink.cache import DiskStore
from trialink.cli import main
from trialink.flow import Reply, Request
from trialink.recordings import Recordings

ROOT = Path(__file__).parents[1]
FIXTURES = ROOT / "fixtures"
SHARED = ROOT.parent / "shared"  # reference data of the developers; tests do without it
_FLAGS = ELLIPSIS | NORMALIZE_WHITESPACE


_GUARDS = ["no_network", "own_environment"]


# The frameworks that adapters are for, by adapter. The README's test command installs few of them.
FRAMEWORKS = {
    "arrow": "pyarrow",
    "langchain": "langchain_core",
    "pandas": "pandas",
    "polars": "polars",
    "spacy": "spacy",
    "spark": "pyspark",
}


def missing(*adapters: str) -> bool:
    """Return whether the frameworks of some adapters are not installed, unless they have to be."""
    absent = [FRAMEWORKS[each] for each in adapters if find_spec(FRAMEWORKS[each]) is None]
    if absent and os.environ.get("TRIALINK_TEST_FRAMEWORKS") == "required":
        raise ModuleNotFoundError(f"{', '.join(absent)}: install trialink[frameworks]")
    return bool(absent)


class Everywhere:
    """What holds in README, docs and docstrings too, which lie outside this folder."""

    pytest_collect_file = staticmethod(
        (
            Sybil(
                parsers=[PythonCodeBlockParser(doctest_optionflags=_FLAGS), SkipParser()],
                patterns=["*.md"],
                path=str(ROOT),
                setup=lambda namespace: namespace.update(missing=missing),
                fixtures=[*_GUARDS, "replayed"],
            )
            + Sybil(
                parsers=[DocTestParser(optionflags=_FLAGS)],
                patterns=[f"trialink/{folders}*.py" for folders in ("", "*/", "*/*/")],
                excludes=[f"trialink/adapters/{each}.py" for each in FRAMEWORKS if missing(each)],
                path=str(ROOT),
                document_types={".py": PythonDocStringDocument},
                fixtures=_GUARDS,
            )
        ).pytest()
    )

    @pytest.fixture(autouse=True)
    def no_network(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Let a test connect to this machine and nowhere else."""
        connect, look_up = socket.socket.connect, socket.getaddrinfo

        def guarded_connect(own: socket.socket, address: object) -> None:
            if own.family in (socket.AF_INET, socket.AF_INET6):
                assert str(address[0]) in _OWN_HOSTS, f"network: {address}"
            connect(own, address)

        def guarded_look_up(host: object, *args: object, **kwargs: object) -> object:
            assert host in (*_OWN_HOSTS, None), f"network: {host}"
            return look_up(host, *args, **kwargs)

        monkeypatch.setattr(socket.socket, "connect", guarded_connect)
        monkeypatch.setattr(socket, "getaddrinfo", guarded_look_up)

    @pytest.fixture(autouse=True)
    def own_environment(
        self,
        request: pytest.FixtureRequest,
        monkeypatch: pytest.MonkeyPatch,
        tmp_path_factory: pytest.TempPathFactory,
    ) -> None:
        """Keep a developer's settings and caches out of the tests."""
        for name in ("OFFLINE", "CONTACT", "API_URL", "REPLAY"):
            monkeypatch.delenv(f"TRIALINK_{name}", raising=False)
        # A folder of its own takes time: only a test that asks for one gets one.
        has_folder = "tmp_path" in request.fixturenames
        folder = request.getfixturevalue("tmp_path") if has_folder else None
        cache = (folder or tmp_path_factory.getbasetemp() / uuid4().hex) / "cache"
        monkeypatch.setenv("TRIALINK_CACHE_DIR", str(cache))
        # What a process learns of a host; a later test may have a server on the same port.
        monkeypatch.setattr("trialink.ladder._ladders", {})

    @pytest.fixture
    def replayed(self, monkeypatch: pytest.MonkeyPatch, own_environment: None) -> None:
        """Answer the documented examples from the recordings, run from the repository's folder."""
        monkeypatch.setenv("TRIALINK_REPLAY", str(FIXTURES))
        monkeypatch.chdir(ROOT)


_OWN_HOSTS = ("127.0.0.1", "::1", "localhost")


_USED: set[str] = set()  # the recordings that have served an answer in this run


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Everywhere(), "everywhere")
    compose = Recordings.compose

    def noted(self: Recordings, request: Request) -> Reply:
        try:
            return compose(self, request)
        finally:
            if self.directory.resolve() == FIXTURES:
                _USED.update(self.used)

    Recordings.compose = noted


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Collect what a worker process has used."""
    _USED.update(getattr(node, "workeroutput", {}).get("used", ()))


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Fail a full run that leaves a recording unused: it shows nothing, so it should go."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["used"] = sorted(_USED)
        return
    options = session.config.option
    partial = options.keyword or options.markexpr or session.config.args_source.name == "ARGS"
    unused = sorted(Recordings(FIXTURES).files - _USED)
    if not partial and exitstatus == 0 and unused:
        print("\nrecordings that no test has used:", *unused, sep="\n  ")
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def shared() -> Path:
    """The reference data, where it is at hand."""
    if not SHARED.is_dir():
        pytest.skip("the reference data is not at hand")
    return SHARED


@pytest.fixture(scope="session")
def seed(shared: Path) -> str:
    """The real article of the golden forms."""
    from hashlib import sha256

    path = shared / "seeds" / "000_776edc155dbf6576.txt"
    content = path.read_bytes()
    assert (
        sha256(content).hexdigest().startswith("62c5a1efd4135d9be7fbc974975fca8709707680913e0cc5")
    )
    return content.decode("utf-8")


def grown(form: dict[str, Any]) -> dict[str, Any]:
    """Return a document of the golden forms with the fields of records that came after them."""
    for resolution in form.get("resolutions", ()):
        for record in resolution["records"]:
            record["expanded_access"] = None
    return form


@pytest.fixture
def run(
    capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Callable[..., tuple[int | str | None, str, str]]:
    """Run a command in an empty directory; return code, output and messages."""
    monkeypatch.chdir(tmp_path)

    def ran(*arguments: str, stdin: bytes = b"") -> tuple[int | str | None, str, str]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        code: int | str | None
        try:
            code = main(list(arguments))
        except SystemExit as end:
            code = end.code
        out, err = capsysbinary.readouterr()
        assert b"Traceback" not in err
        return code, out.decode("utf-8"), err.decode("utf-8")

    return ran


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """The directory of a cache that is not there yet."""
    return tmp_path / "cache"


@contextmanager
def store_in(directory: Path, **options: Any) -> Iterator[DiskStore]:
    """A cache on disk that is closed in the end."""
    with closing(DiskStore(directory, **options)) as store:
        yield store


@pytest.fixture(scope="session")
def roots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with one root certificate: reading all of them takes a tenth of a second."""
    import certifi

    first, end, _ = (
        Path(certifi.where()).read_text(encoding="utf-8").partition("END CERTIFICATE-----")
    )
    path = tmp_path_factory.mktemp("roots") / "one.pem"
    path.write_text(first + end + "\n", encoding="utf-8")
    return path


@pytest.fixture
def own_connections(monkeypatch: pytest.MonkeyPatch, roots: Path) -> None:
    """Keep a developer's proxies and certificates out of the tests."""
    monkeypatch.setenv("SSL_CERT_FILE", str(roots))
    monkeypatch.delenv("SSL_CERT_DIR", raising=False)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
