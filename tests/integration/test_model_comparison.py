# SPDX-License-Identifier: MIT
"""A comparison of networks on the library's own photos: the sample, and going on with it."""

import os
import threading

import pytest
from drawn_photos import draw_gallery

from gallery_search.errors import ExperimentStoppedError, ExternalError
from gallery_search.experiments import comparison, library_photos
from gallery_search.experiments.comparison import Choice
from gallery_search.experiments.runs import Surroundings
from gallery_search.kept import wipe
from gallery_search.paths import LibraryPaths

pytestmark = pytest.mark.network_model

LITE = "efficientnet-lite0"


def test_the_sample_is_drawn_from_photos_that_are_there(indexed):
    paths = LibraryPaths(indexed.root)
    first = library_photos.sample(paths, 20, 0)
    assert len(first.photos) == 20
    assert all(os.path.isfile(first.path(photo)) for photo in first.photos)
    assert [photo.name for photo in first.photos] == sorted(p.name for p in first.photos)
    assert library_photos.sample(paths, 20, 0) == first
    assert library_photos.sample(paths, 20, 1) != first
    every = library_photos.sample(paths, 1000, 0)
    assert {every.path(photo) for photo in every.photos} == set(map(str, indexed.photos))
    assert library_photos.count(paths) == len(indexed.photos)


def test_of_twins_one_is_drawn_and_what_is_gone_is_passed_over(open_library, tmp_path):
    photos = draw_gallery(tmp_path / "photos", 4, side_px=64)
    other = tmp_path / "elsewhere" / "below"
    other.mkdir(parents=True)
    (other / "twin.jpg").write_bytes(photos[0].read_bytes())
    (other / "more.jpg").write_bytes(draw_gallery(tmp_path / "x", 1, first_seed=9)[0].read_bytes())
    library = open_library()
    library.add(tmp_path / "photos")
    library.add(tmp_path / "elsewhere")
    library.wait_idle(6)
    paths = LibraryPaths(library.root)  # it is read beside the library that is at work
    assert library_photos.count(paths) == 5
    sample = library_photos.sample(paths, 10, 0)
    assert sample.root == str(tmp_path)
    names = [photo.name for photo in sample.photos]
    assert len(names) == 5
    assert "elsewhere/below/more.jpg" in names
    for photo in photos[1:]:
        photo.unlink()
    assert len(library_photos.sample(paths, 10, 0).photos) == 2
    (other / "more.jpg").unlink()
    with pytest.raises(ExternalError, match="not two photos of the library"):
        library_photos.sample(paths, 10, 0)


def test_a_comparison_goes_on_with_the_photos_that_it_began_with(indexed):
    paths = LibraryPaths(indexed.root)
    choice, stop, told = Choice((LITE,), 18), threading.Event(), []

    def on_progress(progress):
        told.append(progress)
        if progress.total and progress.done >= 10:
            stop.set()

    with pytest.raises(ExperimentStoppedError):
        comparison.run(choice, LITE, {}, Surroundings(paths, "cpu", on_progress, stop))
    assert comparison.unfinished(paths) == choice
    begun = comparison._kept(paths)[1]

    told.clear()
    stop.clear()
    around = Surroundings(paths, "cpu", told.append)
    done, advice = comparison.run(choice, LITE, {LITE: 100.0}, around)
    counted = [each for each in told if each.step == f"{LITE}: embedding"]
    assert (counted[0].done, counted[-1].done) == (8, 18)
    assert done.folder == begun
    assert (advice.backbone, advice.reason) == (LITE, "best")
    assert comparison.unfinished(paths) is None
    assert not (paths.experiments / "unfinished").exists()


def test_photos_that_are_gone_are_drawn_anew(open_library, tmp_path):
    photos = draw_gallery(tmp_path / "photos", 24, side_px=64)
    library = open_library()
    library.add(tmp_path / "photos")
    library.wait_idle(24)
    paths, choice = LibraryPaths(library.root), Choice((LITE,), 20)
    first = comparison._sample(choice, paths)
    os.unlink(first.path(first.photos[0]))
    assert comparison._sample(choice, paths) == first  # one of twenty is told as unreadable
    os.utime(first.path(first.photos[1]), (1, 1))  # and another one is not what was embedded
    second = comparison._sample(choice, paths)
    assert second != first
    assert len(second.photos) == 20
    assert all(os.path.isfile(second.path(photo)) for photo in second.photos)
    assert comparison._kept(paths) == (choice, second)
    for photo in photos:
        photo.unlink(missing_ok=True)
    with pytest.raises(ExternalError, match="not two photos of the library"):
        comparison._sample(choice, paths)
    assert comparison._kept(paths) == (choice, second)  # their drive may come back


def test_what_is_kept_of_one_that_was_broken_off_can_be_removed(indexed):
    paths = LibraryPaths(indexed.root)
    stop = threading.Event()
    stop.set()
    with pytest.raises(ExperimentStoppedError):
        comparison.run(
            Choice((LITE,), 9), LITE, {}, Surroundings(paths, "cpu", lambda _: None, stop)
        )
    assert comparison.unfinished(paths) is not None
    assert wipe(paths) == []
    assert not paths.experiments.exists()


@pytest.mark.parametrize("content", [b"", b"[]", b'{"backbones": ["a"], "photos": "x"}', b"\xff"])
def test_a_damaged_plan_is_no_plan(tmp_path, content):
    paths = LibraryPaths(tmp_path)
    file = comparison._file(paths)
    file.parent.mkdir(parents=True)
    file.write_bytes(content)
    assert comparison.unfinished(paths) is None
    comparison.forget(paths)
    assert not file.exists()
