# SPDX-License-Identifier: MIT
"""Before a library is opened: what is damaged is put aside, and the best there is takes its place.

    catalogue    the newest sound backup; without one, a new catalogue with the folders and the
                 saved searches of the old
    embeddings   those that can still be read; the others are made anew in the background
    thumbnails   likewise

A library in which anything is of a newer version of the program is refused before it is touched.
"""

import contextlib
import datetime
import logging
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from gallery_search import durable
from gallery_search.catalogue import backup, damage, salvage, schema, versions
from gallery_search.catalogue.backup import Backup
from gallery_search.catalogue.database import (
    open_database,
    open_for_reading,
    roll_back_interrupted,
)
from gallery_search.catalogue.notes import clear_note
from gallery_search.errors import (
    CatalogueDamagedError,
    CatalogueError,
    CatalogueRefusedError,
    CatalogueTooNewError,
)
from gallery_search.language import mark
from gallery_search.paths import LibraryPaths

log = logging.getLogger(__name__)

_VERSION_WITH_PREVIEWS = 3  # of `embeddings.db`

_KEPT_ASIDE = mark("The damaged file is kept as {file}.")
_BACKUP = mark(
    "The catalogue of this library was damaged, so its backup of {when} was opened; what changed "
    "since then is looked up in your folders again."
)
_BACKUP_OF_MISSING = mark(
    "The catalogue of this library was missing, so its backup of {when} was opened; what changed "
    "since then is looked up in your folders again."
)
_ANEW = {  # by whether it was missing, and whether the folders are known
    (False, True): mark(
        "The catalogue of this library was damaged and there is no backup yet, so it is made anew "
        "from your folders."
    ),
    (False, False): mark(
        "The catalogue of this library was damaged and there is no backup yet, so it is made anew "
        "as soon as you add your folders again."
    ),
    (True, True): mark(
        "The catalogue of this library was missing and there is no backup yet, so it is made anew "
        "from your folders."
    ),
    (True, False): mark(
        "The catalogue of this library was missing and there is no backup yet, so it is made anew "
        "as soon as you add your folders again."
    ),
}
_MOMENTS = (
    mark("{day} January {year}, {time}"),
    mark("{day} February {year}, {time}"),
    mark("{day} March {year}, {time}"),
    mark("{day} April {year}, {time}"),
    mark("{day} May {year}, {time}"),
    mark("{day} June {year}, {time}"),
    mark("{day} July {year}, {time}"),
    mark("{day} August {year}, {time}"),
    mark("{day} September {year}, {time}"),
    mark("{day} October {year}, {time}"),
    mark("{day} November {year}, {time}"),
    mark("{day} December {year}, {time}"),
)


def mend(paths: LibraryPaths) -> list[str]:
    """Make the databases of a library fit to be opened; the caller holds its lock.

    Returns:
        Sentences for the user about what was damaged.

    Raises:
        CatalogueTooNewError: a file is of a newer version; nothing was changed.
        CatalogueError: the disk refuses.
    """
    versions.refuse_newer_library(paths)
    try:
        sentences = []
        if _is_damaged(paths.thumbnails, schema.THUMBNAILS):
            _salvage(paths.thumbnails, salvage.thumbnails)
        if _is_damaged(paths.embeddings, schema.EMBEDDINGS):
            kept = _salvage(paths.embeddings, salvage.embeddings)
            sentences.append(
                mark(
                    "What was learnt about your photos was damaged: of {count} photos it could be "
                    "saved, and the rest is made anew."
                ).format(count=f"{kept:,}")
            )
        if (sentence := _mend_catalogue(paths)) is not None:
            sentences.append(sentence)
    except OSError as error:
        raise CatalogueRefusedError(
            mark(
                "The library in {folder} is damaged and cannot be mended: {file}: {reason}."
            ).format(
                folder=paths.root, file=error.filename or paths.root, reason=error.strerror or error
            )
        ) from error
    for sentence in sentences:
        log.warning("%s", sentence)
    return sentences


