# SPDX-License-Identifier: MIT
"""Groups of duplicates for tests."""

from gallery_search.duplicates import DuplicateGroup, DuplicateKind, DuplicatePhoto

DAY_S = 86_400


def photo(photo_id: int, **facts: object) -> DuplicatePhoto:
    """A photo of 12 megapixels and 3 MB from the first days of 1970."""
    known: dict[str, object] = {
        "path": f"/photos/{photo_id}.jpg",
        "folder_id": 1,
        "width": 4000,
        "height": 3000,
        "size_bytes": 3 << 20,
        "mtime_ns": photo_id * DAY_S * 10**9,
    }
    return DuplicatePhoto(photo_id, **(known | facts))  # type: ignore[arg-type]


def group(
    *photos: DuplicatePhoto, kind: DuplicateKind = "exact", similarity: float = 1.0
) -> DuplicateGroup:
    return DuplicateGroup(kind, photos, similarity)
