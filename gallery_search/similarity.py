# SPDX-License-Identifier: MIT
"""What similarities mean in one library, as a record."""

from msgspec import Struct


class SimilarityScale(Struct, frozen=True):
    """Where, among the cosines of one network in one library, likeness begins.

    A limit is the lowest cosine that belongs to its band.

    Attributes:
        unlike: what two photos have that chance brought together (the median).
        same_kind: of the same kind of thing.
        same_scene: of the same place or event.
        near_identical: copies, as they are or changed.
    """

    unlike: float
    same_kind: float
    same_scene: float
    near_identical: float
