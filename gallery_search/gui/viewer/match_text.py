# SPDX-License-Identifier: MIT
"""What is said about which parts match: the line below the photo, and why there is none."""

from msgspec import Struct
from PySide6.QtCore import QLocale

from gallery_search.backbone_status import BackboneStatus
from gallery_search.gui import wording
from gallery_search.gui.query.history import Visit
from gallery_search.language import mark, tr
from gallery_search.matches import MatchExplained

COMMAND = mark("Show what matches")
LOOKING = mark("Looking for what matches…")

_LEAST_SIMILARITY = 0.02  # of which shares say something
_LEAST_SHARE = 0.05  # of the similarity that is worth a word


class Refusal(Struct, frozen=True):
    """Why it cannot be shown what matches: in two or three words, and as a sentence."""

    short: str
    sentence: str


def refusal(visit: Visit, active: BackboneStatus | None) -> Refusal | None:
    """Why it cannot be shown what matches in the photos of a result; None where it can be."""
    if active is not None and not active.shows_matches:
        return Refusal(
            tr("not with {network}", network=active.name),
            tr(
                "The network {network} cannot show what matches: it does not keep the places of "
                "a photo apart.",
                network=active.name,
            ),
        )
    if active is not None and visit.backbone not in ("", active.name):
        return Refusal(
            tr("search again first"),
            tr("Another network answers by now. Search again to see what matches."),
        )
    if visit.source is None:
        return Refusal(
            tr("search again first"),
            tr(
                "The image searched for is no longer kept. Search for it again to see what matches."
            ),
        )
    return None


def explained(answer: MatchExplained, locale: QLocale) -> str:
    """What there is to know beside the colours."""
    said = []
    if float(answer.photo.cells.max()) <= 0:
        said.append(tr("No part of this photo is like the query"))
    elif (share := _without_place(answer)) >= _LEAST_SHARE:
        said.append(
            tr("{percent} is in the picture as a whole", percent=wording.percent(share, locale))
        )
    return " · ".join(said)


def _without_place(answer: MatchExplained) -> float:
    """The share of the similarity that is in no certain place; 0 where that says nothing."""
    if answer.similarity < _LEAST_SIMILARITY:
        return 0.0
    share = 1.0 - float(answer.photo.cells.sum()) / answer.similarity
    return share if share <= 1.0 else 0.0
