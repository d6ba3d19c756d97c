# SPDX-License-Identifier: MIT
"""Downloads from servers, through networks and to disks that do not do what they should."""

import contextlib
import hashlib
import itertools
import json
import os
import random
import shutil
import socket
import subprocess
import sys
import threading
import time

import pytest
from download_server import (
    ETAG,
    Server,
    chunks,
    fail,
    redirect,
    send,
    serve,
    stall,
    tunnel_to,
)

from gallery_search import __version__
from gallery_search.errors import DownloadCancelledError, DownloadError
from gallery_search.net import Download, Limits, download

DATA = random.Random(1).randbytes(3_000_000)
SHA256 = hashlib.sha256(DATA).hexdigest()
OTHER = random.Random(2).randbytes(3_000_000)
HALF = 1_500_000
PAGE = b"\n <!DOCTYPE html><title>Welcome to the hotel</title>"

FAST = Limits(connect_s=5.0, stall_s=0.4, waits_s=(0.0, 0.0, 0.0), spare_bytes=0)
ONCE = Limits(connect_s=5.0, stall_s=0.4, waits_s=(), spare_bytes=0)

linux = pytest.mark.skipif(sys.platform != "linux", reason="mounts and limits are Linux's")


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch):
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


@pytest.fixture
def start_server():
    with contextlib.ExitStack() as servers:

        def start(*arguments, **options):
            server = Server(*arguments, **options)
            servers.callback(server.close)
            return server

        yield start


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "models"


@pytest.fixture
def fetch(folder):
    """Downloads a server's file to the folder."""

    def fetch(url, *, limits=FAST, on_progress=lambda _: None, cancelled=None, **expected):
        return download(
            Download(getattr(url, "url", url), **expected),
            folder / "weights.pth",
            on_progress=on_progress,
            is_cancelled=cancelled or threading.Event(),
            limits=limits,
        )

    return fetch


def names(folder):
    return sorted(os.listdir(folder)) if folder.exists() else []


def is_whole(folder):
    return names(folder) == ["weights.pth"] and (folder / "weights.pth").read_bytes() == DATA


# --- when all goes well ----------------------------------------------------------------------


def test_a_file_comes_whole_and_tells_nothing_about_the_user(start_server, fetch, folder):
    server = start_server(serve(DATA))
    seen = []
    assert fetch(server, size_bytes=len(DATA), sha256=SHA256, on_progress=seen.append) == SHA256
    assert is_whole(folder)
    assert dict(server.requests[0].headers) == {
        "Host": f"127.0.0.1:{server.server_port}",
        "User-Agent": f"gallery-search/{__version__}",
        "Accept-Encoding": "identity",
        "Connection": "close",
    }
    assert (seen[-1].received_bytes, seen[-1].total_bytes) == (len(DATA), len(DATA))


def test_progress_comes_with_a_rate_and_not_too_often(start_server, fetch):
    def pace(handler):
        send(handler, 200, Content_Length=40 * 50_000)
        for _ in range(40):
            handler.wfile.write(b"x" * 50_000)
            handler.server.given_up.wait(0.03)

    seen = []
    start_s = time.monotonic()
    fetch(start_server(pace), on_progress=seen.append)
    duration_s = time.monotonic() - start_s
    assert 4 <= len(seen) <= duration_s / 0.1 + 2
    assert [p.received_bytes for p in seen] == sorted(p.received_bytes for p in seen)
    assert seen[0].bytes_per_second is None
    assert seen[-1].bytes_per_second == pytest.approx(2_000_000 / duration_s, rel=0.5)
    assert seen[-1].seconds_left == 0
    assert all(p.seconds_left > 0 for p in seen[:-1] if p.bytes_per_second)


def test_an_older_file_is_replaced_only_by_a_whole_one(start_server, fetch, folder):
    folder.mkdir()
    (folder / "weights.pth").write_bytes(b"old")
    server = start_server(serve(DATA), serve(DATA, stop_after=HALF))
    with pytest.raises(DownloadError):
        fetch(server, limits=ONCE)
    assert (folder / "weights.pth").read_bytes() == b"old"
    fetch(server)
    assert is_whole(folder)


