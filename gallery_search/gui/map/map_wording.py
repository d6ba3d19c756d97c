# SPDX-License-Identifier: MIT
"""The sentences of the map's window."""

from PySide6.QtCore import QDate, QLocale

from gallery_search.gui import wording
from gallery_search.maps import MapCluster, MapProgress

TITLE = "Map"
STEPS = {
    "reading": "Reading what the network made of the photos…",
    "comparing": "Finding the nearest photos of each…",
    "arranging": "Laying out the photos…",
    "placing": "Placing new photos…",
}
OPENING = "Opening the map…"
EMPTY = "There is nothing on the map yet. It shows photos once they have been indexed."
CANCELLED = "The making of the map was cancelled."
HINT = "Photos that look alike lie close together. Click one to see what is most like it."
MAP_NAME = "Map of {photos}"
MAP_KEYS = (
    "Arrows move the map, plus and minus zoom, 0 shows all of it. Tab goes from photo to photo, "
    "Enter shows one with its neighbours, Ctrl+Tab leaves the map."
)
CURRENT_PHOTO = "{name}, {place} of {count} in view"
SUMMARY = "{photos} on the map"
SUMMARY_PLACED = "{photos} on the map, {placed} of them placed since it was made"
SELECTED = "{photos} selected"
SELECTED_FEW = "{photos} selected. A search takes {most} of them."
NEIGHBOURS = "Most like it"
NO_NEIGHBOURS = "No similar photo was found."
NEIGHBOURS_RUNNING = "Looking for similar photos…"
MANY_PHOTOS_NAME = "Photos chosen on the map"


def progress(told: MapProgress) -> str:
    """What is being done."""
    return STEPS[told.step]


def summary(count: int, placed: int, locale: QLocale) -> str:
    """How many photos are on the map."""
    photos = wording.count(count, "photo", locale)
    if placed > 0:
        return SUMMARY_PLACED.format(photos=photos, placed=wording.number(placed, locale))
    return SUMMARY.format(photos=photos)


def cluster_label(cluster: MapCluster, locale: QLocale) -> str:
    """What to call a cluster on the map; "" where its photos share nothing."""
    if cluster.folder is not None:
        return wording.shortened(wording.display_name(cluster.folder), 28)
    if cluster.period is None:
        return ""
    year, month = cluster.period
    if month:
        return locale.toString(QDate(year, month, 1), "MMMM yyyy")
    return str(year)
