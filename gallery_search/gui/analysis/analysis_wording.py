# SPDX-License-Identifier: MIT
"""The sentences of the analysis view. Pure functions."""

import os
from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QDateTime, QLocale, Qt

from gallery_search.gui import wording

NOTHING_THERE = (
    "There is nothing to look at yet. Choose a folder of pictures, or open the result of an "
    "experiment."
)
NO_NEIGHBOURS = (
    "Nobody has looked for the neighbours of these pictures yet. Each network that you choose "
    "finds the five pictures of the folder that are most like each."
)
NO_PICTURE = "The picture cannot be read."
NOTHING_FOUND = "No title has these words."
CHOOSE_ONE = "Choose a picture, or let yourself be surprised."
CHOOSE_NETWORK = "Choose a network, two or three to compare them."
AT_MOST = "Three networks at most can be shown; take one away first."
FOUND_FIRST = "It found the photo of this edit first."
ONLY_HERE = "Only this network"
NOT_FIRST = "The photo of this edit should have come first."
NOT_ASKED = "It was not asked about this picture."
NOTHING_SHARED = "The networks have found no picture in common."
SAME = "All networks found the same pictures."
COLUMNS = ("Title", "Artist", "Differ")
COLUMNS_JUDGED = ("Title", "Copy", "Wrong")
DIFFER = "Differ"
ORDERS = {
    "name": "As in the file",
    "disagreement": "Where networks differ most",
    "mistakes": "Most mistakes first",
}

PROFILES = {
    "greyscale": "greyscale",
    "scale": "scaled down to 0.8",
    "sharpen": "sharpened",
    "edge_enhance": "edges enhanced",
    "colour": "colour to 0.5",
    "crop_wide": "cropped a little",
    "crop_tight": "cropped much",
    "rotate_15": "turned by 15°",
    "rotate_90": "turned by 90°",
    "mirror": "mirrored",
    "blur": "blurred",
    "jpeg": "JPEG of quality 5",
    "noise": "noise",
    "text_bar": "bar with text",
    "page": "on a page",
}

_COPY = "Copy: {profile}"
_RIGHT = "{similarity} ✓ right"
_WRONG = "{similarity} ✗ wrong"
_NEIGHBOURS_OF = "{folder}: neighbours, {date}"
_RECOVERY_OF = "{folder}: recovery, {date}"
_DATASET = "{folder}: no neighbours yet"
_ANY_FOLDER = "Library"
_ALL = "{pictures}"
_SOME = "The first {shown} of {total}; words find the rest"
_DIFFER = "The networks share {share} of what they found."
_MISSED = "Not among the five: {profiles}"


def source_name(source: Mapping[str, Any], locale: QLocale) -> str:
    """What to call a source in the list of them."""
    pattern = {"neighbours": _NEIGHBOURS_OF, "recovery": _RECOVERY_OF, "dataset": _DATASET}
    folder = wording.display_name(source["folder"]) if source["folder"] else _ANY_FOLDER
    moment = QDateTime.fromString(source["made_at"], Qt.DateFormat.ISODate).toLocalTime()
    date = locale.toString(moment, QLocale.FormatType.ShortFormat)
    return pattern[source["kind"]].format(folder=folder, date=date)


def verdict(shown: Mapping[str, Any], locale: QLocale) -> str:
    """How similar a neighbour is, and whether it should have come; "" for no neighbour."""
    if "similarity" not in shown:
        return ""
    similarity = locale.toString(float(shown["similarity"]), "f", 3)
    pattern = {True: _RIGHT, False: _WRONG, None: "{similarity}"}[shown["is_right"]]
    return pattern.format(similarity=similarity)


def lines(shown: Mapping[str, Any]) -> tuple[str, ...]:
    """Title, copy, and what the dataset says of a picture; only what there is."""
    title = wording.display_text(shown["title"])
    copy = () if shown["profile"] is None else (_COPY.format(profile=profile(shown["profile"])),)
    facts = shown["facts"] or [_folder(shown["path"])]
    return (title, *copy, *map(wording.display_text, facts))


def profile(name: str) -> str:
    """What a perturbation or an edit does."""
    return PROFILES.get(name, name)


def count(shown: int, total: int, locale: QLocale) -> str:
    """How many pictures the list has."""
    if total > shown:
        return _SOME.format(
            shown=wording.number(shown, locale), total=wording.number(total, locale)
        )
    return _ALL.format(pictures=wording.count(total, "picture", locale))


def differ(disagreement: float, locale: QLocale) -> str:
    """How much several networks agree about a picture."""
    if disagreement <= 0 or disagreement >= 1:
        return SAME if disagreement <= 0 else NOTHING_SHARED
    return _DIFFER.format(share=wording.percent(1 - disagreement, locale))


def row_note(row: Mapping[str, Any], picture: Mapping[str, Any]) -> str:
    """What is said beside a network's name; "" for nothing."""
    if not row["neighbours"]:
        return NOT_ASKED if picture["profile"] is None else FOUND_FIRST
    if picture["profile"] is not None:
        return NOT_FIRST
    if row["missed"]:
        return _MISSED.format(profiles=", ".join(map(profile, row["missed"])))
    return ""


def only_here(rows: Sequence[Mapping[str, Any]]) -> list[list[bool]]:
    """For each neighbour of each network, whether no other network found it."""
    found = [{(n["path"], n["profile"]) for n in row["neighbours"]} for row in rows]
    return [
        [
            len(rows) > 1
            and not any(
                (n["path"], n["profile"]) in other
                for place, other in enumerate(found)
                if place != number
            )
            for n in row["neighbours"]
        ]
        for number, row in enumerate(rows)
    ]


def _folder(path: str) -> str:
    return os.path.basename(os.path.dirname(path))
