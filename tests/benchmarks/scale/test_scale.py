# SPDX-License-Identifier: MIT
"""What grows with the library and what must not, at sizes that take a minute or two.

`scale.py` measures up to a million photos. The floors leave room for other work on the same
cores; each ratio is of two figures that were measured one after the other.
"""

import json
from pathlib import Path

import pytest
import scale
import scale_measures
import scale_plot

from gallery_search.records import Embeddings

SMALL, LARGE = 1_000, 20_000
STARTS = 3

pytestmark = pytest.mark.timeout(600)

Measured = dict[int, dict[str, float]]


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Measured:
    folder = tmp_path_factory.mktemp("scale")
    models, base, image = scale.prepare(folder)
    result = {
        size: scale.measure(folder / str(size), size, base, models, image, STARTS)
        for size in (SMALL, LARGE)
    }
    print(json.dumps(result))
    print(scale.table(result))
    return result


def test_the_window_is_usable_as_soon(measured: Measured) -> None:
    assert measured[LARGE]["start_usable_s"] < 2 * measured[SMALL]["start_usable_s"]


def test_one_more_photo_costs_the_same(measured: Measured) -> None:
    """But for looking through the photos that came since the index was built, and for noise."""
    assert measured[LARGE]["one_more_ms"] < 2 * measured[SMALL]["one_more_ms"]


def test_searches_find_what_a_scan_finds(measured: Measured) -> None:
    for figures in measured.values():
        recalls = {name: value for name, value in figures.items() if "recall" in name}
        assert len(recalls) == 1 + 2 * len(scale_measures.SELECTIVITIES)
        assert min(recalls.values()) >= 0.99, recalls


def test_searches_are_fast(measured: Measured) -> None:
    """A scan of a million photos takes 50 times as long as one of these."""
    figures = measured[LARGE]
    assert figures["search_ms"] < 50 / 20 * figures["exact_ms"]
    for share in scale_measures.SELECTIVITIES:
        for kind in ("drawn", "alike"):
            assert figures[f"{kind}_{share:g}_ms"] < 15


def test_a_photo_takes_few_bytes(measured: Measured) -> None:
    figures = measured[LARGE]
    names = ("catalogue_bytes", "embeddings_bytes", "index_bytes")
    assert sum(figures[name] for name in names) < 7_500


def test_building_takes_little_memory(measured: Measured) -> None:
    assert measured[LARGE]["build_mb"] < 300


def test_noise_that_drowns_the_photos_is_not_found(tmp_path: Path) -> None:
    """Where the noise is longer than the embedding, its nearest are chance: docs/decisions."""
    base: Embeddings = scale.scale_embeddings.drawn_base()
    assert 0.2 < scale_measures.strict_recall(base, tmp_path, 5_000) < 0.99


def test_the_plot_shows_all_sizes(measured: Measured) -> None:
    drawn = scale_plot.draw(measured)
    assert drawn.count("<circle") == len(measured) * sum(
        len(lines) for _, lines in scale_plot.PLOTS
    )
