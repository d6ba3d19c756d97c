# SPDX-License-Identifier: MIT
"""The status bar, the list of failures, and the window as a whole."""

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QLocale, Qt
from PySide6.QtGui import QAccessible, QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QAbstractButton, QApplication
from pytestqt.qtbot import QtBot
from window_driver import WindowDriver

from gallery_search.gui.events import EventBridge
from gallery_search.gui.folders.failures_dialog import FailuresDialog
from gallery_search.records import Notice, PhotoFailed

FAILURES = (
    PhotoFailed(4, "/photos/Holiday/broken.jpg", "The file ends too early."),
    PhotoFailed(5, "/photos/Holiday/empty.png", "The file is empty."),
)

# What the offscreen platform cannot do is no fault of the window.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def driver(qtbot: QtBot, bridge: EventBridge) -> WindowDriver:
    driver = WindowDriver(qtbot, bridge)
    uk = QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom)
    driver.window.setLocale(uk)
    return driver


def test_progress_pause_and_resume(driver: WindowDriver) -> None:
    status, library = driver.window.status, driver.library
    library.set_progress("indexing", 1_312, 5_000, rate=58.2, seconds_left=63)
    driver.settle()
    assert status.text == "Indexing: 1,312 of 5,000 photos · 58/s · about 1 minute left"
    assert status._bar.isVisible()
    assert (status._bar.value(), status._bar.maximum()) == (1_312, 5_000)
    assert status._pause.text() == "Pause"
    driver.click(status._pause)
    library.set_progress("paused", 1_312, 5_000)
    driver.settle()
    assert status.text == "Paused · 3,688 photos waiting"
    assert status._pause.text() == "Resume"
    driver.click(status._pause)
    assert [call for call in library.calls if call in ("pause", "resume")] == ["pause", "resume"]
    library.set_progress("idle", 5_000, 5_000)
    driver.settle()
    assert status.text == "5,000 photos, all searchable"
    assert not status._bar.isVisible()
    assert not status._pause.isVisible()
    assert not status._problems.isVisible()


@pytest.mark.parametrize("activity", ["preparing", "scanning"])
def test_work_of_unknown_length_shows_a_busy_bar(driver: WindowDriver, activity: str) -> None:
    driver.library.set_progress(activity, 0, 0)
    driver.settle()
    assert driver.window.status._bar.isVisible()
    assert driver.window.status._bar.maximum() == 0


def test_a_full_disk_is_told_once_and_shown_as_long_as_it_lasts(driver: WindowDriver) -> None:
    window, library = driver.window, driver.library
    problem = "The disk of /home/x/library is full. Make some room on it."
    library.deliver(Notice(f"{problem} Indexing then goes on by itself."))
    library.set_progress("indexing", 12, 500, problem=problem)
    driver.settle()
    assert window.status.text == f"Indexing waits: {problem}"
    assert not window.status._bar.isVisible()
    assert window.notices.text == f"{problem} Indexing then goes on by itself."
    window.notices.hide()  # the user has read it
    library.set_progress("indexing", 12, 500, problem=problem)
    driver.settle()
    assert (window.status.text, window.notices.text) == (f"Indexing waits: {problem}", "")
    library.set_progress("indexing", 20, 500)
    driver.settle()
    assert window.status.text == "Indexing: 20 of 500 photos"
    assert window.status._bar.isVisible()


def test_what_the_library_tells_stays_through_a_search(driver: WindowDriver) -> None:
    driver.library.deliver(Notice("The catalogue was damaged and has been mended."))
    driver.settle()
    driver.search("/a.jpg")
    assert driver.notice == "The catalogue was damaged and has been mended."


def test_the_notice_of_a_problem_goes_with_it_and_others_stay(driver: WindowDriver) -> None:
    window, library = driver.window, driver.library
    problem = "The program sqlite3 (process 7) has locked /l/catalogue.db. Close it."
    for notice, left in ((problem, ""), ("The drive X is not there.", "The drive X is not there.")):
        library.set_progress("indexing", 12, 500, problem=problem)
        library.deliver(Notice(notice))
        driver.settle()
        assert window.notices.text == notice
        library.set_progress("indexing", 12, 500)
        driver.settle()
        assert window.notices.text == left


