# SPDX-License-Identifier: MIT
"""Where prepared networks lie, and which of them count."""

import os
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from gallery_search.embedding import prepared
from gallery_search.embedding.backbones import Backbone, backbone
from gallery_search.errors import BackboneError

VGG16 = backbone("vgg16")


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """A folder of networks with something in the place of VGG16's weights."""
    assert VGG16.weights is not None
    place = tmp_path / "models" / "weights" / VGG16.weights.file_name
    place.parent.mkdir(parents=True)
    place.write_bytes(b"weights")
    return tmp_path / "models"


def weights_file(models: Path) -> Path:
    (file,) = (models / "weights").iterdir()
    return file


def complete(models: Path, spec: Backbone = VGG16) -> prepared.Prepared:
    files = prepared.locate(spec, models)
    for file in (files.network, files.network.with_suffix(".bin"), files.references):
        file.write_bytes(b"content")
    return files


def test_there_is_nothing_to_prepare_without_weights(tmp_path: Path) -> None:
    with pytest.raises(BackboneError, match="weights"):
        prepared.locate(VGG16, tmp_path)


def test_other_weights_are_other_files(models: Path) -> None:
    first = complete(models)
    assert first.is_complete
    weights_file(models).write_bytes(b"other weights")
    second = prepared.locate(VGG16, models)
    assert second.stamp != first.stamp
    assert not second.is_complete


def test_weights_written_anew_are_other_weights_even_if_as_large(models: Path) -> None:
    first = prepared.locate(VGG16, models)
    os.utime(weights_file(models), ns=(1, 1))
    assert prepared.locate(VGG16, models).stamp != first.stamp


def test_another_recipe_has_other_files(models: Path) -> None:
    complete(models)
    newer = prepared.locate(replace(VGG16, recipe=VGG16.recipe + 1), models)
    assert not newer.is_complete


@pytest.mark.parametrize("suffix", [".xml", ".bin", ".npy"])
def test_a_missing_file_makes_the_rest_incomplete(models: Path, suffix: str) -> None:
    files = complete(models)
    files.network.with_suffix(suffix).unlink()
    assert not files.is_complete


def test_tidying_removes_what_was_made_from_other_weights_and_recipes(models: Path) -> None:
    old = complete(models, replace(VGG16, recipe=VGG16.recipe + 1))
    foreign = models / "resnet152-r1-00000000.xml"
    foreign.write_bytes(b"")
    current = complete(models)
    prepared.tidy(VGG16, models, current)
    assert current.is_complete
    assert foreign.is_file()
    assert weights_file(models).is_file()
    assert not old.network.exists()
    assert not old.references.exists()


def test_tidying_removes_what_a_kill_left_but_not_what_is_being_written(models: Path) -> None:
    current = complete(models)
    abandoned = models / f"new-1234-{current.network.name}"
    under_way = models / f"new-1235-{current.network.name}"
    for file in (abandoned, under_way):
        file.write_bytes(b"half")
    os.utime(abandoned, (0, 0))
    prepared.tidy(VGG16, models, current)
    assert not abandoned.exists()
    assert under_way.exists()


def test_references_are_read_as_written(tmp_path: Path) -> None:
    rows = np.random.default_rng(0).random((4, VGG16.dimension), np.float32)
    file = tmp_path / "models" / "references.npy"
    prepared.write_references(file, rows)
    np.testing.assert_array_equal(prepared.read_references(file, VGG16), rows)
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_damaged_references_are_none(tmp_path: Path) -> None:
    file = tmp_path / "references.npy"
    assert prepared.read_references(file, VGG16) is None
    prepared.write_references(file, np.zeros((4, VGG16.dimension), np.float32))
    file.write_bytes(file.read_bytes()[:300])
    assert prepared.read_references(file, VGG16) is None
    file.write_bytes(b"")
    assert prepared.read_references(file, VGG16) is None
    prepared.write_references(file, np.zeros((4, 7), np.float32))  # of another network
    assert prepared.read_references(file, VGG16) is None


def test_a_network_that_came_with_the_program_needs_no_weights(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(prepared.paths, "resource", lambda name: tmp_path / "resources" / name)
    with pytest.raises(BackboneError):
        prepared.locate(VGG16, tmp_path)
    came_along = prepared.installed(VGG16, tmp_path / "resources" / "models")
    came_along.network.parent.mkdir(parents=True)
    for file in (came_along.network, came_along.network.with_suffix(".bin"), came_along.references):
        file.write_bytes(b"content")
    found = prepared.locate(VGG16, tmp_path)
    assert found == came_along
    assert found.is_installed
