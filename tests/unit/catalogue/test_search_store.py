# SPDX-License-Identifier: MIT
"""Searches in their tables: kept whole, found by what they ask, and gone when they are removed."""

import contextlib

import pytest
from msgspec import structs

from gallery_search.catalogue import backup, recovery, schema
from gallery_search.catalogue.database import open_database
from gallery_search.catalogue.photos import Catalogue
from gallery_search.catalogue.searches import SearchStore, StoredPart, identity_of
from gallery_search.errors import CatalogueTooNewError
from gallery_search.filters import Filters
from gallery_search.paths import LibraryPaths
from gallery_search.records import BytesSource, PathSource, PhotoSource, TextSource
from gallery_search.remembered import KeptPart, KeptSearch

FILTERS = Filters(folders=("/p/caf\udce9",), taken_from=7, formats=("JPEG", "PNG"), min_width=800)
PARTS = (
    KeptPart(PathSource("/p/caf\udce9.jpg", (0.1, 0.2, 0.9, 0.8)), "Part of caf\udce9.jpg", 0.75),
    KeptPart(BytesSource(b"a copy", "Pasted image"), "Pasted image", 1.0, b"a thumbnail"),
    KeptPart(PhotoSource(4, None), "IMG_4.jpg", -1.5, b"its thumbnail"),
    KeptPart(TextSource("snow at dusk"), "snow at dusk"),
)
SEARCH = KeptSearch("Winter \udce9", PARTS, FILTERS, 0.25, 1_700_000_000)


@pytest.fixture
def database(tmp_path):
    with contextlib.closing(open_database(tmp_path / "history.db", schema.HISTORY)) as opened:
        yield opened


@pytest.fixture
def store(database):
    return SearchStore(database, "recent")


def stored(*parts):
    return [StoredPart(part, b"hash" if part.name == "IMG_4.jpg" else None) for part in parts]


def words(text, **rest):
    return KeptSearch(text, (KeptPart(TextSource(text), text),), **rest)


def add(store, search):
    parts = stored(*search.parts)
    store.add(search, parts, identity_of(search, parts))


def names(store):
    return [search.name for search, _ in store.all()]


def test_a_search_comes_back_as_it_was_kept(store):
    add(store, SEARCH)
    ((listed, listed_parts),) = store.all()
    assert (listed.name, listed.filters, listed.cut, listed.at_s) == (
        SEARCH.name, FILTERS, 0.25, 1_700_000_000,
    )  # fmt: skip
    assert [part.part.thumbnail for part in listed_parts] == [p.thumbnail for p in PARTS]
    found = store.get(listed.search_id)
    assert found is not None
    assert found[1] == stored(*PARTS)
    assert store.get(listed.search_id + 1) is None


def test_the_list_has_no_images_but_thumbnails(store):
    add(store, SEARCH)
    ((_, parts),) = store.all()
    assert parts[1].part.source == BytesSource(b"", "Pasted image")
    assert parts[0].part.source == PARTS[0].source


def test_an_image_that_is_its_own_thumbnail_is_kept_once(store, database):
    part = KeptPart(BytesSource(b"small", "Pasted image"), "Pasted image", 1.0, b"small")
    add(store, KeptSearch("Pasted image", (part,)))
    assert database.execute("SELECT image FROM recent_search_parts").fetchall() == [(None,)]
    ((listed, _),) = store.all()
    found = store.get(listed.search_id)
    assert found is not None
    assert found[1][0].part == part
    assert store.has_copy(b"small")
    assert not store.has_copy(b"other")


def test_a_thumbnail_of_a_photo_is_no_copy(store):
    add(store, KeptSearch("x", (KeptPart(PhotoSource(1), "x", 1.0, b"a thumbnail"),)))
    assert not store.has_copy(b"a thumbnail")


def test_the_newest_comes_first_and_what_is_asked_again_once(store):
    for text in ("a", "b", "c", "a"):
        add(store, words(text))
    assert names(store) == ["a", "c", "b"]


@pytest.mark.parametrize(
    "other",
    [
        words("a", filters=Filters(formats=("PNG",))),
        KeptSearch("a", (KeptPart(TextSource("a"), "a", 0.5),)),
        KeptSearch("a", (KeptPart(PathSource("a"), "a"),)),
        KeptSearch("a", (KeptPart(BytesSource(b"1", "a"), "a"),)),
    ],
)
def test_what_finds_something_else_is_another_search(store, other):
    add(store, words("a"))
    add(store, other)
    add(store, KeptSearch("a", (KeptPart(BytesSource(b"2", "a"), "a"),)))
    assert names(store) == ["a", "a", "a"]


def test_searches_are_renamed_and_removed_with_all_that_they_have(store, database):
    for text in ("a", "b", "c", "d"):
        add(store, words(text))
    b = next(search for search, _ in store.all() if search.name == "b")
    store.rename(b.search_id, "Beach \udce9")
    assert names(store) == ["d", "c", "Beach \udce9", "a"]
    store.remove(b.search_id)
    c = words("c")
    store.remove_identity(identity_of(c, stored(*c.parts)))
    assert names(store) == ["d", "a"]
    assert store.count() == 2
    assert database.execute("SELECT count(*) FROM recent_search_parts").fetchone() == (2,)
    store.clear()
    assert database.execute("SELECT count(*) FROM recent_search_parts").fetchone() == (0,)


