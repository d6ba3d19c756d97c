# SPDX-License-Identifier: MIT
"""One test per way that files change between two looks at their directories, with real files."""

import os
import shutil
import time
from types import SimpleNamespace

import numpy as np
import pytest

from gallery_search.catalogue.embeddings import EmbeddingStore
from gallery_search.catalogue.photos import Catalogue
from gallery_search.errors import CatalogueError
from gallery_search.pipeline.intake.paging import vanished
from gallery_search.pipeline.intake.reconcile import Differences, reconcile
from gallery_search.pipeline.watching.listing import DirectoryListing, Rules, list_directory
from gallery_search.records import DecodedImage, DecodeFailure


class Library:
    """A catalogue, and what a worker would do with it."""

    def __init__(self, tmp_path):
        self.root = tmp_path / "photos"
        self.root.mkdir()
        self.catalogue = Catalogue.open(tmp_path / "catalogue.db")
        self.store = EmbeddingStore.open(tmp_path / "embeddings.db", "net", 1)
        self.folder_id = self.catalogue.add_folder(str(self.root)).folder_id
        self._age_s = 10_000

    def write(self, name, content="content"):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
        self._age_s -= 10  # every file has a time of its own
        when = time.time() - self._age_s
        os.utime(path, (when, when))
        return path

    def look(self, directory="", folder_id=None, root=None, is_written=lambda _path: False):
        """One directory; returns the differences."""
        listing = list_directory(
            folder_id or self.folder_id, str(root or self.root), directory,
            Rules(is_being_written=is_written),
        )  # fmt: skip
        total = Differences()
        for one in (listing, *vanished(self.catalogue, listing)):
            found = reconcile(self.catalogue, self.store, one)
            for ids, is_live in ((found.gone, False), (found.back, True)):
                for photo_id in ids:
                    self.store.set_live(photo_id, is_live=is_live)
            for kind in ("pending", "gone", "back", "moved"):
                getattr(total, kind).extend(getattr(found, kind))
        return total

    def scan(self):
        """All directories, from the top."""
        waiting, total = [""], Differences()
        while waiting:
            directory = waiting.pop(0)
            found = self.look(directory)
            for kind in ("pending", "gone", "back", "moved"):
                getattr(total, kind).extend(getattr(found, kind))
            listing = list_directory(self.folder_id, str(self.root), directory)
            waiting += [f"{directory}/{name}".lstrip("/") for name in listing.subdirectories]
        return total

    def index(self):
        """Read all that waits."""
        for photo in self.catalogue.pending(1000, (), ()):
            status = os.stat(photo.path)
            with open(photo.path, "rb") as file:
                content = file.read()
            image = DecodedImage(
                np.zeros((1, 1, 3), np.uint8), b"", 1, 1, content[:16].ljust(16), "JPEG", None,
                status.st_size, status.st_mtime_ns,
            )  # fmt: skip
            self.store.put(photo.photo_id, np.ones(4, np.float32), image.content_hash)
            self.catalogue.set_indexed(photo.photo_id, image)

    def at(self, name):
        return self.catalogue.photo_at(str(self.root / name))

    def state(self, photo_id):
        return self.catalogue.photo(photo_id).state


@pytest.fixture
def library(tmp_path):
    made = Library(tmp_path)
    yield made
    made.catalogue.close()
    made.store.close()


def only(**expected):
    return Differences(**expected)


@pytest.fixture
def photo(library):
    """An indexed photo `a.jpg`."""
    path = library.write("a.jpg")
    library.look()
    library.index()
    return SimpleNamespace(path=path, photo_id=library.at("a.jpg").photo_id)


def test_added(library):
    library.write("a.jpg")
    differences = library.look()
    photo = library.at("a.jpg")
    assert differences == only(pending=[photo.photo_id])
    assert photo.state == "pending"
    assert library.look() == only()


def test_unchanged(library, photo):
    assert library.look() == only()
    assert library.state(photo.photo_id) == "indexed"


def test_changed(library, photo):
    library.write("a.jpg", "other content")
    assert library.look() == only(pending=[photo.photo_id])
    assert library.at("a.jpg").state == "pending"


