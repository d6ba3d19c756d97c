# SPDX-License-Identifier: MIT
"""The files in which experiments leave their results, and what each says of how it was made."""

import importlib.metadata
import json
import os
import platform
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from msgspec import Struct, field, to_builtins

import gallery_search
from gallery_search import durable
from gallery_search.embedding import weights
from gallery_search.embedding.backbones import Backbone
from gallery_search.errors import ExternalError
from gallery_search.language import mark

_PACKAGES = ("annoy", "numpy", "openvino", "pillow", "timm", "torch", "torchvision")


class UsedBackbone(Struct, frozen=True):
    """A network that took part.

    Attributes:
        name: of the backbone.
        recipe: version of its way from pixels to embedding.
        dimension: of an embedding.
        weights: SHA-256 of the weights file, or "installed" where it came with the program.
        device: it ran on.
    """

    name: str
    recipe: int
    dimension: int
    weights: str
    device: str


class About(Struct, frozen=True):
    """What each result file carries, so that the experiment can be repeated.

    Attributes:
        experiment: "recovery", "neighbours" or "moma".
        seed: of all that was drawn; None where nothing was.
        counts: how many of what, such as {"photos": 500, "unreadable": 0}.
        backbones: the networks that took part.
        options: what else the result depends on.
        seconds: that this run took; less than all of it where it went on from an earlier one.
        made_at: when it was finished, ISO 8601 in UTC.
        program: version of this program.
        versions: of Python, the system and the packages that compute, by name.
    """

    experiment: str
    seed: int | None
    counts: Mapping[str, int]
    seconds: float
    backbones: tuple[UsedBackbone, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    made_at: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))
    program: str = gallery_search.__version__
    versions: Mapping[str, str] = field(default_factory=lambda: _versions())


def used(backbone: Backbone, device: str, models: Path) -> UsedBackbone:
    """The record of a backbone; reads its weights where their checksum is not known yet."""
    sha256 = "installed" if backbone.weights is None else weights.known_sha256(backbone, models)
    return UsedBackbone(
        backbone.name, backbone.recipe, backbone.dimension, sha256 or "unknown", device
    )


def new_stem(folder: Path, experiment: str) -> Path:
    """The path, without an ending, of a new result in the library's folder of experiments.

    Makes the folder. Raises ExternalError where it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        taken = {name.partition(".")[0] for name in os.listdir(folder)}
    except OSError as error:
        sentence = mark("The results cannot be kept in {folder}: {reason}.")
        raise ExternalError(
            sentence.format(folder=folder, reason=error.strerror or error)
        ) from error
    moment = time.strftime("%Y%m%d-%H%M%S", time.gmtime())
    names = (f"{experiment}-{moment}{f'-{number}' if number else ''}" for number in range(10_000))
    return folder / next(name for name in names if name not in taken)


def write(stem: Path, about: About, content: Mapping[str, Sequence[Any]]) -> Path:
    """Write `stem`.json: {"about": the record, and the content's keys}; raises OSError."""
    head = {"about": to_builtins(about)}
    text = json.dumps(head | dict(content), indent=1)  # a surrogate becomes its escape
    return write_file(stem.with_name(f"{stem.name}.json"), text.encode("ascii"))


def write_file(file: Path, content: bytes) -> Path:
    """Write a file whole or not at all; raises OSError."""
    temporary = file.with_name(f"{file.name}.new")
    try:
        temporary.write_bytes(content)
        durable.replace(temporary, file)
    finally:
        temporary.unlink(missing_ok=True)
    return file


def _versions() -> dict[str, str]:
    found = {"python": platform.python_version(), "system": platform.system()}
    for package in _PACKAGES:
        try:
            found[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found
