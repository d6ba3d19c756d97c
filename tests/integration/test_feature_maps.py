# SPDX-License-Identifier: MIT
"""The last feature maps of the real networks: what their places add up to, and where they are."""

from pathlib import Path

import generated_weights
import numpy as np
import pytest
from drawn_photos import draw

from gallery_search.embedding import matching
from gallery_search.embedding.backbones import BACKBONES, Backbone, backbone
from gallery_search.embedding.feature_maps import FeatureMaps
from gallery_search.embedding.openvino_embedder import OpenVinoEmbedder
from gallery_search.embedding.probes import probe_images
from gallery_search.errors import BackboneError
from gallery_search.records import Pixels

LITE0 = BACKBONES[0]
SIDE = LITE0.network_input.size_px
LAYOUT = 143  # numbers of the layout of light, which has no places


@pytest.fixture(scope="module")
def maps(converted_models: Path) -> FeatureMaps:
    return FeatureMaps(LITE0, converted_models)


def pictures(count: int) -> list[Pixels]:
    return [np.asarray(draw(seed, SIDE)) for seed in range(count)]


@pytest.mark.network_model
def test_the_embedding_is_that_of_all_photos(maps: FeatureMaps, converted_models: Path) -> None:
    image = pictures(1)[0]
    embedder = OpenVinoEmbedder(LITE0, converted_models)
    try:
        expected = embedder.embed([image])[0]
    finally:
        embedder.close()
    mapped = maps.map(image)
    np.testing.assert_allclose(mapped.embedding, expected, atol=1e-5)
    assert mapped.features.shape == (1280, 7, 7)


@pytest.mark.network_model
def test_places_and_layout_of_light_add_up_to_the_similarity(maps: FeatureMaps) -> None:
    mapped = [maps.map(image) for image in pictures(6)]
    for photo in mapped:
        for query in mapped:
            cells = matching.contributions(
                photo.features, photo.embedding, query.embedding, maps.tail
            )
            light = float(photo.embedding[-LAYOUT:] @ query.embedding[-LAYOUT:])
            similarity = float(photo.embedding @ query.embedding)
            assert float(cells.sum()) + light == pytest.approx(similarity, abs=1e-5)


@pytest.mark.network_model
@pytest.mark.parametrize("number", [1, 3, 6])
def test_what_matches_is_where_the_query_is_from(maps: FeatureMaps, number: int) -> None:
    """Two halves of different photos side by side: each weighs more when it is asked for."""
    first, second = pictures(number + 2)[number:]
    half = SIDE // 2
    photo = maps.map(np.concatenate([first[:, :half], second[:, half:]], axis=1))

    def left_share(query: Pixels) -> float:
        towards = maps.map(query).embedding
        cells = matching.contributions(photo.features, photo.embedding, towards, maps.tail)
        return float(cells[:, :3].sum() / cells.sum())

    assert left_share(first) > left_share(second) + 0.15


@pytest.mark.parametrize("name", ["mobilenet-v3-small", "sscd", "dinov2-small"])
def test_other_networks_with_generated_weights(name: str, tmp_path: Path) -> None:
    """The places of each add up, too; a bias and a class token have none."""
    spec = backbone(name)
    generated_weights.write(spec, tmp_path)
    maps = FeatureMaps(spec, tmp_path)
    first, second = (maps.map(image) for image in probe_images(spec.network_input.size_px)[:2])
    assert matching.fits(second.features, second.embedding, maps.tail)
    cells = matching.contributions(first.features, first.embedding, second.embedding, maps.tail)
    start = maps.tail.start
    part = matching.part_of(first.features, maps.tail)
    end = start + len(part)
    expected = float(first.embedding[start:end] @ second.embedding[start:end])
    if maps.tail.bias is not None:
        scale = np.linalg.norm(first.embedding[start:end]) / np.linalg.norm(part)
        expected -= float(scale * maps.tail.bias @ second.embedding[start:end])
    assert cells.shape == {"sscd": (10, 10), "dinov2-small": (16, 16)}.get(name, (7, 7))
    assert float(cells.sum()) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize(
    "spec", [entry for entry in BACKBONES if entry.map_start is None], ids=lambda entry: entry.name
)
def test_networks_that_mix_the_places_are_refused(spec: Backbone, tmp_path: Path) -> None:
    with pytest.raises(BackboneError, match="keeps no places apart"):
        FeatureMaps(spec, tmp_path)
