# SPDX-License-Identifier: MIT
"""Searches that a real library keeps: recalled after a restart, after moves, after deletions."""

import io
import shutil

import pytest
from drawn_photos import edited_copy
from msgspec.structs import replace
from open_library import OpenLibrary, query
from PIL import Image

from gallery_search.catalogue import backup
from gallery_search.filters import Filters
from gallery_search.pipeline.answering import search_history
from gallery_search.queries import CombinedSource, QueryPart, composed
from gallery_search.records import (
    BytesSource,
    Notice,
    PathSource,
    PhotoSource,
    TextSource,
)
from gallery_search.remembered import (
    MOST_RECENT,
    KeptPart,
    KeptSearch,
    SearchesLoaded,
    SearchRecalled,
    SearchSaved,
)

pytestmark = pytest.mark.network_model


def words(text, **rest):
    return KeptSearch(text, (KeptPart(TextSource(text), text),), **rest)


def found(library, source, **rest):
    """Search, and what the window then has to keep."""
    result = library.search(source)
    parts = (KeptPart(source, result.name, 1.0, result.thumbnail),)
    return result, KeptSearch(result.name, parts, **rest)


def listed(library):
    """All searches, when all that was asked for before is done."""
    library.search_fails(PhotoSource(987654))  # tasks of one priority keep their order
    keeper = library.library.search_keeper
    return library.events.after(SearchesLoaded, keeper.request_all)


def recalled(library, kind, search_id):
    keeper = library.library.search_keeper
    return library.events.after(SearchRecalled, lambda: keeper.recall(kind, search_id)).search


def source_of(search):
    return composed([QueryPart(part.source, part.weight) for part in search.left])


def save(library, search):
    """Save, and wait for it."""
    keeper = library.library.search_keeper
    library.events.after(SearchSaved, lambda: keeper.save(search))


def names(searches):
    return [search.name for search in searches]


@pytest.fixture
def movable(indexed, tmp_path):
    """The indexed library with photos that may be moved: it is indexed anew, by their contents."""
    folder = tmp_path / "photos of mine"
    folder.mkdir()
    for photo in indexed.photos[:4]:
        shutil.copy2(photo, folder)
    return folder


# --- recent searches ------------------------------------------------------------------------------


def test_recent_searches_are_there_after_a_restart_and_find_the_same(
    open_library, indexed, tmp_path
):
    image = edited_copy(indexed.photos[3], tmp_path / "first.jpg")
    pasted = BytesSource(indexed.photos[9].read_bytes(), "Pasted image")
    filters = Filters(formats=("JPEG",))
    with OpenLibrary(indexed.root) as library:
        keeper = library.library.search_keeper
        results = []
        for source in (PathSource(str(image)), pasted, PhotoSource(library.order()[7])):
            result, search = found(library, source, filters=filters)
            results.append(result)
            keeper.remember(search)
        keeper.remember(words("snow"))
        assert len(listed(library).recent) == 4
    with OpenLibrary(indexed.root) as library:
        loaded = listed(library)
        assert names(loaded.recent) == ["snow", *(result.name for result in reversed(results))]
        assert loaded.saved == ()
        for search, result in zip(loaded.recent[:0:-1], results, strict=True):
            again = recalled(library, "recent", search.search_id)
            assert again.filters == filters
            best, before = library.search(source_of(again)).hits[0], result.hits[0]
            assert best.photo_id == before.photo_id
            assert best.similarity == pytest.approx(before.similarity, abs=0.03)  # of a thumbnail
            assert search.parts[0].thumbnail == result.thumbnail


def test_an_image_in_memory_is_kept_small_and_once_however_often_it_is_asked(
    open_library, indexed, tmp_path
):
    library = open_library()
    large = io.BytesIO()
    Image.open(indexed.photos[9]).resize((2000, 1500)).save(large, "PNG")
    _, search = found(library, BytesSource(large.getvalue(), "Pasted image", (0.1, 0.1, 0.9, 0.9)))
    library.library.search_keeper.remember(search)
    for _ in range(3):
        (entry,) = listed(library).recent
        again = recalled(library, "recent", entry.search_id)
        source = again.parts[0].source
        assert source == BytesSource(search.parts[0].thumbnail, "Part of Pasted image")
        assert max(Image.open(io.BytesIO(source.data)).size) <= 512
        library.library.search_keeper.remember(found(library, source)[1])


