# SPDX-License-Identifier: MIT
"""The user's settings: each declared once with its default, kept as JSON in the library."""

import contextlib
import dataclasses
import json
import logging
import os
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gallery_search import durable
from gallery_search.manners import SHARES, Manners, Share

log = logging.getLogger(__name__)

_TEXTS = ("excluded_folders", "excluded_patterns")  # lists of texts, which JSON has no tuples for
_CHECKSUM = "checksum"
DEVICES = ("auto", "cpu", "cuda", "mps", "xpu", "intel-gpu")
_CHOICES: dict[str, tuple[str, ...]] = {"device": DEVICES, "share": SHARES}


@dataclass(frozen=True, slots=True)
class Settings:
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


def load(path: Path) -> Settings:
    """Read settings; an unknown or bad value falls back to its default, with a warning.

    A damaged file is kept beside as `settings.json.bad`, and the copy in `backups` is read. To
    edit the file by hand, take the line with its checksum out.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return Settings()
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

    What a newer version of the program has put there stays, for when that is used again.
    """
    values = _unknown(path) | dataclasses.asdict(settings)
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


def _unknown(path: Path) -> dict[str, Any]:
    """The settings in a file that this version does not know."""
    try:
        values = _unsealed(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    known = {field.name for field in dataclasses.fields(Settings)}
    return {name: value for name, value in values.items() if name not in known}


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


def _valid(stored: dict[str, Any]) -> dict[str, Any]:
    known = {field.name: field for field in dataclasses.fields(Settings)}
    valid = {}
    for name, value in stored.items():
        if name in _TEXTS and isinstance(value, list):
            value = tuple(value) if all(isinstance(text, str) for text in value) else None
        if name not in known or not isinstance(value, type(known[name].default)):
            log.warning("setting %r: %r is not known or has the wrong type; ignored", name, value)
        elif name in _CHOICES and value not in _CHOICES[name]:
            log.warning(
                "setting %s: %r is none of %s; ignored", name, value, ", ".join(_CHOICES[name])
            )
        else:
            valid[name] = value
    return valid
