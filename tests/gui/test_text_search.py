# SPDX-License-Identifier: MIT
"""Searching by words: there while a network answers that knows words."""

from pathlib import Path

import pytest
from msgspec import structs
from network_samples import CLIP, LITE
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QGuiApplication, QImage
from pytestqt.qtbot import QtBot
from stand_in_library import drawn_jpeg
from window_driver import WindowDriver, files

from gallery_search.gui.events import EventBridge
from gallery_search.gui.query.words_box import MAX_LENGTH, PLACEHOLDER
from gallery_search.records import BytesSource, PathSource, TextSource

WORDS = "snowy mountain at dusk"
CONTROL = Qt.KeyboardModifier.ControlModifier
ACTIVE = structs.replace(CLIP, role="active", embedded=60_000)


@pytest.fixture
def driver(qtbot: QtBot, bridge: EventBridge) -> WindowDriver:
    driver = WindowDriver(qtbot, bridge)
    driver.window.activateWindow()
    driver.library.set_backbones(LITE, CLIP)
    driver.settle()
    return driver


def know_words(driver: WindowDriver) -> None:
    driver.library.set_backbones(structs.replace(LITE, role="idle"), ACTIVE)
    driver.settle()


def ask(driver: WindowDriver, words: str) -> None:
    line = driver.window.words.line
    driver.press(Qt.Key.Key_F, CONTROL)
    assert driver.window.focusWidget() is line
    driver.qtbot.keyClicks(line, words)
    driver.press(Qt.Key.Key_Return, widget=line)


def sources(driver: WindowDriver) -> list[object]:
    return [request.source for request in driver.library.requests]


def test_the_box_is_there_only_while_a_network_knows_words(driver: WindowDriver) -> None:
    window = driver.window
    assert not window.words.isVisible()
    assert not window.actions_.words.isVisible()
    driver.press(Qt.Key.Key_F, CONTROL)
    assert window.focusWidget() is window.grid
    know_words(driver)
    assert window.words.isVisible()
    assert window.actions_.words.isVisible()
    assert window.words.line.placeholderText() == PLACEHOLDER == WORDS
    driver.press(Qt.Key.Key_F, CONTROL)
    driver.library.set_backbones(LITE, CLIP)
    driver.settle()
    assert not window.words.isVisible()
    assert window.focusWidget() is window.grid


def test_there_is_no_box_while_there_is_no_folder(qtbot: QtBot, bridge: EventBridge) -> None:
    driver = WindowDriver(qtbot, bridge, folders=())
    know_words(driver)
    assert not driver.window.words.isVisible()
    assert not driver.window.actions_.words.isVisible()
    driver.library.watch("/photos/Holiday")
    driver.settle()
    assert driver.window.words.isVisible()
    assert driver.window.actions_.words.isVisible()


def test_words_are_searched_for(driver: WindowDriver) -> None:
    know_words(driver)
    ask(driver, WORDS)
    bar = driver.window.view.bar
    assert sources(driver) == [TextSource(WORDS)]
    assert (driver.query_name, bar.detail) == (WORDS, "Searching…")
    driver.answer()
    assert (driver.query_name, bar.detail) == (WORDS, "Searched all 30 photos")
    assert bar.is_words
    assert not bar.has_picture
    assert driver.window.windowTitle() == f"{WORDS} – Gallery Search"
    driver.search("/a.jpg")
    assert not bar.is_words
    assert bar.has_picture


def test_escape_and_down_leave_the_box_and_nothing_else(driver: WindowDriver) -> None:
    know_words(driver)
    window = driver.window
    driver.search("/a.jpg")
    for key in (Qt.Key.Key_Escape, Qt.Key.Key_Down):
        driver.press(Qt.Key.Key_F, CONTROL)
        driver.press(key, widget=window.words.line)
        assert window.focusWidget() is window.grid
        assert driver.query_name == "a.jpg"
    driver.press(Qt.Key.Key_Escape)
    assert driver.query_name is None


@pytest.mark.parametrize("words", ["", "   "])
def test_nothing_is_not_searched_for(driver: WindowDriver, words: str) -> None:
    know_words(driver)
    ask(driver, words)
    assert driver.library.requests == []
    assert driver.query_name is None


