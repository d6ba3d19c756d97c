# SPDX-License-Identifier: MIT
"""A power cut at any moment: what the program has said to be indexed is on the disk by then."""

import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from campaign import Ledger, size
from drawn_photos import draw_gallery, listing
from io_shim import IoShim, Record
from open_library import OpenLibrary, assert_intact, query
from power_cut import Disk

from gallery_search import settings
from gallery_search.index import manifest
from gallery_search.pipeline.library import Library

PHOTOS = 240
_PROGRAM = Path(__file__).with_name("confirming_program.py")


class Recorded:
    """A run of the program with everything that it did to the disk."""

    def __init__(self, folder: Path, records: list[Record]) -> None:
        self.root = folder / "library"
        self.photos = folder / "photos"
        self.records = records
        self._confirmations = str(self.root / "confirmed.txt")

    def confirmed(self, record: Record) -> list[int]:
        """The photos that this record tells the user of."""
        if record.path != self._confirmations or record.operation != "write":
            return []
        return [int(word) for word in record.data.split() if word.isdigit()]


@pytest.fixture(scope="module")
def recorded(tmp_path_factory, converted_models: Path) -> Recorded:
    folder = tmp_path_factory.mktemp("power")
    root = folder / "library"
    root.mkdir()
    shutil.copytree(converted_models, folder / "models")
    (root / "models").symlink_to(folder / "models")
    draw_gallery(folder / "photos", PHOTOS, side_px=96)
    (folder / "build").mkdir()
    shim = IoShim(folder / "build", root)
    with (root / "confirmed.txt").open("wb") as output:
        subprocess.run(
            [sys.executable, _PROGRAM, root, folder / "photos", str(PHOTOS)],
            env=shim.environment(is_logging=True),
            stdout=output,
            check=True,
            timeout=300,
        )
    records = list(shim.records())
    recorded = Recorded(folder, records)
    assert sum(len(recorded.confirmed(record)) for record in records) == PHOTOS
    return recorded


def test_what_is_confirmed_was_synced_before(recorded: Recorded) -> None:
    """Embeddings first, then the catalogue, then the user is told."""
    disk = Disk()
    embeddings, catalogue = (
        str(recorded.root / f"{name}.db-wal") for name in ("embeddings", "catalogue")
    )
    batches, since = 0, []
    for record in recorded.records:
        if recorded.confirmed(record):
            batches += 1
            assert disk.is_synced(embeddings)
            assert disk.is_synced(catalogue)
            steps = [r for r in since if r.path in (embeddings, catalogue)]
            order = [(os.path.basename(r.path)[0], r.operation[0]) for r in steps]
            last = max(i for i, step in enumerate(order) if step == ("e", "w"))
            assert ("e", "s") in order[last:]
            synced = last + order[last:].index(("e", "s"))
            assert ("c", "w") in order[synced:]
            assert order[-1] == ("c", "s")
            since = []
        disk.take(record)
        since.append(record)
    assert batches >= 3


def test_settings_are_on_the_disk_before_they_get_their_name(recorded: Recorded) -> None:
    disk = Disk()
    place = str(recorded.root / "settings.json")
    renamed = 0
    for number, record in enumerate(recorded.records):
        if record.operation == "rename" and os.fsdecode(record.data) == place:
            renamed += 1
            before = [r.operation for r in recorded.records[:number] if r.path == record.path]
            assert before[-1] == "sync"
            after = recorded.records[number + 1 :]
            folder_synced = next(r for r in after if r.operation == "sync")
            assert folder_synced.path == str(recorded.root)
        disk.take(record)
    assert renamed >= 2
    assert disk.is_synced(place)


_BUILD = """
import sys, numpy as np
from pathlib import Path
from gallery_search.index import build
rows = np.random.default_rng(1).normal(size=(400, 32)).astype(np.float32)
rows /= np.linalg.norm(rows, axis=1, keepdims=True)
key = {"backbone": "b", "recipe": 1, "dimension": 32, "revision": 1}
build.build(Path(sys.argv[1]), rows=[(np.arange(400), rows)], count=400, **key)
"""


