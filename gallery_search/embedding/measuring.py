# SPDX-License-Identifier: MIT
"""Measuring a form of a backbone: whether it embeds rightly, how fast, and in what batches."""

import logging
import statistics
import time
from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
from msgspec import Struct

from gallery_search.embedding.embedder import Embedder, Precision
from gallery_search.embedding.measurements import Measurement
from gallery_search.embedding.probes import MIN_COSINE, lowest_cosine, probe_images
from gallery_search.errors import BackboneError
from gallery_search.language import mark
from gallery_search.records import Embeddings, Pixels

log = logging.getLogger(__name__)

MAX_BATCH_S = 0.025  # what a query may wait for a batch that is under way
MAX_BATCH = 512  # 77 MB of pixels at 224 px
_GROWTH = 4  # from one batch size to the next that is tried
_MIN_GAIN = 1.05  # less is noise, and a larger batch only makes a query wait
_TRIAL_S = 0.1


class Form(Embedder, Protocol):
    """An embedder whose precision and batch size are still to be chosen.

    Attributes:
        precisions: those to try.
        gains_from_batches: whether larger batches may be faster on this engine.
        product: under what name the device is sold.
    """

    precisions: tuple[Precision, ...]
    gains_from_batches: bool
    product: str

    @property
    def streams(self) -> int:
        """How many images it embeds side by side; batches are multiples of that."""
        ...

    def load(self, precision: Precision) -> None:
        """Load the network anew in a precision; raises BackboneError."""
        ...


class _Trial(Struct, frozen=True):
    precision: Precision
    batch_size: int
    images_per_second: float


def batch_for(images_per_second: float, streams: int = 1) -> int:
    """How many images make a batch of `MAX_BATCH_S` at most; one for each stream at least."""
    rounds = min(MAX_BATCH, int(MAX_BATCH_S * images_per_second)) // streams
    return max(1, rounds) * streams


def measure(
    form: Form,
    references: Embeddings,
    size_px: int,
    *,
    seconds: float,
    may_go_on: Callable[[], bool],
) -> Measurement:
    """Leave a form in the precision and with the batch size that are fastest here.

    Args:
        form: a backbone on a device; in which precision does not matter.
        references: how float32 torch embeds `probe_images(size_px)`.
        size_px: side of the network input.
        seconds: for the rate of each precision; slow networks take two images' time, if that is
            longer.
        may_go_on: asked between batches.

    Raises:
        BackboneError: no precision gives the right embeddings, the device failed, or `may_go_on`
            said no.
    """
    probes = list(probe_images(size_px))
    best: _Trial | None = None
    problem = ""
    for precision in form.precisions:
        try:
            if form.precision != precision or problem:
                form.load(precision)
            _check(form, references, probes, may_go_on)
            trial = _time(form, probes, seconds, may_go_on)
        except BackboneError as error:
            problem = str(error)
            if may_go_on():
                log.warning("%s in %s: %s", form.device, precision, problem)
            continue
        log.info("%s in %s: %.1f images a second", form.device, precision, trial.images_per_second)
        if best is None or trial.images_per_second > best.images_per_second:
            best = trial
    if best is None or not may_go_on():
        raise BackboneError(problem or mark("The measuring was broken off."))
    if form.precision != best.precision:
        form.load(best.precision)
    form.batch_size = best.batch_size
    return Measurement(
        form.device, form.product, best.precision, best.batch_size, best.images_per_second
    )


def warm_up(form: Form, size_px: int) -> None:
    """Let a device prepare for its usual batch and for a single query; raises BackboneError."""
    probes = list(probe_images(size_px))
    form.embed(_batch(probes, form.batch_size))
    form.embed(probes[:1])


def _check(
    form: Form, references: Embeddings, probes: Sequence[Pixels], may_go_on: Callable[[], bool]
) -> None:
    cosine = 1.0
    for number, probe in enumerate(probes):
        if not may_go_on():
            raise BackboneError(mark("The measuring was broken off."))
        row = slice(number, number + 1)
        cosine = min(cosine, lowest_cosine(form.embed([probe]), references[row]))
    if cosine >= MIN_COSINE:  # and several photos at once must not differ from one at a time
        count = max(len(probes), form.streams)
        expected = np.resize(references, (count, references.shape[1]))
        cosine = min(cosine, lowest_cosine(form.embed(_batch(probes, count)), expected))
    if cosine < MIN_COSINE:
        raise BackboneError(
            mark(
                "The device “{device}” gives other embeddings than it should (cosine "
                "{cosine}), so it is not used."
            ).format(device=form.device, cosine=f"{cosine:.4f}")
        )


def _time(
    form: Form, probes: Sequence[Pixels], seconds: float, may_go_on: Callable[[], bool]
) -> _Trial:
    """Find the batch size that pays and its rate; `_check` has warmed the device up."""
    if not form.gains_from_batches:
        form.batch_size = form.streams
        rate = _rate(form, probes, seconds, may_go_on)
        form.batch_size = batch_for(rate, form.streams)
        return _Trial(form.precision, form.batch_size, rate)
    form.batch_size = 1
    best = _Trial(form.precision, 1, _rate(form, probes, _TRIAL_S, may_go_on))
    while (larger := min(best.batch_size * _GROWTH, batch_for(best.images_per_second * 2))) > 1:
        form.batch_size = larger
        form.embed(_batch(probes, larger))
        rate = _rate(form, probes, _TRIAL_S, may_go_on)
        size = min(form.batch_size, larger, batch_for(rate))
        if rate < best.images_per_second * _MIN_GAIN:
            break
        best = _Trial(form.precision, size, rate)
        if size < larger or larger == MAX_BATCH:
            break
    form.batch_size = best.batch_size
    rate = _rate(form, probes, seconds, may_go_on)
    form.batch_size = min(form.batch_size, batch_for(rate))
    form.take_note()  # that a large trial did not fit is of no interest
    return _Trial(form.precision, form.batch_size, rate)


def _rate(
    form: Form, probes: Sequence[Pixels], seconds: float, may_go_on: Callable[[], bool]
) -> float:
    """Images per second at the form's batch size; the median of at least two batches."""
    batch = _batch(probes, form.batch_size)
    times: list[float] = []
    while len(times) < 2 or sum(times) < seconds:
        if not may_go_on():
            raise BackboneError(mark("The measuring was broken off."))
        begun = time.perf_counter()
        form.embed(batch)
        times.append(time.perf_counter() - begun)
    return len(batch) / statistics.median(times)


def _batch(probes: Sequence[Pixels], size: int) -> list[Pixels]:
    return [probes[number % len(probes)] for number in range(size)]
