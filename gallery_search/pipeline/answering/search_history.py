# SPDX-License-Identifier: MIT
"""The recent searches: a database of its own, opened when it is first wanted, and no great loss."""

import contextlib
import logging
from collections.abc import Iterator

from msgspec.structs import replace

from gallery_search.catalogue import schema
from gallery_search.catalogue.database import Database, open_database
from gallery_search.catalogue.notes import clear_note
from gallery_search.catalogue.searches import (
    SearchStore,
    StoredPart,
    identity_of,
)
from gallery_search.errors import CatalogueDamagedError
from gallery_search.paths import LibraryPaths
from gallery_search.records import BytesSource
from gallery_search.remembered import MOST_RECENT, KeptSearch

log = logging.getLogger(__name__)

_MOST_BYTES = 20 << 20  # of pictures; a hundred searches of one image each take about 4 MB


class SearchHistory:
    """What was searched for lately, the newest first; worker thread only.

    Nothing of a search that was removed is left in the files. All methods raise CatalogueError.
    """

    def __init__(self, paths: LibraryPaths) -> None:
        self._path = paths.history
        self._database: Database | None = None

    def close(self) -> None:
        """Close the database, if it was opened."""
        if self._database is not None:
            self._database.close()
            self._database = None

    def all(self) -> list[tuple[KeptSearch, list[StoredPart]]]:
        """See `SearchStore.all`; where there is no file yet, none is made."""
        if self._database is None and not self._path.exists():
            return []
        with self._store() as store:
            return store.all()

    def get(self, search_id: int) -> tuple[KeptSearch, list[StoredPart]] | None:
        """See `SearchStore.get`."""
        with self._store() as store:
            return store.get(search_id)

    def add(
        self,
        search: KeptSearch,
        parts: list[StoredPart],
        instead_of: tuple[KeptSearch, list[StoredPart]] | None = None,
    ) -> None:
        """Keep a search as the newest, once; and no longer the one that it is a variant of.

        An image in memory is kept as its thumbnail. One that is such a thumbnail itself counts as
        the image that this was made of.
        """
        with self._store() as store, _transaction(self._database):
            if instead_of is not None:
                former = [self._small(store, part) for part in instead_of[1]]
                store.remove_identity(identity_of(instead_of[0], former))
            small = [self._small(store, stored) for stored in parts]
            if all(_can_be_asked(stored) for stored in small):
                store.add(search, small, identity_of(search, small))
                store.keep_newest(MOST_RECENT, _MOST_BYTES)

    def remove(self, search_id: int) -> None:
        """Forget one."""
        with self._store() as store:
            with _transaction(self._database):
                store.remove(search_id)
            self._empty_log()

    def clear(self) -> None:
        """Forget all."""
        if self._database is None and not self._path.exists():
            return
        with self._store() as store:
            with _transaction(self._database):
                store.clear()
            self._empty_log()

    @staticmethod
    def _small(store: SearchStore, stored: StoredPart) -> StoredPart:
        """A part with its image in memory replaced by the thumbnail."""
        part = stored.part
        if not isinstance(part.source, BytesSource):
            return stored
        is_copy = part.source.region is None and store.has_copy(part.source.data)
        data = part.source.data if is_copy else part.thumbnail or b""
        return StoredPart(replace(part, source=BytesSource(data, part.name), thumbnail=data))

    def _empty_log(self) -> None:
        """Empty the write-ahead log, which still has what was removed."""
        assert self._database is not None
        self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    @contextlib.contextmanager
    def _store(self) -> Iterator[SearchStore]:
        """The searches; a damaged database is replaced by an empty one, for the next time."""
        try:
            if self._database is None:
                self._database = open_database(self._path, schema.HISTORY, is_cache=True)
                self._database.execute("PRAGMA secure_delete = ON")
            yield SearchStore(self._database, "recent")
        except CatalogueDamagedError as error:
            log.warning("the recent searches are lost: %s", error)
            self.close()
            for ending in ("", "-wal", "-shm", "-journal"):
                self._path.with_name(self._path.name + ending).unlink(missing_ok=True)
            clear_note(self._path)
            raise


def _can_be_asked(stored: StoredPart) -> bool:
    source = stored.part.source
    return not isinstance(source, BytesSource) or bool(source.data)


def _transaction(database: Database | None) -> contextlib.AbstractContextManager[None]:
    assert database is not None
    return database.transaction()