@pytest.mark.parametrize("data", [DATA, b""])
def test_a_file_of_untold_length_and_an_empty_one(start_server, fetch, folder, data):
    server = start_server(chunks(*([data[:HALF], data[HALF:]] if data else [])))
    assert fetch(server) == hashlib.sha256(data).hexdigest()
    assert fetch(start_server(serve(data))) == hashlib.sha256(data).hexdigest()
    assert names(folder) == ["weights.pth"]


# --- breaks ----------------------------------------------------------------------------------


def test_a_break_is_gone_on_from_at_once(start_server, fetch, folder):
    server = start_server(serve(DATA), serve(DATA, stop_after=HALF), serve(DATA, stop_after=10**6))
    assert fetch(server, sha256=SHA256) == SHA256
    assert is_whole(folder)
    assert server.ranges == [None, f"bytes={HALF}-", f"bytes={HALF + 10**6}-"]
    assert [request.headers["If-Range"] for request in server.requests] == [None, ETAG, ETAG]


def test_the_next_call_goes_on_from_a_break(start_server, fetch, folder):
    server = start_server(serve(DATA), serve(DATA, stop_after=HALF))
    with pytest.raises(DownloadError, match=r"^Try again later, and the download goes on"):
        fetch(server, limits=ONCE)
    assert names(folder) == ["weights.pth.part", "weights.pth.part.json"]
    seen = []
    assert fetch(server, on_progress=seen.append) == SHA256
    assert is_whole(folder)
    assert server.ranges == [None, f"bytes={HALF}-"]
    assert seen[0].received_bytes > HALF


def test_last_modified_serves_where_the_etag_is_weak(start_server, fetch, folder):
    date = "Wed, 21 Oct 2015 07:28:00 GMT"
    weak = {"etag": 'W/"v1"', "Last_Modified": date}
    server = start_server(serve(DATA, **weak), serve(DATA, stop_after=HALF, **weak))
    assert fetch(server) == SHA256
    assert server.ranges == [None, f"bytes={HALF}-"]
    assert server.requests[1].headers["If-Range"] == date


@pytest.mark.parametrize("etag", [None, 'W/"v1"'])
def test_without_a_strong_validator_it_begins_anew(start_server, fetch, folder, etag):
    server = start_server(serve(DATA, etag), serve(DATA, etag, stop_after=HALF))
    assert fetch(server) == SHA256
    assert server.ranges == [None, None]
    assert is_whole(folder)


def test_a_server_that_ignores_ranges_sends_all_again(start_server, fetch, folder):
    def ignore(handler):
        send(handler, 200, DATA, ETag=ETAG)

    server = start_server(ignore, serve(DATA, stop_after=HALF))
    assert fetch(server) == SHA256
    assert is_whole(folder)
    assert server.ranges == [None, f"bytes={HALF}-"]


def test_a_file_that_changed_meanwhile_begins_anew(start_server, fetch, folder):
    server = start_server(serve(DATA, '"v2"'), serve(OTHER, stop_after=HALF))
    assert fetch(server) == SHA256
    assert is_whole(folder)


@pytest.mark.parametrize(
    ("status", "fields"),
    [
        (206, {"ETag": '"v2"', "Content_Range": f"bytes {HALF}-2999999/3000000"}),
        (206, {"ETag": ETAG, "Content_Range": f"bytes {HALF - 1}-2999999/3000000"}),
        (206, {"ETag": ETAG, "Content_Range": f"bytes {HALF}-2999998/3000000"}),
        (206, {"ETag": ETAG, "Content_Range": f"bytes {HALF}-2999999/*"}),
        (206, {"ETag": ETAG, "Content_Range": f"bytes {HALF}-3000000/3000001"}),
        (206, {"ETag": ETAG}),
        (206, {"ETag": ETAG, "Content_Type": "multipart/byteranges; boundary=x"}),
        (416, {"Content_Range": "bytes */3000000"}),
    ],
)
def test_a_rest_that_does_not_fit_is_not_used(start_server, fetch, folder, status, fields):
    def misfit(handler):
        send(handler, status, OTHER[HALF:], **fields)

    server = start_server(serve(DATA), serve(DATA, stop_after=HALF), misfit)
    assert fetch(server) == SHA256
    assert is_whole(folder)
    assert server.ranges == [None, f"bytes={HALF}-", None]


