# SPDX-License-Identifier: MIT
"""Which photos pass a filter, and that the columns follow every change of the catalogue."""

import numpy as np
import pytest

from gallery_search.catalogue.photos import FileFacts
from gallery_search.filters import Filters
from gallery_search.records import DecodedImage, DecodeFailure

DAY = 86_400
EVERY = Filters()


def indexed(catalogue, folder, directory, name, **facts):
    """Add a photo that was read, with these facts of its image."""
    size_bytes = facts.pop("size_bytes", 1000)
    mtime_ns = facts.pop("mtime_ns", 0)
    photo_id = catalogue.add_photo(
        folder, directory, FileFacts(name, size_bytes, mtime_ns, file_id=f"1:{name}")
    )
    read(catalogue, photo_id, size_bytes=size_bytes, mtime_ns=mtime_ns, **facts)
    return photo_id


def read(catalogue, photo_id, **facts):
    defaults = {
        "network_input": np.zeros((1, 1, 3), np.uint8),
        "thumbnail": b"",
        "width": 400,
        "height": 300,
        "content_hash": photo_id.to_bytes(16, "big"),
        "image_format": "JPEG",
        "taken_at": None,
        "size_bytes": 1000,
        "mtime_ns": 0,
    }
    catalogue.set_indexed(photo_id, DecodedImage(**(defaults | facts)))


@pytest.fixture
def folder(catalogue, tmp_path):
    return catalogue.add_folder(str(tmp_path / "photos")).folder_id


def test_each_field_limits_and_its_limits_are_allowed(catalogue, folder):
    small = indexed(catalogue, folder, "", "a", width=100, height=50, size_bytes=10, taken_at=0)
    large = indexed(
        catalogue, folder, "", "b", width=300, height=400, size_bytes=99, taken_at=9 * DAY
    )
    heic = indexed(catalogue, folder, "", "c", image_format="HEIF", mtime_ns=20 * DAY * 10**9)
    both, by_content = [small, large], {"min_bytes": 11, "formats": ("JPEG",)}
    for fields, expected in (
        ({}, [small, large, heic]),
        ({"taken_from": 1}, [large, heic]),
        ({"taken_from": 9 * DAY, "taken_before": 9 * DAY + 1}, [large]),
        ({"taken_before": 9 * DAY}, [small]),
        ({"taken_from": 20 * DAY}, [heic]),  # without a date of its own: that of the file
        ({"min_bytes": 99}, [large, heic]),
        ({"max_bytes": 99}, both),
        ({"min_pixels": 100 * 50 + 1, "max_pixels": 300 * 400}, [large, heic]),
        ({"max_pixels": 100 * 50}, [small]),
        ({"min_width": 101, "max_width": 399}, [large]),
        ({"min_height": 400}, [large]),
        ({"max_height": 50}, [small]),
        ({"formats": ("JPEG", "GIF")}, both),
        ({"formats": ("GIF",)}, []),
        (by_content, [large]),
        ({"min_bytes": 10**30}, []),
        ({"photo_ids": (heic, small, 999)}, [small, heic]),
        ({"photo_ids": (heic, small), "formats": ("JPEG",)}, [small]),
    ):
        found = catalogue.matching(Filters(**fields))
        assert (found.dtype, found.tolist()) == (np.int64, expected), fields


def test_a_folder_holds_all_that_is_below_it_and_nothing_else(catalogue, folder, tmp_path):
    here = tmp_path / "photos"
    other = catalogue.add_folder(str(tmp_path / "photos-old")).folder_id
    top = indexed(catalogue, folder, "", "a")
    deep = indexed(catalogue, folder, "2020/sea", "b")
    alike = indexed(catalogue, folder, "2020-02", "c")
    odd = indexed(catalogue, folder, "caf\udce9\n", "d")
    old = indexed(catalogue, other, "2020", "e")
    for paths, expected in (
        ([here], [top, deep, alike, odd]),
        ([here / "2020"], [deep]),
        ([here / "2020" / "sea"], [deep]),
        ([here / "2020" / "sea" / "b"], []),
        ([here / "caf\udce9\n"], [odd]),
        ([tmp_path], [top, deep, alike, odd, old]),
        ([tmp_path / "photos-old", here / "2020-02"], [alike, old]),
        ([tmp_path / "nowhere"], []),
    ):
        found = catalogue.matching(Filters(folders=tuple(map(str, paths))))
        assert found.tolist() == expected, paths


def test_the_columns_follow_every_kind_of_change(catalogue, folder, tmp_path):
    large = Filters(min_width=1000)
    kept, changed, moved, lost, bad = (indexed(catalogue, folder, "", name) for name in "abcde")
    assert catalogue.matching(EVERY).tolist() == [kept, changed, moved, lost, bad]
    assert catalogue.matching(large).tolist() == []

    with catalogue.transaction():
        new = indexed(catalogue, folder, "new", "f", width=2000)
        waiting = catalogue.add_photo(folder, "", FileFacts("g", 1, 1, None))
        read(catalogue, changed, width=1500)
        catalogue.move(moved, folder, "sea", FileFacts("c", 1000, 0, None))
        catalogue.set_gone([lost])
        catalogue.set_failed(bad, DecodeFailure("It is broken.", is_transient=False))
    assert catalogue.matching(EVERY).tolist() == [kept, changed, moved, new]
    assert catalogue.matching(large).tolist() == [changed, new]
    sea = Filters(folders=(str(tmp_path / "photos" / "sea"),))
    assert catalogue.matching(sea).tolist() == [moved]

    catalogue.set_back(lost, has_embedding=True)
    read(catalogue, waiting, width=1200)
    assert catalogue.matching(EVERY).tolist() == [kept, changed, moved, lost, new, waiting]
    assert catalogue.matching(large).tolist() == [changed, new, waiting]

    outer = catalogue.add_folder(str(tmp_path)).folder_id
    catalogue.absorb_folder(folder, outer, "photos")
    assert catalogue.matching(sea).tolist() == [moved]
    catalogue.remove_folder(outer)
    assert catalogue.matching(EVERY).tolist() == []


def test_what_was_undone_does_not_count(catalogue, folder):
    photo = indexed(catalogue, folder, "", "a")
    assert catalogue.matching(EVERY).tolist() == [photo]

    def undo():
        with catalogue.transaction():
            catalogue.set_gone([photo])
            indexed(catalogue, folder, "", "b")
            raise InterruptedError

    with pytest.raises(InterruptedError):
        undo()
    assert catalogue.matching(EVERY).tolist() == [photo]
    later = indexed(catalogue, folder, "", "c")
    assert catalogue.matching(EVERY).tolist() == [photo, later]


def test_an_empty_library(catalogue):
    assert catalogue.matching(Filters(min_bytes=1)).tolist() == []
    assert catalogue.matching(Filters(folders=("/photos",), formats=("JPEG",))).tolist() == []
