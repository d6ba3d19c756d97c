# SPDX-License-Identifier: MIT
"""Looking through duplicates: what is shown of them, the marks, and what becomes of the photos.

The files and the trash are real ones; the trash lies in the test's own folder.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from duplicate_samples import group, photo
from PySide6.QtCore import QLocale, QPoint, Qt, QUrl
from PySide6.QtGui import QAccessible, QDesktopServices
from PySide6.QtWidgets import QMessageBox, QPushButton
from pytestqt.qtbot import QtBot
from stand_in_library import drawn_jpeg
from window_driver import WindowDriver

from gallery_search.duplicates import DuplicatePhoto, DuplicatesProgress
from gallery_search.gui.duplicates.duplicates_dialog import DuplicatesDialog
from gallery_search.gui.duplicates.duplicates_table import DuplicatesTable
from gallery_search.records import FolderStatus, Notice, PhotosChanged

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

Key, Modifier = Qt.Key, Qt.KeyboardModifier


@pytest.fixture
def english() -> Iterator[None]:
    default = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom))
    yield
    QLocale.setDefault(default)


@pytest.fixture
def driver(
    english: None,
    qtbot: QtBot,
    bridge: object,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> WindowDriver:
    """A window over eight photos that exist: 1 to 3 and 4 with 5 the same, 6 and 7 alike."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    folder = tmp_path / "photos"
    folder.mkdir()
    driver = WindowDriver(qtbot, bridge, photos=8, folders=(str(folder),))  # type: ignore[arg-type]
    photos = {}
    for photo_id in driver.library.paths:
        file = folder / f"photo {photo_id}.jpg"
        file.write_bytes(drawn_jpeg(photo_id))
        driver.library.paths[photo_id] = str(file)
        facts = file.stat()
        photos[photo_id] = photo(
            photo_id,
            path=str(file),
            size_bytes=facts.st_size,
            mtime_ns=facts.st_mtime_ns,
            width=4000 - photo_id,
        )
    driver.library.duplicates = (
        group(photos[1], photos[2], photos[3]),
        group(photos[4], photos[5]),
        group(photos[6], photos[7], kind="near", similarity=0.9714),
    )
    return driver


def open_dialog(driver: WindowDriver) -> DuplicatesDialog:
    driver.press(Key.Key_D, Modifier.ControlModifier)
    dialog = driver.window.duplicates.dialog
    assert dialog is not None
    driver.qtbot.waitExposed(dialog)
    driver.settle()
    return dialog


def activate(driver: WindowDriver, dialog: DuplicatesDialog) -> None:
    """Give the dialog the keyboard, as keys of commands need it."""
    dialog.activateWindow()
    driver.qtbot.waitUntil(dialog.isActiveWindow)


def shown(table: DuplicatesTable) -> list[list[int]]:
    return [[p.photo_id for p in group.photos] for group in table.photos.marks.groups]


def going(dialog: DuplicatesDialog) -> list[int]:
    return [photo.photo_id for leaving in dialog.leaving() for photo in leaving.going]


def press(driver: WindowDriver, dialog: DuplicatesDialog, *keys: Qt.Key) -> None:
    for key in keys:
        driver.press(key, widget=dialog.table)


def say(driver: WindowDriver, dialog: DuplicatesDialog, key: Qt.Key) -> None:
    """Answer the question that is open."""
    (box,) = (b for b in dialog.findChildren(QMessageBox) if b.isVisible())
    driver.press(key, widget=box)


def move(driver: WindowDriver, dialog: DuplicatesDialog) -> None:
    """Move what is marked, and wait for the sentence about it."""
    driver.click(dialog.move_button)
    say(driver, dialog, Key.Key_Return)
    driver.qtbot.waitUntil(lambda: dialog.notices.text != "")


def undo_button(dialog: DuplicatesDialog) -> QPushButton:
    return next(b for b in dialog.notices.findChildren(QPushButton) if b.text() == "Undo")


def path_of(driver: WindowDriver, photo_id: int) -> str:
    return driver.library.paths[photo_id]


def spoken(table: DuplicatesTable, row: int, column: int) -> str:
    index = table.model().index(row, column)
    return str(table.model().data(index, Qt.ItemDataRole.AccessibleTextRole))


# --- what is shown --------------------------------------------------------------------------------


