# SPDX-License-Identifier: MIT
"""A comparison of two networks, as the child of the experiment answers."""

from typing import Any

from msgspec import structs
from network_samples import LITE, VGG

SSCD = structs.replace(
    VGG, name="sscd", state="ready", role="idle", images_per_second=12.0, good_at="Copies."
)
RATES = {LITE.name: 170.0, SSCD.name: 12.0}


def _row(name: str, k: int, copy_set: str, mean: float, deviation: float) -> dict[str, Any]:
    stds = {f"{measure}_std": deviation for measure in ("precision", "recall", "f1")}
    means = {"precision": mean, "recall": mean * k / 5, "f1": mean * 2 * k / (5 + k)}
    return {
        "backbone": name,
        "set": copy_set,
        "profile": None,
        "search": "index",
        "queries": 200,
        "k": k,
        **means,
        **stds,
    }


def result(chosen: str = LITE.name, reason: str = "best") -> dict[str, Any]:
    """What one came to, in which a network found more than the other."""
    found = [
        {
            "backbone": name,
            "first_hits": hits,
            "error": 0.004,
            "copies": copies,
            "edits": 2000,
            "photos": 200,
        }
        for name, hits, copies in ((LITE.name, 0.9964, 0.9996), (SSCD.name, 0.951, 0.998))
    ]
    return {
        "advice": {"backbone": chosen, "reason": reason, "as_good": [], "found": found},
        "rows": [_row(name, k, "original", 0.9, 0.1) for name in RATES for k in (1, 3, 5)],
        "unreadable": 1,
        "files": {"result": "/library/experiments/recovery-1.json"},
    }
