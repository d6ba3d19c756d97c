# SPDX-License-Identifier: MIT
"""Large directories in pages come to the same as in one piece."""

import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gallery_search.catalogue.embeddings import EmbeddingStore
from gallery_search.catalogue.photos import Catalogue
from gallery_search.catalogue.rows import FileFacts
from gallery_search.pipeline.intake import paging
from gallery_search.pipeline.intake.reconcile import reconcile
from gallery_search.pipeline.watching.exclusions import Exclusions
from gallery_search.pipeline.watching.listing import DirectoryListing

NAMES = st.binary(min_size=1, max_size=6).map(
    lambda data: os.fsdecode(data.replace(b"/", b"_").replace(b"\0", b"_"))
)
PAGE = 3


@pytest.fixture(autouse=True)
def _small_pages(monkeypatch):
    monkeypatch.setattr(paging, "_PAGE_NAMES", PAGE)
    monkeypatch.setattr(paging, "_PAGE_EXCLUDED", PAGE)


class Kept:
    """A catalogue with one folder."""

    def __init__(self, folder):
        folder.mkdir()
        self.catalogue = Catalogue.open(folder / "catalogue.db")
        self.store = EmbeddingStore.open(folder / "embeddings.db", "network", 1)
        self.folder = self.catalogue.add_folder("/photos")

    def close(self):
        self.catalogue.close()
        self.store.close()

    def take(self, listing):
        """What `Folders.take_listing` does with the worker's help; returns the pages' sizes."""
        page, rest = paging.first_page(self.catalogue, listing)
        known = len(reconcile(self.catalogue, self.store, page).gone) + len(page.files)
        missing = []
        if rest is None or page.names is not None:
            missing = list(paging.vanished(self.catalogue, page))
        sizes = [known]
        for further in [*missing, *([rest] if rest else [])]:
            sizes += self.take(further)
        return sizes

    def there(self):
        places, place = set(), ("", "")
        while page := self.catalogue.places_after(self.folder.folder_id, *place, limit=7):
            places.update(page)
            place = page[-1]
        return places


@pytest.fixture
def make_kept(tmp_path):
    made = []

    def make():
        made.append(Kept(tmp_path / str(len(made))))
        return made[-1]

    yield make
    for kept in made:
        kept.close()


def listing_of(kept, found, directory="", **more):
    files = (FileFacts(name, 1, 1, None) for name in found)
    ordered = tuple(sorted(files, key=lambda facts: os.fsencode(facts.name)))
    return DirectoryListing(kept.folder.folder_id, directory, ordered, **more)


@settings(deadline=None, max_examples=25)
@given(before=st.sets(NAMES, max_size=12), after=st.sets(NAMES, max_size=12))
def test_a_directory_of_any_names(tmp_path_factory, before, after):
    kept = Kept(tmp_path_factory.mktemp("paging") / "kept")
    try:
        for names in (before, after):
            sizes = kept.take(listing_of(kept, names, subdirectories=()))
            assert kept.there() == {("", name) for name in names}
            assert max(sizes) <= 2 * PAGE
    finally:
        kept.close()


def test_only_the_names_that_were_looked_at_are_changed(make_kept):
    kept = make_kept()
    kept.take(listing_of(kept, "abcdefgh"))
    kept.take(listing_of(kept, "bxz", names=frozenset("abcdexz")))
    assert {name for _, name in kept.there()} == set("bxzfgh")


def test_unread_and_unsettled_names_are_kept(make_kept):
    kept = make_kept()
    kept.take(listing_of(kept, "abcdefgh"))
    kept.take(listing_of(kept, "", unsettled=frozenset("ag"), unread=frozenset("h")))
    assert {name for _, name in kept.there()} == set("agh")


@pytest.mark.parametrize("names", [None, frozenset({"trip", "new"})])
def test_directories_that_vanish_take_all_below_along(make_kept, names):
    kept = make_kept()
    tree = ["", "trip", "trip/deep", "trip/deep/er", "trip!", "trip 2", "trip0", "tri", "trip/a"]
    for directory in tree:
        kept.take(listing_of(kept, "abcdefgh", directory))
    there = tuple(name for name in ("trip!", "trip 2", "trip0", "tri") if names is None)
    files = "abcdefgh" if names is None else ""
    kept.take(listing_of(kept, files, subdirectories=there, names=names))
    left = {directory for directory, _ in kept.there()}
    assert left == {"", "trip!", "trip 2", "trip0", "tri"}
    assert len(kept.there()) == 5 * 8


def test_a_directory_that_could_not_be_asked_has_not_vanished(make_kept):
    kept = make_kept()
    kept.take(listing_of(kept, "ab", "trip"))
    kept.take(listing_of(kept, "", subdirectories=(), unread=frozenset({"trip"})))
    assert len(kept.there()) == 2


def test_excluded_photos_are_missed_without_a_look_at_the_disk(make_kept):
    kept = make_kept()
    for directory in ("", "private", "private/deep", "other"):
        kept.take(listing_of(kept, ["a.jpg", "b.tmp.jpg", "c.jpg", "d.jpg"], directory))
    sweep = paging.Sweep(Exclusions(["/photos/private"], ["*.tmp.jpg"]), kept.folder)
    while sweep is not None:
        listings, sweep = paging.excluded(kept.catalogue, sweep)
        for listing in listings:
            kept.take(listing)
    assert kept.there() == {(d, f"{n}.jpg") for d in ("", "other") for n in "acd"}
