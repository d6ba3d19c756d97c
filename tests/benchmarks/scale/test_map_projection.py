# SPDX-License-Identifier: MIT
"""The making of the map from very many embeddings: its time, its memory and how true it is.

Generated embeddings, as `scale_embeddings` has them. *Kept* is the share of each photo's 15 nearest
that are among its 15 nearest on the map. Prints a line of JSON; `pytest -s` shows it.
GALLERY_SEARCH_LONG=1 takes 50,000 photos in place of 1,000.
"""

import json
import os
import resource
import subprocess
import sys
import time

import numpy as np
import pytest
from scale_embeddings import drawn_base, generate

from gallery_search.pipeline.mapping.placing import place

IS_LONG = bool(os.environ.get("GALLERY_SEARCH_LONG"))
COUNT = 50_000 if IS_LONG else 1_000
K = 15
MIN_KEPT = 0.1 if IS_LONG else 0.3
MAX_CPU_S = 150.0 if IS_LONG else 60.0
QUERIES = 1_000

pytestmark = pytest.mark.timeout(1800)

# In a process of its own, as in the program, so that its memory can be told.
CHILD = """
import resource, sys, time
import numpy as np
from gallery_search.pipeline.mapping.projection import project
rows = np.load(sys.argv[1], mmap_mode="r")
np.save(sys.argv[2], project(rows, lambda share: None))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def nearest(rows: np.ndarray, some: np.ndarray) -> np.ndarray:
    """The K nearest of some rows, by Euclidean distance, (n, K)."""
    apart = (rows**2).sum(1) - 2 * rows[some] @ rows.T
    apart[np.arange(len(some)), some] = np.inf
    return np.argpartition(apart, K, 1)[:, :K]


def test_the_map_is_true_and_made_within_minutes(tmp_path: object) -> None:
    rows = np.concatenate(list(generate(drawn_base(), COUNT)))
    source, target = (os.path.join(str(tmp_path), name) for name in ("rows.npy", "places.npy"))
    np.save(source, rows)
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_WAIT_POLICY": "PASSIVE"}
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    child = subprocess.run(
        [sys.executable, "-c", CHILD, source, target],
        env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    places = np.load(target)
    some = np.random.default_rng(0).choice(COUNT, min(COUNT, QUERIES), replace=False)
    wanted, found = nearest(rows.astype(np.float32), some), nearest(places, some)
    kept = np.mean([len(np.intersect1d(*pair)) / K for pair in zip(wanted, found, strict=True)])
    # A tenth placed later among the others: how near to where the map would have them?
    late = np.arange(COUNT) % 10 == 0
    placed_s = time.process_time()
    at, _ = place(rows[~late], places[~late], np.zeros((~late).sum(), np.int16), rows[late])
    placed_s = time.process_time() - placed_s
    off = np.median(np.linalg.norm(at - places[late], axis=1))
    told = {
        "photos": COUNT,
        "seconds": round(time.perf_counter() - begun, 1),
        "cpu_seconds": round(cpu_s, 1),
        "kept": round(float(kept), 3),
        "peak_mb": int(child.stdout.split()[-1]),
        "placed_ms_a_photo": round(1000 * placed_s / late.sum(), 2),
        "placed_off_median": round(float(off), 3),
    }
    print(json.dumps(told))
    assert kept >= MIN_KEPT
    assert cpu_s <= MAX_CPU_S
    assert off <= 0.1
