# SPDX-License-Identifier: MIT
"""What can be asked of `catalogue.db`: the half of the catalogue that only reads."""

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

from gallery_search.catalogue.database import Database, open_for_reading
from gallery_search.catalogue.rows import Counts, Folder, Photo, join_path
from gallery_search.records import PhotoFailed, PhotoId, PhotoRow

_MAX_ID = 2**63 - 1
_MAX_VARIABLES = 500  # of one SQL statement; SQLite allows 999 in its oldest builds

_PHOTO = """
    SELECT photos.id, folder_id, folders.path, directory, name, state, size_bytes, mtime_ns,
        file_id, content_hash, is_preview
    FROM photos JOIN folders ON folders.id = folder_id
"""
_ROW = """
    SELECT photos.id, folder_id, folders.path, directory, name
    FROM photos JOIN folders ON folders.id = folder_id
"""
# Left to choose, SQLite takes the index by state: it then sorts a million photos, for seconds, or
# looks through all of them for a few ids, for tenths of a second.
_NEWEST = "photos INDEXED BY photos_newest"
SHOWN = "content_hash IS NOT NULL AND state IN ('pending', 'indexed')"
_IS_SHOWN = "+content_hash IS NOT NULL AND +state IN ('pending', 'indexed')"  # by no index


class CatalogueQuestions:
    """`catalogue.db` for reading; all methods raise CatalogueError where the database refuses.

    One thread at a time.
    """

    def __init__(self, database: Database) -> None:
        self._db = database

    @classmethod
    def open_for_reading(cls, path: Path) -> Self:
        """Open read-only beside the writer; raises CatalogueError."""
        return cls(open_for_reading(path))

    def close(self) -> None:
        """Close the connection."""
        self._db.close()

    # --- folders and directories --------------------------------------------------------------

    def folders(self) -> list[Folder]:
        """All watched folders by path."""
        rows = self._db.execute(
            "SELECT id, path, volume, below, drive, parent_id FROM folders ORDER BY display, id"
        )
        return [
            Folder(folder_id, os.fsdecode(path), volume, os.fsdecode(below), drive, parent_id)
            for folder_id, path, volume, below, drive, parent_id in rows
        ]

    def some_photos(self, folder_id: int, limit: int) -> list[tuple[str, int]]:
        """Photos of a folder that are not gone, from all its ages: path below it, size in bytes."""
        first, last = self._db.execute(
            "SELECT min(id), max(id) FROM photos WHERE folder_id = ? AND state != 'gone'",
            (folder_id,),
        ).fetchone()
        if first is None:
            return []
        found = {}
        for step in range(limit):
            row = self._db.execute(
                "SELECT directory, name, size_bytes FROM photos"
                " WHERE id >= ? AND folder_id = ? AND state != 'gone' ORDER BY id LIMIT 1",
                (first + (last - first) * step // max(1, limit - 1), folder_id),
            ).fetchone()
            if row is not None:
                directory, name, size_bytes = row
                found[join_path("", os.fsdecode(directory), os.fsdecode(name))] = size_bytes
        return list(found.items())

    def photos_in_directory(
        self, folder_id: int, directory: str, after: str = "", up_to: str | None = None
    ) -> list[Photo]:
        """The photos directly in a directory of a folder, those that are gone included.

        Args:
            folder_id: of the folder.
            directory: below it.
            after: only names after this one, in the order of their bytes.
            up_to: and none after this one; None for all.
        """
        place = (folder_id, os.fsencode(directory), os.fsencode(after))
        where = "WHERE folder_id = ? AND directory = ? AND name > ?"
        if up_to is None:
            return self._photos(where, place)
        return self._photos(f"{where} AND name <= ?", (*place, os.fsencode(up_to)))

    def photos_named(self, folder_id: int, directory: str, names: Iterable[str]) -> list[Photo]:
        """The photos of these names in a directory, those that are gone included."""
        found, encoded = [], [os.fsencode(name) for name in names]
        for start in range(0, len(encoded), _MAX_VARIABLES):
            some = encoded[start : start + _MAX_VARIABLES]
            found += self._photos(
                f"WHERE folder_id = ? AND directory = ? AND name IN ({','.join('?' * len(some))})",
                (folder_id, os.fsencode(directory), *some),
            )
        return found

    def name_after(self, folder_id: int, directory: str, after: str, count: int) -> str | None:
        """The name that is `count` names after another in a directory; None at its end."""
        row = self._db.execute(
            "SELECT name FROM photos WHERE folder_id = ? AND directory = ? AND name > ?"
            " ORDER BY name LIMIT 1 OFFSET ?",
            (folder_id, os.fsencode(directory), os.fsencode(after), count - 1),
        ).fetchone()
        return os.fsdecode(row[0]) if row else None

    def places_after(
        self, folder_id: int, directory: str, name: str, limit: int
    ) -> list[tuple[str, str]]:
        """Directory and name of photos in a folder that are not gone, from a place on, in order."""
        rows = self._db.execute(
            "SELECT directory, name FROM photos WHERE folder_id = ?"
            " AND (directory, name) > (?, ?) AND state != 'gone' ORDER BY directory, name LIMIT ?",
            (folder_id, os.fsencode(directory), os.fsencode(name), limit),
        )
        return [(os.fsdecode(directory), os.fsdecode(name)) for directory, name in rows]

    def directories_below(self, folder_id: int, directory: str) -> set[str]:
        """Directories strictly below `directory` that hold photos which are not gone."""
        return {os.fsdecode(found) for found in self._below(folder_id, directory, skips_deep=False)}

    def subdirectories(self, folder_id: int, directory: str) -> set[str]:
        """Names of the directories directly in `directory` with such photos in or below them."""
        start = len(os.fsencode(directory)) + bool(directory)
        return {
            os.fsdecode(found[start:].split(b"/", 1)[0])
            for found in self._below(folder_id, directory, skips_deep=True)
        }

    def _below(self, folder_id: int, directory: str, *, skips_deep: bool) -> Iterator[bytes]:
        """Step through the directories below one, however many photos they hold.

        `skips_deep`: give but one of those in each subdirectory.
        """
        prefix = os.fsencode(f"{directory}/" if directory else "")
        least = prefix + b"\0"  # no name holds a zero: so this comes directly after
        while True:
            row = self._db.execute(
                "SELECT directory FROM photos WHERE folder_id = ? AND directory >= ?"
                " AND state != 'gone' ORDER BY directory LIMIT 1",
                (folder_id, least),
            ).fetchone()
            if row is None or not row[0].startswith(prefix):
                return
            yield row[0]
            child, slash, _ = row[0][len(prefix) :].partition(b"/")
            # All that is below "a" lies between "a/" and "a0": "0" follows "/" in ASCII.
            least = prefix + child + b"0" if slash and skips_deep else row[0] + b"\0"

    # --- photos -------------------------------------------------------------------------------

    def photo(self, photo_id: PhotoId) -> Photo | None:
        """One photo in any state."""
        return next(iter(self._photos("WHERE photos.id = ?", (photo_id,))), None)

    def forgotten(self, limit: int) -> list[PhotoId]:
        """Ids of photos that were deleted here, and perhaps not yet in the other databases."""
        rows = self._db.execute("SELECT photo_id FROM forgotten LIMIT ?", (limit,))
        return [row[0] for row in rows]

    def photos_by_file(self, file_id: str) -> list[Photo]:
        """The photos that had this file when they were last listed, gone ones included."""
        return self._photos("WHERE file_id = ?", (file_id,))

    def gone_photos_by_content(self, content_hash: bytes, limit: int) -> list[Photo]:
        """Gone photos whose file had this content."""
        return self._photos(
            "WHERE content_hash = ? AND state = 'gone' ORDER BY photos.id LIMIT ?",
            (content_hash, limit),
        )

    def shown_photo_with(self, content_hash: bytes) -> PhotoId | None:
        """A photo that can be shown whose file has this content, the oldest of several."""
        row = self._db.execute(
            "SELECT min(id) FROM photos WHERE content_hash = ? AND state IN ('pending', 'indexed')",
            (content_hash,),
        ).fetchone()
        return None if row[0] is None else int(row[0])

    def has_copy(self, photo_id: PhotoId, content_hash: bytes) -> bool:
        """Whether another photo has this content, or had it when it went."""
        row = self._db.execute(
            "SELECT 1 FROM photos WHERE content_hash = ? AND id != ? LIMIT 1",
            (content_hash, photo_id),
        ).fetchone()
        return row is not None

    def long_gone(self, before_s: float, limit: int) -> list[PhotoId]:
        """Photos that have been gone since before a time in seconds since 1970."""
        rows = self._db.execute(
            "SELECT id FROM photos WHERE state = 'gone' AND gone_at < ? LIMIT ?", (before_s, limit)
        )
        return [row[0] for row in rows]

    def photo_at(self, path: str) -> Photo | None:
        """The photo whose file is at this absolute path, if it is not gone."""
        directory, name = os.path.split(path)
        for folder in self.folders():
            if directory == folder.path or directory.startswith(os.path.join(folder.path, "")):
                relative = directory[len(folder.path) :].strip(os.sep).replace(os.sep, "/")
                found = self._photos(
                    "WHERE folder_id = ? AND directory = ? AND name = ? AND state != 'gone'",
                    (folder.folder_id, os.fsencode(relative), os.fsencode(name)),
                )
                if found:
                    return found[0]
        return None

    def pending(self, limit: int, without: Iterable[int], offline: Iterable[int]) -> list[Photo]:
        """Waiting photos, newest first.

        Args:
            limit: at most so many.
            without: ids to leave out, as they are under way.
            offline: folder ids to leave out.
        """
        if not self.has_pending(offline):  # where all wait for a drive, it would look at all
            return []
        skipped = set(without)
        rows = self._photos(
            f"WHERE state = 'pending' AND folder_id NOT IN ({_listed(offline)})"
            " ORDER BY sorted_at DESC, photos.id DESC LIMIT ?",  # as `newest_first`
            (limit + len(skipped),),
        )
        return [photo for photo in rows if photo.photo_id not in skipped][:limit]

    def has_pending(self, offline: Iterable[int]) -> bool:
        """Whether photos wait in other folders than the `offline` ones."""
        row = self._db.execute(
            "SELECT 1 FROM photo_counts WHERE state = 'pending'"  # noqa: S608  ids of ours
            f" AND photos > 0 AND folder_id NOT IN ({_listed(offline)}) LIMIT 1"
        ).fetchone()
        return row is not None

    def counts(self, folder_ids: Iterable[int] | None = None) -> Counts:
        """How many photos are in which state, in all folders or in some."""
        condition = "" if folder_ids is None else f"WHERE folder_id IN ({_listed(folder_ids)})"
        query = "SELECT state, sum(photos) FROM photo_counts {} GROUP BY state"
        by_state = dict(self._db.execute(query.format(condition)))
        indexed, failed, pending = (by_state.get(s, 0) for s in ("indexed", "failed", "pending"))
        return Counts(indexed + failed + pending, indexed, failed, pending)

    def count_by_folder(self) -> dict[int, int]:
        """Photos by folder id, without those that are gone or cannot be read."""
        return dict(
            self._db.execute(
                "SELECT folder_id, sum(photos) FROM photo_counts"
                " WHERE state IN ('pending', 'indexed') AND photos > 0 GROUP BY folder_id"
            )
        )

    def last_id(self) -> PhotoId:
        """The highest id of a photo; 0 where there is none."""
        return int(self._db.execute("SELECT coalesce(max(id), 0) FROM photos").fetchone()[0])

    def indexed_ids(self, after: PhotoId = 0, up_to: PhotoId = _MAX_ID) -> npt.NDArray[np.int64]:
        """Ids of the photos in state 'indexed' in a range of ids, ascending."""
        return self._db.numbers(
            "id",
            "FROM photos WHERE id > ? AND id <= ? AND +state = 'indexed' ORDER BY id",
            (after, up_to),
        )

    def newest_first(self, limit: int = -1) -> npt.NDArray[np.int64]:
        """Ids of all photos that can be shown, newest first, or of the first of them."""
        return self._db.numbers(
            "id", f"FROM {_NEWEST} WHERE {SHOWN} ORDER BY sorted_at DESC, id DESC LIMIT ?", (limit,)
        )

    def shown(
        self, photo_ids: Sequence[PhotoId] | None = None
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Photos that can be shown, all of them or those of some: ids and moments, oldest first.

        The moment is when a photo was taken, else when its file changed, in seconds since 1970.
        """
        value = "id || ',' || sorted_at"
        if photo_ids is None:
            source = f"FROM {_NEWEST} WHERE {SHOWN} ORDER BY sorted_at, id"
            pairs = self._db.numbers(value, source).reshape(-1, 2)
        else:
            parts = [
                self._db.numbers(
                    value, f"FROM photos WHERE id IN ({_listed(some)}) AND {_IS_SHOWN}"
                )
                for some in _parts(photo_ids)
            ]
            pairs = np.concatenate([np.empty(0, np.int64), *parts]).reshape(-1, 2)
            pairs = pairs[np.lexsort((pairs[:, 0], pairs[:, 1]))]
        return pairs[:, 0].copy(), pairs[:, 1].copy()

    def rows(self, photo_ids: Sequence[PhotoId]) -> list[PhotoRow]:
        """What tiles show, in the order asked for; photos that are gone are left out."""
        found = {}
        for start in range(0, len(photo_ids), _MAX_VARIABLES):
            ids = tuple(map(int, photo_ids[start : start + _MAX_VARIABLES]))
            marks = ",".join("?" * len(ids))
            for photo_id, folder_id, folder, directory, name in self._db.execute(
                f"{_ROW} WHERE photos.id IN ({marks}) AND {_IS_SHOWN}", ids
            ):
                path = join_path(os.fsdecode(folder), os.fsdecode(directory), os.fsdecode(name))
                found[photo_id] = PhotoRow(photo_id, path, folder_id)
        return [found[i] for i in map(int, photo_ids) if i in found]

    def failures(self) -> list[PhotoFailed]:
        """All photos that could not be read, by path."""
        reasons = dict(
            self._db.execute("SELECT id, failure FROM photos WHERE state = 'failed'").fetchall()
        )
        return [
            PhotoFailed(photo.photo_id, photo.path, reasons[photo.photo_id])
            for photo in self._photos("WHERE state = 'failed' ORDER BY folder_id, directory, name")
            if photo.photo_id in reasons
        ]

    def _photos(self, where: str, values: tuple[object, ...] = ()) -> list[Photo]:
        return [
            Photo(
                photo_id,
                folder_id,
                join_path(os.fsdecode(folder), os.fsdecode(directory), os.fsdecode(name)),
                os.fsdecode(name),
                state,
                size_bytes,
                mtime_ns,
                file_id,
                content_hash,
                bool(is_preview),
            )
            for (
                photo_id,
                folder_id,
                folder,
                directory,
                name,
                state,
                size_bytes,
                mtime_ns,
                file_id,
                content_hash,
                is_preview,
            ) in self._db.execute(_PHOTO + where, values)
        ]


def _listed(ids: Iterable[int]) -> str:
    """A few ids for an SQL `IN`; numbers need no variables."""
    return ",".join(str(int(number)) for number in ids)


def _parts(photo_ids: Sequence[PhotoId]) -> Iterator[Sequence[PhotoId]]:
    """As many ids at a time as one statement takes."""
    for start in range(0, len(photo_ids), _MAX_VARIABLES):
        yield photo_ids[start : start + _MAX_VARIABLES]
