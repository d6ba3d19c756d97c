# SPDX-License-Identifier: MIT
"""Which photo of a group each rule keeps."""

import itertools

import pytest
from duplicate_samples import DAY_S, photo

from gallery_search.gui.duplicates.keeping import EXPLANATIONS, RULES, Rule, proposed

PLAIN = photo(5)


@pytest.mark.parametrize(
    ("rule", "better", "worse"),
    [
        ("quality", photo(9, width=4001), PLAIN),
        ("quality", photo(9, width=3000, height=4001), PLAIN),
        ("quality", photo(9, size_bytes=4 << 20), PLAIN),
        ("quality", photo(4), PLAIN),
        ("quality", photo(9, mtime_ns=PLAIN.mtime_ns, path="/p.jpg"), PLAIN),
        ("oldest", photo(4, width=10, size_bytes=1), PLAIN),
        ("oldest", photo(9, taken_at=DAY_S), PLAIN),  # when it was taken counts, not the file
        ("oldest", photo(4, taken_at=1000), photo(5, taken_at=1000)),  # but for copies it does
        ("oldest", photo(9, mtime_ns=PLAIN.mtime_ns, width=4001), PLAIN),
        ("newest", photo(6, width=10, size_bytes=1), PLAIN),
        ("newest", photo(1, taken_at=9 * DAY_S), PLAIN),
        ("newest", photo(9, mtime_ns=PLAIN.mtime_ns, width=4001), PLAIN),
        ("path", photo(9, path="/p.jpg", width=10, size_bytes=1), PLAIN),
        ("path", photo(4), PLAIN),
    ],
)
def test_a_rule_keeps_the_better_photo(rule: Rule, better: object, worse: object) -> None:
    assert proposed([better, worse], rule) == {better.photo_id}  # type: ignore[list-item, attr-defined]
    assert proposed([worse, better], rule) == {better.photo_id}  # type: ignore[list-item, attr-defined]


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule != "all"])
def test_the_order_of_photos_decides_nothing(rule: Rule) -> None:
    alike = [photo(i, mtime_ns=0, path=f"/photos/{name}.jpg") for i, name in enumerate("cab")]
    kept = {proposed(order, rule) for order in itertools.permutations(alike)}
    assert kept == {frozenset({1})}  # the first by name


def test_all_are_kept_where_the_user_wants_to_mark_them() -> None:
    assert proposed([photo(1), photo(2), photo(3)], "all") == {1, 2, 3}


def test_every_rule_is_named_and_explained() -> None:
    assert RULES.keys() == EXPLANATIONS.keys()
    assert len(set(RULES.values())) == len(RULES)
