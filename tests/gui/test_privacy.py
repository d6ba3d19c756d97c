# SPDX-License-Identifier: MIT
"""The page about what is kept: its sizes, and the button that removes it, which asks first."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from gallery_search.gui.settings.privacy_dialog import PrivacyDialog
from gallery_search.kept import KINDS
from gallery_search.paths import LibraryPaths

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def dialog(qtbot: QtBot, tmp_path: Path) -> Iterator[PrivacyDialog]:
    (tmp_path / "catalogue.db").write_bytes(bytes(3 << 20))
    parent = QLabel()
    qtbot.addWidget(parent)
    dialog = PrivacyDialog(LibraryPaths(tmp_path), parent)
    dialog.show()
    yield dialog
    parent.close()  # which has to live as long as its dialog


def texts(dialog: PrivacyDialog) -> list[str]:
    return [label.text() for label in dialog.findChildren(QLabel)]


def test_every_kind_is_listed_with_its_size(
    dialog: PrivacyDialog, qtbot: QtBot, tmp_path: Path
) -> None:
    qtbot.waitUntil(lambda: "…" not in texts(dialog))
    assert {kind.name for kind in KINDS} | {kind.what for kind in KINDS} <= set(texts(dialog))
    assert str(tmp_path) in texts(dialog)
    assert texts(dialog).count("3.0 MB") == 2  # of the catalogue, and together
    dialog.close()


@pytest.mark.parametrize("is_sure", [False, True])
def test_nothing_goes_before_the_user_has_said_so_twice(
    dialog: PrivacyDialog, qtbot: QtBot, is_sure: bool
) -> None:
    qtbot.waitUntil(lambda: "…" not in texts(dialog))
    wanted: list[bool] = []
    dialog.wipe_requested.connect(lambda: wanted.append(True))
    dialog.wipe.click()
    assert wanted == []
    (box,) = dialog.findChildren(QMessageBox)
    label = "Remove everything" if is_sure else "Cancel"
    (button,) = [b for b in box.findChildren(QPushButton) if b.text().replace("&", "") == label]
    assert (box.defaultButton() is button) != is_sure
    button.click()
    assert wanted == [True] * is_sure
    dialog.close()


def test_no_line_of_what_is_kept_is_cut_off(dialog: PrivacyDialog, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: "…" not in texts(dialog))
    qtbot.waitExposed(dialog)
    told = {kind.what for kind in KINDS}
    labels = [label for label in dialog.findChildren(QLabel) if label.text() in told]
    assert len(labels) == len(KINDS)
    for label in labels:
        assert label.height() >= label.heightForWidth(label.width())
    dialog.close()
