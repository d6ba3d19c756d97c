# SPDX-License-Identifier: MIT
"""The sentences about searches that are kept. Pure functions."""

from PySide6.QtCore import QDateTime, QLocale

from gallery_search.filters import NO_FILTERS
from gallery_search.gui import wording
from gallery_search.language import mark, tr, tr_count
from gallery_search.remembered import KeptSearch, SearchKind

HEADINGS: dict[SearchKind, str] = {
    "saved": mark("Saved searches"),
    "recent": mark("Recent searches"),
}
NOTHING_YET = mark("Nothing was searched for yet.")
NOT_REMEMBERING = mark("Recent searches are not kept.")
HINT = mark(
    "A click or Enter searches again, Delete removes a search from this list, and F2 renames a "
    "saved one."
)

_MINUTE_S, _HOUR_S = 60, 3600


def name(search: KeptSearch) -> str:
    """What a search is called, as it can be shown in a line."""
    return wording.display_text(search.name)


def ago(at_s: int, now_s: int, locale: QLocale) -> str:
    """A time that has passed: "just now", "5 minutes ago", "yesterday", "12 March 2026"."""
    seconds = now_s - at_s
    if seconds < _MINUTE_S:  # or the clock was set back
        return tr("just now")
    if seconds < _HOUR_S:
        return tr_count("{count} minute ago", "{count} minutes ago", seconds // _MINUTE_S)
    day = QDateTime.fromSecsSinceEpoch(at_s).date()
    days = day.daysTo(QDateTime.fromSecsSinceEpoch(now_s).date())
    if days == 0:
        return tr_count("{count} hour ago", "{count} hours ago", seconds // _HOUR_S)
    if days == 1:
        return tr("yesterday")
    return locale.toString(day, tr("d MMMM yyyy", note="format of a date, as Qt writes it"))


def detail(search: KeptSearch, kind: SearchKind, now_s: int, locale: QLocale) -> str:
    """The line below the name: "3 parts · with filters · 5 minutes ago"."""
    missing = gone(search)
    if missing:
        return missing
    when, parts = ago(search.at_s, now_s, locale), len(search.parts)
    pieces = [
        tr_count("{count} part", "{count} parts", parts) if parts > 1 else "",
        tr("with filters") if search.filters != NO_FILTERS else "",
        tr("saved {when}", when=when) if kind == "saved" else when,
    ]
    return " · ".join(filter(None, pieces))


def gone(search: KeptSearch) -> str:
    """That photos of a search are no longer there, as a sentence; "" where all are."""
    missing = [part for part in search.parts if part.is_gone]
    if not missing:
        return ""
    if len(missing) == 1:
        photo = wording.shortened(wording.display_text(missing[0].name))
        if search.left:
            return tr(
                "“{photo}” is no longer in the library; the rest can be searched for.", photo=photo
            )
        return tr("“{photo}” is no longer in the library.", photo=photo)
    if search.left:
        return tr_count(
            "A photo of it is no longer in the library; the rest can be searched for.",
            "{count} of its photos are no longer in the library; the rest can be searched for.",
            len(missing),
        )
    return tr_count(
        "Its photo is no longer in the library.",
        "{count} of its photos are no longer in the library.",
        len(missing),
    )


def saved(search_name: str) -> str:
    """What came of saving."""
    return tr("Saved as “{name}”.", name=wording.shortened(wording.display_text(search_name)))
