# SPDX-License-Identifier: MIT
"""What can go wrong between here and a server, and the sentence that says what to do about it.

Nothing here connects to anything. Where another attempt makes sense, the error is a `BrokenError`.
"""

import email.utils
import http.client
import re
import ssl
import urllib.error
from datetime import UTC, datetime
from email.message import Message
from http import HTTPStatus
from urllib.parse import urlsplit

from gallery_search.errors import DownloadCancelledError, DownloadError
from gallery_search.language import mark


class BrokenError(DownloadError):
    """This attempt failed; the next may succeed.

    Attributes:
        retry_after_s: how long the server asks to wait before it.
    """

    def __init__(self, sentence: str, retry_after_s: float = 0.0) -> None:
        super().__init__(sentence)
        self.retry_after_s = retry_after_s


class WrongFileError(DownloadError):
    """What arrives, or has arrived, is not the file that was wanted; it is of no use."""


class RangeError(DownloadError):
    """The server cannot go on from the bytes that are there; it can from the beginning."""


class GoneError(DownloadError):
    """The server knows no such file (any more)."""


def explain(error: Exception, url: str) -> DownloadError:
    """What an exception of urllib, http.client or the sockets means; HTTP errors are closed."""
    host = host_of(url)
    if isinstance(error, urllib.error.HTTPError):
        error.close()
        if error.code < HTTPStatus.BAD_REQUEST:  # a circle, or an address of another kind
            return bad_redirect(url)
        return _explain_status(error.code, error.headers, error.url or url)
    reason = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(reason, ssl.SSLCertVerificationError):
        return DownloadError(
            mark(
                "Check this computer's date and time, and in a browser whether the network asks "
                "for a login first: the certificate of {host} is not trusted ({reason})."
            ).format(host=host, reason=reason.verify_message)
        )
    # The wording of http.client for the answer of a proxy that was asked for a tunnel.
    if refusal := re.match(r"Tunnel connection failed: (\d{3})", str(reason)):
        return _explain_tunnel(int(refusal[1]), host)
    if isinstance(reason, ValueError | http.client.InvalidURL):
        return bad_address(url)
    if isinstance(error, urllib.error.URLError):
        return BrokenError(
            mark(
                "Check the internet connection, the proxy settings and the firewall, then try "
                "again: {host} cannot be reached."
            ).format(host=host)
        )
    return broken_off(host)


def broken_off(host: str) -> BrokenError:
    """For a connection that ends or falls silent too early."""
    return BrokenError(
        mark(
            "Try again later, and the download goes on from where it is: the connection to {host} "
            "keeps breaking off."
        ).format(host=host)
    )


def cancelled() -> DownloadCancelledError:
    """For a caller who asked for it."""
    return DownloadCancelledError(
        mark("The download was stopped; start it again to go on with it.")
    )


def login_page(host: str) -> DownloadError:
    """For a page to look at in place of the file, as networks in hotels and trains answer."""
    return DownloadError(
        mark(
            "Open a browser and see whether this network asks for a login, then try again: in "
            "place of the file came a web page from {host}."
        ).format(host=host)
    )


def bad_address(url: str) -> DownloadError:
    """For an address that is none, or is neither http nor https."""
    return DownloadError(
        mark("Use an address that begins with https:// or http://, not {url}.").format(
            url=repr(url)
        )
    )


def bad_proxy(url: str, proxy: str) -> DownloadError:
    """For a proxy that urllib cannot speak to; without it we do not go to the network."""
    kind = proxy.partition("://")[0].upper()
    return DownloadError(
        mark(
            "Set an HTTP proxy, or download {url} with a browser: this computer's settings name a "
            "{kind} proxy, which this program cannot use."
        ).format(url=url, kind=kind)
    )


def bad_redirect(url: str) -> DownloadError:
    """For a server that passes us on to where we do not follow."""
    return DownloadError(
        mark(
            "Download {url} with a browser, if you trust it: its server passes the download on in "
            "a circle, or to an address that is not safe."
        ).format(url=url)
    )


def host_of(url: str) -> str:
    """The name of the server, for a sentence."""
    return urlsplit(url).hostname or url


def _explain_status(code: int, headers: Message, url: str) -> DownloadError:
    host = host_of(url)
    if code == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
        return _proxy_login()
    if code == HTTPStatus.NETWORK_AUTHENTICATION_REQUIRED:
        return login_page(host)
    if code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
        return RangeError(
            mark("Download again later: {host} sends no part of the file.").format(host=host)
        )
    if code in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
        return GoneError(
            mark(
                "Look for a newer version of this program: the file is not at {url} (any more)."
            ).format(url=url)
        )
    if (
        code in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.REQUEST_TIMEOUT)
        or code >= HTTPStatus.INTERNAL_SERVER_ERROR
    ):
        return BrokenError(
            mark("Try again later: {host} is not able to send the file now (error {code}).").format(
                host=host, code=code
            ),
            _read_wait_s(headers),
        )
    return DownloadError(
        mark(
            "Try another network, or download {url} with a browser: {host} does not give the file "
            "to this program (error {code})."
        ).format(url=url, host=host, code=code)
    )


def _explain_tunnel(code: int, host: str) -> DownloadError:
    if code == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
        return _proxy_login()
    sentence = mark(
        "Ask who runs this network to allow {host}, or try another network: its proxy does not "
        "connect to it (error {code})."
    ).format(host=host, code=code)
    is_passing = code >= HTTPStatus.INTERNAL_SERVER_ERROR
    return BrokenError(sentence) if is_passing else DownloadError(sentence)


def _proxy_login() -> DownloadError:
    return DownloadError(
        mark(
            "Put name and password into the proxy settings (http://name:password@server:port), or "
            "use another network: the proxy of this network asks for a login."
        )
    )


def _read_wait_s(headers: Message) -> float:
    """`Retry-After`, seconds or a date (RFC 9110, section 10.2.3); 0 where there is none."""
    text = (headers.get("Retry-After") or "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        date = email.utils.parsedate_to_datetime(text)
    except ValueError:
        return 0.0
    date = date if date.tzinfo else date.replace(tzinfo=UTC)
    return max(0.0, (date - datetime.now(UTC)).total_seconds())
