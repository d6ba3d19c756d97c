# SPDX-License-Identifier: MIT
"""Readers of photos that crash, hang or cannot be started, as real processes."""

import os
import sys

import pytest

from gallery_search.errors import ChildError, ImageUnreadableError
from gallery_search.experiments import copier_pool
from gallery_search.experiments.copier_pool import CopierPool

OPEN_FILES = "/dev/fd"


@pytest.fixture
def pool():
    pool = CopierPool(1)
    yield pool
    pool.close()


def problem(pool, path):
    with pytest.raises(ImageUnreadableError) as caught:
        pool.pictures(str(path), 64, [""], 0).result()
    return str(caught.value)


@pytest.mark.skipif(not os.path.isdir(OPEN_FILES), reason="counts open files")
def test_a_reader_that_crashes_leaves_no_open_files(pool, tmp_path, monkeypatch):
    monkeypatch.setattr(copier_pool, "_MODULE", "gallery_search.experiments.nothing")
    before = len(os.listdir(OPEN_FILES))
    for _ in range(2):
        assert "made the reader stop" in problem(pool, tmp_path / "a.jpg")
    assert len(os.listdir(OPEN_FILES)) == before


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a pipe that nobody writes hangs its reader")
def test_a_reader_that_hangs_leaves_no_open_files(pool, tmp_path, monkeypatch):
    os.mkfifo(tmp_path / "a.jpg")
    monkeypatch.setattr(copier_pool, "_TIMEOUT_S", 0.1)
    before = len(os.listdir(OPEN_FILES))
    assert "took longer" in problem(pool, tmp_path / "a.jpg")
    assert len(os.listdir(OPEN_FILES)) == before


def test_a_reader_that_is_not_started_is_not_the_photos_fault(pool, tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "executable", str(tmp_path / "nothing"))
    with pytest.raises(ChildError, match="start the experiment again"):
        pool.pictures(str(tmp_path / "a.jpg"), 64, [""], 0).result()
