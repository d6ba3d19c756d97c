# SPDX-License-Identifier: MIT
"""The sentences of the window: counts, rates, times and states in words. Pure functions."""

import os
from collections.abc import Sequence

from PySide6.QtCore import QLocale

from gallery_search.language import mark, mark_count, tr, tr_count
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
    "watching": mark("watching"),
    "offline": mark("offline – the folder cannot be reached"),
    "polling": mark("checked every minute"),
}
_BOTTLENECKS: dict[Bottleneck, str] = {
    "decoding": mark("Reading the photos sets the pace"),
    "network": mark("The network sets the pace"),
    "disk": mark("The disk sets the pace"),
}
SHARES: dict[Share, str] = {
    "all": mark("All of it"),
    "half": mark("Half of it"),
    "little": mark("A little of it"),
}
_LIMITS: dict[Share, str] = {
    "all": "",
    "half": mark("Indexing takes half of the computer"),
    "little": mark("Indexing takes a little of the computer"),
}
_SECONDS = mark_count("{count} second", "{count} seconds")
_MINUTES = mark_count("{count} minute", "{count} minutes")
_HOURS = mark_count("{count} hour", "{count} hours")


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
            return tr("Photo of the library")
        case CombinedSource(parts):
            return joined_name([source_name(part.source) for part in parts], parts)


def left_out(parts: Sequence[PartAnswer]) -> str:
    """Which parts of a query could not be used, the first with the reason; "" for none."""
    unread = [part for part in parts if part.problem is not None]
    if not unread:
        return ""
    name = shortened(display_text(unread[0].name))
    sentence = tr("“{name}” was left out: {problem}", name=name, problem=unread[0].problem)
    if len(unread) == 1:
        return sentence
    others = tr_count(
        "{count} more was left out, too.", "{count} more were left out, too.", len(unread) - 1
    )
    return f"{sentence} {others}"


def weight(value: float, locale: QLocale) -> str:
    """How much a part of a query counts, whether wanted or not: "1", "0.25"."""
    return locale.toString(abs(value), "g", 3)


def number(value: int, locale: QLocale) -> str:
    """A whole number, its digits grouped as the locale does."""
    return locale.toString(value)


def photos(value: int, locale: QLocale) -> str:
    """How many photos: "1 photo", "2,000 photos"."""
    return tr_count("{count} photo", "{count} photos", value, shown=number(value, locale))


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
    part = value if unit == whole.rsplit(maxsplit=1)[1] else part
    return tr("{part} of {whole}", part=part, whole=whole)


def rate(per_second: float, locale: QLocale) -> str:
    """A rate without its unit, exact enough for a person: "170", "6.2"."""
    return locale.toString(float(per_second), "f", 0 if per_second >= 9.95 else 1)


