# SPDX-License-Identifier: MIT
"""What tells photos apart that are compared, and what is best of which, in words. No widgets."""

from collections.abc import Callable, Sequence

from msgspec import Struct
from PySide6.QtCore import QDateTime, QLocale, QSize, QTimeZone

from gallery_search.gui import wording
from gallery_search.language import mark, tr
from gallery_search.pictures import PhotoDetails


class PhotoFacts(Struct, frozen=True):
    """The facts of one photo.

    Attributes:
        pixels: of the upright photo, across and down.
        size_bytes: of its file.
        taken_at: seconds since 1970 as if the camera's clock were UTC; None where it is not said.
        changed_at: when the file was changed last, in seconds since 1970, if that is known.
    """

    pixels: tuple[int, int]
    size_bytes: int
    taken_at: int | None
    changed_at: int | None

    @property
    def when(self) -> int | None:
        """When it was taken, or else when its file was changed last."""
        return self.changed_at if self.taken_at is None else self.taken_at


_BEST: tuple[tuple[str, Callable[[PhotoFacts], int | None]], ...] = (
    (mark("Most pixels"), lambda facts: facts.pixels[0] * facts.pixels[1]),
    (mark("Largest file"), lambda facts: facts.size_bytes),
    (mark("Earliest"), lambda facts: None if facts.when is None else -facts.when),
)
_TAKEN, _CHANGED = mark("Taken {when}"), mark("Changed {when}")


def facts_of(size: QSize, details: PhotoDetails) -> PhotoFacts:
    """The facts of a photo of this size in pixels."""
    return PhotoFacts(
        (size.width(), size.height()), details.size_bytes, details.taken_at, details.changed_at
    )


def facts_line(facts: PhotoFacts, locale: QLocale) -> str:
    """The facts in a line: "4000 × 3000 · 2.1 MB · Taken 03/05/2024 14:02"."""
    width, height = facts.pixels
    parts = [f"{width} × {height}", wording.size(facts.size_bytes, locale), _date(facts, locale)]
    return " · ".join(filter(None, parts))


def best_of(photos: Sequence[PhotoFacts]) -> list[list[str]]:
    """For each photo, in what it is best of all; nothing where all are the same in that."""
    words: list[list[str]] = [[] for _ in photos]
    for word, measure in _BEST:
        values = [measure(facts) for facts in photos]
        known = [value for value in values if value is not None]
        if len(known) == len(photos) > 1 and min(known) < max(known):
            for of_photo, value in zip(words, values, strict=True):
                if value == max(known):
                    of_photo.append(tr(word))
    return words


def _date(facts: PhotoFacts, locale: QLocale) -> str:
    if facts.taken_at is not None:  # of a camera's clock, which knows no time zone
        utc = QTimeZone(QTimeZone.Initialization.UTC)
        when, sentence = QDateTime.fromSecsSinceEpoch(facts.taken_at, utc), _TAKEN
    elif facts.changed_at is not None:
        when, sentence = QDateTime.fromSecsSinceEpoch(facts.changed_at), _CHANGED
    else:
        return ""
    return tr(sentence, when=locale.toString(when, QLocale.FormatType.ShortFormat))
