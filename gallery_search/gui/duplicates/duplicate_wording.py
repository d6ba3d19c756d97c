# SPDX-License-Identifier: MIT
"""The sentences about duplicates. Pure functions."""

import os

from PySide6.QtCore import QDateTime, QLocale, QTimeZone

from gallery_search import language
from gallery_search.duplicates import DuplicateKind, DuplicatePhoto
from gallery_search.gui import wording
from gallery_search.gui.files import trash_wording
from gallery_search.gui.grid.grid_model import similarity_text
from gallery_search.language import tr, tr_count

from .duplicate_marks import Going, MarkedGroup

TABS: dict[DuplicateKind, str] = {
    "exact": language.mark("Same file"),
    "near": language.mark("Look alike"),
}
EMPTY: dict[DuplicateKind, str] = {
    "exact": language.mark("No file is there twice."),
    "near": language.mark("No photos look so much alike that they could be copies."),
}
NOT_DUPLICATES: dict[DuplicateKind, str] = {
    "exact": language.mark("These copies are meant to &be"),
    "near": language.mark("These are not &duplicates"),
}
NOTHING_FOUND = language.mark("No duplicates were found.")
LAST_ONE = language.mark("One photo of each group is always kept.")
_TAKEN, _CHANGED = language.mark("Taken {when}"), language.mark("Changed {when}")


def tab(kind: DuplicateKind, groups: int, locale: QLocale) -> str:
    """The label of a tab: "Same file (12)"."""
    return tr("{label} ({number})", label=tr(TABS[kind]), number=wording.number(groups, locale))


def progress(done: int, total: int, locale: QLocale) -> str:
    """How far a search is."""
    return tr_count(
        "Comparing: {done} of {count} photo",
        "Comparing: {done} of {count} photos",
        total,
        shown=wording.number(total, locale),
        done=wording.number(done, locale),
    )


def summary(groups: int, locale: QLocale) -> str:
    """What was found in all."""
    if not groups:
        return tr(NOTHING_FOUND)
    return tr_count(
        "{count} group of duplicates",
        "{count} groups of duplicates",
        groups,
        shown=wording.number(groups, locale),
    )


def photos(count: int, locale: QLocale) -> str:
    """A number of photos: "2,000 photos"."""
    return tr_count("{count} photo", "{count} photos", count, shown=wording.number(count, locale))


def move_label(marked: Going, locale: QLocale) -> str:
    """The button that moves what is marked: "Move 37 photos (1.2 GB) to the trash…"."""
    return tr_count(
        "&Move {count} photo ({size}) to the trash…",
        "&Move {count} photos ({size}) to the trash…",
        marked.photos,
        shown=wording.number(marked.photos, locale),
        size=wording.size(marked.size_bytes, locale),
    )


def move_question(marked: Going, locale: QLocale) -> str:
    """Whether what is marked is to go."""
    return tr_count(
        "Move {count} photo ({size}) to the trash?",
        "Move {count} photos ({size}) to the trash?",
        marked.photos,
        shown=wording.number(marked.photos, locale),
        size=wording.size(marked.size_bytes, locale),
    )


def added_since(count: int, locale: QLocale) -> str:
    """That a search could not know some photos; "" where there are none."""
    if not count:
        return ""
    return tr_count(
        "{count} photo was added since this search. Search again to compare it, too.",
        "{count} photos were added since this search. Search again to compare them, too.",
        count,
        shown=wording.number(count, locale),
    )


def heading(group: MarkedGroup, kind: DuplicateKind, locale: QLocale) -> str:
    """What stands before a group."""
    number = photos(len(group.photos), locale)
    return number if kind == "exact" else f"{number}\n{similarity_text(group.similarity)}"


def dimensions_and_size(photo: DuplicatePhoto, locale: QLocale) -> str:
    """What a photo has: "4000 × 3000 · 2.1 MB"."""
    return f"{photo.width} × {photo.height} · {wording.size(photo.size_bytes, locale)}"


def date(photo: DuplicatePhoto, locale: QLocale) -> str:
    """When a photo was taken, or else when its file was changed last, in local time."""
    if photo.taken_at is not None:  # of a camera's clock, which knows no time zone
        utc = QTimeZone(QTimeZone.Initialization.UTC)
        when, sentence = QDateTime.fromSecsSinceEpoch(photo.taken_at, utc), _TAKEN
    else:
        when, sentence = QDateTime.fromSecsSinceEpoch(photo.mtime_ns // 10**9), _CHANGED
    return tr(sentence, when=locale.toString(when, QLocale.FormatType.ShortFormat))


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
    return tr("Keep") if is_kept else tr("To the trash")


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
    sentences = []
    if count:
        sentence = tr_count(
            "Moved {count} photo to the trash.",
            "Moved {count} photos to the trash.",
            count,
            shown=wording.number(count, locale),
        )
        sentences.append(sentence)
    if skipped:
        sentence = tr_count(
            "{count} photo left alone, as files have changed since the search. Search again.",
            "{count} photos left alone, as files have changed since the search. Search again.",
            skipped,
            shown=wording.number(skipped, locale),
        )
        sentences.append(sentence)
    if failed:
        sentences.append(trash_wording.not_moved_count(failed, locale))
    return " ".join(sentences)


def untouched(drive: str) -> str:
    """Why a photo has no mark."""
    return tr("This photo is on “{drive}”, which is offline. It stays as it is.", drive=drive)


def question(groups: int, locale: QLocale) -> str:
    """What else there is to know before photos are moved."""
    return tr_count(
        "Of the group at least one photo is kept. You can undo this, or bring them back from the "
        "system's trash.",
        "Of each of the {count} groups at least one photo is kept. You can undo this, or bring "
        "them back from the system's trash.",
        groups,
        shown=wording.number(groups, locale),
    )


def restored(count: int, failed: int, locale: QLocale) -> str:
    """What became of the photos that were to come back."""
    if failed:
        return trash_wording.not_brought_back_count(failed, locale)
    return trash_wording.brought_back_count(count, locale)
