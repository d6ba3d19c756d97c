# SPDX-License-Identifier: MIT
"""What a drop or the clipboard offers, and which part of it is taken.

The order, and the offers of real browsers and file managers behind it, are in
`docs/decisions/drops.md`. Nothing here fetches a link, and nothing writes, moves or decodes.
"""

import binascii
import html
import os
import re
import struct
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import islice
from typing import TypeAlias
from urllib.parse import unquote, unquote_to_bytes

from msgspec import Struct
from PySide6.QtCore import QMimeData
from PySide6.QtGui import QImage

from gallery_search.gui import wording
from gallery_search.imaging.formats import is_photo_name, looks_like_image
from gallery_search.language import tr
from gallery_search.records import BytesSource, ImageSource, PathSource

from . import offer_texts

MAX_IMAGE_BYTES = 256 << 20  # in memory, a 12-megapixel photo as a bitmap takes 48 MB

_QT_IMAGE = "application/x-qt-image"
_URI_LIST = "text/uri-list"
_COPIED_FILES = "x-special/gnome-copied-files"  # "copy" or "cut", then one URL a line
_FIREFOX_FILE_NAME = "application/x-moz-file-promise-dest-filename"
_TEXTS = ("text/plain;charset=utf-8", "text/plain")
# How Qt names formats of Windows that it does not know itself (QMimeData, QWindowsMimeConverter).
_WINDOWS_FILE_NAMES = 'application/x-qt-windows-mime;value="FileGroupDescriptorW"'
_WINDOWS_CONTENTS = 'application/x-qt-windows-mime;value="FileContents"'
_MAC_PROMISES = ("com.apple.pasteboard.promised-file-url", "public.file-url")
# A browser makes the others out of the picture on demand, with losses or in more bytes.
_PREFERRED_IMAGES = ("image/png", "image/jpeg", "image/webp", "image/avif", "image/tiff")

_WEB_SCHEMES = frozenset({"http", "https", "ftp", "blob"})
_WEB_PAGES = (".html", ".htm", ".xhtml", ".mhtml", ".php")
_MAX_CHECKED_FILES = 64  # each asks the disk, and a network drive takes milliseconds to answer
_MAX_TEXT_FOR_PATHS = 1 << 16
_MAX_NAME = 80  # characters
_MAX_TAGS = 64

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):")
_IMG_TAG = re.compile(r"<img(?=[\s/])", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    r"""[\s/]*([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?"""
)


class Images(Struct, frozen=True):
    """Images to search for, at least one, in the order in which they were offered."""

    sources: tuple[ImageSource, ...]


class Folders(Struct, frozen=True):
    """Folders that may be watched, at least one; files offered beside them are left out."""

    paths: tuple[str, ...]


class Refusal(Struct, frozen=True):
    """Nothing that can be used; `sentence` tells the user why and what to do instead."""

    sentence: str


Offer: TypeAlias = Images | Folders | Refusal


def accepts(mime: QMimeData) -> bool:
    """Whether to take a drag: for anything that could be an image, a folder or a link.

    What turns out not to be one is refused with a sentence after the drop, which tells more than
    a pointer that says no. Looks at the formats' names alone. GUI thread.
    """
    known = (_QT_IMAGE, _URI_LIST, _COPIED_FILES, _WINDOWS_FILE_NAMES, *_MAC_PROMISES)
    return any(
        name in known or name.startswith(("image/", "application/octet-stream", "text/"))
        for name in mime.formats()
    )


def read_offer(mime: QMimeData, default_name: str) -> Offer:
    """Take the first thing of an offer that can be used; never raises on what is offered.

    Asks the disk whether at most 64 files are there, and copies at most one image. GUI thread.

    Args:
        mime: of a drop event or the clipboard; it must live until this returns.
        default_name: of an image without a name, such as "Dropped image".
    """
    return _OfferReader(mime, default_name).read()


