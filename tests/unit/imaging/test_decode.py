# SPDX-License-Identifier: MIT
import hashlib
import io
import struct
import sys
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs
from orientations import STORED_AS
from PIL import Image

from gallery_search.errors import ImageUnreadableError
from gallery_search.imaging import limits
from gallery_search.imaging.decode import decode
from gallery_search.imaging.decoder import handle
from gallery_search.processes import Message
from gallery_search.records import BytesSource, DecodedImage, InputSpec, PathSource


def difference(one, other) -> float:
    return float(np.abs(np.asarray(one, np.int16) - np.asarray(other, np.int16)).mean())


def decode_bytes(data: bytes, spec: InputSpec) -> DecodedImage:
    return decode(BytesSource(data, "Pasted image"), spec)


def thumbnail_of(decoded: DecodedImage) -> Image.Image:
    image = Image.open(io.BytesIO(decoded.thumbnail))
    image.load()
    return image


def reason(data: bytes, spec: InputSpec) -> str:
    with pytest.raises(ImageUnreadableError) as caught:
        decode_bytes(data, spec)
    assert not caught.value.is_transient
    return str(caught.value)


# --- what comes out ---------------------------------------------------------------------------


@pytest.mark.parametrize("orientation", [1, 6])
@pytest.mark.parametrize("image_format", ["PNG", "JPEG"])
def test_of_a_region_that_alone_is_seen(scene, squash, encode, image_format, orientation):
    large = scene.resize((2400, 1600), Image.Resampling.BICUBIC)
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = large if STORED_AS[orientation] is None else large.transpose(STORED_AS[orientation])
    data = encode(
        stored, image_format, exif=exif, **({"quality": 95} if image_format == "JPEG" else {})
    )
    region = (0.05, 0.05, 0.45, 0.4)
    part = decode(BytesSource(data, "scene", region), squash)
    cut = large.crop((120, 80, 1080, 640))
    expected = decode_bytes(encode(cut, "PNG"), squash)
    assert difference(part.network_input, expected.network_input) < 2
    assert thumbnail_of(part).size[0] >= squash.size_px  # it was not blown up
    assert (part.width, part.height) == (2400, 1600)
    assert part.content_hash == decode_bytes(data, squash).content_hash


@pytest.mark.parametrize(
    "region", [(0.0, 0.0, 1.0, 1.0), (0.999, 0.999, 1.0, 1.0), (0.0, 0.0, 0.001, 1.0)]
)
def test_regions_at_the_edges_have_pixels(scene, crop, encode, region):
    part = decode(BytesSource(encode(scene, "JPEG"), "scene", region), crop)
    assert part.network_input.shape == (64, 64, 3)


def test_a_region_reaches_the_child(scene, crop, encode):
    head = {"name": "scene", "spec": structs.asdict(crop), "accepts_preview": False}
    data = encode(scene, "PNG")
    region = (0.1, 0.1, 0.35, 0.35)  # the bright patch
    answer = handle(Message(head | {"region": list(region)}, (data,)))
    pixels = np.frombuffer(answer.parts[0], np.uint8).reshape(64, 64, 3)
    expected = decode(BytesSource(data, "scene", region), crop).network_input
    np.testing.assert_array_equal(pixels, expected)
    assert difference(pixels, decode_bytes(data, crop).network_input) > 20


def test_all_that_is_told_of_a_file(tmp_path, scene, crop):
    path = tmp_path / "a.jpg"
    exif = Image.Exif()
    exif[0x0132] = "2023:12:31 23:59:59"
    scene.save(path, quality=95, exif=exif)
    decoded = decode(PathSource(str(path)), crop)
    assert (decoded.width, decoded.height) == (600, 400)
    assert decoded.image_format == "JPEG"
    assert decoded.content_hash == hashlib.blake2b(path.read_bytes(), digest_size=16).digest()
    assert decoded.taken_at == 1704067199
    assert decoded.size_bytes == path.stat().st_size
    assert decoded.mtime_ns == path.stat().st_mtime_ns
    assert decoded.network_input.shape == (64, 64, 3)
    assert decoded.network_input.dtype == np.uint8


