# SPDX-License-Identifier: MIT
"""The note that a database is damaged: an empty file beside it, which the next start heeds."""

import contextlib
import logging
from pathlib import Path

log = logging.getLogger(__name__)


def note_damage(path: Path) -> None:
    """Have the next start check a database in full; any thread and process."""
    try:
        _note(path).touch()
    except OSError as error:  # it will be noticed again
        log.warning("the damage of %s is not noted: %s", path, error)


def is_noted(path: Path) -> bool:
    """Whether somebody came upon damage."""
    return _note(path).exists()


def clear_note(path: Path) -> None:
    """The database is sound again, or was all the time."""
    with contextlib.suppress(OSError):  # then it is checked once more
        _note(path).unlink(missing_ok=True)


def _note(path: Path) -> Path:
    return path.with_name(f"{path.name}.damaged")
