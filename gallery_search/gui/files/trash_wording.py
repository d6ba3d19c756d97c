# SPDX-License-Identifier: MIT
"""The sentences about photos that go to the trash and come back: one by its name, more by count."""

import os
from collections.abc import Sequence

from PySide6.QtCore import QLocale

from gallery_search.gui import wording
from gallery_search.language import tr, tr_count


def question(paths: Sequence[str], has_namesake: bool, locale: QLocale) -> str:
    """Whether photos are to go.

    Args:
        paths: of the photos.
        has_namesake: a photo with the same name is seen beside the only one, so that its folder
            is to be told.
        locale: how digits are grouped.
    """
    if len(paths) == 1 and has_namesake:
        folder = wording.display_text(os.path.dirname(paths[0]))
        return tr("Move “{name}” in “{folder}” to the trash?", name=_name(paths[0]), folder=folder)
    if len(paths) == 1:
        return tr("Move “{name}” to the trash?", name=_name(paths[0]))
    return tr_count(
        "Move {count} photo to the trash?",
        "Move {count} photos to the trash?",
        len(paths),
        shown=wording.number(len(paths), locale),
    )


def way_back(count: int) -> str:
    """That nothing is lost by it."""
    return tr_count(
        "You can undo this, or bring it back from the system's trash.",
        "You can undo this, or bring them back from the system's trash.",
        count,
    )


def moved(paths: Sequence[str], locale: QLocale) -> str:
    """That photos went."""
    if len(paths) == 1:
        return tr("Moved “{name}” to the trash.", name=_name(paths[0]))
    return tr_count(
        "Moved {count} photo to the trash.",
        "Moved {count} photos to the trash.",
        len(paths),
        shown=wording.number(len(paths), locale),
    )


def not_moved(paths: Sequence[str], locale: QLocale) -> str:
    """That photos could not go, and what to look for."""
    if len(paths) == 1:
        return tr(
            "“{name}” could not be moved to the trash. Look whether the folder may be written to, "
            "and whether its drive has a trash.",
            name=_name(paths[0]),
        )
    return not_moved_count(len(paths), locale)


def not_moved_count(count: int, locale: QLocale) -> str:
    """The same of photos whose names would say nothing."""
    return tr_count(
        "{count} photo could not be moved to the trash. Look whether the folder may be written "
        "to, and whether its drive has a trash.",
        "{count} photos could not be moved to the trash. Look whether the folder may be written "
        "to, and whether its drive has a trash.",
        count,
        shown=wording.number(count, locale),
    )


def brought_back(paths: Sequence[str], locale: QLocale) -> str:
    """That photos are where they were."""
    if len(paths) == 1:
        return tr("Brought “{name}” back.", name=_name(paths[0]))
    return brought_back_count(len(paths), locale)


def brought_back_count(count: int, locale: QLocale) -> str:
    """The same of photos whose names would say nothing."""
    return tr_count(
        "Brought {count} photo back.",
        "Brought {count} photos back.",
        count,
        shown=wording.number(count, locale),
    )


def not_brought_back(paths: Sequence[str], locale: QLocale) -> str:
    """That photos could not come back."""
    if len(paths) == 1:
        return tr(
            "“{name}” could not be brought back. Look into the system's trash.",
            name=_name(paths[0]),
        )
    return not_brought_back_count(len(paths), locale)


def not_brought_back_count(count: int, locale: QLocale) -> str:
    """The same of photos whose names would say nothing."""
    return tr_count(
        "{count} photo could not be brought back. Look into the system's trash.",
        "{count} photos could not be brought back. Look into the system's trash.",
        count,
        shown=wording.number(count, locale),
    )


def _name(path: str) -> str:
    return wording.shortened(wording.display_name(path))
