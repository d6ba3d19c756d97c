# SPDX-License-Identifier: MIT
"""The only module that opens a network connection: one GET request, and its answer."""

import http.client
import io
import re
import socket
import ssl
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from email.message import Message
from http import HTTPStatus
from typing import IO, Any
from urllib.parse import urlsplit

import truststore
from msgspec import Struct
from msgspec.structs import replace

from gallery_search import __version__
from gallery_search.errors import DownloadError
from gallery_search.language import mark
from gallery_search.net import failures
from gallery_search.net.part_file import Kept

_BLOCK_BYTES = 1 << 18  # read at once
_POLL_S = 0.25  # how soon a wish to stop is noticed while nothing arrives
_SCHEMES = ("http", "https")
_PAGE_STARTS = (b"<!doctype html", b"<html")


class Limits(Struct, frozen=True):
    """How patient a download is.

    Attributes:
        connect_s: for connecting, to each address of a host.
        stall_s: without a byte, until the connection counts as dead.
        waits_s: before the second attempt, the third and so on; the last attempt's failure is
            that of the download.
        retry_after_s: the longest wait that a server may ask for.
        spare_bytes: to be left free on the disk for everything else.
        most_bytes: of a file whose size its caller does not know.
    """

    connect_s: float = 15.0
    stall_s: float = 30.0
    waits_s: tuple[float, ...] = (1.0, 2.0, 4.0, 8.0)
    retry_after_s: float = 60.0
    spare_bytes: int = 64 << 20
    most_bytes: int = 4 << 30


class Answer(Struct, frozen=True):
    """A server's answer; to be closed.

    Attributes:
        kept: what it goes on from: all that was kept, or nothing.
        sha256: of the whole file, where the server states it.
    """

    kept: Kept
    sha256: str | None
    host: str
    _response: http.client.HTTPResponse

    def close(self) -> None:
        """End the connection."""
        self._response.close()

    def blocks(self) -> Iterator[bytes]:
        """The bytes as they arrive; raises BrokenError where they end before the told length."""
        received, total = self.kept.received_bytes, self.kept.total_bytes
        while total is None or received < total:
            # Beyond the length that was told there may be anything, or nothing but waiting.
            size = _BLOCK_BYTES if total is None else min(_BLOCK_BYTES, total - received)
            try:
                block = self._response.read1(size)
            except (OSError, http.client.HTTPException) as error:
                raise failures.explain(error, self._response.url) from error
            if not block:
                if total is not None:
                    raise failures.broken_off(self.host)
                return
            if not received and block.lstrip().lower().startswith(_PAGE_STARTS):
                raise failures.login_page(self.host)
            received += len(block)
            yield block


def ask(kept: Kept, limits: Limits, is_cancelled: threading.Event) -> Answer:
    """Ask for what is missing of a file; blocks until the answer begins.

    Redirects are followed, to http and https only and never from https to http. Proxies are those
    of the system's settings at this moment.

    Raises:
        RangeError: the server cannot go on from what is kept.
        BrokenError: another attempt makes sense.
        DownloadError: none does.
    """
    _check_address(kept.url)
    proxies = _read_proxies(kept.url)
    if is_cancelled.is_set():
        raise failures.cancelled()
    headers = {"User-Agent": f"gallery-search/{__version__}"}
    if kept.received_bytes and kept.validator:
        headers |= {"Range": f"bytes={kept.received_bytes}-", "If-Range": kept.validator}
    redirects = _Redirects()
    opener = urllib.request.OpenerDirector()
    opener.addheaders = []
    for handler in (
        urllib.request.ProxyHandler(proxies),
        _Transport(limits.stall_s, is_cancelled),
        redirects,
        urllib.request.HTTPErrorProcessor(),
        urllib.request.HTTPDefaultErrorHandler(),
    ):
        opener.add_handler(handler)
    try:
        request = urllib.request.Request(kept.url, headers=headers)  # noqa: S310 - checked above
        response = opener.open(request, timeout=limits.connect_s)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise failures.explain(error, kept.url) from error
    assert isinstance(response, http.client.HTTPResponse)
    host = failures.host_of(response.url)
    try:
        sha256 = redirects.sha256 or _read_sha256(response.headers)
        return Answer(_find_place(response, kept, host), sha256, host, response)
    except DownloadError:
        response.close()
        raise


def _check_address(url: str) -> None:
    try:
        parts = urlsplit(url)
    except ValueError:
        raise failures.bad_address(url) from None
    if parts.scheme not in _SCHEMES or not parts.hostname:
        raise failures.bad_address(url)


def _read_proxies(url: str) -> dict[str, str]:
    """The proxies of environment variables, or else of the settings of Windows or macOS."""
    proxies = urllib.request.getproxies()
    if everything := proxies.get("all"):
        proxies = dict.fromkeys(_SCHEMES, everything) | proxies
    parts = urlsplit(url)
    proxy = proxies.get(parts.scheme, "")
    is_known = "://" not in proxy or proxy.partition("://")[0].lower() in _SCHEMES
    if not is_known and not urllib.request.proxy_bypass(parts.netloc):
        raise failures.bad_proxy(url, proxy)
    return proxies


