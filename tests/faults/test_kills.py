# SPDX-License-Identifier: MIT
"""Killed at any moment, the program has lost at most the batch that was under way.

Each kill hits the real program while it takes in new, changed, moved, copied and deleted photos.
Afterwards the library is brought up to date by another start, which may read and embed again only
what was not in the databases; then all that is kept agrees with the disk.
"""

import hashlib
import itertools
import json
import os
import random
import shutil
import sqlite3
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import generated_weights
import pytest
from agreement import check
from campaign import size
from command_line import CommandLine
from drawn_photos import draw, draw_gallery, write
from killing import Kept, Victim
from open_library import OpenLibrary, query, wait_until
from phases import START, boundary

from gallery_search import settings
from gallery_search.catalogue import schema
from gallery_search.catalogue.database import open_database
from gallery_search.embedding import weights
from gallery_search.embedding.backbones import backbone
from gallery_search.embedding.openvino_embedder import OpenVinoEmbedder

pytestmark = [
    pytest.mark.skipif(os.name != "posix", reason="SIGKILL as POSIX has it"),
    pytest.mark.network_model,
    pytest.mark.timeout(900),
]

OTHER = "mobilenet-v3-small"
KILLS = size(20, 200)
PHOTOS = 120  # before the first kill
LIMIT_S = 20.0  # by then each phase was reached, or is not at this start
BATCH = 64  # photos that may be under way between the network and the disk

# Phases in which to kill, the shorter ones at their ends too.
AIMS = (
    START,
    "opening",
    "scanning",
    "comparing",
    "decoding",
    "embedding",
    "writing",
    "embeddings written",
    "building",
    "swapping",
    "backing up",
)


@dataclass
class Album:
    """A folder of photos that changes, and what is kept of it."""

    folder: Path
    rng: random.Random
    seeds: itertools.count = field(default_factory=lambda: itertools.count(10_000))
    taken_out: list[tuple[Path, Path]] = field(default_factory=list)

    def photos(self) -> list[Path]:
        return sorted(path for path in self.folder.rglob("*.jpg"))

    def change(self) -> None:
        """What a user and his programs do between two looks."""
        for place, photo in self.taken_out:
            place.rename(photo)
        self.taken_out.clear()
        chosen = self.rng.sample(self.photos(), 9)
        for number in range(self.rng.randint(8, 30)):
            self._new(self.folder / f"new-{next(self.seeds)}-{number}.jpg")
        for photo in chosen[:2]:
            self._new(photo)
        for photo in chosen[2:4]:
            directory = self.folder / f"moved-{self.rng.randrange(4)}"
            directory.mkdir(exist_ok=True)
            photo.rename(directory / f"{next(self.seeds)}.jpg")
        for photo in chosen[4:6]:
            shutil.copy2(photo, photo.with_name(f"copy-{next(self.seeds)}.jpg"))
        chosen[6].unlink()
        for photo in chosen[7:]:
            place = self.folder.parent / f"out-{photo.name}"
            photo.rename(place)
            self.taken_out.append((place, photo))

    def contents(self) -> set[bytes]:
        return {
            hashlib.blake2b(path.read_bytes(), digest_size=16).digest() for path in self.photos()
        }

    def _new(self, path: Path) -> None:
        write(path, draw(next(self.seeds), 32), age_s=self.rng.uniform(60, 10**8))


def _bring_up(root: Path, folder: Path) -> int:
    """Start, index all that is new, and end; how many photos were embedded."""
    with OpenLibrary(root, is_watching=False) as library:
        library.library.index([str(folder)])
        return library.library.tally.embedded


