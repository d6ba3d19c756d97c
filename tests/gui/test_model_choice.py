# SPDX-License-Identifier: MIT
"""Which model suits my photos? What can be chosen, what is recommended, and what is shown of it."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from choice_samples import RATES, SSCD, result
from msgspec import structs
from network_samples import CLIP, LITE, MB, VGG
from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from gallery_search.gui import theme
from gallery_search.gui.analysis import choice_wording
from gallery_search.gui.analysis.choice_result import ChoiceResult
from gallery_search.gui.analysis.choice_setup import SIZES, USUAL_SIZE, ChoiceSetup


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    default = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom))
    yield
    QLocale.setDefault(default)


@pytest.fixture
def setup(qtbot: QtBot) -> ChoiceSetup:
    setup = ChoiceSetup()
    qtbot.addWidget(setup)
    setup.show_backbones((SSCD, LITE, VGG))
    return setup


# --- what is to be compared -----------------------------------------------------------------------


def test_those_that_are_ready_are_chosen_and_others_say_what_they_need(setup: ChoiceSetup) -> None:
    assert setup.chosen == (LITE.name, SSCD.name)  # the fast one first
    assert not setup.boxes[VGG.name].isEnabled()
    needed = setup.boxes[VGG.name].accessibleDescription()
    assert needed == "Needs a download of 528 MB: see “Networks…”"
    assert setup.boxes[SSCD.name].accessibleDescription() == "Copies."
    assert setup.photos == USUAL_SIZE


def test_one_that_becomes_ready_is_chosen(setup: ChoiceSetup) -> None:
    setup.boxes[SSCD.name].click()
    ready = structs.replace(VGG, state="ready")
    setup.show_backbones((SSCD, LITE, ready))
    assert setup.chosen == (LITE.name, VGG.name)  # what the user took away stays away


def test_what_was_taken_away_stays_away_during_a_comparison(setup: ChoiceSetup) -> None:
    setup.boxes[SSCD.name].click()
    setup.setEnabled(False)
    setup.show_backbones((SSCD, LITE, VGG))
    assert not setup.boxes[SSCD.name].isChecked()
    setup.setEnabled(True)
    assert setup.chosen == (LITE.name,)


def test_what_networks_need() -> None:
    locale = QLocale()
    assert choice_wording.needs(LITE, locale) == ""
    loading = structs.replace(VGG, state="downloading")
    assert choice_wording.needs(loading, locale) == "Is being downloaded"
    missing = structs.replace(CLIP, state="unavailable", problem="Install open_clip.")
    assert choice_wording.needs(missing, locale) == "Install open_clip."


def test_how_long_it_takes_at_least(setup: ChoiceSetup) -> None:
    setup.choose((LITE.name, SSCD.name), 100)
    setup.show_time()
    seconds = choice_wording.least_seconds(100, list(RATES.values()))
    assert seconds == pytest.approx(1600 / 170 + 1600 / 12)
    assert setup.time == "At least 2 minutes, while you can go on working."
    unknown = structs.replace(SSCD, images_per_second=None)
    setup.show_backbones((LITE, unknown))
    assert setup.time == ""
    assert setup.sample.count() == len(SIZES)


def test_how_far_it_is() -> None:
    names = (LITE.name, SSCD.name)
    told = {
        "step": f"{LITE.name}: embedding",
        "done": 50,
        "total": 200,
        "unit": "photos",
        "per_second": 2.5,
        "seconds_left": 60.0,
    }
    begin = "Network 1 of 2: efficientnet-lite0 has looked at 50 of 200 photos"
    # of the second network, 200 photos of 16 images each at 12 images a second
    assert choice_wording.progress(told, names, RATES) == f"{begin}, about 5 minutes left"
    # one of which nothing is known takes as long as the first, at the least
    assert choice_wording.progress(told, names, {}) == f"{begin}, about 2 minutes left"
    assert choice_wording.progress(told | {"seconds_left": None}, names, RATES) == begin
    assert choice_wording.share_done(told, names) == 0.125
    loading = told | {"step": f"{SSCD.name}: loading", "total": 0}
    assert choice_wording.progress(loading, names, {}) == "Network 2 of 2: sscd is being loaded…"
    other = told | {"step": "pictures for the page"}
    assert choice_wording.progress(other, names, {}) == "The page with pictures is being made…"
    assert choice_wording.share_done(other, names) is None


# --- what comes of it -----------------------------------------------------------------------------


def test_one_recommendation_with_its_evidence(qtbot: QtBot) -> None:
    outcome = ChoiceResult()
    qtbot.addWidget(outcome)
    outcome.show_result(result(), SSCD.name, RATES)
    assert outcome.verdict == "efficientnet-lite0 suits your photos best."
    why, hard, plain, unreadable = outcome.reasons.replace("\N{NO-BREAK SPACE}", " ").split("\n\n")
    assert why == "It found clearly more of the changed photos than sscd."
    assert hard.startswith("200 photos were changed in ten ways each")
    assert hard.endswith("Of these 2,000 copies, efficientnet-lite0 led to the right photo at once "
                         "for 99.6 %.")  # fmt: skip
    assert "100.0 %" in plain
    assert unreadable == "1 photo could not be read and was left out."
    cells = [[text.replace("\N{NO-BREAK SPACE}", " ") for text in row] for row in outcome.cells()]
    assert cells == [
        ["efficientnet-lite0", "99.6 % ± 0.4", "100.0 %", "170"],
        ["sscd", "95.1 % ± 0.4", "99.8 %", "12"],
    ]
    with qtbot.waitSignal(outcome.files_requested) as asked:
        outcome.link.linkActivated.emit("files")
    assert asked.args == ["/library/experiments/recovery-1.json"]


def test_why_it_is_that_one() -> None:
    advice = result(reason="in_use")["advice"]
    assert choice_wording.verdict(advice, LITE.name) == "Stay with efficientnet-lite0."
    assert "no other network found clearly more" in choice_wording.reasons(advice, 0, QLocale())[0]
    advice = result(reason="fastest")["advice"] | {"as_good": ["sscd", "vgg16", "clip"]}
    first = choice_wording.reasons(advice, 0, QLocale())[0]
    assert first.startswith("It found as much as sscd, vgg16 and clip")


@pytest.mark.parametrize("ground", ["white", "#202020"])
def test_the_curves_are_painted_and_told(qtbot: QtBot, ground: str) -> None:
    outcome = ChoiceResult()
    qtbot.addWidget(outcome)
    palette = QPalette(outcome.palette())
    palette.setColor(QPalette.ColorRole.Window, QColor(ground))
    outcome.curves.setPalette(palette)
    outcome.show_result(result(), LITE.name, RATES)
    curves = outcome.curves
    curves.resize(curves.sizeHint().expandedTo(curves.minimumSizeHint()).width() * 2, 400)
    told = curves.accessibleDescription()
    assert told.count("k 1: precision 0.900, recall 0.180, F1 0.300") == 2
    image = curves.grab().toImage().convertToFormat(curves.grab().toImage().Format.Format_RGB32)
    pixels = np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), -1) & 0xFFFFFF
    for measure in ("precision", "recall", "f1"):
        colour = theme.curve(measure, palette).rgb() & 0xFFFFFF
        columns = np.flatnonzero((pixels == colour).any(axis=0))
        assert columns.min() < image.width() // 3  # in the left panel
        assert columns.max() > image.width() // 2  # and in the right one


# --- sizes ----------------------------------------------------------------------------------------


def test_nothing_is_cut_off_where_it_is_narrow(qtbot: QtBot) -> None:
    outcome = ChoiceResult()
    qtbot.addWidget(outcome)
    outcome.show_result(result(), SSCD.name, RATES)
    outcome.resize(420, 500)
    outcome.show()
    content = outcome.widget()
    assert content.width() <= outcome.viewport().width()
    for label in content.findChildren(QLabel):
        if label.wordWrap():
            assert label.height() >= label.heightForWidth(label.width())
    assert outcome.link.focusPolicy() == Qt.FocusPolicy.StrongFocus


def test_sizes_of_downloads_are_those_of_the_networks_dialog() -> None:
    tiny = structs.replace(VGG, download_bytes=3 * MB)
    assert "3.0 MB" in choice_wording.needs(tiny, QLocale())


def test_the_files_of_a_result_lie_where_the_link_says(qtbot: QtBot, tmp_path: Path) -> None:
    outcome = ChoiceResult()
    qtbot.addWidget(outcome)
    told = result()
    told["files"]["result"] = str(tmp_path / "recovery-1.json")
    outcome.show_result(told, LITE.name, RATES)
    assert outcome.link.toolTip() == str(tmp_path)
