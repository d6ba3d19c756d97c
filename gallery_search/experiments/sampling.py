# SPDX-License-Identifier: MIT
"""A random sample of the museum's works that anybody can draw again."""

import hashlib
import heapq
from collections.abc import Iterable

from msgspec import Struct

from gallery_search.experiments.artworks import Artwork


class Draw(Struct, frozen=True):
    """What was drawn.

    Attributes:
        works: in the order in which they were drawn.
        available: how many there were to draw from.
    """

    works: tuple[Artwork, ...]
    available: int


def draw(works: Iterable[Artwork], count: int, seed: int) -> Draw:
    """Draw `count` works, or all where there are fewer; none twice, and no picture twice.

    Of works with the same number or the same picture, the first counts. A work's place in the
    draw is the hash of its number and the seed: the same on every computer, whatever the form
    and the order of the file; a draw of more begins with a draw of fewer; and works that the
    museum adds push out as few as can be. Memory is taken for what is drawn, not for all.
    """
    ids: set[int] = set()
    urls: set[str] = set()
    # The smallest places so far; negative, as a heap gives its smallest first.
    drawn: list[tuple[int, int, Artwork]] = []
    for work in works:
        if work.object_id in ids or work.url in urls:
            continue
        ids.add(work.object_id)
        urls.add(work.url)
        entry = (-_place(work.object_id, seed), work.object_id, work)
        if len(drawn) < count:
            heapq.heappush(drawn, entry)
        else:
            heapq.heappushpop(drawn, entry)
    return Draw(tuple(work for _, _, work in sorted(drawn, reverse=True)), len(ids))


def _place(object_id: int, seed: int) -> int:
    digest = hashlib.blake2b(f"{seed}:{object_id}".encode(), digest_size=8).digest()
    return int.from_bytes(digest)
