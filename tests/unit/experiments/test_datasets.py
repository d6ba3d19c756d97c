# SPDX-License-Identifier: MIT
"""What a dataset says of its images."""

import json

import pytest

from gallery_search.errors import ExternalError
from gallery_search.experiments import datasets
from gallery_search.experiments.artworks import Artwork
from gallery_search.experiments.datasets import Dataset, Failure

WORKS = tuple(
    Artwork(number, f"“No. {number}”\n", "Ä, B", "oil", "1 x 1 cm", "c. 1929", f"http://m/{number}")
    for number in (7, 3, 12)
)
DATASET = Dataset(WORKS, {12: Failure("It is gone.", is_final=True)}, 5, 3, 42)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "moma-3.jpg").write_bytes(b"an image")
    datasets.write(tmp_path, DATASET)
    return tmp_path


def test_what_was_written_is_read(folder):
    assert datasets.read(folder) == DATASET


def test_the_file_says_what_each_image_shows(folder):
    content = json.loads((folder / "dataset.json").read_text())
    assert (content["seed"], content["requested"], content["available"]) == (42, 5, 3)
    (image,) = content["images"]
    assert (image["file"], image["object_id"], image["artist"]) == ("moma-3.jpg", 3, "Ä, B")
    assert [(entry["object_id"], entry["reason"]) for entry in content["missing"]] == [
        (7, None),
        (12, "It is gone."),
    ]


def test_images_are_those_whose_files_are_there(folder):
    assert datasets.images(folder) == {"moma-3.jpg": WORKS[1]}
    (folder / "moma-7.jpg").write_bytes(b"it came later")
    (folder / "moma-99.jpg").write_bytes(b"of nobody")
    assert datasets.images(folder) == {"moma-7.jpg": WORKS[0], "moma-3.jpg": WORKS[1]}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "holds no dataset.json"),
        ("", "is damaged"),
        ("[]", "is damaged"),
        ("{}", "is damaged"),
        ('{"format": 2}', "newer version"),
        ('{"format": 1, "images": 7, "missing": []}', "is damaged"),
    ],
)
def test_what_is_no_dataset_is_refused(folder, content, words):
    path = folder / "dataset.json"
    path.unlink()
    if content is not None:
        path.write_text(content)
    with pytest.raises(ExternalError, match=words) as raised:
        datasets.read(folder)
    assert str(raised.value).endswith(".")


def test_a_number_that_would_be_a_path_is_damage(folder):
    path = folder / "dataset.json"
    path.write_text(path.read_text().replace('"object_id": 3', '"object_id": "../../3"'))
    with pytest.raises(ExternalError, match="is damaged"):
        datasets.images(folder)


@pytest.mark.parametrize("name", ["moma", "moma-5000-seed-0", "Meine Bilder 2", "a.b", "ä", "x"])
def test_names_that_every_system_takes(name):
    datasets.check_name(name)


@pytest.mark.parametrize(
    "name",
    [
        *("", ".", "..", "../x", "a/b", "a\\b", "/etc", "C:", "a:b", "con", "NUL.txt", "lpt1"),
        *(" a", "a ", "a.", "-a", ".hidden", "a\nb", "a\0b", "a" * 81, "a*", "\ud800"),
    ],
)
def test_names_that_are_no_folder_everywhere(name):
    with pytest.raises(ExternalError, match="Choose another name"):
        datasets.check_name(name)