def failures_dialog(driver: WindowDriver) -> FailuresDialog:
    dialog = driver.window.findChild(FailuresDialog)
    assert dialog is not None
    return dialog


def test_the_failures_with_their_reasons(driver: WindowDriver) -> None:
    library, status = driver.library, driver.window.status
    library.failures = FAILURES
    library.set_progress("idle", 28, 30, failed=2)
    driver.settle()
    assert status._problems.text() == "2 problems"
    driver.click(status._problems)
    dialog = failures_dialog(driver)
    assert dialog.isVisible()
    assert not dialog.isModal()
    model = dialog.model
    cells = [[model.index(row, column).data() for column in range(3)] for row in range(2)]
    assert cells[0] == ["broken.jpg", "/photos/Holiday", "The file ends too early."]
    assert dialog.summary == "2 files could not be read. All other photos can be searched."
    driver.click(dialog.copy_button)
    assert QGuiApplication.clipboard().text().splitlines() == [
        "/photos/Holiday/broken.jpg\tThe file ends too early.",
        "/photos/Holiday/empty.png\tThe file is empty.",
    ]
    driver.click(dialog.retry_button)
    assert "retry_failures" in library.calls
    library.set_progress("indexing", 28, 30)
    library.set_progress("idle", 28, 30, failed=2)  # in vain
    driver.settle()
    assert dialog.retry_button.isEnabled()
    assert dialog.summary.startswith("2 files")
    library.failures = ()
    library.set_progress("idle", 30, 30)
    driver.settle()
    assert dialog.summary == "Every photo could be read."
    assert model.rowCount() == 0
    assert not status._problems.isVisible()


def test_a_click_on_pause_leaves_the_keyboard_with_the_photos(driver: WindowDriver) -> None:
    window = driver.window
    window.activateWindow()
    driver.qtbot.waitUntil(window.isActiveWindow)
    window.grid.setFocus()
    driver.library.set_progress("paused", 10, 30, failed=2)
    driver.settle()
    driver.click(window.status._pause)
    assert window.grid.hasFocus()
    window.status._pause.setFocus(Qt.FocusReason.TabFocusReason)
    assert window.status._pause.hasFocus()


def test_in_a_narrow_window_the_sentence_comes_before_the_selection(driver: WindowDriver) -> None:
    status, window = driver.window.status, driver.window
    window.grid.choose_several(1, [1, 2, 3])
    driver.settle()
    assert status._selected.isVisible()
    window.resize(560, 500)
    driver.library.set_progress("indexing", 10, 500, rate=6.2, seconds_left=90.0)
    driver.settle()
    assert not status._selected.isVisible()
    driver.library.set_progress("idle", 500, 500)
    driver.settle()
    assert status._selected.isVisible()


def test_a_file_that_cannot_be_read_is_shown_where_it_lies(driver: WindowDriver) -> None:
    driver.library.failures = FAILURES
    driver.library.set_progress("idle", 28, 30, failed=2)
    driver.settle()
    driver.click(driver.window.status._problems)
    dialog = failures_dialog(driver)
    dialog.folder_requested.disconnect()  # from the file manager
    wanted: list[str] = []
    dialog.folder_requested.connect(wanted.append)
    assert not dialog.folder_button.isEnabled()
    dialog.table.selectRow(1)
    driver.click(dialog.folder_button)
    dialog.table.setFocus()
    driver.press(Qt.Key.Key_Return, widget=dialog.table)
    assert wanted == ["/photos/Holiday/empty.png"] * 2
    driver.library.failures = ()
    driver.library.set_progress("idle", 30, 30)
    driver.settle()
    assert not dialog.folder_button.isEnabled()


# --- the window -----------------------------------------------------------------------------------


def test_closing_hides_at_once_and_says_so(driver: WindowDriver) -> None:
    with driver.qtbot.waitSignal(driver.window.closed):
        driver.press(Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)
    assert not driver.window.isVisible()


