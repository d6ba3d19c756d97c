# SPDX-License-Identifier: MIT
"""What was measured is kept until something changes."""

import json
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest
from msgspec.structs import replace

from gallery_search.embedding.backbones import backbone
from gallery_search.embedding.measurements import Measurement, keep, measured

VGG16 = backbone("vgg16")
RESNET = backbone("resnet152")
CPU = Measurement("cpu", "A processor", "float32", 1, 6.5)
CUDA = Measurement("cuda", "A graphics card", "float16", 25, 1000.0)
BROKEN = Measurement("xpu", "", problem="The device “xpu” failed: it is broken.")


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """A folder of networks with something in the place of two networks' weights."""
    for spec in (VGG16, RESNET):
        assert spec.weights is not None
        place = tmp_path / "weights" / spec.weights.file_name
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(b"weights")
    return tmp_path


def edit(models: Path, **changes: object) -> None:
    """Change something in every entry of the file."""
    file = models / "measurements.json"
    file.write_text(json.dumps([entry | changes for entry in json.loads(file.read_bytes())]))


def test_nothing_is_known_before_the_first_use(models: Path) -> None:
    assert measured(VGG16, models) == ()


def test_what_is_kept_is_read_back_the_fastest_first(models: Path) -> None:
    keep(VGG16, models, [BROKEN, CPU])
    keep(VGG16, models, [CUDA])
    assert measured(VGG16, models) == (CUDA, CPU, BROKEN)


def test_a_new_measurement_replaces_that_of_the_same_device_alone(models: Path) -> None:
    keep(VGG16, models, [CPU, CUDA])
    keep(RESNET, models, [CPU])
    slower = replace(CUDA, images_per_second=1.0)
    keep(VGG16, models, [slower])
    assert measured(VGG16, models) == (CPU, slower)
    assert measured(RESNET, models) == (CPU,)


def test_other_weights_make_it_worthless(models: Path) -> None:
    keep(VGG16, models, [CPU])
    assert VGG16.weights is not None
    os.utime(models / "weights" / VGG16.weights.file_name, ns=(1, 1))
    assert measured(VGG16, models) == ()


def test_another_recipe_makes_it_worthless(models: Path) -> None:
    keep(VGG16, models, [CPU])
    assert measured(replace(VGG16, recipe=VGG16.recipe + 1), models) == ()


@pytest.mark.parametrize("package", ["torch", "openvino"])
def test_another_version_makes_it_worthless_and_is_dropped(models: Path, package: str) -> None:
    keep(VGG16, models, [CPU, BROKEN])
    edit(models, **{package: "0.1"})
    assert measured(VGG16, models) == ()
    keep(VGG16, models, [CUDA])
    assert len(json.loads((models / "measurements.json").read_bytes())) == 1


def test_without_weights_nothing_is_known_and_nothing_kept(tmp_path: Path) -> None:
    keep(VGG16, tmp_path, [CPU])
    assert measured(VGG16, tmp_path) == ()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", ["", "{}", "[1, null]", "[{}]", "[" * 100_000])
def test_a_damaged_file_says_nothing_and_is_replaced(models: Path, content: str) -> None:
    (models / "measurements.json").write_text(content)
    assert measured(VGG16, models) == ()
    keep(VGG16, models, [CPU])
    assert measured(VGG16, models) == (CPU,)


@pytest.mark.parametrize(
    "damage",
    [
        {"batch_size": 0},
        {"batch_size": "many"},
        {"precision": "float8"},
        {"images_per_second": None},
        {"images_per_second": -1},
        {"device": 7},
        {"problem": 7},
    ],
)
def test_a_damaged_entry_says_nothing(models: Path, damage: dict[str, object]) -> None:
    keep(VGG16, models, [CPU])
    edit(models, **damage)
    assert measured(VGG16, models) == ()


def test_where_it_cannot_be_written_the_program_goes_on(
    models: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (models / "measurements.json").mkdir()
    with caplog.at_level(logging.WARNING):
        keep(VGG16, models, [CPU])
    assert "measured again at the next start" in caplog.text
    assert not list(models.glob("new-*"))


def test_reading_imports_nothing_heavy(models: Path) -> None:
    keep(VGG16, models, [CPU])
    script = (
        "import sys; from pathlib import Path\n"
        "from gallery_search.embedding.backbones import backbone\n"
        "from gallery_search.embedding.measurements import measured\n"
        f"assert len(measured(backbone('vgg16'), Path({str(models)!r}))) == 1\n"
        "heavy = {'torch', 'openvino', 'timm', 'torchvision'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)
