# SPDX-License-Identifier: MIT
"""A real disk that fills up: indexing waits and says why, searches go on, nothing is lost."""

import json
import logging
import os
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from campaign import Ledger, size
from command_line import CommandLine, is_sentence
from drawn_photos import draw, draw_gallery, edited_copy, write
from open_library import OpenLibrary, assert_intact, revisions, wait_until
from small_disk import SmallDisk, small_disk

from gallery_search import settings
from gallery_search.catalogue.embeddings import EmbeddingStore
from gallery_search.embedding import measurements
from gallery_search.embedding.backbones import BACKBONES
from gallery_search.embedding.measurements import Measurement
from gallery_search.index import manifest
from gallery_search.pipeline import guard, preferences
from gallery_search.pipeline.backbones import network
from gallery_search.pipeline.storing.index_builder import IndexBuilder
from gallery_search.pipeline.storing.shelf import Shelf

PHOTOS = 20
DISK_BYTES = 8 << 20


@pytest.fixture(autouse=True)
def short_waits(monkeypatch) -> None:
    """Between two tries."""
    monkeypatch.setattr(guard, "RETRY_S", 0.2)
    monkeypatch.setattr(preferences, "_RETRY_S", 0.2)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(tmp_path / "disk", DISK_BYTES) as disk:
        yield disk


@pytest.fixture
def root(disk: SmallDisk, tmp_path: Path, converted_models: Path) -> Path:
    """A library on the small disk; its converted network, which is larger, is on another."""
    shutil.copytree(converted_models, tmp_path / "models")
    root = disk.folder / "library"
    root.mkdir()
    (root / "models").symlink_to(tmp_path / "models")
    return root


def tries(monkeypatch) -> list[None]:
    """Gets longer with each new try to write."""
    made: list[None] = []
    real = Shelf.check_locks

    def count(shelf: Shelf) -> None:
        made.append(None)
        real(shelf)

    monkeypatch.setattr(Shelf, "check_locks", count)
    return made


def assert_searches_go_on(library: OpenLibrary, photos: list[Path], elsewhere: Path) -> None:
    """By a photo, by its id, by an image that needs the network; rows and thumbnails, too."""
    copy = edited_copy(photos[3], elsewhere / "query.jpg")
    assert library.search(copy, timeout_s=10).hits[0].path == str(photos[3])
    known = library.paths()
    answer = library.similar(known[str(photos[5])])
    assert answer.hits[0].path == str(photos[5])
    assert library.thumbnail(known[str(photos[5])]) is not None


def test_a_full_disk_holds_indexing_up_until_there_is_room(
    disk: SmallDisk, root: Path, tmp_path: Path, monkeypatch, capfd
) -> None:
    made_tries = tries(monkeypatch)
    photos = draw_gallery(tmp_path / "photos", PHOTOS)
    with OpenLibrary(root) as library:
        library.add(tmp_path / "photos")
        library.wait_idle(PHOTOS)
        before = revisions(root)
        disk.fill()

        more = draw_gallery(tmp_path / "photos" / "more", PHOTOS, first_seed=100)
        waiting = library.wait_progress(lambda progress: progress.problem is not None)
        assert waiting.problem == f"The disk of {root} is full. Make some room on it."
        assert waiting.seconds_left is None
        library.library.pause()  # kept in mind, though it cannot be written down
        library.library.resume()
        library.add(draw_gallery(tmp_path / "others", 3, first_seed=200)[0].parent)
        so_far = len(made_tries)
        wait_until(lambda: len(made_tries) >= so_far + 5)
        assert library.notices == [f"{waiting.problem} Indexing then goes on by itself."]
        assert_searches_go_on(library, photos, tmp_path)
        assert library.progress.problem == waiting.problem

        disk.empty()
        library.wait_idle(2 * PHOTOS + 3)
        assert len(library.notices) == 1
        assert library.failures() == []
        assert library.search(more[7]).hits[0].path == str(more[7])
    assert_intact(root)
    after = revisions(root)
    assert {photo_id: after[photo_id] for photo_id in before} == before  # nothing was done twice
    assert "Traceback" not in capfd.readouterr().err


def test_whichever_write_finds_the_disk_full_nothing_is_lost(
    disk: SmallDisk, root: Path, tmp_path: Path, ledger: Ledger
) -> None:
    chance = random.Random(20)
    photos = draw_gallery(tmp_path / "photos", 4)
    entry = ledger.entry("full disk")
    with OpenLibrary(root) as library:
        library.add(tmp_path / "photos")
        library.wait_idle(len(photos))
        for number in range(size(6, 60)):
            before = revisions(root)
            disk.fill(leave_bytes=chance.choice([0, 4, 8, 16, 32, 64, 128]) << 10)
            for seed in range(4):
                name = tmp_path / "photos" / f"{number:04}-{seed}.jpg"
                photos.append(write(name, draw(1_000 + 10 * number + seed)))
            library.wait_progress(
                lambda progress: progress.problem is not None or progress.indexed == len(photos)
            )
            assert library.search(photos[-5]).hits[0].path == str(photos[-5])
            disk.empty()
            library.wait_idle(len(photos))
            after = revisions(root)
            entry.faults += 1
            entry.at_risk += len(photos)
            entry.lost += len(photos) - len(after)
            entry.repeated += sum(after[photo_id] != before[photo_id] for photo_id in before)
            if disk.free_bytes < DISK_BYTES // 4:  # the next round needs room to begin with
                break
        assert library.failures() == []
    assert_intact(root)
    assert (entry.lost, entry.repeated) == (0, 0)


