# SPDX-License-Identifier: MIT
"""What a command asks of a library, as the one JSON object that its owner gets."""

import argparse
import os

from msgspec import structs

from gallery_search.cli.printing import JsonObject
from gallery_search.pipeline.watching.exclusions import is_path


def request_of(options: argparse.Namespace) -> JsonObject:
    """The request of a command's options; paths are absolute, as the owner may run elsewhere."""
    match options.command:
        case "index":
            folders = [os.path.abspath(folder) for folder in options.folders]
            return {
                "command": "index",
                "folders": folders,
                "exclude": [_path_or_pattern(text) for text in options.exclude],
                "include": [_path_or_pattern(text) for text in options.include],
            }
        case "search":
            images = [os.path.abspath(image) for image in options.images]
            return {
                "command": "search",
                "images": images,
                "n": options.n,
                "filters": structs.asdict(options.filters),
            }
        case "duplicates" if photos := options.not_duplicates or options.undo_not_duplicates:
            return {
                "command": "set-distinct",
                "photos": [os.path.abspath(photo) for photo in photos],
                "is_distinct": bool(options.not_duplicates),
            }
        case "duplicates":
            kinds = ["exact", "near"] if options.kind == "all" else [options.kind]
            return {"command": "duplicates", "kinds": kinds}
        case "export":
            return {
                "command": "export",
                "file": os.path.abspath(options.embeddings),
                "precision": options.precision,
                "backbone": options.backbone or "",
            }
        case "backbones":
            return {
                "command": "backbones",
                "action": options.action or "list",
                "name": options.name,
                "file": os.path.abspath(options.file) if options.file else "",
            }
        case command:
            return {"command": command}


def _path_or_pattern(text: str) -> str:
    """A folder's path, with which the owner can do something, or a pattern as it is."""
    return os.path.abspath(text) if is_path(text) else text
