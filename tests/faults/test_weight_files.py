# SPDX-License-Identifier: MIT
"""Files that are, or are not, a network's weights: as they are read, and as users import them."""

import hashlib
import io
import os
import warnings
import zipfile

import generated_weights
import pytest
import safetensors.torch
import torch
from drawn_photos import draw
from msgspec import structs

from gallery_search.embedding import weights
from gallery_search.embedding.backbones import Weights, backbone
from gallery_search.embedding.network import load_recipe
from gallery_search.embedding.networks import state
from gallery_search.errors import BackboneError

ENTRY = backbone("mobilenet-v3-small")
FIRST = "features.0.0.weight"  # (16, 3, 3, 3)


class _Runs:
    """Unpickled without care, it leaves a file behind."""

    def __init__(self, path):
        self._path = path

    def __reduce__(self):
        return os.mkdir, (str(self._path),)


def saved(values, **options):
    stream = io.BytesIO()
    torch.save(values, stream, **options)
    return stream.getvalue()


def good():
    return dict(generated_weights.generate(ENTRY.name))


def png():
    stream = io.BytesIO()
    draw(1).save(stream, "PNG")
    return stream.getvalue()


def archive(compression=zipfile.ZIP_STORED, **members):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as made:
        for name, content in members.items():
            made.writestr(f"archive/{name.replace('_', '.')}", content)
    return stream.getvalue()


def torch_script():
    stream = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch discourages it
        torch.jit.save(torch.jit.trace(torch.nn.Linear(2, 2), torch.zeros(1, 2)), stream)
    return stream.getvalue()


NOT_WEIGHTS = {
    "empty": (lambda: b"", "it is empty"),
    "image": (png, "it is an image"),
    "web page": (lambda: b"\n<!DOCTYPE html><html>Not found</html>", "it is a web page"),
    "text": (lambda: b"weights", "not a file of PyTorch or safetensors"),
    "Git LFS": (lambda: b"version https://git-lfs.github.com/spec/v1\noid sha256:0", "Git LFS"),
    "other archive": (lambda: archive(readme_txt="x"), "an archive without weights"),
    "bomb": (lambda: archive(zipfile.ZIP_DEFLATED, data_pkl="x"), "a compressed archive"),
    "TorchScript": (torch_script, "a TorchScript program, which is never run"),
    "list": (lambda: saved([torch.zeros(1)]), "no entries with names"),
    "number": (lambda: saved(good() | {"epoch": 3}), "'epoch' is not a tensor"),
    "sparse": (lambda: saved({"a": torch.eye(2).to_sparse()}), "a is not a plain tensor"),
    "cut": (lambda: saved(good())[:500_000], "damaged or incomplete"),
    "cut old": (
        lambda: saved(good(), _use_new_zipfile_serialization=False)[:500_000],
        "damaged or incomplete",
    ),
    "cut safetensors": (
        lambda: safetensors.torch.save(good())[:500_000],
        "damaged or incomplete",
    ),
    "long header": (lambda: b"\xff" * 7 + b"\x00{" + b"x" * 50, "not a file of PyTorch"),
}


@pytest.mark.parametrize("kind", NOT_WEIGHTS)
def test_what_is_no_file_of_weights_is_told(tmp_path, kind):
    make, reason = NOT_WEIGHTS[kind]
    file = tmp_path / "chosen.pth"
    file.write_bytes(make())
    with pytest.raises(state.UnfitError, match=reason):
        state.read(file)


@pytest.mark.parametrize("is_new", [True, False])
def test_code_in_a_file_is_never_run(tmp_path, is_new):
    left = tmp_path / "left"
    file = tmp_path / "chosen.pth"
    file.write_bytes(saved({FIRST: _Runs(left)}, _use_new_zipfile_serialization=is_new))
    with pytest.raises(state.UnfitError, match="Python code, which is never run"):
        state.read(file)
    assert not left.exists()


def test_a_folder_or_a_missing_file_is_told(tmp_path):
    for path in (tmp_path, tmp_path / "none"):
        with pytest.raises(state.UnfitError, match="cannot be read"):
            state.read(path)


WRONG = {
    "shape": (
        lambda values: values | {FIRST: torch.zeros(16, 3, 5, 5)},
        rf"{FIRST} is \(16, 3, 5, 5\) in it, but \(16, 3, 3, 3\) in this network",
    ),
    "missing": (
        lambda values: {name: v for name, v in values.items() if name != FIRST},
        rf"it has no {FIRST}, which is \(16, 3, 3, 3\) in this network",
    ),
    "unknown": (
        lambda values: values | {"classifier.9.weight": torch.zeros(7, 8)},
        r"it has classifier.9.weight \(7, 8\), which this network has not",
    ),
    "not a number": (
        lambda values: values | {FIRST: torch.full((16, 3, 3, 3), torch.nan)},
        f"{FIRST} holds values that are not finite",
    ),
    "infinite": (
        lambda values: values | {FIRST: values[FIRST].clone().fill_(-torch.inf)},
        f"{FIRST} holds values that are not finite",
    ),
    "whole numbers": (
        lambda values: values | {FIRST: torch.zeros(16, 3, 3, 3, dtype=torch.int64)},
        f"{FIRST} is not made of real numbers",
    ),
}


