# SPDX-License-Identifier: MIT
"""The sentences about duplicates. Pure functions."""

import os

from PySide6.QtCore import QDateTime, QLocale, QTimeZone

from gallery_search.duplicates import DuplicateKind, DuplicatePhoto
from gallery_search.gui import wording
from gallery_search.gui.grid.grid_model import similarity_text

from .duplicate_marks import Going, MarkedGroup

TABS: dict[DuplicateKind, str] = {"exact": "Same file", "near": "Look alike"}
EMPTY: dict[DuplicateKind, str] = {
    "exact": "No file is there twice.",
    "near": "No photos look so much alike that they could be copies.",
}
NOT_DUPLICATES: dict[DuplicateKind, str] = {
    "exact": "These copies are meant to &be",
    "near": "These are not &duplicates",
}
NOTHING_FOUND = "No duplicates were found."
LAST_ONE = "One photo of each group is always kept."


def tab(kind: DuplicateKind, groups: int, locale: QLocale) -> str:
    """The label of a tab: "Same file (12)"."""
    return f"{TABS[kind]} ({wording.number(groups, locale)})"


def progress(done: int, total: int, locale: QLocale) -> str:
    """How far a search is."""
    return f"Comparing: {wording.number(done, locale)} of {wording.count(total, 'photo', locale)}"


def summary(groups: int, locale: QLocale) -> str:
    """What was found in all."""
    return f"{wording.count(groups, 'group', locale)} of duplicates" if groups else NOTHING_FOUND


def going(marked: Going, locale: QLocale) -> str:
    """The photos that are marked to go: "37 photos (1.2 GB)"."""
    size = wording.size(marked.size_bytes, locale)
    return f"{wording.count(marked.photos, 'photo', locale)} ({size})"


def added_since(count: int, locale: QLocale) -> str:
    """That a search could not know some photos; "" where there are none."""
    if not count:
        return ""
    is_one = count == 1
    return (
        f"{wording.count(count, 'photo', locale)} {'was' if is_one else 'were'} added since this "
        f"search. Search again to compare {'it' if is_one else 'them'}, too."
    )


def heading(group: MarkedGroup, kind: DuplicateKind, locale: QLocale) -> str:
    """What stands before a group."""
    photos = wording.count(len(group.photos), "photo", locale)
    return photos if kind == "exact" else f"{photos}\n{similarity_text(group.similarity)}"


def dimensions_and_size(photo: DuplicatePhoto, locale: QLocale) -> str:
    """What a photo has: "4000 × 3000 · 2.1 MB"."""
    return f"{photo.width} × {photo.height} · {wording.size(photo.size_bytes, locale)}"


def date(photo: DuplicatePhoto, locale: QLocale) -> str:
    """When a photo was taken, or else when its file was changed last, in local time."""
    if photo.taken_at is not None:  # of a camera's clock, which knows no time zone
        utc = QTimeZone(QTimeZone.Initialization.UTC)
        when, word = QDateTime.fromSecsSinceEpoch(photo.taken_at, utc), "Taken"
    else:
        when, word = QDateTime.fromSecsSinceEpoch(photo.mtime_ns // 10**9), "Changed"
    return f"{word} {locale.toString(when, QLocale.FormatType.ShortFormat)}"


def lines(photo: DuplicatePhoto, locale: QLocale) -> tuple[str, str, str, str]:
    """What stands below a photo: name, folder, dimensions and size, date."""
    return (
        wording.display_name(photo.path),
        wording.display_text(os.path.dirname(photo.path)),
        dimensions_and_size(photo, locale),
        date(photo, locale),
    )


def mark(*, is_kept: bool) -> str:
    """The mark of a photo."""
    return "Keep" if is_kept else "To the trash"


def spoken(photo: DuplicatePhoto, state: str, place: str, locale: QLocale) -> str:
    """A photo for a screen reader.

    Args:
        photo: which one.
        state: its mark, or why it has none.
        place: where it is among the others.
        locale: how numbers and dates are written.
    """
    return ", ".join((state, *lines(photo, locale), place))


def moved(count: int, skipped: int, failed: int, locale: QLocale) -> str:
    """What became of the photos that were to go."""
    sentences = [f"Moved {wording.count(count, 'photo', locale)} to the trash."] if count else []
    if skipped:
        sentences.append(
            f"{wording.count(skipped, 'photo', locale)} left alone, as files have changed since "
            "the search. Search again."
        )
    if failed:
        sentences.append(
            f"{wording.count(failed, 'photo', locale)} could not be moved to the trash. Look "
            "whether the folder may be written to, and whether its drive has a trash."
        )
    return " ".join(sentences)


def untouched(drive: str) -> str:
    """Why a photo has no mark."""
    return f"This photo is on “{drive}”, which is offline. It stays as it is."


def question(groups: int, locale: QLocale) -> str:
    """What else there is to know before photos are moved."""
    kept = (
        "Of the group at least one photo is kept."
        if groups == 1
        else f"Of each of the {wording.number(groups, locale)} groups at least one photo is kept."
    )
    return f"{kept} You can undo this, or bring them back from the system's trash."


def restored(count: int, failed: int, locale: QLocale) -> str:
    """What became of the photos that were to come back."""
    if failed:
        photos = wording.count(failed, "photo", locale)
        return f"{photos} could not be brought back. Look into the system's trash."
    return f"Brought {wording.count(count, 'photo', locale)} back."
