# SPDX-License-Identifier: MIT
"""Pages with pictures that can be shared as one file: nothing is fetched, and no script runs.

Each picture is in the page once, as a rule of its style sheet, however often it is shown.
"""

import base64
import html
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from gallery_search.paths import in_a_line

SIDE_PX = 176  # of a picture; shown at 132 px, for screens of 133 % and more
MAX_PICTURES_BYTES = 24 << 20  # as JPEG; in the page a third more. Some 3,500 pictures

_STYLE = """
:root { color-scheme: light dark; --ground: #fafafa; --ink: #1c1c1c; --faint: #5e5e5e;
  --line: #dcdcdc; --right: #1a7f37; --wrong: #b42318; --empty: #ececec; }
@media (prefers-color-scheme: dark) { :root { --ground: #1a1a1a; --ink: #ececec;
  --faint: #a6a6a6; --line: #3a3a3a; --right: #57c27a; --wrong: #ff8a7a; --empty: #2a2a2a; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 24px; max-width: 1180px; background: var(--ground);
  color: var(--ink); font: 15px/1.45 system-ui, sans-serif; }
h1 { font-size: 22px; margin: 0 0 4px; }
h2 { font-size: 15px; margin: 0 0 8px; overflow-wrap: anywhere; }
p { margin: 0 0 6px; color: var(--faint); max-width: 75ch; }
section { border-top: 1px solid var(--line); padding: 16px 0; content-visibility: auto;
  contain-intrinsic-size: auto 240px; }
.row { display: flex; flex-wrap: wrap; gap: 12px; margin: 0 0 10px; padding: 0; list-style: none; }
.label { flex-basis: 100%; color: var(--faint); font-size: 13px; }
figure { margin: 0; width: 132px; }
.p { display: block; width: 132px; height: 132px; background: var(--empty) center / contain
  no-repeat; print-color-adjust: exact; }
.query .p { outline: 2px solid var(--faint); outline-offset: 2px; }
figcaption { font-size: 12px; margin-top: 5px; overflow-wrap: anywhere; }
.right { color: var(--right); } .wrong { color: var(--wrong); }
"""


class Tile(Struct, frozen=True):
    """A picture with what stands below it.

    Attributes:
        picture: its key among the page's pictures.
        caption: what it is.
        note: a second line; "" for none.
        kind: "query", "right" or "wrong" for how it is shown; "" for plainly.
    """

    picture: str
    caption: str
    note: str = ""
    kind: str = ""


class TileRow(Struct, frozen=True):
    """Tiles in a row, with what they have in common above them; "" for nothing."""

    label: str
    tiles: tuple[Tile, ...]


class Section(Struct, frozen=True):
    """Rows below a heading."""

    heading: str
    rows: tuple[TileRow, ...]


def page(
    title: str,
    paragraphs: Sequence[str],
    sections: Iterable[Section],
    pictures: Mapping[str, bytes],
) -> str:
    """The HTML of a page.

    Args:
        title: its heading.
        paragraphs: below that.
        sections: in their order.
        pictures: JPEGs by the keys that tiles name; a tile without one stays empty.
    """
    numbers = {key: number for number, key in enumerate(pictures)}
    rules = (
        f".p{number} {{ background-image: url(data:image/jpeg;base64,"
        f"{base64.b64encode(pictures[key]).decode('ascii')}) }}"
        for key, number in numbers.items()
    )
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            # so that nobody need trust the sentence that the page fetches nothing
            '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
            "img-src data:; style-src 'unsafe-inline'\">",
            f"<title>{_text(title)}</title>",
            f"<style>{_STYLE}",
            *rules,
            "</style></head><body>",
            f"<h1>{_text(title)}</h1>",
            *(f"<p>{_text(paragraph)}</p>" for paragraph in paragraphs),
            *(_section(section, numbers) for section in sections),
            "</body></html>\n",
        ]
    )


def _section(section: Section, numbers: Mapping[str, int]) -> str:
    rows = "\n".join(_row(row, numbers) for row in section.rows)
    return f"<section><h2>{_text(section.heading)}</h2>\n{rows}\n</section>"


def _row(row: TileRow, numbers: Mapping[str, int]) -> str:
    label = f'<div class="label">{_text(row.label)}</div>' if row.label else ""
    return f'<div class="row">{label}{"".join(_tile(tile, numbers) for tile in row.tiles)}</div>'


def _tile(tile: Tile, numbers: Mapping[str, int]) -> str:
    number = numbers.get(tile.picture)
    shown = "p" if number is None else f"p p{number}"
    kind = f' class="{tile.kind}"' if tile.kind else ""
    note = f"<br><span{kind}>{_text(tile.note)}</span>" if tile.note else ""
    name = _text(tile.caption)
    return (
        f'<figure{kind}><span class="{shown}" role="img" aria-label="{name}"></span>'
        f"<figcaption>{name}{note}</figcaption></figure>"
    )


def _text(text: str) -> str:
    return html.escape(in_a_line(text))
