# SPDX-License-Identifier: MIT
"""Rankings, rows and answers, from embeddings whose neighbours are known."""

import itertools
import json

import numpy as np
import pytest
from made_rows import made_backbone, made_embeddings, made_surroundings

from gallery_search.errors import ExperimentStoppedError
from gallery_search.experiments import searching
from gallery_search.experiments.copies import COPIES
from gallery_search.experiments.progress import Step
from gallery_search.experiments.recovery_scores import DEPTHS, Image, in_order, score

SETS = ("original", "hard")
IMAGES = 1 + len(COPIES["original"]) + len(COPIES["hard"])


def scored(embeddings, tmp_path, sets=SETS):
    return score(made_backbone(), embeddings, sets, tmp_path, made_surroundings(tmp_path))


def only(rows, **wanted):
    return [row for row in rows if all(row.as_json()[key] == wanted[key] for key in wanted)]


def by_hand(embeddings):
    """Precision, recall and F1 at each k of the original set, one query after the other."""
    images = embeddings[:, :6].astype(np.float32)
    photos = len(images)
    values = {k: [] for k in DEPTHS}
    for query in range(photos):
        others = [
            (float(images[query, 0] @ images[photo, copy]), photo)
            for photo, copy in itertools.product(range(photos), range(6))
            if (photo, copy) != (query, 0)
        ]
        others.sort(reverse=True)
        for k in DEPTHS:
            found = sum(photo == query for _, photo in others[:k])
            values[k].append((found / k, found / 5, 2 * found / (k + 5)))
    return {k: (np.mean(v, axis=0), np.std(v, axis=0)) for k, v in values.items()}


def test_copies_that_lie_close_are_all_found(tmp_path):
    rows, answers = scored(made_embeddings(12, IMAGES, 0.05), tmp_path)
    assert [answer.query for answer in answers] == [Image(photo) for photo in range(12)]
    assert all(answer.is_complete and len(answer.found) == 5 for answer in answers)
    for row in rows:
        assert row.recall == (row.k / 5 if (row.copy_set, row.profile) == ("original", None) else 1)
        assert row.recall_std == 0
        assert row.queries == (120 if (row.copy_set, row.profile) == ("hard", None) else 12)
    (f1,) = only(rows, set="original", profile=None, search="index", k=5)
    assert f1.f1 == 1


def test_figures_are_those_reckoned_by_hand(tmp_path):
    embeddings = made_embeddings(30, 6, 0.9)
    rows, _ = scored(embeddings, tmp_path, ("original",))
    expected = by_hand(embeddings)
    for k, search in itertools.product(DEPTHS, ("index", "exact")):
        (row,) = only(rows, profile=None, search=search, k=k)
        means, deviations = expected[k]
        assert 0 < row.f1 < 1
        assert (row.precision, row.recall, row.f1) == pytest.approx(means, abs=1e-6)
        assert (row.precision_std, row.recall_std, row.f1_std) == pytest.approx(
            deviations, abs=1e-6
        )


def test_each_cell_is_there_once_and_the_whole_of_the_original_first(tmp_path):
    rows, _ = scored(made_embeddings(6, IMAGES, 0.9), tmp_path)
    rows = in_order(rows)
    cells = [(row.copy_set, row.profile, row.search, row.k) for row in rows]
    assert len(set(cells)) == len(cells) == (6 + 11) * 2 * 3
    assert cells[:3] == [("original", None, "index", k) for k in DEPTHS]
    assert set(json.loads(json.dumps(rows[0].as_json()))) == {
        *("backbone", "set", "profile", "search", "queries", "k"),
        *("precision", "recall", "f1", "precision_std", "recall_std", "f1_std"),
    }


def test_what_was_not_found_is_told(tmp_path):
    embeddings = made_embeddings(8, IMAGES, 0.05)
    embeddings[2, 1] = embeddings[5, 0]  # the grey copy of one photo looks like another photo
    embeddings[3, 6] = embeddings[4, 0]  # and so does an edit
    rows, answers = scored(embeddings, tmp_path)
    misses = [answer for answer in answers if not answer.is_complete]
    grey, edit = misses[0], misses[-1]
    assert (grey.query, grey.missed) == (Image(2), ("greyscale",))
    assert {image.photo for image in grey.found} != {2}
    assert list(grey.similarities) == sorted(grey.similarities, reverse=True)
    assert (edit.query, edit.found[0]) == (Image(3, "crop_wide"), Image(4))
    # the other photo finds that copy before its own
    for k, share in ((1, 6 / 8), (3, 7 / 8)):
        (row,) = only(rows, set="original", profile="greyscale", search="index", k=k)
        assert row.recall == share
    (row,) = only(rows, set="hard", profile="crop_wide", search="exact", k=1)
    assert row.precision == row.recall == row.f1 == 7 / 8


def test_fewer_candidates_than_k(tmp_path):
    rows, _ = scored(made_embeddings(2, IMAGES, 0.05), tmp_path)
    (row,) = only(rows, set="hard", profile="blur", search="index", k=5)
    assert (row.precision, row.recall) == (0.2, 1.0)


def test_it_can_be_stopped(tmp_path):
    around = made_surroundings(tmp_path)
    around.stop.set()
    with pytest.raises(ExperimentStoppedError):
        score(made_backbone(), made_embeddings(4, 6, 0.1), ("original",), tmp_path, around)


def test_with_many_images_the_index_finds_nearly_what_comparing_all_does(tmp_path):
    """So many that it does not compare all itself."""
    images = made_embeddings(900, 6, 0.6).reshape(-1, 32)
    own = np.arange(1, len(images) + 1)[:150]
    step = Step("searching", 300, lambda _progress: None)
    exact = searching.exactly(images[own - 1], own, images, 5, step)
    with searching.built_index(tmp_path, made_backbone(), images) as index:
        found = searching.by_index(index, images[own - 1], own, 5, step)
    assert not (found == own[:, np.newaxis]).any()
    agreed = [len(set(a) & set(b)) / 5 for a, b in zip(found.tolist(), exact.tolist(), strict=True)]
    assert np.mean(agreed) >= 0.99
