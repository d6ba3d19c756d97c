# SPDX-License-Identifier: MIT
"""The user's settings: each declared once with its default, kept as JSON in the library."""

import contextlib
import json
import logging
import os
import zlib
from pathlib import Path
from typing import Any

from msgspec import Struct, structs

from gallery_search import durable
from gallery_search.manners import SHARES, Manners, Share

log = logging.getLogger(__name__)

_TEXTS = ("excluded_folders", "excluded_patterns")  # lists of texts, which JSON has no tuples for
_CHECKSUM = "checksum"
DEVICES = ("auto", "cpu", "cuda", "mps", "xpu", "intel-gpu")
_CHOICES: dict[str, tuple[str, ...]] = {"device": DEVICES, "share": SHARES}


class Settings(Struct, frozen=True):
    """All settings.

    Attributes:
        backbone: name of the network that embeds photos and queries.
        incoming: name of the network that is to take over, or "".
        device: where it runs, one of DEVICES.
        is_paused: indexing was paused by the user and stays so at the next start.
        share: how much of the computer indexing may take, one of SHARES.
        is_idle_only: index only while nobody uses the computer.
        is_battery_saving: index slower on battery, and not at a low charge.
        excluded_folders: absolute paths of folders that are left out of the watched ones.
        excluded_patterns: names of photos and directories that are left out, such as "*.tmp.jpg".
        is_remembering: keep a list of what was searched for lately.
    """

    backbone: str = "efficientnet-lite0"
    incoming: str = ""
    device: str = "auto"
    is_paused: bool = False
    share: Share = "all"
    is_idle_only: bool = False
    is_battery_saving: bool = True
    excluded_folders: tuple[str, ...] = ()
    excluded_patterns: tuple[str, ...] = ()
    is_remembering: bool = True

    @property
    def manners(self) -> Manners:
        """How considerate indexing is to be."""
        return Manners(self.share, self.is_idle_only, self.is_battery_saving)


_DEFAULTS = structs.asdict(Settings())


def load(path: Path) -> Settings:
    """Read settings; an unknown or bad value falls back to its default, with a warning.

    It may be of a newer version of the program, so `save` keeps it. A damaged file is kept beside
    as `settings.json.bad`, and the copy in `backups` is read. To edit the file by hand, take the
    line with its checksum out.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:  # for the first time, or since it was put aside
        is_first = not path.with_suffix(".json.bad").exists()
        return Settings() if is_first else _from_copy(_copy(path))
    except OSError as error:
        log.warning("settings %s cannot be read (%s); the defaults are used", path, error)
        return Settings()
    try:
        return Settings(**_valid(_unsealed(content)))
    except (ValueError, RecursionError) as error:
        log.warning("settings %s are damaged (%s)", path, error)
    try:
        os.replace(path, path.with_suffix(".json.bad"))
    except OSError as error:
        log.warning("%s stays where it is: %s", path, error)
    return _from_copy(_copy(path))


def _from_copy(copy: Path) -> Settings:
    try:
        settings = Settings(**_valid(_unsealed(copy.read_bytes())))
    except (OSError, ValueError, RecursionError) as error:
        log.warning("no copy of the settings (%s); the defaults are used", error)
        return Settings()
    log.warning("the settings are taken from %s", copy)
    return settings


def save(path: Path, settings: Settings) -> None:
    """Write settings whole or not at all, and a copy; raises OSError where the disk refuses.

    What is in the file and not understood stays there: settings that this version does not know,
    and bad values of those that have their default, which the user did not change here.
    """
    values = structs.asdict(settings)
    for name, value in _stored(path).items():
        if name not in _DEFAULTS or (
            getattr(settings, name) == _DEFAULTS[name] and _problem(name, value) is not None
        ):
            values[name] = value
    content = json.dumps(values | {_CHECKSUM: _checksum(values)}, indent=2).encode("ascii")
    _write(path, content)
    try:
        _copy(path).parent.mkdir(mode=0o700, exist_ok=True)
        _write(_copy(path), content)
    except OSError as error:  # the settings themselves are kept
        log.warning("no copy of the settings: %s", error)


def _write(path: Path, content: bytes) -> None:
    temporary = path.with_suffix(".json.new")
    try:
        temporary.write_bytes(content)
        durable.replace(temporary, path)
    except OSError:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def _copy(path: Path) -> Path:
    return path.parent / "backups" / path.name


def _unsealed(content: bytes) -> dict[str, Any]:
    """The values in a file; raises ValueError where it is not as it was written."""
    values = json.loads(content)
    if not isinstance(values, dict):
        raise ValueError("no JSON object")  # noqa: TRY004  damage, like all else
    if values.pop(_CHECKSUM, None) not in (None, _checksum(values)):
        raise ValueError("its checksum is wrong")
    return values


def _checksum(values: dict[str, Any]) -> int:
    return zlib.crc32(json.dumps(values, sort_keys=True).encode("ascii"))


def _stored(path: Path) -> dict[str, Any]:
    """What `load` read its settings from: all of it, or nothing where it took the defaults."""
    is_put_aside = path.with_suffix(".json.bad").exists() and not path.exists()
    try:
        return _unsealed((_copy(path) if is_put_aside else path).read_bytes())
    except (OSError, ValueError, RecursionError):  # `load` has told of it
        return {}


def _valid(stored: dict[str, Any]) -> dict[str, Any]:
    valid = {}
    for name, value in stored.items():
        if (problem := _problem(name, value)) is not None:
            log.warning("setting %s: %r %s; ignored", name, value, problem)
        else:
            valid[name] = tuple(value) if name in _TEXTS else value
    return valid


def _problem(name: str, value: Any) -> str | None:
    """What is wrong with a value in a file, for the log."""
    if name not in _DEFAULTS:
        return "is of a setting that is not known"
    if name in _TEXTS:
        if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
            return "has the wrong type"
    elif not isinstance(value, type(_DEFAULTS[name])):
        return "has the wrong type"
    elif name in _CHOICES and value not in _CHOICES[name]:
        return f"is none of {', '.join(_CHOICES[name])}"
    return None
