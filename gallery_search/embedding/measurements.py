# SPDX-License-Identifier: MIT
"""What was measured of each backbone on each device here, kept until something changes.

`measurements.json` in the library's folder of networks. An entry counts as long as recipe, weights
file and the versions of torch and OpenVINO are those it was made with, so that a computer that is
busy for once does not change the choice of a device. Imports nothing heavy. Any thread.
"""

import contextlib
import functools
import json
import logging
import os
import sys
import threading
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from msgspec import Struct, structs

from gallery_search.embedding import prepared
from gallery_search.embedding.backbones import Backbone
from gallery_search.embedding.embedder import Precision
from gallery_search.errors import BackboneError

log = logging.getLogger(__name__)

_FILE = "measurements.json"
_FORM = 3  # of measuring: 3 since CPUs compute some convolutions by `winograd`
_WRITING = threading.Lock()  # two backbones may be loaded at once


class Measurement(Struct, frozen=True):
    """What a backbone does on a device of this computer.

    Attributes:
        device: as in `settings.DEVICES`.
        product: under what name the device is sold; empty where it could not be asked.
        precision: what the network computes in there, see `Embedder`.
        batch_size: see `Embedder`.
        images_per_second: embedded, from network inputs in memory; 0 where there is a problem.
        problem: why the device is not used, in one sentence, or None.
    """

    device: str
    product: str
    precision: Precision = "float32"
    batch_size: int = 1
    images_per_second: float = 0.0
    problem: str | None = None


def measured(backbone: Backbone, models: Path) -> tuple[Measurement, ...]:
    """All that is known of a backbone here, the fastest device first; empty before the first use.

    Args:
        backbone: which network.
        models: the library's folder of networks.
    """
    try:
        key = _key(backbone, models)
    except BackboneError:  # without weights it runs nowhere
        return ()
    found = [entry for entry in map(_entry_of, _read(models, key)) if entry is not None]
    return tuple(sorted(found, key=lambda entry: -entry.images_per_second))


def keep(backbone: Backbone, models: Path, measurements: Iterable[Measurement]) -> None:
    """Keep measurements; they replace those of the same backbone and devices.

    Where they cannot be written, the devices are measured again at the next start.
    """
    with _WRITING:
        _keep(backbone, models, measurements)


def _keep(backbone: Backbone, models: Path, measurements: Iterable[Measurement]) -> None:
    try:
        key = _key(backbone, models)
    except BackboneError as error:
        log.warning("the measurements are not kept: %s", error)
        return
    fresh = {entry.device: sealed(key | structs.asdict(entry)) for entry in measurements}
    others = [
        entry
        for entry in _read(models, {})
        if entry.get("backbone") != backbone.name
        or (entry.items() >= key.items() and entry.get("device") not in fresh)
    ]
    file = models / _FILE
    temporary = prepared.temporary_name(file)
    try:
        models.mkdir(parents=True, exist_ok=True)
        temporary.write_text(json.dumps([*others, *fresh.values()], indent=1), "utf-8")
        os.replace(temporary, file)
    except OSError as error:
        log.warning("the devices are measured again at the next start: %s", error)
        with contextlib.suppress(OSError):
            temporary.unlink()


def _key(backbone: Backbone, models: Path) -> dict[str, Any]:
    """What must be as it was for a measurement to count."""
    return {
        "form": _FORM,
        "backbone": backbone.name,
        "recipe": backbone.recipe,
        "weights": prepared.locate(backbone, models).stamp,
        "torch": version("torch"),
        "openvino": version("openvino"),
    }


@functools.cache
def version(package: str) -> str | None:
    """The version of an installed package, or None where there is none."""
    ending = ".dist-info"
    for place in sys.path:  # as a wheel has it, which is found before Python's finder is imported
        with contextlib.suppress(OSError):
            for folder in Path(place or ".").glob(f"{package}-*{ending}"):
                return folder.name[len(package) + 1 : -len(ending)]
    import importlib.metadata

    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def _read(models: Path, key: dict[str, Any]) -> list[dict[str, Any]]:
    """The entries that agree with the key, as they lie in the file; none where it is damaged."""
    try:
        content = json.loads((models / _FILE).read_bytes())
    except FileNotFoundError:
        return []
    except (OSError, ValueError, RecursionError) as error:
        log.warning("the measurements are damaged and made anew: %s", error)
        return []
    if not isinstance(content, list):
        return []
    entries = [e for e in content if isinstance(e, dict) and e.items() >= key.items()]
    sound = [entry for entry in entries if entry == sealed(entry)]
    if len(sound) < len(entries):
        log.warning("some measurements are damaged and made anew")
    return sound


def sealed(entry: dict[str, Any]) -> dict[str, Any]:
    """An entry with its checksum: a changed digit would choose another device."""
    values = {name: value for name, value in entry.items() if name != "checksum"}
    return values | {"checksum": zlib.crc32(json.dumps(values, sort_keys=True).encode("ascii"))}


def _entry_of(stored: dict[str, Any]) -> Measurement | None:
    """An entry of the file as a record, or None where it is damaged."""
    try:
        entry = Measurement(**{name: stored[name] for name in Measurement.__struct_fields__})
        is_sound = (
            isinstance(entry.device, str)
            and isinstance(entry.product, str)
            and entry.precision in ("float32", "float16")
            and isinstance(entry.batch_size, int)
            and entry.batch_size >= 1
            and float(entry.images_per_second) >= 0
            and isinstance(entry.problem, (str, type(None)))
        )
    except (KeyError, TypeError, ValueError):
        return None
    return entry if is_sound else None
