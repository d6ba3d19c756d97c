# SPDX-License-Identifier: MIT
"""The sentences of the map's window."""

from PySide6.QtCore import QDate, QLocale

from gallery_search.gui import wording
from gallery_search.language import mark, tr, tr_count
from gallery_search.maps import MapCluster, MapProgress

_STEPS = {
    "reading": mark("Reading what the network made of the photos…"),
    "comparing": mark("Finding the nearest photos of each…"),
    "arranging": mark("Laying out the photos…"),
    "placing": mark("Placing new photos…"),
}
TITLE = mark("Map")
OPENING = mark("Opening the map…")
EMPTY = mark("There is nothing on the map yet. It shows photos once they have been indexed.")
CANCELLED = mark("The making of the map was cancelled.")
NEIGHBOURS = mark("Most like it")


def progress(told: MapProgress) -> str:
    """What is being done."""
    return tr(_STEPS[told.step])


def map_name(count: int, locale: QLocale) -> str:
    """What the map is called for those who cannot see it."""
    return tr_count(
        "Map of {count} photo",
        "Map of {count} photos",
        count,
        shown=wording.number(count, locale),
    )


def summary(count: int, placed: int, locale: QLocale) -> str:
    """How many photos are on the map."""
    shown = wording.number(count, locale)
    if placed > 0:
        return tr_count(
            "{count} photo on the map, {placed} of them placed since it was made",
            "{count} photos on the map, {placed} of them placed since it was made",
            count,
            shown=shown,
            placed=wording.number(placed, locale),
        )
    return tr_count("{count} photo on the map", "{count} photos on the map", count, shown=shown)


def selected(count: int, most: int, locale: QLocale) -> str:
    """How many photos are selected, of which a search takes `most` at the most."""
    shown = wording.number(count, locale)
    if count > most:
        return tr_count(
            "{count} photo selected. A search takes {most} of them.",
            "{count} photos selected. A search takes {most} of them.",
            count,
            shown=shown,
            most=wording.number(most, locale),
        )
    return tr_count("{count} photo selected", "{count} photos selected", count, shown=shown)


def current_photo(name: str, place: int, count: int, locale: QLocale) -> str:
    """Which photo the keyboard is at, the first being 1."""
    return tr(
        "{name}, {place} of {count} in view",
        name=name,
        place=wording.number(place, locale),
        count=wording.number(count, locale),
    )


def cluster_label(cluster: MapCluster, locale: QLocale) -> str:
    """What to call a cluster on the map; "" where its photos share nothing."""
    if cluster.folder is not None:
        return wording.shortened(wording.display_name(cluster.folder), 28)
    if cluster.period is None:
        return ""
    year, month = cluster.period
    if month:
        return locale.toString(
            QDate(year, month, 1), tr("MMMM yyyy", note="month and year, as Qt formats dates")
        )
    return str(year)
