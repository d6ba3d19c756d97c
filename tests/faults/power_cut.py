# SPDX-License-Identifier: MIT
"""What a disk may hold after a power cut, made from the log of what a program did to its files.

Only what was synced is sure to be there. Of the writes after the last sync of a file each may have
reached the disk or not, in any order, a part of it even, in sectors. Of the files that were made,
renamed or deleted in a directory since its last sync, the first so many were.
"""

import os
import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from io_shim import Record

_SECTOR_BYTES = 512


@dataclass
class _File:
    synced: bytes = b""
    since: list[Record] = field(default_factory=list)  # writes and truncations


@dataclass(frozen=True)
class _Change:
    """A file that was made (`new` only), renamed, or deleted (`old` only)."""

    old: str | None
    new: str | None
    file: _File

    def make(self, names: dict[str, _File]) -> None:
        if self.old is not None:
            names.pop(self.old, None)
        if self.new is not None:
            names[self.new] = self.file

    def is_in(self, directory: str) -> bool:
        return os.path.dirname(self.new or self.old or "") == directory


class Disk:
    """Takes the operations of a program one by one; `after_a_cut` may be called at any time.

    Files that were there before the first operation are left out.
    """

    def __init__(self) -> None:
        self._files: dict[str, _File] = {}
        self._synced: dict[str, _File] = {}  # as the directories had them at their last sync
        self._changes: list[_Change] = []  # since

    def take(self, record: Record) -> None:
        """Do what the program did."""
        file = self._files.get(record.path)
        if record.operation == "create":
            self._change(_Change(None, record.path, _File()))
        elif record.operation == "sync" and file is None:
            for change in self._changes:
                if change.is_in(record.path):
                    change.make(self._synced)
            self._changes = [c for c in self._changes if not c.is_in(record.path)]
        elif file is None:
            return
        elif record.operation == "sync":
            file.synced, file.since = _applied(file.synced, file.since), []
        elif record.operation == "rename":
            self._change(_Change(record.path, os.fsdecode(record.data), file))
        elif record.operation == "unlink":
            self._change(_Change(record.path, None, file))
        else:
            file.since.append(record)

    def is_synced(self, path: str) -> bool:
        """Whether a file would be found under its name and with all that was written to it."""
        file = self._files[path]
        return not file.since and self._synced.get(path) is file

    def after_a_cut(self, chance: random.Random, root: str, target: Path) -> None:
        """Write what may be found below `root` after a cut now to a new folder."""
        names = dict(self._synced)
        for change in self._changes[: chance.randint(0, len(self._changes))]:
            change.make(names)
        for path, file in names.items():
            copy = target / os.path.relpath(path, root)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(_applied(file.synced, _survivors(chance, file.since)))

    def _change(self, change: _Change) -> None:
        change.make(self._files)
        self._changes.append(change)


def _applied(content: bytes, records: Iterable[Record]) -> bytes:
    """A content after writes and truncations."""
    changed = bytearray(content)
    for record in records:
        end = record.offset + len(record.data)
        changed.extend(bytes(max(0, end - len(changed))))
        if record.operation == "truncate":
            del changed[record.offset :]
        else:
            changed[record.offset : end] = record.data
    return bytes(changed)


def _survivors(chance: random.Random, records: list[Record]) -> list[Record]:
    """Those that reached the disk: none, all, or some of them, and some in part."""
    match chance.randrange(3):
        case 0:
            return []
        case 1:
            return records
    return [part for record in records if chance.random() < 0.5 for part in _torn(chance, record)]


def _torn(chance: random.Random, record: Record) -> list[Record]:
    """A write, one time in three only some of its sectors."""
    if record.operation != "write" or chance.random() < 2 / 3:
        return [record]
    start = record.offset - record.offset % _SECTOR_BYTES
    parts = []
    for sector in range(start, record.offset + len(record.data), _SECTOR_BYTES):
        first = max(sector, record.offset) - record.offset
        data = record.data[first : sector + _SECTOR_BYTES - record.offset]
        if chance.random() < 0.5:
            parts.append(Record("write", record.offset + first, record.path, data))
    return parts
