# SPDX-License-Identifier: MIT
"""What the commands of all experiments share: the options of networks, and telling progress."""

import argparse
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from gallery_search import settings
from gallery_search.embedding.backbones import Backbone, backbone
from gallery_search.experiments.progress import OnProgress, Progress
from gallery_search.paths import LibraryPaths

JsonObject: TypeAlias = dict[str, Any]
Tell: TypeAlias = Callable[[JsonObject], None]
"""Takes one object of a command; see `commands`."""


def chosen(names: Sequence[str], paths: LibraryPaths) -> tuple[Backbone, ...]:
    """The backbones of these names, each once, or the one that the library uses.

    Raises:
        BackboneError: there is no such backbone.
    """
    if not names:
        names = [settings.load(paths.settings).backbone]
    return tuple(backbone(name) for name in dict.fromkeys(names))


def device(options: argparse.Namespace, paths: LibraryPaths) -> str:
    """The device that was asked for, else that of the settings; one of `settings.DEVICES`."""
    return options.device or settings.load(paths.settings).device


def progress_told(tell: Tell) -> OnProgress:
    """What tells progress as an object."""

    def on_progress(progress: Progress) -> None:
        tell(
            {
                "progress": {
                    "activity": "experimenting",
                    "step": progress.step,
                    "done": progress.done,
                    "total": progress.total,
                    "unit": progress.unit,
                    "photos_per_second": progress.per_second,
                    "seconds_left": progress.seconds_left,
                }
            }
        )

    return on_progress
