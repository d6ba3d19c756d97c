# SPDX-License-Identifier: MIT
"""What is taken of a drop or the clipboard: real recorded offers, every rule, and nonsense."""

import base64
import io
import json
import os
import string
import struct
import zlib
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs
from PIL import Image
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QColor, QImage

from gallery_search.gui.query import offer_texts, offers
from gallery_search.gui.query.offers import Folders, Images, Refusal, accepts, read_offer
from gallery_search.records import BytesSource, PathSource

RECORDINGS = Path(__file__).parent / "recorded_drags"
RECORDED_PAGE = "/tmp/page"
RECORDED_FILES = "/tmp/files"

QT_IMAGE = "application/x-qt-image"
FILE_NAMES = 'application/x-qt-windows-mime;value="FileGroupDescriptorW"'
CONTENTS = 'application/x-qt-windows-mime;value="FileContents"'

posix_only = pytest.mark.skipif(os.name == "nt", reason="names that only POSIX systems allow")


def an_image(image_format: str = "PNG", colour: str = "teal") -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (8, 6), colour).save(buffer, image_format)
    return buffer.getvalue()


def a_file(path: Path, content: bytes = b"content") -> PathSource:
    path.write_bytes(content)
    return PathSource(str(path))


def offering(**formats: bytes | str) -> QMimeData:
    """Formats by name, "_" for "/", such as text_plain."""
    return offering_formats({name.replace("_", "/", 1): data for name, data in formats.items()})


def offering_formats(formats: dict[str, bytes | str]) -> QMimeData:
    mime = QMimeData()
    for name, data in formats.items():
        mime.setData(name, data.encode() if isinstance(data, str) else data)
    return mime


def uri_list(*urls: str) -> QMimeData:
    return offering_formats({"text/uri-list": "".join(f"{url}\r\n" for url in urls)})


def read(mime: QMimeData, default_name: str = "Dropped image") -> offers.Offer:
    return read_offer(mime, default_name)


def the_image(offer: offers.Offer) -> BytesSource:
    assert isinstance(offer, Images), offer
    (source,) = offer.sources
    assert isinstance(source, BytesSource)
    return source


def pixels_of(data: bytes) -> tuple[tuple[int, int], list[object]]:
    with Image.open(io.BytesIO(data)) as image:
        return image.size, list(image.convert("RGB").getcolors(1 << 16) or ())


# --- offers that were recorded ----------------------------------------------------------------


class Recording:
    """The formats that a program offered, in their order, with files where they were."""

    def __init__(self, name: str, folder: Path) -> None:
        self.head = json.loads((RECORDINGS / f"{name}.json").read_text("ascii"))
        self.contents: dict[str, bytes] = {}
        for entry in self.head["formats"]:
            if "text" in entry:
                data = entry["text"].encode()
            elif "same_as" in entry:
                data = self.contents[entry["same_as"]]
            elif "zlib" in entry:
                data = zlib.decompress(base64.b64decode(entry["zlib"]))
            else:
                data = base64.b64decode(entry["base64"])
            assert len(data) == entry["bytes"]
            self.contents[entry["format"]] = data
        here = quote(folder.as_posix(), safe="/:").encode()
        for recorded in (RECORDED_PAGE, RECORDED_FILES):
            for name_, data in self.contents.items():
                if name_.startswith("text/") or name_.endswith("copied-files"):
                    start = here if here.startswith(b"/") else b"/" + here
                    self.contents[name_] = data.replace(recorded.encode(), start)

    def mime(self) -> QMimeData:
        """The offer; Qt's own image is set as an image, as it arrives from another program."""
        mime = QMimeData()
        for name, data in self.contents.items():
            if name == QT_IMAGE:
                mime.setImageData(QImage.fromData(data))
            else:
                mime.setData(name, data)
        assert mime.formats() == list(self.contents)
        assert mime.hasImage() == self.head["hasImage"]
        assert mime.hasUrls() == self.head["hasUrls"]
        return mime


def test_every_recording_is_tested():
    tested = {*IMAGE_BYTES, *LOCAL_IMAGES, *LINKS, *FILE_MANAGERS}
    assert {path.stem for path in RECORDINGS.glob("*.json")} == tested