def _is_damaged(path: Path, migrations: tuple[str, ...]) -> bool:
    if not path.exists():
        return False
    with contextlib.suppress(CatalogueDamagedError):  # which is found below
        roll_back_interrupted(path)
    problem = damage.find_quickly(path, migrations)
    if problem is not None:
        log.warning("%s is damaged: %s", path, problem)
    return problem is not None


# --- the catalogue ------------------------------------------------------------------------------


def _mend_catalogue(paths: LibraryPaths) -> str | None:
    """Put a backup in the place of a damaged or missing catalogue; the sentence that says so."""
    path = paths.catalogue
    backups = backup.kept(paths.backups)
    is_missing = not path.exists() or path.stat().st_size == 0
    if is_missing and not backups:
        return None
    if not is_missing and not _is_damaged(path, schema.CATALOGUE):
        _back_up_before_migration(paths)
        return None
    replacement = path.with_name(f"{path.name}.new")
    restored = _restore(backups, replacement, paths)
    if restored is None:
        _begin_anew(path, replacement, paths)
    _take_searches(path, replacement)
    # Whenever this is interrupted, the next start finds a damaged catalogue or none.
    aside = None if is_missing else _put_aside(path)
    _delete(path)  # a log, say, that belongs to no database any more
    durable.replace(replacement, path)
    clear_note(path)
    return _sentence(restored, aside, paths)


def _restore(backups: list[Backup], replacement: Path, paths: LibraryPaths) -> Backup | None:
    """Copy the newest sound backup to where it is to be taken from, if there is one."""
    for candidate in backups:
        _delete(replacement)
        shutil.copyfile(candidate.path, replacement)
        try:
            problem = damage.find(replacement, schema.CATALOGUE)
        except CatalogueTooNewError as error:
            problem = str(error)
        finally:
            clear_note(replacement)
        if problem is None:
            _prepare(replacement, [], paths)
            return candidate
        log.warning("the backup %s cannot be used: %s", candidate.path, problem)
    return None


def _begin_anew(damaged: Path, replacement: Path, paths: LibraryPaths) -> None:
    """A new catalogue, with what can be read of the folders in the damaged one."""
    _delete(replacement)
    _prepare(replacement, salvage.folders(damaged), paths)


def _take_searches(damaged: Path, replacement: Path) -> None:
    """Take over the saved searches that can be read in the damaged catalogue, if there is one."""
    if not damaged.exists():
        return
    with contextlib.closing(open_database(replacement, schema.CATALOGUE)) as database:
        salvage.copy_searches(damaged, database)
        database.execute("PRAGMA journal_mode = DELETE")  # one file, which can be renamed


def _prepare(replacement: Path, folders: list[salvage.Folder], paths: LibraryPaths) -> None:
    """Bring a catalogue up to date, and into step with what is kept of photos it does not know.

    Those are younger than the backup. They are entered as gone, with their content, so that they
    live on when a scan comes upon them; no other photo may get the id of one of them.
    """
    last = max(_last_photo(paths.embeddings, "embeddings"), _last_photo(paths.thumbnails))
    with contextlib.closing(open_database(replacement, schema.CATALOGUE)) as database:
        with database.transaction():
            database.executemany(
                "INSERT INTO folders (path, display, volume, below, drive) VALUES (?, ?, ?, ?, ?)",
                folders,
            )
            database.executemany(
                "INSERT OR IGNORE INTO photos (id, folder_id, directory, name, state, size_bytes,"
                " mtime_ns, sorted_at, content_hash, is_preview, gone_at)"
                " SELECT ?, min(id), x'2e6c6f7374', CAST(? AS BLOB), 'gone', 0, 0, 0, ?, ?, ?"
                " FROM folders HAVING count(*) > 0",
                (
                    (i, str(i), content, is_preview, int(time.time()))
                    for i, content, is_preview in _contents(paths)
                ),
            )
            row = database.execute(
                "SELECT seq FROM sqlite_sequence WHERE name = 'photos'"
            ).fetchone()
            database.execute("DELETE FROM sqlite_sequence WHERE name = 'photos'")
            database.execute(
                "INSERT INTO sqlite_sequence VALUES ('photos', ?)",
                (max(last, row[0] if row else 0),),
            )
        # One file, which can be renamed.
        database.execute("PRAGMA journal_mode = DELETE")


