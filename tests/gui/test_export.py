# SPDX-License-Identifier: MIT
"""Writing what a search found into a file, whole or not at all."""

import csv
import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLineEdit
from pytestqt.qtbot import QtBot
from window_driver import WindowDriver

from gallery_search.gui.events import EventBridge
from gallery_search.gui.files.export import as_csv, as_json
from gallery_search.records import Hit

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

HITS = (Hit(1, "/p/a, “b”.jpg", 0.98765), Hit(2, "/p/caf\udce9.jpg", 0.5))


@pytest.fixture
def driver(qtbot: QtBot, bridge: EventBridge) -> WindowDriver:
    return WindowDriver(qtbot, bridge)


def export_to(driver: WindowDriver, path: Path) -> None:
    driver.press(Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    dialog = driver.window.findChild(QFileDialog)
    line = dialog.findChild(QLineEdit)
    line.setText(str(path))
    driver.press(Qt.Key.Key_Return, widget=line)


def test_the_table_can_be_read_again(tmp_path: Path) -> None:
    file = tmp_path / "hits.csv"
    file.write_bytes(as_csv(HITS))
    with file.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert rows == [
        {"rank": "1", "similarity": "0.9877", "path": "/p/a, “b”.jpg"},
        {"rank": "2", "similarity": "0.5", "path": "/p/caf\udce9.jpg"},
    ]


def test_the_json_can_be_read_again() -> None:
    assert json.loads(as_json("magpie.jpg", HITS)) == {
        "query": "magpie.jpg",
        "photos": [
            {"rank": 1, "similarity": 0.9877, "path": "/p/a, “b”.jpg"},
            {"rank": 2, "similarity": 0.5, "path": "/p/caf\udce9.jpg"},
        ],
    }


@pytest.mark.parametrize("ending", ["csv", "json"])
def test_what_is_shown_is_written(
    driver: WindowDriver, qtbot: QtBot, tmp_path: Path, ending: str
) -> None:
    assert not driver.window.actions_.export.isEnabled()
    driver.search("/somewhere/query.jpg")
    file = tmp_path / f"hits.{ending}"
    export_to(driver, file)
    shown = driver.window.view.cut.shown
    qtbot.waitUntil(lambda: driver.notice == f"“hits.{ending}” lists {len(shown)} photos.")
    written = as_csv(shown) if ending == "csv" else as_json("query.jpg", shown)
    assert file.read_bytes() == written
    assert len(shown) > 1


def test_a_file_that_cannot_be_written_is_explained(
    driver: WindowDriver, qtbot: QtBot, tmp_path: Path
) -> None:
    driver.search("/somewhere/query.jpg")
    export_to(driver, tmp_path / "no such folder" / "hits.csv")
    qtbot.waitUntil(lambda: "could not be written" in driver.notice)
    assert driver.notice.startswith("“hits.csv” could not be written: ")


@pytest.mark.parametrize(
    ("query", "proposed"),
    [
        ("/somewhere/query.jpg", "query.csv"),
        ('/somewhere/a "b": c?.jpg', "a b c.csv"),
        ("/somewhere/St. Peter at 5.30", "St. Peter at 5.30.csv"),
    ],
)
def test_a_name_is_proposed(driver: WindowDriver, query: str, proposed: str) -> None:
    driver.search(query)
    driver.press(Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    dialog = driver.window.findChild(QFileDialog)
    assert [Path(path).name for path in dialog.selectedFiles()] == [proposed]
    assert dialog.findChild(QLineEdit).text() == proposed
    dialog.close()
