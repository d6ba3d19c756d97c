# SPDX-License-Identifier: MIT
"""A library that is opened while its window is on the screen already."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Generic, TypeVar

from gallery_search.manners import Manners
from gallery_search.pictures import PictureRequest
from gallery_search.queries import MatchRequest, QueryRequest
from gallery_search.records import PhotoId
from gallery_search.remembered import KeptSearch, SearchKind

from .ports import Library

L = TypeVar("L", bound=Library)


class OpeningLibrary(Generic[L]):
    """Fulfils `ports.Library`; what is asked before the library is open is asked then, in order.

    To import and to open the pipeline takes as long as all that the window needs, so the window
    comes first. The methods of the port may be called on any thread.
    """

    def __init__(self, open_library: Callable[[], L], on_failed: Callable[[], object]) -> None:
        """Do nothing before `start`.

        Args:
            open_library: opens the library; called on a thread of its own.
            on_failed: called there when that raised; `result` tells what.
        """
        self._open_library = open_library
        self._on_failed = on_failed
        self._opened: Future[L] = Future()
        self._lock = threading.Lock()
        self._library: L | None = None
        self._waiting: list[Callable[[L], object]] = []
        self.reader = _OpeningReader(self)
        self.search_keeper = _OpeningSearchKeeper(self)
        self.choices = _OpeningChoices(self)
        self.maps = _OpeningMaps(self)

    def start(self) -> None:
        """Open the library on a thread of its own, and start it."""
        if self._opened.set_running_or_notify_cancel():
            threading.Thread(target=self._open, name="library-opening", daemon=True).start()

    def result(self) -> L:
        """The library; waits for it, and raises what kept it from being opened."""
        return self._opened.result()

    def cancel(self) -> bool:
        """Make `result` raise CancelledError; returns False where `start` came before."""
        return self._opened.cancel()

    def ask(self, task: Callable[[L], object]) -> None:
        """Call a task with the library: here and now, or where it is opened, when it is open."""
        with self._lock:
            library = self._library
            if library is None:
                self._waiting.append(task)
        if library is not None:
            task(library)

    def _open(self) -> None:
        try:
            library = self._open_and_ask()
        except BaseException as error:  # noqa: BLE001 - whoever asks for the result gets it
            self._opened.set_exception(error)
            self._on_failed()
        else:
            self._opened.set_result(library)

    def _open_and_ask(self) -> L:
        """Open the library, ask what waited for it, and start it."""
        library = self._open_library()
        while True:
            with self._lock:
                waiting, self._waiting = self._waiting, []
                if not waiting:
                    self._library = library
                    break
            for task in waiting:
                task(library)
        library.start()
        return library

    # --- the port -----------------------------------------------------------------------------

    def add_folder(self, path: str) -> None:
        """See `ports.Library`; as all of these."""
        self.ask(lambda library: library.add_folder(path))

    def remove_folder(self, folder_id: int) -> None:  # noqa: D102
        self.ask(lambda library: library.remove_folder(folder_id))

    def expect_query(self) -> None:  # noqa: D102
        self.ask(lambda library: library.expect_query())

    def search(self, request: QueryRequest) -> None:  # noqa: D102
        self.ask(lambda library: library.search(request))

    def request_match(self, request: MatchRequest | None) -> None:  # noqa: D102
        self.ask(lambda library: library.request_match(request))

    def request_duplicates(self) -> None:  # noqa: D102
        self.ask(lambda library: library.request_duplicates())

    def cancel_duplicates(self) -> None:  # noqa: D102
        self.ask(lambda library: library.cancel_duplicates())

    def request_distinct(self, paths: Sequence[str], *, is_distinct: bool) -> None:  # noqa: D102
        self.ask(lambda library: library.request_distinct(paths, is_distinct=is_distinct))

    def pause(self) -> None:  # noqa: D102
        self.ask(lambda library: library.pause())

    def resume(self) -> None:  # noqa: D102
        self.ask(lambda library: library.resume())

    def set_manners(self, manners: Manners) -> None:  # noqa: D102
        self.ask(lambda library: library.set_manners(manners))

    def retry_failures(self) -> None:  # noqa: D102
        self.ask(lambda library: library.retry_failures())

    def request_backbones(self) -> None:  # noqa: D102
        self.ask(lambda library: library.request_backbones())

    def download_backbone(self, name: str) -> None:  # noqa: D102
        self.ask(lambda library: library.download_backbone(name))

    def cancel_download(self, name: str) -> None:  # noqa: D102
        self.ask(lambda library: library.cancel_download(name))

    def import_backbone(self, name: str, path: str) -> None:  # noqa: D102
        self.ask(lambda library: library.import_backbone(name, path))

    def use_backbone(self, name: str) -> None:  # noqa: D102
        self.ask(lambda library: library.use_backbone(name))

    def delete_backbone_data(self, name: str) -> None:  # noqa: D102
        self.ask(lambda library: library.delete_backbone_data(name))


class _OpeningReader:
    """Fulfils `ports.Reader` likewise."""

    def __init__(self, library: OpeningLibrary[L]) -> None:
        self._ask = library.ask

    def request_order(self) -> None:
        self._ask(lambda library: library.reader.request_order())

    def request_rows(self, photo_ids: Sequence[PhotoId]) -> None:
        self._ask(lambda library: library.reader.request_rows(photo_ids))

    def request_thumbnails(self, photo_ids: Sequence[PhotoId]) -> None:
        self._ask(lambda library: library.reader.request_thumbnails(photo_ids))

    def request_thumbnails_beside(self, view: str, photo_ids: Sequence[PhotoId]) -> None:
        self._ask(lambda library: library.reader.request_thumbnails_beside(view, photo_ids))

    def request_picture(self, request: PictureRequest) -> None:
        self._ask(lambda library: library.reader.request_picture(request))

    def request_failures(self) -> None:
        self._ask(lambda library: library.reader.request_failures())


class _OpeningSearchKeeper:
    """Fulfils `ports.SearchKeeper` likewise."""

    def __init__(self, library: OpeningLibrary[L]) -> None:
        self._ask = library.ask

    def request_all(self) -> None:
        self._ask(lambda library: library.search_keeper.request_all())

    def recall(self, kind: SearchKind, search_id: int) -> None:
        self._ask(lambda library: library.search_keeper.recall(kind, search_id))

    def remember(self, search: KeptSearch, instead_of: KeptSearch | None = None) -> None:
        self._ask(lambda library: library.search_keeper.remember(search, instead_of))

    def save(self, search: KeptSearch) -> None:
        self._ask(lambda library: library.search_keeper.save(search))

    def rename(self, search_id: int, name: str) -> None:
        self._ask(lambda library: library.search_keeper.rename(search_id, name))

    def remove(self, kind: SearchKind, search_id: int) -> None:
        self._ask(lambda library: library.search_keeper.remove(kind, search_id))

    def clear(self) -> None:
        self._ask(lambda library: library.search_keeper.clear())

    def set_remembering(self, *, is_remembering: bool) -> None:
        self._ask(
            lambda library: library.search_keeper.set_remembering(is_remembering=is_remembering)
        )


class _OpeningChoices:
    """Fulfils `ports.Choices` likewise."""

    def __init__(self, library: OpeningLibrary[L]) -> None:
        self._ask = library.ask

    def change_exclusions(self, add: Sequence[str], remove: Sequence[str]) -> None:
        self._ask(lambda library: library.choices.change_exclusions(add, remove))

    def request_devices(self) -> None:
        self._ask(lambda library: library.choices.request_devices())

    def use_device(self, device: str) -> None:
        self._ask(lambda library: library.choices.use_device(device))


class _OpeningMaps:
    """Fulfils `ports.Maps` likewise."""

    def __init__(self, library: OpeningLibrary[L]) -> None:
        self._ask = library.ask

    def request(self, *, is_new: bool = False) -> None:
        self._ask(lambda library: library.maps.request(is_new=is_new))

    def cancel(self) -> None:
        self._ask(lambda library: library.maps.cancel())
