# SPDX-License-Identifier: MIT
"""Asking for a newer version, of a real server that may say anything."""

import json
import threading
import time

import pytest
from download_server import Server, chunks, fail, redirect, send, serve, stall

from gallery_search import __version__, updates
from gallery_search.errors import DownloadCancelledError, DownloadError
from gallery_search.net import Limits
from gallery_search.repository import VARIABLE, repository

QUICK = Limits(connect_s=5.0, stall_s=0.3, waits_s=(), most_bytes=16 << 10)


def said(**values):
    return serve(json.dumps(values).encode())


@pytest.fixture
def forge(monkeypatch):
    server = Server(fail(500))
    address = f"http://127.0.0.1:{server.server_port}/us/it"
    monkeypatch.setenv(VARIABLE, f"{address}/")
    monkeypatch.delenv("http_proxy", raising=False)
    monkeypatch.delenv("HTTP_PROXY", raising=False)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    server.home = address
    yield server
    server.close()


def ask(forge, answer, **options):
    forge.usual = answer
    return updates.newest(threading.Event(), limits=QUICK, **options)


def test_a_newer_version_is_found_with_a_page_of_our_own_making(forge):
    found = ask(forge, said(version="99.1.0", date="2027-01-31", page="https://evil.invalid/"))
    assert found == updates.Release("99.1.0", f"{forge.home}/releases/tag/v99.1.0")
    (request,) = forge.requests
    assert request.path == "/us/it/releases/latest/download/latest.json"
    assert {name.lower() for name in request.headers} <= {
        "host", "user-agent", "connection", "accept-encoding",
    }  # fmt: skip


@pytest.mark.parametrize("version", [__version__, "0.0.9", "99.0rc1", "99.0.dev1", "99+ours"])
def test_nothing_else_is_offered(forge, version):
    assert ask(forge, said(version=version)) is None


def test_a_forge_may_keep_its_files_at_another_address(forge):
    forge.answers.append(redirect(f"{forge.home}/elsewhere"))
    assert ask(forge, said(version="99.1")).version == "99.1"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no JSON",
        b"\xff\xfe",
        b"[]",
        b"{}",
        b'{"version": 99}',
        b'{"version": "99/../../evil"}',
        b'{"version": "the newest"}',
        b'{"version": "' + b"9" * 4000 + b'"}',
        b"[" * 8000,
    ],
)
def test_what_makes_no_sense_is_one_sentence(forge, body):
    with pytest.raises(DownloadError, match="names no newest version"):
        ask(forge, serve(body))


def test_where_nothing_is_released_that_is_said(forge):
    with pytest.raises(DownloadError, match="names no newest version"):
        ask(forge, fail(404))


def test_no_answer_is_too_large_for_the_disk(forge):
    with pytest.raises(DownloadError, match="sends more than"):
        ask(forge, chunks(*[b" " * 8192] * 64))


def test_a_silent_server_is_given_up(forge):
    with pytest.raises(DownloadError):
        ask(forge, stall)


def test_a_server_that_sends_a_byte_now_and_then_is_given_up(forge):
    def drip(handler):
        send(handler, 200, Content_Length=10_000)
        while not handler.server.given_up.wait(0.05):
            handler.wfile.write(b" ")
            handler.wfile.flush()

    before_s = time.monotonic()
    with pytest.raises(DownloadError, match="answers too slowly"):
        ask(forge, drip, patience_s=0.5)
    assert time.monotonic() - before_s < 10


def test_it_can_be_stopped(forge):
    stopped = threading.Event()
    stopped.set()
    with pytest.raises(DownloadCancelledError):
        updates.newest(stopped, limits=QUICK)
    assert not forge.requests


def test_without_a_network_there_is_a_sentence(forge, monkeypatch):
    monkeypatch.setenv(VARIABLE, "http://127.0.0.1:9/us/it")
    with pytest.raises(DownloadError, match="cannot be reached"):
        updates.newest(threading.Event(), limits=QUICK)


@pytest.mark.parametrize(
    "address", ["http://forge.invalid/us/it", "ftp://127.0.0.1/a", "https://", "http://[/", "/etc"]
)
def test_no_address_that_is_not_safe_is_asked(monkeypatch, address):
    monkeypatch.setenv(VARIABLE, address)
    assert repository() == ""
