# SPDX-License-Identifier: MIT
"""Libraries that another version of the program left: older ones are migrated, newer ones stay."""

import contextlib
import hashlib
import json
import os
import shutil
import sqlite3
from pathlib import Path

import pytest
from command_line import CommandLine, kill_with_children
from open_library import OpenLibrary, assert_intact, query, revisions, wait_until

from gallery_search.catalogue import backup, schema
from gallery_search.embedding.backbones import BACKBONES
from gallery_search.paths import LibraryPaths
from gallery_search.pipeline.mapping import layout_file
from gallery_search.pipeline.storing.index_builder import IndexBuilder

pytestmark = pytest.mark.network_model

NAME = BACKBONES[0].name
DATABASES = {
    "catalogue.db": schema.CATALOGUE,
    "embeddings.db": schema.EMBEDDINGS,
    "thumbnails.db": schema.THUMBNAILS,
    "history.db": schema.HISTORY,
}
KEPT_OF_PHOTOS = (
    "SELECT id, folder_id, directory, name, state, size_bytes, mtime_ns, sorted_at, content_hash,"
    " width, height, image_format, taken_at FROM photos ORDER BY id"
)


def tables(database, schema_name):
    return {
        name: [row[1] for row in database.execute(f"PRAGMA {schema_name}.table_info({name})")]
        for (name,) in database.execute(
            f"SELECT name FROM {schema_name}.sqlite_master WHERE type = 'table'"
            " AND name NOT LIKE 'sqlite_%' AND name != 'photo_counts'"  # kept by triggers
        )
    }


def as_of_version(path, version):
    """Put a database with the same content and an older schema in the place of one of today."""
    today = path.rename(path.with_name("today.db"))
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as old:
        for migration in DATABASES[path.name][:version]:
            old.executescript(migration)
        old.execute(f"PRAGMA user_version = {version}")
        old.execute("ATTACH ? AS today", (str(today),))
        known = tables(old, "today")
        for table, columns in tables(old, "main").items():
            both = ", ".join(column for column in columns if column in known[table])
            old.execute(f"INSERT INTO main.{table} ({both}) SELECT {both} FROM today.{table}")
        old.execute("DETACH today")
    today.unlink()


def contents(root):
    """All files of a library but locks and logs."""
    return {
        str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in root.rglob("*")
        if path.is_file() and path.suffix != ".lock" and "logs" not in path.parts
    }


def make_newer(path, migrations):
    """Mark a database as one that the next version has migrated; made where there is none."""
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.execute(f"PRAGMA user_version = {len(migrations) + 1}")


def refusal(path):
    """The one line that a user is told."""
    return (
        f"{path} was written by a newer version of Gallery Search. Install that version, or choose"
        " another library folder.\n"
    )


# --- older ones -----------------------------------------------------------------------------------


@pytest.mark.parametrize("version", range(1, len(schema.CATALOGUE)))
def test_an_older_library_is_migrated_with_all_that_is_in_it(indexed, version, tmp_path):
    paths = LibraryPaths(indexed.root)
    shutil.rmtree(paths.backups, ignore_errors=True)
    with contextlib.closing(sqlite3.connect(paths.catalogue)) as database, database:
        database.execute("INSERT INTO distinct_contents VALUES (x'01', x'02')")
    for name, migrations in DATABASES.items():
        if (indexed.root / name).exists() and name != "history.db":
            as_of_version(indexed.root / name, min(version, len(migrations) - 1))
    decisions = "SELECT * FROM distinct_contents"
    photos, embedded = query(paths.catalogue, KEPT_OF_PHOTOS), revisions(indexed.root)
    thumbnails = query(paths.thumbnails, "SELECT photo_id, jpeg FROM thumbnails")
    assert len(photos) == len(embedded) == len(indexed.photos)
    assert len({path for _, path in query(paths.catalogue, "SELECT id, path FROM folders")}) == 1

    outcome = CommandLine(indexed.root).run("status", "--json")
    assert (outcome.status, outcome.messages) == (0, "")
    assert (outcome.object["photos"], outcome.object["indexed"]) == (len(photos), len(photos))
    assert [folder["path"] for folder in outcome.object["folders"]] == [str(indexed.folder)]
    for name, migrations in DATABASES.items():
        if (indexed.root / name).exists():
            assert query(indexed.root / name, "PRAGMA user_version") == [(len(migrations),)]
    assert query(paths.catalogue, KEPT_OF_PHOTOS) == photos
    assert revisions(indexed.root) == embedded
    assert query(paths.thumbnails, "SELECT photo_id, jpeg FROM thumbnails") == thumbnails
    if version > 1:  # before, there were no decisions
        assert query(paths.catalogue, decisions) == [(b"\1", b"\2")]

    (copy,) = [kept for kept in backup.kept(paths.backups) if not kept.is_daily]
    assert copy.path.name.endswith(f"-version-{version}.db")
    assert query(copy.path, "PRAGMA user_version") == [(version,)]
    assert query(copy.path, KEPT_OF_PHOTOS) == photos

    # The backup, put in place by hand in a library of its own, is one that can be used.
    put_back = tmp_path / "put-back"
    shutil.copytree(indexed.root, put_back)
    shutil.copy(copy.path, put_back / "catalogue.db")
    for root in (indexed.root, put_back):
        with OpenLibrary(root) as opened:
            opened.wait_idle(len(photos))
            found = opened.search(indexed.photos[7]).hits[0]
            assert found.path == str(indexed.photos[7])
        assert revisions(root) == embedded  # nothing was embedded again
        assert query(root / "catalogue.db", KEPT_OF_PHOTOS) == photos
        assert_intact(root)