def test_the_part_of_another_address_is_not_used(start_server, fetch, folder):
    with pytest.raises(DownloadError):
        fetch(start_server(serve(OTHER, stop_after=HALF)), limits=ONCE)
    server = start_server(serve(DATA))
    assert fetch(server) == SHA256
    assert server.ranges == [None]


def test_a_part_that_is_whole_is_checked_and_used(start_server, fetch, folder):
    folder.mkdir()
    server = start_server(serve(DATA))
    (folder / "weights.pth.part").write_bytes(DATA)
    note = {"url": server.url, "validator": ETAG, "total_bytes": len(DATA)}
    (folder / "weights.pth.part.json").write_text(json.dumps(note | {"received_bytes": len(DATA)}))
    assert fetch(server) == SHA256
    assert server.ranges == [f"bytes={len(DATA) - 1}-"]
    assert is_whole(folder)


@pytest.mark.parametrize("answer", [stall, serve(DATA, stop_after=1000, then_stall=True)])
def test_a_server_that_falls_silent_is_given_up(start_server, fetch, folder, answer):
    server = start_server(serve(DATA), answer)
    assert fetch(server) == SHA256
    assert is_whole(folder)
    server.usual = answer
    start_s = time.monotonic()
    with pytest.raises(DownloadError, match="keeps breaking off"):
        fetch(server)
    assert time.monotonic() - start_s < 4 * FAST.stall_s + 3
    assert len(server.requests) == 6


def test_progress_earns_new_attempts_but_repeating_does_not(start_server, fetch, folder):
    step = 1 << 20
    data = DATA + OTHER
    server = start_server(serve(data, stop_after=step))
    once = Limits(stall_s=0.4, waits_s=(0.0,), spare_bytes=0)
    assert fetch(server, limits=once) == hashlib.sha256(data).hexdigest()
    assert len(server.requests) == 6  # five steps of a MiB and the rest

    server = start_server(serve(data, None, stop_after=step * 2))  # cannot be gone on with
    with pytest.raises(DownloadError, match="keeps breaking off"):
        fetch(server, limits=once)
    assert len(server.requests) <= 4


@linux
def test_a_killed_program_goes_on_from_what_was_on_the_disk(start_server, fetch, folder):
    data = DATA * 14
    server = start_server(serve(data), serve(data, stop_after=40_000_000, then_stall=True))
    code = """if True:
        import pathlib, sys, threading
        from gallery_search.net import *
        download(Download(sys.argv[1]), pathlib.Path(sys.argv[2]), on_progress=lambda _: None,
                 is_cancelled=threading.Event(), limits=Limits(stall_s=300.0))
    """
    arguments = [sys.executable, "-c", code, server.url, str(folder / "weights.pth")]
    with subprocess.Popen(arguments) as child:
        try:
            note = folder / "weights.pth.part.json"
            while not (note.exists() and note.read_bytes().endswith(b"}")):
                assert child.poll() is None
                server.given_up.wait(0.01)
        finally:
            child.kill()
    assert fetch(server, sha256=hashlib.sha256(data).hexdigest())
    assert names(folder) == ["weights.pth"]
    assert int(server.ranges[1].removeprefix("bytes=").removesuffix("-")) >= 32 << 20


# --- lies ------------------------------------------------------------------------------------


def test_less_than_told_is_never_taken_for_the_file(start_server, fetch, folder):
    def lie(handler):
        send(handler, 200, DATA, Content_Length=len(DATA) + 1)

    server = start_server(lie)
    with pytest.raises(DownloadError, match="keeps breaking off"):
        fetch(server)
    assert "weights.pth" not in names(folder)
    assert len(server.requests) == 4


def test_chunks_that_break_off_are_never_taken_for_the_file(start_server, fetch, folder):
    server = start_server(chunks(DATA, is_whole=False))
    with pytest.raises(DownloadError, match="keeps breaking off"):
        fetch(server)
    assert "weights.pth" not in names(folder)


def test_what_comes_beyond_the_told_length_is_not_read(start_server, fetch, folder):
    def lie(handler):
        send(handler, 200, DATA + OTHER, Content_Length=len(DATA))

    assert fetch(start_server(lie)) == SHA256
    assert is_whole(folder)