def test_a_failed_photo_is_tried_again_only_when_it_changed(library, photo):
    failure = DecodeFailure("It is cut off.", is_transient=False)
    library.catalogue.set_failed(photo.photo_id, failure)
    assert library.look() == only()
    library.write("a.jpg", "mended")
    assert library.look() == only(pending=[photo.photo_id])


def test_renamed(library, photo):
    photo.path.rename(library.root / "b.jpg")
    assert library.look() == only(moved=[photo.photo_id])
    assert library.at("b.jpg").photo_id == photo.photo_id
    assert library.state(photo.photo_id) == "indexed"


def test_renamed_while_it_waits(library):
    path = library.write("a.jpg")
    (photo_id,) = library.look().pending
    path.rename(library.root / "b.jpg")
    assert library.look() == only(moved=[photo_id])
    assert library.at("b.jpg").state == "pending"


@pytest.mark.parametrize("is_old_first", [True, False])
def test_moved_to_another_directory(library, photo, is_old_first):
    (library.root / "sub").mkdir()
    photo.path.rename(library.root / "sub/b.jpg")
    if is_old_first:
        assert library.look("") == only(gone=[photo.photo_id])
        assert library.look("sub") == only(moved=[photo.photo_id], back=[photo.photo_id])
    else:
        assert library.look("sub") == only(moved=[photo.photo_id])
        assert library.look("") == only()
    assert library.at("sub/b.jpg").photo_id == photo.photo_id
    assert library.state(photo.photo_id) == "indexed"
    assert library.store.live_ids().tolist() == [photo.photo_id]


@pytest.mark.parametrize("is_old_first", [True, False])
def test_moved_to_another_folder(library, photo, tmp_path, is_old_first):
    other = tmp_path / "other"
    other.mkdir()
    other_id = library.catalogue.add_folder(str(other)).folder_id
    photo.path.rename(other / "a.jpg")
    if is_old_first:
        library.look()
    differences = library.look("", other_id, other)
    assert differences.moved == [photo.photo_id]
    assert differences.pending == []
    assert library.look() == only()
    moved = library.catalogue.photo(photo.photo_id)
    assert (moved.folder_id, moved.path, moved.state) == (other_id, str(other / "a.jpg"), "indexed")


def test_gone(library, photo):
    photo.path.unlink()
    assert library.look() == only(gone=[photo.photo_id])
    assert library.state(photo.photo_id) == "gone"
    assert library.look() == only()
    assert library.store.live_ids().tolist() == []


def test_back_as_it_was(library, photo, tmp_path):
    shutil.move(photo.path, tmp_path / "elsewhere")
    library.look()
    shutil.move(tmp_path / "elsewhere", photo.path)
    assert library.look() == only(back=[photo.photo_id])
    assert library.at("a.jpg").state == "indexed"
    assert library.store.live_ids().tolist() == [photo.photo_id]


def test_back_from_a_backup_with_another_identity(library, photo, tmp_path):
    shutil.copy2(photo.path, tmp_path / "backup")
    with open(photo.path, "rb"):  # keeps the system from giving the same inode again
        photo.path.unlink()
        library.look()
        shutil.copy2(tmp_path / "backup", photo.path)
    assert library.look() == only(back=[photo.photo_id])
    photo.path.rename(library.root / "b.jpg")  # known by its new identity
    assert library.look() == only(moved=[photo.photo_id])


def test_back_but_changed(library, photo):
    photo.path.unlink()
    library.look()
    library.write("a.jpg", "other content")
    assert library.look() == only(pending=[photo.photo_id])
    assert library.at("a.jpg").photo_id == photo.photo_id


def test_back_without_its_embedding(library, photo, tmp_path):
    shutil.move(photo.path, tmp_path / "elsewhere")
    library.look()
    library.store.forget([photo.photo_id])
    library.store.put(999, np.ones(4, np.float32), b"content".ljust(16))  # another's does not do
    shutil.move(tmp_path / "elsewhere", photo.path)
    assert library.look() == only(pending=[photo.photo_id])


