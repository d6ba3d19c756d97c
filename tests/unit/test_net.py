# SPDX-License-Identifier: MIT
"""What of downloading needs no server: addresses, sentences, the part beside the target."""

import email.message
import email.utils
import hashlib
import http.client
import io
import json
import ssl
import threading
import time
import urllib.error

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gallery_search.errors import DownloadCancelledError, DownloadError
from gallery_search.net import (
    BrokenError,
    Download,
    GoneError,
    Limits,
    StorageError,
    download,
    failures,
)
from gallery_search.net.part_file import Kept, PartFile

URL = "https://example.org/weights.pth"
KEPT = Kept(URL, validator='"v1"', total_bytes=10, received_bytes=4)


def headers(**fields):
    message = email.message.Message()
    for name, value in fields.items():
        message[name.replace("_", "-")] = value
    return message


def http_error(code, url=URL, **fields):
    return urllib.error.HTTPError(url, code, "", headers(**fields), io.BytesIO())


@pytest.fixture
def part(tmp_path):
    """A part of four bytes that are on the disk for certain, and more that may be or not."""
    part = PartFile(tmp_path / "weights.pth")
    with part.open(Kept(URL)) as file:
        file.write(b"0123")
        part.record(file, KEPT)
        file.write(b"x" * 20)
    return part


# --- what to fetch ---------------------------------------------------------------------------


@pytest.mark.parametrize("sha256", ["1234567", "xyz45678", "0" * 65, ""])
def test_what_is_no_checksum_is_a_mistake_of_the_caller(sha256):
    with pytest.raises(ValueError, match="neither a SHA-256"):
        Download(URL, sha256=sha256)


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://example.org/a",
        "data:,a",
        "/etc/passwd",
        "https://",
        "http://[/",
        "",
    ],
)
def test_only_http_and_https_are_addresses(tmp_path, url):
    with pytest.raises(DownloadError, match="begins with https://"):
        download(
            Download(url), tmp_path / "a", on_progress=pytest.fail, is_cancelled=threading.Event()
        )
    assert list(tmp_path.iterdir()) == []


# --- the part --------------------------------------------------------------------------------


def test_a_part_goes_on_from_what_reached_the_disk(part, tmp_path):
    kept = part.load(URL)
    assert kept == KEPT
    with part.open(kept) as file:
        file.write(b"456789")
        part.record(file, kept)
    part.finish()
    assert [path.name for path in tmp_path.iterdir()] == ["weights.pth"]
    assert (tmp_path / "weights.pth").read_bytes() == b"0123456789"


def test_the_digest_goes_on_from_what_is_kept(part):
    assert part.digest(KEPT, threading.Event()).hexdigest() == hashlib.sha256(b"0123").hexdigest()
    cancelled = threading.Event()
    cancelled.set()
    with pytest.raises(DownloadCancelledError):
        part.digest(KEPT, cancelled)


@pytest.mark.parametrize(
    "note",
    [
        b"",
        b"{",
        b"[]",
        b"7",
        b'{"url": "%s"}' % URL.encode(),
        b'{"url": "%s", "of": "a later version"}' % URL.encode(),
    ],
)
def test_a_damaged_note_means_to_begin_anew(part, tmp_path, note):
    (tmp_path / "weights.pth.part.json").write_bytes(note)
    assert part.load(URL) == Kept(URL)


@pytest.mark.parametrize(
    "changed",
    [
        {"url": "https://example.org/other"},
        {"validator": None},
        {"validator": 7},
        {"received_bytes": 25, "total_bytes": 99},
        {"received_bytes": -1},
        {"received_bytes": "4"},
        {"total_bytes": 3},
        {"total_bytes": "10"},
    ],
)
def test_a_note_that_does_not_fit_means_to_begin_anew(part, tmp_path, changed):
    path = tmp_path / "weights.pth.part.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changed))
    assert part.load(URL) == Kept(URL)


@given(note=st.recursive(st.none() | st.integers() | st.text() | st.floats(), st.lists))
def test_any_values_in_a_note_are_survived(tmp_path_factory, note):
    folder = tmp_path_factory.mktemp("part")
    (folder / "a.part").write_bytes(b"0123")
    fields = {"url": URL, "validator": '"v"', "total_bytes": note, "received_bytes": note}
    (folder / "a.part.json").write_text(json.dumps(fields))
    kept = PartFile(folder / "a").load(URL)
    assert kept.url == URL
    assert 0 <= kept.received_bytes <= 4


