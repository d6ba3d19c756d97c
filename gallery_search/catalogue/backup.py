# SPDX-License-Identifier: MIT
"""Copies of the catalogue: how they are made, named and found.

`catalogue-<UTC time>.db`, of which the newest three are kept. A copy made before a migration has
`-version-<n>` at its end and stays. Each is a whole database that can be put back by hand.
"""

import contextlib
import datetime
import logging
import os
import re
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from gallery_search import durable
from gallery_search.catalogue import damage, schema
from gallery_search.catalogue.database import open_for_reading
from gallery_search.catalogue.notes import clear_note, note_damage
from gallery_search.errors import CatalogueDamagedError, CatalogueRefusedError
from gallery_search.language import mark

log = logging.getLogger(__name__)

EVERY = datetime.timedelta(days=1)
_KEPT = 3
_TIME = "%Y-%m-%dT%H%M%SZ"
_NAME = re.compile(r"catalogue-(\d{4}-\d\d-\d\dT\d{6}Z)(-version-\d+)?\.db")


class Backup(Struct, frozen=True):
    """A copy of the catalogue.

    Attributes:
        made_at: when, with its time zone.
        is_daily: one of those that give way to newer ones.
    """

    path: Path
    made_at: datetime.datetime
    is_daily: bool


def kept(folder: Path) -> list[Backup]:
    """The copies in a folder, which need not exist, the newest first; they may be damaged."""
    found = []
    with contextlib.suppress(OSError):
        for path in folder.iterdir():
            if match := _NAME.fullmatch(path.name):
                with contextlib.suppress(ValueError):
                    made_at = datetime.datetime.strptime(match[1], _TIME)
                    made_at = made_at.replace(tzinfo=datetime.UTC)
                    found.append(Backup(path, made_at, match[2] is None))
    return sorted(found, key=lambda backup: backup.made_at, reverse=True)


def is_due(catalogue: Path, folder: Path) -> bool:
    """Whether the catalogue has changed and its newest copy is a day old."""
    newest = next(iter(kept(folder)), None)
    if newest is None:
        return catalogue.exists()
    if datetime.datetime.now(datetime.UTC) - newest.made_at < EVERY:
        return False
    return _changed_s(catalogue) > newest.made_at.timestamp()


def make(
    catalogue: Path,
    folder: Path,
    *,
    version: int | None = None,
    migrations: Sequence[str] = schema.CATALOGUE,
) -> Path:
    """Copy the catalogue as it is at this moment, beside whoever works with it.

    The copy has its name only when it was found sound and lies on the disk; then all but the
    newest three daily ones are deleted. Takes seconds at a million photos.

    Args:
        catalogue: the database.
        folder: where the copies are; made where it is missing.
        version: of the catalogue, where the copy is made because that is about to change.
        migrations: that led to the catalogue.

    Raises:
        CatalogueDamagedError: the catalogue is damaged; the next start will heed that.
        CatalogueError: a file cannot be read or written; all copies stay as they were.
    """
    if (problem := damage.find(catalogue, migrations)) is not None:
        note_damage(catalogue)
        raise CatalogueDamagedError(
            mark(
                "The file {file} is damaged ({problem}). Start Gallery Search again, which goes "
                "on with a backup."
            ).format(file=catalogue, problem=problem)
        )
    now = datetime.datetime.now(datetime.UTC)
    ending = "" if version is None else f"-version-{version}"
    path = folder / f"catalogue-{now.strftime(_TIME)}{ending}.db"
    temporary = path.with_name(f"{path.name}.new")
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        for left_by_a_kill in folder.glob("catalogue-*.db.new*"):
            left_by_a_kill.unlink()
        with contextlib.closing(open_for_reading(catalogue)) as database:
            database.execute("VACUUM INTO ?", (os.fspath(temporary),))
        if (problem := damage.find(temporary, migrations)) is not None:
            raise CatalogueRefusedError(
                mark(
                    "A backup in {folder} was not written as it should be ({problem}). Check the "
                    "disk."
                ).format(folder=folder, problem=problem)
            )
        durable.replace(temporary, path)
    except OSError as error:
        raise CatalogueRefusedError(
            mark("No backup could be made in {folder}: {reason}.").format(
                folder=folder, reason=error.strerror or error
            )
        ) from error
    finally:
        for file in (temporary, temporary.with_name(f"{temporary.name}-journal")):
            with contextlib.suppress(OSError):
                file.unlink(missing_ok=True)
        clear_note(temporary)
    for old in [backup for backup in kept(folder) if backup.is_daily][_KEPT:]:
        with contextlib.suppress(OSError):  # tried again tomorrow
            old.path.unlink()
    log.info("backup of the catalogue: %s", path)
    return path


def _changed_s(catalogue: Path) -> float:
    """When the catalogue was last written to, in seconds since 1970."""
    times = [0.0]
    for file in (catalogue, catalogue.with_name(f"{catalogue.name}-wal")):
        with contextlib.suppress(OSError):
            status = file.stat()
            times += [status.st_mtime] if status.st_size else []  # a mere reader leaves it empty
    return max(times)
