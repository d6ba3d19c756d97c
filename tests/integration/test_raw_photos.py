# SPDX-License-Identifier: MIT
"""RAW photos in a library, from the file to the search that finds it, with the real decoders."""

import shutil
from pathlib import Path

import numpy as np
import pytest
import raw_files
from drawn_photos import draw, draw_gallery, edited_copy, make_older, write
from open_library import OpenLibrary, assert_intact, query
from PIL import Image

from gallery_search.duplicates import DuplicatesFound
from gallery_search.filters import Filters
from gallery_search.pictures import PictureLoaded, PictureRequest
from gallery_search.queries import QueryRequest
from gallery_search.records import PathSource

pytestmark = pytest.mark.network_model

SIDE_PX = 320
SIZE = (4000, 4000)
TURNED_CLOCKWISE, TURNED_BACK = Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180


def write_raw(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    make_older(path, 60)
    return path


@pytest.fixture
def folder(tmp_path) -> Path:
    """Ten JPEGs, four RAW photos of other motifs, and one that holds no preview."""
    place = tmp_path / "photos"
    draw_gallery(place, 10, side_px=SIDE_PX)
    small = draw(103, SIDE_PX).resize((120, 120))
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0112] = "FUJIFILM", "X-T2", 3
    fuji = raw_files.jpeg(draw(102, SIDE_PX).transpose(TURNED_BACK), exif=exif)
    for name, data in {
        "adobe.dng": raw_files.dng(
            draw(100, SIDE_PX).transpose(TURNED_CLOCKWISE), size=SIZE, orientation=6
        ),
        "canon.CR2": raw_files.cr2(draw(101, SIDE_PX), size=SIZE),
        "fuji.raf": raw_files.raf(fuji, size=SIZE),
        "small.dng": raw_files.dng(None, size=SIZE, thumbnail=small),
        "none.dng": raw_files.dng(None, size=SIZE),
    }.items():
        write_raw(place / name, data)
    return place


def test_raw_photos_are_found_shown_and_filtered(folder, open_library, tmp_path):
    library = open_library()
    library.add(folder)
    library.wait_idle(14, failed=1)
    (failure,) = library.failures()
    assert failure.path == str(folder / "none.dng")
    assert failure.reason.startswith("This RAW file holds no preview")

    for seed, name, least in (
        (100, "adobe.dng", 0.97),
        (101, "canon.CR2", 0.97),
        (102, "fuji.raf", 0.97),
        (103, "small.dng", 0.5),  # it has half the pixels that the network wants
    ):
        asked = write(tmp_path / f"{seed}.png", draw(seed, SIDE_PX))
        hits = library.search(asked).hits
        assert hits[0].path == str(folder / name)
        assert hits[0].similarity > least
        assert library.search(folder / name).hits[0].similarity > 0.999  # as the query itself

    rows = query(
        library.root / "catalogue.db",
        "SELECT name, width, height, taken_at FROM photos WHERE image_format = 'RAW' ORDER BY name",
    )
    taken_at = 1621254600
    assert rows == [
        (b"adobe.dng", *SIZE, taken_at),
        (b"canon.CR2", *SIZE, taken_at),
        (b"fuji.raf", *SIZE, None),
        (b"small.dng", *SIZE, taken_at),
    ]

    source = PathSource(str(folder / "canon.CR2"))
    for request_id, filters in ((50, Filters(formats=("RAW",))), (51, Filters(formats=("JPEG",)))):
        library.library.search(QueryRequest(request_id, source, 50, filters))
        found = {Path(hit.path).suffix.lower() for hit in library.answer(request_id).hits}
        assert found == ({".dng", ".cr2", ".raf"} if request_id == 50 else {".jpg"})
    assert_intact(library.root)


def test_the_viewer_shows_the_preview_upright(folder, open_library):
    library = open_library()
    library.add(folder)
    library.wait_idle(14, failed=1)
    photo_id = library.paths()[str(folder / "adobe.dng")]
    request = PictureRequest(1, photo_id, 1000, 1000)
    loaded = library.events.after(
        PictureLoaded, lambda: library.library.reader.request_picture(request)
    )
    picture = loaded.picture
    assert (picture.width_px, picture.height_px) == (SIDE_PX, SIDE_PX)
    assert (picture.full_width, picture.full_height) == SIZE
    assert (picture.details.image_format, picture.details.camera) == ("RAW", "Maker Camera One")
    assert picture.details.preview_width == SIDE_PX
    pixels = np.frombuffer(picture.pixels, np.uint8).reshape(SIDE_PX, SIDE_PX, 4)[..., 2::-1]
    assert np.abs(pixels.astype(int) - np.asarray(draw(100, SIDE_PX))).mean() < 12
    thumbnail = library.thumbnail(photo_id)
    assert thumbnail is not None


def test_both_files_of_a_shot_are_photos_and_no_duplicates(open_library, tmp_path):
    """People keep both on purpose; a copy of either is a duplicate all the same."""
    place = tmp_path / "photos"
    draw_gallery(place, 20, side_px=SIDE_PX)
    for seed in (100, 101):
        write(place / f"IMG_{seed}.JPG", draw(seed, SIDE_PX))
        write_raw(place / f"IMG_{seed}.CR2", raw_files.cr2(draw(seed, SIDE_PX), size=SIZE))
    (place / "sent").mkdir()
    edited = edited_copy(place / "IMG_101.JPG", place / "sent" / "IMG_101.JPG")
    write(edited, draw(101, SIDE_PX).resize((280, 280)))
    shutil.copyfile(place / "IMG_100.CR2", place / "sent" / "copy.CR2")
    make_older(place / "sent" / "copy.CR2", 60)
    library: OpenLibrary = open_library()
    library.add(place)
    library.wait_idle(26)
    hits = library.search(place / "IMG_100.JPG", limit=2).hits
    assert hits[0].path == str(place / "IMG_100.JPG")
    told = library.events.after(DuplicatesFound, library.library.request_duplicates)
    found = [
        (group.kind, {str(Path(photo.path).relative_to(place)) for photo in group.photos})
        for group in told.groups
    ]
    assert found[0] == ("exact", {"IMG_100.CR2", "sent/copy.CR2"})
    (near,) = found[1:]
    assert near[0] == "near"
    assert len(near[1]) == 2
    assert "sent/IMG_101.JPG" in near[1]