IMAGE_BYTES = {
    "chromium-drag-image": ("application/octet-stream", "drawing.png"),
    "chromium-drag-photo": ("application/octet-stream", "photo one.jpg"),
    "chromium-drag-linked-image": ("application/octet-stream", "linked.png"),
    "chromium-drag-linked-image-of-local-page": ("application/octet-stream", "linked.png"),
    "chromium-drag-data-image": ("application/octet-stream", "Dropped image"),
    "chromium-copy-image": ("image/png", "drawing.png"),
    "chromium-copy-photo-of-local-page": ("image/png", "photo one.jpg"),
    "firefox-drag-image": ("image/png", "drawing.png"),
    "firefox-drag-photo": ("image/png", "photo one.jpg"),
    "firefox-drag-linked-image": ("image/png", "linked.png"),
    "firefox-drag-linked-image-of-local-page": ("image/png", "linked.png"),
    "firefox-drag-data-image": ("image/png", "Dropped image"),
    "firefox-copy-image": ("image/png", "drawing.png"),
    "firefox-copy-photo": ("image/png", "photo one.jpg"),
    "chromium-copy-page": (None, "Dropped image"),  # the page's data: URL
    "firefox-copy-page": (None, "Dropped image"),
}


@pytest.mark.parametrize("name", IMAGE_BYTES)
def test_image_of_a_browser_is_taken_as_bytes(name: str, tmp_path: Path):
    a_file(tmp_path / "other.html")  # what the linked image links to
    recording = Recording(name, tmp_path)
    wanted_format, wanted_name = IMAGE_BYTES[name]
    mime = recording.mime()
    assert accepts(mime)
    source = the_image(read(mime))
    assert source.name == wanted_name
    assert pixels_of(source.data)[0] == (64, 48)
    if wanted_format is not None:
        assert source.data == recording.contents[wanted_format]


LOCAL_IMAGES = {
    "chromium-drag-image-of-local-page": "drawing.png",
    "chromium-drag-photo-of-local-page": "photo one.jpg",
    "firefox-drag-image-of-local-page": "drawing.png",
    "firefox-drag-photo-of-local-page": "photo one.jpg",
}


@pytest.mark.parametrize("name", LOCAL_IMAGES)
def test_image_of_a_page_on_disk_is_taken_as_its_file(name: str, tmp_path: Path):
    file = a_file(tmp_path / LOCAL_IMAGES[name])
    assert read(Recording(name, tmp_path).mime()) == Images((file,))


@pytest.mark.parametrize("name", LOCAL_IMAGES)
def test_image_of_a_page_on_disk_that_is_gone_is_taken_as_bytes(name: str, tmp_path: Path):
    source = the_image(read(Recording(name, tmp_path).mime()))
    assert source.name == LOCAL_IMAGES[name]


LINKS = ["chromium-drag-link", "firefox-drag-link"]


@pytest.mark.parametrize("name", LINKS)
def test_link_of_a_browser_is_refused_with_what_to_do(name: str, tmp_path: Path):
    mime = Recording(name, tmp_path).mime()
    assert accepts(mime)
    assert read(mime) == Refusal("Copy the image in the browser and paste it here.")


FILE_MANAGERS = {
    "pcmanfm-drag-file": (b"a drawing.png",),
    "pcmanfm-copy-file": (b"a drawing.png",),
    "pcmanfm-drag-undecodable-name": (b"latin1 caf\xe9.png",),
    "pcmanfm-drag-folder": (b"Fotos/",),
    "pcmanfm-drag-folder-and-files": (b"Fotos/", b"a drawing.png", b"photo one.jpg"),
}


@posix_only
@pytest.mark.parametrize("name", FILE_MANAGERS)
def test_files_of_a_file_manager(name: str, tmp_path: Path):
    paths = []
    for file_name in FILE_MANAGERS[name]:
        path = os.fsdecode(os.path.join(os.fsencode(tmp_path), file_name))
        paths.append(path.rstrip("/"))
        try:
            if path.endswith("/"):
                Path(path).mkdir()
            else:
                Path(path).write_bytes(b"content")
        except OSError:
            pytest.skip("this file system takes only names that are text")
    mime = Recording(name, tmp_path).mime()
    assert accepts(mime)
    is_folder = FILE_MANAGERS[name][0].endswith(b"/")
    expected = Folders((paths[0],)) if is_folder else Images((PathSource(paths[0]),))
    assert read(mime) == expected


# --- the rules --------------------------------------------------------------------------------


