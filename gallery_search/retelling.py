# SPDX-License-Identifier: MIT
"""Tells in the window's language what was said below it, in English, and has become plain text.

Why a photo was not read, what is wrong with a folder or a download: such sentences are made in
child processes, in the worker and in the catalogue of years ago, and go into databases, logs and
the answers to commands, all of which stay English. So each is *marked* where it is made:
`mark("The weights of {network} are not here.").format(network=…)`. Here it is recognised again
among all that are marked (`told.py`), and what its gaps hold is put into the translation. What is
not recognised is shown as it is. `docs/decisions/languages.md`.

Any thread. A sentence takes some microseconds, or some tens of them when it is told first.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache, partial
from string import Formatter

from msgspec import Struct

from gallery_search.language import mark, tr
from gallery_search.told import TOLD

# A gap of one of these names may hold what is itself marked: a sentence, or a part of one. Others,
# such as names and paths, are told as they are, even where they read like a sentence.
_RETOLD = frozenset({"holder", "problem", "reason", "what", "when"})
_NUMBERS = frozenset({"count", "expected", "free", "limit", "needed", "size"})
_SHAPES = {  # of what can be nothing else
    "code": r"\d+",
    "count": r"[\d,]+",
    "day": r"\d+",
    "process_id": r"\d+",
    "seconds": r"[\d.]+",
    "time": r"\d\d:\d\d",
    "year": r"\d+",
}
_NAMES = ("Part of {name}", "a photo")
_LONGEST = 4000  # characters; no sentence has so many, and a file's content is none
_MOST_SENTENCES = 8  # that come as one text
_MOST_COLONS = 20  # of which each may end a name

# What systems and libraries say of files, disks and connections, in any case of letters.
_OF_THE_SYSTEM = (
    mark("Bad file descriptor"),
    mark("Cannot allocate memory"),
    mark("Connection refused"),
    mark("Connection reset by peer"),
    mark("Device or resource busy"),
    mark("Directory not empty"),
    mark("Disk quota exceeded"),
    mark("Exec format error"),
    mark("File exists"),
    mark("File name too long"),
    mark("File too large"),
    mark("Host is down"),
    mark("Input/output error"),
    mark("Invalid argument"),
    mark("Invalid cross-device link"),
    mark("Is a directory"),
    mark("No route to host"),
    mark("No space left on device"),
    mark("No such device"),
    mark("No such device or address"),
    mark("No such file or directory"),
    mark("Not a directory"),
    mark("Operation not permitted"),
    mark("Operation not supported"),
    mark("Permission denied"),
    mark("Read-only file system"),
    mark("Resource temporarily unavailable"),
    mark("Stale file handle"),
    mark("Text file busy"),
    mark("Too many levels of symbolic links"),
    mark("Too many open files"),
    mark("Transport endpoint is not connected"),
    # SQLite
    mark("attempt to write a readonly database"),
    mark("database disk image is malformed"),
    mark("database is locked"),
    mark("database or disk is full"),
    mark("disk I/O error"),
    mark("file is not a database"),
    mark("unable to open database file"),
    # OpenSSL
    mark("certificate has expired"),
    mark("certificate is not yet valid"),
    mark("self-signed certificate"),
    mark("self-signed certificate in certificate chain"),
    mark("unable to get local issuer certificate"),
)
_OF_WINDOWS = {  # whose own words are in its own language, by number
    2: "No such file or directory",
    3: "No such file or directory",
    4: "Too many open files",
    5: "Permission denied",
    8: "Cannot allocate memory",
    14: "Cannot allocate memory",
    17: "Invalid cross-device link",
    19: "Read-only file system",
    23: "Input/output error",
    32: "Device or resource busy",
    33: "Device or resource busy",
    39: "No space left on device",
    80: "File exists",
    112: "No space left on device",
    145: "Directory not empty",
    183: "File exists",
    206: "File name too long",
    267: "Not a directory",
    1117: "Input/output error",
    1295: "Disk quota exceeded",
    1455: "Cannot allocate memory",
    10054: "Connection reset by peer",
    10061: "Connection refused",
}
_POINT = mark(".", "the sign between a number's whole and its rest")
_GROUPS = mark(",", "the sign between groups of three digits")
# `str` of an OSError, and what is said after it.
_OS_ERROR = re.compile(r"\[(Errno|WinError) (\d+)\] (.+?)(: '.*?')?(?:\. (.+))?", re.DOTALL)
_NAMED_REASON = re.compile(r"\{(file|folder)\}: \{(reason)\}")
_NUMBER = re.compile(r"\d{1,3}(?:,?\d{3})*(?:\.\d+)?(?= |\Z)")


def retold(text: str) -> str:
    """A sentence from below the window, or several, in the window's language."""
    if not text or len(text) > _LONGEST:
        return text
    try:
        whole = _known(text)
        return " ".join(_each_retold(text)) if whole is None else whole
    except RecursionError:  # hundreds of sentences, each within another one; none is ours
        return text


def retold_name(name: str) -> str:
    """What an image is called that has no name of its own, or is a part of one that has."""
    found = _recognised(name)
    return _told(found) if found is not None and found.template in _NAMES else name


class _Recognised(Struct, frozen=True):
    """What a sentence was made from, and what filled the gaps."""

    template: str
    values: Mapping[str, str]


