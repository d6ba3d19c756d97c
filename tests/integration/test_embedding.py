# SPDX-License-Identifier: MIT
"""The real network in both engines, and what happens where one cannot run."""

import shutil

import numpy as np
import pytest
from drawn_photos import draw

from gallery_search.embedding.backbones import BACKBONES, backbone
from gallery_search.embedding.compiled import Compiler
from gallery_search.embedding.engines import open_embedder
from gallery_search.embedding.openvino_embedder import OpenVinoEmbedder
from gallery_search.embedding.torch_embedder import TorchEmbedder, torch_devices
from gallery_search.errors import BackboneError

pytestmark = pytest.mark.network_model
LITE0 = BACKBONES[0]
SIDE_PX = LITE0.network_input.size_px


def images():
    """Drawn pictures, noise and plain ones, as network inputs."""
    rng = np.random.default_rng(0)
    pixels = [np.asarray(draw(seed, SIDE_PX)) for seed in range(6)]
    pixels.append(rng.integers(0, 256, (SIDE_PX, SIDE_PX, 3), np.uint8))
    pixels += [np.full((SIDE_PX, SIDE_PX, 3), value, np.uint8) for value in (0, 128, 255)]
    return pixels


@pytest.fixture
def models(tmp_path, converted_models):
    """A copy of the converted network."""
    return shutil.copytree(converted_models, tmp_path / "models")


def test_rows_of_unit_length(models):
    embeddings = OpenVinoEmbedder(LITE0, models).embed(images())
    assert embeddings.dtype == np.float32
    assert embeddings.shape == (10, LITE0.dimension)
    np.testing.assert_allclose(np.linalg.norm(embeddings, axis=1), 1, atol=1e-5)
    assert np.all(np.isfinite(embeddings))
    cosines = embeddings @ embeddings.T
    assert np.max(cosines - np.eye(10)) < 0.999  # each is another


def test_photos_come_out_alike_alone_and_side_by_side(models):
    embedder = OpenVinoEmbedder(LITE0, models)
    alone = np.concatenate([embedder.embed([image]) for image in images()])
    for count in (2, 3, 10):  # also such that a photo is left over for two or four streams
        np.testing.assert_allclose(embedder.embed(images()[:count]), alone[:count], atol=1e-5)


def test_photos_are_embedded_one_by_one_where_streams_cannot_be_loaded(models, monkeypatch):
    embedder = OpenVinoEmbedder(LITE0, models)
    expected = embedder.embed(images()[:1])
    whole = Compiler.compile

    def refuse_streams(compiler, hint):
        if hint == "THROUGHPUT":
            raise RuntimeError("not enough memory")
        return whole(compiler, hint)

    monkeypatch.setattr(Compiler, "compile", refuse_streams)
    embeddings = embedder.embed(images()[:2])
    assert embedder.streams == 1
    np.testing.assert_allclose(embeddings[:1], expected, atol=1e-5)


def test_openvino_and_torch_agree(models):
    torch_embedder = TorchEmbedder(LITE0, models, "cpu")
    try:
        by_torch = torch_embedder.embed(images())
    finally:
        torch_embedder.close()
    by_openvino = OpenVinoEmbedder(LITE0, models).embed(images())
    assert np.min((by_torch * by_openvino).sum(axis=1)) >= 0.9999


@pytest.mark.parametrize("damage", ["cut xml", "cut weights"])
def test_a_damaged_converted_network_is_made_anew(models, damage):
    (xml,) = models.glob("*.xml")
    weights = xml.with_suffix(".bin")
    expected = OpenVinoEmbedder(LITE0, models).embed(images()[:2])
    match damage:
        case "cut xml":
            xml.write_bytes(xml.read_bytes()[:5000])
        case "cut weights":
            data = weights.read_bytes()
            weights.unlink()
            weights.write_bytes(data[: len(data) // 2])
    np.testing.assert_allclose(
        OpenVinoEmbedder(LITE0, models).embed(images()[:2]), expected, atol=1e-5
    )


def test_what_was_compiled_is_kept_and_used_again(models):
    expected = OpenVinoEmbedder(LITE0, models).embed(images())
    (kept,) = (models / "compiled").iterdir()
    written = kept.stat()
    np.testing.assert_array_equal(OpenVinoEmbedder(LITE0, models).embed(images()), expected)
    assert kept.stat() == written


def test_what_was_compiled_is_enough_to_embed(models):
    expected = OpenVinoEmbedder(LITE0, models).embed(images())
    for file in [*models.glob("*.xml"), *models.glob("*.bin")]:
        file.write_bytes(b"damaged")
    np.testing.assert_array_equal(OpenVinoEmbedder(LITE0, models).embed(images()), expected)


def test_one_changed_bit_in_what_was_compiled_is_noticed(models):
    expected = OpenVinoEmbedder(LITE0, models).embed(images()[:2])
    (kept,) = (models / "compiled").iterdir()
    content = kept.read_bytes()
    damaged = bytearray(content)
    damaged[len(content) // 2] ^= 1
    kept.write_bytes(damaged)
    np.testing.assert_array_equal(OpenVinoEmbedder(LITE0, models).embed(images()[:2]), expected)
    assert kept.read_bytes() != damaged  # and it was compiled anew
    kept.write_bytes(content[:100])
    np.testing.assert_array_equal(OpenVinoEmbedder(LITE0, models).embed(images()[:2]), expected)


def test_what_was_compiled_for_another_processor_goes(models):
    folder = models / "compiled"
    folder.mkdir(exist_ok=True)
    older = folder / f"{LITE0.name}-r1-01234567-01234567.blob"
    another = folder / "vgg16-r1-01234567-01234567.blob"
    for file in (older, another, *folder.iterdir()):
        file.write_bytes(b"")
    OpenVinoEmbedder(LITE0, models).close()
    assert not older.exists()
    assert another.exists()


def test_where_nothing_can_be_kept_it_is_compiled_each_time(models, caplog):
    shutil.rmtree(models / "compiled", ignore_errors=True)
    (models / "compiled").write_bytes(b"a file where the folder should be")
    assert OpenVinoEmbedder(LITE0, models).embed(images()[:2]).shape == (2, LITE0.dimension)
    assert "is not kept" in caplog.text


def test_a_device_that_is_not_there_gets_a_sentence(models):
    present = torch_devices()
    assert present is not None
    missing = next(name for name in ("mps", "xpu", "cuda") if name not in present)
    with pytest.raises(BackboneError) as raised:
        open_embedder(LITE0, missing, models)
    sentence = str(raised.value)
    assert missing in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert "status" not in sentence


def test_an_unknown_backbone_names_those_that_exist():
    with pytest.raises(BackboneError, match=LITE0.name):
        backbone("abacus")