@pytest.mark.parametrize("kind", WRONG)
def test_the_first_entry_that_differs_is_told(tmp_path, kind):
    change, reason = WRONG[kind]
    file = tmp_path / "chosen.pth"
    torch.save(change(good()), file)
    with pytest.raises(BackboneError) as raised:
        load_recipe(ENTRY, file)
    assert raised.match(rf"^chosen.pth does not hold the weights of {ENTRY.name}: {reason}\.$")


def test_weights_of_another_network_are_told(tmp_path):
    file = tmp_path / "densenet.pth"
    torch.save(generated_weights.generate("densenet121"), file)
    with pytest.raises(BackboneError, match=r"it has no features.0.0.weight, which is"):
        load_recipe(ENTRY, file)


def test_half_and_double_precision_are_taken_as_float32(tmp_path):
    pixels = torch.randint(0, 256, (1, 224, 224, 3), generator=torch.Generator().manual_seed(0))
    found = []
    for kind in (torch.float32, torch.float64, torch.bfloat16):
        file = tmp_path / "chosen.pth"
        torch.save({n: v.to(kind) if v.ndim else v for n, v in good().items()}, file)
        with torch.inference_mode():
            found.append(load_recipe(ENTRY, file)(pixels.to(torch.uint8))[0])
        assert found[-1].dtype == torch.float32
    assert torch.equal(found[0], found[1])
    assert found[0] @ found[2] > 0.99


# --- importing, with the real child -----------------------------------------------------------


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_importing_a_file_and_then_another(tmp_path):
    models, chosen = tmp_path / "models", tmp_path / "mine.pth"
    torch.save(good(), chosen)
    before = chosen.read_bytes()

    notice = weights.import_file(ENTRY, chosen, models)
    assert notice is not None  # it fits, but is not what torchvision publishes
    assert "mine.pth fits mobilenet-v3-small and is used" in notice
    assert "047dcff4" in notice
    assert weights.find(ENTRY, models).read_bytes() == before == chosen.read_bytes()
    digest = hashlib.sha256(before).hexdigest()
    assert weights.known_sha256(ENTRY, models) == digest
    kept = contents(models)
    assert set(kept) == {ENTRY.weights.file_name, f"{ENTRY.weights.file_name}.sha256"}

    weights.import_file(ENTRY, chosen, models)  # the same again
    assert contents(models) == kept

    torch.save(good() | {FIRST: torch.zeros(16, 3, 3, 3)}, chosen)
    with pytest.raises(BackboneError, match=r"^mine\.pth differs from the weights"):
        weights.import_file(ENTRY, chosen, models)
    assert contents(models) == kept

    weights.remove(ENTRY, models)
    assert contents(models) == {}
    torch.save({name: torch.zeros_like(value) for name, value in good().items()}, chosen)
    with pytest.raises(BackboneError) as raised:
        weights.import_file(ENTRY, chosen, models)
    assert raised.match("^mine.pth does not hold .*: with them the network gives no embedding.$")
    assert contents(models) == {}


def test_accepting_a_download(tmp_path):
    models = tmp_path / "models"
    content = saved(good())
    part = weights.part_file(ENTRY, models)
    part.parent.mkdir(parents=True)
    part.write_bytes(content)

    with pytest.raises(BackboneError, match="did not arrive as they were published") as raised:
        weights.accept(ENTRY, part, models)
    assert "047dcff4" in str(raised.value)
    assert contents(models) == {}

    part.write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    unstated = structs.replace(ENTRY, weights=Weights(ENTRY.weights.url, len(content), None))
    weights.accept(unstated, part, models)
    assert weights.find(unstated, models).read_bytes() == content
    assert not part.exists()
    assert weights.known_sha256(unstated, models) == digest

    part.write_bytes(saved(good() | {FIRST: torch.zeros(16, 3, 3, 3)}))
    with pytest.raises(BackboneError, match="differs from the weights of mobilenet-v3-small"):
        weights.accept(unstated, part, models)
    assert weights.find(unstated, models).read_bytes() == content
    assert not part.exists()


def test_a_wrong_file_leaves_all_as_it_was(tmp_path):
    models, chosen = tmp_path / "models", tmp_path / "photo.pth"
    chosen.write_bytes(png())
    weights.folder(models).mkdir(parents=True)
    (weights.folder(models) / f"new-1-{ENTRY.weights.file_name}").write_bytes(b"half")
    with pytest.raises(BackboneError) as raised:
        weights.import_file(ENTRY, chosen, models)
    assert str(raised.value) == (
        "photo.pth does not hold the weights of mobilenet-v3-small: it is an image."
    )
    assert contents(models) == {}  # and what a crash had left is gone
    assert chosen.read_bytes() == png()
