"""`trialink doctor`: what it finds, what it advises, and what it never does."""

from __future__ import annotations

import importlib.metadata
import json
import os
import socket
import time

import pytest
from conftest import FIXTURES
from faulty_server import ROOT, FaultyServer, SecureServer, says

from trialink.testing.server import LoopbackServer

pytestmark = pytest.mark.usefixtures("own_connections")

VERSION = says(body=b'{"apiVersion": "2.0.5", "dataTimestamp": "2026-08-22T09:00:05"}')
CHECKS = [
    *("versions", "settings", "contact", "address", "proxy", "certificates"),
    *("network", "connection", "cache"),
]


def lines(out):
    """Return mark and text of each line by its check."""
    return {line[4:16].rstrip(): (line[:2], line[18:]) for line in out.splitlines()}


@pytest.fixture
def doctor(run):
    """Run the command against an address; return its code, its lines, and all that it wrote."""

    def ran(*arguments):
        code, out, err = run("doctor", *arguments)
        assert err == ""
        return code, lines(out), out

    return ran


@pytest.fixture
def server(monkeypatch):
    with FaultyServer(VERSION) as server:
        monkeypatch.setenv("TRIALINK_API_URL", server.url)
        yield server


def test_where_all_is_well(doctor, server, tmp_path):
    code, told, out = doctor()
    assert code == 0
    assert [*told] == CHECKS
    assert {mark for mark, _ in told.values()} == {"ok"}
    assert told["address"] == ("ok", server.url)
    assert told["network"] == ("ok", f"port {server.port} of 127.0.0.1 is open")
    assert told["connection"] == ("ok", "by way of httpx: API 2.0.5, data of 2026-08-22T09:00:05")
    assert told["versions"][1].startswith("Python 3.")
    assert "diskcache 5." in told["versions"][1]
    assert len(server.asked) == 1
    assert [*tmp_path.iterdir()] == []
    assert len(out.splitlines()) == len(CHECKS)


def test_as_json(run, server):
    code, out, err = run("doctor", "--format", "json")
    findings = json.loads(out)
    assert (code, err) == (0, "")
    assert [finding["check"] for finding in findings] == CHECKS
    assert {tuple(finding) for finding in findings} == {("check", "state", "says", "remedy")}
    assert {(finding["state"], finding["remedy"]) for finding in findings} == {("ok", None)}


def test_the_rung_that_answers_is_named_and_each_asked_once(doctor, monkeypatch):
    with FaultyServer(VERSION, refuses=lambda to: "httpx" in to.headers["User-Agent"]) as server:
        monkeypatch.setenv("TRIALINK_API_URL", server.url)
        code, told, _ = doctor()
    assert (code, told["connection"][0]) == (0, "ok")
    assert told["connection"][1].startswith("by way of the standard library: API 2.0.5")
    assert (len(server.refused), len(server.asked)) == (2, 1)


def test_where_every_rung_is_refused_the_remedies_are_told(doctor, monkeypatch):
    with FaultyServer(refuses=lambda _: True) as server:
        monkeypatch.setenv("TRIALINK_API_URL", server.url)
        code, told, _ = doctor()
    assert code == 1
    mark, text = told["connection"]
    assert (mark, len(server.refused)) == ("!!", 3)
    assert text.startswith("refused by a filter (403); the registry's filter")
    for remedy in ("another network", "--contact", "client="):
        assert remedy in text


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (says(503), "status 503; run again later"),
        (says(body=b"<html>", kind="text/html"), "a web page in place of an answer"),
        (says(body=b"{}"), "what answers tells no version of the API; check TRIALINK_API_URL"),
    ],
)
def test_an_answer_that_is_none_is_told(doctor, monkeypatch, fault, says):
    with FaultyServer(fault) as server:
        monkeypatch.setenv("TRIALINK_API_URL", server.url)
        code, told, _ = doctor()
    assert (code, told["connection"][0]) == (1, "!!")
    assert told["connection"][1].startswith(says)


@pytest.mark.parametrize("trusts", [True, False])
def test_a_certificate_of_one_s_own_is_to_be_named(doctor, monkeypatch, trusts):
    if trusts:
        monkeypatch.setenv("SSL_CERT_FILE", str(ROOT))
    with SecureServer(VERSION) as server:
        monkeypatch.setenv("TRIALINK_API_URL", server.url)
        code, told, _ = doctor()
    assert told["certificates"] == ("ok", "1 root certificate of SSL_CERT_FILE")
    if trusts:
        assert (code, told["connection"][0]) == (0, "ok")
    else:
        assert (code, told["connection"][0]) == (1, "!!")
        assert "certificate not accepted; name the root" in told["connection"][1]


def closed(*_, **__):
    raise ConnectionRefusedError(111, "secret")


