# SPDX-License-Identifier: MIT
"""The door to the pipeline: what the window and the commands may ask of a library."""

import itertools
import os
import queue
import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TypeAlias

from gallery_search.catalogue import recovery
from gallery_search.catalogue.rows import Folder
from gallery_search.duplicates import DuplicateKind, DuplicatesFailed, DuplicatesFound
from gallery_search.embedding.backbones import Backbone, backbone
from gallery_search.errors import ExternalError, FolderError, GalleryError
from gallery_search.imaging.pool import DecoderPool
from gallery_search.manners import Manners
from gallery_search.paths import LibraryPaths
from gallery_search.pipeline.backbones.networks import Networks
from gallery_search.pipeline.choosing import Choosing
from gallery_search.pipeline.drives.places import known_photos, locate_in_time
from gallery_search.pipeline.head_start import HeadStart
from gallery_search.pipeline.mailbox import Priority
from gallery_search.pipeline.mapping.maps import Maps
from gallery_search.pipeline.opening import settings_to_open_with
from gallery_search.pipeline.pace.politeness import Politeness, Senses
from gallery_search.pipeline.pace.throttle import Throttle
from gallery_search.pipeline.serving.pictures import Pictures
from gallery_search.pipeline.serving.reader import Reader
from gallery_search.pipeline.serving.search_keeper import SearchKeeper
from gallery_search.pipeline.tally import Tally
from gallery_search.pipeline.upkeep.duplicates import Duplicates
from gallery_search.pipeline.watching.exclusions import Exclusions
from gallery_search.pipeline.worker import Worker
from gallery_search.queries import MatchRequest, QueryRequest
from gallery_search.records import (
    BackbonesChanged,
    Event,
    FolderState,
    Notice,
    PhotosChanged,
)

Listener: TypeAlias = Callable[[Event], None]
Outcome: TypeAlias = queue.SimpleQueue[str | None]  # None, or why indexing did not come to its end

_SENSES = Senses()
_DRIVE_ANSWERS_S = 3.0  # for a command, which somebody waits for


