# SPDX-License-Identifier: MIT
"""Any byte of the databases changed or cut: what is found, what is mended, what is lost."""

import contextlib
import shutil

import numpy as np
import pytest
from campaign import size
from file_damage import harm
from kept_library import PHOTOS, KeptLibrary, rows
from open_library import OpenLibrary, assert_intact, query

from gallery_search.catalogue import recovery
from gallery_search.catalogue.embeddings import EmbeddingStore
from gallery_search.catalogue.photos import Catalogue
from gallery_search.catalogue.thumbnails import ThumbnailStore
from gallery_search.embedding.backbones import BACKBONES
from gallery_search.errors import CatalogueTooNewError
from gallery_search.paths import LibraryPaths

LITE0 = BACKBONES[0]
MUTATIONS = size(1000, 10_000) // 5
OPENED = size(5, 50)  # of these, in the whole program


class Bench:
    """The kept library's databases, copied anew for each damage."""

    def __init__(self, template, folder):
        self.paths = LibraryPaths(folder)
        self._template = template.paths
        self.rows = rows(template)
        with contextlib.closing(self.store(template.paths)) as store:
            self.embeddings = self._read(store)
            self.ids = sorted(self.embeddings)
        with contextlib.closing(ThumbnailStore.open(template.paths.thumbnails)) as thumbnails:
            self.thumbnails = {i: thumbnails.get(i) for i in self.ids}
        assert len(self.ids) == PHOTOS
        assert all(self.thumbnails.values())

    @staticmethod
    def store(paths):
        return EmbeddingStore.open(paths.embeddings, LITE0.name, LITE0.recipe)

    def harm(self, name, number):
        shutil.rmtree(self.paths.root, ignore_errors=True)
        self.paths.backups.mkdir(parents=True)
        for path in self._template.backups.glob("catalogue-*.db"):
            shutil.copyfile(path, self.paths.backups / path.name)
        for path in self._template.root.glob("*.db"):
            shutil.copyfile(path, self.paths.root / path.name)
        return harm(self.paths.root / name, number)

    def photos(self):
        """Names and content of the photos that the catalogue has."""
        found = query(
            self.paths.catalogue, "SELECT name, content_hash FROM photos WHERE state = 'indexed'"
        )
        return dict(found)

    @staticmethod
    def _read(store):
        return {
            int(i): row.tobytes()
            for stored in store.live_by_id()
            for i, row in zip(stored.photo_ids, stored.embeddings, strict=True)
        }

    def read_embeddings(self):
        with contextlib.closing(self.store(self.paths)) as store:
            return self._read(store)


@pytest.fixture
def bench(kept_template, tmp_path):
    return Bench(kept_template, tmp_path / "bench")


def test_any_damage_to_the_catalogue(bench, ledger):
    """It is opened as it was, or its backup is; a photo that the backup had is never lost."""
    expected = {row[1]: row[5] for row in bench.rows}
    noticed = unnoticed = refused = 0
    entry = ledger.entry("damaged catalogues")
    for number in range(MUTATIONS):
        how = bench.harm("catalogue.db", number)
        damaged = bench.paths.catalogue.read_bytes()
        try:
            told = recovery.mend(bench.paths)
        except CatalogueTooNewError:  # the changed byte was the version
            refused += 1
            assert bench.paths.catalogue.read_bytes() == damaged
            continue
        Catalogue.open(bench.paths.catalogue).close()
        assert query(bench.paths.catalogue, "PRAGMA integrity_check") == [("ok",)], (number, how)
        entry.lost += len(expected.items() - bench.photos().items())
        if told:
            noticed += 1
            (aside,) = bench.paths.root.glob("catalogue-damaged-*.db")
            assert aside.read_bytes() == damaged
            assert rows(bench) == bench.rows
        else:
            unnoticed += rows(bench) != bench.rows
    entry.faults += MUTATIONS
    entry.at_risk += MUTATIONS * PHOTOS
    entry.notes["put back"] = f"{noticed} of {MUTATIONS}"
    entry.notes["refused as newer"] = str(refused)
    entry.notes["with one changed value"] = str(unnoticed)  # sizes and times, until the next scan
    assert entry.lost == 0
    assert refused < MUTATIONS / 20 + 2