@pytest.mark.parametrize(
    ("side_px", "tolerance"),
    [(224, 0.001), (64, 1.5)],  # the smaller one is made from the image shrunk to a quarter
)
def test_crop_is_the_centre_of_the_resized_image(scene, encode, side_px, tolerance):
    spec = InputSpec("crop", side_px, side_px * 8 // 7, "bicubic")
    decoded = decode_bytes(encode(scene, "PNG"), spec)
    shorter = spec.shorter_side_px
    full = scene.resize((shorter * 3 // 2, shorter), Image.Resampling.BICUBIC)
    left, top = round((full.width - side_px) / 2), round((full.height - side_px) / 2)
    expected = full.crop((left, top, left + side_px, top + side_px))
    assert difference(decoded.network_input, expected) < tolerance


def test_squash_is_the_whole_image(scene, encode, squash):
    decoded = decode_bytes(encode(scene, "PNG"), squash)
    assert difference(decoded.network_input, scene.resize((64, 64))) < 1.5


@pytest.mark.parametrize(
    ("size", "kept"),
    [
        ((1200, 600), (120, 0, 1080, 600)),  # a fifth of the longer side goes, half at each end
        ((600, 1200), (0, 120, 600, 1080)),
        ((660, 600), (30, 0, 630, 600)),  # no more than makes it a square
        ((600, 600), (0, 0, 600, 600)),
    ],
)
def test_some_of_the_longer_side_is_cut_before_squashing(size, kept, scene, encode):
    image = scene.resize(size)
    spec = InputSpec("squash", 64, 64, "bicubic", max_cut=0.2)
    decoded = decode_bytes(encode(image, "PNG"), spec)
    expected = image.crop(kept).resize((64, 64), Image.Resampling.BICUBIC)
    assert difference(decoded.network_input, expected) < 1.5


@pytest.mark.parametrize("max_cut", [0.0, 0.2, 1.0])
@pytest.mark.parametrize("fit", ["crop", "squash"])
@pytest.mark.parametrize("size", [(1, 1), (3, 2), (1, 900), (5000, 2), (40, 40)])
def test_tiny_and_thin_images(encode, size, fit, max_cut):
    spec = InputSpec(fit, 64, 72, "bilinear", max_cut)
    decoded = decode_bytes(encode(Image.new("RGB", size, "teal"), "JPEG"), spec)
    assert (decoded.width, decoded.height) == size
    assert difference(decoded.network_input, Image.new("RGB", (64, 64), "teal")) < 3
    assert max(thumbnail_of(decoded).size) <= 512


@pytest.mark.parametrize(
    ("name", "options", "tolerance"),
    [("JPEG", {"quality": 95}, 2), ("JPEG", {"quality": 95, "progressive": True}, 2),
     ("PNG", {}, 1), ("PNG", {"interlace": 1}, 1), ("TIFF", {}, 1),
     ("TIFF", {"compression": "tiff_lzw"}, 1), ("TIFF", {"compression": "jpeg"}, 4),
     ("BMP", {}, 1), ("GIF", {}, 8), ("WEBP", {"quality": 95}, 3), ("WEBP", {"lossless": True}, 1),
     ("AVIF", {"quality": 90, "speed": 10}, 3)],
)  # fmt: skip
@pytest.mark.parametrize("scale", [1, 2])
def test_all_formats_give_nearly_the_same_input(
    name, options, tolerance, scale, scene, encode, crop
):
    image = scene.resize((600 * scale, 400 * scale), Image.Resampling.BICUBIC)
    expected = decode_bytes(encode(scene, "PNG"), crop)
    decoded = decode_bytes(encode(image, name, **options), crop)
    assert decoded.image_format == name
    assert (decoded.width, decoded.height) == image.size
    assert difference(decoded.network_input, expected.network_input) < tolerance
    assert abs(thumbnail_of(decoded).width / thumbnail_of(decoded).height - 1.5) < 0.02


def test_a_large_jpeg_is_decoded_at_reduced_scale(scene, encode, crop):
    image = scene.resize((2400, 1600))
    jpeg = thumbnail_of(decode_bytes(encode(image, "JPEG"), crop))
    png = thumbnail_of(decode_bytes(encode(image, "PNG"), crop))
    assert jpeg.size == png.size == (300, 200)  # an eighth: 200 px still do for 72


@pytest.mark.parametrize("size", [(513, 20), (2000, 1000), (1000, 2000), (512, 512), (3000, 600)])
@pytest.mark.parametrize("name", ["JPEG", "PNG"])
def test_thumbnails_are_at_most_512_px(size, name, scene, encode):
    spec = InputSpec("crop", 224, 256, "bicubic")
    thumbnail = thumbnail_of(decode_bytes(encode(scene.resize(size), name), spec))
    assert thumbnail.format == "JPEG"
    assert thumbnail.mode == "RGB"
    assert max(thumbnail.size) <= 512
    assert abs(thumbnail.width - thumbnail.height * size[0] / size[1]) <= size[0] / size[1]
    assert not thumbnail.getexif()


# --- orientation ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "scale"), [("JPEG", 1), ("JPEG", 4), ("PNG", 2), ("WEBP", 1), ("TIFF", 1), ("AVIF", 1)]
)
@pytest.mark.parametrize("orientation", sorted(STORED_AS))
def test_orientation(orientation, name, scale, scene, encode, crop):
    upright = scene.resize((300 * scale, 200 * scale))
    how = STORED_AS[orientation]
    stored = upright if how is None else upright.transpose(how)
    exif = Image.Exif()
    exif[0x0112] = orientation
    options = {"speed": 10} if name == "AVIF" else {}
    decoded = decode_bytes(encode(stored, name, exif=exif, **options), crop)
    expected = decode_bytes(encode(upright, "PNG"), crop)
    assert (decoded.width, decoded.height) == upright.size
    assert difference(decoded.network_input, expected.network_input) < 3
    thumbnail = thumbnail_of(decoded)
    assert difference(thumbnail.resize((60, 40)), upright.resize((60, 40))) < 4


@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_an_invalid_orientation_counts_as_upright(orientation, scene, encode, crop):
    exif = Image.Exif()
    exif[0x0112] = orientation
    decoded = decode_bytes(encode(scene, "JPEG", exif=exif), crop)
    assert (decoded.width, decoded.height) == (600, 400)


@pytest.mark.parametrize("side", ["Landscape", "Portrait"])
def test_real_photos_of_all_orientations_look_the_same(side, shared):
    spec = InputSpec("squash", 64, 64, "bilinear")
    folder = shared / "formats" / "orientation"
    first = decode(PathSource(str(folder / f"{side}_1.jpg")), spec)
    for orientation in (0, *range(2, 9)):
        other = decode(PathSource(str(folder / f"{side}_{orientation}.jpg")), spec)
        assert (other.width, other.height) == (first.width, first.height)
        assert difference(other.network_input, first.network_input) < 6  # each bears its number


def test_a_heic_photo_is_turned_once(shared):
    spec = InputSpec("squash", 64, 64, "bilinear")
    decoded = decode(PathSource(str(shared / "formats" / "heif" / "arrow.heic")), spec)
    assert (decoded.width, decoded.height) == (3024, 4032)
    assert decoded.image_format == "HEIF"
    grey = decoded.network_input.mean(axis=2)
    dark_rows, dark_columns = np.where(grey < grey.mean() - 40)
    # The arrow points up: its head, the widest part, lies in the upper half.
    upper = np.ptp(dark_columns[dark_rows < 32])
    lower = np.ptp(dark_columns[dark_rows > 40])
    assert upper > lower * 1.5


# --- what fails -------------------------------------------------------------------------------


def png_header(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        check = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = chunk(b"IDAT", zlib.compress(bytes(1000)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + pixels + chunk(b"IEND", b"")


def test_a_bomb_is_refused_by_its_header(crop):
    assert reason(png_header(100_000, 100_000), crop) == (
        "The image is too large: it has more than 300 megapixels."
    )
    limit = limits.max_pixels("PNG", 100) // 1_000_000
    assert limit < 299
    assert reason(png_header(13_000, 23_000), crop) == (
        f"The image is too large: it has more than {limit} megapixels."
    )


@pytest.mark.parametrize("name", ["JPEG", "PNG", "TIFF", "BMP", "GIF", "WEBP", "AVIF"])
@pytest.mark.parametrize("part", [0.5, 0.9])
def test_truncated_images_fail(name, part, scene, encode, crop):
    data = encode(scene, name)
    assert reason(data[: int(len(data) * part)], crop).startswith("The image is damaged")


def test_a_truncated_jpeg_says_so(scene, encode, crop):
    data = encode(scene, "JPEG")
    assert reason(data[: len(data) // 2], crop) == "The image is damaged: it ends too early."


def test_a_truncated_heic_photo_fails(shared, crop):
    data = (shared / "formats" / "heif" / "pug.heic").read_bytes()
    assert reason(data[: len(data) // 2], crop).startswith("The image is damaged")


def test_heic_without_its_package(monkeypatch, crop):
    monkeypatch.setitem(sys.modules, "pi_heif", None)  # what Python does for a missing one
    data = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(100)
    assert reason(data, crop).startswith("HEIC photos cannot be read here")


def test_a_png_with_a_long_text_is_read(scene, encode, crop):
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("workflow", "x" * (3 << 20), zip=True)
    assert decode_bytes(encode(scene, "PNG", pnginfo=info), crop).width == 600


def test_the_first_frame_of_an_animation(encode, scene, crop):
    other = Image.new("RGB", scene.size, "black")
    still = decode_bytes(encode(scene, "PNG"), crop)
    for name in ("GIF", "WEBP", "PNG", "TIFF"):
        data = encode(scene, name, save_all=True, append_images=[other])
        assert difference(decode_bytes(data, crop).network_input, still.network_input) < 9


@settings(max_examples=60, deadline=None, derandomize=True)
@given(junk=st.binary(max_size=300), head=st.sampled_from([b"", b"II*\0\x08\0\0\0", b"MM\0*"]))
def test_damaged_exif_data_never_fails_a_photo(junk, head):
    file = io.BytesIO()
    Image.new("RGB", (64, 64), "teal").save(file, "JPEG", exif=b"Exif\0\0" + head + junk)
    decoded = decode_bytes(file.getvalue(), InputSpec("squash", 16, 16, "bilinear"))
    assert (decoded.width, decoded.height) == (64, 64)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    name=st.sampled_from(["JPEG", "PNG", "TIFF", "BMP", "GIF", "WEBP", "AVIF"]),
    places=st.lists(st.tuples(st.integers(0, 1 << 16), st.integers(0, 255)), max_size=12),
    end=st.integers(1, 1 << 16),
)
def test_whatever_is_damaged_the_child_answers(name, places, end):
    file = io.BytesIO()
    Image.linear_gradient("L").resize((48, 32)).convert("RGB").save(file, name)
    data = bytearray(file.getvalue())
    for place, value in places:
        data[place % len(data)] = value
    spec = {"fit": "crop", "size_px": 16, "shorter_side_px": 18, "interpolation": "bilinear"}
    answer = handle(Message({"name": "a", "spec": spec}, (bytes(data[: end % len(data) + 1]),)))
    if "error" in answer.head:
        assert answer.head["error"].endswith(".")
    else:
        assert len(answer.parts) == 3
