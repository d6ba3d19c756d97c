# SPDX-License-Identifier: MIT
"""The catalogue: which folders are watched, which photos are in them, and what is known of each.

A photo is in one of four states:

    pending   known from a folder's listing, waiting to be read
    indexed   read and embedded, with one backbone at least
    failed    cannot be read; the reason is kept, and a changed file is tried again
    gone      no longer where it was; kept, so that it lives again when it comes back
"""

import itertools
import os
import time
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Self

from gallery_search.catalogue import schema
from gallery_search.catalogue.database import Database, open_database
from gallery_search.catalogue.filters import FilterColumns, PhotoIds
from gallery_search.catalogue.previews import Previews
from gallery_search.catalogue.questions import CatalogueQuestions
from gallery_search.catalogue.rows import Counts, FileFacts, Folder, Photo, storable_ns
from gallery_search.catalogue.searches import SearchStore
from gallery_search.filters import Filters
from gallery_search.records import DecodedImage, DecodeFailure, PhotoId

__all__ = ["Catalogue", "Counts", "FileFacts", "Folder", "Photo"]

_NO_NAME = "CAST('displaced/' || id AS BLOB)"  # in SQL: of a photo whose place another one took


class Catalogue(CatalogueQuestions):
    """`catalogue.db`; all methods raise CatalogueError where the database refuses.

    One thread at a time. Changes are made within `transaction()`, so that a batch is one commit.

    Attributes:
        previews: which photos are known by a preview only.
        searches: those that the user saved.
    """

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._filter_columns = FilterColumns(database)
        self.previews = Previews(database)
        self.searches = SearchStore(database, "saved")

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open for writing, creating or migrating the file; raises CatalogueError."""
        return cls(open_database(path, schema.CATALOGUE))

    def check_lock(self) -> None:
        """Raise CatalogueError at once where another program has locked the file."""
        self._db.check_lock()

    def transaction(self) -> AbstractContextManager[None]:
        """All changes of the block, or none."""
        return self._db.transaction()

    def matching(self, filters: Filters) -> PhotoIds:
        """Ids of the photos that can be shown and pass, ascending; outside of transactions."""
        return self._filter_columns.matching(filters)

    # --- folders ------------------------------------------------------------------------------

    def add_folder(self, path: str, parent_id: int | None = None) -> Folder:
        """Add a folder by its absolute path; its drive is told later, by `set_place`."""
        cursor = self._db.execute(
            "INSERT INTO folders (path, display, parent_id) VALUES (?, ?, ?)",
            (os.fsencode(path), _display(path), parent_id),
        )
        assert cursor.lastrowid is not None
        return Folder(cursor.lastrowid, path, parent_id=parent_id)

    def set_place(self, folder_id: int, path: str, volume: str, below: str, drive: str) -> None:
        """A folder was seen: where, on which drive, and where on that; see `Folder`."""
        self._db.execute(
            "UPDATE folders SET path = ?, display = ?, volume = ?, below = ?, drive = ?"
            " WHERE id = ?",
            (os.fsencode(path), _display(path), volume, os.fsencode(below), drive, folder_id),
        )

    def remove_folder(self, folder_id: int) -> list[PhotoId]:
        """Forget a folder and its photos; returns the ids of all of them."""
        with self.transaction():
            ids = [
                row[0]
                for row in self._db.execute(
                    "SELECT id FROM photos WHERE folder_id = ?", (folder_id,)
                )
            ]
            self._db.execute("DELETE FROM folders WHERE id = ?", (folder_id,))
        return ids

    def clear_forgotten(self, photo_ids: Iterable[PhotoId]) -> None:
        """Nothing is kept any more of photos that `forgotten` told of."""
        self._db.executemany("DELETE FROM forgotten WHERE photo_id = ?", ((i,) for i in photo_ids))

    # --- what the user decided ----------------------------------------------------------------

    def set_distinct(self, content_hashes: Sequence[bytes], *, is_distinct: bool) -> None:
        """Remember that no two of these contents are duplicates of each other, or forget it.

        A content that comes twice stands for copies that are meant to be.
        """
        statement = (
            "INSERT OR IGNORE INTO distinct_contents VALUES (?, ?)"
            if is_distinct
            else "DELETE FROM distinct_contents WHERE first = ? AND second = ?"
        )
        self._db.executemany(statement, itertools.combinations(sorted(content_hashes), 2))

    # --- what listings tell -------------------------------------------------------------------

    def add_photo(self, folder_id: int, directory: str, facts: FileFacts) -> PhotoId:
        """Add a pending photo and return its id; the place must be free."""
        cursor = self._db.execute(
            "INSERT INTO photos (folder_id, directory, name, state, size_bytes, mtime_ns,"
            " file_id, sorted_at) VALUES (?, ?, ?, 'pending', ?, ?, ?, ?)",
            (
                folder_id,
                os.fsencode(directory),
                os.fsencode(facts.name),
                facts.size_bytes,
                facts.mtime_ns,
                facts.file_id,
                facts.mtime_ns // 10**9,
            ),
        )
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def set_changed(self, photo_id: PhotoId, facts: FileFacts) -> None:
        """The file has new content: it waits to be read again.

        A photo that is shown shows its old self till then; one that is not has no old self.
        """
        self._db.execute(
            "UPDATE photos SET state = 'pending', size_bytes = ?, mtime_ns = ?, file_id = ?,"
            " content_hash = CASE WHEN state IN ('pending', 'indexed') THEN content_hash END,"
            " failure = NULL WHERE id = ?",
            (facts.size_bytes, facts.mtime_ns, facts.file_id, photo_id),
        )

    def set_gone(self, photo_ids: Iterable[PhotoId]) -> None:
        """The files are no longer there.

        What is known of an older content of a file is dropped: only a photo that was indexed as
        it is may come back without being read.
        """
        self._db.executemany(
            "UPDATE photos SET content_hash = CASE state WHEN 'indexed' THEN content_hash END,"
            " state = 'gone', gone_at = ? WHERE id = ? AND state != 'gone'",
            ((int(time.time()), i) for i in photo_ids),
        )

    def set_back(self, photo_id: PhotoId, *, has_embedding: bool) -> None:
        """A photo that was gone is there again, unchanged."""
        state = "indexed" if has_embedding else "pending"
        self._db.execute(
            "UPDATE photos SET state = ?, failure = NULL,"
            " content_hash = CASE WHEN ? THEN content_hash END WHERE id = ?",
            (state, has_embedding, photo_id),
        )

    def set_file_id(self, photo_id: PhotoId, file_id: str | None) -> None:
        """The disk has a new identity for an unchanged file: it was copied, or plugged in anew."""
        self._db.execute("UPDATE photos SET file_id = ? WHERE id = ?", (file_id, photo_id))

    def move(self, photo_id: PhotoId, folder_id: int, directory: str, facts: FileFacts) -> None:
        """The file of a photo has a new place; a photo that had it is no longer there.

        That one keeps all but its name, as it may turn up elsewhere: it gets a name that no file
        can have.
        """
        place = (folder_id, os.fsencode(directory), os.fsencode(facts.name))
        self._db.execute(
            f"UPDATE photos SET name = {_NO_NAME}"  # noqa: S608  texts of ours
            " WHERE folder_id = ? AND directory = ? AND name = ? AND id != ?",
            (*place, photo_id),
        )
        self._db.execute(
            "UPDATE photos SET folder_id = ?, directory = ?, name = ?, size_bytes = ?,"
            " mtime_ns = ?, file_id = ? WHERE id = ?",
            (*place, facts.size_bytes, facts.mtime_ns, facts.file_id, photo_id),
        )

    def take_over(self, newcomer: PhotoId, former: PhotoId) -> None:
        """Let a gone photo live on as what a newcomer of the same content is, which ends."""
        row = self._db.execute(
            "SELECT folder_id, directory, name, size_bytes, mtime_ns, file_id, state, sorted_at,"
            " content_hash FROM photos WHERE id = ?",
            (newcomer,),
        ).fetchone()
        self._db.execute("DELETE FROM photos WHERE id = ?", (newcomer,))
        self._db.execute(
            "UPDATE photos SET folder_id = ?, directory = ?, name = ?, size_bytes = ?,"
            " mtime_ns = ?, file_id = ?, state = ?, sorted_at = ?, content_hash = ? WHERE id = ?",
            (*row, former),
        )

    def delete_photos(self, photo_ids: Iterable[PhotoId]) -> None:
        """Keep nothing of these photos; `forgotten` tells the other databases' owners."""
        self._db.executemany("DELETE FROM photos WHERE id = ?", ((i,) for i in photo_ids))

    def absorb_folder(self, inner_id: int, outer_id: int, directory: str) -> None:
        """Make a watched folder a directory of an outer one: its photos keep their identity.

        Where the outer one knows of a photo at the same place, that is no longer there; see `move`.
        """
        prefix = os.fsencode(directory)
        place = "CASE directory WHEN x'' THEN ? ELSE CAST(? || directory AS BLOB) END"
        places = (prefix, prefix + b"/")
        self._db.execute(
            f"UPDATE photos SET name = {_NO_NAME}"  # noqa: S608  texts of ours
            " WHERE folder_id = ? AND (directory, name) IN"
            f" (SELECT {place}, name FROM photos WHERE folder_id = ?)",
            (outer_id, *places, inner_id),
        )
        self._db.execute(
            f"UPDATE photos SET folder_id = ?, directory = {place}"  # noqa: S608  likewise
            " WHERE folder_id = ?",
            (outer_id, *places, inner_id),
        )
        self._db.execute("DELETE FROM folders WHERE id = ?", (inner_id,))

    def split_folder(self, outer_id: int, directory: str, inner_id: int) -> None:
        """Make a directory a folder of its own: its photos keep their identity."""
        prefix = os.fsencode(directory)
        self._db.execute(
            "UPDATE photos SET folder_id = ?, directory ="
            " CAST(substr(directory, ?) AS BLOB) WHERE folder_id = ?"
            " AND (directory = ? OR directory > ? AND directory < ?)",
            (inner_id, len(prefix) + 2, outer_id, prefix, prefix + b"/", prefix + b"0"),
        )

    # --- what reading tells -------------------------------------------------------------------

    def set_indexed(self, photo_id: PhotoId, image: DecodedImage) -> None:
        """The photo was read and embedded; its facts are those of the file that was read."""
        self._db.execute(
            "UPDATE photos SET state = 'indexed', size_bytes = ?, mtime_ns = ?, content_hash = ?,"
            " width = ?, height = ?, image_format = ?, taken_at = ?,"
            " sorted_at = coalesce(?, ? / 1000000000), failure = NULL, is_preview = ?"
            " WHERE id = ?",
            (
                image.size_bytes,
                storable_ns(image.mtime_ns),
                image.content_hash,
                image.width,
                image.height,
                image.image_format,
                image.taken_at,
                image.taken_at,
                storable_ns(image.mtime_ns),
                image.is_preview,
                photo_id,
            ),
        )

    def set_failed(self, photo_id: PhotoId, failure: DecodeFailure) -> None:
        """The photo cannot be read, and is no longer shown."""
        self._db.execute(
            "UPDATE photos SET state = 'failed', content_hash = NULL, failure = ?,"
            " is_transient = ? WHERE id = ?",
            (failure.reason, failure.is_transient, photo_id),
        )

    def set_pending(self, photo_ids: Iterable[PhotoId]) -> None:
        """The photos wait to be read (again)."""
        self._db.executemany(
            "UPDATE photos SET state = 'pending', failure = NULL WHERE id = ?",
            ((i,) for i in photo_ids),
        )

    def retry_failed(self, *, only_transient: bool) -> int:
        """Let failed photos wait to be read again; returns how many.

        Those that could be read by their preview only wait for the rest again, and do not count.
        """
        self.previews.retry(only_transient=only_transient)
        return self._db.execute(
            "UPDATE photos SET state = 'pending', failure = NULL"
            " WHERE state = 'failed' AND (is_transient OR NOT ?)",
            (only_transient,),
        ).rowcount


def _display(path: str) -> str:
    return os.fsencode(path).decode("utf-8", "replace")
