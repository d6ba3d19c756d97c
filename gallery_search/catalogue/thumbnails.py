# SPDX-License-Identifier: MIT
"""The thumbnails: a cache of JPEGs by photo id, which may be deleted at any time.

Those of photos on a drive that is away cannot be made anew, so as many as possible are kept.
"""

import logging
from collections.abc import Iterable
from contextlib import AbstractContextManager
from pathlib import Path

from gallery_search.catalogue import schema
from gallery_search.catalogue.checksums import checksum, is_sound
from gallery_search.catalogue.database import Database, open_database, open_for_reading
from gallery_search.errors import (
    CatalogueDamagedError,
    CatalogueError,
    CatalogueRefusedError,
    CatalogueTooNewError,
)
from gallery_search.language import mark
from gallery_search.records import PhotoId

log = logging.getLogger(__name__)


class ThumbnailStore:
    """`thumbnails.db`; raises CatalogueError. One thread at a time."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @classmethod
    def open(cls, path: Path) -> "ThumbnailStore":
        """Open for writing; a damaged file is made anew, one of a newer version is refused."""
        try:
            return cls(_open(path))
        except (CatalogueRefusedError, CatalogueTooNewError):
            raise
        except CatalogueError as error:
            log.warning("thumbnails are made anew: %s", error)
        try:
            for part in ("", "-wal", "-shm"):
                path.with_name(path.name + part).unlink(missing_ok=True)
        except OSError as error:
            raise CatalogueError(
                mark(
                    "The thumbnails in {file} cannot be used or made anew ({reason}). "
                    "Move that file away."
                ).format(file=path, reason=error.strerror)
            ) from error
        return cls(_open(path))

    @classmethod
    def open_for_reading(cls, path: Path) -> "ThumbnailStore":
        """Open read-only beside the writer."""
        return cls(open_for_reading(path))

    def close(self) -> None:
        """Close the connection."""
        self._db.close()

    def check_lock(self) -> None:
        """Raise CatalogueError at once where another program has locked the file."""
        self._db.check_lock()

    def transaction(self) -> AbstractContextManager[None]:
        """All changes of the block, or none."""
        return self._db.transaction()

    def put(self, photo_id: PhotoId, jpeg: bytes) -> None:
        """Store or replace a thumbnail."""
        self._db.execute(
            "INSERT OR REPLACE INTO thumbnails (photo_id, jpeg, checksum) VALUES (?, ?, ?)",
            (photo_id, jpeg, checksum(photo_id, jpeg)),
        )

    def remove(self, photo_ids: Iterable[PhotoId]) -> None:
        """Drop thumbnails."""
        self._db.executemany("DELETE FROM thumbnails WHERE photo_id = ?", ((i,) for i in photo_ids))

    def get(self, photo_id: PhotoId) -> bytes | None:
        """A thumbnail as JPEG, or None where there is none, or only a damaged one."""
        try:
            row = self._db.execute(
                "SELECT photo_id, jpeg, checksum FROM thumbnails WHERE photo_id = ?", (photo_id,)
            ).fetchone()
        except CatalogueDamagedError as error:
            log.warning("%s", error)
            return None
        if row is not None and not is_sound(*row):
            log.warning("the thumbnail of photo %d is damaged and is made anew", photo_id)
            return None
        return row[1] if row else None


def _open(path: Path) -> Database:
    database = open_database(path, schema.THUMBNAILS, is_cache=True)
    try:
        database.execute("SELECT jpeg FROM thumbnails LIMIT 1").fetchone()
    except CatalogueError:  # the head of the file is sound, but what follows is not
        database.close()
        raise
    return database
