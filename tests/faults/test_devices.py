# SPDX-License-Identifier: MIT
"""Backbones on the devices that there are: measured, chosen, short of memory, broken off.

Every computer has two engines on its CPU, OpenVINO ("cpu") and torch ("cpu:0" here), so a choice
can be made anywhere.
"""

import json
import os
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import generated_weights
import numpy as np
import psutil
import pytest

from gallery_search.embedding import devices, measurements, prepared
from gallery_search.embedding.backbones import BACKBONES, backbone
from gallery_search.embedding.conversion import network_file, references
from gallery_search.embedding.engines import Opening, open_embedder
from gallery_search.embedding.measurements import Measurement, measured
from gallery_search.embedding.measuring import batch_for
from gallery_search.embedding.openvino_embedder import OpenVinoEmbedder
from gallery_search.embedding.probes import MIN_COSINE, lowest_cosine, probe_images
from gallery_search.embedding.torch_embedder import TorchEmbedder
from gallery_search.embedding.words import WordHost
from gallery_search.errors import BackboneError
from gallery_search.processes import Child

pytestmark = pytest.mark.network_model
LITE0 = BACKBONES[0]
SMALL = backbone("mobilenet-v3-small")
PROBES = list(probe_images(LITE0.network_input.size_px))
needs_limits = pytest.mark.skipif(
    sys.platform != "linux", reason="limits of another process can only be set on Linux"
)


