# SPDX-License-Identifier: MIT
"""What the analysis view can show: results of experiments, and datasets that have none yet."""

import json
from pathlib import Path
from typing import Any, Literal, TypeAlias

from msgspec import Struct

from gallery_search.errors import ExternalError
from gallery_search.experiments import datasets
from gallery_search.language import mark
from gallery_search.paths import LibraryPaths, in_a_line

Kind: TypeAlias = Literal["neighbours", "recovery", "dataset"]

_START_BYTES = 1 << 16  # of a result, in which its record ends
_MARK = '"about": '
_KINDS: dict[str, Kind] = {"neighbours": "neighbours", "recovery": "recovery"}


class Source(Struct, frozen=True):
    """Something to look at.

    Attributes:
        kind: "dataset" where there are pictures, but no neighbours of them yet.
        folder: of the pictures.
        files: results, newest first; several of neighbours, of the same folder, by other networks.
        networks: names, as the results have them.
        made_at: when the newest was finished, ISO 8601 in UTC; "" for a dataset.
    """

    kind: Kind
    folder: str
    files: tuple[str, ...]
    networks: tuple[str, ...]
    made_at: str


def sources(paths: LibraryPaths) -> list[Source]:
    """All in the library, datasets without a result first and then by age, newest first.

    Files that are no results, or damaged, are passed over.
    """
    found = []
    for file in paths.experiments.glob("*.json"):
        try:
            found.append(source_of(file))
        except ExternalError:
            continue
    found.sort(key=lambda source: (source.made_at, source.files), reverse=True)
    joined: dict[object, Source] = {}
    for source in found:
        key = source.folder if source.kind == "neighbours" else source.files
        joined[key] = _joined(joined[key], source) if key in joined else source
    seen = {source.folder for source in joined.values() if source.kind == "neighbours"}
    bare = [
        Source("dataset", str(file.parent), (), (), "")
        for file in sorted(paths.datasets.glob(f"*/{datasets.FILE}"))
        if str(file.parent) not in seen
    ]
    return [*bare, *joined.values()]


def source_of(file: Path) -> Source:
    """A result that is chosen as a file; raises ExternalError where it is none."""
    about = _about(file)
    try:
        kind = _KINDS[about["experiment"]]
        networks = tuple(str(used["name"]) for used in about["backbones"])
        folder = str(about["options"]["folder"])
        return Source(kind, folder, (str(file),), networks, str(about["made_at"]))
    except (KeyError, TypeError, ValueError) as error:
        raise no_result(file) from error


def no_result(file: Path) -> ExternalError:
    """What to raise for a file that cannot be shown."""
    return ExternalError(
        mark(
            "Choose another file: {file} is no result of the experiments neighbours or recovery, "
            "or it is damaged."
        ).format(file=in_a_line(file.name))
    )


def _joined(newer: Source, older: Source) -> Source:
    networks = tuple(dict.fromkeys((*newer.networks, *older.networks)))
    return Source(newer.kind, newer.folder, (*newer.files, *older.files), networks, newer.made_at)


def _about(file: Path) -> dict[str, Any]:
    """The record at the start of a result, without reading all that follows."""
    try:
        with file.open("rb") as stream:
            start = stream.read(_START_BYTES).decode("ascii", "replace")
    except OSError as error:
        sentence = mark("Check {file}: {reason}.")
        raise ExternalError(
            sentence.format(file=in_a_line(str(file)), reason=error.strerror or error)
        ) from error
    place = start.find(_MARK)
    try:
        about, _ = json.JSONDecoder().raw_decode(start, place + len(_MARK))
    except ValueError as error:
        raise no_result(file) from error
    if place < 0 or not isinstance(about, dict):
        raise no_result(file)
    return about
