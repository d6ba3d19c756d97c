# SPDX-License-Identifier: MIT
"""The sentences of "Which model suits my photos?". Pure functions."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QLocale

from gallery_search.backbone_status import BackboneStatus
from gallery_search.gui import wording

INTRODUCTION = (
    "Some of your photos are copied in memory and changed: cropped, turned, blurred, greyed and "
    "more. The network that finds most of them again suits your photos best. Your files stay "
    "untouched, and nothing leaves this computer."
)
ONE_IS_NOT_ENOUGH = "Choose two networks or more to compare them."
GET_ANOTHER = "Only one network is ready. Get another one under “Networks…” to compare them."
STOPPED = "Cancelled. What was done is kept: “Go on” continues from there."
FOUND_UNFINISHED = "A comparison was broken off. “Go on” continues from there."
LOOKING = "Looking at the library…"
STARTING = "Drawing photos…"
STOPPING = "Stopping…"
NOTHING_TO_DRAW = "There are no photos in the library yet. Add a folder first."
PROBLEMS = (ONE_IS_NOT_ENOUGH, GET_ANOTHER, NOTHING_TO_DRAW, LOOKING)
FILES_LINE = 'All figures, the curves and what was not found: <a href="files">show the files</a>'
COLUMNS = ("Network", "Changed found", "Plain found", "Photos/s")
COLUMN_HINTS = (
    "",
    "Ten hard changes of each photo: how many led to their photo first",
    "Five plain copies of each photo: how many are among the five nearest",
    "How fast the network looks at photos here",
)

COPIES_EACH = 16  # of each photo with itself, that a network looks at
_USE = "&Use {network}"
_TAKING_OVER = "{network} looks at all photos now. Until it is done, {active} answers."
_STAY = "Stay with {network}."
_CHANGE = "{network} suits your photos best."
_BEST = "It found clearly more of the changed photos than {others}."
_IN_USE = "It answers your searches now, and no other network found clearly more."
_FASTEST = "It found as much as {others}, as far as this sample can tell, and is the fastest."
_HARD = (
    "{photos} were changed in ten ways each, such as cropped, turned or blurred. Of these {edits} "
    "copies, {network} led to the right photo at once for {share}."
)
_PLAIN = (
    "Of five plainer copies of each photo (grey, smaller, sharper, with harder edges, paler), it "
    "had {share} among the five nearest."
)
_UNREADABLE = "{photos} could not be read and were left out."
_NEEDS_DOWNLOAD = "Needs a download of {size}: see “Networks…”"
_LOADING = "Is being downloaded"
_LOADING_NETWORK = "Network {number} of {total}: {network} is being loaded…"
_LOOKING_AT = "Network {number} of {total}: {network} has looked at {done} of {photos}"
_LOOKING_AT_LEFT = (
    "Network {number} of {total}: {network} has looked at {done} of {photos}, about {left} left"
)
_SEARCHING = "Network {number} of {total}: {network} looks what it finds…"
_MAKING_PAGE = "The page with pictures is being made…"
_PERCENT = "{value}\N{NO-BREAK SPACE}%"
_SHARE_AND_ERROR = "{share} ± {error}"
_AND = "{first} and {last}"
_AT_LEAST = "At least {time}, while you can go on working."


def needs(status: BackboneStatus, locale: QLocale) -> str:
    """What is missing before a network can be compared; "" where it is ready."""
    if status.state == "ready":
        return ""
    if status.state == "available":
        return _NEEDS_DOWNLOAD.format(size=wording.size(status.download_bytes, locale))
    return _LOADING if status.state == "downloading" else status.problem or ""


def least_seconds(photos: int, rates: Sequence[float | None]) -> float | None:
    """How long networks of these rates take for a sample at least, or None where one is unknown."""
    known = [rate for rate in rates if rate]
    if not known or len(known) < len(rates):
        return None
    return sum(COPIES_EACH * photos / rate for rate in known)


def at_least(seconds: float | None) -> str:
    """How long it will take, beforehand; "" where nobody knows."""
    return "" if seconds is None else _AT_LEAST.format(time=wording.duration(seconds))


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
        return _MAKING_PAGE
    locale = QLocale()
    place = names.index(name)
    gaps = {"number": place + 1, "total": len(names), "network": name}
    if step != "embedding":
        return (_SEARCHING if step == "searching" else _LOADING_NETWORK).format(**gaps)
    gaps |= {
        "done": wording.number(told["done"], locale),
        "photos": wording.count(told["total"], "photo", locale),
    }
    if told["seconds_left"] is None:
        return _LOOKING_AT.format(**gaps)
    later = [rates.get(each) for each in names[place + 1 :]]
    left = told["seconds_left"] + _seconds_after(told, later, images_each)
    return _LOOKING_AT_LEFT.format(**gaps, left=wording.duration(left))


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
    return sentence.format(network=advice["backbone"])


def reasons(advice: Mapping[str, Any], unreadable: int, locale: QLocale) -> tuple[str, ...]:
    """Why that network, and what it found: a sentence each."""
    name = advice["backbone"]
    own = next(found for found in advice["found"] if found["backbone"] == name)
    others = [found["backbone"] for found in advice["found"] if found["backbone"] != name]
    sentences = [
        {"best": _BEST, "in_use": _IN_USE, "fastest": _FASTEST}[advice["reason"]].format(
            others=names_in_a_row(advice["as_good"] or others)
        ),
        _HARD.format(
            photos=wording.count(own["photos"], "photo", locale),
            edits=wording.number(own["edits"], locale),
            network=name,
            share=share(own["first_hits"], locale),
        ),
        _PLAIN.format(share=share(own["copies"], locale)),
    ]
    if unreadable:
        sentences.append(_UNREADABLE.format(photos=wording.count(unreadable, "photo", locale)))
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
    return _USE.format(network=network)


def taking_over(network: str, active: str) -> str:
    """What happens once it was clicked."""
    return _TAKING_OVER.format(network=network, active=active)


def share(value: float, locale: QLocale) -> str:
    """A share in per cent, exact enough to tell networks apart: "99.6 %"."""
    return _PERCENT.format(value=locale.toString(100 * value, "f", 1))


def names_in_a_row(names: Sequence[str]) -> str:
    """Some names as a list: "a", "a and b", "a, b and c"."""
    if len(names) < 2:
        return "".join(names)
    return _AND.format(first=", ".join(names[:-1]), last=names[-1])
