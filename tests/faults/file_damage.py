# SPDX-License-Identifier: MIT
"""Damage to the files that a library keeps; the same number always does the same."""

import random
from pathlib import Path

_PAGE = 4096  # of SQLite and of most disks


def harm(path: Path, number: int) -> str:
    """Damage a file, which must not be empty, so that it differs; returns how."""
    chance = random.Random(number)
    content = path.read_bytes()
    damaged = content
    while damaged == content:
        how = chance.choice(("flip", "flip", "flip", "byte", "cut", "zeros", "noise", "swap"))
        damaged = _harmed(chance, bytearray(content), how)
    path.write_bytes(damaged)
    return how


def _harmed(chance: random.Random, data: bytearray, how: str) -> bytes:
    place = chance.randrange(len(data))
    length = min(chance.choice((1, 16, 512, _PAGE)), len(data) - place)
    match how:
        case "flip":
            data[place] ^= 1 << chance.randrange(8)
        case "byte":
            data[place] = chance.randrange(256)
        case "cut":
            del data[place:]
        case "zeros":
            data[place : place + length] = bytes(length)
        case "noise":
            data[place : place + length] = chance.randbytes(length)
        case "swap":
            pages = range(0, len(data) - _PAGE + 1, _PAGE)
            if len(pages) >= 2:
                one, other = chance.sample(pages, 2)
                first, second = data[one : one + _PAGE], data[other : other + _PAGE]
                data[one : one + _PAGE], data[other : other + _PAGE] = second, first
    return bytes(data)