def test_the_oldest_give_way_by_number_and_by_size(store):
    for text in "abcde":
        part = KeptPart(TextSource(text), text, 1.0, bytes(100))
        add(store, KeptSearch(text, (part,)))
    store.keep_newest(4, 1000)
    assert names(store) == ["e", "d", "c", "b"]
    store.keep_newest(4, 250)
    assert names(store) == ["e", "d"]
    store.keep_newest(4, 50)
    assert names(store) == ["e"]  # the newest in any case


def test_filters_of_another_version_are_passed_over(store, database):
    add(store, SEARCH)
    database.execute("""UPDATE recent_searches SET filters = '{"min_width": 9, "moon": "full"}'""")
    assert store.all()[0][0].filters == Filters(min_width=9)


def test_a_catalogue_of_the_version_before_can_save_too(tmp_path):
    path = tmp_path / "old.db"
    open_database(path, schema.CATALOGUE[:3]).close()
    with contextlib.closing(Catalogue.open(path)) as catalogue:
        with catalogue.transaction():
            catalogue.searches.add(SEARCH, stored(*PARTS))
            catalogue.searches.add(SEARCH, stored(*PARTS))  # the user may want it twice
        assert catalogue.searches.count() == 2


def test_saved_searches_younger_than_the_backup_are_kept(tmp_path):
    paths = LibraryPaths(tmp_path)
    older = structs.replace(SEARCH, name="older")
    with contextlib.closing(Catalogue.open(paths.catalogue)) as catalogue:
        with catalogue.transaction():
            catalogue.searches.add(older, stored(*PARTS))
        backup.make(paths.catalogue, paths.backups)
        with catalogue.transaction():
            catalogue.searches.add(SEARCH, stored(*PARTS))
    with contextlib.closing(open_database(paths.catalogue, schema.CATALOGUE)) as database:
        page = "SELECT rootpage FROM sqlite_schema WHERE name = 'photos_newest'"
        (page_number,) = database.execute(page).fetchone()
        database.execute("PRAGMA journal_mode = DELETE")
    with paths.catalogue.open("r+b") as file:
        file.seek((page_number - 1) * 4096)
        file.write(bytes(4096))
    (sentence,) = recovery.mend(paths)
    assert "its backup" in sentence
    with contextlib.closing(Catalogue.open(paths.catalogue)) as catalogue:
        assert {search.name for search, _ in catalogue.searches.all()} == {"older", SEARCH.name}
        for search, _ in catalogue.searches.all():
            assert catalogue.searches.get(search.search_id)[1] == stored(*PARTS)


@pytest.mark.parametrize("version", [3, 4])
def test_saved_searches_are_read_out_of_a_damaged_catalogue_without_a_backup(tmp_path, version):
    paths = LibraryPaths(tmp_path)
    with contextlib.closing(open_database(paths.catalogue, schema.CATALOGUE[:version])) as database:
        database.execute("INSERT INTO folders (path, display) VALUES (x'2f70', '/p')")
        if version > 3:
            SearchStore(database, "saved").add(SEARCH, stored(*PARTS))
        page = "SELECT rootpage FROM sqlite_schema WHERE name = 'photos_newest'"
        (page_number,) = database.execute(page).fetchone()
        database.execute("PRAGMA journal_mode = DELETE")
    with paths.catalogue.open("r+b") as file:
        file.seek((page_number - 1) * 4096)
        file.write(bytes(4096))
    (sentence,) = recovery.mend(paths)
    assert sentence.startswith("The catalogue of this library was damaged and there is no backup")
    with contextlib.closing(Catalogue.open(paths.catalogue)) as catalogue:
        assert [folder.path for folder in catalogue.folders()] == ["/p"]
        searches = catalogue.searches.all()
        assert [search.name for search, _ in searches] == [SEARCH.name] * (version > 3)
        for search, _ in searches:
            assert catalogue.searches.get(search.search_id)[1] == stored(*PARTS)


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE recent_search_parts SET source = '{\"pat' WHERE search_id = 2",
        "UPDATE recent_search_parts SET source = '{\"moon\": 1}' WHERE search_id = 2",
        "UPDATE recent_searches SET filters = '[7]' WHERE id = 2",
        "DELETE FROM recent_search_parts WHERE search_id = 2",
    ],
)
def test_what_makes_no_sense_is_passed_over(store, database, caplog, damage):
    for text in "abc":
        add(store, words(text))
    database.execute(damage)
    assert names(store) == ["c", "a"]
    assert store.get(2) is None
    assert "cannot be read" in caplog.text


def test_a_history_of_a_newer_version_is_refused_untouched(tmp_path):
    paths = LibraryPaths(tmp_path)
    with contextlib.closing(open_database(paths.history, schema.HISTORY)) as database:
        database.execute("PRAGMA user_version = 9")
        database.execute("PRAGMA journal_mode = DELETE")
    before = paths.history.read_bytes()
    with pytest.raises(CatalogueTooNewError):
        recovery.mend(paths)
    assert paths.history.read_bytes() == before