def unknown(*_, **__):
    raise socket.gaierror(-2, "secret")


def silent(*_, **__):
    raise TimeoutError("secret")


def odd(*_, **__):
    raise RuntimeError("secret")


@pytest.mark.parametrize(
    ("connect", "says"),
    [
        (closed, "port 443 of clinicaltrials.gov cannot be reached; check the network"),
        (unknown, "no host of the name of clinicaltrials.gov is found; check the network"),
        (silent, "port 443 of clinicaltrials.gov is silent; check the network"),
        (odd, "could not be tested (RuntimeError); please report this"),
    ],
)
def test_what_is_wrong_with_the_network_is_told(doctor, monkeypatch, connect, says):
    monkeypatch.setattr(socket, "create_connection", connect)
    code, told, out = doctor()
    assert code == 1
    assert told["network"][0] == "!!"
    assert told["network"][1].startswith(says)
    assert told["connection"] == ("--", "not tested: see network")
    assert "secret" not in out


def test_a_check_that_hangs_is_given_up(doctor, monkeypatch):
    monkeypatch.setattr("trialink.cli.doctor._LONGEST", 1.0)
    begun = time.monotonic()
    monkeypatch.setattr(socket, "create_connection", lambda *_, **__: time.sleep(20))
    code, told, _ = doctor()
    assert (code, told["network"][0]) == (1, "!!")
    assert told["network"][1].startswith("no result within 1 s")
    assert time.monotonic() - begun < 15


@pytest.mark.parametrize(
    ("proxy", "mark", "says"),
    [
        ("http://user:secret@127.0.0.1:PORT", "ok", "http://***@127.0.0.1:PORT"),
        ("127.0.0.1:PORT", "ok", "http://127.0.0.1:PORT"),
        ("http://user:1/secret@127.0.0.1:PORT", "!!", "the proxy of the environment cannot be"),
        ("http://user:secret@127.0.0.1:x", "!!", "the proxy of the environment cannot be read"),
        ("gopher://user:secret@127.0.0.1:PORT", "!!", "gopher://***@127.0.0.1:PORT is of no known"),
        ("socks5://user:secret@127.0.0.1", "!!", "socks5://***@127.0.0.1:1080 needs a library"),
    ],
)
def test_the_proxy_is_told_without_its_password(doctor, monkeypatch, proxy, mark, says):
    with FaultyServer(refuses=lambda _: True) as server:  # it opens no tunnel
        monkeypatch.setenv("HTTPS_PROXY", proxy.replace("PORT", str(server.port)))
        _, told, out = doctor()
    assert told["proxy"][0] == mark
    assert told["proxy"][1].startswith(says.replace("PORT", str(server.port)))
    assert "secret" not in out
    if mark == "ok":
        assert told["network"] == ("ok", f"port {server.port} of the proxy 127.0.0.1 is open")
        assert told["connection"][1].startswith("refused by the proxy")
    else:
        assert told["connection"] == ("--", "not tested: see proxy, network")