class _Template(Struct, frozen=True):
    """A marked sentence with gaps; `pieces` are what stands around them."""

    text: str
    pieces: tuple[str, ...]

    def values(self, told: str) -> dict[str, str] | None:
        """What filled the gaps of a sentence that was made from this, if it was."""
        first, last = self.pieces[0], self.pieces[-1]
        if not (told.startswith(first) and told.endswith(last)):
            return None
        if not all(piece in told for piece in self.pieces):
            return None
        found = _pattern(self.text).fullmatch(told)
        return None if found is None else self._parted(found.groupdict())

    def _parted(self, values: dict[str, str]) -> dict[str, str]:
        """Move what a name with a colon has left in the reason after it, if that is known then."""
        pair = _NAMED_REASON.search(self.text)
        if pair is None:
            return values
        name, reason = values[pair[1]], values[pair[2]]
        if reason.count(": ") > _MOST_COLONS:
            return values
        while _known(reason) is None:
            head, colon, reason = reason.partition(": ")
            if not colon:
                return values
            name = f"{name}: {head}"
        return values | {pair[1]: name, pair[2]: reason}


class _Book(Struct, frozen=True):
    """All templates: whole texts, by their first word, and those that begin with a gap."""

    plain: Mapping[str, str]
    by_word: Mapping[str, tuple[_Template, ...]]
    others: tuple[_Template, ...]

    def candidates(self, told: str) -> Iterator[_Template]:
        """What a sentence may have been made from; of each kind, what says most comes first."""
        yield from self.by_word.get(told.partition(" ")[0], ())
        yield from self.others


@lru_cache(maxsize=1)
def _book() -> _Book:
    plain = {text.lower(): text for text in _OF_THE_SYSTEM}
    by_word: dict[str, list[_Template]] = {}
    others: list[_Template] = []
    for text in TOLD:
        pieces = _pieces(text)
        if len(pieces) == 1:
            plain[text] = text
            continue
        word, space, _ = pieces[0].partition(" ")
        template = _Template(text, pieces)
        (by_word.setdefault(word, []) if word and space else others).append(template)
    sort = partial(sorted, key=lambda template: -sum(map(len, template.pieces)))
    words = {word: tuple(sort(some)) for word, some in by_word.items()}
    return _Book(plain, words, (*sort(others),))


def _pieces(text: str) -> tuple[str, ...]:
    """What stands around the gaps; first and last may be empty. One piece: there is no gap."""
    pieces, last = [], ""
    for before, gap, _, _ in Formatter().parse(text):
        last += before
        if gap is not None:
            pieces.append(last)
            last = ""
    return (*pieces, last)


@lru_cache(maxsize=512)
def _pattern(text: str) -> re.Pattern[str]:
    parts, seen = [], set()
    for before, gap, _, _ in Formatter().parse(text):
        parts.append(re.escape(before))
        if gap is not None:
            parts.append(f"(?P={gap})" if gap in seen else f"(?P<{gap}>{_SHAPES.get(gap, '.*?')})")
            seen.add(gap)
    return re.compile("".join(parts), re.DOTALL)


@lru_cache(maxsize=2048)  # thousands of photos fail for the same few reasons
def _recognised(text: str) -> _Recognised | None:
    book = _book()
    whole = book.plain.get(text) or book.plain.get(text.lower())
    if whole is not None:
        return _Recognised(whole, {})
    for template in book.candidates(text):
        values = template.values(text)
        if values is not None:
            return _Recognised(template.text, values)
    return None


def _known(text: str) -> str | None:
    """A text in the window's language, if it is a marked one; also one that got a full stop."""
    if error := _OS_ERROR.fullmatch(text):
        return _error_retold(*error.groups())
    found, stop = _recognised(text), ""
    if found is None and text.endswith("."):
        found, stop = _recognised(text[:-1]), "."
    return None if found is None else _told(found) + stop


def _error_retold(kind: str, number: str, reason: str, file: str | None, advice: str | None) -> str:
    """What the system said, by its number where the words may be in any language."""
    known = _OF_WINDOWS.get(int(number)) if kind == "WinError" and len(number) < 6 else None
    told = retold(reason) if known is None else tr(known)
    told = f"[{kind} {number}] {reason if told == known else told}{file or ''}"
    return f"{told}. {_part_retold(advice)}" if advice else told


def _told(found: _Recognised) -> str:
    return tr(found.template, **{gap: _value(gap, text) for gap, text in found.values.items()})


def _value(gap: str, text: str) -> str:
    if gap in _NUMBERS:
        return _NUMBER.sub(_as_here, text)
    if gap not in _RETOLD:
        return text
    return _part_retold(text)


def _part_retold(text: str) -> str:
    whole = _known(text)
    if whole is None and text:  # sentences that became a part of one have lost their last stop
        return retold(f"{text}.").removesuffix(".")
    return text if whole is None else whole


def _as_here(number: re.Match[str]) -> str:
    """A number such as "1,234.5" as the window's language writes it."""
    point = tr(_POINT, note="the sign between a number's whole and its rest")
    groups = tr(_GROUPS, note="the sign between groups of three digits")
    whole, dot, rest = number[0].partition(".")
    return whole.replace(",", groups) + dot.replace(".", point) + rest


def _each_retold(text: str) -> Iterator[str]:
    """A text sentence by sentence; as many as are one template's are told together."""
    ends = [found.start() + 1 for found in re.finditer(r"[.…!?] ", text)][:_MOST_SENTENCES]
    stops, start = [*ends, len(text)], 0
    while start < len(text):
        later = [stop for stop in stops if stop > start]
        for stop in reversed(later):
            known = _known(text[start:stop])
            if known is not None:
                yield known
                break
        else:
            stop = later[0]
            yield text[start:stop]
        start = stop + 1
