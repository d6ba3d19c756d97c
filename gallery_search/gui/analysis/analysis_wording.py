# SPDX-License-Identifier: MIT
"""The sentences of the analysis view. Pure functions."""

import os
from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QDateTime, QLocale, Qt

from gallery_search.gui import wording
from gallery_search.language import mark, tr, tr_count

NOTHING_THERE = mark(
    "There is nothing to look at yet. Choose a folder of pictures, or open the result of an "
    "experiment."
)
NO_NEIGHBOURS = mark(
    "Nobody has looked for the neighbours of these pictures yet. Each network that you choose "
    "finds the five pictures of the folder that are most like each."
)
STOPPED = mark("Cancelled. What was done is kept: “Find neighbours” goes on from there.")
NO_PICTURE = mark("The picture cannot be read.")
NOTHING_FOUND = mark("No title has these words.")
AT_MOST = mark("Three networks at most can be shown; take one away first.")
FOUND_FIRST = mark("It found the photo of this edit first.")
ONLY_HERE = mark("Only this network")
NOT_FIRST = mark("The photo of this edit should have come first.")
NOT_ASKED = mark("It was not asked about this picture.")
NOTHING_SHARED = mark("The networks have found no picture in common.")
SAME = mark("All networks found the same pictures.")
ORDERS = {
    "name": mark("As in the file"),
    "disagreement": mark("Where networks differ most"),
    "mistakes": mark("Most mistakes first"),
}

PROFILES = {
    "greyscale": mark("greyscale"),
    "scale": mark("scaled down to 0.8"),
    "sharpen": mark("sharpened"),
    "edge_enhance": mark("edges enhanced"),
    "colour": mark("colour to 0.5"),
    "crop_wide": mark("cropped a little"),
    "crop_tight": mark("cropped much"),
    "rotate_15": mark("turned by 15°"),
    "rotate_90": mark("turned by 90°"),
    "mirror": mark("mirrored"),
    "blur": mark("blurred"),
    "jpeg": mark("JPEG of quality 5"),
    "noise": mark("noise"),
    "text_bar": mark("bar with text"),
    "page": mark("on a page"),
}

_FOUND_NEIGHBOURS = mark("The neighbours of the pictures in {folder} are found.")
_RESULTS = {
    "neighbours": mark("{folder}: neighbours, {date}"),
    "recovery": mark("{folder}: recovery, {date}"),
}
_VERDICTS = {
    True: mark("{similarity} ✓ right"),
    False: mark("{similarity} ✗ wrong"),
}


def column(section: int, *, is_judged: bool, tells_mistakes: bool) -> str:
    """The head of a column of the list.

    Args:
        section: from 0 to 2.
        is_judged: whether there are copies, of which it is known what should be found.
        tells_mistakes: the last column has them, and not how much networks differ.
    """
    match section:
        case 0:
            return tr("Title")
        case 1 if is_judged:
            return tr("Copy", note="how a picture was changed")
        case 1:
            return tr("Artist")
        case _ if tells_mistakes:
            return tr("Wrong", note="how many mistakes")
        case _:
            return tr("Differ", note="how much the networks do")


def source_name(source: Mapping[str, Any], locale: QLocale) -> str:
    """What to call a source in the list of them."""
    folder = wording.display_name(source["folder"]) if source["folder"] else tr("Library")
    moment = QDateTime.fromString(source["made_at"], Qt.DateFormat.ISODate).toLocalTime()
    date = locale.toString(moment, QLocale.FormatType.ShortFormat)
    if source["kind"] == "dataset":
        return tr("{folder}: no neighbours yet", folder=folder)
    return tr(_RESULTS[source["kind"]], folder=folder, date=date)


def neighbours_found(folder: str) -> str:
    """That an experiment has ended whose result is not shown at once."""
    return tr(_FOUND_NEIGHBOURS, folder=wording.display_name(folder))


def verdict(shown: Mapping[str, Any], locale: QLocale) -> str:
    """How similar a neighbour is, and whether it should have come; "" for no neighbour."""
    if "similarity" not in shown:
        return ""
    similarity = locale.toString(float(shown["similarity"]), "f", 3)
    if shown["is_right"] is None:
        return similarity
    return tr(_VERDICTS[shown["is_right"]], similarity=similarity)


def lines(shown: Mapping[str, Any]) -> tuple[str, ...]:
    """Title, copy, and what the dataset says of a picture; only what there is."""
    title = wording.display_text(shown["title"])
    name = shown["profile"]
    copy = () if name is None else (tr("Copy: {profile}", profile=profile(name)),)
    facts = shown["facts"] or [_folder(shown["path"])]
    return (title, *copy, *map(wording.display_text, facts))


def profile(name: str) -> str:
    """What a perturbation or an edit does."""
    return tr(PROFILES[name]) if name in PROFILES else name


def count(shown: int, total: int, locale: QLocale) -> str:
    """How many pictures the list has."""
    if total > shown:
        return tr(
            "The first {part} of {total}; words find the rest",
            part=wording.number(shown, locale),
            total=wording.number(total, locale),
        )
    return tr_count(
        "{count} picture", "{count} pictures", total, shown=wording.number(total, locale)
    )


def differ(disagreement: float, locale: QLocale) -> str:
    """How much several networks agree about a picture."""
    if disagreement <= 0 or disagreement >= 1:
        return tr(SAME if disagreement <= 0 else NOTHING_SHARED)
    share = wording.percent(1 - disagreement, locale)
    return tr("The networks share {share} of what they found.", share=share)


def row_note(row: Mapping[str, Any], picture: Mapping[str, Any]) -> str:
    """What is said beside a network's name; "" for nothing."""
    if not row["neighbours"]:
        return tr(NOT_ASKED if picture["profile"] is None else FOUND_FIRST)
    if picture["profile"] is not None:
        return tr(NOT_FIRST)
    if row["missed"]:
        profiles = ", ".join(map(profile, row["missed"]))
        return tr("Not among the five: {profiles}", profiles=profiles)
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