def test_the_first_kind_that_is_there_is_taken(tmp_path: Path):
    """Everything at once; then the kind that was taken goes, and the next one's turn comes."""
    file = a_file(tmp_path / "local.png")
    stream, jpeg, data, contents = (an_image("PNG", c) for c in ("red", "green", "blue", "white"))
    qt_image = QImage(5, 4, QImage.Format.Format_RGB32)
    qt_image.fill(QColor("yellow"))
    formats: dict[str, bytes | str] = {
        FILE_NAMES: a_file_group("late.png"),
        CONTENTS: contents,
        "text/html": f'<img src="data:image/png;base64,{base64.b64encode(data).decode()}">',
        "image/png": jpeg,
        "application/octet-stream": stream,
        "text/uri-list": QUrl.fromLocalFile(file.path).toEncoded().data(),
    }
    mime = offering_formats(formats)
    mime.setImageData(qt_image)
    assert read(mime) == Images((file,))
    mime.setData("text/uri-list", b"http://example.org/page")
    assert the_image(read(mime)).data == stream
    mime.removeFormat("application/octet-stream")
    assert the_image(read(mime)).data == jpeg
    mime.removeFormat("image/png")
    assert pixels_of(the_image(read(mime)).data) == ((5, 4), [(20, (255, 255, 0))])
    mime.removeFormat(QT_IMAGE)
    assert the_image(read(mime)).data == data
    mime.removeFormat("text/html")
    assert the_image(read(mime)) == BytesSource(contents, "late.png")
    mime.removeFormat(CONTENTS)
    assert read(mime) == Refusal(offer_texts.COPY_FROM_BROWSER)


def test_several_files_keep_their_order(tmp_path: Path):
    files = [a_file(tmp_path / name) for name in ("b.png", "a.png", "c ä#?.png")]
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(file.path) for file in [*files, files[0]]])
    assert read(mime) == Images(tuple(files))


def test_a_thousand_files_are_taken_though_few_are_looked_at(tmp_path: Path):
    first = a_file(tmp_path / "0.png")
    urls = [QUrl.fromLocalFile(str(tmp_path / f"{n}.png")).toString() for n in range(1000)]
    offer = read(uri_list(*urls))
    assert isinstance(offer, Images)
    assert offer.sources[0] == first
    assert len(offer.sources) == 1 + 1000 - 64


def test_missing_files_are_named_and_left_out(tmp_path: Path):
    file = a_file(tmp_path / "here.png")
    gone = QUrl.fromLocalFile(str(tmp_path / "gone one.png")).toString()
    assert read(uri_list(gone)) == Refusal("The file “gone one.png” could not be found.")
    assert read(uri_list(gone, QUrl.fromLocalFile(file.path).toString())) == Images((file,))


@posix_only
def test_file_urls_in_all_spellings(tmp_path: Path):
    file = a_file(tmp_path / "x y.png")
    path = file.path.replace(" ", "%20")
    for url in (f"file://{path}", f"FILE://localhost{path}", f"file:{path}", f"file://{path}?v=2"):
        assert read(uri_list("# a comment", url)) == Images((file,)), url
    literal = a_file(tmp_path / "x?v=2")
    assert read(uri_list(f"file://{literal.path}")) == Images((literal,))


@posix_only
@pytest.mark.parametrize("url", ["file://elsewhere/a.png", "sftp://host/a.png", "mtp://phone/1"])
def test_files_on_other_computers_are_refused(url: str):
    assert read(uri_list(url)) == Refusal(offer_texts.NOT_REACHABLE)


def test_copied_files_of_file_managers_without_a_uri_list(tmp_path: Path):
    file = a_file(tmp_path / "x.png")
    url = QUrl.fromLocalFile(file.path).toString()
    mime = offering_formats({"x-special/gnome-copied-files": f"cut\n{url}"})
    assert accepts(mime)
    assert read(mime) == Images((file,))
    assert Path(file.path).exists()


def test_pasted_path_with_a_byte_order_mark(tmp_path: Path):
    file = a_file(tmp_path / "a.png")
    for encoding in ("utf-8-sig", "utf-16"):
        assert read(offering(text_plain=file.path.encode(encoding))) == Images((file,))


@pytest.mark.parametrize("before", ["", "\n", '"', "'"])
def test_pasted_path(before: str, tmp_path: Path):
    file = a_file(tmp_path / "a photo.png")
    for text in (file.path, QUrl.fromLocalFile(file.path).toString()):
        assert read(offering(text_plain=f"{before}{text}{before}\n")) == Images((file,))