@pytest.mark.parametrize("is_failed", [False, True])
def test_back_when_its_last_content_was_never_indexed(library, photo, tmp_path, is_failed):
    library.write("a.jpg", "other content")
    library.look()
    if is_failed:
        failure = DecodeFailure("It is cut off.", is_transient=False)
        library.catalogue.set_failed(photo.photo_id, failure)
    shutil.move(photo.path, tmp_path / "elsewhere")
    library.look()
    shutil.move(tmp_path / "elsewhere", photo.path)
    assert library.look() == only(pending=[photo.photo_id])  # not the old content's embedding


def test_a_hard_link_is_a_photo_of_its_own(library, photo):
    os.link(photo.path, library.root / "b.jpg")
    (link_id,) = library.look().pending
    assert link_id != photo.photo_id
    assert library.look() == only()
    library.index()
    photo.path.rename(library.root / "c.jpg")
    assert library.look() == only(moved=[photo.photo_id])
    assert library.at("b.jpg").photo_id == link_id


def test_saved_by_renaming_a_new_file_over_it(library, photo):
    library.write("a.jpg.tmp", "edited").rename(photo.path)
    assert library.look() == only(pending=[photo.photo_id])
    assert library.at("a.jpg").photo_id == photo.photo_id


def test_one_photo_moved_over_another(library, photo):
    other = library.write("b.jpg", "other content")
    library.look()
    library.index()
    other_id = library.at("b.jpg").photo_id
    other.rename(photo.path)
    assert library.look() == only(moved=[other_id], gone=[photo.photo_id])
    assert library.at("a.jpg").photo_id == other_id
    assert library.look() == only()
    assert library.store.live_ids().tolist() == [other_id]


def test_written_under_another_name_for_a_moment_and_put_in_place(library, photo):
    written = library.write("a-temporary.jpg", "edited")
    (passing_id,) = library.look().pending
    written.rename(photo.path)
    assert library.look() == only(pending=[photo.photo_id], gone=[passing_id])
    assert library.at("a.jpg").photo_id == photo.photo_id


def test_two_photos_that_swap_names(library, photo):
    other = library.write("b.jpg", "other content")
    library.look()
    library.index()
    other_id = library.at("b.jpg").photo_id
    swap(photo.path, other)
    assert library.look() == only(moved=[other_id, photo.photo_id])
    assert library.at("a.jpg").photo_id == other_id
    assert library.at("b.jpg").photo_id == photo.photo_id
    assert library.look() == only()
    assert library.store.live_ids().tolist() == [photo.photo_id, other_id]


def swap(one, other):
    one.rename(one.with_name("x"))
    other.rename(one)
    one.with_name("x").rename(other)


def test_two_photos_of_the_same_size_and_time_that_swap_names_are_read(library, photo):
    """As raw files of a burst are; only their content tells them apart."""
    other = library.write("b.jpg", "CONTENT")
    status = os.stat(photo.path)
    os.utime(other, ns=(status.st_mtime_ns, status.st_mtime_ns))
    library.look()
    library.index()
    other_id = library.at("b.jpg").photo_id
    swap(photo.path, other)
    assert library.look() == only(pending=[photo.photo_id, other_id])
    library.index()
    assert library.look() == only()
    assert library.at("a.jpg").content_hash == b"CONTENT".ljust(16)


def test_names_passed_on_from_one_photo_to_the_next(library, photo):
    other = library.write("b.jpg", "other content")
    library.look()
    library.index()
    other_id = library.at("b.jpg").photo_id
    other.rename(library.root / "c.jpg")
    photo.path.rename(other)
    library.write("a.jpg", "new")
    differences = library.look()
    new_id = library.at("a.jpg").photo_id
    assert differences.pending == [new_id]
    assert sorted(differences.moved) == [photo.photo_id, other_id]
    assert not differences.gone
    assert new_id not in differences.moved
    assert library.at("b.jpg").photo_id == photo.photo_id
    assert library.at("c.jpg").photo_id == other_id
    assert library.look() == only()


def test_only_the_case_of_a_name_changed_where_both_are_one_file(library, photo):
    """As on Windows and macOS, where the old name still leads to the file: here, by a link."""
    photo.path.rename(library.root / "A.jpg")
    listing = list_directory(library.folder_id, str(library.root), "")
    os.link(library.root / "A.jpg", photo.path)
    differences = reconcile(library.catalogue, library.store, listing)
    assert differences == only(moved=[photo.photo_id])
    assert library.at("A.jpg").photo_id == photo.photo_id


