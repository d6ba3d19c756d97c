# SPDX-License-Identifier: MIT
"""What the pipeline expects of an index, whichever engine it has."""

from typing import Protocol

import numpy as np
import numpy.typing as npt

from gallery_search.records import Embeddings, Neighbours, PhotoId

PhotoIds = npt.NDArray[np.int64]


class Index(Protocol):
    """Embeddings by photo id, searched by cosine similarity.

    Not thread-safe: one thread, the worker, owns an index and makes all calls.

    Every change in the store has a rising revision, at least 1. The index keeps it with the
    change, so that `swap_in` can tell what newly built files hold already.
    """

    @property
    def revision(self) -> int:
        """The settled part holds the store as of this revision; 0 where there is none.

        After opening, the owner hands over all that the store changed since, once.
        """
        ...

    @property
    def tail_size(self) -> int:
        """Photos that were added since the settled part was built."""
        ...

    def __len__(self) -> int:
        """Photos that a search looks at."""
        ...

    def add(self, photo_ids: PhotoIds, embeddings: Embeddings, revision: int) -> None:
        """Add photos, or replace their embeddings; the next search sees them.

        Args:
            photo_ids: int64 (n,), positive; of an id that comes twice, the last row counts.
            embeddings: float32 (n, d), rows of unit length; copied, rounded to float16 as the
                store keeps them.
            revision: of the newest of these changes in the store.

        Raises:
            ValueError: the arrays do not have these shapes.
        """
        ...

    def remove(self, photo_ids: PhotoIds, revision: int) -> None:
        """Take photos out; ids that are not there are allowed. `revision` as in `add`."""
        ...

    def search(self, embedding: Embeddings, k: int, allowed: PhotoIds | None = None) -> Neighbours:
        """The photos most similar to an embedding, best first, each once.

        Args:
            embedding: float32 (d,), unit length.
            k: at most this many. There are fewer only where fewer can be searched.
            allowed: int64 (m,) in any order; if given, only these photos are looked at.

        Returns:
            Ids with their float32 cosines of the full embeddings, at most 1; among equal ones
            the lower id comes first.

        Raises:
            ValueError: the embedding does not have the index's dimension.
        """
        ...

    def count(self, allowed: PhotoIds) -> int:
        """How many of these photos, int64 (m,) without repetitions, a search looks at."""
        ...

    def embedding(self, photo_id: PhotoId) -> Embeddings | None:
        """The float32 (d,) embedding of a photo, or None where it is not in the index."""
        ...

    def sample(self, count: int) -> Embeddings:
        """The float32 (at most `count`, d) embeddings of photos spread evenly over all."""
        ...

    def needs_rebuild(self, *, is_idle: bool) -> bool:
        """Whether the settled part should be built anew.

        Args:
            is_idle: nothing else is to be done, so that less of a reason is enough.
        """
        ...

    def swap_in(self) -> bool:
        """Take over the newest files that a build has left; changes after them are kept.

        Returns:
            Whether there were any newer than those in use. If not, all stays as it was.
        """
        ...

    def trust(self) -> None:
        """The files in use were read through and found to be sound."""
        ...

    def distrust(self) -> None:
        """The files in use were found to be damaged: search in the safest way until a rebuild."""
        ...

    def close(self) -> None:
        """Let go of memory and files; no call may follow."""
        ...