def test_a_file_without_an_end_is_given_up(start_server, fetch, folder):
    server = start_server(chunks(*itertools.repeat(OTHER, 100)))
    with pytest.raises(DownloadError, match=r"sends more than the 3\.0 MB .* thrown away"):
        fetch(server, size_bytes=len(DATA))
    assert names(folder) == []
    assert len(server.requests) == 1


@pytest.mark.parametrize("factor", [0.9, 1.1])
def test_a_file_of_another_size_than_expected_is_refused(start_server, fetch, folder, factor):
    server = start_server(serve(DATA), chunks(DATA))
    for _ in range(2):
        with pytest.raises(DownloadError, match=r"Look for a newer version|sends more than"):
            fetch(server, size_bytes=int(len(DATA) * factor))
        assert names(folder) == []
    assert fetch(server, size_bytes=int(len(DATA) * 1.04)) == SHA256


@pytest.mark.parametrize("sha256", [SHA256, SHA256.upper(), SHA256[:8]])
def test_a_checksum_decides(start_server, fetch, folder, sha256):
    server = start_server(serve(DATA), serve(OTHER))
    with pytest.raises(DownloadError, match=r"^Download again later: .* checksum is wrong"):
        fetch(server, sha256=sha256)
    assert names(folder) == []
    assert fetch(server, sha256=sha256) == SHA256
    assert is_whole(folder)


def test_a_part_that_was_damaged_is_found_by_the_checksum(start_server, fetch, folder):
    server = start_server(serve(DATA), serve(DATA, stop_after=HALF))
    with pytest.raises(DownloadError):
        fetch(server, limits=ONCE)
    with (folder / "weights.pth.part").open("r+b") as file:
        file.write(b"damage")
    with pytest.raises(DownloadError, match="checksum is wrong"):
        fetch(server, sha256=SHA256)
    assert names(folder) == []
    assert fetch(server, sha256=SHA256) == SHA256


def test_a_coding_that_was_not_asked_for_is_refused(start_server, fetch, folder):
    def zipped(handler):
        send(handler, 200, DATA, Content_Encoding="gzip")

    with pytest.raises(DownloadError, match="with a browser"):
        fetch(start_server(zipped))
    assert names(folder) == []


# --- refusals --------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [500, 503, 429, 408])
def test_passing_errors_are_tried_again(start_server, fetch, folder, status):
    server = start_server(serve(DATA), fail(status), fail(status))
    assert fetch(server) == SHA256
    server.usual = fail(status)
    with pytest.raises(DownloadError, match=f"^Try again later: .*error {status}"):
        fetch(server)
    assert len(server.requests) == 7
    assert is_whole(folder)


def test_retry_after_is_kept_to(start_server, fetch):
    server = start_server(serve(DATA), fail(429, Retry_After="1"))
    start_s = time.monotonic()
    assert fetch(server) == SHA256
    assert time.monotonic() - start_s >= 1


def test_a_long_retry_after_is_for_the_user(start_server, fetch):
    server = start_server(serve(DATA), fail(429, Retry_After="3600"))
    start_s = time.monotonic()
    with pytest.raises(DownloadError, match="Try again later"):
        fetch(server)
    assert time.monotonic() - start_s < 5
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("status", "start"),
    [(404, "Look for a newer"), (410, "Look for a newer"), (403, "Try another network")],
)
def test_lasting_errors_are_not_tried_again(start_server, fetch, folder, status, start):
    server = start_server(fail(status))
    with pytest.raises(DownloadError, match=f"^{start}"):
        fetch(server)
    assert len(server.requests) == 1
    assert names(folder) == []


def test_a_connection_that_is_refused(fetch, folder):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        with pytest.raises(DownloadError, match=r"^Check the internet connection, .*127\.0\.0\.1"):
            fetch(f"http://127.0.0.1:{unused.getsockname()[1]}/a")
    assert names(folder) == []


# --- networks that stand between -------------------------------------------------------------


