# SPDX-License-Identifier: MIT
"""The sentences of the window: counts, rates, times and states in words. Pure functions."""

import os
from collections.abc import Sequence

from PySide6.QtCore import QLocale

from gallery_search.manners import Pace, Share
from gallery_search.paths import in_a_line
from gallery_search.paths import shortened as shortened  # beside the other sentences
from gallery_search.queries import CombinedSource, QuerySource, joined_name
from gallery_search.records import (
    Bottleneck,
    BytesSource,
    FolderStatus,
    IndexProgress,
    PartAnswer,
    PathSource,
    PhotoSource,
    QueryResult,
    TextSource,
)

_STATES = {
    "watching": "watching",
    "offline": "offline – the folder cannot be reached",
    "polling": "checked every minute",
}
_BOTTLENECKS: dict[Bottleneck, str] = {
    "decoding": "Reading the photos sets the pace",
    "network": "The network sets the pace",
    "disk": "The disk sets the pace",
}
SHARES: dict[Share, str] = {
    "all": "All of it",
    "half": "Half of it",
    "little": "A little of it",
}
_LIMITS: dict[Share, str] = {
    "all": "",
    "half": "Indexing takes half of the computer",
    "little": "Indexing takes a little of the computer",
}


def display_text(path: str) -> str:
    """A path as it can be shown in a line: what is no text becomes the replacement character."""
    return in_a_line(path)


def display_name(path: str) -> str:
    """The last part of a path as it can be shown; the path itself for a root such as "/"."""
    return display_text(os.path.basename(os.path.normpath(path)) or path)


def source_name(source: QuerySource) -> str:
    """What to call a query until its answer says it."""
    match source:
        case PathSource(path):
            return display_name(path)
        case BytesSource(name=name):
            return name
        case TextSource(text):
            return text
        case PhotoSource():
            return "Photo of the library"
        case CombinedSource(parts):
            return joined_name([source_name(part.source) for part in parts], parts)


def left_out(parts: Sequence[PartAnswer]) -> str:
    """Which parts of a query could not be used, the first with the reason; "" for none."""
    unread = [part for part in parts if part.problem is not None]
    if not unread:
        return ""
    sentence = f"“{shortened(display_text(unread[0].name))}” was left out: {unread[0].problem}"
    if len(unread) == 1:
        return sentence
    others = len(unread) - 1
    return f"{sentence} {others} more {'was' if others == 1 else 'were'} left out, too."


def weight(value: float, locale: QLocale) -> str:
    """How much a part of a query counts, whether wanted or not: "1", "0.25"."""
    return locale.toString(abs(value), "g", 3)


def number(value: int, locale: QLocale) -> str:
    """A whole number, its digits grouped as the locale does."""
    return locale.toString(value)


def count(value: int, noun: str, locale: QLocale) -> str:
    """A count with its noun: "1 photo", "2,000 photos"."""
    return f"{number(value, locale)} {noun if value == 1 else noun + 's'}"


def size(size_bytes: int, locale: QLocale) -> str:
    """A size on the disk: "528 MB", "1.2 GB"; a MB has 1024 kB, as on the networks' own pages."""
    places = int(any(unit <= size_bytes < 10 * unit for unit in (1 << 20, 1 << 30)))
    return locale.formattedDataSize(
        size_bytes, places, QLocale.DataSizeFormat.DataSizeTraditionalFormat
    )


def part_of_size(part_bytes: int, size_bytes: int, locale: QLocale) -> str:
    """How much of something is there: "312 of 528 MB", "900 kB of 528 MB"."""
    part, whole = size(part_bytes, locale), size(size_bytes, locale)
    value, unit = part.rsplit(maxsplit=1)
    return f"{value if unit == whole.rsplit(maxsplit=1)[1] else part} of {whole}"


def rate(per_second: float, locale: QLocale) -> str:
    """A rate without its unit, exact enough for a person: "170", "6.2"."""
    return locale.toString(float(per_second), "f", 0 if per_second >= 9.95 else 1)


def duration(seconds: float) -> str:
    """A time in words, rounded up to what a person would say: "3 seconds", "2 minutes"."""
    if seconds < 55:
        step = 1 if seconds < 10 else 5
        return _units(max(1, _rounded(seconds, step)), "second")
    minutes = _rounded(seconds / 60, 1)
    if minutes < 55:
        return _units(max(1, minutes), "minute")
    halves = _rounded(seconds / 1800, 1)
    if halves <= 2:
        return "1 hour"
    if halves < 20:
        return f"{halves // 2}{'½' if halves % 2 else ''} hours"
    return _units(_rounded(seconds / 3600, 1), "hour")


def _rounded(value: float, step: int) -> int:
    return step * int(value / step + 0.5)


def _units(value: int, unit: str) -> str:
    return f"{value} {unit}" if value == 1 else f"{value} {unit}s"


def waiting(progress: IndexProgress) -> int:
    """Photos that are known and not yet indexed, nor found unreadable."""
    return max(0, progress.total - progress.indexed - progress.failed)


def is_looking(progress: IndexProgress) -> bool:
    """Whether photos are being found or prepared, so that a later search may find more."""
    return progress.activity in ("preparing", "scanning", "indexing", "switching")


