# SPDX-License-Identifier: MIT
import os

import pytest
from PIL import Image

from gallery_search.imaging.formats import image_format, is_photo_name, looks_like_image

FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "GIF", "BMP", "AVIF")


@pytest.mark.parametrize(
    "name",
    ["a.jpg", "A.JPG", "b.jpeg", "c.jpe", "d.jfif", "e.png", "f.webp", "g.tif", "h.TIFF", "i.gif",
     "j.bmp", "k.dib", "l.heic", "m.Heif", "n.hif", "o.avif", "two.dots.jpg", "/a.b/c.png",
     os.fsdecode(b"\xff\xfe.jpg"), "p.CR2", "q.cr3", "r.nef", "s.ARW", "t.dng", "u.raf", "v.orf",
     "w.rw2", "x.pef", "y.srw", "z.iiq", "a.3fr"],
)  # fmt: skip
def test_photo_names(name):
    assert is_photo_name(name)


@pytest.mark.parametrize(
    "name",
    ["jpg", ".jpg", "a.jpg.txt", "a.mp4", "a.psd", "a.eps", "a.svg", "a.jpg~", "a", "", "a.raw"],
)
def test_other_names(name):
    assert not is_photo_name(name)


@pytest.mark.parametrize("name", FORMATS)
def test_content_of_each_format_is_recognised(name, scene, encode):
    data = encode(scene.resize((60, 40)), name)
    assert image_format(data) == name
    assert looks_like_image(data[:256])


@pytest.mark.parametrize(
    "start",
    [b"II*\0\x10\0\0\0CR\x02\0", b"\0\0\0\x18ftypcrx \0\0\0\x01crx isom", b"FUJIFILMCCD-RAW 0201",
     b"IIRO\x08\0\0\0", b"IIRS\x08\0\0\0", b"MMOR\0\0\0\x08", b"IIU\0\x18\0\0\0", b"\0MRM\0\0\0\0",
     b"FOVb\0\0\2\0", b"II\x1a\0\0\0HEAPCCDR"],
)  # fmt: skip
def test_raw_files_of_a_form_of_their_own(start):
    assert image_format(start + bytes(300)) == "RAW"


@pytest.mark.parametrize("name", ["PPM", "ICO", "TGA", "EPS", "PDF", "JPEG2000", "PCX", "SGI"])
def test_content_of_exotic_formats_is_not(name, encode):
    data = encode(Image.new("RGB", (32, 32)), name)
    assert not looks_like_image(data)


@pytest.mark.parametrize(
    "data",
    [b"", b"B", b"BM", b"BMW and other cars are not bitmaps", b"GIF", b"RIFF\0\0\0\0WAVEfmt ",
     b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"\0\0\0\x18ftypmp42\0\0\0\0mp41isom",
     b"\0" * 300, b"\x89PNG", b"hello", b"Minutes:CR and more", b"FUJIFILM", b"IIR"],
)  # fmt: skip
def test_other_content_is_not(data):
    assert not looks_like_image(data)


@pytest.mark.parametrize(
    ("brands", "expected"),
    [
        (b"heic\0\0\0\0mif1heic", "HEIF"),
        (b"avif\0\0\0\0mif1avif", "AVIF"),
        (b"mif1\0\0\0\0mif1heic", "HEIF"),
        (b"mif1\0\0\0\0avifmif1", "AVIF"),
        (b"mif1\0\0\0\0mif1miaf", "HEIF"),
        (b"qt  \0\0\0\0qt  heic", None),
    ],
)
def test_brands_of_the_container(brands, expected):
    box = (8 + len(brands)).to_bytes(4, "big") + b"ftyp" + brands
    assert image_format(box + b"\0\0\0\x20avif") == expected