def test_a_complete_part_asks_for_its_last_byte(part, tmp_path):
    path = tmp_path / "weights.pth.part.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"total_bytes": 4}))
    assert part.load(URL).received_bytes == 3


def test_a_full_disk_is_noticed_before_anything_is_sent(tmp_path):
    target = tmp_path / "not" / "yet" / "there" / "a"
    with pytest.raises(
        DownloadError, match=r"Make room on the disk of .*needs 9,000,000,000\.0 MB"
    ):
        download(
            Download("https://host.invalid/a", size_bytes=9 * 10**15),
            target,
            on_progress=pytest.fail,
            is_cancelled=threading.Event(),
            limits=Limits(spare_bytes=0),
        )
    assert list(tmp_path.iterdir()) == []


# --- kinds of failure ------------------------------------------------------------------------


def test_callers_can_tell_apart_what_went_wrong(part, tmp_path):
    assert isinstance(failures.explain(http_error(404), URL), GoneError)
    assert isinstance(failures.explain(http_error(410), URL), GoneError)
    assert not isinstance(failures.explain(http_error(403), URL), GoneError | BrokenError)
    assert isinstance(failures.explain(http_error(429), URL), BrokenError)
    assert isinstance(part.explain(PermissionError(13, "denied")), StorageError)
    with pytest.raises(StorageError):
        part.check_room(1 << 60, 0)


# --- sentences -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "start", "is_worth_another"),
    [
        (http_error(404), "Look for a newer version", False),
        (http_error(410), "Look for a newer version", False),
        (http_error(401), "Try another network, or download https://example.org/", False),
        (http_error(403), "Try another network, or download https://example.org/", False),
        (http_error(407), "Put name and password", False),
        (http_error(511), "Open a browser", False),
        (http_error(408), "Try again later", True),
        (http_error(429), "Try again later", True),
        (http_error(500), "Try again later", True),
        (http_error(503), "Try again later", True),
        (http_error(302, "file:///etc/passwd"), f"Download {URL} with a browser", False),
        (urllib.error.URLError(OSError(101, "unreachable")), "Check the internet connection", True),
        (urllib.error.URLError(TimeoutError()), "Check the internet connection", True),
        (urllib.error.URLError(PermissionError()), "Check the internet connection", True),
        (
            urllib.error.URLError(OSError("Tunnel connection failed: 407 Login")),
            "Put name and password",
            False,
        ),
        (
            urllib.error.URLError(OSError("Tunnel connection failed: 403 No")),
            "Ask who runs this network",
            False,
        ),
        (
            urllib.error.URLError(OSError("Tunnel connection failed: 502 Later")),
            "Ask who runs this network",
            True,
        ),
        (ssl.SSLCertVerificationError("certificate"), "Check this computer's date", False),
        (ssl.SSLEOFError(), "Try again later", True),
        (ConnectionResetError(), "Try again later", True),
        (http.client.IncompleteRead(b""), "Try again later", True),
        (http.client.BadStatusLine("x"), "Try again later", True),
        (http.client.InvalidURL("a b"), "Use an address", False),
        (UnicodeEncodeError("idna", "x", 0, 1, "too long"), "Use an address", False),
    ],
)
def test_each_failure_has_one_sentence(error, start, is_worth_another):
    if isinstance(error, ssl.SSLCertVerificationError):
        error.verify_message = "self-signed certificate"
    found = failures.explain(error, URL)
    assert str(found).startswith(start)
    assert str(found).endswith(".")
    assert "passwd" not in str(found)
    assert isinstance(found, failures.BrokenError) == is_worth_another


@pytest.mark.parametrize("text", ["", "soon", "-5", "٣", "Wed, 99 Oct 2015"])
def test_a_senseless_retry_after_asks_for_no_wait(text):
    assert failures.explain(http_error(503, Retry_After=text), URL).retry_after_s == 0


def test_retry_after_is_seconds_or_a_date():
    assert failures.explain(http_error(429, Retry_After="7"), URL).retry_after_s == 7
    for date in (email.utils.formatdate(time.time() + 100, usegmt=True),
                 email.utils.formatdate(time.time() + 100)):  # fmt: skip
        wait_s = failures.explain(http_error(503, Retry_After=date), URL).retry_after_s
        assert 90 < wait_s <= 100
    past = email.utils.formatdate(time.time() - 100, usegmt=True)
    assert failures.explain(http_error(503, Retry_After=past), URL).retry_after_s == 0