def test_exact_and_near_ones_are_kept_apart_beside_the_window(driver: WindowDriver) -> None:
    dialog = open_dialog(driver)
    assert not dialog.isModal()
    assert dialog.summary == "3 groups of duplicates"
    assert [dialog.tabs.tabText(i) for i in range(2)] == ["Same file (2)", "Look alike (1)"]
    assert shown(dialog.tables["exact"]) == [[1, 2, 3], [4, 5]]
    assert shown(dialog.tables["near"]) == [[6, 7]]
    assert dialog.tables["near"].model().headerData(0, Qt.Orientation.Vertical) == "2 photos\n97 %"
    assert dialog.move_button.text().startswith("&Move 3 photos (")
    assert driver.library.calls.count("request_duplicates") == 1
    dialog.close()
    open_dialog(driver)  # what was found is still there
    assert driver.library.calls.count("request_duplicates") == 1


def test_a_photo_is_told_with_all_that_tells_it_apart(driver: WindowDriver) -> None:
    copy = photo(9, path="/p/Holiday/a.jpg", taken_at=1_500_000_000)
    driver.library.duplicates = (group(copy, photo(10, path="/p/b.jpg", size_bytes=9 << 20)),)
    table = open_dialog(driver).tables["exact"]
    assert spoken(table, 0, 1) == (
        "To the trash, a.jpg, /p/Holiday, 4000 × 3000 · 3.0 MB, Taken 14/07/2017 02:40, "
        "photo 2 of 2, group 1 of 1"
    )
    assert spoken(table, 0, 0).startswith("Keep, b.jpg, /p, 4000 × 3000 · 9.0 MB, Changed 11/01/19")
    interface = QAccessible.queryAccessibleInterface(table)
    assert interface.text(QAccessible.Text.Name) == "Same file"


def test_where_only_photos_that_look_alike_are_found_these_are_shown(driver: WindowDriver) -> None:
    driver.library.duplicates = driver.library.duplicates[2:]
    dialog = open_dialog(driver)
    assert dialog.kind == "near"
    press(driver, dialog, Key.Key_Right, Key.Key_Space)
    assert going(dialog) == []


def test_where_nothing_is_found_that_is_said(driver: WindowDriver) -> None:
    driver.library.duplicates = ()
    dialog = open_dialog(driver)
    assert dialog.summary == "No duplicates were found."
    assert not dialog.move_button.isEnabled()
    assert not dialog.keep_only_button.isEnabled()
    assert not dialog.distinct_button.isEnabled()


def test_thumbnails_are_loaded_for_what_is_in_view_only(driver: WindowDriver) -> None:
    many = [group(photo(2 * i), photo(2 * i + 1)) for i in range(1, 5001)]
    driver.library.duplicates = (*many, group(*(photo(20_000 + i) for i in range(400))))
    dialog = open_dialog(driver)
    driver.qtbot.waitUntil(lambda: bool(driver.library.requests_beside))
    asked = driver.library.requests_beside[-1]
    assert asked[:4] == [2, 3, 4, 5]
    assert len(asked) < 40
    press(driver, dialog, Key.Key_PageDown, Key.Key_PageDown)
    driver.qtbot.waitUntil(lambda: driver.library.requests_beside[-1] != asked)
    dialog.table.scrollToBottom()
    dialog.table.verticalScrollBar().setValue(dialog.table.verticalScrollBar().maximum())
    driver.qtbot.waitUntil(lambda: 20_000 in driver.library.requests_beside[-1])
    assert len(driver.library.requests_beside[-1]) < 40


def test_thumbnails_appear_and_are_renewed_when_photos_change(driver: WindowDriver) -> None:
    dialog = open_dialog(driver)
    pixmaps = dialog.table.thumbnails.pixmaps
    driver.qtbot.waitUntil(lambda: pixmaps.get(5) is not None)
    before = len(driver.library.requests_beside)
    driver.library.deliver(PhotosChanged((), (), (5,)))
    driver.qtbot.waitUntil(lambda: len(driver.library.requests_beside) > before)
    assert driver.library.requests_beside[-1] == [5]
    driver.qtbot.waitUntil(lambda: pixmaps.get(5) is not None)


# --- the search -----------------------------------------------------------------------------------


