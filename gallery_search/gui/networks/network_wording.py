# SPDX-License-Identifier: MIT
"""The sentences on the card of a network, made of its state. Pure functions."""

from typing import NamedTuple

from PySide6.QtCore import QLocale

from gallery_search.backbone_status import BackboneStatus
from gallery_search.gui import wording
from gallery_search.language import mark, tr, tr_count

HEADING = mark(
    "A network decides what looks alike. When you choose another one, it first looks at all "
    "photos; until then the one before answers. Nothing is downloaded unless you ask for it."
)
TEXT_BADGE = mark("searches by words")


class DeviceWords(NamedTuple):
    """What a device is called, all marked.

    Attributes:
        name: by itself, as in a list.
        the: within a sentence.
        at_work: where something runs.
    """

    name: str
    the: str
    at_work: str


DEVICES = {
    "cpu": DeviceWords(mark("CPU"), mark("the CPU"), mark("on the CPU")),
    "cuda": DeviceWords(
        mark("Graphics card (CUDA)"),
        mark("the graphics card (CUDA)"),
        mark("on the graphics card (CUDA)"),
    ),
    "mps": DeviceWords(
        mark("Apple graphics chip"),
        mark("the Apple graphics chip"),
        mark("on the Apple graphics chip"),
    ),
    "xpu": DeviceWords(
        mark("Intel graphics card"),
        mark("the Intel graphics card"),
        mark("on the Intel graphics card"),
    ),
    "intel-gpu": DeviceWords(
        mark("Intel graphics chip"),
        mark("the Intel graphics chip"),
        mark("on the Intel graphics chip"),
    ),
}


def badges(
    status: BackboneStatus, locale: QLocale, seconds_left: float | None = None
) -> tuple[str, ...]:
    """What a network does now, and whether it knows words: a few words each.

    Args:
        status: of the network.
        locale: how digits are grouped.
        seconds_left: until it takes over, where it is about to and the time is known.
    """
    said = []
    if status.role == "active":
        said.append(tr("answers your searches"))
    elif status.role == "incoming":
        text = tr_count(
            "taking over: {done} of {count} photo",
            "taking over: {done} of {count} photos",
            status.total,
            shown=wording.number(status.total, locale),
            done=wording.number(status.embedded, locale),
        )
        said.append(text if seconds_left is None else f"{text}, {wording.time_left(seconds_left)}")
    if status.takes_text:
        said.append(tr(TEXT_BADGE))
    return tuple(said)


def facts(status: BackboneStatus, locale: QLocale) -> str:
    """Speed, photos prepared, the time the others would take, disk space and licence."""
    parts = [_speed(status, locale)]
    left = status.total - status.embedded
    total = wording.number(status.total, locale)
    if status.embedded and left <= 0:
        parts.append(
            tr_count(
                "all {count} photo prepared",
                "all {count} photos prepared",
                status.total,
                shown=total,
            )
        )
    elif status.embedded:
        parts.append(
            tr_count(
                "{done} of {count} photo prepared",
                "{done} of {count} photos prepared",
                status.total,
                shown=total,
                done=wording.number(status.embedded, locale),
            )
        )
    if status.images_per_second and left > 0 and status.role == "idle":
        parts.append(
            tr_count(
                "at least {time} to prepare {count} photo",
                "at least {time} to prepare {count} photos",
                left,
                shown=wording.number(left, locale),
                time=wording.duration(left / status.images_per_second),
            )
        )
    if status.data_bytes:
        parts.append(tr("{size} on the disk", size=wording.size(status.data_bytes, locale)))
    if status.download_bytes == 0:
        parts.append(tr("comes with the program"))
    parts.append(tr("licence:\N{NO-BREAK SPACE}{licence}", licence=status.licence))
    return "\N{NO-BREAK SPACE}· ".join(parts)  # no line begins with the dot


def _speed(status: BackboneStatus, locale: QLocale) -> str:
    rate = status.images_per_second
    if not rate:
        return tr("speed not measured yet")
    if rate < 0.5:
        speed = tr("{time} a photo", time=wording.duration(1 / rate))
    else:
        speed = tr("{rate} photos a second", rate=wording.rate(rate, locale))
    if status.device is None:
        return speed
    words = DEVICES.get(status.device)
    where = tr("on {device}", device=status.device) if words is None else tr(words.at_work)
    return f"{speed} {where}"


def download_label(status: BackboneStatus, locale: QLocale) -> tuple[str, str]:
    """The button that starts a download or goes on with it, and the same in fewer words.

    Always with the size.
    """
    if status.received_bytes:
        part = wording.part_of_size(status.received_bytes, status.download_bytes, locale)
        return tr("Go on with the download ({part})", part=part), tr("Go on ({part})", part=part)
    label = tr("Download {size}", size=wording.size(status.download_bytes, locale))
    return label, label


def download_line(status: BackboneStatus, locale: QLocale) -> str:
    """How far a download is, how fast, and how long it will take."""
    if status.received_bytes == 0:
        return tr("Starting…")
    if status.received_bytes >= status.download_bytes:
        return tr("Checking the weights…")
    parts = [wording.part_of_size(status.received_bytes, status.download_bytes, locale)]
    if status.bytes_per_second is not None:
        speed = wording.size(int(status.bytes_per_second), locale)
        parts.append(tr("{size}/s", size=speed))
    if status.seconds_left is not None:
        parts.append(wording.time_left(status.seconds_left))
    return " · ".join(parts)


def can_delete(status: BackboneStatus) -> bool:
    """Whether there is something to delete that nobody uses or fetches."""
    has_data = status.embedded or status.data_bytes or status.received_bytes
    return status.role == "idle" and status.state != "downloading" and bool(has_data)


def deletion(status: BackboneStatus, locale: QLocale) -> str:
    """What goes when a network's data are deleted, and what it takes to have them again."""
    sentences = [_gone(status, locale)]
    if status.download_bytes and status.state == "ready":
        fetched = wording.size(status.download_bytes, locale)
        sentences.append(
            tr(
                "To use it again, {size} have to be downloaded and all photos have to be prepared "
                "once more.",
                size=fetched,
            )
        )
    else:
        sentences.append(tr("To use it again, all photos have to be prepared once more."))
    return " ".join([*sentences, tr("Your photos stay untouched.")])


def _gone(status: BackboneStatus, locale: QLocale) -> str:
    """What goes."""
    size = wording.size(status.data_bytes, locale)
    photos = wording.number(status.embedded, locale)
    if status.data_bytes and status.embedded:
        return tr_count(
            "{size} on the disk will be freed, and what it learned about {count} photo is "
            "forgotten.",
            "{size} on the disk will be freed, and what it learned about {count} photos is "
            "forgotten.",
            status.embedded,
            shown=photos,
            size=size,
        )
    if status.data_bytes:
        return tr("{size} on the disk will be freed.", size=size)
    if status.embedded:
        return tr_count(
            "What was kept for it goes, and what it learned about {count} photo is forgotten.",
            "What was kept for it goes, and what it learned about {count} photos is forgotten.",
            status.embedded,
            shown=photos,
        )
    return tr("What was kept for it goes.")