@pytest.mark.parametrize(
    "portal",
    [
        lambda handler: send(handler, 200, PAGE, Content_Type="text/html; charset=utf-8"),
        lambda handler: send(handler, 200, PAGE),
        lambda handler: send(handler, 511, PAGE, Content_Type="text/html"),
        lambda handler: (
            send(handler, 302, Location="/login")
            if handler.path != "/login"
            else send(handler, 200, PAGE, Content_Type="text/html")
        ),
    ],
)
def test_a_login_page_is_not_the_file(start_server, fetch, folder, portal):
    server = start_server(portal, serve(DATA, stop_after=HALF))
    with pytest.raises(DownloadError, match=r"^Open a browser and see whether this network"):
        fetch(server)
    assert "weights.pth" not in names(folder)
    server.usual = serve(DATA)
    assert fetch(server) == SHA256


def test_a_login_page_does_not_cost_what_is_there(start_server, fetch, folder):
    page = fail(200, Content_Type="text/html")
    server = start_server(serve(DATA), serve(DATA, stop_after=HALF), page)
    with pytest.raises(DownloadError, match="Open a browser"):
        fetch(server)
    assert fetch(server) == SHA256
    assert server.ranges[-1] == f"bytes={HALF}-"


@pytest.fixture
def proxy_for(monkeypatch):
    """Sets a proxy for a scheme in the environment."""

    def set_proxy(scheme, url):
        monkeypatch.setenv(f"{scheme}_proxy", url)

    return set_proxy


def test_the_proxy_of_the_system_is_used(start_server, fetch, folder, proxy_for, monkeypatch):
    proxy = start_server(serve(DATA))
    proxy_for("http", f"http://me:secret@127.0.0.1:{proxy.server_port}")
    assert fetch("http://weights.invalid/a.pth") == SHA256  # no such host: only a proxy can answer
    assert proxy.requests[0].path == "http://weights.invalid/a.pth"
    assert proxy.requests[0].headers["Proxy-Authorization"] == "Basic bWU6c2VjcmV0"

    direct = start_server(serve(DATA))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    assert fetch(direct) == SHA256
    assert len(direct.requests) == len(proxy.requests) == 1


@pytest.mark.parametrize("scheme", ["http", "https", "all"])
def test_a_proxy_that_asks_for_a_login(start_server, fetch, folder, proxy_for, scheme):
    proxy = start_server(fail(407, Proxy_Authenticate="Basic"))
    proxy_for(scheme, f"http://127.0.0.1:{proxy.server_port}")
    address = "http" if scheme == "http" else "https"
    with pytest.raises(DownloadError, match=r"^Put name and password into the proxy settings"):
        fetch(f"{address}://weights.invalid/a.pth")
    assert len(proxy.requests) == 1


def test_a_proxy_that_refuses_a_host(start_server, fetch, proxy_for):
    proxy = start_server(fail(403), fail(502))
    proxy_for("https", f"127.0.0.1:{proxy.server_port}")
    with pytest.raises(
        DownloadError, match=r"^Ask who runs this network to allow weights\.invalid"
    ):
        fetch("https://weights.invalid/a.pth")
    assert [request.command for request in proxy.requests] == ["CONNECT", "CONNECT"]


@pytest.mark.parametrize("name", ["http", "all"])
def test_a_proxy_of_another_kind_is_not_gone_around(start_server, fetch, proxy_for, name):
    server = start_server(serve(DATA))
    proxy_for(name, "socks5://127.0.0.1:1")
    with pytest.raises(DownloadError, match=r"^Set an HTTP proxy, .*SOCKS5"):
        fetch(server)
    assert server.requests == []


# --- redirects -------------------------------------------------------------------------------


@pytest.mark.parametrize("is_right", [True, False])
def test_a_checksum_that_a_redirect_states_is_checked(start_server, fetch, folder, is_right):
    stated = SHA256 if is_right else hashlib.sha256(OTHER).hexdigest()
    store = start_server(serve(DATA))
    middle = start_server(redirect(store.url, X_Linked_ETag=f'"{"0" * 40}"'))
    hub = start_server(redirect(middle.url, X_Linked_ETag=f'"{stated}"', X_Linked_Size=3_000_000))
    if is_right:
        assert fetch(hub) == SHA256
        assert is_whole(folder)
    else:
        with pytest.raises(DownloadError, match="checksum is wrong"):
            fetch(hub)
        assert names(folder) == []
        assert fetch(hub, sha256=SHA256) == SHA256  # the caller knows better