def test_a_search_shows_how_far_it_is_and_can_be_cancelled(driver: WindowDriver) -> None:
    driver.library.answers_duplicates = False
    dialog = open_dialog(driver)
    assert dialog.search_button.text() == "Ca&ncel"
    assert dialog.progress.isVisible()
    driver.library.deliver(DuplicatesProgress(1500, 6000))
    driver.settle()
    assert dialog.summary == "Comparing: 1,500 of 6,000 photos"
    assert (dialog.progress.value(), dialog.progress.maximum()) == (1500, 6000)
    driver.click(dialog.search_button)
    assert driver.library.calls[-1] == "cancel_duplicates"
    driver.library.fail_duplicates("The search for duplicates was ended.")
    driver.settle()
    assert dialog.notices.text == "The search was cancelled."
    assert not dialog.progress.isVisible()
    driver.library.answers_duplicates = True
    driver.click(dialog.search_button)
    assert dialog.summary == "3 groups of duplicates"


def test_a_search_that_had_not_begun_is_cancelled_once_it_has(driver: WindowDriver) -> None:
    driver.library.answers_duplicates = False
    dialog = open_dialog(driver)
    dialog.close()
    driver.library.deliver(DuplicatesProgress(1, 6000))
    driver.settle()
    assert driver.library.calls.count("cancel_duplicates") == 2


def test_why_a_search_failed_is_said_and_what_was_found_stays(driver: WindowDriver) -> None:
    dialog = open_dialog(driver)
    driver.library.answers_duplicates = False
    driver.click(dialog.search_button)
    assert not dialog.move_button.isEnabled()
    driver.library.fail_duplicates("The disk is full.")
    driver.settle()
    assert dialog.notices.text == "The disk is full."
    assert shown(dialog.table) == [[1, 2, 3], [4, 5]]
    assert dialog.move_button.isEnabled()


def test_a_search_of_a_command_shows_nothing(driver: WindowDriver) -> None:
    dialog = open_dialog(driver)
    driver.library.deliver(DuplicatesProgress(1, 6000))
    driver.settle()
    assert dialog.summary == "3 groups of duplicates"


def test_closing_the_window_closes_the_dialog_and_ends_the_search(driver: WindowDriver) -> None:
    driver.library.answers_duplicates = False
    dialog = open_dialog(driver)
    driver.window.close()
    assert not dialog.isVisible()
    assert driver.library.calls[-1] == "cancel_duplicates"


def test_a_search_that_ended_with_the_dialog_begins_anew_when_that_is_opened_again(
    driver: WindowDriver,
) -> None:
    driver.library.answers_duplicates = False
    dialog = open_dialog(driver)
    dialog.close()
    driver.window.actions_.duplicates.trigger()  # before the search has ended
    assert dialog.isVisible()
    driver.library.answers_duplicates = True
    driver.library.fail_duplicates("The search for duplicates was ended.")
    driver.settle()
    assert dialog.notices.text == ""
    assert dialog.summary == "3 groups of duplicates"


def test_a_search_that_ended_with_the_dialog_leaves_no_sentence(driver: WindowDriver) -> None:
    dialog = open_dialog(driver)
    driver.library.answers_duplicates = False
    driver.click(dialog.search_button)
    dialog.close()
    driver.library.fail_duplicates("The search for duplicates was ended.")
    driver.settle()
    driver.window.actions_.duplicates.trigger()
    assert dialog.notices.text == ""
    assert dialog.summary == "3 groups of duplicates"


def test_who_opens_the_dialog_again_can_still_cancel(driver: WindowDriver) -> None:
    driver.library.answers_duplicates = False
    dialog = open_dialog(driver)
    dialog.close()
    driver.window.actions_.duplicates.trigger()
    driver.click(dialog.search_button)
    driver.library.fail_duplicates("The search for duplicates was ended.")
    driver.settle()
    assert dialog.notices.text == "The search was cancelled."
    assert driver.library.calls.count("request_duplicates") == 1


def test_a_line_says_that_photos_were_added_since_the_search(driver: WindowDriver) -> None:
    dialog = open_dialog(driver)
    assert not dialog.added_line.isVisible()
    driver.library.add_photos(2)
    driver.settle()
    assert dialog.added_line.isVisible()
    assert dialog.added_line.text() == (
        "2 photos were added since this search. Search again to compare them, too."
    )
    driver.library.remove_photos(9)
    driver.settle()
    assert dialog.added_line.text().startswith("1 photo was added")
    driver.library.deliver(PhotosChanged((9,), (), ()))  # brought back: neither new nor compared
    driver.library.remove_photos(3)
    driver.library.deliver(PhotosChanged((3,), (), ()))  # which is in a group
    driver.settle()
    assert dialog.added_line.text().startswith("1 photo was added")
    driver.click(dialog.search_button)
    assert not dialog.added_line.isVisible()