class _OfferReader:
    """One reading of one offer; remembers why parts were passed over, for the refusal."""

    def __init__(self, mime: QMimeData, default_name: str) -> None:
        self._mime = mime
        self._default_name = default_name
        self._formats = mime.formats()
        self._has_too_large = False
        self._missing: str | None = None
        copied_files = _url_lines(self._data(_COPIED_FILES))[1:]
        self._urls = _url_lines(self._data(_URI_LIST)) or copied_files

    def read(self) -> Offer:
        paths = _local_paths(self._urls)
        local = self._local(paths)
        # Of an image that is a link in a page on this disk, browsers give the link's target as
        # the file and the image as bytes.
        is_link_target = len(paths) == 1 and paths[0].lower().endswith(_WEB_PAGES)
        if local is not None and not is_link_target:
            return local
        image = (
            self._encoded_image()
            or self._qt_image()
            or self._data_url_image()
            or self._windows_file_contents()
        )
        if image is not None:
            return Images((image,))
        return local or self._mac_promises() or self._text_paths() or self._refusal()

    # --- the kinds of offers, in their order --------------------------------------------------

    def _local(self, paths: Iterable[str]) -> Images | Folders | None:
        """The folders among paths, else the files that are there, else None."""
        folders, files = [], []
        for position, path in enumerate(dict.fromkeys(paths)):
            if position < _MAX_CHECKED_FILES and os.path.isdir(path):
                folders.append(path)
            elif position >= _MAX_CHECKED_FILES or os.path.exists(path):
                files.append(PathSource(path))
            elif self._missing is None:
                self._missing = path
        if folders:
            return Folders(tuple(folders))
        return Images(tuple(files)) if files else None

    def _encoded_image(self) -> BytesSource | None:
        """An image file's bytes: Chromium's `application/octet-stream`, or `image/*`."""
        images = [name for name in self._formats if name.startswith("image/")]
        images.sort(key=lambda name: name not in _PREFERRED_IMAGES)
        names = [*(n for n in self._formats if n.startswith("application/octet-stream")), *images]
        for name in names:
            data = self._data(name)
            if looks_like_image(data):
                return BytesSource(data, self._name())
        return None

    def _qt_image(self) -> BytesSource | None:
        if not self._mime.hasImage():
            return None
        image = self._mime.imageData()
        if not isinstance(image, QImage) or image.isNull():
            return None
        if image.width() * image.height() * 4 > MAX_IMAGE_BYTES:
            self._has_too_large = True
            return None
        return BytesSource(_as_bitmap(image), self._name())

    def _data_url_image(self) -> BytesSource | None:
        urls = [*(url.decode("latin-1") for url in self._urls), self._text]
        own_name = self._name()
        for url, name in (*((url, own_name) for url in urls), *self._page_images):
            data = _data_of_url(url)
            if len(data) > MAX_IMAGE_BYTES:
                self._has_too_large = True
            elif looks_like_image(data):
                return BytesSource(data, _safe_name(name) or self._default_name)
        return None

    def _windows_file_contents(self) -> BytesSource | None:
        """The first image among files that only the other program has; Qt counts by `index`."""
        if _WINDOWS_FILE_NAMES not in self._formats:
            return None
        for index, name in enumerate(_described_file_names(self._data(_WINDOWS_FILE_NAMES))):
            data = self._data(f"{_WINDOWS_CONTENTS};index={index}")
            if not data and index == 0:
                data = self._data(_WINDOWS_CONTENTS)
            if looks_like_image(data):
                return BytesSource(data, _safe_name(name) or self._default_name)
        return None

    def _mac_promises(self) -> Images | Folders | None:
        """Promised files that the other program has written already; Qt asks for no others."""
        urls = [url for name in _MAC_PROMISES for url in _url_lines(self._data(name))]
        return self._local(_local_paths(urls))

    def _text_paths(self) -> Images | Folders | None:
        """Text of which every line is an absolute path or a file URL, quoted or not."""
        if len(self._text) > _MAX_TEXT_FOR_PATHS:
            return None
        paths = [_path_of_text(line.strip()) for line in self._text.splitlines() if line.strip()]
        found = [path for path in paths if path is not None]
        return self._local(found) if len(found) == len(paths) else None

    def _refusal(self) -> Refusal:
        schemes = {_scheme(url.decode("latin-1")) for url in self._urls}
        schemes |= {_scheme(self._text), *(_scheme(url) for url, _ in self._page_images)}
        if self._has_too_large:
            return Refusal(tr(offer_texts.TOO_LARGE))
        if self._missing is not None:
            name = _safe_name(wording.display_name(self._missing))
            return Refusal(tr("The file “{name}” could not be found.", name=name))
        if schemes & _WEB_SCHEMES:
            return Refusal(tr(offer_texts.COPY_FROM_BROWSER))
        if self._urls and "data" not in schemes:
            return Refusal(tr(offer_texts.NOT_REACHABLE))
        if not self._formats:
            return Refusal(tr(offer_texts.NOTHING))
        return Refusal(
            tr(
                offer_texts.IS_TEXT
                if self._text and "data" not in schemes
                else offer_texts.NOT_AN_IMAGE
            )
        )

    # --- what is read out of the offer --------------------------------------------------------

    def _data(self, name: str) -> bytes:
        data = self._mime.data(name)
        if data.size() > MAX_IMAGE_BYTES:
            self._has_too_large = True
            return b""
        return bytes(data.data())

    @cached_property
    def _text(self) -> str:
        name = next((name for name in _TEXTS if name in self._formats), None)
        return _decoded(self._data(name)).strip() if name else ""

    @cached_property
    def _page_images(self) -> list[tuple[str, str]]:
        """The `src` and `alt` of the images in the HTML of the offer."""
        return list(_img_tags(_decoded(self._data("text/html"))))

    def _name(self) -> str:
        """What to call image data: the file's name in the page, or the image's description."""
        promised = self._data(_FIREFOX_FILE_NAME).decode("utf-16-le", "replace")
        url, alt = self._page_images[0] if self._page_images else ("", "")
        last_parts = [_last_part(url), *(_last_part(u.decode("latin-1")) for u in self._urls)]
        files = [name for name in (promised, *last_parts) if is_photo_name(name)]
        is_embedded = _scheme(url) == "data"  # Firefox then makes a file name up
        names = (alt,) if is_embedded else (*files, alt)
        return next(filter(None, map(_safe_name, names)), self._default_name)