def test_an_index_is_on_the_disk_before_the_manifest_names_it(tmp_path: Path) -> None:
    shim = IoShim(tmp_path, tmp_path / "index")
    environment = shim.environment(is_logging=True)
    for _ in range(2):
        command = [sys.executable, "-c", _BUILD, tmp_path / "index"]
        subprocess.run(command, env=environment, check=True, timeout=120)
    records = list(shim.records())
    renamings = [i for i, record in enumerate(records) if record.operation == "rename"]
    named = [os.path.basename(os.fsdecode(records[i].data)) for i in renamings]
    assert len(named) == 2 * (len(manifest.PARTS) + 1)
    assert [i for i, name in enumerate(named) if name == "manifest.json"] == [4, 9]
    for i in renamings:
        assert ("sync", records[i].path) in [(r.operation, r.path) for r in records[:i]]
        following = next(r for r in records[i:] if r.operation != "rename")
        assert (following.operation, following.path) == ("sync", str(tmp_path / "index"))
    # The files of the first build are deleted only after the second has taken its place.
    deleted = [i for i, record in enumerate(records) if record.operation == "unlink"]
    assert deleted
    assert min(deleted) > renamings[-1]


def test_no_cut_loses_what_was_confirmed(
    recorded: Recorded, tmp_path: Path, ledger: Ledger
) -> None:
    """At each of the moments chosen, whatever has reached the disk of what was not synced."""
    chance = random.Random(2026)
    entry = ledger.entry("power cuts")
    # Wherever something happens to the databases, and a few right after a confirmation.
    told = [i + 1 for i, record in enumerate(recorded.records) if recorded.confirmed(record)]
    cuts = sorted(chance.choices(range(1, len(recorded.records)), k=size(36, 360)) + told)
    disk, confirmed, done = Disk(), set(), 0
    for cut in cuts:
        for record in recorded.records[done:cut]:
            disk.take(record)
            confirmed.update(recorded.confirmed(record))
        done = cut
        root = tmp_path / "library"
        root.mkdir()
        disk.after_a_cut(chance, str(recorded.root), root)
        for shared_memory in root.glob("*.db-shm"):  # it is never synced: it may hold anything
            shared_memory.write_bytes(chance.randbytes(32 << 10))
        Library(root, is_indexing=False, is_watching=False).close()
        for name in ("catalogue.db", "embeddings.db", "thumbnails.db"):
            assert query(root / name, "PRAGMA integrity_check") == [("ok",)], (cut, name)
        indexed = query(root / "catalogue.db", "SELECT id FROM photos WHERE state = 'indexed'")
        live = query(root / "embeddings.db", "SELECT photo_id FROM embeddings WHERE is_live")
        kept = {photo_id for (photo_id,) in indexed} & {photo_id for (photo_id,) in live}
        assert {photo_id for (photo_id,) in indexed} <= {photo_id for (photo_id,) in live}
        assert isinstance(settings.load(root / "settings.json"), settings.Settings)
        assert not (root / "settings.json.bad").exists()
        entry.faults += 1
        entry.at_risk += len(confirmed)
        entry.lost += len(confirmed - kept)
        assert confirmed <= kept, cut
        shutil.rmtree(root)


def test_after_a_cut_indexing_goes_on_where_it_was(
    recorded: Recorded, tmp_path: Path, converted_models: Path
) -> None:
    chance = random.Random(7)
    told = [i + 1 for i, record in enumerate(recorded.records) if recorded.confirmed(record)]
    disk = Disk()
    for record in recorded.records[: told[len(told) // 2]]:
        disk.take(record)
    root = tmp_path / "library"
    shutil.copytree(converted_models, root / "models")
    disk.after_a_cut(chance, str(recorded.root), root)
    before = dict(query(root / "embeddings.db", "SELECT photo_id, revision FROM embeddings"))
    photos_before = listing(recorded.photos)
    with OpenLibrary(root) as library:
        library.wait_idle(PHOTOS, timeout_s=60)
        photo = recorded.photos / "photo-0003.jpg"
        assert library.search(photo).hits[0].path == str(photo)
    assert_intact(root)
    after = dict(query(root / "embeddings.db", "SELECT photo_id, revision FROM embeddings"))
    assert {photo_id: after[photo_id] for photo_id in before} == before
    assert listing(recorded.photos) == photos_before