def test_a_break_behind_a_redirect_is_gone_on_from(start_server, fetch, folder):
    store = start_server(serve(DATA), serve(DATA, stop_after=HALF))
    hub = start_server(redirect(store.url))
    assert fetch(hub) == SHA256
    assert store.ranges == [None, f"bytes={HALF}-"]


@pytest.mark.parametrize(
    "address",
    ["file:///etc/passwd", "ftp://127.0.0.1:1/a", "data:text/plain,a", "//[", "/weights.pth"],
)
def test_a_redirect_to_elsewhere_or_in_a_circle_is_refused(start_server, fetch, folder, address):
    server = start_server(redirect(address))
    with pytest.raises(
        DownloadError, match=r"in a circle, or to an address that is not safe|begins"
    ):
        fetch(server)
    assert names(folder) == []


def test_a_redirect_with_an_endless_body_is_followed(start_server, fetch, folder):
    store = start_server(serve(DATA))

    def endless(handler):
        send(handler, 302, Location=store.url, Content_Length=1 << 40)
        stall(handler)

    assert fetch(start_server(endless)) == SHA256


# --- certificates ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for 127.0.0.1 and weights.invalid that nobody has signed, with its key."""
    if shutil.which("openssl") is None:
        pytest.skip("needs the openssl command to make a certificate")
    path = tmp_path_factory.mktemp("certificate") / "both.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-nodes", "-days", "2"),
            *("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
            *("-subj", "/CN=weights.invalid"),
            *("-addext", "subjectAltName=IP:127.0.0.1,DNS:weights.invalid"),
            *("-keyout", path, "-out", path.with_suffix(".crt")),
        ],
        check=True,
        capture_output=True,
    )
    path.write_bytes(path.read_bytes() + path.with_suffix(".crt").read_bytes())
    return path


@pytest.fixture
def trusted(certificate, monkeypatch):
    """The same, put among those that this computer trusts."""
    if sys.platform != "linux":
        pytest.skip("only OpenSSL takes trusted certificates from the environment")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.with_suffix(".crt")))
    return certificate


def test_a_certificate_that_is_not_trusted(start_server, fetch, folder, certificate):
    server = start_server(serve(DATA), certificate=certificate)
    with pytest.raises(DownloadError, match=r"^Check this computer's date and time"):
        fetch(server)
    assert server.requests == []
    assert names(folder) == []


def test_https_breaks_and_goes_on(start_server, fetch, folder, trusted):
    broken = serve(DATA, stop_after=HALF), serve(DATA, stop_after=10**6, then_stall=True)
    server = start_server(serve(DATA), *broken, certificate=trusted)
    assert fetch(server) == SHA256
    assert is_whole(folder)
    assert server.ranges == [None, f"bytes={HALF}-", f"bytes={HALF + 10**6}-"]


def test_https_is_never_left_for_http(start_server, fetch, folder, trusted):
    plain = start_server(serve(DATA))
    server = start_server(redirect(plain.url), certificate=trusted)
    with pytest.raises(DownloadError, match="an address that is not safe"):
        fetch(server)
    assert plain.requests == []


def test_https_goes_through_a_tunnel_of_the_proxy(start_server, fetch, folder, trusted, proxy_for):
    server = start_server(serve(DATA), certificate=trusted)
    proxy = start_server(tunnel_to(server.server_port))
    proxy_for("https", f"http://me:secret@127.0.0.1:{proxy.server_port}")
    assert fetch("https://weights.invalid/a.pth") == SHA256
    assert is_whole(folder)
    assert [(r.command, r.path) for r in proxy.requests] == [("CONNECT", "weights.invalid:443")]
    assert proxy.requests[0].headers["Proxy-Authorization"] == "Basic bWU6c2VjcmV0"
    assert "Proxy-Authorization" not in server.requests[0].headers


# --- stopping --------------------------------------------------------------------------------