# --- URLs and paths ---------------------------------------------------------------------------


def _url_lines(data: bytes) -> list[bytes]:
    """The URLs of a `text/uri-list` (RFC 2483), as bytes: QUrl would lose what is not UTF-8."""
    lines = (line.strip() for line in data.replace(b"\0", b"\n").splitlines())
    return [line for line in lines if line and not line.startswith(b"#")]


def _local_paths(urls: Iterable[bytes]) -> list[str]:
    return [path for url in urls if (path := _path_of_url(url)) is not None]


def _path_of_url(url: bytes, *, is_windows: bool = os.name == "nt") -> str | None:
    """The path of a file URL of this computer, undecodable bytes as surrogate escapes."""
    if url[:5].lower() != b"file:":
        return None
    _, _, after = url.partition(b"://") if url[5:7] == b"//" else (b"", b"", url[5:])
    host, slash, rest = after.partition(b"/")
    is_local = host.lower() in (b"", b"localhost")
    data = unquote_to_bytes(slash + rest)
    if not slash or b"\0" in data or not (is_local or is_windows):
        return None
    if is_windows:
        path = data.decode("utf-8", "replace").replace("/", "\\")
        return path[1:] if is_local else f"\\\\{host.decode('latin-1')}{path}"
    if re.search(rb"[?#]", rest) and not os.path.exists(data):  # of a page's image, "a.png?v=2"
        data = unquote_to_bytes(slash + re.split(rb"[?#]", rest)[0])
    return os.fsdecode(data)


def _path_of_text(line: str) -> str | None:
    """The path that a line of text is: absolute, below `~`, or a file URL; perhaps in quotes."""
    if len(line) > 1 and line[0] == line[-1] and line[0] in "\"'":
        line = line[1:-1]
    if line[:5].lower() == "file:":
        return _path_of_url(line.encode("utf-8", "surrogateescape"))
    if line == "~" or line.startswith(("~/", f"~{os.sep}")):
        line = os.path.expanduser(line)
    return line if os.path.isabs(line) and "\0" not in line else None


def _scheme(url: str) -> str:
    match = _SCHEME.match(url)
    return match[1].lower() if match else ""


def _last_part(url: str) -> str:
    """The decoded last part of a URL's path; empty for a `data:` URL."""
    if _scheme(url) == "data":
        return ""
    return unquote(re.split(r"[?#]", url, maxsplit=1)[0].rpartition("/")[2])