def test_arrows_need_not_look_at_all_groups(
    driver: WindowDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = open_dialog(driver)
    before = dialog.move_button.text()
    marks = dialog.table.photos.marks
    looked_at: list[object] = []
    monkeypatch.setattr(marks, "is_kept", _counted(marks.is_kept, looked_at))
    monkeypatch.setattr(marks, "leaving", _counted(marks.leaving, looked_at))
    dialog.table.current_changed.emit()  # as after an arrow, without what is painted
    assert looked_at == []
    assert dialog.move_button.text() == before
    dialog.table.setCurrentIndex(dialog.table.model().index(0, 1))
    looked_at.clear()
    dialog.table.toggle_current()
    assert dialog.move_button.text() != before
    assert len(looked_at) == 6  # the three photos of the group, before and after


def _counted(call: Callable[..., object], calls: list[object]) -> Callable[..., object]:
    def counting(*arguments: object) -> object:
        calls.append(arguments)
        return call(*arguments)

    return counting


# --- marks ----------------------------------------------------------------------------------------


def test_marks_change_by_keys_but_for_the_last_photo_kept(driver: WindowDriver) -> None:
    dialog = open_dialog(driver)
    assert going(dialog) == [2, 3, 5]
    press(driver, dialog, Key.Key_Home, Key.Key_Space)
    assert dialog.notices.text == "One photo of each group is always kept."
    press(driver, dialog, Key.Key_Right, Key.Key_Space)
    assert going(dialog) == [3, 5]
    assert dialog.notices.text == ""
    press(driver, dialog, Key.Key_Left, Key.Key_Space, Key.Key_Down, Key.Key_Right)
    assert going(dialog) == [1, 3, 5]
    assert dialog.table.current_photo() == dialog.table.photos.photo_at(1, 1)
    press(driver, dialog, Key.Key_Right)  # nothing is beside it
    assert dialog.table.current_photo() == dialog.table.photos.photo_at(1, 1)
    activate(driver, dialog)
    driver.press(Key.Key_K, Modifier.AltModifier, widget=dialog.table)
    driver.qtbot.waitUntil(lambda: going(dialog) == [1, 3, 4])  # the button is seen to go down


def test_marks_change_by_clicks_on_them_and_nowhere_else(
    driver: WindowDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url) or True)
    dialog = open_dialog(driver)
    table = dialog.table
    cell = table.visualRect(table.model().index(0, 1))
    mark = table._cell.mark_rect(cell, table.fontMetrics()).center()
    left = Qt.MouseButton.LeftButton
    driver.qtbot.mouseClick(table.viewport(), left, pos=mark)
    assert going(dialog) == [3, 5]
    driver.qtbot.mouseDClick(table.viewport(), left, pos=mark)  # there and back
    driver.qtbot.mouseClick(table.viewport(), left, pos=mark)
    assert going(dialog) == [2, 3, 5]
    driver.qtbot.mousePress(table.viewport(), left, pos=mark)
    driver.qtbot.mouseRelease(table.viewport(), left, pos=cell.center())
    driver.qtbot.mouseClick(table.viewport(), left, pos=cell.center())
    assert going(dialog) == [2, 3, 5]
    assert opened == []
    driver.qtbot.mouseDClick(table.viewport(), left, pos=cell.center())
    press(driver, dialog, Key.Key_Return)
    assert [url.toLocalFile() for url in opened] == [path_of(driver, 2)] * 2
    beside = QPoint(table.viewport().width() - 5, cell.bottom() + cell.height() // 2)
    driver.qtbot.mouseClick(table.viewport(), left, pos=beside)
    assert going(dialog) == [2, 3, 5]


def test_a_rule_marks_all_groups_and_the_button_says_what_it_would_do(
    driver: WindowDriver,
) -> None:
    dialog = open_dialog(driver)
    press(driver, dialog, Key.Key_Home, Key.Key_Right)
    driver.click(dialog.keep_only_button)
    dialog.rule.setFocus()
    driver.press(Key.Key_End, widget=dialog.rule)  # all
    assert going(dialog) == [1, 3]  # what was marked by hand
    assert dialog.move_button.text().startswith("&Move 2 photos (")
    driver.press(Key.Key_Home, widget=dialog.rule)
    assert going(dialog) == [1, 3, 5]


# --- the trash ------------------------------------------------------------------------------------


def test_what_was_shown_goes_to_the_trash_and_comes_back(driver: WindowDriver) -> None:
    dialog = open_dialog(driver)
    driver.click(dialog.move_button)
    (box,) = (b for b in dialog.findChildren(QMessageBox) if b.isVisible())
    what = dialog.move_button.text().removeprefix("&").removesuffix("…")
    assert box.text() == f"{what}?"
    assert box.informativeText().startswith("Of each of the 2 groups at least one")
    say(driver, dialog, Key.Key_Return)
    driver.qtbot.waitUntil(lambda: dialog.notices.text == "Moved 3 photos to the trash.")
    files = {i: os.path.exists(path_of(driver, i)) for i in driver.library.paths}
    assert [i for i, is_there in files.items() if not is_there] == [2, 3, 5]
    assert shown(dialog.table) == []
    assert dialog.tabs.tabText(0) == "Same file (0)"
    driver.library.remove_photos(2, 3, 5)
    driver.settle()
    driver.click(undo_button(dialog))
    driver.qtbot.waitUntil(lambda: dialog.notices.text == "Brought 3 photos back.")
    assert all(os.path.exists(file) for file in driver.library.paths.values())
    assert shown(dialog.table) == [[1, 2, 3], [4, 5]]
    assert going(dialog) == [2, 3, 5]
    trash = Path(os.environ["XDG_DATA_HOME"]) / "Trash"
    assert [file for file in trash.rglob("*") if file.is_file()] == []


def test_the_key_for_undo_brings_photos_back_too(driver: WindowDriver) -> None:
    dialog = open_dialog(driver)
    move(driver, dialog)
    assert not os.path.exists(path_of(driver, 2))
    activate(driver, dialog)
    driver.press(Key.Key_Z, Modifier.ControlModifier, widget=dialog.table)
    driver.qtbot.waitUntil(lambda: dialog.notices.text == "Brought 3 photos back.")
    assert os.path.exists(path_of(driver, 2))


def test_of_two_moves_the_last_one_is_taken_back(driver: WindowDriver) -> None:
    dialog = open_dialog(driver)
    move(driver, dialog)
    dialog.tabs.setCurrentIndex(1)
    move(driver, dialog)
    driver.qtbot.waitUntil(lambda: dialog.notices.text == "Moved 1 photo to the trash.")
    assert dialog.summary == "No duplicates were found."
    assert not dialog.progress.isVisible()
    driver.click(undo_button(dialog))
    driver.qtbot.waitUntil(lambda: dialog.notices.text == "Brought 1 photo back.")
    assert os.path.exists(path_of(driver, 7))
    assert not os.path.exists(path_of(driver, 2))
    assert dialog.summary == "1 group of duplicates"


def test_nothing_is_moved_before_the_question_is_answered(driver: WindowDriver) -> None:
    dialog = open_dialog(driver)
    driver.click(dialog.move_button)
    say(driver, dialog, Key.Key_Escape)
    assert all(os.path.exists(file) for file in driver.library.paths.values())
    assert going(dialog) == [2, 3, 5]


def test_only_the_tab_that_is_shown_is_moved(driver: WindowDriver) -> None:
    dialog = open_dialog(driver)
    dialog.tabs.tabBar().setFocus()
    driver.press(Key.Key_Right, widget=dialog.tabs.tabBar())
    assert dialog.kind == "near"
    assert dialog.move_button.text().startswith("&Move 1 photo (")
    move(driver, dialog)
    assert not os.path.exists(path_of(driver, 7))
    assert os.path.exists(path_of(driver, 2))


def test_a_photo_that_has_changed_since_is_left_alone(driver: WindowDriver) -> None:
    dialog = open_dialog(driver)
    Path(path_of(driver, 3)).write_bytes(b"another photo by now")
    move(driver, dialog)
    assert dialog.notices.text.startswith("Moved 2 photos to the trash. 1 photo left alone")
    assert os.path.exists(path_of(driver, 3))
    assert not os.path.exists(path_of(driver, 2))


def test_where_the_photo_to_be_kept_is_no_longer_there_no_other_is_moved(
    driver: WindowDriver,
) -> None:
    dialog = open_dialog(driver)
    os.unlink(path_of(driver, 1))
    os.unlink(path_of(driver, 4))
    move(driver, dialog)
    assert dialog.notices.text.startswith("3 photos left alone")
    assert all(os.path.exists(path_of(driver, i)) for i in (2, 3, 5))
    assert dialog.move_button.isEnabled()


def test_photos_that_cannot_be_moved_are_told(driver: WindowDriver, tmp_path: Path) -> None:
    dialog = open_dialog(driver)
    (tmp_path / "data").write_text("no folder, so there is no trash")
    move(driver, dialog)
    assert dialog.notices.text.startswith("3 photos could not be moved to the trash.")
    assert os.path.exists(path_of(driver, 2))
    assert shown(dialog.table) == [[1, 2, 3], [4, 5]]


# --- no duplicates, and what changes meanwhile ----------------------------------------------------


def test_a_group_that_is_none_goes_away_and_is_remembered(driver: WindowDriver) -> None:
    dialog = open_dialog(driver)
    dialog.tabs.setCurrentIndex(1)
    press(driver, dialog, Key.Key_Home)
    assert dialog.distinct_button.text() == "These are not &duplicates"
    driver.click(dialog.distinct_button)
    paths = (path_of(driver, 6), path_of(driver, 7))
    assert driver.library.distinct == [(paths, True)]
    assert shown(dialog.table) == []
    assert dialog.summary == "2 groups of duplicates"
    driver.click(undo_button(dialog))
    assert driver.library.distinct == [(paths, True), (paths, False)]
    assert shown(dialog.table) == [[6, 7]]


def test_why_it_could_not_be_remembered_is_said_in_the_dialog(driver: WindowDriver) -> None:
    dialog = open_dialog(driver)
    driver.library.deliver(Notice("The library has no photo at /x.jpg."))
    driver.settle()
    assert dialog.notices.text == "The library has no photo at /x.jpg."


def test_groups_follow_photos_that_disappear_and_come_back(driver: WindowDriver) -> None:
    dialog = open_dialog(driver)
    press(driver, dialog, Key.Key_Home, Key.Key_Down, Key.Key_Right)
    driver.library.remove_photos(1, 4)
    driver.settle()
    assert shown(dialog.table) == [[2, 3]]
    assert going(dialog) == [3]
    assert dialog.table.current_photo() == dialog.table.photos.photo_at(0, 1)
    driver.library.deliver(PhotosChanged((4,), (), ()))
    driver.settle()
    assert shown(dialog.table) == [[2, 3], [4, 5]]


def test_the_current_group_stays_so_when_another_one_goes(driver: WindowDriver) -> None:
    dialog = open_dialog(driver)
    press(driver, dialog, Key.Key_Home, Key.Key_Down, Key.Key_Right)
    driver.library.remove_photos(1, 2)
    driver.settle()
    current = dialog.table.current_photo()
    assert current is not None
    assert current.photo_id == 5


def test_photos_on_a_drive_that_is_away_are_greyed_and_stay(driver: WindowDriver) -> None:
    away: DuplicatePhoto = photo(20, folder_id=7, width=9000)
    driver.library.duplicates = (group(away, photo(21), photo(22)),)
    driver.library.set_folders(FolderStatus(7, "/media/backup", "offline", 1, "Backup"))
    driver.settle()
    dialog = open_dialog(driver)
    assert going(dialog) == [22]
    assert spoken(dialog.table, 0, 0).startswith("On “Backup”, which is offline, 20.jpg")
    press(driver, dialog, Key.Key_Home, Key.Key_Space)
    assert dialog.notices.text == "This photo is on “Backup”, which is offline. It stays as it is."
    press(driver, dialog, Key.Key_Return)
    assert dialog.notices.text.endswith("Connect it to see the photo.")
    picture = dialog.table.viewport().grab().toImage()
    driver.library.set_folders(FolderStatus(7, "/media/backup", "watching", 1, "Backup"))
    driver.settle()
    assert going(dialog) == [21, 22]
    assert dialog.table.viewport().grab().toImage() != picture
