# SPDX-License-Identifier: MIT
"""Makes the original experiment's dataset: random artworks of the Museum of Modern Art.

    artworks   reads the museum's file of its works, which artworks_download fetches
    sampling   draws some of them by a seed
    fetching   fetches their pictures, with patience
    fitting    makes each an image of the original's size
    datasets   writes down what they show

A run that was stopped goes on where it was when it is started again with the same name.
"""

import contextlib
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

from filelock import FileLock, Timeout
from msgspec import Struct

from gallery_search.errors import ExperimentStoppedError, ExternalError
from gallery_search.experiments import datasets
from gallery_search.experiments.artworks import Artwork, read_artworks
from gallery_search.experiments.artworks_download import ARTWORKS, download_artworks
from gallery_search.experiments.datasets import Dataset, image_file
from gallery_search.experiments.fetching import Patience, fetch
from gallery_search.experiments.progress import OnProgress, Step
from gallery_search.experiments.sampling import draw
from gallery_search.net import Download
from gallery_search.paths import LibraryPaths

Warn: TypeAlias = Callable[[str], None]

_LOCK = "dataset.lock"
_LISTED = 10  # failures that are told; all are in dataset.json

_USUAL_PATIENCE = Patience()


class Order(Struct, frozen=True):
    """What is asked for.

    Attributes:
        artworks: the museum's file; None for one that is downloaded.
        count: of works, at least 1.
        seed: of the draw.
        name: of the dataset; "" for one made of count and seed.
    """

    artworks: Path | None = None
    count: int = 5000
    seed: int = 0
    name: str = ""


class Made(Struct, frozen=True):
    """What became of an order.

    Attributes:
        downloaded: all pictures that are there, also those of earlier runs.
        failed: pictures that are missing.
        folder: of the dataset.
    """

    downloaded: int
    failed: int
    folder: Path


