# SPDX-License-Identifier: MIT
"""Killed while photos are known by their preview, the program reads the rest of them later.

The photos are real HEIC files with a thumbnail, and so this needs the folder beside the project.
"""

import os
import shutil
import struct
from pathlib import Path

import pytest
from agreement import check
from campaign import size
from killing import Kept, Victim
from open_library import OpenLibrary, query
from phases import boundary

pytestmark = [
    pytest.mark.skipif(os.name != "posix", reason="SIGKILL as POSIX has it"),
    pytest.mark.network_model,
    pytest.mark.timeout(900),
]

HEIF = Path(__file__).parents[3] / "shared" / "formats" / "heif"
PHOTOS = 8
LIMIT_S = 120.0


@pytest.fixture
def folder(tmp_path) -> Path:
    """Photos of different content that look the same: a box that nobody reads tells them apart."""
    for name in ("arrow.heic", "aux_YCbCr.heic"):
        if not (HEIF / name).is_file():
            pytest.skip(f"{HEIF / name} is not here")
    place = tmp_path / "photos"
    place.mkdir()
    for number in range(PHOTOS):
        original = HEIF / ("aux_YCbCr.heic" if number % 4 == 3 else "arrow.heic")
        other = struct.pack(">I4sI", 12, b"free", number)
        (place / f"{number}.heic").write_bytes(original.read_bytes() + other)
    return place


# (phase, which time, its end): before and after what previews gave is written down, in either
# database, while whole photos are read, and while these are written down.
MOMENTS = (
    ("embeddings written", 1, True),
    ("writing", 1, True),
    ("decoding", PHOTOS + 2, True),
    ("embeddings written", 2, True),
    ("writing", 2, True),
    ("embedding", 3, False),
)


def _marked(root: Path) -> set[int]:
    """The photos that the catalogue knows by their preview."""
    return _ids(root / "catalogue.db", "SELECT id FROM photos WHERE is_preview")


def _of_previews(root: Path) -> set[int]:
    """The photos whose stored embedding is that of their preview."""
    sql = "SELECT photo_id FROM embeddings WHERE is_preview AND is_live"
    return _ids(root / "embeddings.db", sql)


def _ids(database: Path, sql: str) -> set[int]:
    return {photo_id for (photo_id,) in query(database, sql)}


def test_killed_between_the_passes(folder, library_root, tmp_path, ledger):
    entry = ledger.entry("kills between a preview and its photo")
    most_marked = 0
    for number in range(size(len(MOMENTS), 3 * len(MOMENTS))):
        root = tmp_path / f"library-{number}"
        shutil.copytree(library_root, root)
        phase, times, is_end = MOMENTS[number % len(MOMENTS)]
        victim = Victim(
            tmp_path / f"marks-{number}", "--library", root, "index", folder,
            moment=boundary(phase, times, is_end=is_end),
        )  # fmt: skip
        victim.kill_when(lambda _: False, 0, LIMIT_S)
        victim.wait_for_children()
        kept, marked = Kept.of(root), _marked(root)
        whole = kept.indexed.keys() - marked
        assert not whole & _of_previews(root), f"after a kill at {phase} {times}"
        most_marked = max(most_marked, len(marked))

        with OpenLibrary(root, is_watching=False) as library:
            library.library.index([str(folder)])
            assert library.library.tally.refined <= PHOTOS - len(whole)
        after = Kept.of(root)
        lost = [i for i in whole if after.revisions[i] != kept.revisions[i]]
        entry.faults += 1
        entry.at_risk += len(whole)
        entry.lost += len(lost)
        assert not lost, f"read again after a kill at {phase} {times}"
        assert not _marked(root) | _of_previews(root)
        assert len(after.indexed) == PHOTOS
        assert not check(root, [folder], sample=3).problems
        shutil.rmtree(root)
    assert most_marked > 0
    entry.notes["known by their preview when killed, at most"] = f"{most_marked} photos"
