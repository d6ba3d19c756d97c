# SPDX-License-Identifier: MIT
"""Results of experiments over drawn pictures, as files that the analysis view opens."""

import itertools
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from drawn_photos import draw, write

from gallery_search.experiments import datasets
from gallery_search.experiments import results as kept
from gallery_search.experiments.artworks import Artwork
from gallery_search.experiments.results import About, UsedBackbone
from gallery_search.paths import LibraryPaths

TITLES = ("Night Garden", "Garden of Stones", "Horse", "A Bridge", "Summer", "Night Train", "Dream")
FACTS = ("Paul Klee", "Oil on canvas", "12 x 9 cm", "1920")  # of each
ALIKE, OTHERS = "efficientnet-lite0", "vgg16"


def draw_dataset(paths: LibraryPaths, name: str = "moma-7") -> Path:
    """Seven drawn pictures as works of a museum."""
    folder = paths.datasets / name
    folder.mkdir(parents=True)
    works = tuple(
        Artwork(number, title, *FACTS, "https://e.org") for number, title in enumerate(TITLES, 1)
    )
    for work in works:
        write(datasets.image_file(folder, work), draw(work.object_id, 240))
    datasets.write(folder, datasets.Dataset(works, {}, len(works), len(works), 0))
    return folder


def write_neighbours(paths: LibraryPaths, folder: Path) -> Path:
    """Two networks: about the first picture they agree, about the others less and less."""
    names = [datasets.image_name(number) for number in range(1, len(TITLES) + 1)]
    rows = [
        {
            "backbone": network,
            "path": name,
            "neighbours": [
                {"path": other, "similarity": round(0.9 - 0.1 * place, 4)}
                for place, other in enumerate(_others(names, number, network))
            ],
        }
        for network, (number, name) in itertools.product((ALIKE, OTHERS), enumerate(names))
    ]
    return _write(paths, "neighbours", folder, None, {"rows": rows, "unreadable": []})


def write_recovery(paths: LibraryPaths, folder: Path) -> Path:
    """All copies of the first picture were found, and two of the second; an edit was lost."""
    first, second, third = (datasets.image_name(number) for number in (1, 2, 3))
    profiles = ("greyscale", "scale", "sharpen", "edge_enhance", "colour")
    nearest = [
        _answer("original", first, None, [(first, profile) for profile in profiles], ()),
        _answer(
            "original",
            second,
            None,
            [(second, "scale"), (third, None), (second, "colour"), (third, "scale"), (first, None)],
            ("greyscale", "sharpen", "edge_enhance"),
        ),
    ]
    edit = _answer("hard", first, "blur", [(third, None), (first, None), (second, None)], ())
    content = {"rows": [], "nearest": nearest, "failures": [nearest[1], edit]}
    return _write(paths, "recovery", folder, 0, content)


def _others(names: Sequence[str], number: int, network: str) -> list[str]:
    """Five others; of the second network, those farther on, the more so the later the picture."""
    others = [name for name in names if name != names[number]]
    shift = 0 if network == ALIKE else min(number, 1)
    return others[shift : shift + 5]


def _answer(
    copy_set: str,
    query: str,
    profile: str | None,
    found: Sequence[tuple[str, str | None]],
    missed: Sequence[str],
) -> dict[str, Any]:
    return {
        "backbone": ALIKE,
        "set": copy_set,
        "query": {"path": query, "profile": profile},
        "missed": list(missed),
        "found": [
            {"path": path, "profile": copy, "similarity": 0.9, "is_right": path == query}
            for path, copy in found
        ],
    }


def _write(
    paths: LibraryPaths,
    experiment: str,
    folder: Path,
    seed: int | None,
    content: Mapping[str, Sequence[Any]],
) -> Path:
    networks = (ALIKE, OTHERS) if experiment == "neighbours" else (ALIKE,)
    used = tuple(UsedBackbone(name, 1, 32, "installed", "cpu") for name in networks)
    about = About(experiment, seed, {}, 1.0, used, {"folder": str(folder)})
    return kept.write(kept.new_stem(paths.experiments, experiment), about, content)