def make(
    order: Order,
    paths: LibraryPaths,
    on_progress: OnProgress,
    warn: Warn,
    *,
    stop: threading.Event | None = None,
    patience: Patience = _USUAL_PATIENCE,
    published: Download = ARTWORKS,
) -> Made:
    """Draw works, fetch their pictures and write down what they are; blocks.

    Args:
        order: what is asked for.
        paths: of the library that is to hold the dataset.
        on_progress: called on this thread, as is `warn`.
        warn: gets a sentence about what is missing.
        stop: any thread may set it to stop the work; what has come is kept.
        patience: with the museum's server.
        published: the museum's file, where it is to be downloaded.

    Raises:
        ExperimentStoppedError: `stop` was set.
        ExternalError: nothing was drawn or could be fetched, or something stands in the way.
        KeyboardInterrupt: with a sentence that says what is kept and how to go on.
    """
    name = order.name or f"moma-{order.count}-seed-{order.seed}"
    datasets.check_name(name)
    folder = paths.datasets / name
    paths.create()
    folder.mkdir(parents=True, exist_ok=True)
    stop = threading.Event() if stop is None else stop
    with _locked(folder):
        dataset = _known(order, folder)
        if dataset is None or order.artworks is not None:
            file = _artworks_file(order, paths, published, on_progress, stop)
            dataset = _drawn(order, file, folder, dataset)
        if len(dataset.works) < order.count:
            warn(
                f"The file has pictures of fewer than {order.count:,} works: all "
                f"{len(dataset.works):,} are taken."
            )
        try:
            _fetch(dataset, folder, patience, on_progress, stop)
        except (KeyboardInterrupt, ExternalError) as error:
            with contextlib.suppress(OSError):  # what is there is found by its files
                datasets.write(folder, dataset)
            raise _with_outlook(error, dataset, folder) from None
        datasets.write(folder, dataset)
        return _report(dataset, folder, warn)


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    lock = FileLock(folder / _LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise ExternalError(
            f"Wait for the other command that is at work on {folder}, or choose another name."
        ) from None
    try:
        yield
    finally:
        lock.release()
        if not (folder / datasets.FILE).exists():  # nothing was drawn
            with contextlib.suppress(OSError):
                (folder / _LOCK).unlink()
                folder.rmdir()


def _known(order: Order, folder: Path) -> Dataset | None:
    """What an earlier run drew; raises where that was another draw."""
    if not (folder / datasets.FILE).exists():
        return None
    known = datasets.read(folder)
    if (known.requested, known.seed) != (order.count, order.seed):
        raise _other_draw(folder, f"{known.requested:,} works with the seed {known.seed}")
    return known


def _artworks_file(
    order: Order,
    paths: LibraryPaths,
    published: Download,
    on_progress: OnProgress,
    stop: threading.Event,
) -> Path:
    if order.artworks is not None:
        return order.artworks
    file = paths.datasets / "Artworks.csv"
    if not file.exists():
        download_artworks(published, file, on_progress, stop)
        try:  # one that is of no use is to be fetched anew by the next start
            next(read_artworks(file), None)
        except ExternalError:
            file.unlink(missing_ok=True)
            raise
    return file


def _drawn(order: Order, file: Path, folder: Path, known: Dataset | None) -> Dataset:
    """A draw, written down; of pictures with a new address, earlier failures no longer count."""
    drawn = draw(read_artworks(file), order.count, order.seed)
    if not drawn.works:
        raise ExternalError(
            f"Choose the museum's Artworks.csv or Artworks.json: no work in {file} has a number "
            "and the address of a picture."
        )
    failures = {}
    if known is not None:
        urls = {work.object_id: work.url for work in known.works}
        if list(urls) != [work.object_id for work in drawn.works]:
            raise _other_draw(folder, "another Artworks file")
        failures = {
            work.object_id: known.failures[work.object_id]
            for work in drawn.works
            if work.object_id in known.failures and work.url == urls[work.object_id]
        }
    dataset = Dataset(drawn.works, failures, order.count, drawn.available, order.seed)
    datasets.write(folder, dataset)
    return dataset


def _other_draw(folder: Path, source: str) -> ExternalError:
    return ExternalError(
        f"Choose another name for the dataset, or remove {folder}: it was drawn from {source}."
    )


def _fetch(
    dataset: Dataset,
    folder: Path,
    patience: Patience,
    on_progress: OnProgress,
    stop: threading.Event,
) -> None:
    """Fetch what is missing, but for what was refused for good; notes the failures."""
    wanted = [
        work
        for work in _missing(dataset, folder)
        if (failure := dataset.failures.get(work.object_id)) is None or not failure.is_final
    ]
    total = len(dataset.works)
    step = Step("fetching", total, on_progress, unit="pictures", done=total - len(wanted))
    with contextlib.closing(fetch(wanted, folder, patience)) as outcomes:
        for outcome in outcomes:
            if outcome is not None:
                dataset.failures.pop(outcome.work.object_id, None)
                if outcome.failure is not None:
                    dataset.failures[outcome.work.object_id] = outcome.failure
                step.add()
            if stop.is_set():
                raise ExperimentStoppedError


def _missing(dataset: Dataset, folder: Path) -> list[Artwork]:
    return [work for work in dataset.works if not image_file(folder, work).exists()]


def _with_outlook(
    error: KeyboardInterrupt | ExternalError, dataset: Dataset, folder: Path
) -> KeyboardInterrupt | ExternalError:
    """The same kind of end, with a sentence about what is kept."""
    total = len(dataset.works)
    if isinstance(error, KeyboardInterrupt):
        there = total - len(_missing(dataset, folder))
        return KeyboardInterrupt(
            f"Stopped. {there:,} of {total:,} pictures are kept in {folder}; give the same command "
            "again to go on."
        )
    if not isinstance(error, ExperimentStoppedError):
        return ExternalError(
            f"{error} What has come is kept, and the same command goes on from it."
        )
    return error


def _report(dataset: Dataset, folder: Path, warn: Warn) -> Made:
    """Tell what is missing; raises ExternalError where that is all."""
    failed = _missing(dataset, folder)
    reasons = [
        failure.reason
        if (failure := dataset.failures.get(work.object_id))
        else "Its file was removed."
        for work in failed[:_LISTED]
    ]
    for work, reason in zip(failed, reasons, strict=False):
        warn(f"“{work.title}” ({work.object_id}): {reason}")
    if len(failed) > _LISTED:
        warn(
            f"{len(failed) - _LISTED:,} more pictures are missing; all are listed in "
            f"{folder / datasets.FILE}."
        )
    if len(failed) == len(dataset.works):
        raise ExternalError(f"None of the pictures could be had. The first: {reasons[0]}")
    return Made(len(dataset.works) - len(failed), len(failed), folder)
