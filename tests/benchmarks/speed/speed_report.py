# SPDX-License-Identifier: MIT
"""What was measured of indexing and of the command, as figures beside their targets."""

from collections.abc import Iterator

from command_speed import CommandSpeed
from figures import Figure
from indexing_speed import IndexingSpeed

_OF_LIMIT = 0.85
_OVER_IMPORTS = 2.0


def indexing_figures(speed: IndexingSpeed, over_reference: float | None) -> Iterator[Figure]:
    """Both ratios of one gallery."""
    yield Figure(
        f"indexing, {speed.gallery}, {speed.mean_bytes / 1e6:.1f} MB: program ÷ reference",
        speed.over_reference,
        "x",
        at_least=over_reference,
        parts={"program/s": speed.program, "reference/s": speed.reference},
    )
    yield Figure(
        f"indexing, {speed.gallery}: program ÷ limit",
        speed.of_limit,
        "x",
        at_least=None if over_reference is None else _OF_LIMIT,
        parts={
            "limit/s": speed.limit,
            "decode-only/s": speed.decode_only,
            "embed-only/s": speed.embed_only,
        },
    )


def command_figure(speed: CommandSpeed) -> Figure:
    """The ratio of a search to its imports."""
    return Figure(
        "gallery-search search, a fresh process ÷ importing the libraries it needs",
        speed.over_imports,
        "x",
        at_most=_OVER_IMPORTS,
        parts={"search s": speed.search, "imports s": speed.imports},
    )
