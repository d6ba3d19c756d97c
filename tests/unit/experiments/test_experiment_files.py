# SPDX-License-Identifier: MIT
"""The photos that are taken, the parts that are kept, and the files that are left."""

import json
import os
import time
from html.parser import HTMLParser

import numpy as np
import pytest

from gallery_search.embedding.backbones import BACKBONES
from gallery_search.errors import ExternalError, FolderError
from gallery_search.experiments import photos, results, unfinished
from gallery_search.experiments.page import Section, Tile, TileRow, page
from gallery_search.experiments.photos import FolderPhoto, seed_of
from gallery_search.experiments.progress import Step
from gallery_search.experiments.results import About
from gallery_search.experiments.unfinished import Part, Unfinished
from gallery_search.kept import wipe
from gallery_search.paths import LibraryPaths


@pytest.fixture
def folder(tmp_path):
    for name in ("b.jpg", "a.jpg", "notes.txt", "sub/deep/c.PNG", ".hidden.jpg"):
        file = tmp_path / "photos" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(name.encode())
    return tmp_path / "photos"


# --- photos -----------------------------------------------------------------------------------


def test_photos_are_found_below_the_folder_in_the_order_of_names(folder):
    found = photos.find(str(folder))
    assert [photo.name for photo in found.photos] == ["a.jpg", "b.jpg", "sub/deep/c.PNG"]
    assert found.photos[0].size_bytes == 5
    assert os.path.samefile(found.path(found.photos[2]), folder / "sub" / "deep" / "c.PNG")


def test_a_folder_without_photos_is_refused(tmp_path):
    with pytest.raises(ExternalError, match="not two photos"):
        photos.find(str(tmp_path))
    with pytest.raises(FolderError):
        photos.find(str(tmp_path / "nowhere"))


def test_a_seed_draws_the_same_photos_without_repeats(tmp_path):
    many = photos.PhotoFolder("", tuple(FolderPhoto(f"{n:03}.jpg", 1, 1) for n in range(100)))
    drawn = many.sample(10, seed=3)
    assert drawn == many.sample(10, seed=3)
    assert drawn != many.sample(10, seed=4)
    assert len(set(drawn.photos)) == 10
    assert list(drawn.photos) == sorted(drawn.photos, key=lambda photo: photo.name)
    assert many.sample(1000, seed=3) is many


def test_the_noise_of_a_photo_depends_on_it_and_the_seed_alone():
    one, other = FolderPhoto("a.jpg", 1, 1), FolderPhoto("b.jpg", 1, 1)
    assert seed_of(one, 0) == seed_of(FolderPhoto("a.jpg", 2, 2), 0)
    assert len({seed_of(one, 0), seed_of(one, 1), seed_of(other, 0)}) == 3


# --- what is kept of unfinished experiments ---------------------------------------------------


def test_a_part_comes_back_as_it_was_kept(tmp_path):
    kept = Unfinished(tmp_path, "recovery-x", {"seed": 1})
    part = Part(np.ones((2, 3, 4), np.float16), ("", ""))
    assert kept.load(0, 2, 3, 4) is None
    kept.save(0, part)
    again = Unfinished(tmp_path, "recovery-x", {"seed": 1}).load(0, 2, 3, 4)
    assert again.problems == part.problems
    np.testing.assert_array_equal(again.embeddings, part.embeddings)
    assert Unfinished(tmp_path, "recovery-x", {"seed": 2}).load(0, 2, 3, 4) is None
    assert kept.load(0, 2, 3, 5) is None  # of another shape
    kept.remove()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("length", [0, 10, 200])
def test_a_damaged_part_is_as_none(tmp_path, length):
    kept = Unfinished(tmp_path, "x", {})
    kept.save(0, Part(np.ones((2, 3, 4), np.float16), ("", "")))
    (file,) = kept.folder.iterdir()
    file.write_bytes(file.read_bytes()[:length])
    assert kept.load(0, 2, 3, 4) is None


def test_a_part_with_a_photo_that_was_not_read_is_as_none(tmp_path):
    kept = Unfinished(tmp_path, "x", {})
    kept.save(0, Part(np.ones((2, 3, 4), np.float16), ("", "The file may not be read.")))
    assert kept.load(0, 2, 3, 4) is None  # it may be readable by now