def test_the_settings_are_whole_and_written_when_there_is_room(disk: SmallDisk, root: Path) -> None:
    path = root / "settings.json"
    settings.save(path, settings.Settings(device="cpu"))
    with OpenLibrary(root) as library:
        library.wait_idle(0)
        disk.fill()
        library.library.pause()
        library.search_fails(root / "missing.jpg")  # by then the worker has heard of both
        assert settings.load(path) == settings.Settings(device="cpu")
        disk.empty()
        wait_until(lambda: settings.load(path).is_paused)
        assert settings.load(path).device == "cpu"
    assert not list(root.glob("settings.json.*"))


def test_commands_on_a_full_disk_end_with_a_sentence(
    disk: SmallDisk, root: Path, tmp_path: Path
) -> None:
    cli = CommandLine(root)
    photos = draw_gallery(tmp_path / "photos", 3)
    assert cli.run("index", tmp_path / "photos").status == 0
    disk.fill()
    for command in (("status",), ("search", photos[1]), ("index", tmp_path / "photos")):
        outcome = cli.run(*command)
        assert outcome.status == 1
        assert is_sentence(outcome.messages)
        assert f"The disk of {root} is full." in outcome.messages
    disk.empty()
    disk.fill(leave_bytes=256 << 10)  # too little for new photos, not for questions
    assert cli.run("search", photos[1], "--json").object["results"][0]["path"] == str(photos[1])
    draw_gallery(tmp_path / "photos" / "more", 40, first_seed=50)
    refused = cli.run("index", tmp_path / "photos")
    assert refused.status == 1
    assert refused.messages.count("is full") == 1
    assert is_sentence(refused.messages)
    disk.empty()
    told = cli.run("index", tmp_path / "photos", "--json").object
    assert (told["indexed"] + told["unchanged"], told["failed"]) == (43, 0)
    assert_intact(root)


def test_a_library_cannot_be_made_on_a_full_disk(disk: SmallDisk, tmp_path: Path) -> None:
    disk.fill()
    outcome = CommandLine(disk.folder / "library").run("status")
    assert outcome.status == 1
    assert is_sentence(outcome.messages)
    assert "full" in outcome.messages


def test_an_index_that_has_no_room_is_built_later(tmp_path: Path) -> None:
    spec = BACKBONES[0]
    store = EmbeddingStore.open(tmp_path / "embeddings.db", spec.name, spec.recipe)
    rng = np.random.default_rng(3)
    with store.transaction():
        for photo_id in range(1, 2_001):
            vector = rng.normal(size=spec.dimension).astype(np.float32)
            store.put(photo_id, vector / np.linalg.norm(vector), photo_id.to_bytes(16, "big"))

    def build(builder: IndexBuilder) -> bool:
        built: list[bool] = []
        builder.start(built.append)
        builder.finish()
        return built == [True]

    with small_disk(tmp_path / "disk", 24 << 20) as disk:
        folder = disk.folder / "index"
        builder = IndexBuilder(spec, tmp_path / "embeddings.db", folder)
        assert build(builder)
        first = manifest.read(folder)
        for leave_bytes in (0, 5 << 20):
            disk.fill(leave_bytes)
            free_bytes = disk.free_bytes
            is_built = build(builder)
            assert disk.free_bytes >= free_bytes - 4096 or is_built  # it cleans up behind itself
            assert manifest.read(folder).count == first.count  # one that is whole, old or new
            disk.empty()
        assert build(builder)
        assert manifest.read(folder).generation != first.generation
    store.close()


def test_a_network_that_has_no_room_is_prepared_later(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(network, "_RETRY_S", 0.5)
    root = tmp_path / "library"
    root.mkdir()
    photos = draw_gallery(tmp_path / "photos", 4)
    with small_disk(tmp_path / "disk", 64 << 20) as disk:
        (root / "models").symlink_to(disk.folder)
        disk.fill(leave_bytes=1 << 20)
        with OpenLibrary(root) as library:
            library.add(tmp_path / "photos")
            reason = library.search_fails(photos[0])
            assert is_sentence(reason)
            assert f"the disk of {root / 'models'} is full" in reason
            disk.empty()
            library.wait_idle(4, timeout_s=90)  # it is converted meanwhile
            assert library.notices == [reason]
            assert library.search(photos[2]).hits[0].path == str(photos[2])


def test_measurements_and_windows_place_survive_a_full_disk(disk: SmallDisk, caplog) -> None:
    from PySide6.QtCore import QSettings

    models = disk.folder / "models"
    measurements.keep(BACKBONES[0], models, [Measurement("cpu", "A", images_per_second=9.0)])
    place = QSettings(str(disk.folder / "window.ini"), QSettings.Format.IniFormat)
    place.setValue("geometry", b"first")
    place.sync()
    before = (disk.folder / "window.ini").read_bytes()
    disk.fill()
    with caplog.at_level(logging.WARNING):
        measurements.keep(BACKBONES[0], models, [Measurement("cpu", "B", images_per_second=5.0)])
    assert "measured again" in caplog.text
    place.setValue("geometry", b"x" * 20_000)
    place.sync()
    assert (disk.folder / "window.ini").read_bytes() == before
    disk.empty()
    (kept,) = measurements.measured(BACKBONES[0], models)
    assert kept.product == "A"
    assert json.loads((models / "measurements.json").read_bytes())
    assert not [name for name in os.listdir(models) if name.startswith("new-")]