def _find_place(response: http.client.HTTPResponse, kept: Kept, host: str) -> Kept:
    """Where in the file an answer begins; raises RangeError where that does not fit."""
    headers = response.headers
    etag, modified = headers["ETag"], headers["Last-Modified"]
    if response.status == HTTPStatus.PARTIAL_CONTENT and kept.received_bytes:
        place = re.fullmatch(r"bytes (\d+)-(\d+)/(\d+)", headers.get("Content-Range", "").strip())
        first, last, total = (int(number) for number in place.groups()) if place else (0, 0, 0)
        is_rest = first == kept.received_bytes and last == total - 1
        is_same = kept.validator in (etag, modified) or etag is modified is None
        if not is_rest or not is_same or kept.total_bytes not in (None, total):
            raise failures.RangeError(
                mark("{host} sends another part than asked for.").format(host=host)
            )
        return replace(kept, total_bytes=total)
    if headers.get_content_type() == "text/html":
        raise failures.login_page(host)
    coding = headers.get("Content-Encoding", "identity").lower()
    if response.status != HTTPStatus.OK or coding != "identity":
        raise DownloadError(
            mark(
                "Download {url} with a browser: {host} sends the file in a way that this program "
                "does not understand ({status}, {coding})."
            ).format(url=kept.url, host=host, status=response.status, coding=coding)
        )
    # A weak ETag does not promise the same bytes (RFC 9110, section 13.1.5).
    is_strong = etag is not None and not etag.startswith("W/")
    return Kept(kept.url, etag if is_strong else modified, response.length)


def _read_sha256(headers: Message) -> str | None:
    """The checksum that Hugging Face states of the linked file, on the answer that redirects to it.

    `X-Linked-ETag` is the quoted SHA-256 of a file that is kept in LFS or Xet; of others it would
    be a Git hash of 40 digits (huggingface_hub issue 3018, and
    `huggingface_hub.file_download.REGEX_SHA256`).
    """
    match = re.fullmatch(r'"?([0-9a-fA-F]{64})"?', headers.get("X-Linked-ETag", "").strip())
    return match[1].lower() if match else None


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows redirects where that is safe, and remembers a checksum that the first one states."""

    def __init__(self) -> None:
        self.sha256: str | None = None

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        self.sha256 = self.sha256 or _read_sha256(headers)
        fp.close()  # or urllib would read the whole answer, however long it is
        scheme = urlsplit(newurl).scheme
        if scheme not in _SCHEMES or (req.type, scheme) == ("https", "http"):
            raise failures.bad_redirect(req.full_url)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


class _Transport(urllib.request.AbstractHTTPHandler):
    """Opens connections whose answers can be waited for, and given up."""

    def __init__(self, stall_s: float, is_cancelled: threading.Event) -> None:
        super().__init__()
        self._stall_s = stall_s
        self._is_cancelled = is_cancelled

    def http_open(self, request: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(self._connect_by(http.client.HTTPConnection), request)

    def https_open(self, request: urllib.request.Request) -> http.client.HTTPResponse:
        context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        return self.do_open(self._connect_by(http.client.HTTPSConnection), request, context=context)

    http_request = https_request = urllib.request.AbstractHTTPHandler.do_request_

    def _connect_by(self, kind: type[http.client.HTTPConnection]) -> Callable[..., Any]:
        def answer(sock: socket.socket, **arguments: Any) -> http.client.HTTPResponse:
            response = http.client.HTTPResponse(sock, **arguments)
            patient = _PatientReader(sock, response.fp, self._stall_s, self._is_cancelled)
            response.fp = io.BufferedReader(patient)
            return response

        def connect(host: str, **arguments: Any) -> http.client.HTTPConnection:
            connection = kind(host, **arguments)
            connection.response_class = answer  # type: ignore[assignment]  # only ever called
            return connection

        return connect


class _PatientReader(io.RawIOBase):
    """Reads from a socket until nothing came for some time, or the caller wishes to stop.

    A reader of `socket.makefile` cannot go on after a time-out, so one time-out of the socket
    would have to serve both for a dead connection and for noticing the wish.
    """

    def __init__(
        self, sock: socket.socket, owner: IO[bytes], stall_s: float, is_cancelled: threading.Event
    ) -> None:
        self._socket = sock
        self._owner = owner  # keeps the socket open until it is closed itself
        self._stall_s = stall_s
        self._is_cancelled = is_cancelled

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        deadline_s = time.monotonic() + self._stall_s
        usual_s = self._socket.gettimeout()
        self._socket.settimeout(min(_POLL_S, self._stall_s))
        try:
            while True:
                if self._is_cancelled.is_set():
                    raise failures.cancelled()
                try:
                    return self._socket.recv_into(buffer)
                except TimeoutError:
                    if time.monotonic() >= deadline_s:
                        raise
        finally:
            self._socket.settimeout(usual_s)  # a proxy's tunnel still has a TLS greeting before it

    def close(self) -> None:
        self._owner.close()
        super().close()
