# SPDX-License-Identifier: MIT
"""The table and the figure: both say what the rows say, and leave nothing out."""

import io
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from made_rows import made_backbone, made_embeddings, made_surroundings
from PIL import Image

from gallery_search.experiments.published import published
from gallery_search.experiments.recovery_figure import figure
from gallery_search.experiments.recovery_scores import DEPTHS, in_order, score
from gallery_search.experiments.recovery_table import table

SVG = "{http://www.w3.org/2000/svg}"
NAMES = ("vgg16", "efficientnet-lite0")
MEASURES = {"precision": "precision", "recall": "recall", "F1": "f1"}


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    """Of a network that was in the study and one that was not."""
    found = []
    for number, name in enumerate(NAMES):
        place = tmp_path_factory.mktemp(name)
        embeddings = made_embeddings(20, 16, 0.8, seed=number)
        sets = ("original", "hard")
        found += score(made_backbone(name), embeddings, sets, place, made_surroundings(place))[0]
    return in_order(found)


def whole(rows, name, search, k):
    (row,) = [
        row
        for row in rows
        if (row.backbone, row.copy_set, row.profile) == (name, "original", None)
        and (row.search, row.k) == (search, k)
    ]
    return row


def test_the_table_says_what_the_rows_say(rows):
    blocks = re.split(r"\n\n(?=\S)", table(rows))
    assert [block.partition(":")[0] for block in blocks] == list(NAMES)
    for name, block in zip(NAMES, blocks, strict=True):
        for row in rows:
            if row.backbone != name:
                continue
            if (row.copy_set, row.profile) == ("original", None):
                line = re.search(rf"^ +{row.k} +{row.search} +(.+)$", block, re.MULTILINE)
                means = re.findall(r"([\d.]+) ± ([\d.]+)", line[1])
                expected = [
                    (f"{getattr(row, m):.4f}", f"{getattr(row, m + '_std'):.4f}")
                    for m in MEASURES.values()
                ]
                assert means == expected
            else:
                part = block.split("hard edits" if row.copy_set == "hard" else "one profile")[1]
                line = re.search(rf"^ +{row.profile or 'all'} +(.+)$", part, re.MULTILINE)
                place = (row.search == "exact") * 3 + DEPTHS.index(row.k)
                assert line[1].split()[place] == f"{row.recall:.4f}"


def test_no_cell_of_the_table_is_empty(rows):
    text = table(rows)
    assert "nan" not in text
    for block in text.split("\n\n"):
        lines = [line for line in block.splitlines() if re.match(r" +(\d|\w+ +[\d.]+)", line)]
        cells = {len(re.split(r"  +", line.strip())) for line in lines if "published" not in line}
        assert cells in ({5}, {7})
    for k in DEPTHS:
        known = published("vgg16", k)
        line = re.search(rf"^ +{k} +published +(.+)$", text, re.MULTILINE)
        assert line[1].split() == [f"{v:.3f}" for v in (known.precision, known.recall, known.f1)]


def test_the_figure_says_what_the_rows_say(rows):
    tree = ET.fromstring(figure(rows).svg())
    marks = {
        mark.find(f"{SVG}title").text: float(mark.get("cy")) for mark in tree.iter(f"{SVG}circle")
    }
    ticks = {
        float(text.text): float(text.get("y")) - 4  # of its base line
        for text in tree.iter(f"{SVG}text")
        if re.fullmatch(r"[01]\.\d", text.text)
    }
    for name in NAMES:
        for k in DEPTHS:
            row = whole(rows, name, "index", k)
            for title, measure in MEASURES.items():
                mean = getattr(row, measure)
                told = (
                    f"{name}: {title} at {k} is {mean:.4f} ± {getattr(row, measure + '_std'):.4f}"
                )
                share = (ticks[0.0] - marks[told]) / (ticks[0.0] - ticks[1.0])
                assert share == pytest.approx(mean, abs=1e-3)
    assert sum("was published as" in title for title in marks) == 9
    assert len(list(tree.iter(f"{SVG}polygon"))) == 6  # the bands


def test_bands_reach_one_deviation_up_and_down(rows):
    drawing = figure([row for row in rows if row.backbone == "vgg16"])
    tree = ET.fromstring(drawing.svg())
    row = whole(rows, "vgg16", "index", 5)
    band = next(tree.iter(f"{SVG}polygon"))
    points = [tuple(map(float, p.split(","))) for p in band.get("points").split()]
    at_five = sorted(y for x, y in points if x == max(x for x, _ in points))
    height = 240  # of a panel, from 0 to 1
    expected = min(1, row.precision + row.precision_std) - max(0, row.precision - row.precision_std)
    assert (at_five[1] - at_five[0]) / height == pytest.approx(expected, abs=1e-3)


def test_the_png_shows_the_same_as_the_svg(rows):
    drawing = figure(rows)
    with Image.open(io.BytesIO(drawing.png())) as image:
        assert image.size == (2 * drawing.width, 2 * drawing.height)
        pixels = np.asarray(image.convert("RGB"))
    tree = ET.fromstring(drawing.svg())
    filled = [m for m in tree.iter(f"{SVG}circle") if m.get("fill").startswith("#")]
    last = filled[-1]  # nothing is painted over it but hollow marks
    x, y = (round(2 * float(last.get(key))) for key in ("cx", "cy"))
    colour = tuple(bytes.fromhex(last.get("fill")[1:]))
    assert np.abs(pixels[y, x].astype(int) - colour).max() <= 2


def test_published_figures_follow_from_the_precision():
    known = published("resnet152", 3)
    assert (known.precision, round(known.recall, 3), round(known.f1, 3)) == (0.674, 0.404, 0.506)
    at_five = published("densenet201", 5)
    assert (at_five.precision, at_five.recall, at_five.f1) == pytest.approx((0.49, 0.49, 0.49))
    assert published("efficientnet-lite0", 1) is None
