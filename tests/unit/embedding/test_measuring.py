# SPDX-License-Identifier: MIT
"""Choosing precision and batch size of a form, by a form whose speed and faults are set."""

import time
from collections.abc import Sequence

import numpy as np
import pytest

from gallery_search.embedding.embedder import Precision
from gallery_search.embedding.measuring import MAX_BATCH, batch_for, measure
from gallery_search.embedding.probes import probe_images
from gallery_search.errors import BackboneError
from gallery_search.records import Embeddings, Pixels

SIZE_PX = 16
PROBES = probe_images(SIZE_PX)


def embed(images: Sequence[Pixels]) -> Embeddings:
    """What a faultless form makes of images: their pixels, made a unit vector."""
    rows = np.stack([image.reshape(-1).astype(np.float32) for image in images])
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


REFERENCES = embed(list(PROBES))


class SetForm:
    """A device that takes a set time for a batch and for each photo, and embeds well or badly."""

    device = "cuda"
    product = "A graphics card"

    def __init__(
        self,
        photo_ms: dict[Precision, float],
        *,
        batch_ms: float = 0.0,
        wrong: tuple[Precision, ...] = (),
        failing: tuple[Precision, ...] = (),
        memory: int = MAX_BATCH,
    ) -> None:
        self.precisions: tuple[Precision, ...] = tuple(photo_ms)
        self.precision: Precision = "float32"
        self.gains_from_batches = True
        self.streams = 1
        self.batch_size = 1
        self.batches: list[int] = []
        self._photo_ms = photo_ms
        self._batch_ms = batch_ms
        self._wrong = wrong
        self._failing = failing
        self._memory = memory

    def load(self, precision: Precision) -> None:
        self.precision = precision

    def embed(self, images: Sequence[Pixels]) -> Embeddings:
        self.batches.append(len(images))
        if self.precision in self._failing:
            raise BackboneError("The device “cuda” failed: it is broken.")
        self.batch_size = min(self.batch_size, self._memory)
        ends = time.perf_counter() + self._ms(len(images)) / 1000
        while time.perf_counter() < ends:
            pass
        embeddings = embed(images)
        if self.precision in self._wrong:
            embeddings[:, ::2] = 0
        return embeddings

    def _ms(self, count: int) -> float:
        return self._batch_ms + count * self._photo_ms[self.precision]

    def embed_text(self, text: str) -> Embeddings:
        raise BackboneError("This device takes no words.")

    def take_note(self) -> str | None:
        return None

    def close(self) -> None:
        pass


def choose(form: SetForm, seconds: float = 0.02):
    return measure(form, REFERENCES, SIZE_PX, seconds=seconds, may_go_on=lambda: True)


@pytest.mark.parametrize(
    ("half_ms", "full_ms", "better"), [(0.2, 1.0, "float16"), (1.0, 0.2, "float32")]
)
def test_the_faster_precision_is_taken(half_ms: float, full_ms: float, better: str) -> None:
    form = SetForm({"float16": half_ms, "float32": full_ms})
    assert choose(form).precision == better
    assert form.precision == better


def test_half_precision_that_embeds_otherwise_gives_way_to_full() -> None:
    form = SetForm({"float16": 0.1, "float32": 1.0}, wrong=("float16",))
    found = choose(form)
    assert (found.precision, found.problem, form.precision) == ("float32", None, "float32")


def test_half_precision_that_fails_gives_way_to_full() -> None:
    assert choose(SetForm({"float16": 0.1, "float32": 1}, failing=("float16",))).problem is None


def test_a_device_that_embeds_otherwise_is_refused_with_a_sentence() -> None:
    form = SetForm({"float16": 0.1, "float32": 0.1}, wrong=("float16", "float32"))
    with pytest.raises(BackboneError, match=r"“cuda” gives other embeddings .*cosine 0\.\d+"):
        choose(form)


def test_a_device_that_fails_says_why() -> None:
    form = SetForm({"float32": 0.1}, failing=("float32",))
    with pytest.raises(BackboneError, match="it is broken"):
        choose(form)


def test_photos_must_come_out_alike_alone_and_together() -> None:
    class Mixed(SetForm):
        def embed(self, images: Sequence[Pixels]) -> Embeddings:
            return super().embed(images)[::-1]  # right only for one photo at a time

    with pytest.raises(BackboneError, match="other embeddings"):
        choose(Mixed({"float32": 0.1}))


def test_a_device_with_a_long_run_up_gets_large_batches_that_end_in_time() -> None:
    form = SetForm({"float32": 0.1}, batch_ms=5)
    found = choose(form)
    assert form.batch_size == found.batch_size
    assert 32 <= found.batch_size <= batch_for(found.images_per_second)  # 200 take 25 ms
    assert found.images_per_second > 1000 / 5.1 * 4
    assert max(form.batches) <= 512


def test_where_batches_gain_nothing_they_stay_small() -> None:
    assert choose(SetForm({"float32": 1.0})).batch_size <= 4


def test_a_slow_device_gets_one_photo_at_a_time_and_is_measured_by_a_few() -> None:
    form = SetForm({"float32": 60})
    assert choose(form).batch_size == 1
    assert sum(form.batches) <= 20


def test_the_batch_stays_within_the_memory() -> None:
    form = SetForm({"float32": 0.05}, batch_ms=3, memory=8)
    assert choose(form).batch_size <= 8


def test_an_engine_that_gains_nothing_from_batches_is_measured_without() -> None:
    form = SetForm({"float32": 1})
    form.gains_from_batches = False
    found = choose(form, seconds=0.05)
    assert set(form.batches) == {1, len(PROBES)}
    assert found.batch_size == form.batch_size == batch_for(found.images_per_second)


@pytest.mark.parametrize("photo_ms", [1, 60])
def test_a_batch_gives_each_stream_the_same_work(photo_ms: float) -> None:
    form = SetForm({"float32": photo_ms})
    form.gains_from_batches = False
    form.streams = 3
    found = choose(form)
    assert set(form.batches) == {1, len(PROBES), 3}
    assert found.batch_size == form.batch_size == batch_for(found.images_per_second, 3)
    assert found.batch_size % 3 == 0


def test_all_streams_are_checked() -> None:
    form = SetForm({"float32": 1})
    form.gains_from_batches = False
    form.streams = 2 * len(PROBES)
    choose(form)
    assert max(form.batches) == form.streams


@pytest.mark.parametrize(
    ("images_per_second", "size"), [(0.5, 1), (40, 1), (166, 4), (2000, 50), (1e9, MAX_BATCH)]
)
def test_a_batch_holds_25_ms_of_work_and_a_photo_at_least(
    images_per_second: float, size: int
) -> None:
    assert batch_for(images_per_second) == size


def test_measuring_ends_when_it_is_told_to() -> None:
    form = SetForm({"float16": 0.1, "float32": 0.1})
    with pytest.raises(BackboneError):
        measure(
            form,
            REFERENCES,
            SIZE_PX,
            seconds=60,
            may_go_on=lambda: len(form.batches) < 20,
        )
    assert len(form.batches) <= 20