def test_a_search_takes_the_place_of_the_one_that_it_is_a_variant_of(open_library, indexed):
    library = open_library()
    keeper = library.library.search_keeper
    first, second = words("snow"), replace(words("snow"), filters=Filters(min_width=100))
    keeper.remember(first)
    keeper.remember(words("lake"))
    keeper.remember(second, first)
    assert names(listed(library).recent) == ["snow", "lake"]


def test_only_the_last_hundred_are_kept(open_library, indexed):
    library = open_library()
    for number in range(MOST_RECENT + 5):
        library.library.search_keeper.remember(words(f"{number}"))
    assert names(listed(library).recent) == [f"{n}" for n in range(MOST_RECENT + 4, 4, -1)]


def test_what_is_forgotten_is_in_no_file_any_more(open_library, indexed):
    library = open_library()
    keeper, root = library.library.search_keeper, indexed.root
    for text in ("my secret wish", "another secret"):
        keeper.remember(words(text))
    entries = {entry.name: entry.search_id for entry in listed(library).recent}
    assert b"secret" in _history(root)
    changed = library.events.after(
        SearchesLoaded, lambda: keeper.remove("recent", entries["my secret wish"])
    )
    assert names(changed.recent) == ["another secret"]
    assert b"wish" not in _history(root)
    assert library.events.after(SearchesLoaded, keeper.clear).recent == ()
    assert b"secret" not in _history(root)


def _history(root):
    return b"".join(file.read_bytes() for file in sorted(root.glob("history.db*")))


def test_nothing_is_noted_where_that_is_not_wanted_also_after_a_restart(indexed):
    with OpenLibrary(indexed.root) as library:
        keeper = library.library.search_keeper
        keeper.remember(words("before"))
        keeper.set_remembering(is_remembering=False)
        keeper.remember(words("after"))
        loaded = listed(library)
        assert (names(loaded.recent), loaded.is_remembering) == (["before"], False)
    with OpenLibrary(indexed.root) as library:
        keeper = library.library.search_keeper
        keeper.remember(words("later"))
        assert names(listed(library).recent) == ["before"]
        keeper.set_remembering(is_remembering=True)
        keeper.remember(words("at last"))
        assert names(listed(library).recent) == ["at last", "before"]


def test_a_start_that_asks_for_no_searches_makes_no_file(open_library, indexed):
    library = open_library()
    assert listed(library).recent == ()
    library.search(PhotoSource(library.order()[0]))
    assert not (indexed.root / "history.db").exists()


def test_a_damaged_history_is_begun_anew_and_nothing_else_suffers(indexed):
    with OpenLibrary(indexed.root) as library:
        library.library.search_keeper.remember(words("snow"))
        save(library, words("kept"))
    (indexed.root / "history.db").write_bytes(b"SQLite format 3\0" + bytes(5000))
    with OpenLibrary(indexed.root) as library:
        loaded = listed(library)
        assert (names(loaded.saved), loaded.recent) == (["kept"], ())
        library.library.search_keeper.remember(words("lake"))
        assert names(listed(library).recent) == ["lake"]
        assert library.notices == []


def test_the_pictures_of_recent_searches_take_no_more_than_their_share(
    open_library, indexed, monkeypatch
):
    monkeypatch.setattr(search_history, "_MOST_BYTES", 250)
    library = open_library()
    for text in "abcd":
        part = KeptPart(TextSource(text), text, 1.0, bytes(100))
        library.library.search_keeper.remember(KeptSearch(text, (part,)))
    assert names(listed(library).recent) == ["d", "c"]


# --- saved searches -------------------------------------------------------------------------------


def test_a_saved_search_outlives_its_images(indexed, tmp_path):
    image = edited_copy(indexed.photos[3], tmp_path / "first.jpg")
    pasted = BytesSource(indexed.photos[9].read_bytes(), "Pasted image")
    filters = Filters(min_width=1)
    with OpenLibrary(indexed.root) as library:
        parts = (
            KeptPart(PathSource(str(image)), "first.jpg", 1.0),
            KeptPart(pasted, "Pasted image", -0.5),
        )
        save(library, KeptSearch("Mine", parts, filters, 0.25))
        weighted = tuple(QueryPart(part.source, part.weight) for part in parts)
        before = library.search(CombinedSource(weighted))
    image.unlink()
    with OpenLibrary(indexed.root) as library:
        (entry,) = listed(library).saved
        again = recalled(library, "saved", entry.search_id)
        assert (again.name, again.filters, again.cut) == ("Mine", filters, 0.25)
        assert [part.weight for part in again.parts] == [1.0, -0.5]
        sizes = [Image.open(io.BytesIO(part.source.data)).size for part in again.parts]
        assert all(max(size) <= 1024 for size in sizes)
        result = library.search(source_of(again))
        assert result.hits[0].photo_id == before.hits[0].photo_id
        assert result.hits[0].similarity == pytest.approx(before.hits[0].similarity, abs=0.02)


