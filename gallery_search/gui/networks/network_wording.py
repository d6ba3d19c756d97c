# SPDX-License-Identifier: MIT
"""The sentences on the card of a network, made of its state. Pure functions."""

from PySide6.QtCore import QLocale

from gallery_search.backbone_status import BackboneStatus
from gallery_search.gui import wording

HEADING = (
    "A network decides what looks alike. When you choose another one, it first looks at all "
    "photos; until then the one before answers. Nothing is downloaded unless you ask for it."
)
TEXT_BADGE = "searches by words"
DEVICES = {
    "cpu": "the CPU",
    "cuda": "the graphics card (CUDA)",
    "mps": "the Apple graphics chip",
    "xpu": "the Intel graphics card",
    "intel-gpu": "the Intel graphics chip",
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
        said.append("answers your searches")
    elif status.role == "incoming":
        done = wording.number(status.embedded, locale)
        left = "" if seconds_left is None else f", about {wording.duration(seconds_left)} left"
        total = wording.count(status.total, "photo", locale)
        said.append(f"taking over: {done} of {total}{left}")
    if status.takes_text:
        said.append(TEXT_BADGE)
    return tuple(said)


def facts(status: BackboneStatus, locale: QLocale) -> str:
    """Speed, photos prepared, the time the others would take, disk space and licence."""
    parts = [_speed(status, locale)]
    left = status.total - status.embedded
    if status.embedded and left <= 0:
        parts.append(f"all {wording.count(status.total, 'photo', locale)} prepared")
    elif status.embedded:
        done = wording.number(status.embedded, locale)
        parts.append(f"{done} of {wording.count(status.total, 'photo', locale)} prepared")
    if status.images_per_second and left > 0 and status.role == "idle":
        needed = wording.duration(left / status.images_per_second)
        parts.append(f"at least {needed} to prepare {wording.count(left, 'photo', locale)}")
    if status.data_bytes:
        parts.append(f"{wording.size(status.data_bytes, locale)} on the disk")
    if status.download_bytes == 0:
        parts.append("comes with the program")
    parts.append(f"licence:\N{NO-BREAK SPACE}{status.licence}")
    return "\N{NO-BREAK SPACE}· ".join(parts)  # no line begins with the dot


def _speed(status: BackboneStatus, locale: QLocale) -> str:
    rate = status.images_per_second
    if not rate:
        return "speed not measured yet"
    device = "" if status.device is None else f" on {DEVICES.get(status.device, status.device)}"
    if rate < 0.5:
        return f"{wording.duration(1 / rate)} a photo{device}"
    return f"{wording.rate(rate, locale)} photos a second{device}"


def download_label(status: BackboneStatus, locale: QLocale) -> tuple[str, str]:
    """The button that starts a download or goes on with it, and the same in fewer words.

    Always with the size.
    """
    if status.received_bytes:
        part = wording.part_of_size(status.received_bytes, status.download_bytes, locale)
        return f"Go on with the download ({part})", f"Go on ({part})"
    label = f"Download {wording.size(status.download_bytes, locale)}"
    return label, label


def download_line(status: BackboneStatus, locale: QLocale) -> str:
    """How far a download is, how fast, and how long it will take."""
    if status.received_bytes == 0:
        return "Starting…"
    if status.received_bytes >= status.download_bytes:
        return "Checking the weights…"
    parts = [wording.part_of_size(status.received_bytes, status.download_bytes, locale)]
    if status.bytes_per_second is not None:
        parts.append(f"{wording.size(int(status.bytes_per_second), locale)}/s")
    if status.seconds_left is not None:
        parts.append(f"about {wording.duration(status.seconds_left)} left")
    return " · ".join(parts)


def can_delete(status: BackboneStatus) -> bool:
    """Whether there is something to delete that nobody uses or fetches."""
    has_data = status.embedded or status.data_bytes or status.received_bytes
    return status.role == "idle" and status.state != "downloading" and bool(has_data)


def deletion(status: BackboneStatus, locale: QLocale) -> str:
    """What goes when a network's data are deleted, and what it takes to have them again."""
    gone = "What was kept for it goes"
    if status.data_bytes:
        gone = f"{wording.size(status.data_bytes, locale)} on the disk will be freed"
    if status.embedded:
        photos = wording.count(status.embedded, "photo", locale)
        gone += f", and what it learned about {photos} is forgotten"
    again = "all photos have to be prepared once more"
    if status.download_bytes and status.state == "ready":
        fetched = wording.size(status.download_bytes, locale)
        again = f"{fetched} have to be downloaded and {again}"
    return f"{gone}. To use it again, {again}. Your photos stay untouched."
