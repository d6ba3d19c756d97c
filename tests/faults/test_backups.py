# SPDX-License-Identifier: MIT
"""The backups of the catalogue: that they are made, are sound, and are put back when needed."""

import datetime
import os
import shutil
import sqlite3

import pytest
from agreement import check
from command_line import CommandLine
from drawn_photos import draw, write
from kept_library import PHOTOS, rows
from open_library import OpenLibrary, assert_intact, query, revisions, wait_until

from gallery_search.catalogue import backup, recovery, schema
from gallery_search.catalogue.database import open_database
from gallery_search.catalogue.photos import Catalogue
from gallery_search.errors import CatalogueError, CatalogueTooNewError
from gallery_search.paths import LibraryPaths

UTC = datetime.UTC


def age(library, days):
    """Make all backups so many days older."""
    for path in library.backups:
        time = datetime.datetime.strptime(path.name[10:28], "%Y-%m-%dT%H%M%SZ")
        older = time - datetime.timedelta(days=days)
        path.rename(path.with_name(f"catalogue-{older:%Y-%m-%dT%H%M%SZ}{path.name[28:]}"))


def damage(path):
    with path.open("r+b") as file:
        file.seek(0, os.SEEK_END)
        size = file.tell()
        file.seek(2048)
        file.write(os.urandom(size // 2))


def snapshot(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


# --- making them ----------------------------------------------------------------------------------


def test_a_backup_is_a_whole_catalogue(kept):
    (path,) = kept.backups
    assert query(path, "PRAGMA integrity_check") == [("ok",)]
    assert query(path, "PRAGMA user_version") == [(len(schema.CATALOGUE),)]
    assert query(path, "SELECT count(*) FROM photos WHERE state = 'indexed'") == [(PHOTOS,)]
    ids = query(kept.paths.catalogue, "SELECT id, name FROM photos ORDER BY id")
    assert query(path, "SELECT id, name FROM photos ORDER BY id") == ids
    assert not backup.is_due(kept.paths.catalogue, kept.paths.backups)


def test_one_a_day_and_three_are_kept(kept):
    catalogue, folder = kept.paths.catalogue, kept.paths.backups
    for _ in range(5):
        age(kept, 1)
        os.utime(catalogue)  # something was written since
        assert backup.is_due(catalogue, folder)
        newest = backup.make(catalogue, folder)
        assert not backup.is_due(catalogue, folder)
        assert newest in kept.backups
    assert len(kept.backups) == 3
    assert not list(folder.glob("*.new*"))


def test_an_unchanged_catalogue_needs_no_new_backup(kept):
    age(kept, 40)
    for file in kept.root.glob("catalogue.db*"):
        os.utime(file, (1e9, 1e9))
    assert not backup.is_due(kept.paths.catalogue, kept.paths.backups)


def test_what_is_in_the_log_of_the_catalogue_is_backed_up(kept):
    catalogue = Catalogue.open(kept.paths.catalogue)
    with catalogue.transaction():
        catalogue.add_folder("/somewhere/else")
    assert kept.paths.catalogue.with_name("catalogue.db-wal").stat().st_size > 0
    path = backup.make(kept.paths.catalogue, kept.paths.backups)
    catalogue.close()
    assert query(path, "SELECT count(*) FROM folders") == [(2,)]


def test_a_damaged_catalogue_is_not_backed_up_over_sound_ones(kept):
    before = snapshot(kept.paths.backups)
    damage(kept.paths.catalogue)
    with pytest.raises(CatalogueError, match="damaged"):
        backup.make(kept.paths.catalogue, kept.paths.backups)
    assert snapshot(kept.paths.backups) == before


def test_where_no_backup_can_be_made_the_older_ones_stay(kept):
    before = snapshot(kept.paths.backups)
    not_a_folder = kept.root / "file"
    not_a_folder.write_text("in the way")
    with pytest.raises(CatalogueError, match="No backup could be made"):
        backup.make(kept.paths.catalogue, not_a_folder)
    assert snapshot(kept.paths.backups) == before


def test_left_behind_by_a_kill(kept):
    left = kept.paths.backups / "catalogue-2020-01-01T000000Z.db.new"
    left.write_bytes(b"half of it")
    assert left not in [found.path for found in backup.kept(kept.paths.backups)]
    backup.make(kept.paths.catalogue, kept.paths.backups)
    assert not left.exists()


def test_the_window_makes_a_backup_while_it_runs(kept, monkeypatch):
    monkeypatch.setattr("gallery_search.pipeline.upkeep.caretaker._FIRST_S", 0.0)
    shutil.rmtree(kept.paths.backups)
    with OpenLibrary(kept.root) as opened:
        opened.wait_idle(PHOTOS)
        wait_until(lambda: kept.backups)
        assert opened.search(kept.photos[3]).hits[0].path == str(kept.photos[3])
    assert query(kept.backups[0], "SELECT count(*) FROM photos") == [(PHOTOS,)]


def test_the_command_index_makes_the_daily_backup(kept):
    shutil.rmtree(kept.paths.backups)
    outcome = CommandLine(kept.root).run("index", kept.folder, "--json")
    assert outcome.object["unchanged"] == PHOTOS
    assert len(kept.backups) == 1


# --- putting one back -----------------------------------------------------------------------------


def test_the_newest_sound_backup_is_opened_and_the_user_told(kept, capsys):
    expected = rows(kept)
    backup.make(kept.paths.catalogue, kept.paths.backups)
    older, newer = kept.backups
    damage(newer)  # it counts for nothing, and stays
    damage(kept.paths.catalogue)
    damaged = kept.paths.catalogue.read_bytes()
    with OpenLibrary(kept.root) as opened:
        opened.wait_idle(PHOTOS)
        (told,) = opened.library.mended
        assert told in opened.notices
        made_at = backup.kept(kept.paths.backups)[1].made_at.astimezone()
        assert f"its backup of {made_at.day} {made_at:%B %Y, %H:%M} was opened" in told
        assert opened.search(kept.photos[5]).hits[0].path == str(kept.photos[5])
    (aside,) = kept.root.glob("catalogue-damaged-*.db")
    assert aside.read_bytes() == damaged
    assert aside.name in told
    assert {older, newer} <= set(kept.backups)
    assert rows(kept) == expected
    assert_intact(kept.root)
    assert not recovery.mend(kept.paths)


def test_a_missing_catalogue_is_taken_from_the_backup(kept):
    expected = rows(kept)
    kept.paths.catalogue.unlink()
    kept.paths.catalogue.with_name("catalogue.db-wal").write_bytes(b"of the lost one")
    (told,) = recovery.mend(kept.paths)
    assert "missing" in told
    assert rows(kept) == expected


def test_photos_younger_than_the_backup_are_found_without_being_embedded_again(
    kept, tmp_path, ledger
):
    """Their ids are not given to others, and what is kept of them is used again."""
    folder = tmp_path / "photos"
    shutil.copytree(kept.folder, folder)
    with OpenLibrary(kept.root) as opened:
        opened.add(folder)
        opened.wait_idle(2 * PHOTOS)
        younger = [write(folder / f"young-{n}.jpg", draw(500 + n)) for n in range(6)]
        opened.wait_idle(2 * PHOTOS + 6)
        young_ids = {i for path, i in opened.paths().items() if "young-" in path}
    before = revisions(kept.root)
    hashes = dict(
        query(kept.paths.embeddings, "SELECT photo_id, content_hash FROM embeddings WHERE is_live")
    )
    damage(kept.paths.catalogue)
    other = write(folder / "other.jpg", draw(900))  # a new photo, of which nothing is known
    recovery.mend(kept.paths)
    # The second folder is younger than the backup.
    folders = query(kept.paths.catalogue, "SELECT path FROM folders")
    assert folders == [(os.fsencode(kept.folder),)]
    embedded = []
    with OpenLibrary(kept.root) as opened:
        network = opened.library._worker._switching.active.network
        embed = network.embed
        network.embed = lambda images: embedded.extend(images) or embed(images)
        opened.wait_idle(PHOTOS)
        opened.add(folder)
        opened.wait_idle(2 * PHOTOS + 7)
        ids = opened.paths()
        for path in (*younger, other):
            hit = opened.similar(ids[str(path)]).hits[0]
            assert (hit.path, hit.photo_id) == (str(path), ids[str(path)])
        assert {ids[str(path)] for path in younger} == young_ids
        assert ids[str(other)] > max(before)
    assert len(embedded) == 1
    now = dict(
        query(kept.paths.embeddings, "SELECT photo_id, content_hash FROM embeddings WHERE is_live")
    )
    indexed = dict(
        query(kept.paths.catalogue, "SELECT id, content_hash FROM photos WHERE state = 'indexed'")
    )
    assert now == indexed
    assert not check(kept.root, [kept.folder, folder]).problems
    assert all(now.get(i, content) == content for i, content in hashes.items())
    entry = ledger.entry("backup put back")
    entry.faults += 1
    entry.at_risk += 2 * PHOTOS + 6
    entry.lost += 2 * PHOTOS + 7 - len(indexed)
    entry.repeated += len(embedded) - 1


def test_without_a_backup_the_folders_are_kept(kept):
    shutil.rmtree(kept.paths.backups)
    with sqlite3.connect(kept.paths.catalogue) as connection:
        connection.execute("DROP INDEX photos_by_file")  # not a catalogue of ours any more
    connection.close()
    with OpenLibrary(kept.root) as opened:
        (told,) = opened.library.mended
        assert "there is no backup yet, so it is made anew from your folders" in told
        opened.wait_idle(PHOTOS)
        assert [folder.path for folder in opened.folders] == [str(kept.folder)]
        assert opened.search(kept.photos[5]).hits[0].path == str(kept.photos[5])
    assert_intact(kept.root)


def test_damage_that_shows_while_the_program_runs_is_mended_at_the_next_start(kept, monkeypatch):
    """A large catalogue is not read through at the start."""
    monkeypatch.setattr("gallery_search.catalogue.damage._SMALL_BYTES", 0)
    expected = rows(kept)
    with sqlite3.connect(kept.paths.catalogue) as connection:
        sql = "SELECT rootpage FROM sqlite_schema WHERE name = 'photos_by_file'"
        (page,) = connection.execute(sql).fetchone()
    connection.close()
    with kept.paths.catalogue.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(bytes(4096))
    kept.paths.backups.joinpath("last-check").unlink()  # a day later
    with OpenLibrary(kept.root) as opened:
        assert not opened.library.mended
        opened.library.take_care()
        (told,) = {notice for notice in opened.notices if "damaged" in notice}
        assert "Start Gallery Search again" in told
        assert opened.search(kept.photos[2]).hits[0].path == str(kept.photos[2])
    with OpenLibrary(kept.root) as opened:
        (told,) = opened.library.mended
        assert "its backup of" in told
        opened.wait_idle(PHOTOS)
    assert rows(kept) == expected
    assert not list(kept.root.glob("*.damaged"))


def test_a_false_alarm_changes_nothing(kept):
    note = kept.root / "catalogue.db.damaged"
    note.touch()
    assert not recovery.mend(kept.paths)
    assert not note.exists()


# --- other versions -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["catalogue.db", "embeddings.db", "thumbnails.db"])
@pytest.mark.parametrize("is_in_log", [False, True])
def test_a_newer_library_is_refused_untouched(kept, name, is_in_log):
    connection = sqlite3.connect(kept.root / name, isolation_level=None)
    connection.execute("PRAGMA user_version = 77")
    copy = kept.root.with_name("copy")
    if is_in_log:  # its writer was killed before anything had reached the database
        shutil.copytree(kept.root, copy)
        (copy / f"{name}-shm").unlink()
        assert (copy / name).read_bytes()[63] != 77
        connection.close()
    else:
        connection.close()
        shutil.copytree(kept.root, copy)
    before = snapshot(copy)
    with pytest.raises(CatalogueTooNewError, match="newer version"):
        OpenLibrary(copy)
    assert snapshot(copy) == before
    outcome = CommandLine(copy).run("status", "--json")
    assert (outcome.status, outcome.output) == (1, "")
    assert "newer version" in outcome.messages
    assert {n: c for n, c in snapshot(copy).items() if n in before} == before


def test_an_older_catalogue_is_backed_up_before_it_is_migrated(tmp_path):
    paths = LibraryPaths(tmp_path / "library")
    paths.create()
    database = open_database(paths.catalogue, schema.CATALOGUE[:1])
    database.execute("INSERT INTO folders VALUES (1, x'2f61', '/a')")
    database.execute(
        "INSERT INTO photos (id, folder_id, directory, name, state, size_bytes, mtime_ns,"
        " sorted_at) VALUES (7, 1, x'', x'61', 'pending', 1, 1, 1)"
    )
    database.close()
    assert not recovery.mend(paths)
    (copy,) = backup.kept(paths.backups)
    assert not copy.is_daily
    assert query(copy.path, "PRAGMA user_version") == [(1,)]
    assert query(copy.path, "SELECT id FROM photos") == [(7,)]
    Catalogue.open(paths.catalogue).close()
    assert query(paths.catalogue, "SELECT id FROM photos") == [(7,)]
    for _ in range(5):
        age_days = 1
        for kept_copy in backup.kept(paths.backups):
            if kept_copy.is_daily:
                older = kept_copy.made_at - datetime.timedelta(days=age_days)
                kept_copy.path.rename(
                    kept_copy.path.with_name(f"catalogue-{older:%Y-%m-%dT%H%M%SZ}.db")
                )
        backup.make(paths.catalogue, paths.backups)
    assert copy.path.exists()
    paths.catalogue.write_bytes(b"damaged" * 1000)
    for daily in backup.kept(paths.backups):
        if daily.is_daily:
            daily.path.unlink()
    (told,) = recovery.mend(paths)  # the old version is brought up to date
    assert "its backup of" in told
    assert query(paths.catalogue, "SELECT id FROM photos") == [(7,)]
