# SPDX-License-Identifier: MIT
"""A dataset: a folder of images with `dataset.json`, which says what each of them shows.

The files are named by the museum's numbers alone, so no text of the museum's becomes a path.
Whether an image is there is told by its file; `dataset.json` is written when a run ends.
"""

import json
import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from msgspec import Struct, structs

from gallery_search import __version__, durable
from gallery_search.errors import ExternalError
from gallery_search.experiments.artworks import Artwork
from gallery_search.language import mark

FILE = "dataset.json"
_FORMAT = 1
_NAME = re.compile(r"\w(?:[\w .-]{0,78}[\w-])?")
_NOT_ON_WINDOWS = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)


class Failure(Struct, frozen=True):
    """Why a picture is missing.

    Attributes:
        reason: one sentence.
        is_final: another try would end the same way.
    """

    reason: str
    is_final: bool


class Dataset(Struct, frozen=True):
    """What was drawn, and what became of it.

    Attributes:
        works: all that were drawn, in the order of the draw.
        failures: by number, of those whose picture was tried for and is missing.
        requested: how many were asked for.
        available: how many there were to draw from.
        seed: of the draw.
    """

    works: tuple[Artwork, ...]
    failures: dict[int, Failure]
    requested: int
    available: int
    seed: int


def check_name(name: str) -> None:
    """Raise ExternalError where a dataset's name is no name of a folder on every system."""
    if not _NAME.fullmatch(name) or _NOT_ON_WINDOWS.fullmatch(name):
        raise ExternalError(
            mark(
                "Choose another name than {name}: letters, digits, spaces, dots, _ and -, at "
                "most 80 of them, with a letter or a digit first."
            ).format(name=repr(name))
        )


def image_name(object_id: int | str) -> str:
    """The name of the image's file of the work with this number."""
    return f"moma-{object_id}.jpg"


def image_file(folder: Path, work: Artwork) -> Path:
    """Where the image of a work lies in its dataset."""
    return folder / image_name(work.object_id)


def images(folder: Path) -> dict[str, Artwork]:
    """The works whose images are in a dataset, by the names of their files; raises as `read`."""
    works = read(folder).works
    present = set(os.listdir(folder))
    named = {image_name(work.object_id): work for work in works}
    return {name: work for name, work in named.items() if name in present}


def read(folder: Path) -> Dataset:
    """What `dataset.json` says; raises ExternalError where it is absent, damaged or too new."""
    path = folder / FILE
    try:
        content = json.loads(path.read_bytes())
        if content["format"] != _FORMAT:
            raise ExternalError(
                mark(
                    "Use a newer version of this program, or another name: {file} was written by "
                    "one."
                ).format(file=path)
            )
        entries = content["images"] + content["missing"]
        entries.sort(key=lambda entry: entry["place"])
        return Dataset(
            tuple(_work(entry) for entry in entries),
            {
                entry["object_id"]: Failure(str(entry["reason"]), bool(entry["is_final"]))
                for entry in content["missing"]
                if entry["reason"] is not None
            },
            int(content["requested"]),
            int(content["available"]),
            int(content["seed"]),
        )
    except FileNotFoundError as error:
        sentence = mark("Choose a dataset: {folder} holds no {file}.")
        raise ExternalError(sentence.format(folder=folder, file=FILE)) from error
    except OSError as error:
        sentence = mark("Check {file}: {reason}.")
        raise ExternalError(sentence.format(file=path, reason=error.strerror or error)) from error
    except (ValueError, TypeError, KeyError) as error:
        sentence = mark("Remove {file} and make the dataset again: it is damaged.")
        raise ExternalError(sentence.format(file=path)) from error


def write(folder: Path, dataset: Dataset) -> None:
    """Write `dataset.json`, in place of what was there; raises OSError."""
    present = set(os.listdir(folder))
    there, missing = [], []
    for place, work in enumerate(dataset.works):
        entry: dict[str, Any] = {"place": place, **structs.asdict(work)}
        name = image_name(work.object_id)
        if name in present:
            there.append({"file": name, **entry})
        else:
            failure = dataset.failures.get(work.object_id)
            entry["reason"] = None if failure is None else failure.reason
            entry["is_final"] = failure is not None and failure.is_final
            missing.append(entry)
    content = {
        "format": _FORMAT,
        "collection": "The Museum of Modern Art, New York",
        "program": __version__,
        "written_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "seed": dataset.seed,
        "requested": dataset.requested,
        "available": dataset.available,
        "images": there,
        "missing": missing,
    }
    temporary = folder / f"{FILE}.new"
    temporary.write_text(json.dumps(content, indent=1), encoding="ascii")
    durable.replace(temporary, folder / FILE)


def _work(entry: dict[str, Any]) -> Artwork:
    texts = ("title", "artist", "medium", "dimensions", "date", "url")
    object_id = entry["object_id"]
    if type(object_id) is not int or object_id < 1:
        raise ValueError("no number of a work")
    return Artwork(object_id, *(str(entry[name]) for name in texts))