def test_a_proxy_that_is_not_used_is_none(doctor, server, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    code, told, _ = doctor()
    assert (code, told["proxy"]) == (0, ("ok", "none in force for this address"))


@pytest.mark.parametrize(
    ("name", "content", "mark", "says"),
    [
        ("SSL_CERT_FILE", None, "!!", "the file of SSL_CERT_FILE is not there; name root"),
        ("SSL_CERT_FILE", "no certificate", "!!", "the file of SSL_CERT_FILE cannot be loaded;"),
        ("SSL_CERT_FILE", "", "!!", "the file of SSL_CERT_FILE cannot be loaded;"),
        ("SSL_CERT_DIR", None, "!!", "the directory of SSL_CERT_DIR holds no certificate by its"),
        ("SSL_CERT_DIR", "by any name", "!!", "the directory of SSL_CERT_DIR holds no certificate"),
        ("SSL_CERT_DIR", "by its hash", "ok", "1 root certificate of SSL_CERT_DIR"),
        ("REQUESTS_CA_BUNDLE", "", "ok", "those of certifi, as SSL_CERT_FILE and SSL_CERT_DIR"),
    ],
)
def test_certificates_are_loaded(doctor, monkeypatch, tmp_path, name, content, mark, says):
    place = tmp_path / "secret"
    if name == "SSL_CERT_DIR" and content:
        place.mkdir()
        (place / ("5ed36f99.0" if "hash" in content else "root.pem")).write_bytes(ROOT.read_bytes())
    elif content is not None:
        place.write_text(content)
    monkeypatch.delenv("SSL_CERT_FILE")
    monkeypatch.setenv(name, str(place))
    _, told, out = doctor("--offline")
    assert told["certificates"][0] == mark
    assert told["certificates"][1].startswith(says)
    assert "secret" not in out
    assert ("REQUESTS_CA_BUNDLE is not read" in out) is (name == "REQUESTS_CA_BUNDLE")


@pytest.mark.parametrize("by", ["--offline", "TRIALINK_OFFLINE"])
def test_offline_nothing_is_asked(doctor, server, monkeypatch, by):
    if by == "TRIALINK_OFFLINE":
        monkeypatch.setenv(by, "1")
    code, told, _ = doctor(*(["--offline"] if by == "--offline" else []))
    assert server.asked == []
    assert told["network"] == told["connection"] == ("--", "not tested: it needs the network")
    assert (code, told["settings"][0]) == ((0, "ok") if by == "--offline" else (1, "!!"))


def test_recordings_in_the_registry_s_place_are_told(doctor, server, monkeypatch):
    monkeypatch.setenv("TRIALINK_REPLAY", str(FIXTURES))
    code, told, out = doctor()
    assert (code, told["settings"][0]) == (1, "!!")
    assert told["settings"][1].startswith("TRIALINK_REPLAY is set: recordings answer")
    assert told["connection"][0] == "ok"
    assert str(FIXTURES) not in out


def test_an_address_that_must_not_be_asked_is_told(doctor, monkeypatch):
    monkeypatch.setenv("TRIALINK_API_URL", "http://example.org/api/v2")
    code, told, _ = doctor()
    assert (code, told["address"][0]) == (1, "!!")
    assert "must begin with https://" in told["address"][1]
    assert told["connection"][1] == "not tested: see address, proxy, network"


@pytest.mark.parametrize(
    ("contact", "mark", "says"),
    [
        ("someone@example.org", "ok", "given, and told to the registry"),
        ("zoë@example.org", "!!", "contact must be an address or URL in printable ASCII"),
        ("", "ok", "none given; TRIALINK_CONTACT or --contact"),
    ],
)
@pytest.mark.parametrize("by", ["--contact", "TRIALINK_CONTACT"])
def test_a_contact_is_told_of_and_not_shown(doctor, server, monkeypatch, by, contact, mark, says):
    if by == "TRIALINK_CONTACT":
        monkeypatch.setenv(by, contact)
    code, told, out = doctor(*([by, contact] if by == "--contact" else []))
    assert (code, told["contact"][0]) == (int(mark == "!!"), mark)
    assert told["contact"][1].startswith(says)
    assert "example.org" not in out
    if mark == "ok" and contact:
        assert f"({contact})" in server.asked[0][0]["User-Agent"]


def test_what_is_not_installed_is_told(doctor, server, monkeypatch):
    version = importlib.metadata.version

    def without(name):
        if name == "diskcache":
            raise importlib.metadata.PackageNotFoundError(name)
        return version(name)

    monkeypatch.setattr(importlib.metadata, "version", without)
    code, told, _ = doctor()
    assert (code, told["versions"][0]) == (1, "!!")
    assert told["versions"][1] == "diskcache not installed; install trialink again with pip"


def test_the_cache_is_told_of(run, doctor, monkeypatch, tmp_path):
    _, told, _ = doctor("--offline", "--cache-dir", "kept")
    assert told["cache"] == ("ok", f"{tmp_path / 'kept' / 'v1'}: not there yet, and can be made")
    assert not (tmp_path / "kept").exists()
    with LoopbackServer([]) as server:
        monkeypatch.setenv("TRIALINK_API_URL", server.url)
        run("resolve", "CTR20192510", "--cache-dir", "kept")
    _, told, _ = doctor("--offline", "--cache-dir", "kept")
    assert told["cache"][0] == "ok"
    assert told["cache"][1].startswith(f"{tmp_path / 'kept' / 'v1'}: 1 answer, ")


@pytest.mark.skipif(os.name != "posix", reason="elsewhere the bits say nothing")
def test_a_cache_that_others_can_write_is_told(run, monkeypatch, tmp_path):
    with LoopbackServer([]) as server:
        monkeypatch.setenv("TRIALINK_API_URL", server.url)
        run("resolve", "CTR20192510", "--cache-dir", "kept")
    (tmp_path / "kept" / "v1").chmod(0o777)
    code, out, _ = run("doctor", "--offline", "--cache-dir", "kept")
    mark, text = lines(out)["cache"]
    assert (code, mark) == (1, "!!")
    assert "can be written by other users (chmod go-w it); name a directory" in text


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_cache_that_cannot_be_made_is_told(doctor, tmp_path):
    (tmp_path / "kept").mkdir(mode=0o500)
    code, told, _ = doctor("--offline", "--cache-dir", "kept")
    assert (code, told["cache"][0]) == (1, "!!")
    assert "cannot be written" in told["cache"][1]