def test_the_same_computation_is_at_work_once(tmp_path):
    paths = LibraryPaths(tmp_path / "library")
    first, second, other = (Unfinished(paths.experiments, name, {}) for name in "xxy")
    first.lock()
    other.lock()
    with pytest.raises(ExternalError, match="runs on these photos already"):
        second.lock()
    first.remove()
    second.lock()
    for each in (second, other):
        each.release()
    assert wipe(paths) == []
    assert not paths.experiments.exists()


def test_what_nobody_goes_on_with_is_removed_after_a_month(tmp_path):
    old, new = (Unfinished(tmp_path, name, {}) for name in ("old", "new"))
    for each in (old, new):
        each.save(0, Part(np.ones((1, 1, 1), np.float16), ("",)))
    long_ago = time.time() - 31 * 86400
    os.utime(old.folder, (long_ago, long_ago))
    unfinished.tidy(tmp_path)
    assert (old.folder.exists(), new.folder.exists()) == (False, True)


# --- results ----------------------------------------------------------------------------------


def test_a_result_says_how_it_was_made(tmp_path):
    used = results.used(BACKBONES[0], "cpu", tmp_path)
    about = About("recovery", 7, {"queries": 3}, 1.5, (used,), {"k": 5})
    stem = results.new_stem(tmp_path / "experiments", "recovery")
    file = results.write(stem, about, {"rows": [{"path": "\udcff.jpg"}]})
    told = json.loads(file.read_bytes())
    assert told["rows"] == [{"path": "\udcff.jpg"}]
    said = told["about"]
    assert (said["experiment"], said["seed"], said["counts"]) == ("recovery", 7, {"queries": 3})
    assert said["backbones"] == [
        {
            "name": "efficientnet-lite0",
            "recipe": BACKBONES[0].recipe,
            "dimension": 1024,
            "weights": "installed",
            "device": "cpu",
        }
    ]
    assert {"python", "numpy", "openvino", "pillow", "torch"} <= set(said["versions"])
    assert said["program"]
    assert said["made_at"].endswith("+00:00")
    assert [name.name for name in file.parent.iterdir()] == [file.name]


def test_two_results_of_one_second_have_two_names(tmp_path):
    names = set()
    for _ in range(3):
        stem = results.new_stem(tmp_path, "recovery")
        results.write_file(stem.with_name(f"{stem.name}.json"), b"{}")
        names.add(stem.name)
    assert len(names) == 3


def test_a_step_tells_its_end(tmp_path):
    told = []
    step = Step("reading", 3, told.append, done=1)
    step.add()
    step.add()
    assert (told[0].done, told[-1].done, told[-1].total) == (1, 3, 3)


# --- pages ------------------------------------------------------------------------------------


class _Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags = []
        self.texts = []

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_data(self, data):
        self.texts.append(data)


def test_a_page_needs_nothing_but_itself():
    hostile = '"><script>alert(1)</script>\n\udcff.jpg'
    tile = Tile("one", hostile, "0.9, wrong", "wrong")
    row = TileRow("vgg16", (Tile("one", "one.jpg", kind="query"), tile, Tile("none", "none.jpg")))
    text = page("A & B", ["Said <so>."], [Section(hostile, (row,))], {"one": b"\xff\xd8picture"})
    text.encode("utf-8")
    parser = _Tags()
    parser.feed(text)
    names = [tag for tag, _ in parser.tags]
    assert not {"script", "img", "link", "iframe", "a"} & set(names)
    attributes = {key for _, a in parser.tags for key in a}
    assert not attributes & {"src", "href", "onload", "onerror", "style"}
    assert "http:" not in text
    assert "https:" not in text
    assert text.count("data:image/jpeg;base64,") == 1  # however often it is shown
    shown = [a for tag, a in parser.tags if a.get("role") == "img"]
    assert [a["class"] for a in shown] == ["p p0", "p p0", "p"]
    assert all(a["aria-label"] for a in shown)
    policy = next(a["content"] for tag, a in parser.tags if "http-equiv" in a)
    assert "default-src 'none'" in policy
    assert "prefers-color-scheme: dark" in text
