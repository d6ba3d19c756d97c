# SPDX-License-Identifier: MIT
"""The door through which sentences become the language of the window; English until one is used.

Without Qt, so that every module can say its sentences through it: `use` puts the window's
translator behind it. In commands and in child processes nobody does, and all stays English.
Nothing may be translated while modules are imported, when no translator is there yet: constants
are only marked, and translated where they are shown. `packaging/translations.py` collects what
stands in these calls, so the sentences are to be literals.
"""

from collections.abc import Callable
from functools import lru_cache
from string import Formatter

CONTEXT = "Gallery Search"  # of all sentences, in Qt's translation files
NO_COUNT = -1  # given to the translator for what has no plural forms, as Qt does

# Takes text, note and count, and returns the text itself where it knows none. Any thread.
Translate = Callable[[str, str, int], str]

_translate: Translate | None = None


def use(translate: Translate | None) -> None:
    """Have all sentences from now on translated by this; None for English. Any thread."""
    global _translate  # one window, one language
    _translate = translate
    _sentence.cache_clear()


def tr(text: str, /, *, note: str = "", **values: object) -> str:
    """A sentence in the language of the window. Any thread; quick.

    Args:
        text: in English, a literal or a marked constant.
        note: tells apart the uses of a text that another language says in several ways.
        values: fill the named gaps; without any, gaps stay as they are.
    """
    sentence = _sentence(text, note)
    return sentence.format(**values) if values else sentence


def tr_count(
    one: str,
    other: str,
    count: int,
    /,
    *,
    shown: str | None = None,
    note: str = "",
    **values: object,
) -> str:
    """A sentence about a number of things, in the form which the language has for it. Any thread.

    Args:
        one: in English, about one thing.
        other: in English, about any other number; what translations are found by.
        count: how many.
        shown: what the gap {count} is filled with; the bare digits by default.
        note: as for `tr`.
        values: fill the other gaps.
    """
    sentence = one if count == 1 else other
    if _translate is not None:
        translated = _translate(other, note, count)
        # Who counts one thing need not name the number.
        if translated != other and gaps(other) - {"count"} <= gaps(translated) <= gaps(other):
            sentence = translated
    return sentence.format(count=str(count) if shown is None else shown, **values)


def mark(text: str, /, note: str = "") -> str:
    """The same text: a constant which `tr` translates where it is shown, with the same note."""
    del note  # for the collector
    return text


def mark_count(one: str, other: str, /, note: str = "") -> tuple[str, str]:
    """The same two texts, for `tr_count(*PAIR, count)`."""
    del note
    return one, other


@lru_cache(maxsize=1024)
def gaps(text: str) -> frozenset[str]:
    """The names of the gaps in a sentence; {"?"} for one that cannot be filled."""
    try:
        return frozenset(name for _, name, _, _ in Formatter().parse(text) if name is not None)
    except ValueError:
        return frozenset("?")


@lru_cache(maxsize=2048)
def _sentence(text: str, note: str) -> str:
    """Its translation, if that has the same gaps; else the text itself."""
    if _translate is None or not text:
        return text
    translated = _translate(text, note, NO_COUNT)
    return translated if gaps(translated) == gaps(text) else text
