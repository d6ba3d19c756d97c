# SPDX-License-Identifier: MIT
"""A seeded fuzzer for image files: the same number always gives the same damage.

Every mutation is one or a few of the damages below; most hit the first kilobytes, where headers
are, since that is where a decoder can be lied to.
"""

import random
from collections.abc import Callable, Sequence
from pathlib import Path

from gallery_search.imaging.formats import looks_like_image

# Numbers that overflow, divide by zero or ask for too much, in the sizes that headers use.
_NASTY = [
    value.to_bytes(width, order, signed=False)
    for width in (1, 2, 4, 8)
    for value in {0, 1, (1 << 8 * width - 1) - 1, 1 << 8 * width - 1, (1 << 8 * width) - 1}
    for order in ("little", "big")
]
_MAX_SOURCE_BYTES = 400_000  # larger ones cost time, and no other code of a decoder

Damage = Callable[[random.Random, bytearray, Sequence[bytes]], bytearray]


class Fuzzer:
    """Mutations of the images in some folders, of the formats that the program reads."""

    def __init__(self, folders: Sequence[Path]) -> None:
        files = sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())
        contents = [path.read_bytes() for path in files]
        self._sources = [
            content
            for content in contents
            if len(content) < _MAX_SOURCE_BYTES and looks_like_image(content)
        ]

    def __len__(self) -> int:
        return len(self._sources)

    def mutation(self, number: int) -> bytes:
        """The damaged file of this number; never empty."""
        chance = random.Random(number)
        data = bytearray(chance.choice(self._sources))
        for _ in range(chance.choice([1, 1, 2, 4, 16])):
            data = chance.choice(_DAMAGES)(chance, data, self._sources) or bytearray(b"\0")
        return bytes(data)


def _place(chance: random.Random, data: bytearray) -> int:
    """Somewhere in the data, mostly near its start."""
    limit = len(data) if chance.random() < 0.3 else min(len(data), chance.choice([64, 512, 4096]))
    return chance.randrange(limit)


def _flip(chance: random.Random, data: bytearray, _: Sequence[bytes]) -> bytearray:
    data[_place(chance, data)] ^= 1 << chance.randrange(8)
    return data


def _set_nasty(chance: random.Random, data: bytearray, _: Sequence[bytes]) -> bytearray:
    number = chance.choice(_NASTY)
    at = _place(chance, data)
    data[at : at + len(number)] = number
    return data


def _cut(chance: random.Random, data: bytearray, _: Sequence[bytes]) -> bytearray:
    return data[: chance.randrange(len(data)) + 1]


def _drop(chance: random.Random, data: bytearray, _: Sequence[bytes]) -> bytearray:
    at = _place(chance, data)
    del data[at : at + chance.choice([1, 2, 4, 16, 1024])]
    return data


def _repeat(chance: random.Random, data: bytearray, _: Sequence[bytes]) -> bytearray:
    at = _place(chance, data)
    block = data[at : at + chance.choice([1, 4, 16, 256, 4096])]
    data[at:at] = block * chance.choice([1, 2, 50])
    return data


def _noise(chance: random.Random, data: bytearray, _: Sequence[bytes]) -> bytearray:
    at = _place(chance, data)
    length = min(chance.choice([4, 32, 512]), len(data) - at)
    data[at : at + length] = chance.randbytes(length)
    return data


def _move(chance: random.Random, data: bytearray, _: Sequence[bytes]) -> bytearray:
    start, target = _place(chance, data), _place(chance, data)
    block = data[start : start + chance.choice([4, 16, 256])]
    data[target : target + len(block)] = block
    return data


def _splice(chance: random.Random, data: bytearray, sources: Sequence[bytes]) -> bytearray:
    """The head of one file with the body of another."""
    other = chance.choice(sources)
    return data[: _place(chance, data) + 1] + other[chance.randrange(len(other)) :]


_DAMAGES: list[Damage] = [
    *(_flip, _set_nasty, _set_nasty, _cut, _drop, _repeat, _noise, _move, _splice)
]
