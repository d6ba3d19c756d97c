# SPDX-License-Identifier: MIT
"""What is seen of a directory, with real files."""

import os
import socket
import sys
import time

import pytest

from gallery_search.errors import FolderError
from gallery_search.pipeline.watching.listing import Rules, can_list, check_folder, list_directory

posix = pytest.mark.skipif(os.name != "posix", reason="needs a POSIX file system")
linux = pytest.mark.skipif(sys.platform != "linux", reason="file names need not be Unicode")


def make(path, age_s=100.0):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x" * 7)
    when = time.time() - age_s
    os.utime(path, (when, when))
    return path


def names(listing):
    return sorted(facts.name for facts in listing.files)


def test_photos_and_directories(tmp_path):
    for name in ("a.jpg", "B.JPEG", "c.heic", "notes.txt", "no_extension", "sub/d.jpg"):
        make(tmp_path / name)
    (tmp_path / "album.jpg").mkdir()
    listing = list_directory(3, str(tmp_path), "")
    assert (listing.folder_id, listing.directory) == (3, "")
    assert names(listing) == ["B.JPEG", "a.jpg", "c.heic"]
    assert sorted(listing.subdirectories) == ["album.jpg", "sub"]
    assert not listing.unsettled
    below = list_directory(3, str(tmp_path), "sub")
    status = (tmp_path / "sub/d.jpg").stat()
    (facts,) = below.files
    assert (facts.size_bytes, facts.mtime_ns) == (7, status.st_mtime_ns)
    assert facts.file_id == f"{status.st_dev}:{status.st_ino}"


def test_hidden_and_foreign_directories_are_left_out(tmp_path):
    for name in (".a.jpg", "._b.jpg", ".hidden/a.jpg", "@eaDir/a.jpg", "#recycle/a.jpg",
                 "$RECYCLE.BIN/a.jpg", "lost+found/a.jpg", "__MACOSX/a.jpg"):  # fmt: skip
        make(tmp_path / name)
    listing = list_directory(1, str(tmp_path), "")
    assert (listing.files, listing.subdirectories, listing.unsettled) == ((), (), frozenset())


@posix
def test_links_to_directories_and_loops_are_not_followed(tmp_path):
    make(tmp_path / "real/a.jpg")
    (tmp_path / "link").symlink_to("real")
    (tmp_path / "real/loop").symlink_to("..")
    (tmp_path / "album.jpg").symlink_to("real")
    (tmp_path / "photo.jpg").symlink_to("real/a.jpg")
    (tmp_path / "broken.jpg").symlink_to("nowhere")
    listing = list_directory(1, str(tmp_path), "")
    assert listing.subdirectories == ("real",)
    assert names(listing) == ["photo.jpg"]
    assert list_directory(1, str(tmp_path), "real").subdirectories == ()
    # A look that was asked for before a directory gave way to a link:
    for directory in ("link", "real/loop", "real/loop/real"):
        with pytest.raises(NotADirectoryError):
            list_directory(1, str(tmp_path), directory)


@posix
def test_only_regular_files_are_photos(tmp_path):
    os.mkfifo(tmp_path / "fifo.jpg")
    with socket.socket(socket.AF_UNIX) as server:
        directory = os.open(tmp_path, os.O_RDONLY)
        try:
            server.bind(f"/proc/self/fd/{directory}/socket.jpg" if sys.platform == "linux"
                        else str(tmp_path / "socket.jpg"))  # fmt: skip
        finally:
            os.close(directory)
        listing = list_directory(1, str(tmp_path), "")
    assert not listing.files
    assert not listing.unsettled


def test_a_file_that_changed_just_now_is_not_settled(tmp_path):
    make(tmp_path / "new.jpg", age_s=0)
    make(tmp_path / "future.jpg", age_s=-3600)
    make(tmp_path / "old.jpg")
    listing = list_directory(1, str(tmp_path), "")
    assert names(listing) == ["future.jpg", "old.jpg"]
    assert listing.unsettled == {"new.jpg"}


def test_a_file_that_is_being_written_is_not_settled(tmp_path):
    path = str(make(tmp_path / "sub/a.jpg"))
    rules = Rules(is_being_written=lambda p: p == path)
    listing = list_directory(1, str(tmp_path), "sub", rules)
    assert (listing.files, listing.unsettled) == ((), {"a.jpg"})


@linux
def test_names_that_are_no_unicode(tmp_path):
    odd = [b"caf\xe9.jpg", b"line\nbreak.jpg", b"\xff" * 251 + b".jpg"]
    for name in odd:
        path = os.path.join(os.fsencode(tmp_path), b"d\xff", name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb"):
            os.utime(path, (1000, 1000))
    (directory,) = list_directory(1, str(tmp_path), "").subdirectories
    listing = list_directory(1, str(tmp_path), directory)
    assert sorted(os.fsencode(facts.name) for facts in listing.files) == sorted(odd)
    assert list_directory(1, str(tmp_path), directory).files == listing.files


@linux
def test_a_time_beyond_64_bits(tmp_path):
    path = make(tmp_path / "a.jpg")
    os.utime(path, (12_000_000_000, 12_000_000_000))
    if path.stat().st_mtime_ns < 2**63:
        pytest.skip("this file system knows no such times")
    (facts,) = list_directory(1, str(tmp_path), "").files
    assert facts.mtime_ns == 2**63 - 1


def test_what_cannot_be_listed(tmp_path):
    make(tmp_path / "a.jpg")
    with pytest.raises(FileNotFoundError):
        list_directory(1, str(tmp_path), "missing")
    assert can_list(str(tmp_path))
    assert not can_list(str(tmp_path / "missing"))
    assert not can_list(str(tmp_path / "a.jpg"))


def test_folders_that_cannot_be_watched_get_a_sentence(tmp_path):
    make(tmp_path / "a.jpg")
    with pytest.raises(FolderError, match=r"does not exist\. Check its name"):
        check_folder(str(tmp_path / "missing"))
    with pytest.raises(FolderError, match=r"is not a folder\. Choose the folder it lies in"):
        check_folder(str(tmp_path / "a.jpg"))


@posix
def test_the_real_folder_is_watched(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    (tmp_path / "loop").symlink_to("loop")
    assert check_folder(str(tmp_path / "link/")) == str(tmp_path.resolve() / "real")
    with pytest.raises(FolderError, match="cannot be read"):
        check_folder(str(tmp_path / "loop"))


@posix
def test_a_folder_without_permission(tmp_path):
    (tmp_path / "closed").mkdir(mode=0)
    if os.access(tmp_path / "closed", os.R_OK):
        pytest.skip("permissions do not bind this user")
    with pytest.raises(FolderError, match="Check its permissions"):
        check_folder(str(tmp_path / "closed"))