def test_pasted_paths_below_home_and_several(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("USERPROFILE" if os.name == "nt" else "HOME", str(tmp_path))
    one, two = a_file(tmp_path / "one.png"), a_file(tmp_path / "two.png")
    assert read(offering(text_plain="~/one.png")) == Images(
        (structs.replace(one, path=os.path.expanduser("~/one.png")),)
    )
    assert read(offering(text_plain="~")) == Folders((str(tmp_path),))
    assert read(offering(text_plain=f"{one.path}\r\n{two.path}\n")) == Images((one, two))
    assert read(offering(text_plain=f"{one.path}\nand more")) == Refusal(offer_texts.IS_TEXT)
    gone = tmp_path / "gone.png"
    assert read(offering(text_plain=str(gone))) == Refusal(
        "The file “gone.png” could not be found."
    )


@posix_only
def test_pasted_path_with_an_undecodable_byte(tmp_path: Path):
    path = os.fsencode(tmp_path) + b"/caf\xe9.png"
    try:
        Path(os.fsdecode(path)).write_bytes(b"content")
    except OSError:
        pytest.skip("this file system takes only names that are text")
    assert read(offering(text_plain=path)) == Images((PathSource(os.fsdecode(path)),))


@pytest.mark.parametrize("text", ["just words", "note: buy milk", "img_1.png", "~nobody", "🙂"])
def test_text_is_refused(text: str):
    assert read(offering(text_plain=text)) == Refusal(offer_texts.IS_TEXT)


def test_links_in_text_are_never_fetched():
    for text in ("http://127.0.0.1:1/a.png", "HTTPS://example.org/a.jpg\n", "blob:https://x/1"):
        assert read(offering(text_plain=text)) == Refusal(offer_texts.COPY_FROM_BROWSER)
    page = '<p>hello <IMG alt="a > b" SRC=http://127.0.0.1:1/a.png>'
    mime = offering(text_html=page, text_plain="hello")
    assert read(mime) == Refusal(offer_texts.COPY_FROM_BROWSER)


def test_nothing_and_unreadable_images_are_refused():
    assert read(QMimeData(), "Pasted image") == Refusal(offer_texts.NOTHING)
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg"/>'
    url = f"data:image/svg+xml;base64,{base64.b64encode(drawing).decode()}"
    for mime in (
        offering_formats({"image/svg+xml": drawing}),
        offering_formats({"application/octet-stream": b"%PDF-1.7"}),
        offering(text_plain=url),
        uri_list(url),
    ):
        assert read(mime) == Refusal(offer_texts.NOT_AN_IMAGE)


@pytest.mark.parametrize("encoding", ["base64", "bare base64", "percent", "escaped base64"])
@pytest.mark.parametrize("where", ["urls", "html", "text"])
def test_data_urls(encoding: str, where: str):
    image = an_image("GIF")
    coded = base64.b64encode(image).decode()
    url = {
        "base64": f"data:image/gif;base64,{coded}",
        "bare base64": f"data:;base64,{coded.rstrip('=')}",
        "percent": f"data:image/gif,{quote(image)}",
        "escaped base64": f"DATA:image/gif;x=y;BASE64,{quote(coded, safe='')}",
    }[encoding]
    mime = {
        "urls": uri_list(url),
        "html": offering(text_html=f"<b>x</b><img class='a>b' src='{url}' alt='My  cat'/>"),
        "text": offering(text_plain=f" {url}\n"),
    }[where]
    name = "My cat" if where == "html" else "Dropped image"
    assert the_image(read(mime)) == BytesSource(image, name)


def test_data_url_is_named_by_the_page_beside_it():
    url = f"data:image/png;base64,{base64.b64encode(an_image()).decode()}"
    page = f'<img src="{url}" alt="A cat">'
    mime = offering_formats({"text/uri-list": url, "text/html": page})
    assert the_image(read(mime)).name == "A cat"


@pytest.mark.parametrize("image_format", ["PNG", "JPEG", "WEBP", "TIFF", "GIF", "BMP", "AVIF"])
def test_image_bytes_of_every_format(image_format: str):
    data = an_image(image_format)
    mime = offering_formats({"application/octet-stream": data})
    assert the_image(read(mime)) == BytesSource(data, "Dropped image")
    mime = offering_formats({f"image/{image_format.lower()}": data})
    assert the_image(read(mime, "Pasted image")) == BytesSource(data, "Pasted image")


def test_lossless_image_is_preferred_and_empty_formats_are_passed_over():
    png, bmp = an_image("PNG"), an_image("BMP")
    mime = offering_formats({"image/bmp": bmp, "image/gif": b"", "image/png": png})
    assert the_image(read(mime)).data == png
    mime = offering_formats({"image/png": b"", "image/x-unknown": b"unknown", "image/bmp": bmp})
    assert the_image(read(mime)).data == bmp


QT_FORMATS = {
    QImage.Format.Format_RGB32: "RGB",
    QImage.Format.Format_RGB888: "RGB",
    QImage.Format.Format_Grayscale8: "RGB",
    QImage.Format.Format_ARGB32: "RGBA",
    QImage.Format.Format_ARGB32_Premultiplied: "RGBA",
}


@pytest.mark.parametrize("image_format", QT_FORMATS)
def test_qt_image_keeps_its_pixels_and_alpha(image_format: QImage.Format):
    image = QImage(7, 5, QImage.Format.Format_ARGB32)
    image.fill(QColor(90, 90, 90, 255))
    image.setPixelColor(2, 1, QColor(200, 200, 200, 255))
    image.setPixelColor(6, 4, QColor(0, 0, 0, 0))
    mime = QMimeData()
    mime.setImageData(image.convertToFormat(image_format))
    with Image.open(io.BytesIO(the_image(read(mime)).data)) as read_back:
        assert (read_back.size, read_back.mode) == ((7, 5), QT_FORMATS[image_format])
        rgba = read_back.convert("RGBA")
    assert rgba.getpixel((2, 1)) == (200, 200, 200, 255)
    assert rgba.getpixel((0, 4)) == (90, 90, 90, 255)
    if QT_FORMATS[image_format] == "RGBA":
        assert rgba.getpixel((6, 4)) == (0, 0, 0, 0)


def test_too_large_images_are_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(offers, "MAX_IMAGE_BYTES", 2000)
    large = an_image() + bytes(2000)
    assert read(offering_formats({"application/octet-stream": large})) == Refusal(
        offer_texts.TOO_LARGE
    )
    mime = QMimeData()
    mime.setImageData(QImage(100, 100, QImage.Format.Format_RGB32))
    assert read(mime) == Refusal(offer_texts.TOO_LARGE)


@pytest.mark.parametrize(
    ("src", "alt", "name"),
    [
        ("http://x/a/cat%20one.jpg?size=2#top", "", "cat one.jpg"),
        ("http://x/a/..%2F..%2Fetc%2Fcat.jpg", "", "cat.jpg"),
        ("http://x/a%0Ab%E2%80%AE.png", "", "a b .png"),
        ("http://x/" + "a" * 200 + ".png", "", "a" * 79 + "…"),
        ("http://x/image.php?id=3", " The &quot;cat&quot;\n", 'The "cat"'),
        ("http://x/", "", "Dropped image"),
    ],
)
def test_names_of_images_from_pages(src: str, alt: str, name: str):
    page = f'<img src="{src}" alt="{alt}">'
    mime = offering_formats({"image/png": an_image(), "text/html": page})
    assert the_image(read(mime)).name == name


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le"])
def test_page_in_other_encodings(encoding: str):
    page = '<img src="http://x/Grüße.png">'.encode(encoding)
    mime = offering_formats({"image/png": an_image(), "text/html": page})
    assert the_image(read(mime)).name == "Grüße.png"


# --- Windows and macOS ------------------------------------------------------------------------


def a_file_group(*names: str) -> bytes:
    """A FILEGROUPDESCRIPTORW: a count, then 592 bytes a file with the name in the last 520."""
    descriptors = (bytes(72) + name.encode("utf-16-le").ljust(520, b"\0") for name in names)
    return struct.pack("<I", len(names)) + b"".join(descriptors)


def test_windows_file_contents():
    first, second = an_image(colour="red"), an_image(colour="blue")
    group = a_file_group("notes.txt", "Fotos\\cät.png", "b.png")
    mime = offering_formats(
        {
            FILE_NAMES: group,
            f"{CONTENTS};index=0": b"notes",
            f"{CONTENTS};index=1": first,
            f"{CONTENTS};index=2": second,
        }
    )
    assert accepts(mime)
    assert the_image(read(mime)) == BytesSource(first, "cät.png")


def test_windows_file_group_that_is_cut_off():
    group = struct.pack("<I", 0xFFFFFFFF) + a_file_group("a.png")[4:] + bytes(100)
    mime = offering_formats({FILE_NAMES: group, CONTENTS: b"text"})
    assert read(mime) == Refusal(offer_texts.NOT_AN_IMAGE)


@pytest.mark.parametrize(
    ("url", "path"),
    [
        (b"file:///C:/Fotos/a%20b.png", "C:\\Fotos\\a b.png"),
        (b"file:///D:/Gr%C3%BC%C3%9Fe.png", "D:\\Gr\u00fc\u00dfe.png"),
        (b"file://localhost/C:/a.png", "C:\\a.png"),
        (b"file://server/share/a.png", "\\\\server\\share\\a.png"),
        (b"file:///C:/%FF.png", "C:\\\ufffd.png"),
        (b"http://server/a.png", None),
    ],
)
def test_windows_paths(url: bytes, path: str | None):
    assert offers._path_of_url(url, is_windows=True) == path


@pytest.mark.parametrize("name", ["com.apple.pasteboard.promised-file-url", "public.file-url"])
def test_mac_promise_that_has_been_kept(name: str, tmp_path: Path):
    file = a_file(tmp_path / "promised.png")
    url = QUrl.fromLocalFile(file.path).toString()
    mime = offering_formats({name: url})
    assert accepts(mime)
    assert read(mime) == Images((file,))
    Path(file.path).unlink()
    assert read(mime) == Refusal("The file “promised.png” could not be found.")


# --- drags and nonsense -----------------------------------------------------------------------


def test_accepts_what_can_be_explained_and_nothing_of_our_own():
    for name in ("text/plain", "text/html", "text/uri-list", "image/x-any", FILE_NAMES, QT_IMAGE):
        assert accepts(offering_formats({name: b"x"})), name
    assert not accepts(QMimeData())
    assert not accepts(offering_formats({"application/x-qabstractitemmodeldatalist": b"x"}))


NONSENSE_FORMATS = [
    "text/uri-list", "text/plain", "text/plain;charset=utf-8", "text/html", "image/png",
    "application/octet-stream", "x-special/gnome-copied-files", FILE_NAMES, CONTENTS,
    "application/x-moz-file-promise-dest-filename", "com.apple.pasteboard.promised-file-url",
    QT_IMAGE,
]  # fmt: skip
NONSENSE = st.one_of(
    st.binary(max_size=200),
    st.text(alphabet=string.printable + "\0é", max_size=80).map(
        str.encode
    ),
    st.lists(
        st.sampled_from(
            [b"file:", b"//", b"/", b"localhost", b"%00", b"%E9", b"?", b"#", b"\0", b"~", b"\r\n",
             b"data:", b";base64", b",", b"AAA", b"=", b"<img ", b"src=", b"'", b'"', b">",
             b"http:", b"\xff\xfe", b"\xff", b"\x89PNG\r\n\x1a\n", b"\x02\0\0\0", b"x" * 700,
             b"C:\\"]
        ),
        max_size=14,
    ).map(b"".join),
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.dictionaries(st.sampled_from(NONSENSE_FORMATS), NONSENSE, max_size=5))
def test_nonsense_never_raises(formats: dict[str, bytes]):
    mime = offering_formats(dict(formats))
    accepts(mime)
    offer = read(mime)
    if isinstance(offer, Refusal):
        assert offer.sentence.isprintable()
        offer.sentence.encode()  # it can be shown: no surrogates
    elif isinstance(offer, Images):
        for source in offer.sources:
            if isinstance(source, BytesSource):
                source.name.encode()


@pytest.mark.parametrize("piece", ["<img ", '<img src="', "<img src='data:,", "<img a=", "data:,"])
def test_hostile_pages_take_linear_time(piece: str):
    """A million characters in well under a second each; a quadratic reader takes hours."""
    page = piece * (1_000_000 // len(piece))
    read(offering(text_html=page, text_plain=page))


def test_dropped_files_are_left_as_they_are(tmp_path: Path):
    file = a_file(tmp_path / "a.png", an_image())
    before = os.stat(file.path)
    read(uri_list(QUrl.fromLocalFile(file.path).toString()))
    after = os.stat(file.path)
    assert (after.st_mtime_ns, after.st_size, after.st_ino) == (
        before.st_mtime_ns,
        before.st_size,
        before.st_ino,
    )
    assert os.listdir(tmp_path) == ["a.png"]