def one_thread(module: str) -> Child:
    """A child that takes little memory beside the network's, and waits for no other core."""
    return Child(module, environment={"OMP_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "1"})


def opening(models: Path, *candidates: str, device: str = "auto", **options: bool) -> Opening:
    return Opening(LITE0, device, models, find_devices=lambda *_: list(candidates), **options)


@pytest.fixture
def models(tmp_path: Path, converted_models: Path) -> Iterator[Path]:
    """A copy of the converted network, without measurements; no child may be left."""
    folder = shutil.copytree(converted_models, tmp_path / "models")
    (folder / "measurements.json").unlink(missing_ok=True)
    yield folder
    assert not psutil.Process().children(recursive=True)


# --- measuring and choosing -------------------------------------------------------------------


def test_the_first_opening_measures_and_the_second_remembers(models: Path) -> None:
    embedder = open_embedder(LITE0, "cpu", models)
    (entry,) = measured(LITE0, models)
    kept = (models / "measurements.json").read_bytes()
    assert (entry.device, entry.precision, entry.problem) == ("cpu", "float32", None)
    assert entry.product
    streams = OpenVinoEmbedder(LITE0, models).streams
    assert embedder.batch_size == entry.batch_size == batch_for(entry.images_per_second, streams)
    assert embedder.precision == "float32"
    assert lowest_cosine(embedder.embed(PROBES), references(LITE0, models, Child)) > 0.9999
    embedder.close()
    again = opening(models, "cpu").run()
    assert (again.device, again.batch_size) == ("cpu", entry.batch_size)
    again.close()
    assert (models / "measurements.json").read_bytes() == kept


def test_auto_measures_all_devices_and_takes_the_fastest(models: Path) -> None:
    embedder = opening(models, "cpu", "cpu:0", "mps").run()
    fastest, slower, missing = measured(LITE0, models)
    assert embedder.device == fastest.device
    assert {fastest.device, slower.device} == {"cpu", "cpu:0"}
    assert fastest.images_per_second > slower.images_per_second > 0
    assert missing.device == "mps"
    assert missing.problem is not None
    assert missing.problem.endswith(".")
    assert "\n" not in missing.problem
    embedder.close()


def test_a_choice_once_made_stays(models: Path) -> None:
    """Also where it was a close one, or another device would win today."""
    measurements.keep(
        LITE0,
        models,
        [
            Measurement("cpu", "whatever", "float32", 4, 100.0),
            Measurement("cpu:0", "cpu", "float32", 3, 101.0),
            Measurement("mps", "", problem="It is broken."),
        ],
    )
    kept = (models / "measurements.json").read_bytes()
    begun = opening(models, "cpu", "cpu:0", "mps")
    embedder = begun.run()
    assert (embedder.device, embedder.batch_size) == ("cpu:0", 3)
    begun.cancel()  # what has ended cannot be broken off
    assert embedder.embed(PROBES[:1]).shape == (1, LITE0.dimension)
    embedder.close()
    assert (models / "measurements.json").read_bytes() == kept


def test_a_device_with_another_product_in_its_place_is_measured_anew(models: Path) -> None:
    measurements.keep(LITE0, models, [Measurement("cpu", "an older one", "float32", 9, 1e6)])
    embedder = opening(models, "cpu").run()
    (entry,) = measured(LITE0, models)
    assert entry.product != "an older one"
    assert embedder.batch_size == entry.batch_size < 1000
    embedder.close()


def test_a_device_that_was_chosen_but_fails_gives_way_to_the_next(models: Path) -> None:
    measurements.keep(
        LITE0,
        models,
        [
            Measurement("mps", "Apple", "float16", 64, 900.0),
            Measurement("cpu", "", "float32", 4, 9),
        ],
    )
    embedder = opening(models, "cpu", "mps").run()
    assert embedder.device == "cpu"
    embedder.close()


def test_a_refused_device_is_tried_again_when_the_user_asks_for_it(models: Path) -> None:
    measurements.keep(LITE0, models, [Measurement("cpu", "", problem="It is broken.")])
    embedder = opening(models, device="cpu").run()
    assert measured(LITE0, models)[0].problem is None
    embedder.close()


def test_devices_are_measured_anew_on_request(models: Path) -> None:
    measurements.keep(LITE0, models, [Measurement("cpu", "", problem="It is broken.")])
    opening(models, "cpu", remeasure=True).run().close()
    assert measured(LITE0, models)[0].problem is None


def test_a_device_with_other_embeddings_is_refused_with_a_sentence(models: Path) -> None:
    files = prepared.locate(LITE0, models)
    others = np.roll(references(LITE0, models, Child), 1, axis=1)
    prepared.write_references(files.references, others)
    files.seal(with_network=False)  # what is not as it was sealed would be computed anew
    with pytest.raises(BackboneError, match=r"“cpu” gives other embeddings .*not used\.$"):
        opening(models, device="cpu").run()


# --- what is there ----------------------------------------------------------------------------


def test_the_cpu_is_always_among_the_devices(models: Path) -> None:
    assert devices.available(models, Child)[0] == "cpu"


def test_devices_are_asked_for_again_only_with_other_drivers(
    models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache, started = models / "devices.json", []

    def start(module: str) -> Child:
        started.append(module)
        return Child(module)

    found = devices.known_to_torch(cache, start)
    assert devices.known_to_torch(cache, start) == found
    assert len(started) == 1
    (models / "a-new-driver").touch()
    monkeypatch.setattr(devices, "_LINUX_GPU_FILES", (str(models / "a-new-driver"),))
    assert devices.known_to_torch(cache, start) == found
    assert len(started) == 2
    devices.forget(models)
    devices.known_to_torch(cache, start)
    assert len(started) == 3


@pytest.mark.parametrize("content", [None, "{}", "no json", '{"torch": "0.1", "devices": ["mps"]}'])
def test_devices_are_asked_for_where_nothing_is_remembered(tmp_path: Path, content: str) -> None:
    cache = tmp_path / "models" / "devices.json"
    if content is not None:
        cache.parent.mkdir()
        cache.write_text(content)
    answer = json.dumps({"devices": ["xpu"]})

    class Told(Child):
        """A child of another module that tells a device."""

        def __init__(self, module: str) -> None:
            super().__init__("gallery_search.imaging.decoder")

        def ask(self, head, parts=(), *, timeout_s):
            from gallery_search.processes import Message

            return Message(json.loads(answer))

    assert devices.known_to_torch(cache, Told) == ["xpu"]
    assert json.loads(cache.read_text())["devices"] == ["xpu"]


def test_a_child_that_was_killed_has_told_nothing_that_is_remembered(tmp_path: Path) -> None:
    def killed(module: str) -> Child:
        child = Child(module)
        child.kill()
        return child

    assert devices.known_to_torch(tmp_path / "devices.json", killed) == []
    assert list(tmp_path.iterdir()) == []


# --- memory -----------------------------------------------------------------------------------


@pytest.fixture
def by_torch(models: Path) -> Iterator[TorchEmbedder]:
    """torch on the CPU, with the network in memory."""
    embedder = TorchEmbedder(LITE0, models, "cpu", batch_size=32, start_child=one_thread)
    embedder.embed(PROBES)
    yield embedder
    embedder.close()


def limit_memory(embedder: TorchEmbedder, more_bytes: int) -> None:
    """Allow the child what it has and so much more."""
    import resource

    assert embedder.pid is not None
    taken = psutil.Process(embedder.pid).memory_info().vms
    resource.prlimit(embedder.pid, resource.RLIMIT_AS, (taken + more_bytes, -1))


@needs_limits
def test_short_memory_makes_batches_smaller_and_loses_nothing(
    by_torch: TorchEmbedder, models: Path
) -> None:
    # A photo takes about 15 MB, and what torch sets up for each new size of a batch some more.
    limit_memory(by_torch, 160 << 20)
    expected = np.tile(references(LITE0, models, Child), (8, 1))
    sizes = []
    # What is free falls into pieces, so the first size that fits once need not be the last.
    for _ in range(4):
        assert lowest_cosine(by_torch.embed(PROBES * 8), expected) > 0.9999
        note = by_torch.take_note()
        if note is None:
            break
        sizes.append(by_torch.batch_size)
        assert f"only {sizes[-1]} photos at a time" in note
        assert by_torch.take_note() is None
    assert note is None  # it was remembered
    assert 1 <= sizes[-1] <= 16
    assert by_torch.batch_size == sizes[-1]


@needs_limits
def test_too_little_memory_for_a_photo_is_a_sentence(by_torch: TorchEmbedder) -> None:
    limit_memory(by_torch, 0)
    with pytest.raises(BackboneError) as raised:
        by_torch.embed(PROBES)
    assert str(raised.value) == (
        "The device “cpu” failed: its memory is too small for a single photo."
    )


def test_a_large_batch_comes_back_in_its_order_and_a_dead_child_is_a_sentence(
    by_torch: TorchEmbedder, models: Path
) -> None:
    """It goes to the child in parts."""
    expected = references(LITE0, models, Child)
    photos = [PROBES[number % 4] for number in range(39)]
    by_torch.batch_size = 33
    embeddings = by_torch.embed(photos)
    assert embeddings.shape == (39, LITE0.dimension)
    assert lowest_cosine(embeddings, expected[np.arange(39) % 4]) > 0.9999
    assert by_torch.embed([]).shape == (0, LITE0.dimension)
    assert by_torch.pid is not None
    psutil.Process(by_torch.pid).kill()
    with pytest.raises(BackboneError, match=r"^The device “cpu” failed: the helper process .*\.$"):
        by_torch.embed(PROBES)


def test_half_precision_that_overflows_gives_way_to_full(tmp_path: Path) -> None:
    """As the probes may be too tame to tell: weights that take a block's output beyond 65504."""
    import torch

    from gallery_search.embedding import weights

    values = torch.load(weights.find(LITE0, tmp_path), weights_only=True)
    for name in ("_blocks.15._bn2.weight", "_blocks.15._bn2.bias"):
        values[name] = values[name] * 1e6
    file = tmp_path / "large.pth"
    torch.save(values, file)
    pixels = [np.ascontiguousarray(PROBES[0]).data]
    embed = {"ask": "embed", "size": 224, "full": 1, "is_last": True}
    rows = {}
    for precision in ("float32", "float16"):
        load = {"backbone": LITE0.name, "weights": str(file), "device": "cpu"}
        child = one_thread("gallery_search.embedding.torch_host")
        try:
            child.ask({"ask": "load", "precision": precision} | load, timeout_s=100)
            answer = child.ask(embed, pixels, timeout_s=100)
        finally:
            child.close()
        assert answer.head["precision"] == "float32"
        rows[precision] = np.frombuffer(answer.parts[0], np.float32)[np.newaxis]
    assert lowest_cosine(rows["float16"], rows["float32"]) > 0.9999


# --- broken off, interrupted, full --------------------------------------------------------------


def test_opening_is_broken_off_at_once_while_a_child_converts(tmp_path: Path) -> None:
    models = tmp_path / "models"
    begun = Opening(LITE0, "cpu", models)
    raised: list[BaseException] = []

    def run() -> None:
        try:
            begun.run()
        except BackboneError as error:
            raised.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    wait_until(lambda: bool(psutil.Process().children()))
    started = time.perf_counter()
    begun.cancel()
    thread.join(30)
    assert time.perf_counter() - started < 5  # importing torch and converting take longer
    assert len(raised) == 1
    assert begun.is_cancelled
    assert not psutil.Process().children()
    assert not list(tmp_path.rglob("*.*"))


def test_opening_that_was_broken_off_before_it_began_does_nothing(models: Path) -> None:
    begun = opening(models, "cpu")
    begun.cancel()
    with pytest.raises(BackboneError, match="broken off"):
        begun.run()
    assert not (models / "measurements.json").exists()


def test_a_measurement_that_was_broken_off_is_not_kept_as_a_failure(models: Path) -> None:
    begun: list[Opening] = []

    def find_devices(*_: object) -> list[str]:
        begun[0].cancel()
        return ["cpu", "cpu:0"]

    begun.append(Opening(LITE0, "auto", models, find_devices=find_devices))
    with pytest.raises(BackboneError):
        begun[0].run()
    assert measured(LITE0, models) == ()


@needs_limits
def test_a_full_disk_while_converting_is_a_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    """A limit on the size of files fails a write in its middle, as a full disk does."""
    import resource

    def with_little_space(module: str) -> Child:
        child = Child(module)
        resource.prlimit(child.pid, resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))
        return child

    models = tmp_path / "models"
    with pytest.raises(BackboneError, match=f"^The network {LITE0.name} was not prepared: ") as why:
        network_file(LITE0, models, with_little_space)
    assert "\n" not in str(why.value)
    assert str(why.value).endswith(".")
    assert list(models.iterdir()) == []


def test_a_killed_converter_is_a_sentence_and_other_weights_are_converted_anew(
    tmp_path: Path,
) -> None:
    def killed(module: str) -> Child:
        child = Child(module)
        child.kill()
        return child

    models = tmp_path / "models"
    generated_weights.write(SMALL, models, seed=1)
    with pytest.raises(BackboneError, match=r"was not prepared: the helper process ended .*\.$"):
        network_file(SMALL, models, killed)
    assert not prepared.locate(SMALL, models).is_complete
    network_file(SMALL, models, Child)
    files = prepared.locate(SMALL, models)
    assert files.is_complete
    first = references(SMALL, models, Child)

    generated_weights.write(SMALL, models, seed=2)  # from here on, all of that is worthless
    assert not prepared.locate(SMALL, models).is_complete
    embedder = open_embedder(SMALL, "cpu", models)
    embeddings = embedder.embed(PROBES)
    embedder.close()
    assert lowest_cosine(embeddings, references(SMALL, models, Child)) >= MIN_COSINE
    assert lowest_cosine(embeddings, first) < 0.99
    assert not files.network.exists()


def test_damaged_references_are_computed_anew(models: Path) -> None:
    expected = references(LITE0, models, Child)
    prepared.locate(LITE0, models).references.write_bytes(b"damaged")
    np.testing.assert_allclose(references(LITE0, models, Child), expected, atol=1e-5)


# --- words ------------------------------------------------------------------------------------


def test_a_backbone_without_words_says_so(models: Path) -> None:
    embedder = OpenVinoEmbedder(LITE0, models)
    with pytest.raises(BackboneError, match="knows no words"):
        embedder.embed_text("a dog on a beach")
    embedder.close()


def test_words_are_embedded_by_a_child_that_ends_when_nobody_asks(tmp_path: Path) -> None:
    clip = backbone("clip")
    generated_weights.write(clip, tmp_path)
    host = WordHost(clip, tmp_path, start_child=one_thread, idle_s=0.2)
    dog = host.embed("a dog on a beach")
    assert dog.shape == (clip.dimension,)
    assert dog.dtype == np.float32
    assert np.linalg.norm(dog) == pytest.approx(1, abs=1e-5)
    wait_until(lambda: not psutil.Process().children())
    assert not host.is_running
    np.testing.assert_allclose(host.embed("a dog on a beach"), dog, atol=1e-5)
    host.close()
    assert not psutil.Process().children()


def test_a_search_by_words_ends_when_the_program_closes(tmp_path: Path) -> None:
    clip = backbone("clip")
    assert clip.weights is not None
    place = tmp_path / "weights" / clip.weights.file_name
    place.parent.mkdir()
    place.write_bytes(b"no weights")
    started = threading.Event()

    def start(module: str) -> Child:
        child = one_thread(module)
        started.set()
        return child

    host = WordHost(clip, tmp_path, start_child=start)
    raised: list[BackboneError] = []

    def search() -> None:
        try:
            host.embed("a dog")
        except BackboneError as error:
            raised.append(error)

    thread = threading.Thread(target=search)
    thread.start()
    assert started.wait(20)
    host.close()
    thread.join(5)
    assert len(raised) == 1
    assert str(raised[0]).startswith("The words were not understood: ")
    with pytest.raises(BackboneError):
        host.embed("a cat")  # it stays closed
    assert not psutil.Process().children()


def wait_until(condition: Callable[[], bool], timeout_s: float = 30.0) -> None:
    """For what happens in other processes, which tell nobody."""
    ends = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < ends
        os.sched_yield() if hasattr(os, "sched_yield") else None
