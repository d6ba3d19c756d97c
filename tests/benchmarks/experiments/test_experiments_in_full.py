# SPDX-License-Identifier: MIT
"""The recovery experiment in full: the default network on the photos beside the repository, and
the three networks of the original study, with generated weights, from files to figures.

Prints the tables; `pytest -s` shows them. A usual run draws 60 of the photos, as the quality
benchmark measures the default network with all of them, and leaves out the original's way, in which
an integration test runs one network; GALLERY_SEARCH_LONG=1 runs everything.
"""

import json
import os
from pathlib import Path

import generated_weights
import pytest
from drawn_photos import draw_gallery

from gallery_search.embedding import original_way
from gallery_search.embedding.backbones import BACKBONES, backbone
from gallery_search.experiments import recovery
from gallery_search.experiments.recovery import Plan
from gallery_search.experiments.recovery_table import table
from gallery_search.experiments.runs import Surroundings
from gallery_search.paths import LibraryPaths

MIN_F1_AT_5 = 0.998
MIN_FIRST_HITS = 0.985  # of the ten hard edits

PHOTOS = Path(__file__).parents[4] / "shared" / "photos"
FEW = 4
EVERY = bool(os.environ.get("GALLERY_SEARCH_LONG"))
QUERIES = 1000 if EVERY else 60

pytestmark = pytest.mark.timeout(3600)


def measured(plan: Plan, library: Path) -> recovery.Recovery:
    around = Surroundings(LibraryPaths(library), "cpu", lambda _progress: None)
    result = recovery.run(plan, around)
    print(f"\n{table(result.rows)}")
    kept = json.loads(result.files["result"].read_bytes())
    assert kept["rows"] == [row.as_json() for row in result.rows]
    return result


@pytest.mark.network_model
@pytest.mark.skipif(not PHOTOS.is_dir(), reason=f"needs the photos in {PHOTOS}")
def test_the_default_network_meets_its_targets(tmp_path: Path) -> None:
    result = measured(Plan(str(PHOTOS), BACKBONES[:1], queries=QUERIES), tmp_path)
    whole = {(row.copy_set, row.search, row.k): row for row in result.rows if row.profile is None}
    for search in ("index", "exact"):
        assert whole["original", search, 5].f1 >= MIN_F1_AT_5
        assert whole["hard", search, 1].precision >= MIN_FIRST_HITS
    assert result.about.seconds > 0


@pytest.fixture(scope="module")
def three_networks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library with generated weights for the networks of the study, and a few photos."""
    place = tmp_path_factory.mktemp("study")
    for name in original_way.BACKBONES:
        generated_weights.write(backbone(name), place / "library" / "models")
    draw_gallery(place / "photos", FEW)
    return place


@pytest.mark.parametrize(
    "is_as_original", [False, True] if EVERY else [False], ids=lambda it: f"as-original={it}"
)
def test_the_networks_of_the_study_run_from_files_to_figures(
    three_networks: Path, is_as_original: bool
) -> None:
    networks = [backbone(name) for name in original_way.BACKBONES]
    plan = Plan(str(three_networks / "photos"), networks, is_as_original=is_as_original)
    result = measured(plan, three_networks / "library")
    cells = 6 * 2 * 3 if is_as_original else (6 + 11) * 2 * 3
    for network in networks:
        rows = [row for row in result.rows if row.backbone == network.name]
        assert len(rows) == cells
        assert all(row.queries in (FEW, 10 * FEW) for row in rows)
        assert all(0 <= value <= 1 for row in rows for value in (row.precision, row.f1))
        (most,) = [r for r in rows if (r.copy_set, r.profile, r.search, r.k)
                   == ("original", None, "index", 5)]  # fmt: skip
        assert most.f1 > 1 / FEW  # by more than chance, even with weights that know nothing
    assert "nan" not in table(result.rows)
    drawn = result.files["svg"].read_text("utf-8")
    assert drawn.count("was published as") == 27
    assert all(network.name in drawn for network in networks)
