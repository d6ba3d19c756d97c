# SPDX-License-Identifier: MIT
"""How fast networks run on the devices that there are, against the same networks in plain torch.

Each ratio is of two rates taken in turns in one run. Prints a table and a line of JSON;
`pytest -s` shows them. Weights are generated: they do not change the time that a network takes.
"""

import importlib.util
import json
import statistics
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import torch

from gallery_search.embedding import weights
from gallery_search.embedding.backbones import BACKBONES, Backbone, backbone
from gallery_search.embedding.conversion import network_file
from gallery_search.embedding.engines import Opening
from gallery_search.embedding.measurements import measured
from gallery_search.embedding.network import Recipe, load_recipe
from gallery_search.embedding.openvino_embedder import OpenVinoEmbedder
from gallery_search.embedding.probes import probe_images
from gallery_search.processes import Child

HEAVY = ("vgg16", "resnet152", "densenet201")
# Two thirds of the goals, which are 1.0 for each and 1.35 for their geometric mean.
MIN_RATIO = 0.67
MIN_MEAN_RATIO = 0.9
MIN_CUDA_RATIO = 0.8
MAX_MEASURING_S = 1.0
ROUNDS = 3

pytestmark = pytest.mark.timeout(300)


def generated_weights() -> ModuleType:
    """The module of that name among the integration tests."""
    file = Path(__file__).parents[1] / "integration" / "generated_weights.py"
    spec = importlib.util.spec_from_file_location("generated_weights", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def rates(ways: dict[str, tuple[int, Callable[[], object]]], rounds: int) -> dict[str, float]:
    """Images per second of each way to embed so many images, taken in turns; medians."""
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(rounds + 1):
        for name, (_, embed) in ways.items():
            begun = time.perf_counter()
            embed()
            if number > 0:  # the first is to warm up
                seconds[name].append(time.perf_counter() - begun)
    return {name: count / statistics.median(seconds[name]) for name, (count, _) in ways.items()}


def convert(spec: Backbone, models: Path) -> Recipe:
    """Write generated weights, convert them, and give the network in torch."""
    file = generated_weights().write(spec, models)
    network_file(spec, models, Child)
    recipe = load_recipe(spec, file)
    recipe.to(memory_format=torch.channels_last)
    return recipe


def test_heavy_networks_on_the_cpu(tmp_path: Path) -> None:
    ratios = {}
    for name in HEAVY:
        spec = backbone(name)
        recipe = convert(spec, tmp_path)
        embedder = OpenVinoEmbedder(spec, tmp_path)
        probes = probe_images(spec.network_input.size_px)
        batch = list(np.resize(probes, (embedder.streams, *_shape(spec))))
        with torch.inference_mode():
            found = rates(
                {
                    "torch": (len(probes), partial(recipe, torch.from_numpy(probes))),
                    "a query": (1, partial(embedder.embed, [probes[0]])),
                    "here": (len(batch), partial(embedder.embed, batch)),
                },
                ROUNDS,
            )
        embedder.close()
        ratios[name] = found["here"] / found["torch"]
        print(json.dumps({"network": name} | {k: round(v, 2) for k, v in found.items()}))
    mean = statistics.geometric_mean(ratios.values())
    print(json.dumps({k: round(v, 2) for k, v in ratios.items()} | {"mean": round(mean, 2)}))
    assert min(ratios.values()) >= MIN_RATIO
    assert mean >= MIN_MEAN_RATIO


def test_measuring_adds_little_to_the_start(tmp_path: Path) -> None:
    lite0 = BACKBONES[0]
    OpenVinoEmbedder(lite0, tmp_path).close()  # converted

    def seconds() -> float:
        begun = time.perf_counter()
        Opening(lite0, "cpu", tmp_path).run().close()
        return time.perf_counter() - begun

    with_measuring = seconds()
    entry = measured(lite0, tmp_path)[0]
    remembered = seconds()
    figures = {"first": with_measuring, "later": remembered, "per_second": entry.images_per_second}
    print(json.dumps({name: round(value, 3) for name, value in figures.items()}))
    assert with_measuring - remembered < MAX_MEASURING_S


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU that torch calls “cuda”")
@pytest.mark.parametrize("name", ["efficientnet-lite0", "resnet152"])
def test_cuda_is_hardly_slower_than_the_network_fed_from_memory(tmp_path: Path, name: str) -> None:
    spec = backbone(name)
    if spec.weights is not None:
        generated_weights().write(spec, tmp_path)
    embedder = Opening(spec, "cuda", tmp_path).run()
    count = embedder.batch_size
    recipe = load_recipe(spec, weights.find(spec, tmp_path))
    recipe.halve()
    recipe = recipe.to("cuda").to(memory_format=torch.channels_last)
    probes = np.resize(probe_images(spec.network_input.size_px), (count, *_shape(spec)))
    pinned = torch.from_numpy(probes).pin_memory()
    torch.backends.cudnn.benchmark = True

    def from_memory() -> object:
        with torch.inference_mode():
            return recipe(pinned.to("cuda", non_blocking=True)).cpu()

    ways = {
        "from memory": (count, from_memory),
        "here": (count, lambda: embedder.embed(list(probes))),
    }
    found = rates(ways, rounds=50)
    embedder.close()
    ratio = found["here"] / found["from memory"]
    figures = {k: round(v, 1) for k, v in found.items()} | {"ratio": round(ratio, 3)}
    print(json.dumps({"network": name, "batch": count, "precision": embedder.precision} | figures))
    assert ratio >= MIN_CUDA_RATIO


def _shape(spec: Backbone) -> tuple[int, int, int]:
    return (spec.network_input.size_px, spec.network_input.size_px, 3)
