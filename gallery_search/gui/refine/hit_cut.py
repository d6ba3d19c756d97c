# SPDX-License-Identifier: MIT
"""Which hits of a result are similar enough to be shown. Pure: no widgets, no new search."""

from collections.abc import Sequence

from msgspec import Struct

from gallery_search.records import Hit
from gallery_search.similarity import SimilarityScale

# What rounding to float16 takes from the similarity of a photo to itself, and to spare.
_TOLERANCE = 0.001

BANDS = ("near-identical", "same scene", "same kind")
CUTS = (*BANDS, "all")  # where results may be cut before the user has moved the slider
USUAL_CUT = "same kind"


class Axis(Struct, frozen=True):
    """What the slider goes along: the cosine `low` is at 0.0 of it, `high` at 1.0."""

    low: float
    high: float

    def place(self, similarity: float) -> float:
        """Where a similarity is, from 0.0 to 1.0; what lies beyond an end is at that end."""
        if self.high <= self.low:
            return 1.0
        return min(1.0, max(0.0, (similarity - self.low) / (self.high - self.low)))

    def similarity(self, place: float) -> float:
        """The lowest similarity that is at a place above 0.0, or beyond it."""
        return self.low + place * (self.high - self.low) if self.high > self.low else -1.0


class HitCut:
    """The hits of one result, and the place on the axis from which on they are shown.

    A place that the user has chosen holds for later results, too, where they have a scale: it is
    a part of the way from unlike photos to the same one, which means the same in each. At place
    0.0 all hits are shown, whatever their similarity.
    """

    def __init__(self) -> None:
        self._hits: tuple[Hit, ...] = ()
        self._scale: SimilarityScale | None = None
        self._axis = Axis(0.0, 1.0)
        self._usual = USUAL_CUT
        self._chosen: float | None = None
        self._place = 0.0

    @property
    def hits(self) -> tuple[Hit, ...]:
        """All hits, shown or not."""
        return self._hits

    @property
    def place(self) -> float:
        """Where the cut is on the axis."""
        return self._place

    @property
    def default(self) -> float:
        """Where the cut is when nobody moves it: where the settings say."""
        return self.bands.get(self._usual, 0.0)

    @property
    def chosen(self) -> float | None:
        """Where the user wants the cut; None where it is at its default."""
        return None if self._place == self.default else self._place

    @property
    def shown(self) -> tuple[Hit, ...]:
        """The hits that are similar enough, in their order."""
        least_place = self._place - _TOLERANCE
        if least_place <= 0.0:
            return self._hits
        least = self._axis.similarity(least_place)
        return tuple([hit for hit in self._hits if hit.similarity >= least])

    @property
    def hidden_count(self) -> int:
        """How many hits are not shown."""
        return len(self._hits) - len(self.shown)

    @property
    def bands(self) -> dict[str, float]:
        """Where each band begins, the closest first; empty where there is no scale."""
        scale = self._scale
        if scale is None:
            return {}
        limits = (scale.near_identical, scale.same_scene, scale.same_kind)
        return {name: self._axis.place(at) for name, at in zip(BANDS, limits, strict=True)}

    @property
    def band(self) -> str | None:
        """The widest band that is shown as a whole; None where less alike photos are, too."""
        reached = [name for name, at in self.bands.items() if self._place >= at - _TOLERANCE]
        return reached[0] if reached else None

    def show(self, hits: tuple[Hit, ...], scale: SimilarityScale | None) -> None:
        """Take a new result; it is cut where the user chose, or where results usually are."""
        self._hits, self._scale = hits, scale
        if scale is None:  # of words: their cosines with photos are on no scale
            found = [hit.similarity for hit in hits]
            self._axis = Axis(min(found, default=0.0), max(found, default=1.0))
            self._place = 0.0
        else:
            self._axis = Axis(scale.unlike, 1.0)
            self._place = self.default if self._chosen is None else self._chosen

    def cut_usually(self, cut: str) -> None:
        """Cut this and later results at one of `CUTS`, until the user chooses another place."""
        self._usual = cut
        self._chosen = None
        if self._scale is not None:
            self._place = self.default

    def prune(self, hits: tuple[Hit, ...]) -> None:
        """Note that the result lost some hits; the cut stays."""
        self._hits = hits

    def move(self, place: float) -> None:
        """Cut elsewhere, as the user chose."""
        self._place = place
        if self._scale is not None:
            self._chosen = place

    def show_all(self) -> None:
        """Hide nothing of this result; later ones are cut as before."""
        self._place = 0.0

    def histogram(self, bars: int) -> list[int]:
        """How many hits are in each of so many equal parts of the axis, from its low end on."""
        return histogram([self._axis.place(hit.similarity) for hit in self._hits], bars)


def histogram(places: Sequence[float], bars: int) -> list[int]:
    """How many of some places, 0.0 to 1.0, are in each of so many equal parts."""
    counts = [0] * bars
    for place in places:
        counts[min(bars - 1, int(place * bars))] += 1
    return counts
