# SPDX-License-Identifier: MIT
"""Which photo of a group of duplicates to keep: the rules that propose one. Pure functions."""

from collections.abc import Callable, Sequence
from typing import Any, Literal, TypeAlias

from gallery_search.duplicates import DuplicatePhoto
from gallery_search.language import mark

Rule: TypeAlias = Literal["quality", "oldest", "newest", "path", "all"]

RULES: dict[Rule, str] = {
    "quality": mark("The one with most pixels"),
    "oldest": mark("The oldest one"),
    "newest": mark("The newest one"),
    "path": mark("The one with the shortest path"),
    "all": mark("All, until I mark them"),
}
EXPLANATIONS: dict[Rule, str] = {
    "quality": mark("Most pixels, then the largest file, the oldest date, the shortest path"),
    "oldest": mark("Taken first, or else changed first; then most pixels and the largest file"),
    "newest": mark("Taken last, or else changed last; then most pixels and the largest file"),
    "path": mark("The shortest path, then the oldest date"),
    "all": mark("Nothing goes to the trash but what you mark"),
}

# What is least comes first. The name breaks ties, so that a rule always says the same.
_ORDERS: dict[Rule, Callable[[DuplicatePhoto], tuple[Any, ...]]] = {
    "quality": lambda photo: (*_quality(photo), *_age(photo), *_place(photo)),
    "oldest": lambda photo: (*_age(photo), *_quality(photo), *_place(photo)),
    "newest": lambda photo: (*(-age for age in _age(photo)), *_quality(photo), *_place(photo)),
    "path": lambda photo: (len(photo.path), *_age(photo), *_place(photo)),
}


def proposed(photos: Sequence[DuplicatePhoto], rule: Rule) -> frozenset[int]:
    """Ids of the photos that a rule keeps: one of them, or all; at least one."""
    if rule == "all":
        return frozenset(photo.photo_id for photo in photos)
    return frozenset((min(photos, key=_ORDERS[rule]).photo_id,))


def _quality(photo: DuplicatePhoto) -> tuple[int, int]:
    return -photo.width * photo.height, -photo.size_bytes


def _age(photo: DuplicatePhoto) -> tuple[int, int]:
    """Copies of a file were taken at the same time, so there the file's own date decides."""
    changed_s = photo.mtime_ns // 10**9
    return changed_s if photo.taken_at is None else photo.taken_at, photo.mtime_ns


def _place(photo: DuplicatePhoto) -> tuple[int, str]:
    return len(photo.path), photo.path