def test_a_stop_in_the_middle_leaves_what_is_there(start_server, fetch, folder):
    stalling = serve(DATA, stop_after=HALF, then_stall=True)
    server = start_server(serve(DATA), stalling)
    cancelled = threading.Event()
    patient = Limits(stall_s=60, spare_bytes=0)
    start_s = time.monotonic()
    with pytest.raises(DownloadCancelledError):
        fetch(server, cancelled=cancelled, limits=patient, on_progress=lambda _: cancelled.set())
    assert time.monotonic() - start_s < 5
    assert names(folder) == ["weights.pth.part", "weights.pth.part.json"]
    there = (folder / "weights.pth.part").stat().st_size
    assert 0 < there <= HALF
    assert fetch(server) == SHA256
    assert server.ranges == [None, f"bytes={there}-"]
    assert is_whole(folder)


def test_a_stop_is_noticed_while_nothing_comes(start_server, fetch):
    cancelled = threading.Event()

    def answer(handler):
        cancelled.set()
        stall(handler)

    start_s = time.monotonic()
    with pytest.raises(DownloadCancelledError):
        fetch(start_server(answer), cancelled=cancelled, limits=Limits(stall_s=60, spare_bytes=0))
    assert time.monotonic() - start_s < 5


def test_a_stop_is_noticed_while_waiting_for_the_next_attempt(start_server, fetch):
    cancelled = threading.Event()

    def answer(handler):
        fail(503)(handler)
        cancelled.set()

    start_s = time.monotonic()
    with pytest.raises(DownloadCancelledError):
        fetch(
            start_server(answer), cancelled=cancelled, limits=Limits(waits_s=(60.0,), spare_bytes=0)
        )
    assert time.monotonic() - start_s < 5


def test_a_stop_before_the_start_sends_nothing(start_server, fetch, folder):
    cancelled = threading.Event()
    cancelled.set()
    server = start_server(serve(DATA))
    with pytest.raises(DownloadCancelledError):
        fetch(server, cancelled=cancelled)
    assert server.requests == []
    assert names(folder) == []


# --- disks -----------------------------------------------------------------------------------


@pytest.fixture
def mount(folder):
    """Mounts a small disk at the folder; needs to be root, and allowed to."""
    folder.mkdir()

    def mount_with(options):
        command = ["mount", "-t", "tmpfs", "-o", options, "none", str(folder)]
        try:
            done = subprocess.run(command, capture_output=True, check=False)
        except OSError:
            pytest.skip("there is no mount command")
        if done.returncode != 0:
            pytest.skip(f"disks cannot be mounted here: {done.stderr.decode().strip()}")

    yield mount_with
    if os.path.ismount(folder):
        subprocess.run(["umount", str(folder)], check=True)


@linux
def test_a_disk_that_is_too_small_is_found_out_first(start_server, fetch, folder, mount):
    mount("size=1m")
    server = start_server(serve(DATA))
    with pytest.raises(DownloadError, match=r"^Make room on the disk of .*needs 3\.0 MB"):
        fetch(server)
    assert names(folder) == []


@linux
def test_a_disk_that_gets_full_is_given_back(start_server, fetch, folder, mount):
    mount("size=1m")
    server = start_server(chunks(DATA[:HALF], DATA[HALF:], ETag=ETAG))
    with pytest.raises(DownloadError, match=r"^Make room on the disk of .*, then download again"):
        fetch(server)
    assert names(folder) == []
    assert len(server.requests) == 1
    assert shutil.disk_usage(folder).used == 0


@linux
def test_a_folder_that_may_not_be_written_to(start_server, fetch, folder, mount):
    mount("size=8m,ro")
    with pytest.raises(DownloadError, match=r"^Allow this program to write to "):
        fetch(start_server(serve(DATA)))


def test_a_file_in_the_place_of_the_folder(start_server, fetch, folder):
    folder.write_bytes(b"")
    with pytest.raises(DownloadError, match=r"^Check the disk of "):
        fetch(start_server(serve(DATA)))


@linux
def test_a_file_larger_than_the_file_system_takes(start_server, folder):
    server = start_server(serve(DATA))
    code = """if True:
        import pathlib, resource, sys, threading
        from gallery_search.net import *
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
        try:
            download(Download(sys.argv[1]), pathlib.Path(sys.argv[2]), on_progress=lambda _: None,
                     is_cancelled=threading.Event())
        except Exception as error:
            print(error)
    """
    arguments = [sys.executable, "-c", code, server.url, str(folder / "weights.pth")]
    done = subprocess.run(arguments, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("Choose another disk: files as large as weights.pth do not fit")
    assert "weights.pth" not in names(folder)