def duration(seconds: float) -> str:
    """A time in words, rounded up to what a person would say: "3 seconds", "2 minutes"."""
    if seconds < 55:
        step = 1 if seconds < 10 else 5
        return tr_count(*_SECONDS, max(1, _rounded(seconds, step)))
    minutes = _rounded(seconds / 60, 1)
    if minutes < 55:
        return tr_count(*_MINUTES, max(1, minutes))
    halves = _rounded(seconds / 1800, 1)
    if halves <= 2:
        return tr_count(*_HOURS, 1)
    if halves < 20:
        shown = f"{halves // 2}{'½' if halves % 2 else ''}"
        return tr_count(*_HOURS, halves // 2 + halves % 2, shown=shown)
    return tr_count(*_HOURS, _rounded(seconds / 3600, 1))


def _rounded(value: float, step: int) -> int:
    return step * int(value / step + 0.5)


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
        return tr("Indexing waits: {problem}", problem=progress.problem)
    left = waiting(progress)
    match progress.activity:
        case "preparing":
            return tr_count(
                "Getting ready for {count} photo; the first time takes up to a minute…",
                "Getting ready for {count} photos; the first time takes up to a minute…",
                left,
                shown=number(left, locale),
            )
        case "scanning":
            return tr("Looking for photos…")
        case "paused" if not left and progress.total:
            return f"{tr('Paused')} · {_idle_sentence(progress, locale)}"
        case "paused":
            return _resting(tr("Paused"), left, locale)
        case "waiting":
            return _resting(_waiting_reason(progress.pace), left, locale)
        case "indexing":
            return _indexing_sentence(progress, locale)
        case "refining":
            return _refining_sentence(progress, locale)
        case "switching":
            return _switching_sentence(progress, locale, answering)
        case "idle":
            return _idle_sentence(progress, locale)


def _resting(state: str, left: int, locale: QLocale) -> str:
    if not left:
        return state
    waiting_photos = tr_count(
        "{count} photo waiting", "{count} photos waiting", left, shown=number(left, locale)
    )
    return f"{state} · {waiting_photos}"


def _indexing_sentence(progress: IndexProgress, locale: QLocale) -> str:
    sentence = tr_count(
        "Indexing: {done} of {count} photo",
        "Indexing: {done} of {count} photos",
        progress.total,
        shown=number(progress.total, locale),
        done=number(progress.indexed + progress.failed, locale),
    )
    parts = [sentence]
    if progress.photos_per_second is not None:
        parts.append(tr("{rate}/s", rate=rate(progress.photos_per_second, locale)))
    return " · ".join(parts + _time_left(progress) + _pace_remark(progress.pace))


def _refining_sentence(progress: IndexProgress, locale: QLocale) -> str:
    sentence = tr_count(
        "refining: {done} of {count} photo",
        "refining: {done} of {count} photos",
        progress.total,
        shown=number(progress.total, locale),
        done=number(progress.indexed + progress.failed, locale),
    )
    parts = [tr("Ready to search"), sentence]
    return " · ".join(parts + _time_left(progress) + _pace_remark(progress.pace))


def _time_left(progress: IndexProgress) -> list[str]:
    return [] if progress.seconds_left is None else [time_left(progress.seconds_left)]


def time_left(seconds: float) -> str:
    """How long something will take from now on: "about 3 seconds left"."""
    return tr("about {time} left", time=duration(seconds))


def _switching_sentence(progress: IndexProgress, locale: QLocale, answering: str | None) -> str:
    sentence = tr_count(
        "Preparing {network}: {done} of {count} photo",
        "Preparing {network}: {done} of {count} photos",
        progress.total,
        shown=number(progress.total, locale),
        network=progress.backbone or tr("the other network"),
        done=number(progress.indexed + progress.failed, locale),
    )
    if progress.seconds_left is not None:
        sentence = f"{sentence}, {time_left(progress.seconds_left)}"
    if answering:
        until_then = tr("{network} answers until then.", network=answering)
    else:
        until_then = tr("The network before it answers until then.")
    return " · ".join([f"{sentence}. {until_then}", *_pace_remark(progress.pace)])


def _waiting_reason(pace: Pace) -> str:
    """Why photos wait."""
    if pace.reason == "battery-low":
        return tr("Waiting: battery at {percent} %", percent=pace.charge_percent)
    return tr("Waiting until the computer is idle")


def _pace_remark(pace: Pace) -> list[str]:
    """What there is to say of the pace while photos are indexed, if anything."""
    match pace.reason:
        case "on-battery":
            return [tr("Slower: on battery")]
        case "presence-unknown":
            return [tr("Cannot tell whether the computer is idle")]
        case _:
            return []


def bottleneck(progress: IndexProgress) -> str:
    """What sets the pace, as a sentence; "" where nothing is indexed."""
    if progress.bottleneck is None:
        return ""
    return tr(_LIMITS[progress.pace.share] or _BOTTLENECKS[progress.bottleneck])


def _idle_sentence(progress: IndexProgress, locale: QLocale) -> str:
    if progress.total == 0:
        return tr("No photos yet")
    total = number(progress.total, locale)
    if progress.indexed == progress.total:
        return tr_count(
            "{count} photo, searchable",
            "{count} photos, all searchable",
            progress.total,
            shown=total,
        )
    return tr_count(
        "{done} of {count} photo searchable",
        "{done} of {count} photos searchable",
        progress.total,
        shown=total,
        done=number(progress.indexed, locale),
    )


def problems(failed: int, locale: QLocale) -> str:
    """The label of the button that lists what failed."""
    return tr_count("{count} problem", "{count} problems", failed, shown=number(failed, locale))


def may_find_more(result: QueryResult, failed: int) -> bool:
    """Whether the same search may find more later: what could not be read is never found.

    Args:
        result: the answer.
        failed: photos that could not be read.
    """
    if result.passing is None:
        return result.searched + failed < result.total
    return result.is_partial


def searched(result: QueryResult, *, is_indexing: bool, locale: QLocale) -> str:
    """What a search covered: "Searched 312 of 500, still indexing".

    Args:
        result: the answer.
        is_indexing: photos are still being indexed, so a later search may find more.
        locale: how digits are grouped.
    """
    if result.total == 0:
        return tr("There are no photos to search yet")
    if result.passing is not None:
        return _searched_some(result, result.passing, is_indexing=is_indexing, locale=locale)
    total = number(result.total, locale)
    if result.searched >= result.total:
        return tr_count(
            "Searched the only photo", "Searched all {count} photos", result.total, shown=total
        )
    part = number(result.searched, locale)
    if is_indexing:
        return tr("Searched {part} of {whole}, still indexing", part=part, whole=total)
    return tr("Searched {part} of {whole}", part=part, whole=total)


def _searched_some(result: QueryResult, passing: int, *, is_indexing: bool, locale: QLocale) -> str:
    """What a search covered that had filters."""
    if passing == 0:
        return tr("No photo passes the filters")
    whole = number(passing, locale)
    if not result.is_partial:
        return tr_count(
            "Searched the only photo that passes the filters",
            "Searched the {count} photos that pass the filters",
            passing,
            shown=whole,
        )
    part = number(result.searched, locale)
    if is_indexing:
        return tr(
            "Searched {part} of {whole} that pass the filters, still indexing",
            part=part,
            whole=whole,
        )
    return tr("Searched {part} of {whole} that pass the filters", part=part, whole=whole)


def percent(share: float, locale: QLocale) -> str:
    """A zoom: "35 %"; below one with a digit more."""
    value = 100 * share
    return f"{locale.toString(value, 'f', 0 if value >= 0.95 else 1)} %"


def place_among(number_: int, total: int, locale: QLocale) -> str:
    """Which of how many photos: "3 of 2,000"."""
    return tr("{number} of {total}", number=number(number_, locale), total=number(total, locale))


def connect_to_see(drive: str) -> str:
    """Why a photo cannot be seen whose drive is away."""
    return tr(
        "This photo is on “{drive}”, which is offline. Connect it to see the photo.", drive=drive
    )


def on_drive_away(drive: str) -> str:
    """Where a photo is that cannot be opened now."""
    return tr("On “{drive}”, which is offline", drive=drive)


def folder_line(folder: FolderStatus, locale: QLocale) -> str:
    """The second line of a folder: "142 photos · watching"."""
    if folder.state == "offline" and folder.drive:
        return tr("offline – “{drive}” is not connected", drive=folder.drive)
    state = tr(_STATES[folder.state])
    return state if folder.state == "offline" else f"{photos(folder.photos, locale)} · {state}"
