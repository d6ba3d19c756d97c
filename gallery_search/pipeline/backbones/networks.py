# SPDX-License-Identifier: MIT
"""All backbones as the user sees them: what is here, what can be fetched, how fast each is."""

import logging
import shutil
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from gallery_search.backbone_status import BackboneRole, BackboneState, BackboneStatus
from gallery_search.embedding import measurements, prepared, weights
from gallery_search.embedding.backbones import BACKBONES, Backbone, backbone
from gallery_search.errors import BackboneError, CatalogueError
from gallery_search.language import mark
from gallery_search.paths import LibraryPaths
from gallery_search.pipeline.backbones.downloads import Downloads, Job, OnDone
from gallery_search.pipeline.backbones.switching import Switching
from gallery_search.pipeline.mailbox import Task
from gallery_search.pipeline.storing.shelf import Shelf
from gallery_search.records import (
    BackbonesChanged,
    Event,
    Notice,
)

log = logging.getLogger(__name__)

_SWITCHING_S = 0.5  # between two reports of a switch, each of which looks at some files


class Networks:
    """Tells of the backbones, and fetches and deletes what belongs to them.

    Worker thread only; raises CatalogueError.
    """

    def __init__(
        self,
        paths: LibraryPaths,
        shelf: Shelf,
        switching: Switching,
        post: Callable[[Task], None],
        emit: Callable[[Event], None],
    ) -> None:
        self._paths = paths
        self._shelf = shelf
        self._switching = switching
        self._post = post
        self._emit = emit
        self._downloads = Downloads(paths.models, post, self._tell_progress, self._on_finished)
        self._embedded: dict[tuple[str, int], int] = {}  # photos by backbone and recipe
        self._total = 0
        self._told_s = 0.0
        self._problems: dict[str, str] = {}  # what went wrong last, by name

    def tell(self) -> None:
        """Tell of all backbones; with the counts of before where a database refuses."""
        try:
            self._embedded = self._count_embedded()
            self._total = self._shelf.catalogue.counts().total
        except CatalogueError as error:
            log.warning("%s", error)
        self._tell_progress()

    def _count_embedded(self) -> dict[tuple[str, int], int]:
        """Photos by backbone and recipe; of those at work, without counting a million rows."""
        store = self._shelf.space.store
        at_work = [
            engine for engine in (self._switching.active, self._switching.incoming) if engine
        ]
        sizes = {engine.backbone.name: len(engine.space.index) for engine in at_work}
        return {
            (entry.name, entry.recipe): sizes[entry.name]
            if entry.name in sizes
            else store.live_count((entry.name, entry.recipe))
            for entry in BACKBONES
        }

    def tell_switching(self) -> None:
        """Tell how far the incoming backbone is, now and then."""
        incoming = self._switching.incoming
        if incoming is not None and time.monotonic() - self._told_s >= _SWITCHING_S:
            entry = incoming.backbone
            self._embedded[entry.name, entry.recipe] = len(incoming.space.index)
            self._tell_progress()

    def download(self, name: str, on_done: OnDone | None = None) -> None:
        """Fetch weights; `tell` follows, while it goes on and at its end.

        Raises:
            BackboneError: it is unknown, or needs a package that is not installed.
        """
        entry = backbone(name)
        if weights.is_here(entry, self._paths.models):
            self.tell()
            if on_done is not None:
                on_done(None)
            return
        self._problems.pop(name, None)
        self._downloads.start(entry, on_done)
        self.tell()

    def cancel_download(self, name: str) -> None:
        """Break a download off; what has come is kept."""
        self._downloads.cancel(backbone(name))

    def import_file(self, name: str, file: Path, on_done: OnDone | None = None) -> None:
        """Take weights from a file; `tell` follows, and a Notice.

        Raises:
            BackboneError: there is no such backbone.
        """
        self._problems.pop(name, None)
        self._downloads.start_import(backbone(name), file, on_done)
        self.tell()

    def use(self, name: str) -> None:
        """Let a backbone take over once it has embedded the photos.

        Raises:
            BackboneError: it is unknown, or its weights are not here.
        """
        entry = backbone(name)
        prepared.locate(entry, self._paths.models)
        self._switching.use(entry)

    def delete_data(self, name: str) -> None:
        """Delete what an idle backbone has on the disk.

        Raises:
            BackboneError: it is in use, or a file cannot be deleted.
        """
        entry = backbone(name)
        if self._role(entry) != "idle":
            raise BackboneError(
                mark("{network} is in use. Let another network answer first.").format(network=name)
            )
        if self._downloads.job(entry) is not None:
            raise BackboneError(
                mark("The weights of {network} are on their way. Cancel that first.").format(
                    network=name
                )
            )
        self._delete_embeddings(name)
        try:
            for path in self._files(entry):
                if path.is_dir():
                    shutil.rmtree(path)
                else:
                    path.unlink(missing_ok=True)
            weights.remove(entry, self._paths.models)
        except OSError as error:
            raise BackboneError(
                mark("Not all data of {network} could be deleted: {reason}.").format(
                    network=name, reason=error.strerror or error
                )
            ) from error
        finally:
            self._problems.pop(name, None)
            self.tell()

    def _delete_embeddings(self, name: str) -> None:
        """In slices, as queries may wait."""
        if self._shelf.space.store.delete_some(name):
            self._post(partial(self._delete_embeddings, name))
        else:
            self.tell()

    def stop(self) -> None:
        """Break all downloads off."""
        self._downloads.stop()

    def _tell_progress(self) -> None:
        """Tell of all backbones, without counting their embeddings anew."""
        self._told_s = time.monotonic()
        self._emit(BackbonesChanged(tuple(map(self._status, BACKBONES))))

    def _on_finished(
        self, entry: Backbone, job: Job, problem: str | None, note: str | None
    ) -> None:
        if problem is not None:
            self._problems[entry.name] = problem
        elif not job.when_done and weights.is_here(entry, self._paths.models):
            note = note or mark("The weights of {network} are here and can be used.").format(
                network=entry.name
            )
        if note is not None:
            self._emit(Notice(note))
        if problem is not None and not job.when_done:  # those who wait are told it themselves
            self._emit(Notice(problem))
        self.tell()

    def _role(self, entry: Backbone) -> BackboneRole:
        if entry == self._switching.active.backbone:
            return "active"
        incoming = self._switching.incoming
        return "incoming" if incoming is not None and entry == incoming.backbone else "idle"

    def _status(self, entry: Backbone) -> BackboneStatus:
        job = self._downloads.job(entry)
        progress = None if job is None else job.progress
        measured = next(iter(measurements.measured(entry, self._paths.models)), None)
        runs = measured is not None and measured.problem is None
        return BackboneStatus(
            name=entry.name,
            state=self._state(entry),
            role=self._role(entry),
            good_at=entry.good_at,
            licence=entry.licence,
            source=entry.source,
            dimension=entry.dimension,
            takes_text=entry.text_builder is not None,
            download_bytes=0 if entry.weights is None else entry.weights.size_bytes,
            received_bytes=(
                self._downloads.received_bytes(entry)
                if progress is None
                else progress.received_bytes
            ),
            bytes_per_second=None if progress is None else progress.bytes_per_second,
            seconds_left=None if progress is None else progress.seconds_left,
            embedded=self._embedded.get((entry.name, entry.recipe), 0),
            total=self._total,
            data_bytes=self._size(entry),
            device=measured.device if measured is not None and runs else None,
            images_per_second=measured.images_per_second if measured is not None and runs else None,
            problem=self._problem(entry),
            shows_matches=entry.map_start is not None,
        )

    def _state(self, entry: Backbone) -> BackboneState:
        if weights.missing_package(entry) is not None:
            return "unavailable"
        if self._downloads.job(entry) is not None:
            return "downloading"
        return "ready" if weights.is_here(entry, self._paths.models) else "available"

    def _problem(self, entry: Backbone) -> str | None:
        try:
            weights.require_package(entry)
        except BackboneError as error:
            return str(error)
        return self._problems.get(entry.name)

    def _files(self, entry: Backbone) -> list[Path]:
        """The index, the map and the networks made of a backbone's weights, without those."""
        made = self._paths.models.rglob(f"{entry.name}-r[0-9]*")
        return [self._paths.index(entry.name), self._paths.map(entry.name), *made]

    def _size(self, entry: Backbone) -> int:
        files = self._files(entry)
        if entry.weights is not None:
            folder = weights.folder(self._paths.models)
            files += folder.glob(f"{entry.weights.file_name}*")
        return sum(map(_size_bytes, files))


def _size_bytes(path: Path) -> int:
    """Of a file, or of all files below a folder; what goes meanwhile counts nothing."""
    files = path.rglob("*") if path.is_dir() else (path,)
    total = 0
    for file in files:
        try:
            total += file.stat().st_size if file.is_file() else 0
        except OSError:
            continue
    return total