def test_a_photo_is_saved_as_itself_and_found_after_a_move(open_library, movable):
    library = open_library()
    library.add(movable)
    library.wait_idle(64)
    path = movable / min(file.name for file in movable.iterdir())
    search = KeptSearch("Mine", (KeptPart(PathSource(str(path)), path.name),))
    save(library, search)
    (entry,) = listed(library).saved
    photo = recalled(library, "saved", entry.search_id).parts[0].source
    assert photo == PhotoSource(library.paths()[str(path)])

    (movable / "sub").mkdir()
    path.rename(movable / "sub" / "renamed.jpg")
    library.events.wait_for(lambda _: str(movable / "sub" / "renamed.jpg") in library.paths())
    again = recalled(library, "saved", entry.search_id)
    assert library.search(source_of(again)).hits[0].path == str(movable / "sub" / "renamed.jpg")


def test_a_photo_lives_on_in_its_copy_and_is_else_called_gone(open_library, indexed, movable):
    library = open_library()
    library.add(movable)
    library.wait_idle(64)
    path = movable / min(file.name for file in movable.iterdir())
    single = edited_copy(indexed.photos[20], movable / "single.jpg")
    library.wait_idle(65)
    ids = library.paths()
    for name, file in (("copied", path), ("single", single)):
        save(library, KeptSearch(name, (KeptPart(PhotoSource(ids[str(file)]), file.name),)))
    path.unlink()
    single.unlink()
    library.wait_idle(63)
    gone, copied = listed(library).saved
    assert [part.is_gone for part in (*copied.parts, *gone.parts)] == [False, True]
    assert gone.left == ()
    assert copied.parts[0].source != PhotoSource(ids[str(path)])
    assert library.search(source_of(copied)).hits[0].path == str(indexed.folder / path.name)


def test_a_search_whose_image_cannot_be_read_is_not_saved(open_library, indexed, tmp_path):
    library = open_library()
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"no image")
    parts = (
        KeptPart(PathSource(str(indexed.photos[0])), "sound.jpg"),
        KeptPart(PathSource(str(broken)), "broken.jpg"),
    )
    keeper = library.library.search_keeper
    notice = library.events.after(Notice, lambda: keeper.save(KeptSearch("Mine", parts)))
    assert notice.text.startswith("The search was not saved. “broken.jpg”: ")
    assert listed(library).saved == ()


def test_saved_searches_are_renamed_removed_and_bounded(open_library, indexed, monkeypatch):
    from gallery_search.pipeline.answering import kept_searches

    library = open_library()
    keeper = library.library.search_keeper
    for text in ("a", "b"):
        save(library, words(text))
    b, a = listed(library).saved
    keeper.rename(a.search_id, "Sea")
    assert names(listed(library).saved) == ["b", "Sea"]
    monkeypatch.setattr(kept_searches, "MOST_SAVED", 2)
    notice = library.events.after(Notice, lambda: keeper.save(words("c")))
    assert notice.text == "At most 2 searches can be saved. Remove one of them first."
    keeper.remove("saved", b.search_id)
    assert names(listed(library).saved) == ["Sea"]
    assert query(indexed.root / "catalogue.db", "SELECT count(*) FROM saved_search_parts") == [(1,)]


def test_a_backup_has_the_saved_searches(indexed):
    with OpenLibrary(indexed.root) as library:
        save(library, words("kept"))
        paths = library.library.paths
        backup.make(paths.catalogue, paths.backups)
    paths.catalogue.write_bytes(b"damaged")
    for ending in ("-wal", "-shm"):
        paths.catalogue.with_name(f"catalogue.db{ending}").unlink(missing_ok=True)
    with OpenLibrary(indexed.root) as library:
        assert names(listed(library).saved) == ["kept"]