def test_killed_at_any_moment(tmp_path, library_root, ledger):
    rng = random.Random(4)
    root, album = library_root, Album(tmp_path / "photos", rng)
    draw_gallery(album.folder, PHOTOS, side_px=32)
    _bring_up(root, album.folder)
    entry = ledger.entry("kills")
    hits: Counter[str] = Counter()
    most_under_way = 0
    for number in range(KILLS):
        aim = AIMS[number % len(AIMS)]
        album.change()
        marks = tmp_path / f"marks-{number}"
        shutil.rmtree(root / "backups", ignore_errors=True)  # so that one is due
        before = Kept.of(root)
        victim = _kill(marks, aim, root, album.folder, rng)
        hits.update(victim.marks.under_way())

        kept = Kept.of(root)
        under_way = victim.marks.embedded - len(kept.contents - before.contents)
        most_under_way = max(most_under_way, under_way)
        assert under_way <= BATCH
        needed = album.contents() - kept.contents
        confirmed = kept.untouched() & kept.revisions.keys()

        embedded = _bring_up(root, album.folder)
        after = Kept.of(root)
        lost = [i for i in confirmed if after.revisions.get(i) != kept.revisions[i]]
        entry.faults += 1
        entry.at_risk += len(confirmed)
        entry.lost += len(lost)
        entry.repeated += max(0, embedded - len(needed))
        assert not lost, f"after a kill while {aim}"
        assert embedded == len(needed), f"after a kill while {aim}"
        assert not check(root, [album.folder], sample=4).problems, f"after a kill while {aim}"
        victim.wait_for_children()
        marks.unlink()
    entry.notes["hit while"] = ", ".join(f"{what} {times}" for what, times in hits.most_common())
    entry.notes["embedded but not yet written, at most"] = f"{most_under_way} photos"


def _kill(marks: Path, aim: str, root: Path, folder: Path, rng: random.Random) -> Victim:
    """Start the program, indexing or watching, and kill it in a phase or at an end of one."""
    arguments = ["--library", root, "index", folder] if rng.random() < 0.7 else ["watch", root]
    if aim == START:
        victim = Victim(marks, *arguments)
        victim.kill_when(lambda _: True, rng.uniform(0, 1.0), 0)
        return victim
    number = rng.randint(1, 8) if aim in ("decoding", "embedding") else 1 + (aim == "swapping")
    if aim == "swapping" or rng.random() < 0.5:  # that takes less than a millisecond
        moment = boundary(aim, number, is_end=rng.random() < 0.5)
        victim = Victim(marks, *arguments, moment=moment)
        victim.kill_when(lambda _: False, 0, LIMIT_S)
    else:
        victim = Victim(marks, *arguments)
        delay_s = 10 ** rng.uniform(-4, -0.5)
        victim.kill_when(lambda found: found.entered(aim) >= number, delay_s, LIMIT_S)
    return victim


# --- what is done now and then --------------------------------------------------------------------


@pytest.fixture(scope="module")
def template(tmp_path_factory, converted_models) -> Path:
    """An indexed library of drawn photos, and their folder beside it."""
    place = tmp_path_factory.mktemp("killed")
    draw_gallery(place / "photos", PHOTOS, side_px=32)
    shutil.copytree(converted_models, place / "library" / "models")
    _bring_up(place / "library", place / "photos")
    return place


@pytest.fixture
def indexed(template, tmp_path) -> Path:
    """A copy of that library; the photos are shared and must not be changed."""
    shutil.copytree(template / "library", tmp_path / "indexed")
    return tmp_path / "indexed"


def _kill_within(victim: Victim, phase: str, delay_s: float, number: int = 1) -> None:
    """Kill it that long after a phase was entered for the n-th time."""
    victim.kill_when(lambda marks: marks.entered(phase) >= number, delay_s, LIMIT_S)
    victim.wait_for_children()