def test_the_inode_of_a_deleted_photo_in_another_new_file(library, photo):
    inode = os.stat(photo.path).st_ino
    photo.path.unlink()
    library.look()
    for number in range(200):
        new = library.write(f"new {number}.jpg", "another")  # of the same size
        if os.stat(new).st_ino == inode:
            break
    else:
        pytest.skip("this file system does not use inodes again")
    differences = library.look()
    assert differences.moved == []
    assert library.at(new.name).photo_id in differences.pending
    assert library.state(photo.photo_id) == "gone"


def test_directory_renamed(library):
    for name in ("old/a.jpg", "old/deep/b.jpg"):
        library.write(name)
    library.scan()
    library.index()
    ids = {library.at(name).photo_id for name in ("old/a.jpg", "old/deep/b.jpg")}
    (library.root / "old").rename(library.root / "new")
    differences = library.scan()
    assert set(differences.moved) == ids
    assert differences.pending == []
    assert {library.at(name).photo_id for name in ("new/a.jpg", "new/deep/b.jpg")} == ids
    assert library.store.live_ids().tolist() == sorted(ids)


def test_directory_vanished(library, photo):
    kept = library.write("beside/a.jpg")
    lost = [library.write(name) for name in ("sub/a.jpg", "sub/deep/er/b.jpg", "sub.jpg/c.jpg")]
    library.scan()
    ids = {library.at(path.relative_to(library.root)).photo_id for path in lost}
    shutil.rmtree(library.root / "sub")
    shutil.rmtree(library.root / "sub.jpg")
    differences = library.look("")
    assert set(differences.gone) == ids
    assert library.at(kept.relative_to(library.root)) is not None


def test_directory_of_a_directory_vanished(library):
    lost = library.write("a/b/x.jpg")
    library.write("a/c/x.jpg")
    library.scan()
    photo_id = library.at("a/b/x.jpg").photo_id
    shutil.rmtree(lost.parent)
    assert library.look("a") == only(gone=[photo_id])


def test_file_replaced_by_a_directory_of_the_same_name_and_back(library, photo, tmp_path):
    shutil.move(photo.path, tmp_path / "kept")
    inner = library.write("a.jpg/b.jpg")
    differences = library.scan()
    inner_id = library.at("a.jpg/b.jpg").photo_id
    assert (differences.gone, differences.pending) == ([photo.photo_id], [inner_id])
    shutil.rmtree(inner.parent)
    shutil.move(tmp_path / "kept", photo.path)
    assert library.look() == only(back=[photo.photo_id], gone=[inner_id])


def test_a_file_moved_to_a_place_that_a_gone_photo_holds(library, photo):
    other = library.write("b.jpg", "other content")
    library.look()
    gone_id = library.at("b.jpg").photo_id
    other.unlink()
    library.look()
    photo.path.rename(other)
    assert library.look() == only(moved=[photo.photo_id])
    assert library.at("b.jpg").photo_id == photo.photo_id
    assert library.state(gone_id) == "gone"  # and it may still come back elsewhere


def test_a_gone_file_lives_again_at_the_place_of_another_gone_one(library, photo, tmp_path):
    other = library.write("b.jpg", "other content")
    library.look()
    other.unlink()
    photo.path.rename(library.root / "not a photo")
    library.look()
    (library.root / "not a photo").rename(other)
    assert library.look() == only(moved=[photo.photo_id], back=[photo.photo_id])


def test_an_unsettled_file_is_neither_added_nor_gone(library, photo):
    library.write("new.jpg")
    assert library.look(is_written=lambda _path: True) == only()
    assert library.state(photo.photo_id) == "indexed"
    assert library.at("new.jpg") is None
    assert len(library.look().pending) == 1


def test_a_refused_listing_leaves_no_half(library):
    library.write("a.jpg")
    library.write("b.jpg")
    listing = list_directory(library.folder_id, str(library.root), "")
    twice = DirectoryListing(library.folder_id, "", (*listing.files, listing.files[0]))
    with pytest.raises(CatalogueError):  # the place is taken
        reconcile(library.catalogue, library.store, twice)
    assert library.catalogue.counts().total == 0
