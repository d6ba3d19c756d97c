# SPDX-License-Identifier: MIT
"""From pairs that are alike to groups in which every two are."""

from msgspec import Struct

from gallery_search.index.pairs import Pairs


class Group(Struct, frozen=True):
    """Rows of which every two are alike, ascending; `similarity` is that of the least alike."""

    rows: tuple[int, ...]
    similarity: float


def complete_link(pairs: Pairs) -> list[Group]:
    """Join rows into groups, the most alike first; each row is in one group at most.

    Complete linkage (Defays 1977, here over the given pairs alone): two groups become one when
    every row of the one is paired with every row of the other. Single linkage would need one such
    pair, and lead from photo to photo to such as have nothing in common.

    Args:
        pairs: the most alike first; two rows without a pair are not alike.

    Returns:
        Groups of two rows and more, the largest first, then by similarity, then by rows.
    """
    group_of: dict[int, int] = {}
    members: dict[int, list[int]] = {}
    weakest: dict[int, float] = {}
    links: dict[int, dict[int, int]] = {}  # pairs seen between two groups, under both
    for first, second, similarity in zip(
        pairs.first.tolist(), pairs.second.tolist(), pairs.similarities.tolist(), strict=True
    ):
        for row in (first, second):
            if row not in group_of:
                group_of[row] = row
                members[row], links[row] = [row], {}
        one, other = group_of[first], group_of[second]
        seen = links[one].get(other, 0) + 1
        if seen < len(members[one]) * len(members[other]):
            links[one][other] = links[other][one] = seen
            continue
        if len(links[one]) < len(links[other]):
            one, other = other, one
        # `other` becomes part of `one`, which has more links to keep.
        for row in members[other]:
            group_of[row] = one
        members[one] += members.pop(other)
        weakest[one] = similarity
        links[one].pop(other, None)
        for third, count in links.pop(other).items():
            if third != one:
                del links[third][other]
                links[one][third] = links[third][one] = links[one].get(third, 0) + count
    groups = [
        Group(tuple(sorted(members[name])), weakest[name]) for name in members if name in weakest
    ]
    return sorted(groups, key=lambda group: (-len(group.rows), -group.similarity, group.rows))
