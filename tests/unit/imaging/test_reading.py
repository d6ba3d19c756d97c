# SPDX-License-Identifier: MIT
import os
import sys

import pytest

from gallery_search.errors import ImageUnreadableError
from gallery_search.imaging import limits
from gallery_search.imaging.reading import read_source
from gallery_search.records import BytesSource, PathSource

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="POSIX files")


def failure_of(path) -> ImageUnreadableError:
    with pytest.raises(ImageUnreadableError) as caught:
        read_source(PathSource(str(path)))
    return caught.value


def test_a_file_is_read_with_its_size_and_time(tmp_path, scene, encode):
    path = tmp_path / "a.jpg"
    path.write_bytes(encode(scene, "PNG"))
    os.utime(path, ns=(5, 1_700_000_000_123_456_700))
    encoded = read_source(PathSource(str(path)))
    assert encoded.data == path.read_bytes()
    assert encoded.image_format == "PNG"
    assert encoded.size_bytes == path.stat().st_size
    assert encoded.mtime_ns == path.stat().st_mtime_ns


@posix_only
@pytest.mark.timeout(10)
def test_special_files_do_not_block(tmp_path):
    os.mkfifo(tmp_path / "pipe.jpg")
    assert str(failure_of(tmp_path / "pipe.jpg")) == "This is not an ordinary file."
    os.symlink(tmp_path / "pipe.jpg", tmp_path / "link.jpg")
    assert str(failure_of(tmp_path / "link.jpg")) == "This is not an ordinary file."
    assert str(failure_of("/dev/zero")) == "This is not an ordinary file."


def test_a_folder(tmp_path):
    assert str(failure_of(tmp_path)) == "This is a folder, not an image."


def test_a_missing_file_is_transient(tmp_path):
    error = failure_of(tmp_path / "gone.jpg")
    assert str(error) == "The file does not exist."
    assert error.is_transient


@pytest.mark.parametrize("name", ["nul\0.jpg", "\ud800.jpg"])
def test_names_that_no_file_can_have(name):
    assert str(failure_of(name)) in ("No file can have this name.", "The file does not exist.")


@posix_only
def test_a_link_to_itself(tmp_path):
    os.symlink(tmp_path / "a.jpg", tmp_path / "a.jpg")
    assert str(failure_of(tmp_path / "a.jpg")) == "The file is a link that leads nowhere."


@posix_only
def test_permission_denied_is_transient(tmp_path):
    path = tmp_path / "a.jpg"
    path.write_bytes(b"\xff\xd8\xff")
    path.chmod(0)
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)  # root may read everything
    try:
        error = failure_of(path)
    finally:
        os.seteuid(user)
    assert str(error) == "The file may not be read: permission denied."
    assert error.is_transient


def test_an_empty_file(tmp_path):
    (tmp_path / "a.jpg").touch()
    error = failure_of(tmp_path / "a.jpg")
    assert str(error) == "The file is empty."
    assert not error.is_transient


def test_a_text_is_no_image():
    with pytest.raises(ImageUnreadableError, match="not an image in a format that the program"):
        read_source(BytesSource(b"<html>", "Pasted image"))


@posix_only
def test_a_file_that_is_too_large_is_not_read(tmp_path):
    path = tmp_path / "a.tif"
    path.write_bytes(b"II*\0")
    os.truncate(path, limits.MAX_FILE_BYTES + 1)  # sparse: takes no room
    assert str(failure_of(path)) == "The file is too large: 1.0 GiB; the limit is 1 GiB."
