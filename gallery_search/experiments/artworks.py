# SPDX-License-Identifier: MIT
"""The museum's file of its works: all forms that it has had, row by row and in little memory.

The Museum of Modern Art publishes Artworks.csv and Artworks.json. Over the years the address of a
work's picture moved from `ThumbnailURL` (at most 300 px) to `ImageURL` (1024 px), and `Artist` was
one text or a list. A row holds some thirty fields, of which an `Artwork` keeps seven. How the file
is read, and why so, is in docs/decisions/moma.md.
"""

import codecs
import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from msgspec import Struct

from gallery_search.errors import ExternalError

_START_BYTES = 1 << 16  # holds the line of a table's column names, or the start of anything else
_BLOCK_CHARACTERS = 1 << 19  # read at once
_ROW_CHARACTERS = 1 << 18  # a hundred times the longest row of JSON
_MOST_ID = 10**12

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins with the mark of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ID = "ObjectID"
_URLS = ("ThumbnailURL", "ImageURL")  # the former is what the original experiment had
_SEPARATORS = ",\t;"  # spreadsheets save a table with each of them
_BETWEEN_ROWS = re.compile(r"[\s,]*")


class Artwork(Struct, frozen=True):
    """A work that has a picture; texts are "" where the museum does not say.

    Attributes:
        object_id: the museum's number of the work, at least 1.
        title: of the work.
        artist: all names, with commas between them.
        medium: such as "Oil on canvas".
        dimensions: as the museum words them.
        date: as the museum words it.
        url: of its picture, http or https.
    """

    object_id: int
    title: str
    artist: str
    medium: str
    dimensions: str
    date: str
    url: str


def read_artworks(path: Path) -> Iterator[Artwork]:
    """The works of an Artworks file that have a picture, in the file's order.

    Rows that are no works, or have neither number nor picture, are left out.

    Raises:
        ExternalError: the file cannot be read, is another, or is damaged; works of before the
            damage have come by then.
    """
    try:
        with path.open("rb") as binary:
            start = binary.read(_START_BYTES)
        encoding = next((name for mark, name in _MARKS if start.startswith(mark)), "utf-8")
        beginning = start.decode(encoding, "ignore").lstrip()
        _refuse_others(beginning, path)
        with path.open(encoding=encoding, newline="") as file:
            is_json = beginning.startswith(("[", "{"))
            rows = _json_rows(file) if is_json else _table_rows(file, beginning, path)
            for row in rows:
                if (work := _artwork(row)) is not None:
                    yield work
    except OSError as error:
        reason = error.strerror or str(error)
        raise ExternalError(f"Check the Artworks file {path}: {reason}.") from error
    except UnicodeError as error:
        raise ExternalError(
            f"Save {path} as UTF-8, or download it again: it is in another encoding, or damaged."
        ) from error
    except (ValueError, RecursionError, csv.Error) as error:  # of json and csv
        raise ExternalError(
            f"Download the Artworks file again: {path} is damaged or not complete."
        ) from error


def _refuse_others(beginning: str, path: Path) -> None:
    if beginning.startswith("version https://git-lfs"):
        raise ExternalError(
            "Run “git lfs pull” where the museum's repository was cloned, or leave the file away "
            f"to have it downloaded: {path} is only a pointer of Git LFS in its place."
        )
    if beginning.startswith("<"):
        raise ExternalError(
            f"Download the Artworks file with its button “Download raw file”: {path} is a web page."
        )
    if not beginning:
        raise ExternalError(f"Download the Artworks file again: {path} is empty.")


def _json_rows(file: TextIO) -> Iterator[Any]:
    """The elements of an array, or of a sequence without brackets, one at a time.

    All of a row is in the buffer before it is read, so a row that the buffer's end cuts off is
    either damaged or far longer than any of the museum's.
    """
    decode = json.JSONDecoder().raw_decode
    text, is_ended = file.read(_BLOCK_CHARACTERS).lstrip(), False
    is_array = text.startswith("[")
    at = int(is_array)
    while True:
        between = _BETWEEN_ROWS.match(text, at)
        assert between is not None  # nothing at all matches, too
        at = between.end()
        if len(text) - at < _ROW_CHARACTERS and not is_ended:
            block = file.read(_BLOCK_CHARACTERS)
            text, at, is_ended = text[at:] + block, 0, not block
        elif is_array and text.startswith("]", at):
            return
        elif at < len(text):
            row, at = decode(text, at)
            yield row
        elif is_array:
            raise ValueError("the array does not end")
        else:
            return


def _table_rows(file: TextIO, beginning: str, path: Path) -> Iterator[dict[str, Any]]:
    first_line = beginning.splitlines()[0]
    for separator in _SEPARATORS:
        columns = next(csv.reader([first_line], delimiter=separator))
        if _ID in columns and not set(columns).isdisjoint(_URLS):
            return csv.DictReader(file, delimiter=separator)
    raise ExternalError(
        f"Choose the museum's Artworks.csv or Artworks.json: {path} has no columns {_ID} and "
        f"{' or '.join(_URLS)}."
    )


def _artwork(row: object) -> Artwork | None:
    if not isinstance(row, dict):
        return None
    object_id = _number(row.get(_ID))
    urls = (_text(row.get(name)) for name in _URLS)
    url = next((url for url in urls if url.startswith(("http://", "https://"))), None)
    if object_id is None or url is None:
        return None
    names = ("Title", "Artist", "Medium", "Dimensions", "Date")
    title, artist, medium, dimensions, date = (_text(row.get(name)) for name in names)
    return Artwork(object_id, title, artist, medium, dimensions, date, url)


def _number(value: object) -> int | None:
    text = str(value).strip() if isinstance(value, int | str) else ""
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(_MOST_ID))):
        return None
    return int(text) if 0 < int(text) <= _MOST_ID else None


def _text(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(
            filter(None, (_text(part) for part in value if not isinstance(part, list)))
        )
    if value is None or isinstance(value, dict):
        return ""
    # JSON can say half a character, which nothing can show or write later.
    return str(value).strip().encode("utf-8", "replace").decode()