def test_any_damage_to_the_log_of_a_catalogue_that_was_killed(kept, tmp_path, ledger):
    """What was committed before the damaged place stays, and so does all else."""
    catalogue = Catalogue.open(kept.paths.catalogue)
    for number in range(20):
        with catalogue.transaction():
            catalogue.add_folder(f"/folder/{number}")
    root = tmp_path / "killed"
    log = root / "catalogue.db-wal"
    expected = rows(kept)
    for number in range(MUTATIONS // 4):
        shutil.rmtree(root, ignore_errors=True)
        root.mkdir()
        for path in kept.root.glob("catalogue.db*"):
            shutil.copyfile(path, root / path.name)
        shutil.copytree(kept.paths.backups, root / "backups")
        harm(log, number)
        paths = LibraryPaths(root)
        try:
            told = recovery.mend(paths)
        except CatalogueTooNewError:
            continue
        Catalogue.open(paths.catalogue).close()
        assert query(paths.catalogue, "PRAGMA integrity_check") == [("ok",)]
        assert told or rows(KeptLibrary(kept.folder, kept.photos, root)) == expected
        assert 1 <= query(paths.catalogue, "SELECT count(*) FROM folders")[0][0] <= 21
    catalogue.close()
    ledger.entry("damaged logs").faults += MUTATIONS // 4


def test_any_damage_to_the_embeddings(bench, ledger):
    """What is read is as it was written, or is nothing."""
    saved = []
    for number in range(MUTATIONS):
        how = bench.harm("embeddings.db", number)
        try:
            recovery.mend(bench.paths)
        except CatalogueTooNewError:
            continue
        found = bench.read_embeddings()
        nothing = bytes(2 * LITE0.dimension)
        for photo_id, embedding in found.items():
            expected = bench.embeddings.get(photo_id)
            assert embedding in (expected, nothing), (number, how, photo_id)
        saved.append(sum(found.get(i) == e for i, e in bench.embeddings.items()))
        with contextlib.closing(bench.store(bench.paths)) as store:
            damaged = set(store.damaged_ids())
            assert damaged >= {i for i, e in found.items() if e == nothing}
            for photo_id in bench.ids:
                embedding = store.get(photo_id)
                if embedding is not None:
                    expected = np.frombuffer(bench.embeddings[photo_id], "<f2")
                    np.testing.assert_array_equal(embedding, expected.astype(np.float32))
    entry = ledger.entry("damaged embeddings")
    entry.faults += MUTATIONS
    entry.at_risk += MUTATIONS * PHOTOS
    entry.notes["saved"] = f"{sum(saved) / (len(saved) * PHOTOS):.1%}"
    assert np.mean(saved) > 0.8 * PHOTOS


def test_any_damage_to_the_thumbnails(bench, ledger):
    saved = []
    for number in range(MUTATIONS):
        how = bench.harm("thumbnails.db", number)
        try:
            recovery.mend(bench.paths)
        except CatalogueTooNewError:
            continue
        with contextlib.closing(ThumbnailStore.open(bench.paths.thumbnails)) as store:
            found = {i: store.get(i) for i in bench.ids}
        for photo_id, jpeg in found.items():
            assert jpeg in (None, bench.thumbnails[photo_id]), (number, how)
        saved.append(sum(jpeg is not None for jpeg in found.values()))
    entry = ledger.entry("damaged thumbnails")
    entry.faults += MUTATIONS
    entry.notes["saved"] = f"{sum(saved) / (len(saved) * PHOTOS):.1%}"
    assert np.mean(saved) > 0.8 * PHOTOS


@pytest.mark.timeout(max(120, OPENED * 20))
def test_with_any_damage_the_program_comes_to_the_same_state(kept_template, tmp_path, ledger):
    """All photos are found again, and none of what can be read is embedded anew."""
    entry = ledger.entry("libraries with damage")
    for number in range(OPENED):
        kept = type(kept_template)(
            kept_template.folder, kept_template.photos, tmp_path / f"library-{number}"
        )
        shutil.copytree(kept_template.root, kept.root)
        expected = rows(kept)
        for name in ("catalogue.db", "embeddings.db", "thumbnails.db"):
            harm(kept.root / name, number + 5000)
        try:
            opened = OpenLibrary(kept.root)
        except CatalogueTooNewError:
            continue
        with opened:
            opened.library.take_care()
            opened.wait_idle(PHOTOS)
            for path in kept.photos[:: PHOTOS // 6]:
                assert opened.search(path).hits[0].path == str(path)
            for photo_id in opened.paths().values():
                if opened.thumbnail(photo_id) is None:
                    opened.events.wait_for(
                        lambda events, i=photo_id: any(
                            i in getattr(event, "changed", ()) for event in events
                        )
                    )
                    assert opened.thumbnail(photo_id)
        assert_intact(kept.root)
        entry.faults += 3
        entry.at_risk += PHOTOS
        entry.lost += len({row[1] for row in expected} - {row[1] for row in rows(kept)})
        shutil.rmtree(kept.root)
    assert entry.lost == 0
