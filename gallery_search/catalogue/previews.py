# SPDX-License-Identifier: MIT
"""Which photos are known by a preview in their file only, and are yet to be read as a whole.

They are in state 'indexed', as searches find them. `docs/decisions/previews.md` tells why.
"""

from collections.abc import Iterable

from gallery_search.catalogue.database import Database
from gallery_search.records import DecodeFailure, PhotoId

# Without the index by name, SQLite would look through all photos in state 'indexed'.
_PREVIEWS = "photos INDEXED BY photos_by_preview"
_IS_PREVIEW = "is_preview AND state = 'indexed'"
_WAITS = f"{_IS_PREVIEW} AND failure IS NULL"


class Previews:
    """One part of `catalogue.db`; all methods raise CatalogueError where the database refuses."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def waiting(self, limit: int, without: set[PhotoId], offline: Iterable[int]) -> list[PhotoId]:
        """Ids of photos that wait to be read as a whole, newest first.

        Args:
            limit: at most so many.
            without: ids to leave out, as they are under way.
            offline: folder ids to leave out.
        """
        found: list[tuple[int, PhotoId]] = []
        for folder_id in self._folders(offline):
            found += self._db.execute(
                f"SELECT sorted_at, id FROM {_PREVIEWS} WHERE folder_id = ? AND {_WAITS}"  # noqa: S608
                " ORDER BY sorted_at DESC, id DESC LIMIT ?",
                (folder_id, limit + len(without)),
            ).fetchall()
        ids = [photo_id for _, photo_id in sorted(found, reverse=True)]
        return [photo_id for photo_id in ids if photo_id not in without][:limit]

    def has_waiting(self, offline: Iterable[int]) -> bool:
        """Whether photos wait to be read as a whole in other folders than the `offline` ones."""
        return bool(self._folders(offline))

    def count(self, offline: Iterable[int]) -> int:
        """How many photos wait to be read as a whole in other folders than the `offline` ones."""
        sql = f"SELECT count(*) FROM {_PREVIEWS} WHERE folder_id = ? AND {_WAITS}"  # noqa: S608
        counts = (self._db.execute(sql, (i,)).fetchone()[0] for i in self._folders(offline))
        return sum(counts)

    def give_up(self, photo_id: PhotoId, failure: DecodeFailure) -> None:
        """The photo cannot be read as a whole: what was made of its preview stays."""
        self._db.execute(
            "UPDATE photos SET failure = ?, is_transient = ? WHERE id = ?",
            (failure.reason, failure.is_transient, photo_id),
        )

    def retry(self, *, only_transient: bool) -> None:
        """Let photos that could not be read as a whole wait for it again."""
        self._db.execute(
            f"UPDATE {_PREVIEWS} SET failure = NULL"  # noqa: S608  likewise
            f" WHERE {_IS_PREVIEW} AND failure IS NOT NULL AND (is_transient OR NOT ?)",
            (only_transient,),
        )

    def _folders(self, offline: Iterable[int]) -> list[int]:
        """The folders, but for `offline` ones, in which photos wait; by a glance at each."""
        left_out = set(offline)
        rows = self._db.execute(
            f"SELECT id FROM folders WHERE EXISTS (SELECT 1 FROM {_PREVIEWS}"  # noqa: S608  likewise
            f" WHERE folder_id = folders.id AND {_WAITS})"
        )
        return [folder_id for (folder_id,) in rows if folder_id not in left_out]