# --- newer ones -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", DATABASES)
def test_commands_refuse_a_newer_library_and_leave_it_as_it_is(indexed, name):
    make_newer(indexed.root / name, DATABASES[name])
    before = contents(indexed.root)
    for command in (
        ("status",),
        ("index", indexed.folder),
        ("benchmark",),
        ("embed", indexed.photos[0]),
        ("experiment", "neighbours", indexed.folder),
    ):
        outcome = CommandLine(indexed.root).run(*command)
        assert (outcome.status, outcome.output) == (1, "")
        assert outcome.messages == refusal(indexed.root / name)
        assert contents(indexed.root) == before


def test_the_window_refuses_a_newer_library_and_leaves_it_as_it_is(indexed):
    (indexed.root / "window.ini").write_text("[options]\nof_tomorrow=yes\n")
    make_newer(indexed.root / "catalogue.db", schema.CATALOGUE)
    before = contents(indexed.root)
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    with CommandLine(indexed.root).start(env=environment) as process:
        try:
            told = process.stderr.readline().decode()  # then it waits for the user to read it
            assert contents(indexed.root) == before
        finally:
            kill_with_children(process)
    assert told == refusal(indexed.root / "catalogue.db")
    assert contents(indexed.root) == before


def set_format(path: Path, key: str) -> None:
    """Give a JSON file, or the JSON line that a file begins with, a format of tomorrow."""
    line, *rest = (
        path.read_bytes().split(b"\n", 1) if path.suffix == ".map" else [path.read_bytes()]
    )
    stored = json.loads(line)
    for entry in stored if isinstance(stored, list) else [stored]:
        assert key in entry
        entry[key] = 99
    path.write_bytes(b"\n".join([json.dumps(stored).encode(), *rest]))


def test_caches_of_a_newer_version_are_made_anew_without_a_word_to_the_user(indexed):
    paths = LibraryPaths(indexed.root)
    builder = IndexBuilder(BACKBONES[0], paths.embeddings, paths.index(NAME))
    outcomes: list[bool] = []
    builder.start(outcomes.append)
    builder.finish()
    assert outcomes == [True]
    manifest = paths.index(NAME) / "manifest.json"
    set_format(manifest, "format")
    set_format(paths.models / "measurements.json", "form")
    embedded = revisions(indexed.root)

    with OpenLibrary(indexed.root) as opened:
        opened.wait_idle(len(indexed.photos))
        assert opened.search(indexed.photos[4]).hits[0].path == str(indexed.photos[4])
        assert not opened.notices
    assert json.loads(manifest.read_bytes())["format"] == 99  # nothing has taken its place yet
    assert revisions(indexed.root) == embedded


def test_a_map_of_a_newer_version_is_not_read_and_stays(tmp_path, caplog):
    path = tmp_path / f"{NAME}.map"
    content = json.dumps({"format": layout_file.FORMAT + 1, "checksum": 7}).encode() + b"\n\1\2"
    path.write_bytes(content)
    assert layout_file.read(path, NAME, BACKBONES[0].recipe) is None
    assert "another version" in caplog.text
    assert path.read_bytes() == content


def test_settings_of_a_newer_version_open_the_library_and_stay(indexed):
    file = indexed.root / "settings.json"
    newer = {"palette": {"tint": 3}, "backbone": "of-tomorrow", "device": "npu", "share": "most"}
    file.write_text(json.dumps(newer))
    with OpenLibrary(indexed.root) as opened:
        opened.wait_idle(len(indexed.photos))
        opened.library.pause()
        wait_until(lambda: json.loads(file.read_bytes()).get("is_paused"))
    stored = json.loads(file.read_bytes())
    assert stored["is_paused"]
    assert newer.items() <= stored.items()
    outcome = CommandLine(indexed.root).run("status", "--json")
    assert (outcome.status, outcome.object["backbone"]) == (0, NAME)
    assert newer.items() <= json.loads(file.read_bytes()).items()
