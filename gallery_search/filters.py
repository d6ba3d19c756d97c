# SPDX-License-Identifier: MIT
"""Which photos a search may find, as a record."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Filters:
    """Which photos a search may find: those for which every field holds that is given.

    Attributes:
        folders: absolute paths; photos directly in one of them or anywhere below. Empty: all.
        taken_from: seconds since 1970 as the camera's clock showed them if it were UTC; where a
            photo has no date, that of its file counts, as in the order of the grid.
        taken_before: likewise; this moment itself is left out.
        formats: Pillow's names, such as "JPEG", as the content of the file has it. Empty: all.
        min_bytes: size of the file, likewise `max_bytes`; all limits belong to what is allowed.
        min_pixels: width times height of the upright image, likewise `max_pixels`.
        min_width: of the upright image in pixels; likewise `max_width` and the heights.
    """

    folders: tuple[str, ...] = ()
    taken_from: int | None = None
    taken_before: int | None = None
    formats: tuple[str, ...] = ()
    min_bytes: int | None = None
    max_bytes: int | None = None
    min_pixels: int | None = None
    max_pixels: int | None = None
    min_width: int | None = None
    max_width: int | None = None
    min_height: int | None = None
    max_height: int | None = None


NO_FILTERS = Filters()
