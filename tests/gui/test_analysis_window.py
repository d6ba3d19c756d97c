# SPDX-License-Identifier: MIT
"""The analysis view over results of drawn pictures, with the real reader and real pictures."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from network_samples import LITE
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from result_samples import ALIKE, OTHERS, TITLES, draw_dataset, write_neighbours, write_recovery

from gallery_search.gui.analysis import analysis_wording
from gallery_search.gui.analysis.analysis_window import AnalysisWindow
from gallery_search.gui.analysis.picture_tile import PictureTile
from gallery_search.gui.analysis.results_reader import ENDED
from gallery_search.paths import LibraryPaths

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

WAIT_MS = 30_000  # for a child to start, on a busy computer


class Driver:
    """The window on the screen, used as a person would."""

    def __init__(self, qtbot: QtBot, root: Path) -> None:
        self.qtbot = qtbot
        self.paths = LibraryPaths(root)
        self._parent = QLabel()
        qtbot.addWidget(self._parent)  # which has to live as long as the window
        self.window = AnalysisWindow(self.paths, self._parent)
        self.window.show()

    def close(self) -> None:
        self.window.close()
        self._parent.close()
        self.wait(lambda: "analysis" not in {t.name for t in threading.enumerate()})

    def wait(self, condition) -> None:
        self.qtbot.waitUntil(condition, timeout=WAIT_MS)

    def wait_shown(self) -> None:
        self.wait(lambda: bool(self.window.page.title) and bool(self.titles()))

    def choose(self, title: str) -> None:
        """Choose a picture in the list with the keyboard, and wait for it to be shown."""
        table = self.window.list.table
        table.setFocus()
        place = self.titles().index(title)
        self.press(table, Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
        for _ in range(place):
            self.press(table, Qt.Key.Key_Down)
        self.wait(lambda: self.window.page.title == title)

    def press(self, widget, key, modifier=Qt.KeyboardModifier.NoModifier) -> None:
        self.qtbot.keyClick(widget, key, modifier)

    def titles(self) -> list[str]:
        return self.window.list.titles()

    def neighbours(self, place: int = 0) -> list[PictureTile]:
        return [tile for tile in self.window.page.rows[place].tiles if tile.isVisible()]

    def wait_painted(self) -> None:
        """Wait for all pictures that are shown."""
        pictures = self.window._pictures
        tiles = [tile for tile in self.window.page.tiles() if tile.isVisible()]
        self.wait(lambda: all(pictures.get(tile.key) is not None for tile in tiles))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "library"


@pytest.fixture
def driver(qtbot: QtBot, root: Path) -> Iterator[Driver]:
    """The window over the neighbours of a dataset."""
    paths = LibraryPaths(root)
    write_neighbours(paths, draw_dataset(paths))
    driver = Driver(qtbot, root)
    driver.wait_shown()
    yield driver
    driver.close()


def test_a_picture_with_five_neighbours_of_each_network(driver: Driver) -> None:
    assert sorted(driver.titles()) == sorted(TITLES)
    driver.choose("Night Garden")
    page = driver.window.page
    assert page.facts.split("\n") == ["Paul Klee", "Oil on canvas", "12 x 9 cm", "1920"]
    assert [row.name.text() for row in page.rows if row.isVisible()] == [ALIKE, OTHERS]
    for place in (0, 1):
        tiles = driver.neighbours(place)
        assert [tile.texts[1] for tile in tiles] == list(TITLES[1:6])
        assert tiles[0].texts == (
            *("0.900", "Garden of Stones"),
            *("Paul Klee", "Oil on canvas", "12 x 9 cm", "1920"),
        )
        assert tiles[0].accessibleName() == ", ".join(tiles[0].texts)
    assert page.agreement == analysis_wording.SAME
    driver.wait_painted()
    shown = page.query.grab().toImage()
    assert len({shown.pixelColor(x, 100).rgb() for x in range(20, 200, 10)}) > 3  # a picture


def test_what_only_one_network_found_is_marked(driver: Driver) -> None:
    driver.choose("Dream")
    first, second = driver.neighbours(0), driver.neighbours(1)
    marked = analysis_wording.ONLY_HERE
    assert (first[0].texts[1], first[0].texts[-1]) == ("Night Garden", marked)
    assert not any(marked in tile.texts for tile in first[1:])
    assert (second[-1].texts[1], second[-1].texts[-1]) == ("Night Train", marked)
    assert "67 %" in driver.window.page.agreement  # four of six


def test_words_find_titles(driver: Driver) -> None:
    words = driver.window.list.words
    driver.press(driver.window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    driver.wait(words.hasFocus)
    driver.qtbot.keyClicks(words, "night")
    driver.wait(lambda: driver.titles() == ["Night Garden", "Night Train"])
    assert driver.window.list.count == "2 pictures"
    driver.qtbot.keyClicks(words, " zebra")
    driver.press(words, Qt.Key.Key_Return)
    driver.wait(lambda: driver.titles() == [])
    assert driver.window.list.count == analysis_wording.NOTHING_FOUND
    assert driver.window.list.table.hasFocus()
    words.setFocus()
    driver.press(words, Qt.Key.Key_Escape)  # takes the words away, and does not close the window
    driver.wait(lambda: len(driver.titles()) == len(TITLES))
    driver.press(words, Qt.Key.Key_Escape)
    assert driver.window.list.table.hasFocus()


def test_a_surprise_is_one_of_those_that_are_listed(driver: Driver) -> None:
    driver.qtbot.keyClicks(driver.window.list.words, "bridge")
    driver.wait(lambda: driver.titles() == ["A Bridge"])
    driver.window._go_to(2)  # whichever was shown, it is another one now
    driver.wait(lambda: driver.window.page.title == "Horse")
    driver.press(driver.window, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    driver.wait(lambda: driver.window.page.title == "A Bridge")


def test_where_networks_differ_most_comes_first(driver: Driver) -> None:
    order = driver.window.list.order
    assert [order.itemData(place) for place in range(order.count())] == ["name", "disagreement"]
    order.setCurrentIndex(1)
    driver.wait(lambda: driver.titles()[-1] == "Night Garden")  # the one they agree about
    driver.window.bar.boxes[OTHERS].click()  # alone, none differs
    driver.wait(lambda: len([row for row in driver.window.page.rows if row.isVisible()]) == 1)
    assert order.count() == 1
    assert not driver.window.bar.boxes[ALIKE].isEnabled()  # one has to stay
    assert driver.window.page.agreement == ""


def test_a_neighbour_leads_to_its_own_and_back(driver: Driver) -> None:
    driver.choose("Night Garden")
    tile = driver.neighbours()[2]
    assert tile.texts[1] == "A Bridge"
    tile.setFocus()
    driver.press(tile, Qt.Key.Key_Space)
    driver.wait(lambda: driver.window.page.title == "A Bridge")
    assert driver.window.list.table.currentIndex().data() == "A Bridge"
    driver.press(driver.window, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    driver.wait(lambda: driver.window.page.title == "Night Garden")


def test_copies_are_shown_as_right_or_wrong(driver: Driver) -> None:
    file = write_recovery(driver.paths, driver.paths.datasets / "moma-7")
    driver.choose("Garden of Stones")  # which is of the other result, too
    driver.window.open_file(str(file))
    driver.wait(lambda: "Night Garden" in driver.titles() and len(driver.titles()) == 3)
    driver.choose("Garden of Stones")
    texts = [tile.texts[:3] for tile in driver.neighbours()]
    assert texts[0] == ("0.900 ✓ right", "Garden of Stones", "Copy: scaled down to 0.8")
    assert texts[1][:2] == ("0.900 ✗ wrong", "Horse")
    note = driver.window.page.rows[0].note.text()
    assert note == "Not among the five: greyscale, sharpened, edges enhanced"
    assert not driver.neighbours()[3].isEnabled()  # nobody asked about that picture
    driver.neighbours()[0].click()  # a copy leads to its photo, which is shown already
    assert driver.window.page.title == "Garden of Stones"
    order = driver.window.list.order
    order.setCurrentIndex(order.findData("mistakes"))
    driver.wait(lambda: driver.titles()[0] == "Garden of Stones")
    driver.wait_painted()  # copies are made again for it


def test_a_file_is_opened_by_its_dialog(driver: Driver, tmp_path: Path) -> None:
    other = LibraryPaths(tmp_path / "elsewhere")
    file = write_recovery(other, draw_dataset(other))
    driver.window.bar.file_button.click()
    dialog = driver.window.findChild(QFileDialog)
    line = dialog.findChild(QLineEdit)
    line.setText(str(file))
    driver.press(line, Qt.Key.Key_Return)
    driver.wait(lambda: len(driver.titles()) == 3)
    assert driver.window.bar.sources.currentText().startswith("moma-7: recovery")


def test_what_is_no_result_is_told(driver: Driver, tmp_path: Path) -> None:
    file = tmp_path / "notes.json"
    file.write_text("{}")
    driver.window.open_file(str(file))
    driver.wait(lambda: driver.window.notices.text.startswith("Choose another file: notes.json"))
    assert sorted(driver.titles()) == sorted(TITLES)  # what was shown stays


def test_the_list_is_used_while_another_result_is_being_opened(driver: Driver) -> None:
    file = write_recovery(driver.paths, driver.paths.datasets / "moma-7")  # of one network
    window, told = driver.window, []
    window._reader.failed.connect(lambda *what: told.append(what))
    window.open_file(str(file))
    window._find()
    window._surprise()
    window._go_to(6)  # of which the other has three
    driver.wait(lambda: len(driver.titles()) == 3)
    driver.wait_shown()
    assert told == []


def test_a_result_that_was_given_up_does_not_take_over(driver: Driver, tmp_path: Path) -> None:
    file = write_recovery(driver.paths, driver.paths.datasets / "moma-7")
    window, answers = driver.window, []
    window._reader.answered.connect(lambda kind, _answer: answers.append(kind))
    window.open_file(str(file))
    window.open_folder(str(tmp_path))
    window._reader.ask_sources()
    driver.wait(lambda: "sources" in answers)
    assert "open" not in answers
    assert window.neighbours.isVisible()
    window.open_file(str(file))
    driver.wait(lambda: len(driver.titles()) == 3)


def test_what_could_not_be_opened_leaves_what_is_open(driver: Driver, tmp_path: Path) -> None:
    driver.window.open_file(str(tmp_path / "none.json"))
    driver.wait(lambda: bool(driver.window.notices.text))
    driver.qtbot.keyClicks(driver.window.list.words, "night")
    driver.wait(lambda: driver.titles() == ["Night Garden", "Night Train"])


def test_neighbours_that_are_found_later_do_not_take_over(driver: Driver, tmp_path: Path) -> None:
    window, page = driver.window, driver.window.neighbours
    other = LibraryPaths(tmp_path / "elsewhere")
    file = write_recovery(other, draw_dataset(other))
    page.show_folder("/pictures")
    page._on_finished({"file": str(file)})  # one for real takes minutes
    assert window.notices.text == "The neighbours of the pictures in pictures are found."
    assert not page.isVisible()
    assert sorted(driver.titles()) == sorted(TITLES)
    next(b for b in window.notices.findChildren(QPushButton) if b.text() == "&Show").click()
    driver.wait(lambda: len(driver.titles()) == 3)
    window.open_folder("/pictures")
    page._on_finished({"file": str(file)})
    driver.wait(lambda: window._splitter.isVisible())
    assert window.notices.text == ""


def test_a_folder_is_shown_once_another_ones_run_has_ended(driver: Driver) -> None:
    window, page = driver.window, driver.window.neighbours
    window.show_backbones((LITE,))
    window.open_folder("/one")
    page.button.click()
    window.open_folder("/two")
    assert page.folder == "/one"
    driver.wait(lambda: bool(window.notices.text))  # there is no such folder
    assert page.folder == page._title.text() == "/two"


def test_a_reader_that_ends_costs_one_answer(driver: Driver) -> None:
    driver.window._reader._child.kill()
    driver.qtbot.keyClicks(driver.window.list.words, "night")
    driver.wait(lambda: driver.window.notices.text == ENDED)
    driver.window.bar.source_chosen.emit(driver.window.bar.current)
    driver.wait(lambda: len(driver.titles()) == 2)


def test_pictures_that_went_are_told_in_their_place(driver: Driver) -> None:
    for file in (driver.paths.datasets / "moma-7").glob("*.jpg"):
        file.unlink()
    driver.choose("Summer")
    driver.wait_painted()
    assert driver.window._pictures.get(driver.window.page.query.key).isNull()
    assert driver.neighbours()[0].texts[1] == "Night Garden"  # what is known of it stays


def test_nothing_to_look_at(qtbot: QtBot, root: Path) -> None:
    driver = Driver(qtbot, root)
    driver.wait(lambda: driver.window._empty.text() == analysis_wording.NOTHING_THERE)
    assert driver.window._empty.isVisible()
    driver.close()


def test_it_is_closed_before_anything_has_come(qtbot: QtBot, root: Path) -> None:
    paths = LibraryPaths(root)
    write_neighbours(paths, draw_dataset(paths))
    Driver(qtbot, root).close()  # and leaves nothing behind


def test_everything_that_takes_the_focus_has_a_name(driver: Driver) -> None:
    driver.choose("Horse")
    named = [
        widget
        for widget in driver.window.findChildren(QWidget)
        if widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]
    assert len(named) > 12
    for widget in named:
        accessible = QAccessible.queryAccessibleInterface(widget)
        assert accessible.text(QAccessible.Text.Name), widget
