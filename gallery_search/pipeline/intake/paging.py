# SPDX-License-Identifier: MIT
"""Large directories in pages, so that queries are answered between them; worker thread only."""

import os
from bisect import bisect_right
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from msgspec import Struct
from msgspec.structs import replace

from gallery_search.catalogue.photos import Catalogue, Folder
from gallery_search.pipeline.watching.exclusions import Exclusions
from gallery_search.pipeline.watching.listing import DirectoryListing

_PAGE_NAMES = 250  # photos known or found: 10 ms to compare, 30 ms to write down
_PAGE_EXCLUDED = 1_000  # compared with patterns: 10 ms


def first_page(
    catalogue: Catalogue, listing: DirectoryListing
) -> tuple[DirectoryListing, DirectoryListing | None]:
    """The first names of a listing, and a listing of the others."""
    if listing.names is not None:
        return _first_names(listing, listing.names)
    ends = [
        catalogue.name_after(listing.folder_id, listing.directory, listing.after, _PAGE_NAMES),
        listing.files[_PAGE_NAMES - 1].name if len(listing.files) > _PAGE_NAMES else None,
    ]
    up_to = min((end for end in ends if end is not None), key=os.fsencode, default=None)
    if up_to is None:
        return listing, None
    count = bisect_right(listing.files, os.fsencode(up_to), key=lambda f: os.fsencode(f.name))
    page = replace(listing, files=listing.files[:count], subdirectories=None, up_to=up_to)
    return page, replace(listing, files=listing.files[count:], after=up_to)


def vanished(catalogue: Catalogue, listing: DirectoryListing) -> Iterator[DirectoryListing]:
    """Empty listings of the directories that held photos and are not on a page that tells them."""
    if listing.subdirectories is None:
        return
    known = catalogue.subdirectories(listing.folder_id, listing.directory)
    missing = known if listing.names is None else known & listing.names
    for name in sorted(missing - set(listing.subdirectories) - listing.unread):
        directory = f"{listing.directory}/{name}" if listing.directory else name
        yield DirectoryListing(listing.folder_id, directory)
        for below in sorted(catalogue.directories_below(listing.folder_id, directory)):
            yield DirectoryListing(listing.folder_id, below)


class Sweep(Struct, frozen=True):
    """What is left of a folder's photos to be seen through for those that are now excluded.

    Attributes:
        exclusions: what is to be left out.
        folder: whose photos are seen through.
        after: directory and name where the last page ended; at first two empty ones.
    """

    exclusions: Exclusions
    folder: Folder
    after: tuple[str, str] = ("", "")


def excluded(catalogue: Catalogue, sweep: Sweep) -> tuple[list[DirectoryListing], Sweep | None]:
    """Listings that miss the excluded ones among some photos, and what is left to be seen through.

    Without a look at the disk, which may be offline.
    """
    folder = sweep.folder
    page = catalogue.places_after(folder.folder_id, *sweep.after, limit=_PAGE_EXCLUDED)
    left_out = [place for place in page if sweep.exclusions.has_photo(folder.path, *place)]
    listings = [
        DirectoryListing(folder.folder_id, directory, names=frozenset(name for _, name in places))
        for directory, places in groupby(left_out, itemgetter(0))
    ]
    return listings, replace(sweep, after=page[-1]) if page else None


def _first_names(
    listing: DirectoryListing, names: frozenset[str]
) -> tuple[DirectoryListing, DirectoryListing | None]:
    first = frozenset(sorted(names)[:_PAGE_NAMES])
    rest = names - first
    files = tuple(facts for facts in listing.files if facts.name in first)
    page = replace(listing, files=files, names=first)
    if not rest:
        return page, None
    others = tuple(facts for facts in listing.files if facts.name in rest)
    return page, replace(listing, files=others, names=rest)
