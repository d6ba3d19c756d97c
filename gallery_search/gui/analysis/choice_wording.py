# SPDX-License-Identifier: MIT
"""The sentences of "Which model suits my photos?". Pure functions."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QLocale

from gallery_search.backbone_status import BackboneStatus
from gallery_search.gui import wording
from gallery_search.language import mark, mark_count, tr, tr_count

INTRODUCTION = mark(
    "Some of your photos are copied in memory and changed: cropped, turned, blurred, greyed and "
    "more. The network that finds most of them again suits your photos best. Your files stay "
    "untouched, and nothing leaves this computer."
)
ONE_IS_NOT_ENOUGH = mark("Choose two networks or more to compare them.")
GET_ANOTHER = mark("Only one network is ready. Get another one under “Networks…” to compare them.")
STOPPED = mark("Cancelled. What was done is kept: “Go on” continues from there.")
FOUND_UNFINISHED = mark("A comparison was broken off. “Go on” continues from there.")
LOOKING = mark("Looking at the library…")
STARTING = mark("Drawing photos…")
STOPPING = mark("Stopping…")
NOTHING_TO_DRAW = mark("There are no photos in the library yet. Add a folder first.")
FILES_LINE = mark(
    'All figures, the curves and what was not found: <a href="files">show the files</a>'
)
COLUMNS = (mark("Network"), mark("Changed found"), mark("Plain found"), mark("Photos/s"))
COLUMN_HINTS = (
    "",
    mark("Ten hard changes of each photo: how many led to their photo first"),
    mark("Five plain copies of each photo: how many are among the five nearest"),
    mark("How fast the network looks at photos here"),
)

COPIES_EACH = 16  # of each photo with itself, that a network looks at
_PROBLEMS = (ONE_IS_NOT_ENOUGH, GET_ANOTHER, NOTHING_TO_DRAW, LOOKING)
_STAY = mark("Stay with {network}.")
_CHANGE = mark("{network} suits your photos best.")
_REASONS = {
    "best": mark("It found clearly more of the changed photos than {others}."),
    "in_use": mark("It answers your searches now, and no other network found clearly more."),
    "fastest": mark(
        "It found as much as {others}, as far as this sample can tell, and is the fastest."
    ),
}
_LOADING_NETWORK = mark("Network {number} of {total}: {network} is being loaded…")
_LOOKING_AT = mark_count(
    "Network {number} of {total}: {network} has looked at {done} of {count} photo",
    "Network {number} of {total}: {network} has looked at {done} of {count} photos",
)
_LOOKING_AT_LEFT = mark_count(
    "Network {number} of {total}: {network} has looked at {done} of {count} photo, about {left} "
    "left",
    "Network {number} of {total}: {network} has looked at {done} of {count} photos, about {left} "
    "left",
)
_SEARCHING = mark("Network {number} of {total}: {network} is searching…")
_PERCENT = "{value}\N{NO-BREAK SPACE}%"
_SHARE_AND_ERROR = "{share} ± {error}"


def is_problem(line: str) -> bool:
    """Whether a line says why nothing can be started."""
    return line in map(tr, _PROBLEMS)


def sample(photos: int, sizes: Sequence[int], locale: QLocale) -> str:
    """A size that a sample may have; the least and the largest say what they are good for."""
    count = wording.number(photos, locale)
    if photos == min(sizes):
        return tr("{count} photos, a first impression", count=count)
    if photos == max(sizes):
        return tr("{count} photos, the surest answer", count=count)
    return wording.photos(photos, locale)


def needs(status: BackboneStatus, locale: QLocale) -> str:
    """What is missing before a network can be compared; "" where it is ready."""
    if status.state == "ready":
        return ""
    if status.state == "available":
        size = wording.size(status.download_bytes, locale)
        return tr("Needs a download of {size}: see “Networks…”", size=size)
    return tr("Is being downloaded") if status.state == "downloading" else status.problem or ""


def least_seconds(photos: int, rates: Sequence[float | None]) -> float | None:
    """How long networks of these rates take for a sample at least, or None where one is unknown."""
    known = [rate for rate in rates if rate]
    if not known or len(known) < len(rates):
        return None
    return sum(COPIES_EACH * photos / rate for rate in known)


def at_least(seconds: float | None) -> str:
    """How long it will take, beforehand; "" where nobody knows."""
    if seconds is None:
        return ""
    return tr("At least {time}, while you can go on working.", time=wording.duration(seconds))


def progress(
    told: Mapping[str, Any],
    names: Sequence[str],
    rates: Mapping[str, float | None],
    images_each: int = COPIES_EACH,
) -> str:
    """How far an experiment is.

    Args:
        told: see `experiments.progress.Progress`.
        names: of the networks, in the order in which they are measured.
        rates: images a second of networks, where known.
        images_each: that a network looks at of each photo.
    """
    name, _, step = told["step"].partition(": ")
    if name not in names:
        return tr("The page with pictures is being made…")
    locale = QLocale()
    place = names.index(name)
    gaps = {"number": str(place + 1), "total": str(len(names)), "network": name}
    if step != "embedding":
        return tr(_SEARCHING if step == "searching" else _LOADING_NETWORK, **gaps)
    gaps["done"] = wording.number(told["done"], locale)
    photos, shown = told["total"], wording.number(told["total"], locale)
    if told["seconds_left"] is None:
        return tr_count(*_LOOKING_AT, photos, shown=shown, **gaps)
    later = [rates.get(each) for each in names[place + 1 :]]
    left = told["seconds_left"] + _seconds_after(told, later, images_each)
    return tr_count(*_LOOKING_AT_LEFT, photos, shown=shown, left=wording.duration(left), **gaps)


def _seconds_after(
    told: Mapping[str, Any], rates: Sequence[float | None], images_each: int
) -> float:
    """How long the networks after the one at work will take.

    Reading photos and making copies takes what it takes now; a slow network takes longer.
    """
    photo_s = 1 / told["per_second"] if told["per_second"] else 0.0
    each_s = (max(photo_s, images_each / rate if rate else 0.0) for rate in rates)
    return float(told["total"] * sum(each_s))


def share_done(told: Mapping[str, Any], names: Sequence[str]) -> float | None:
    """How much of the comparison is done, from 0 to 1; None where that cannot be told."""
    name, _, step = told["step"].partition(": ")
    if name not in names or not told["total"] or step != "embedding":
        return None
    share: float = (names.index(name) + told["done"] / told["total"]) / len(names)
    return share


def verdict(advice: Mapping[str, Any], active: str) -> str:
    """The recommendation in a few words."""
    sentence = _STAY if advice["backbone"] == active else _CHANGE
    return tr(sentence, network=advice["backbone"])


def reasons(advice: Mapping[str, Any], unreadable: int, locale: QLocale) -> tuple[str, ...]:
    """Why that network, and what it found: a sentence each."""
    name = advice["backbone"]
    own = next(found for found in advice["found"] if found["backbone"] == name)
    others = [found["backbone"] for found in advice["found"] if found["backbone"] != name]
    sentences = [
        tr(_REASONS[advice["reason"]], others=names_in_a_row(advice["as_good"] or others)),
        tr_count(
            "{count} photo was changed in ten ways, such as cropped, turned or blurred. Of these "
            "{edits} copies, {network} led to the right photo at once for {share}.",
            "{count} photos were changed in ten ways each, such as cropped, turned or blurred. Of "
            "these {edits} copies, {network} led to the right photo at once for {share}.",
            own["photos"],
            shown=wording.number(own["photos"], locale),
            edits=wording.number(own["edits"], locale),
            network=name,
            share=share(own["first_hits"], locale),
        ),
        tr(
            "Of five plainer copies of each photo (grey, smaller, sharper, with harder edges, "
            "paler), it had {share} among the five nearest.",
            share=share(own["copies"], locale),
        ),
    ]
    if unreadable:
        left_out = tr_count(
            "{count} photo could not be read and was left out.",
            "{count} photos could not be read and were left out.",
            unreadable,
            shown=wording.number(unreadable, locale),
        )
        sentences.append(left_out)
    return tuple(sentences)


def cells(
    advice: Mapping[str, Any], rates: Mapping[str, float | None], locale: QLocale
) -> list[tuple[str, ...]]:
    """The rows of the table, below COLUMNS."""
    return [
        (
            found["backbone"],
            _SHARE_AND_ERROR.format(
                share=share(found["first_hits"], locale),
                error=locale.toString(100 * found["error"], "f", 1),
            ),
            share(found["copies"], locale),
            wording.rate(rate, locale) if (rate := rates.get(found["backbone"])) else "–",
        )
        for found in advice["found"]
    ]


def use_label(network: str) -> str:
    """The button that has the library use the network."""
    return tr("&Use {network}", network=network)


def taking_over(network: str, active: str) -> str:
    """What happens once it was clicked."""
    return tr(
        "{network} looks at all photos now. Until it is done, {active} answers.",
        network=network,
        active=active,
    )


def share(value: float, locale: QLocale) -> str:
    """A share in per cent, exact enough to tell networks apart: "99.6 %"."""
    return _PERCENT.format(value=locale.toString(100 * value, "f", 1))


def names_in_a_row(names: Sequence[str]) -> str:
    """Some names as a list: "a", "a and b", "a, b and c"."""
    if len(names) < 2:
        return "".join(names)
    return tr("{first} and {last}", first=", ".join(names[:-1]), last=names[-1])
