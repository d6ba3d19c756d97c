# SPDX-License-Identifier: MIT
"""The embeddings, as float16 rows keyed by photo, backbone and recipe.

Every change of a row gives it a new, higher *revision*; whoever has seen all up to one revision
(a built index) asks for what came after it.
"""

import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import cast

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from gallery_search.catalogue import schema
from gallery_search.catalogue.checksums import checksum, is_sound
from gallery_search.catalogue.database import Database, open_database, open_for_reading
from gallery_search.records import Embeddings, PhotoId

log = logging.getLogger(__name__)

# A row of 1024 dimensions has 2.1 KB: of SQLite's usual 4 KiB a page, half would stay empty.
_PAGE_BYTES = 16384
_MAX_ID = 2**63 - 1
_BATCH_ROWS = 1024  # 2.5 MB of 1280 dimensions


class StoredRows(Struct, frozen=True):
    """Some rows of the store.

    Attributes:
        photo_ids: (n,) int64.
        embeddings: (n, d) float16, unit length; zeros where a row is damaged.
        revision: the highest of these rows.
    """

    photo_ids: npt.NDArray[np.int64]
    embeddings: npt.NDArray[np.float16]
    revision: int


class EmbeddingStore:
    """`embeddings.db` as seen by one backbone and recipe; raises CatalogueError.

    One thread at a time. Whether a photo is live, and of which content its embeddings are, is
    kept in step for all backbones, so that any of them can take over.
    """

    def __init__(self, database: Database, backbone: str, recipe: int) -> None:
        self._db = database
        self._key = (backbone, recipe)

    @classmethod
    def open(cls, path: Path, backbone: str, recipe: int) -> "EmbeddingStore":
        """Open for writing, creating or migrating the file."""
        database = open_database(path, schema.EMBEDDINGS, page_bytes=_PAGE_BYTES)
        return cls(database, backbone, recipe)

    @classmethod
    def open_for_reading(cls, path: Path, backbone: str, recipe: int) -> "EmbeddingStore":
        """Open read-only beside the writer."""
        return cls(open_for_reading(path), backbone, recipe)

    def close(self) -> None:
        """Close the connection."""
        self._db.close()

    def check_lock(self) -> None:
        """Raise CatalogueError at once where another program has locked the file."""
        self._db.check_lock()

    def transaction(self) -> AbstractContextManager[None]:
        """All changes of the block, or none."""
        return self._db.transaction()

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """All reading in the block sees the store as it was at the first of it."""
        self._db.execute("BEGIN")
        try:
            yield
        finally:
            self._db.roll_back()  # nothing was changed

    # --- changes ------------------------------------------------------------------------------

    def put(
        self,
        photo_id: PhotoId,
        embedding: npt.NDArray[np.float32],
        content_hash: bytes,
        *,
        is_preview: bool = False,
    ) -> int:
        """Store the embedding (d,) of a photo in place of an earlier one; returns the revision.

        `is_preview`: it was made from the preview in the file. What other backbones have of another
        content of the photo is forgotten.
        """
        self._db.execute(
            "INSERT OR REPLACE INTO embeddings"
            " (photo_id, backbone, recipe, is_live, content_hash, embedding)"
            " SELECT photo_id, backbone, recipe, 0, x'', x'' FROM embeddings"
            " WHERE photo_id = ? AND (backbone, recipe) != (?, ?) AND content_hash != ?"
            " AND embedding != x''",
            (photo_id, *self._key, content_hash),
        )
        content = embedding.astype("<f2").tobytes()
        cursor = self._db.execute(
            "INSERT OR REPLACE INTO embeddings"
            " (photo_id, backbone, recipe, is_live, content_hash, embedding, checksum, is_preview)"
            " VALUES (?, ?, ?, 1, ?, ?, ?, ?)",
            (photo_id, *self._key, content_hash, content, checksum(photo_id, content), is_preview),
        )
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def set_live(self, photo_id: PhotoId, *, is_live: bool) -> int | None:
        """Let searches find a stored photo, or not, with every backbone.

        Returns:
            The last revision; None if the photo is not stored.
        """
        cursor = self._db.execute(
            "INSERT OR REPLACE INTO embeddings"
            " (photo_id, backbone, recipe, is_live, content_hash, embedding, checksum, is_preview)"
            " SELECT photo_id, backbone, recipe, ?, content_hash, embedding, checksum, is_preview"
            " FROM embeddings"
            " WHERE photo_id = ? AND embedding != x''",
            (is_live, photo_id),
        )
        return cursor.lastrowid if cursor.rowcount > 0 else None

    def forget(self, photo_ids: Iterable[PhotoId]) -> int:
        """Drop the embeddings of photos; returns the last revision.

        A row without content stays until `purge`, so that a built index learns of it.
        """
        self._db.executemany(
            "INSERT OR REPLACE INTO embeddings"
            " (photo_id, backbone, recipe, is_live, content_hash, embedding)"
            " SELECT photo_id, backbone, recipe, 0, x'', x'' FROM embeddings WHERE photo_id = ?",
            ((photo_id,) for photo_id in photo_ids),
        )
        return self.last_revision()

    def forget_other_previews(self, photo_id: PhotoId) -> None:
        """Drop what other backbones have made from the photo's preview: it was read as a whole."""
        self._db.execute(
            "INSERT OR REPLACE INTO embeddings"
            " (photo_id, backbone, recipe, is_live, content_hash, embedding)"
            " SELECT photo_id, backbone, recipe, 0, x'', x'' FROM embeddings"
            " WHERE photo_id = ? AND (backbone, recipe) != (?, ?) AND is_preview",
            (photo_id, *self._key),
        )

    def delete_some_older(self) -> bool:
        """Delete some of what older recipes of this backbone have left; whether there was any."""
        return self._delete_some("backbone = ? AND recipe < ?", self._key)

    def delete_some(self, backbone: str) -> bool:
        """Delete some of what is stored of another backbone; returns whether there was any."""
        return self._delete_some("backbone = ?", (backbone,))

    def _delete_some(self, condition: str, values: tuple[object, ...]) -> bool:
        cursor = self._db.execute(
            "DELETE FROM embeddings WHERE revision IN"  # noqa: S608  conditions of ours
            f" (SELECT revision FROM embeddings WHERE {condition} LIMIT ?)",
            (*values, _BATCH_ROWS),
        )
        return cursor.rowcount > 0

    def purge(self, revision: int) -> None:
        """Delete the forgotten rows that an index built up to `revision` has left out."""
        self._db.execute(
            "DELETE FROM embeddings WHERE backbone = ? AND recipe = ? AND revision <= ?"
            " AND is_live = 0 AND embedding = x''",
            (*self._key, revision),
        )

    # --- questions ----------------------------------------------------------------------------

    def last_revision(self) -> int:
        """The highest revision ever given; 0 for a new store."""
        row = self._db.execute(
            "SELECT seq FROM sqlite_sequence WHERE name = 'embeddings'"
        ).fetchone()
        return int(row[0]) if row else 0

    def get(self, photo_id: PhotoId) -> npt.NDArray[np.float32] | None:
        """The embedding (d,) of a live photo, or None."""
        row = self._db.execute(
            "SELECT photo_id, embedding, checksum FROM embeddings"
            " WHERE photo_id = ? AND backbone = ? AND recipe = ? AND is_live = 1",
            (photo_id, *self._key),
        ).fetchone()
        return np.frombuffer(row[1], "<f2").astype(np.float32) if row and is_sound(*row) else None

    def by_content(self, content_hash: bytes, *, is_preview: bool = False) -> Embeddings | None:
        """The embedding (d,) of any photo with this content, gone ones included, or None.

        `is_preview` asks for one that was made from the preview in a file, and only for such.
        """
        # Left to choose, SQLite takes the index by backbone, and so reads all embeddings: 60 ms
        # of the processor for each photo beside 100,000 others.
        row = self._db.execute(
            "SELECT photo_id, embedding, checksum FROM embeddings"
            " WHERE content_hash = ? AND +backbone = ? AND +recipe = ? AND is_preview = ? LIMIT 1",
            (content_hash, *self._key, is_preview),
        ).fetchone()
        return np.frombuffer(row[1], "<f2").astype(np.float32) if row and is_sound(*row) else None

    def is_stored(self, photo_id: PhotoId, content_hash: bytes) -> bool:
        """Whether the photo has an embedding of this content, be it live or not."""
        row = self._db.execute(
            "SELECT 1 FROM embeddings WHERE photo_id = ? AND backbone = ? AND recipe = ?"
            " AND content_hash = ?",
            (photo_id, *self._key, content_hash),
        ).fetchone()
        return row is not None

    def live_count(self, key: tuple[str, int] | None = None) -> int:
        """How many photos searches may find, with this backbone and recipe or another."""
        row = self._db.execute(
            "SELECT count(*) FROM embeddings WHERE backbone = ? AND recipe = ? AND is_live = 1",
            key or self._key,
        ).fetchone()
        return int(row[0])

    def last_photo_id(self) -> PhotoId:
        """The highest id of a photo that searches may find; 0 where there is none."""
        row = self._db.execute(
            "SELECT max(photo_id) FROM embeddings"
            " WHERE backbone = ? AND recipe = ? AND is_live = 1",
            self._key,
        ).fetchone()
        return row[0] or 0

    def live_ids(self, after: PhotoId = 0, up_to: PhotoId = _MAX_ID) -> npt.NDArray[np.int64]:
        """Ids in a range of the photos that searches may find, ascending."""
        return self._ids(after, up_to, is_live=True)

    def dead_ids(self, after: PhotoId = 0, up_to: PhotoId = _MAX_ID) -> npt.NDArray[np.int64]:
        """Ids in a range of the photos that are stored but not found, ascending."""
        return self._ids(after, up_to, is_live=False)

    def _ids(self, after: PhotoId, up_to: PhotoId, *, is_live: bool) -> npt.NDArray[np.int64]:
        return self._db.numbers(
            "photo_id",
            "FROM embeddings WHERE backbone = ? AND recipe = ? AND is_live = ?"
            " AND photo_id > ? AND photo_id <= ? ORDER BY photo_id",
            (*self._key, is_live, after, up_to),
        )

    def live_after(self, revision: int) -> Iterator[StoredRows]:
        """Live rows with a later revision, in batches, in the order of revisions."""
        while True:
            rows = self._db.execute(
                "SELECT revision, photo_id, embedding, checksum FROM embeddings"
                # The plus keeps SQLite from an index that would have it sort everything.
                " WHERE revision > ? AND +backbone = ? AND recipe = ? AND is_live = 1"
                " ORDER BY revision LIMIT ?",
                (revision, *self._key, _BATCH_ROWS),
            ).fetchall()
            if not rows:
                return
            revision = rows[-1][0]
            yield _stored_rows(rows)

    def live_by_id(self) -> Iterator[StoredRows]:
        """All live rows, in batches, in the order of their photo ids."""
        photo_id = 0
        while True:
            rows = self._db.execute(
                "SELECT revision, photo_id, embedding, checksum FROM embeddings"
                " WHERE photo_id > ? AND backbone = ? AND recipe = ? AND is_live = 1"
                " ORDER BY photo_id LIMIT ?",
                (photo_id, *self._key, _BATCH_ROWS),
            ).fetchall()
            if not rows:
                return
            photo_id = rows[-1][1]
            yield _stored_rows(rows)

    def damaged_ids(self) -> list[PhotoId]:
        """Photos of which an embedding of any backbone is not as it was written; reads all."""
        rows = self._db.execute(
            "SELECT photo_id, embedding, checksum FROM embeddings ORDER BY revision"
        )
        return [photo_id for photo_id, *row in rows if not is_sound(photo_id, *row)]

    def damaged_live_ids(self) -> npt.NDArray[np.int64]:
        """The same for this backbone alone, of the photos that searches may find; reads them."""
        rows = self._db.execute(
            "SELECT photo_id, embedding, checksum FROM embeddings"
            " WHERE backbone = ? AND recipe = ? AND is_live = 1",
            self._key,
        )
        return np.fromiter((row[0] for row in rows if not is_sound(*row)), np.int64)

    def dead_after(self, revision: int) -> npt.NDArray[np.int64]:
        """Ids of photos that ceased to be live after `revision`."""
        rows = self._db.execute(
            "SELECT photo_id FROM embeddings"
            " WHERE revision > ? AND backbone = ? AND recipe = ? AND is_live = 0",
            (revision, *self._key),
        )
        return np.fromiter((row[0] for row in rows), np.int64)


def _stored_rows(rows: Sequence[tuple[int, int, bytes, int | None]]) -> StoredRows:
    ids = np.array([row[1] for row in rows], np.int64)
    damaged = [number for number, row in enumerate(rows) if not is_sound(*row[1:])]
    contents = [row[2] for row in rows]
    if damaged:  # they are like nothing, until somebody asks for `damaged_ids`
        log.warning("the embeddings of the photos %s are damaged", ids[damaged].tolist())
        nothing = bytes(max(map(len, contents)))
        for number in damaged:
            contents[number] = nothing
    embeddings = np.frombuffer(b"".join(contents), "<f2").reshape(len(rows), -1)
    revision = max(row[0] for row in rows)
    return StoredRows(ids, cast(npt.NDArray[np.float16], embeddings), revision)
