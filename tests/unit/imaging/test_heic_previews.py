# SPDX-License-Identifier: MIT
"""A HEIC photo decoded by its thumbnail: what is the photo's own, and when it is not done."""

import sys

import numpy as np
import pytest
from msgspec import structs

from gallery_search.errors import ChildError, ImageUnreadableError
from gallery_search.imaging import child
from gallery_search.imaging.child import DecoderChild
from gallery_search.imaging.decode import decode
from gallery_search.imaging.decoder import handle
from gallery_search.processes import Message
from gallery_search.records import BytesSource, DecodeFailure, InputSpec, PathSource

SQUASH = InputSpec("squash", 224, 224, "bicubic", 0.2)
LIKE = 20.0  # of 255: the mean difference of two decodings of one photo is below 8
THUMBNAIL_AT = 3996  # in arrow.heic; begins with the length of its first part
REAL = ("arrow", "aux_YCbCr")  # of an iPhone, turned by a quarter, and of a Samsung phone


@pytest.fixture(params=REAL)
def heic(request, shared) -> BytesSource:
    name = f"{request.param}.heic"
    return BytesSource((shared / "formats" / "heif" / name).read_bytes(), name)


def difference(one, other) -> float:
    return float(np.abs(one.astype(np.int16) - other.astype(np.int16)).mean())


def test_only_the_pixels_are_the_previews(heic):
    whole = decode(heic, SQUASH)
    preview = decode(heic, SQUASH, accepts_preview=True)
    assert (whole.is_preview, preview.is_preview) == (False, True)
    pixels = ("network_input", "thumbnail", "read_share", "is_preview")
    for name in set(whole.__struct_fields__).difference(pixels):
        assert getattr(preview, name) == getattr(whole, name), name
    likeness = difference(preview.network_input, whole.network_input)
    assert likeness < LIKE
    for turns in (1, 2, 3):
        assert difference(np.rot90(preview.network_input, turns), whole.network_input) > likeness
    assert difference(preview.network_input[:, ::-1], whole.network_input) > likeness


def test_thumbnail_that_is_too_small_is_not_used(heic):
    large = InputSpec("squash", 320, 320, "bilinear")
    assert not decode(heic, large, accepts_preview=True).is_preview


def test_what_a_crop_needs_counts(shared):
    data = (shared / "formats" / "heif" / "arrow.heic").read_bytes()  # its thumbnail: 240 x 320
    for shorter_px, serves in ((240, True), (241, False)):
        spec = InputSpec("crop", 224, shorter_px, "bicubic")
        decoded = decode(BytesSource(data, "arrow"), spec, accepts_preview=True)
        assert decoded.is_preview is serves


def test_damaged_thumbnail_is_passed_over(shared):
    data = bytearray((shared / "formats" / "heif" / "arrow.heic").read_bytes())
    whole = decode(BytesSource(bytes(data), "arrow"), SQUASH)
    data[THUMBNAIL_AT : THUMBNAIL_AT + 4] = b"\xff" * 4
    decoded = decode(BytesSource(bytes(data), "arrow"), SQUASH, accepts_preview=True)
    assert not decoded.is_preview
    np.testing.assert_array_equal(decoded.network_input, whole.network_input)


def test_damaged_photo_is_known_by_its_preview(shared):
    data = bytearray((shared / "formats" / "heif" / "arrow.heic").read_bytes())
    tiles = data.index(b"hvcC")  # what it takes to decode the tiles; the thumbnail has its own
    data[tiles + 27 : tiles + 108] = bytes(81)
    with pytest.raises(ImageUnreadableError):
        decode(BytesSource(bytes(data), "arrow"), SQUASH)
    assert decode(BytesSource(bytes(data), "arrow"), SQUASH, accepts_preview=True).is_preview


def test_other_formats_are_decoded_as_ever(scene, encode):
    for image_format in ("JPEG", "PNG", "WEBP", "TIFF"):
        source = BytesSource(encode(scene, image_format), "scene")
        whole, other = decode(source, SQUASH), decode(source, SQUASH, accepts_preview=True)
        assert not other.is_preview
        np.testing.assert_array_equal(whole.network_input, other.network_input)
        assert whole.thumbnail == other.thumbnail


def test_child_takes_the_wish_and_tells_what_it_did(heic):
    for accepts in (False, True):
        head = {
            "name": heic.name,
            "spec": structs.asdict(SQUASH),
            "accepts_preview": accepts,
        }
        assert handle(Message(head, (heic.data,))).head["is_preview"] is accepts


def test_photo_whose_preview_crashes_the_decoder_is_tried_as_a_whole(monkeypatch):
    asked = []

    class FailingChild:
        is_alive = True

        def __init__(self, *_: object, **__: object) -> None:
            pass

        def ask(self, head, parts, *, timeout_s):
            asked.append(head["accepts_preview"])
            if head["accepts_preview"]:
                raise ChildError("It crashed.")
            answer = {"error": "It is damaged.", "is_transient": False, "is_missing": False}
            return Message(answer | {"processor_s": 0.01})

        def close(self) -> None:
            pass

    monkeypatch.setattr(child, "Child", FailingChild)
    decoder = DecoderChild(timeout_s=1.0, memory_limit_bytes=1 << 30)
    failure = decoder.decode(PathSource("photo.heic"), SQUASH, accepts_preview=True)
    assert failure == DecodeFailure("It is damaged.", is_transient=False, processor_s=0.01)
    assert asked == [True, False]


def test_without_the_package_for_heic(monkeypatch):
    monkeypatch.setitem(sys.modules, "pi_heif", None)
    data = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(100)
    with pytest.raises(ImageUnreadableError, match="HEIC photos cannot be read here"):
        decode(BytesSource(data, "photo"), SQUASH, accepts_preview=True)
