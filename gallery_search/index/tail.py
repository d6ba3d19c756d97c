# SPDX-License-Identifier: MIT
"""The fresh tail: what changed since the settled part was built, in memory."""

import numpy as np
import numpy.typing as npt

from gallery_search.records import Embeddings, PhotoId

# Memory is taken in blocks, so that growing copies nothing: 21 MB each at d = 1280, of which
# the system hands out only what has been written to.
_BLOCK_ROWS = 4096


class FreshTail:
    """Newly added embeddings and newly removed ids, each with the revision of its change.

    Embeddings are float32, for which a scan is one matrix product: 16,384 rows of 1280 take
    4.9 ms on one thread, to which conversion from float16 would add 10 ms. Not thread-safe.
    """

    def __init__(self, dimension: int) -> None:
        self._dimension = dimension
        self._blocks: list[Embeddings] = []
        self._photo_ids: list[int] = []  # by slot, dense
        self._revisions: list[int] = []
        self._slots: dict[PhotoId, int] = {}
        self._removed: dict[PhotoId, int] = {}

    def __len__(self) -> int:
        return len(self._photo_ids)

    @property
    def photo_ids(self) -> npt.NDArray[np.int64]:
        """Ids that have an embedding here, int64, in the order of `similarities`."""
        return np.array(self._photo_ids, np.int64)

    @property
    def removed_ids(self) -> npt.NDArray[np.int64]:
        """Ids that were removed and not added again, int64, in no order."""
        return np.fromiter(self._removed, np.int64, len(self._removed))

    def put(self, photo_id: PhotoId, embedding: Embeddings, revision: int) -> None:
        """Add or replace one photo; float32 (d,) is copied."""
        self._removed.pop(photo_id, None)
        slot = self._slots.get(photo_id)
        if slot is None:
            slot = len(self._photo_ids)
            if slot == len(self._blocks) * _BLOCK_ROWS:
                self._blocks.append(np.empty((_BLOCK_ROWS, self._dimension), np.float32))
            self._slots[photo_id] = slot
            self._photo_ids.append(photo_id)
            self._revisions.append(revision)
        self._revisions[slot] = revision
        self._row(slot)[:] = embedding

    def remove(self, photo_id: PhotoId, revision: int) -> None:
        """Forget a photo's embedding, and remember that it was removed.

        It is remembered even of a photo that the settled part lacks: a build under way may
        have read it before.
        """
        self._removed[photo_id] = revision
        self._drop(photo_id)

    def forget_up_to(self, revision: int) -> None:
        """Drop every change that newly built files of this revision hold."""
        self._removed = {
            photo_id: removed for photo_id, removed in self._removed.items() if removed > revision
        }
        for photo_id in [
            photo_id for photo_id, slot in self._slots.items() if self._revisions[slot] <= revision
        ]:
            self._drop(photo_id)

    def embedding(self, photo_id: PhotoId) -> Embeddings | None:
        """A copy of the float32 (d,) embedding of a photo, or None."""
        slot = self._slots.get(photo_id)
        return None if slot is None else self._row(slot).copy()

    def embeddings(self, photo_ids: npt.NDArray[np.int64]) -> Embeddings:
        """The float32 (len(photo_ids), d) embeddings of photos that are all here."""
        result = np.empty((len(photo_ids), self._dimension), np.float32)
        for number, photo_id in enumerate(photo_ids.tolist()):
            result[number] = self._row(self._slots[photo_id])
        return result

    def similarities(self, embedding: Embeddings) -> Embeddings:
        """Cosines of `embedding` (d,) with all photos, float32 (len(self),)."""
        result = np.empty(len(self), np.float32)
        for number, block in enumerate(self._blocks):
            start = number * _BLOCK_ROWS
            part = result[start : start + _BLOCK_ROWS]
            np.matmul(block[: len(part)], embedding, out=part)
        return result

    def _row(self, slot: int) -> Embeddings:
        block, row = divmod(slot, _BLOCK_ROWS)
        values: Embeddings = self._blocks[block][row]
        return values

    def _drop(self, photo_id: PhotoId) -> None:
        """Fill the slot of a photo with the last one, so that slots stay dense."""
        slot = self._slots.pop(photo_id, None)
        if slot is None:
            return
        last_id, last_revision = self._photo_ids.pop(), self._revisions.pop()
        last = len(self._photo_ids)
        if slot != last:
            self._row(slot)[:] = self._row(last)
            self._photo_ids[slot], self._revisions[slot] = last_id, last_revision
            self._slots[last_id] = slot
        del self._blocks[-(-last // _BLOCK_ROWS) :]
