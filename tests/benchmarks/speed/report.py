# SPDX-License-Identifier: MIT
"""The table and the JSON of what was measured."""

import json
import os
import platform
import sys
from collections.abc import Sequence
from dataclasses import asdict

from indexing_speed import IndexingSpeed


def print_report(speeds: Sequence[IndexingSpeed]) -> None:
    """A table for people, and a line of JSON for machines."""
    head = ("gallery", "photos", "MB", "program", "reference", "decode", "embed", "limit")
    print("".join(f"{name:>11}" for name in (*head, "/reference", "/limit")))
    for speed in speeds:
        print(
            f"{speed.gallery:>11}{speed.photos:>11}{speed.mean_bytes / 1e6:>11.2f}"
            f"{speed.program:>11.1f}{speed.reference:>11.1f}{speed.decode_only:>11.1f}"
            f"{speed.embed_only:>11.1f}{speed.limit:>11.1f}"
            f"{speed.over_reference:>11.2f}{speed.of_limit:>11.2f}"
        )
    print(json.dumps(as_json(speeds)))


def as_json(speeds: Sequence[IndexingSpeed]) -> dict[str, object]:
    """All figures, and the machine that they were measured on."""
    return {
        "machine": {
            "processor": platform.processor() or platform.machine(),
            "cores": os.cpu_count(),
            "system": platform.platform(),
            "python": sys.version.split()[0],
        },
        "indexing": [
            asdict(speed) | {"over_reference": speed.over_reference, "of_limit": speed.of_limit}
            for speed in speeds
        ],
    }