def progress_sentence(
    progress: IndexProgress, locale: QLocale, answering: str | None = None
) -> str:
    """What the program is doing, for the status bar.

    Args:
        progress: how far it is.
        locale: how digits are grouped.
        answering: name of the network that answers the queries, where it is known.
    """
    if progress.problem is not None:
        return f"Indexing waits: {progress.problem}"
    left = waiting(progress)
    match progress.activity:
        case "preparing":
            photos = count(left, "photo", locale)
            return f"Getting ready for {photos}; the first time takes up to a minute…"
        case "scanning":
            return "Looking for photos…"
        case "paused":
            return f"Paused · {count(left, 'photo', locale)} waiting" if left else "Paused"
        case "waiting":
            reason = _waiting_reason(progress.pace)
            return f"{reason} · {count(left, 'photo', locale)} waiting" if left else reason
        case "indexing":
            return _indexing_sentence(progress, locale)
        case "refining":
            return _refining_sentence(progress, locale)
        case "switching":
            return _switching_sentence(progress, locale, answering)
        case "idle":
            return _idle_sentence(progress, locale)


def _indexing_sentence(progress: IndexProgress, locale: QLocale) -> str:
    done = number(progress.indexed + progress.failed, locale)
    parts = [f"Indexing: {done} of {count(progress.total, 'photo', locale)}"]
    if progress.photos_per_second is not None:
        parts.append(f"{rate(progress.photos_per_second, locale)}/s")
    if progress.seconds_left is not None:
        parts.append(f"about {duration(progress.seconds_left)} left")
    return " · ".join(parts + _pace_remark(progress.pace))


def _refining_sentence(progress: IndexProgress, locale: QLocale) -> str:
    done = number(progress.indexed + progress.failed, locale)
    parts = ["Ready to search", f"refining: {done} of {count(progress.total, 'photo', locale)}"]
    if progress.seconds_left is not None:
        parts.append(f"about {duration(progress.seconds_left)} left")
    return " · ".join(parts + _pace_remark(progress.pace))


def _switching_sentence(progress: IndexProgress, locale: QLocale, answering: str | None) -> str:
    done = number(progress.indexed + progress.failed, locale)
    sentence = f"Preparing {progress.backbone or 'the other network'}: "
    sentence += f"{done} of {count(progress.total, 'photo', locale)}"
    if progress.seconds_left is not None:
        sentence += f", about {duration(progress.seconds_left)} left"
    sentence = f"{sentence}. {answering or 'The network before it'} answers until then."
    return " · ".join([sentence, *_pace_remark(progress.pace)])


def _waiting_reason(pace: Pace) -> str:
    """Why photos wait."""
    if pace.reason == "battery-low":
        return f"Waiting: battery at {pace.charge_percent} %"
    return "Waiting until the computer is idle"


def _pace_remark(pace: Pace) -> list[str]:
    """What there is to say of the pace while photos are indexed, if anything."""
    match pace.reason:
        case "on-battery":
            return ["Slower: on battery"]
        case "presence-unknown":
            return ["Cannot tell whether the computer is idle"]
        case _:
            return []


def bottleneck(progress: IndexProgress) -> str:
    """What sets the pace, as a sentence; "" where nothing is indexed."""
    if progress.bottleneck is None:
        return ""
    return _LIMITS[progress.pace.share] or _BOTTLENECKS[progress.bottleneck]


def _idle_sentence(progress: IndexProgress, locale: QLocale) -> str:
    if progress.total == 0:
        return "No photos yet"
    total = count(progress.total, "photo", locale)
    if progress.indexed == progress.total:
        return f"{total}, searchable" if progress.total == 1 else f"{total}, all searchable"
    return f"{number(progress.indexed, locale)} of {total} searchable"


def problems(failed: int, locale: QLocale) -> str:
    """The label of the button that lists what failed."""
    return count(failed, "problem", locale)


def searched(result: QueryResult, *, is_indexing: bool, locale: QLocale) -> str:
    """What a search covered: "Searched 312 of 500, still indexing".

    Args:
        result: the answer.
        is_indexing: photos are still being indexed, so a later search may find more.
        locale: how digits are grouped.
    """
    if result.total == 0:
        return "There are no photos to search yet"
    if result.passing is not None:
        return _searched_some(result, result.passing, is_indexing=is_indexing, locale=locale)
    if result.searched >= result.total:
        if result.total == 1:
            return "Searched the only photo"
        return f"Searched all {count(result.total, 'photo', locale)}"
    part = f"Searched {number(result.searched, locale)} of {number(result.total, locale)}"
    return f"{part}, still indexing" if is_indexing else part


def _searched_some(result: QueryResult, passing: int, *, is_indexing: bool, locale: QLocale) -> str:
    """What a search covered that had filters."""
    if passing == 0:
        return "No photo passes the filters"
    if not result.is_partial:
        photos = f"{number(passing, locale)} photos that pass"
        return f"Searched the {'only photo that passes' if passing == 1 else photos} the filters"
    part = f"Searched {number(result.searched, locale)} of {number(passing, locale)}"
    part += " that pass the filters"
    return f"{part}, still indexing" if is_indexing else part


def percent(share: float, locale: QLocale) -> str:
    """A zoom: "35 %"; below one with a digit more."""
    value = 100 * share
    return f"{locale.toString(value, 'f', 0 if value >= 0.95 else 1)} %"


def place_among(number_: int, total: int, locale: QLocale) -> str:
    """Which of how many photos: "3 of 2,000"."""
    return f"{number(number_, locale)} of {number(total, locale)}"


def connect_to_see(drive: str) -> str:
    """Why a photo cannot be seen whose drive is away."""
    return f"This photo is on “{drive}”, which is offline. Connect it to see the photo."


def on_drive_away(drive: str) -> str:
    """Where a photo is that cannot be opened now."""
    return f"On “{drive}”, which is offline"


def folder_line(folder: FolderStatus, locale: QLocale) -> str:
    """The second line of a folder: "142 photos · watching"."""
    if folder.state == "offline":
        return (
            f"offline – “{folder.drive}” is not connected" if folder.drive else (_STATES["offline"])
        )
    return f"{count(folder.photos, 'photo', locale)} · {_STATES[folder.state]}"
