# SPDX-License-Identifier: MIT
"""What the program keeps: all of it listed, all of it removed, and nothing else touched."""

import pytest

from gallery_search import kept
from gallery_search.autostart.login_start import LoginStart
from gallery_search.paths import LibraryPaths

OURS = (
    "catalogue.db",
    "catalogue.db-wal",
    "catalogue-damaged-2026-11-28-044653.db",
    "embeddings.db",
    "embeddings-damaged.db",
    "thumbnails.db-shm",
    "history.db",
    "history.db-wal",
    "backups/catalogue-2026-11-28T044653Z.db",
    "backups/settings.json",
    "catalogue.db.new-journal",
    "backups/last-check",
    "index/efficientnet-lite0/manifest.json",
    "index/efficientnet-lite0/17.annoy",
    "maps/efficientnet-lite0.map",
    "maps/efficientnet-lite0.map.new",
    "models/efficientnet-lite0-r2-c49fc393.xml",
    "models/compiled/efficientnet-lite0-r2-c49fc393-043e7eed.blob",
    "models/compiled/12345.blob",
    "models/compiled/12345.cl_cache",
    "models/weights/vgg16-397923af.pth",
    "models/measurements.json",
    "experiments/recovery-20261128-084500.json",
    "experiments/neighbours-20261128-084500-1.html.new",
    "experiments/unfinished/recovery-vgg16-0123456789abcdef/00000.npz",
    "experiments/unfinished/recovery-vgg16-0123456789abcdef/index/hard/manifest.json",
    "datasets/Artworks.csv",
    "datasets/Artworks.csv.part.json",
    "datasets/moma-5000-seed-0/dataset.json",
    "datasets/moma-5000-seed-0/dataset.lock",
    "datasets/moma-5000-seed-0/moma-78283.jpg",
    "datasets/moma-5000-seed-0/.incoming/61953.part",
    "settings.json",
    "settings.json.bad",
    "settings.json.new",
    "embeddings.db.damaged",
    "window.ini",
    "logs/gallery-search.log.1",
    "library.lock",
)
OF_THE_USER = (
    "holiday.jpg",
    "models/steam engine.jpg",
    "notes.txt",
    "backups/homework.zip",
    "index/2019/IMG_1.jpg",
    "maps/treasure island.map",
    "models/trains/steam-r2.jpg",
    "models/weights/mine.pth",
    "experiments/chemistry-2.odt",
    "datasets/mine/moma-visit.jpg",
    "datasets/population.csv",
    "backups/phone-settings.zip",
    "catalogue.db.jpg",
    "settings.json.jpg",
)


@pytest.fixture
def paths(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("HOME", str(tmp_path))
    paths = LibraryPaths(tmp_path / "library")
    for name in OURS:
        write(paths, name, name.encode())
    return paths


def write(paths, name, content):
    file = paths.root / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


def test_every_file_is_listed(paths):
    assert sum(kept.sizes(paths).values()) == sum(map(len, OURS))
    LoginStart(paths.root).turn(on=True)
    assert all(size > 0 for size in kept.sizes(paths).values())


def test_all_of_it_goes_with_its_folders(paths):
    assert kept.wipe(paths) == []
    assert [file.name for file in paths.root.iterdir()] == ["library.lock"]  # which is held
    kept.leave(paths)
    assert not paths.root.exists()


def test_the_start_at_login_is_listed_and_goes_but_not_that_of_another_library(paths, tmp_path):
    start, other = LoginStart(paths.root), LoginStart(tmp_path / "other")
    start.turn(on=True)
    other.turn(on=True)
    assert kept.sizes(paths)[kept.LOGIN_START] == start.file.stat().st_size
    assert kept.wipe(paths) == []
    assert (start.is_on(), other.is_on()) == (False, True)
    assert not start.file.exists()


def test_files_of_the_user_in_the_same_folder_stay(paths):
    for name in OF_THE_USER:
        write(paths, name, b"mine")
    assert kept.wipe(paths) == []
    kept.leave(paths)
    left = sorted(str(f.relative_to(paths.root)) for f in paths.root.rglob("*") if f.is_file())
    assert left == sorted(OF_THE_USER)


def test_a_link_goes_and_what_it_leads_to_stays(paths, tmp_path):
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(b"a photo")
    try:
        (paths.root / "logs" / "gallery-search.log").symlink_to(photo)
    except OSError:
        pytest.skip("this user may make no links")
    kept.wipe(paths)
    kept.leave(paths)
    assert photo.read_bytes() == b"a photo"
    assert not paths.root.exists()


def test_of_nothing_there_is_nothing(tmp_path):
    paths = LibraryPaths(tmp_path / "library")
    assert set(kept.sizes(paths).values()) == {0}
    assert kept.wipe(paths) == []
