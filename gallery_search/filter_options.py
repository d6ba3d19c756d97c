# SPDX-License-Identifier: MIT
"""The options of `search` that say which photos it may find, and how people write their values."""

import argparse
import os
import re

from gallery_search.filters import FORMATS, PERIODS, Filters, period

_POWERS = {"": 0, "K": 1, "M": 2, "G": 3}


def add_to(parser: argparse.ArgumentParser) -> None:
    """Add the options; `filters` makes a record of what was given."""
    group = parser.add_argument_group(
        "which photos to search", "All that are given must hold; limits belong to what is allowed."
    )
    group.add_argument(
        "--folder",
        dest="folders",
        action="append",
        default=[],
        metavar="DIR",
        help="photos in DIR or below it; may be given several times",
    )
    group.add_argument(
        "--from",
        dest="taken_from",
        type=_first_moment,
        metavar="DATE",
        help=f"taken in or after {PERIODS}; a photo without a date counts with that of its file",
    )
    group.add_argument(
        "--to", dest="taken_before", type=_moment_after, metavar="DATE", help="taken in or before"
    )
    group.add_argument(
        "--type",
        dest="formats",
        type=_formats,
        default=(),
        metavar="TYPE,...",
        help="types of the content, such as jpeg,heic,raw",
    )
    for name, metavar, parse, text in (
        ("size", "SIZE", _bytes, "size of the file in bytes, such as 500K or 2M (of 1024)"),
        ("pixels", "COUNT", _pixels, "width times height, such as 500K or 2M (of 1000)"),
        ("dimensions", "WxH", _dimensions, "width and height in pixels, such as 1920x1080"),
    ):
        for limit, word in (("min", "lowest"), ("max", "highest")):
            group.add_argument(
                f"--{limit}-{name}", type=parse, metavar=metavar, help=f"{word} {text}"
            )


def filters(options: argparse.Namespace) -> Filters:
    """The filters that were given; ValueError with a sentence where no photo can pass them."""
    min_width, min_height = options.min_dimensions or (None, None)
    max_width, max_height = options.max_dimensions or (None, None)
    given = Filters(
        # As the catalogue has them: without symbolic links.
        folders=tuple(os.path.realpath(folder) for folder in options.folders),
        taken_from=options.taken_from,
        taken_before=options.taken_before,
        formats=options.formats,
        min_bytes=options.min_size,
        max_bytes=options.max_size,
        min_pixels=options.min_pixels,
        max_pixels=options.max_pixels,
        min_width=min_width,
        max_width=max_width,
        min_height=min_height,
        max_height=max_height,
    )
    before = given.taken_before
    for low, high, names in (
        (given.taken_from, None if before is None else before - 1, "--from and --to"),
        (given.min_bytes, given.max_bytes, "--min-size and --max-size"),
        (given.min_pixels, given.max_pixels, "--min-pixels and --max-pixels"),
        (min_width, max_width, "--min-dimensions and --max-dimensions"),
        (min_height, max_height, "--min-dimensions and --max-dimensions"),
    ):
        if low is not None and high is not None and low > high:
            raise ValueError(f"{names} leave nothing between them.")
    return given


def _first_moment(text: str) -> int:
    return _moments(text)[0]


def _moment_after(text: str) -> int:
    return _moments(text)[1]


def _moments(text: str) -> tuple[int, int]:
    moments = period(text)
    if moments is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not {PERIODS}.")
    return moments


def _formats(text: str) -> tuple[str, ...]:
    names = [name.strip().lower().removeprefix(".") for name in text.split(",")]
    for name in names:
        if name not in FORMATS:
            known = ", ".join(sorted(set(FORMATS)))
            raise argparse.ArgumentTypeError(f"{name!r} is not one of {known}.")
    return tuple(sorted({FORMATS[name] for name in names}))


def _bytes(text: str) -> int:
    return _count(text, 1024, "a size such as 800, 500K, 1.5M or 2G")


def _pixels(text: str) -> int:
    return _count(text, 1000, "a number of pixels such as 500K, 2M or 12.5M")


def _count(text: str, thousand: int, expected: str) -> int:
    match = re.fullmatch(r"(\d{1,15}(?:\.\d{1,9})?)([KMG]?)", text.upper(), re.ASCII)
    if match is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not {expected}.")
    return int(float(match[1]) * thousand ** _POWERS[match[2]])


def _dimensions(text: str) -> tuple[int, int]:
    match = re.fullmatch(r"(\d{1,9})[xX×](\d{1,9})", text, re.ASCII)
    if match is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not a width and height such as 1920x1080.")
    return int(match[1]), int(match[2])
