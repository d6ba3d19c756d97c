# SPDX-License-Identifier: MIT
"""The sentences about searches that are kept. Pure functions."""

from PySide6.QtCore import QDateTime, QLocale

from gallery_search.filters import NO_FILTERS
from gallery_search.gui import wording
from gallery_search.remembered import KeptSearch, SearchKind

HEADINGS: dict[SearchKind, str] = {"saved": "Saved searches", "recent": "Recent searches"}
NOTHING_YET = "Nothing was searched for yet."
NOT_REMEMBERING = "Recent searches are not kept."
HINT = (
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
        return "just now"
    if seconds < _HOUR_S:
        return f"{wording.count(seconds // _MINUTE_S, 'minute', locale)} ago"
    day = QDateTime.fromSecsSinceEpoch(at_s).date()
    days = day.daysTo(QDateTime.fromSecsSinceEpoch(now_s).date())
    if days == 0:
        return f"{wording.count(seconds // _HOUR_S, 'hour', locale)} ago"
    return "yesterday" if days == 1 else locale.toString(day, "d MMMM yyyy")


def detail(search: KeptSearch, kind: SearchKind, now_s: int, locale: QLocale) -> str:
    """The line below the name: "3 parts · with filters · 5 minutes ago"."""
    missing = gone(search)
    if missing:
        return missing
    when = ago(search.at_s, now_s, locale)
    pieces = [
        wording.count(len(search.parts), "part", locale) if len(search.parts) > 1 else "",
        "with filters" if search.filters != NO_FILTERS else "",
        f"saved {when}" if kind == "saved" else when,
    ]
    return " · ".join(filter(None, pieces))


def gone(search: KeptSearch) -> str:
    """That photos of a search are no longer there, as a sentence; "" where all are."""
    missing = [part for part in search.parts if part.is_gone]
    if not missing:
        return ""
    if len(missing) == 1:
        photo = wording.shortened(wording.display_text(missing[0].name))
        sentence = f"“{photo}” is no longer in the library"
    else:
        sentence = f"{len(missing)} of its photos are no longer in the library"
    if search.left:
        return f"{sentence}; the rest can be searched for."
    return f"{sentence}."


def saved(search_name: str) -> str:
    """What came of saving."""
    return f"Saved as “{wording.shortened(wording.display_text(search_name))}”."