def test_a_second_start_brings_the_window_to_the_front(driver: WindowDriver) -> None:
    driver.window.showMinimized()
    driver.window.bring_to_front()
    assert driver.window.isVisible()
    assert not driver.window.isMinimized()


def test_size_and_splitter_are_remembered(
    qtbot: QtBot, bridge: EventBridge, tmp_path: Path
) -> None:
    state = tmp_path / "window.ini"
    first = WindowDriver(qtbot, bridge, state_file=state)
    first.window.resize(777, 555)
    first.window._splitter.setSizes([300, 477])
    first.settle()
    width = first.window.folders.width()
    first.window.close()
    second = WindowDriver(qtbot, bridge, state_file=state)
    second.window.resize(777, 555)
    second.settle()
    assert second.window.folders.width() == width


def test_a_damaged_state_file_costs_nothing_but_the_state(
    qtbot: QtBot, bridge: EventBridge, tmp_path: Path
) -> None:
    state = tmp_path / "window.ini"
    state.write_bytes(b"[General]\ngeometry=@ByteArray(nonsense)\nsplitter=12\n\xff\xfe")
    driver = WindowDriver(qtbot, bridge, state_file=state)
    assert driver.window.isVisible()
    driver.window.close()


def test_every_control_has_a_name_for_screen_readers(driver: WindowDriver) -> None:
    driver.library.set_progress("indexing", 3, 30, failed=1)
    driver.search("/a.jpg", searched=3)
    driver.window.notices.show_notice("A sentence.")
    driver.window.resize(600, 400)  # where buttons keep their icons only
    driver.settle()
    buttons = [b for b in driver.window.findChildren(QAbstractButton) if b.isVisible()]
    names = [QAccessible.queryAccessibleInterface(b).text(QAccessible.Text.Name) for b in buttons]
    assert all(names), names
    assert {"Back", "Forward", "Search again", "Back to library", "Close this message"} < set(names)
    lists = [driver.window.grid, driver.window.folders.list, driver.window.status._bar]
    for widget in lists:
        assert QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)


def test_tab_walks_from_the_folders_over_the_grid_to_the_status(driver: WindowDriver) -> None:
    driver.library.set_progress("indexing", 3, 30, failed=1)
    driver.search("/a.jpg", searched=3)
    window = driver.window
    window.folders.list.setFocus()
    walked = []
    for _ in range(7):
        driver.press(Qt.Key.Key_Tab, widget=window.focusWidget())
        walked.append(window.focusWidget())
    expected = [window.folders.add_button, *window.view.bar.buttons, window.grid]
    assert walked == [*expected, *window.status.buttons]


def test_icons_follow_the_palette(driver: WindowDriver, qapp: QApplication) -> None:
    def tint() -> QColor:
        image = driver.window.actions_.open.icon().pixmap(24, 24).toImage()
        pixels = (image.pixelColor(x, y) for x in range(24) for y in range(24))
        return max(pixels, key=lambda colour: colour.alpha())

    assert tint().lightness() < 128
    before = qapp.palette()
    try:
        qapp.setPalette(QPalette(QColor(50, 50, 50), QColor(40, 40, 40)))
        driver.settle()
        assert tint().lightness() > 128
    finally:
        qapp.setPalette(before)
        QApplication.sendEvent(driver.window, QEvent(QEvent.Type.PaletteChange))


def test_a_click_on_a_button_leaves_the_keyboard_with_the_photos(driver: WindowDriver) -> None:
    window = driver.window
    window.activateWindow()
    window.grid.setFocus()
    driver.library.set_progress("indexing", 3, 30)
    driver.settle()
    pause = window.status.buttons[0]
    driver.click(pause)  # it goes at the end, and the keyboard would go on to any other button
    driver.library.set_progress("idle", 29, 30, failed=1)
    driver.settle()
    assert not pause.isVisible()
    assert window.grid.hasFocus()
    for button in (
        *window.view.bar.buttons,
        window.folders.add_button,
        window.view.more_row.button,
    ):
        assert button.focusPolicy() == Qt.FocusPolicy.TabFocus