def test_killed_while_photos_are_forgotten(template, tmp_path, ledger):
    """Whoever takes a folder out of the library finds nothing of its photos kept."""
    rng = random.Random(5)
    entry = ledger.entry("kills while forgetting")
    for number in range(size(3, 20)):
        root = tmp_path / f"library-{number}"
        shutil.copytree(template / "library", root)
        marks = tmp_path / f"marks-{number}"
        if number % 2:
            victim = Victim(marks, "remove", root)
            _kill_within(victim, "sweeping", 10 ** rng.uniform(-4, -1), 2)
        else:  # the catalogue has forgotten them, and nothing else has
            victim = Victim(marks, "remove", root, moment=boundary("sweeping", 2, is_end=False))
            _kill_within(victim, "sweeping", LIMIT_S, 3)
            assert query(root / "catalogue.db", "SELECT count(*) FROM photos") == [(0,)]
            assert Kept.of(root).contents
        with OpenLibrary(root) as library:
            library.wait_idle(0, timeout_s=60)
        assert query(root / "thumbnails.db", "SELECT count(*) FROM thumbnails") == [(0,)]
        assert not Kept.of(root).contents
        entry.faults += 1
        shutil.rmtree(root)


def test_killed_while_the_catalogue_is_migrated(tmp_path, ledger):
    rng = random.Random(6)
    photos = 20_000
    old = tmp_path / "old.db"
    database = open_database(old, schema.CATALOGUE[:1])
    with database.transaction():
        database.execute("INSERT INTO folders (path, display) VALUES (x'2f78', '/x')")
        database.executemany(
            "INSERT INTO photos (folder_id, directory, name, state, size_bytes, mtime_ns,"
            " sorted_at, content_hash) VALUES (1, x'', ?, 'indexed', 1, 1, ?, ?)",
            ((b"%d.jpg" % i, i, b"%016d" % i) for i in range(photos)),
        )
    database.close()
    before = query(old, "SELECT id, name, state, content_hash FROM photos ORDER BY id")
    entry = ledger.entry("kills while migrating")
    versions: Counter[int] = Counter()
    for number in range(size(4, 30)):
        root = tmp_path / f"library-{number}"
        root.mkdir()
        shutil.copy(old, root / "catalogue.db")
        victim = Victim(tmp_path / f"marks-{number}", "--library", root, "status")
        victim.kill_when(
            lambda marks: marks.entered("migrating") >= 1, 10 ** rng.uniform(-4, -0.3), LIMIT_S
        )
        catalogue = root / "catalogue.db"
        assert query(catalogue, "PRAGMA integrity_check") == [("ok",)]
        ((version,),) = query(catalogue, "PRAGMA user_version")
        assert 1 <= version <= len(schema.CATALOGUE)  # each migration is a commit of its own
        versions[version] += 1
        status = CommandLine(root).run("status", "--json")
        assert status.object["photos"] == photos
        assert query(catalogue, "PRAGMA user_version") == [(len(schema.CATALOGUE),)]
        rows = "SELECT id, name, state, content_hash FROM photos ORDER BY id"
        assert query(catalogue, rows) == before
        entry.faults += 1
        entry.at_risk += photos
        shutil.rmtree(root)
    entry.notes["found at version"] = ", ".join(f"{v}: {n}" for v, n in sorted(versions.items()))


def test_killed_while_a_network_is_prepared(template, tmp_path, ledger):
    """The next start prepares it again, and what was left half-written goes one day."""
    rng = random.Random(7)
    photo = next((template / "photos").iterdir())
    for number in range(size(1, 10)):
        root = tmp_path / f"library-{number}"
        shutil.copytree(template / "library", root, ignore=shutil.ignore_patterns("models"))
        (root / "models").mkdir()
        victim = Victim(tmp_path / f"marks-{number}", "--library", root, "search", photo)
        _kill_within(victim, "converting", rng.uniform(0, 8))
        left = list((root / "models").glob("new-*"))
        for file in left:
            os.utime(file, (0, 0))  # long ago
        cli = CommandLine(root)
        for _ in range(1 + bool(left)):
            found = cli.run("search", photo, "--json", timeout_s=300)
            assert found.object["results"][0]["path"] == str(photo), found.messages
        assert not list((root / "models").glob("new-*"))
        ledger.entry("kills while converting").faults += 1
        shutil.rmtree(root)