class Library:
    """An open library; the caller holds its lock. All methods may be called on any thread.

    Methods return at once; what comes of them is told to the listeners, on threads of the
    pipeline, which must not block.

    Attributes:
        paths: of the library.
        choices: takes what the user chooses of what is left out, and of the device.
        maps: makes the map.
        mended: sentences about what was damaged when it was opened; `start` tells them too.
    """

    def __init__(
        self,
        root: Path,
        *,
        backbone_name: str | None = None,
        device: str | None = None,
        is_indexing: bool = True,
        is_watching: bool = True,
        senses: Senses = _SENSES,
        head_start: HeadStart | None = None,
    ) -> None:
        """Open or create a library; nothing runs before `start`.

        Args:
            root: the library's folder.
            backbone_name: network to use in place of that in the settings.
            device: where the network runs, in place of that in the settings.
            is_indexing: index what waits; otherwise only queries are answered.
            is_watching: watch the folders for changes.
            senses: how battery and presence of the user are found out.
            head_start: taken over unless this raises.

        Raises:
            BackboneError: there is no such backbone.
            CatalogueError: a database cannot be opened.
        """
        self.paths = LibraryPaths(root)
        self.paths.create()
        self.mended = recovery.mend(self.paths)
        settings = settings_to_open_with(
            self.paths.settings,
            backbone_name=backbone_name,
            device=device,
            is_watching=is_watching,
        )
        self._duplicates = Duplicates(self.paths)
        self.maps = Maps(self.paths, lambda: self.backbone, self._emit)
        self._listeners: list[Listener] = []
        self._listeners_lock = threading.Lock()
        self._request_numbers = itertools.count(-1, -1)
        throttle = Throttle(os.cpu_count() or 1)
        throttle.set_share(settings.share)
        self._pool = DecoderPool(throttle.decoders) if head_start is None else head_start.pool
        try:
            self._worker = Worker(
                self.paths,
                backbone(settings.backbone),
                settings,
                self._pool,
                throttle,
                Politeness(settings.manners, senses),
                self._emit,
                is_indexing=is_indexing,
                is_watching=is_watching,
                opening=None if head_start is None else head_start.opening_for(settings),
            )
        except BaseException:
            self._pool.close()
            raise
        exclusions = Exclusions(settings.excluded_folders, settings.excluded_patterns)
        self.choices = Choosing(
            self._worker.choices, self._worker.post, exclusions, self.paths.models, self._emit
        )
        pictures = Pictures(self._pool, self._emit, self._worker.folders.offline)
        self.reader = Reader(self.paths, self._emit, self._on_missing_thumbnails, pictures.request)
        self.search_keeper = SearchKeeper(self._worker)
        self.subscribe(self._tell_parts)

    @property
    def tally(self) -> Tally:
        """What indexing has done since the library was opened; read it when idle."""
        return self._worker.tally

    @property
    def backbone(self) -> Backbone:
        """The backbone that answers the queries."""
        return self._worker.backbone

    @property
    def device(self) -> str:
        """The device that the network runs on, or the one asked for until it does."""
        return self._worker.device

    def folder_state(self, folder: Folder) -> FolderState:
        """How a folder is watched; where nobody looks after it, looks itself whether it is there.

        Blocks for that; a drive that does not answer in time is offline.
        """
        state = self._worker.folder_state(folder.folder_id)
        if state is not None:
            return state
        known = partial(known_photos, self.paths.catalogue)
        place = locate_in_time(folder, known, _DRIVE_ANSWERS_S)
        if place is None:
            return "offline"
        if place.path != folder.path:  # queries that are asked from now on are to tell its paths
            move = partial(self._worker.folders.take_place, folder.folder_id, place)
            self._worker.post(Priority.QUERY, move)
        return "watching"

    def start(self) -> None:
        """Start working."""
        if self.mended:
            self._emit(Notice(" ".join(self.mended)))
        self._pool.warm_up()
        self._worker.start()

    def close(self) -> None:
        """Stop all work, keep what was done, and end all threads and processes."""
        self._duplicates.cancel()
        self.maps.cancel()
        self.reader.close()  # first, so that the writer's databases become one file each
        self._worker.stop()
        self._pool.close()

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Tell all events from now on to `listener`; returns what ends that."""
        with self._listeners_lock:
            self._listeners.append(listener)

        def unsubscribe() -> None:
            with self._listeners_lock:
                self._listeners.remove(listener)

        return unsubscribe

    def new_request_id(self) -> int:
        """An id for a query of a command; those of the window count up from 1."""
        return next(self._request_numbers)

    def add_folder(self, path: str) -> None:
        """Watch a folder; FoldersChanged tells of it, or a Notice why not."""

        def check() -> None:
            try:
                real = self.choices.check_folder(path)
            except FolderError as error:
                self._emit(Notice(str(error)))
            else:
                self._worker.post(Priority.COMMAND, partial(self._worker.add_folder, real))

        # The folder may be on a drive that sleeps: not for the window's thread, nor the worker's.
        threading.Thread(target=check, name="folder-check", daemon=True).start()

    def index(self, folders: Sequence[str], outcome: Outcome | None = None) -> None:
        """Add folders and wait until all is indexed and the index is built; blocks for that.

        Args:
            folders: absolute paths.
            outcome: for `stop_waiting`.

        Raises:
            FolderError: a folder cannot be read; nothing was added then.
            ExternalError: indexing cannot go on.
        """
        real = tuple(self.choices.check_folder(path) for path in folders)
        outcome = queue.SimpleQueue() if outcome is None else outcome
        # As urgent as a query, since it is to be answered also while the databases refuse.
        self._worker.post(Priority.QUERY, partial(self._worker.index_folders, real, outcome.put))
        if (reason := outcome.get()) is not None:
            raise ExternalError(reason)

    def stop_waiting(self, outcome: Outcome) -> None:
        """Have `index` with this outcome return; indexing goes on, as considerately as ever."""
        self._worker.post(Priority.QUERY, partial(self._worker.stop_waiting, outcome.put))

    def take_care(self) -> None:
        """Make the daily backup and checks now, where they are due; blocks for that."""
        done = threading.Event()
        self._worker.post(Priority.COMMAND, partial(self._worker.caretaker.begin, done.set))
        done.wait()

    def remove_folder(self, folder_id: int) -> None:
        """Stop watching a folder and forget its photos; the files stay as they are."""
        self._worker.post(Priority.COMMAND, partial(self._worker.folders.remove, folder_id))

    def expect_query(self) -> None:
        """Get ready for a query by an image; without it, the first one takes longer."""
        self._pool.warm_up()

    def search(self, request: QueryRequest) -> None:
        """Answer a query by QueryResult or QueryFailed with its request_id."""
        self._worker.post(Priority.QUERY, partial(self._worker.searcher.search, request))

    def request_match(self, request: MatchRequest | None) -> None:
        """Ask which parts of a photo match, in place of all that was asked for before."""
        self._worker.post(Priority.QUERY, partial(self._worker.explainer.explain, request))

    def find_duplicates(self, kinds: Sequence[DuplicateKind]) -> DuplicatesFound:
        """Look for photos that are there twice; blocks, and tells of DuplicatesProgress.

        Raises:
            ExternalError: it was cancelled, or could not be done.
        """
        return self._duplicates.find(self.backbone, kinds, self._emit)

    def request_duplicates(self) -> None:
        """Ask for all duplicates; answered by DuplicatesFound, or DuplicatesFailed."""

        def find() -> None:
            try:
                self._emit(self.find_duplicates(("exact", "near")))
            except GalleryError as error:
                self._emit(DuplicatesFailed(str(error)))

        threading.Thread(target=find, name="duplicates", daemon=True).start()

    def cancel_duplicates(self) -> None:
        """End all searches for duplicates that are under way."""
        self._duplicates.cancel()

    def set_distinct(self, paths: Sequence[str], *, is_distinct: bool) -> None:
        """Remember that no two of some photos are duplicates, or forget it; blocks for that.

        It holds for what the files contain, wherever they are moved.

        Raises:
            ExternalError: one of the paths is not a photo of this library, or was not read yet.
        """
        real = [os.path.realpath(path) for path in paths]
        outcome: queue.SimpleQueue[str | None] = queue.SimpleQueue()

        def decide() -> None:
            try:
                self._worker.set_distinct(real, is_distinct=is_distinct)
            except GalleryError as error:
                outcome.put(str(error))
            else:
                outcome.put(None)

        self._worker.post(Priority.QUERY, decide)
        if (problem := outcome.get()) is not None:
            raise ExternalError(problem)

    def request_distinct(self, paths: Sequence[str], *, is_distinct: bool) -> None:
        """As `set_distinct`, without waiting; a Notice says why not."""

        def decide() -> None:
            try:
                self.set_distinct(paths, is_distinct=is_distinct)
            except GalleryError as error:
                self._emit(Notice(str(error)))

        threading.Thread(target=decide, name="distinct", daemon=True).start()

    def pause(self) -> None:
        """Stop indexing until `resume`; searches go on."""
        self._worker.post(Priority.CONTROL, partial(self._worker.set_paused, True))

    def resume(self) -> None:
        """Go on indexing."""
        self._worker.post(Priority.CONTROL, partial(self._worker.set_paused, False))

    def set_manners(self, manners: Manners) -> None:
        """Index as considerately as this; remembered. MannersChanged tells of it."""
        self._worker.post(Priority.CONTROL, partial(self._worker.pacing.set_manners, manners))

    def retry_failures(self) -> None:
        """Read the photos once more that could not be read."""
        self._worker.post(Priority.COMMAND, self._worker.retry_failures)

    def request_backbones(self) -> None:
        """Ask for all backbones and their states; answered by BackbonesChanged."""
        self._worker.post(Priority.QUERY, self._worker.networks.tell)

    def fetch_backbone(self, name: str, file: str | None = None) -> None:
        """Download a backbone's weights, or take them from a file; blocks until that is done.

        Raises:
            ExternalError: they are not here; the sentence says why.
        """
        outcome: queue.SimpleQueue[str | None] = queue.SimpleQueue()

        def begin(networks: Networks) -> None:
            try:
                if file is None:
                    networks.download(name, outcome.put)
                else:
                    networks.import_file(name, Path(file), outcome.put)
            except GalleryError as error:
                outcome.put(str(error))

        self._command(begin)
        if (problem := outcome.get()) is not None:
            raise ExternalError(problem)

    def download_backbone(self, name: str) -> None:
        """Fetch a backbone's weights; BackbonesChanged and a Notice tell of it."""
        self._command(lambda networks: networks.download(name))

    def cancel_download(self, name: str) -> None:
        """Break a download off; what has come is kept, and the next download goes on from it."""
        self._command(lambda networks: networks.cancel_download(name))

    def import_backbone(self, name: str, path: str) -> None:
        """Take a backbone's weights from a file; answered by BackbonesChanged and a Notice."""
        self._command(lambda networks: networks.import_file(name, Path(path)))

    def use_backbone(self, name: str) -> None:
        """Embed all photos with this backbone, which then answers the queries."""
        self._worker.post(Priority.COMMAND, partial(self._worker.use_backbone, name))

    def delete_backbone_data(self, name: str) -> None:
        """Delete what an idle backbone has on the disk, its embeddings and weights included."""

        def delete(networks: Networks) -> None:
            self.maps.keep_to(self.backbone.name)  # or a map that is made would come back
            networks.delete_data(name)

        self._command(delete)

    def _command(self, task: Callable[[Networks], None]) -> None:
        self._worker.post(Priority.COMMAND, partial(task, self._worker.networks))

    def _on_missing_thumbnails(self, photo_ids: tuple[int, ...]) -> None:
        self._worker.post(Priority.DECODED, partial(self._worker.thumbnailer.make, photo_ids))

    def _tell_parts(self, event: Event) -> None:
        if isinstance(event, PhotosChanged):
            self.reader.note_change(event)
        elif isinstance(event, BackbonesChanged):  # perhaps another one is active
            self.maps.keep_to(self.backbone.name)

    def _emit(self, event: Event) -> None:
        with self._listeners_lock:
            listeners = list(self._listeners)
        for listener in listeners:
            listener(event)