def test_a_long_text_is_cut_and_shortened_everywhere(driver: WindowDriver) -> None:
    know_words(driver)
    words = driver.window.words
    words.start()
    words.line.insert("a dog\non   a <b>beach</b> " * 100)
    driver.press(Qt.Key.Key_Return, widget=words.line)
    (source,) = sources(driver)
    assert isinstance(source, TextSource)
    assert len(source.text) <= MAX_LENGTH
    assert source.text.startswith("a dog on a <b>beach</b> a dog")
    driver.answer()
    window = driver.window
    window.grab()
    assert window.width() == 1000
    assert len(window.windowTitle()) < 100
    name = window.view.bar._name
    assert name.toolTip().startswith("<qt>a dog on a &lt;b&gt;beach")
    driver.library.fail("Too many words.", driver.library.requests[0])
    ask(driver, "cat " * 40)
    driver.library.fail("Too many words.")
    driver.settle()
    assert driver.notice.startswith("“cat cat")
    assert driver.notice.endswith("…”: Too many words.")
    assert len(driver.notice) < 100


def test_back_forward_and_again(driver: WindowDriver) -> None:
    know_words(driver)
    window, line = driver.window, driver.window.words.line
    ask(driver, WORDS)
    driver.answer(searched=12)
    driver.search("/a.jpg")
    assert line.text() == ""  # other words are no part of this view
    driver.press(Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert driver.query_name == line.text() == WORDS
    assert window.view.bar.is_words
    driver.click(window.view.bar._again)
    assert sources(driver)[-1] == TextSource(WORDS)
    driver.answer()
    assert window.view.bar.detail == "Searched all 30 photos"
    driver.press(Qt.Key.Key_Escape)
    assert (driver.query_name, line.text()) == (None, "")


def test_an_answer_does_not_take_away_what_is_being_typed(driver: WindowDriver) -> None:
    know_words(driver)
    line = driver.window.words.line
    ask(driver, WORDS)
    line.selectAll()
    driver.qtbot.keyClicks(line, "a cat")
    driver.answer()
    assert driver.query_name == WORDS
    assert line.text() == "a cat"


def test_a_refusal_leaves_the_words_to_be_mended(driver: WindowDriver) -> None:
    know_words(driver)
    ask(driver, "snwoy")
    driver.library.fail("The network is not ready.")
    driver.settle()
    assert driver.notice == "“snwoy”: The network is not ready."
    assert driver.window.words.line.text() == "snwoy"


def test_after_a_change_of_network_results_stay_and_can_be_asked_again(
    driver: WindowDriver,
) -> None:
    bar = driver.window.view.bar
    driver.search("/a.jpg", hits=[1, 2, 3])
    assert not bar._again.isVisible()
    know_words(driver)
    assert driver.query_name == "a.jpg"
    assert driver.window.grid.photo_count() == 3
    driver.click(bar._again)  # as the other network finds other photos
    assert sources(driver)[-1] == PathSource("/a.jpg")
    driver.answer()
    assert not bar._again.isVisible()
    ask(driver, WORDS)
    driver.answer(searched=12)
    assert bar._again.isVisible()
    driver.library.set_backbones(LITE, CLIP)
    driver.settle()
    assert driver.query_name == WORDS
    assert not bar._again.isVisible()  # this network does not know words


def test_images_are_pasted_into_the_window_also_from_the_box(
    driver: WindowDriver, tmp_path: Path
) -> None:
    know_words(driver)
    line = driver.window.words.line
    driver.press(Qt.Key.Key_F, CONTROL)
    image = QMimeData()
    image.setImageData(QImage.fromData(drawn_jpeg(5)))
    path = tmp_path / "a.jpg"
    path.write_bytes(drawn_jpeg(6))
    words = QMimeData()
    words.setText(WORDS)
    for mime in (image, files(str(path)), words):
        QGuiApplication.clipboard().setMimeData(mime)
        driver.press(Qt.Key.Key_V, CONTROL, widget=line)
    first, second = sources(driver)
    assert isinstance(first, BytesSource)
    assert second == PathSource(str(path))
    assert line.text() == WORDS
    assert len(driver.library.requests) == 2