@pytest.fixture(scope="module")
def other_weights(tmp_path_factory) -> Path:
    """A file of generated weights for another network."""
    models = tmp_path_factory.mktemp("other")
    return generated_weights.write(backbone(OTHER), models)


def test_killed_while_weights_are_imported(indexed, other_weights, tmp_path, ledger):
    rng = random.Random(8)
    imported = ("backbones", "import", OTHER, other_weights)
    place = weights.folder(indexed / "models")
    for number in range(size(1, 10)):
        shutil.rmtree(place, ignore_errors=True)
        victim = Victim(tmp_path / f"marks-{number}", "--library", indexed, *imported)
        _kill_within(victim, "importing", rng.choice([0, 0.05, rng.uniform(0, 8)]))
        taken = place / other_weights.name
        assert not taken.exists() or taken.read_bytes() == other_weights.read_bytes()
        outcome = CommandLine(indexed).run(*imported, "--json")
        assert outcome.object["state"] == "ready", outcome.messages
        names = {path.name for path in place.iterdir()}
        assert names == {taken.name, f"{taken.name}.sha256"}
        ledger.entry("kills while importing weights").faults += 1


def test_killed_while_another_network_takes_over(indexed, other_weights, tmp_path, ledger):
    """What the other network has embedded stays, and it takes over at a later start."""
    rng = random.Random(9)
    entry = ledger.entry("kills while switching")
    folder = weights.folder(indexed / "models")
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy2(other_weights, folder)
    OpenVinoEmbedder(backbone(OTHER), indexed / "models").close()
    moments = [
        boundary("saving settings", 1, is_end=False),
        boundary("replacing a file", 1, is_end=False),
        boundary("saving settings", 1, is_end=True),
        *(boundary("embeddings written", n, is_end=n % 2 == 0) for n in (1, 2)),
        boundary("switching", 1, is_end=False),
        boundary("switching", 1, is_end=True),
    ]
    stored = f"SELECT photo_id, revision FROM embeddings WHERE backbone = '{OTHER}' AND is_live"
    kept: dict[int, int] = {}
    for number in range(size(4, 20)):
        if len(kept) == PHOTOS:  # begin anew
            connection = sqlite3.connect(indexed / "embeddings.db")
            connection.execute("DELETE FROM embeddings WHERE backbone = ?", (OTHER,))
            connection.commit()
            connection.close()
            settings.save(indexed / "settings.json", settings.Settings())
        moment = rng.choice(moments) if number % 2 else ""
        victim = Victim(tmp_path / f"marks-{number}", "use", indexed, OTHER, moment=moment)
        if moment:
            victim.kill_when(lambda marks: marks.left("switching") == 1, 0, LIMIT_S)
        else:
            count = rng.randint(1, 40)
            victim.kill_when(lambda marks, n=count: marks.embedded >= n, 0, LIMIT_S)
        victim.wait_for_children()
        assert json.loads((indexed / "settings.json").read_text())
        before, kept = kept, dict(query(indexed / "embeddings.db", stored))
        if len(before) < PHOTOS:
            assert before.items() <= kept.items()
        assert victim.marks.embedded - len(kept.keys() - before.keys()) <= BATCH
        entry.faults += 1
        entry.at_risk += len(kept)
    with OpenLibrary(indexed) as library:
        library.library.use_backbone(OTHER)
        library.wait_idle(PHOTOS, timeout_s=60)
        wait_until(lambda: library.library.backbone.name == OTHER)
        library.wait_idle(PHOTOS, timeout_s=60)
    after = dict(query(indexed / "embeddings.db", stored))
    entry.lost += len(kept.items() - after.items())
    assert kept.items() <= after.items()
    assert not check(indexed, [Path(_folder_of(indexed))], sample=4).problems


def _folder_of(root: Path) -> str:
    ((path,),) = query(root / "catalogue.db", "SELECT path FROM folders")
    return os.fsdecode(path)