def _safe_name(name: str) -> str:
    """A name from elsewhere as one short line that can be shown, without folders."""
    last_part = re.split(r"[/\\]", name)[-1] if is_photo_name(name) else name
    shown = " ".join("".join(c if c.isprintable() else " " for c in last_part).split())
    return shown if len(shown) <= _MAX_NAME else f"{shown[: _MAX_NAME - 1]}…"


# --- texts ------------------------------------------------------------------------------------


def _decoded(data: bytes) -> str:
    """Text as programs offer it: UTF-8, or UTF-16 from older Firefox and Windows programs."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    if data[1:2] == b"\0":
        return data.decode("utf-16-le", "replace")
    return data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape")


def _img_tags(page: str) -> Iterator[tuple[str, str]]:
    """The `src` and `alt` of the first images in HTML, in time linear in its length.

    Python's own parser takes seconds for a large `data:` URL that is not closed.
    """
    for tag in islice(_IMG_TAG.finditer(page), _MAX_TAGS):
        attributes: dict[str, str] = {}
        position = tag.end()
        while len(attributes) < _MAX_TAGS and (match := _ATTRIBUTE.match(page, position)):
            value = match[2] or match[3] or match[4] or ""
            attributes.setdefault(match[1].lower(), value)
            position = match.end()
        if "src" in attributes:
            yield html.unescape(attributes["src"]).strip(), html.unescape(attributes.get("alt", ""))


def _data_of_url(url: str) -> bytes:
    """The content of a `data:` URL (RFC 2397), empty where it is none or is damaged."""
    head, comma, content = url.partition(",")
    if _scheme(head) != "data" or not comma:
        return b""
    data = unquote_to_bytes(content.encode("utf-8", "replace"))
    if not head.lower().rstrip().endswith(";base64"):
        return data
    try:
        return binascii.a2b_base64(data + b"==")  # padding is often missing; more does no harm
    except binascii.Error:
        return b""


# --- binary layouts ---------------------------------------------------------------------------

_BMP_HEADER = struct.Struct("<2sIHHI" + "IiiHHIIiiII" + "4I")  # with a BITMAPV3INFOHEADER
_BMP_MASKS = (0x00FF0000, 0x0000FF00, 0x000000FF)
_FILE_DESCRIPTOR_BYTES, _FILE_NAME_AT = 592, 72  # FILEDESCRIPTORW of shlobj_core.h


def _as_bitmap(image: QImage) -> bytes:
    """A BMP of 32 bits a pixel, top row first, with alpha where the image has it.

    Measured for 12 megapixels: this 33 ms (63 ms with alpha premultiplied), Qt's own BMP 94 ms
    and without alpha, Qt's PNG uncompressed 610 ms and at its default 4.1 s.
    """
    has_alpha = image.hasAlphaChannel()
    wanted = QImage.Format.Format_ARGB32 if has_alpha else QImage.Format.Format_RGB32
    if image.format() != wanted:
        image = image.convertToFormat(wanted)
    pixels = image.constBits()
    header = _BMP_HEADER.pack(
        *(b"BM", _BMP_HEADER.size + len(pixels), 0, 0, _BMP_HEADER.size),
        *(_BMP_HEADER.size - 14, image.width(), -image.height(), 1, 32),
        *(3, len(pixels), 2835, 2835, 0, 0),  # BI_BITFIELDS, 72 dpi
        *(*_BMP_MASKS, 0xFF000000 if has_alpha else 0),
    )
    return b"".join((header, pixels))


def _described_file_names(data: bytes) -> list[str]:
    """The names in a FILEGROUPDESCRIPTORW, at most 64; cut-off descriptions are left out."""
    count = min(int.from_bytes(data[:4], "little"), _MAX_CHECKED_FILES)
    count = min(count, (len(data) - 4) // _FILE_DESCRIPTOR_BYTES)
    starts = (4 + index * _FILE_DESCRIPTOR_BYTES for index in range(count))
    names = (data[start + _FILE_NAME_AT : start + _FILE_DESCRIPTOR_BYTES] for start in starts)
    return [name.decode("utf-16-le", "replace").partition("\0")[0] for name in names]
