# SPDX-License-Identifier: MIT
"""What is done with selected photos: copied, dragged, copied to a folder, trashed and brought back.

The files, the trash and the clipboard are real ones; the trash lies in the test's own folder.
"""

import errno
import os
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QDesktopServices, QDrag, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QLineEdit, QMenu, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot
from stand_in_library import drawn_jpeg
from window_driver import WindowDriver

from gallery_search.gui.events import EventBridge
from gallery_search.gui.files import hand_out
from gallery_search.gui.files.reveal import file_url
from gallery_search.gui.files.trash import Trashed
from gallery_search.records import PhotosChanged

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

Modifier = Qt.KeyboardModifier


@pytest.fixture
def driver(
    qtbot: QtBot, bridge: EventBridge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> WindowDriver:
    """A window over six photos that exist, the newest three of them selected."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    folder = tmp_path / "photos"
    folder.mkdir()
    driver = WindowDriver(qtbot, bridge, photos=6, folders=(str(folder),))
    for photo_id in driver.library.paths:
        file = folder / f"photo {photo_id}.jpg"
        file.write_bytes(drawn_jpeg(photo_id))
        driver.library.paths[photo_id] = str(file)
    model = driver.window.grid.model()
    # What is asked for now is answered with the paths that the stand-in made up.
    qtbot.waitUntil(lambda: all(model.path_of(photo_id) for photo_id in driver.library.paths))
    driver.window.grid.on_photos_changed(PhotosChanged((), (), tuple(driver.library.paths)))
    grid = driver.window.grid
    grid.setFocus()
    driver.press(Qt.Key.Key_Home)
    for _ in range(2):
        driver.press(Qt.Key.Key_Right, Modifier.ShiftModifier)
    qtbot.waitUntil(lambda: grid.selected_paths() == paths_of(driver, 6, 5, 4))
    return driver


def paths_of(driver: WindowDriver, *photo_ids: int) -> list[str]:
    return [driver.library.paths[photo_id] for photo_id in photo_ids]


def open_box(driver: WindowDriver) -> QMessageBox:
    (box,) = (b for b in driver.window.findChildren(QMessageBox) if b.isVisible())
    return box


def say_yes(driver: WindowDriver) -> None:
    box = open_box(driver)
    driver.press(Qt.Key.Key_Return, widget=box)


def trash_selected(driver: WindowDriver) -> None:
    driver.press(Qt.Key.Key_Delete)
    say_yes(driver)


def choice(driver: WindowDriver, label: str) -> QPushButton:
    buttons = driver.window.notices.findChildren(QPushButton)
    return next(b for b in buttons if b.text() == label and b.isVisible())


def test_copied_photos_can_be_pasted_as_files_and_as_text(driver: WindowDriver) -> None:
    driver.press(Qt.Key.Key_C, Modifier.ControlModifier)
    mime = QGuiApplication.clipboard().mimeData()
    paths = paths_of(driver, 6, 5, 4)
    assert mime.urls() == [file_url(path) for path in paths]
    assert mime.text() == "\n".join(paths)
    driver.press(Qt.Key.Key_C, Modifier.ControlModifier | Modifier.ShiftModifier)
    mime = QGuiApplication.clipboard().mimeData()
    assert mime.text() == "\n".join(paths)
    assert not mime.hasUrls()


def test_a_drag_carries_the_files_and_never_moves_them(
    driver: WindowDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    dragged: list[tuple[QMimeData, Qt.DropAction]] = []
    # The platform's own loop would wait for a mouse; tests/end2end drags for real.
    monkeypatch.setattr(QDrag, "exec", lambda drag, actions: dragged.append((drag, actions)))
    driver.window.grid.drag_requested.emit()
    ((drag, actions),) = dragged
    assert actions == Qt.DropAction.CopyAction
    assert drag.mimeData().urls() == [file_url(path) for path in paths_of(driver, 6, 5, 4)]


def test_the_menu_of_several_photos_names_what_can_be_done_with_them(
    driver: WindowDriver,
) -> None:
    grid = driver.window.grid
    where = grid.mapToGlobal(grid.rect().center())
    grid.context_menu_requested.emit(5, driver.library.paths[5], where)
    menu = next(m for m in driver.window.findChildren(QMenu) if m.isVisible())
    texts = [action.text() for action in menu.actions() if not action.isSeparator()]
    assert texts == [
        "Find similar",
        "Compare",
        "Copy",
        "Copy paths",
        "Copy to folder…",
        "Move to trash…",
    ]
    next(a for a in menu.actions() if a.text() == "Copy paths").trigger()
    menu.close()
    assert QGuiApplication.clipboard().text() == "\n".join(paths_of(driver, 6, 5, 4))


def test_photos_go_to_the_trash_and_come_back(driver: WindowDriver, qtbot: QtBot) -> None:
    paths = paths_of(driver, 6, 5, 4)
    contents = [Path(path).read_bytes() for path in paths]
    trash_selected(driver)
    qtbot.waitUntil(lambda: driver.notice == "Moved 3 photos to the trash.")
    assert not any(map(os.path.exists, paths))
    driver.click(choice(driver, "Undo"))
    qtbot.waitUntil(lambda: driver.notice == "Brought 3 photos back.")
    assert [Path(path).read_bytes() for path in paths] == contents
    trash = Path(os.environ["XDG_DATA_HOME"]) / "Trash"
    assert [file for file in trash.rglob("*") if file.is_file()] == []


def test_undo_by_its_key_works_once(driver: WindowDriver, qtbot: QtBot) -> None:
    undo = driver.window.actions_.undo_trash
    assert not undo.isEnabled()
    trash_selected(driver)
    qtbot.waitUntil(undo.isEnabled)
    driver.window.activateWindow()
    qtbot.waitUntil(driver.window.isActiveWindow)
    driver.press(Qt.Key.Key_Z, Modifier.ControlModifier)
    qtbot.waitUntil(lambda: driver.notice == "Brought 3 photos back.")
    assert not undo.isEnabled()


def test_nothing_happens_to_photos_before_the_question_is_answered(driver: WindowDriver) -> None:
    driver.press(Qt.Key.Key_Delete)
    box = open_box(driver)
    assert box.text() == "Move 3 photos to the trash?"
    driver.press(Qt.Key.Key_Escape, widget=box)
    assert all(map(os.path.exists, paths_of(driver, 6, 5, 4)))
    assert not any(b.isVisible() for b in driver.window.findChildren(QMessageBox))


def test_what_came_in_its_place_meanwhile_is_not_overwritten(
    driver: WindowDriver, qtbot: QtBot
) -> None:
    trash_selected(driver)
    qtbot.waitUntil(lambda: driver.notice == "Moved 3 photos to the trash.")
    newcomer = Path(driver.library.paths[5])
    newcomer.write_bytes(b"another photo")
    driver.window._photo_actions.undo_trash()
    qtbot.waitUntil(lambda: "could not be brought back" in driver.notice)
    assert "“photo 5.jpg”" in driver.notice
    assert newcomer.read_bytes() == b"another photo"
    assert os.path.exists(driver.library.paths[6])


def test_photos_that_cannot_be_trashed_are_named_and_stay(
    driver: WindowDriver, qtbot: QtBot
) -> None:
    gone = Path(driver.library.paths[5])
    gone.rename(gone.with_suffix(".away"))
    trash_selected(driver)
    qtbot.waitUntil(lambda: "could not be moved to the trash" in driver.notice)
    assert driver.notice.startswith("“photo 5.jpg” could not be")
    assert driver.window.actions_.undo_trash.isEnabled()  # for the two others


@pytest.mark.skipif(os.name == "nt", reason="names there are text")
def test_a_name_that_is_no_text_trashes_no_other_file(driver: WindowDriver, qtbot: QtBot) -> None:
    folder = Path(driver.library.paths[6]).parent
    odd, looks_alike = folder / "a\udcff.jpg", folder / "a\ufffd.jpg"
    for file in (odd, looks_alike):
        file.write_bytes(b"a photo")
    driver.window._photo_actions._trash.move([str(odd)])
    qtbot.waitUntil(lambda: "could not be moved to the trash" in driver.notice)
    assert odd.exists()
    assert looks_alike.exists()


def test_a_drive_that_takes_no_times_gets_its_copies(
    driver: WindowDriver, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: object, **_options: object) -> None:
        raise OSError(errno.ENOTSUP, "Operation not supported")

    monkeypatch.setattr(os, "utime", refuse)
    driver.window._photo_actions._copying.start(paths_of(driver, 6), str(tmp_path))
    qtbot.waitUntil(lambda: "copied to" in driver.notice)
    assert driver.notice.startswith("1 photo copied")
    assert (tmp_path / "photo 6.jpg").read_bytes() == Path(driver.library.paths[6]).read_bytes()


def test_copies_in_a_folder_overwrite_nothing(
    driver: WindowDriver, qtbot: QtBot, tmp_path: Path
) -> None:
    target = tmp_path / "target"
    target.mkdir()
    (target / "photo 5.jpg").write_bytes(b"mine")
    driver.window.actions_.copy_to_folder.trigger()
    dialog = driver.window.findChild(QFileDialog)
    line = dialog.findChild(QLineEdit)
    line.setText(str(target))
    driver.press(Qt.Key.Key_Return, widget=line)
    qtbot.waitUntil(lambda: driver.notice == "3 photos copied to “target”.")
    names = sorted(file.name for file in target.iterdir())
    assert names == ["photo 4.jpg", "photo 5 (2).jpg", "photo 5.jpg", "photo 6.jpg"]
    assert (target / "photo 5.jpg").read_bytes() == b"mine"
    original = Path(driver.library.paths[5])
    copy = target / "photo 5 (2).jpg"
    assert copy.read_bytes() == original.read_bytes()
    assert int(copy.stat().st_mtime) == int(original.stat().st_mtime)


def test_a_folder_that_takes_no_copies_is_explained(
    driver: WindowDriver, qtbot: QtBot, tmp_path: Path
) -> None:
    driver.window._photo_actions._copying.start(paths_of(driver, 6), str(tmp_path / "is not there"))
    qtbot.waitUntil(lambda: driver.notice.startswith("0 photos copied to “is not there”"))
    assert "No such file or directory" in driver.notice


def test_without_a_selection_there_is_nothing_to_do(driver: WindowDriver) -> None:
    actions = driver.window.actions_.of_photos
    assert all(action.isEnabled() for action in actions)
    driver.window.grid.selectionModel().clear()
    driver.settle()
    assert not any(action.isEnabled() for action in actions)


def test_too_many_photos_are_refused_in_a_sentence(
    driver: WindowDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hand_out, "LIMIT", 2)
    driver.press(Qt.Key.Key_C, Modifier.ControlModifier)
    assert driver.notice == "Select at most 2 photos for that."


def test_a_photo_whose_place_in_the_trash_is_unknown_cannot_be_undone(
    driver: WindowDriver, qtbot: QtBot
) -> None:
    actions = driver.window._photo_actions
    actions._trash.restore([Trashed(driver.library.paths[6], "")])
    qtbot.waitUntil(lambda: "could not be brought back" in driver.notice)


def test_delete_in_the_list_of_folders_is_not_about_photos(driver: WindowDriver) -> None:
    folders = driver.window.folders.list
    folders.setFocus()
    folders.setCurrentRow(0)
    driver.press(Qt.Key.Key_Delete, widget=folders)
    assert open_box(driver).text() == "Stop watching “photos”?"
    driver.press(Qt.Key.Key_Escape, widget=open_box(driver))


def test_the_way_back_is_told_of_one_photo_and_of_several(driver: WindowDriver) -> None:
    driver.press(Qt.Key.Key_Delete)
    box = open_box(driver)
    assert "bring them back" in box.informativeText()
    driver.press(Qt.Key.Key_Escape, widget=box)
    driver.window.activateWindow()
    driver.qtbot.waitUntil(driver.window.isActiveWindow)
    driver.window.grid.choose(5)
    driver.window.grid.setFocus()
    driver.settle()
    driver.press(Qt.Key.Key_Delete)
    box = open_box(driver)
    assert "bring it back" in box.informativeText()
    driver.press(Qt.Key.Key_Escape, widget=box)


def test_what_was_done_is_said_for_a_while(driver: WindowDriver, qtbot: QtBot) -> None:
    driver.window.notices.passing.setInterval(1)
    trash_selected(driver)
    qtbot.waitUntil(lambda: driver.window._photo_actions._actions.undo_trash.isEnabled())
    qtbot.waitUntil(lambda: driver.notice == "")
    driver.window._photo_actions.undo_trash()
    qtbot.waitUntil(lambda: os.path.exists(driver.library.paths[6]))
    qtbot.waitUntil(lambda: driver.notice == "")


def test_the_sentence_stays_under_the_keyboard(driver: WindowDriver, qtbot: QtBot) -> None:
    trash_selected(driver)
    qtbot.waitUntil(lambda: driver.notice == "Moved 3 photos to the trash.")
    driver.window.activateWindow()
    qtbot.waitUntil(driver.window.isActiveWindow)
    choice(driver, "Undo").setFocus()
    driver.window.notices.passing.timeout.emit()
    assert driver.notice == "Moved 3 photos to the trash."
    assert driver.window.notices.passing.isActive()
    driver.window.hide()  # into the tray, and back
    driver.window.show()
    assert driver.window.notices.passing.isActive()
    driver.window.grid.setFocus()
    driver.window.notices.passing.timeout.emit()
    assert driver.notice == ""


def test_a_failure_stays_until_something_else_is_tried(
    driver: WindowDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    has_program = False
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda _url: has_program)
    path = driver.library.paths[6]
    driver.window._photo_actions.open(path)
    assert driver.notice.startswith("No program on this computer opens")
    assert not driver.window.notices.passing.isActive()
    has_program = True
    driver.window._photo_actions.open(path)
    assert driver.notice == ""


def test_the_status_bar_counts_what_is_selected(driver: WindowDriver) -> None:
    label = driver.window.status._selected
    assert label.isVisible()
    assert label.text() == "3 selected"
    driver.press(Qt.Key.Key_A, Modifier.ControlModifier)
    assert label.text() == "6 selected"
    driver.press(Qt.Key.Key_Home)
    assert not label.isVisible()