def _contents(paths: LibraryPaths) -> Iterator[tuple[int, bytes, int]]:
    """Each photo that has an embedding, with its content and whether a preview's is among them."""
    if paths.embeddings.exists():
        # No version before this one made any from a preview.
        knows_previews = versions.stored(paths.embeddings) >= _VERSION_WITH_PREVIEWS
        is_preview = "max(is_preview)" if knows_previews else "0"
        with contextlib.closing(open_for_reading(paths.embeddings)) as database:
            yield from database.execute(
                f"SELECT photo_id, max(content_hash), {is_preview} FROM embeddings"  # noqa: S608
                " WHERE embedding != x'' GROUP BY photo_id"
            )


def _last_photo(path: Path, table: str = "thumbnails") -> int:
    if not path.exists():
        return 0
    with contextlib.closing(open_for_reading(path)) as database:
        (last,) = database.execute(f"SELECT max(photo_id) FROM {table}").fetchone()  # noqa: S608
    return int(last or 0)


def _back_up_before_migration(paths: LibraryPaths) -> None:
    version = versions.stored(paths.catalogue)
    if 0 < version < len(schema.CATALOGUE):
        backup.make(paths.catalogue, paths.backups, version=version)


def _sentence(restored: Backup | None, aside: Path | None, paths: LibraryPaths) -> str:
    kept = "" if aside is None else " " + _KEPT_ASIDE.format(file=aside.name)
    if restored is not None:
        when = restored.made_at.astimezone()
        made_at = _MOMENTS[when.month - 1].format(
            day=when.day, year=when.year, time=f"{when:%H:%M}"
        )
        return (_BACKUP_OF_MISSING if aside is None else _BACKUP).format(when=made_at) + kept
    with contextlib.closing(open_for_reading(paths.catalogue)) as database:
        (folders,) = database.execute("SELECT count(*) FROM folders").fetchone()
    return _ANEW[aside is None, folders > 0] + kept


# --- files --------------------------------------------------------------------------------------


def _salvage(path: Path, copy: salvage.Copy) -> int:
    """Put a damaged database aside for what can still be read of it; how many photos."""
    replacement = path.with_name(f"{path.name}.new")
    _delete(replacement)
    try:
        kept = copy(path, replacement)
    except CatalogueError as error:  # no room for two of them, say
        log.warning("nothing is saved of %s: %s", path, error)
        _delete(replacement)
        kept = 0
    aside = path.with_name(f"{path.stem}-damaged{path.suffix}")
    _delete(aside)  # of an earlier time: what was in it has been made anew
    _rename(path, aside)
    if replacement.exists():
        durable.replace(replacement, path)
    clear_note(path)
    return kept


def _put_aside(path: Path) -> Path:
    """Rename a database after this moment; it is never deleted."""
    stem = f"{path.stem}-damaged-{datetime.datetime.now().strftime('%Y-%m-%d-%H%M%S')}"
    names = (f"{stem}{ending}{path.suffix}" for ending in ("", *map("-{}".format, range(2, 1000))))
    aside = next(file for file in map(path.with_name, names) if not file.exists())
    _rename(path, aside)
    return aside


def _rename(path: Path, aside: Path) -> None:
    """Rename a database with its write-ahead log, which belongs to it by its name."""
    with contextlib.suppress(FileNotFoundError):
        os.replace(f"{path}-wal", f"{aside}-wal")
    os.replace(path, aside)
    path.with_name(f"{path.name}-shm").unlink(missing_ok=True)


def _delete(path: Path) -> None:
    for ending in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
