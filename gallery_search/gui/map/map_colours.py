# SPDX-License-Identifier: MIT
"""What the colours of the map's points stand for: dates, folders or clusters."""

from collections.abc import Sequence
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt
from msgspec import Struct
from PySide6.QtCore import QDate, QLocale
from PySide6.QtGui import QColor, QPalette

from gallery_search.gui import theme
from gallery_search.language import mark, tr
from gallery_search.maps import MapLoaded

ColourBy: TypeAlias = Literal["date", "folder", "cluster"]

CHOICES: dict[ColourBy, str] = {
    "cluster": mark("Cluster"),
    "date": mark("Date"),
    "folder": mark("Folder"),
}

_EPOCH, _DAY_S = QDate(1970, 1, 1), 24 * 3600
_SHADES = 48  # of dates; more cannot be told apart


class Colours(Struct, frozen=True, eq=False):
    """Colours of a map's photos.

    Attributes:
        of: uint8 (n,), the colour of each photo, into `colours`.
        colours: what can be seen on the map's ground.
        legend: what stands for what, in words; may be empty.
        is_scale: the legend has but the two ends of all colours.
    """

    of: npt.NDArray[np.uint8]
    colours: tuple[QColor, ...]
    legend: tuple[tuple[QColor, str], ...] = ()
    is_scale: bool = False


def colours(loaded: MapLoaded, by: ColourBy, palette: QPalette, locale: QLocale) -> Colours:
    """Colour a map."""
    if by == "date":
        return _by_date(loaded, palette, locale)
    if by == "folder":
        return _by_folder(loaded, palette)
    kinds = theme.categories(palette)
    of = np.where(loaded.cluster_of < 0, len(kinds), loaded.cluster_of % len(kinds))
    return Colours(of.astype(np.uint8), (*kinds, theme.quiet_text(palette)))


def _by_date(loaded: MapLoaded, palette: QPalette, locale: QLocale) -> Colours:
    shades = theme.date_shades(palette, _SHADES)
    if not len(loaded.moments):
        return Colours(np.empty(0, np.uint8), shades)
    # A camera whose clock was never set should not squeeze all others together.
    first, last = np.percentile(loaded.moments, (1, 99))
    share = np.clip((loaded.moments - first) / max(1.0, last - first), 0, 1)
    of = np.round(share * (_SHADES - 1)).astype(np.uint8)
    days = [_EPOCH.addDays(int(moment // _DAY_S)) for moment in (first, last)]
    ends = [str(day.year()) for day in days]
    if ends[0] == ends[1]:
        wanted = tr("d MMMM yyyy", note="format of a date, as Qt writes it")
        ends = [locale.toString(day, wanted) for day in days]
    legend = tuple(zip((shades[0], shades[-1]), ends, strict=True))
    return Colours(of, shades, legend, is_scale=True)


def _by_folder(loaded: MapLoaded, palette: QPalette) -> Colours:
    kinds = theme.categories(palette)
    counts = np.bincount(loaded.folder_of, minlength=len(loaded.folders))
    order = np.argsort(-counts, kind="stable")
    order = order[counts[order] > 0]
    number_of = np.full(max(1, len(loaded.folders)), len(kinds), np.uint8)
    number_of[order[: len(kinds)]] = np.arange(min(len(order), len(kinds)), dtype=np.uint8)
    other = theme.quiet_text(palette)
    names = short_names([loaded.folders[i] for i in order[: len(kinds)]])
    legend = [(kinds[i], name) for i, name in enumerate(names)]
    if len(order) > len(kinds):
        legend.append((other, tr("Other folders")))
    return Colours(number_of[loaded.folder_of], (*kinds, other), tuple(legend))


def short_names(paths: Sequence[str]) -> list[str]:
    """The last part of each path, and the one before where that is needed to tell them apart."""
    parts = [path.replace("\\", "/").rstrip("/").split("/") for path in paths]
    lasts = [part[-1] for part in parts]
    return [
        "/".join(part[-2:]) if lasts.count(part[-1]) > 1 else part[-1] or path
        for part, path in zip(parts, paths, strict=True)
    ]
