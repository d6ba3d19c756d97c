# SPDX-License-Identifier: MIT
"""What commands do while photos are compared: all is about the photo in the frame, and no other.

The files and the trash are real ones; the trash lies in the test's own folder.
"""

from pathlib import Path

import pytest
from compare_driver import CTRL, CompareDriver, Key
from duplicate_samples import group, photo
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot
from stand_in_library import drawn_jpeg

from gallery_search.gui.duplicates.duplicates_dialog import DuplicatesDialog
from gallery_search.gui.events import EventBridge
from gallery_search.gui.query.region_dialog import RegionDialog
from gallery_search.gui.refine.hit_cut import CUTS
from gallery_search.records import FolderStatus, PathSource, PhotoSource

# What the offscreen platform cannot do is no fault of the window.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def driver(
    qtbot: QtBot, bridge: EventBridge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> CompareDriver:
    """A window over eight photos that exist; 1 and 2, and 3 to 5, are duplicates of one name."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    driver = CompareDriver(qtbot, bridge, photos=8, folders=(str(tmp_path),))
    driver.library.picture_size = (600, 400)
    photos = {}
    for photo_id in driver.library.paths:
        file = tmp_path / f"folder {photo_id}" / "photo.jpg"
        file.parent.mkdir()
        file.write_bytes(drawn_jpeg(photo_id))
        driver.library.paths[photo_id] = str(file)
        facts = file.stat()
        size, time = facts.st_size, facts.st_mtime_ns
        photos[photo_id] = photo(photo_id, path=str(file), size_bytes=size, mtime_ns=time)
    driver.library.duplicates = (
        group(photos[1], photos[2]),
        group(photos[3], photos[4], photos[5]),
        group(photos[6], photos[7]),
    )
    return driver


def show_result(driver: CompareDriver, *hits: int) -> None:
    """Search, and find these photos."""
    driver.window.searches.search(PathSource("/pictures/magpie.jpg"))
    driver.library.answer(hits=hits)
    driver.settle()
    assert driver.window.grid.photo_ids.tolist() == list(hits)


def open_dialog(driver: CompareDriver) -> DuplicatesDialog:
    driver.window.duplicates.open()
    driver.settle()
    dialog = driver.window.duplicates.dialog
    assert dialog is not None
    return dialog


def compare_group(driver: CompareDriver, place: int = 0) -> DuplicatesDialog:
    """Compare a group of duplicates from their dialog."""
    dialog = open_dialog(driver)
    dialog.table.setCurrentIndex(dialog.table.model().index(place, 0))
    driver.click(dialog.compare_button)
    assert driver.is_open
    driver.wait_for_pictures()
    return dialog


def trash_active(driver: CompareDriver) -> None:
    """Move the photo in the frame to the trash, and wait until its pane is gone."""
    driver.type(Key.Key_Delete)
    path = driver.view.active.path
    assert path is not None
    driver.press(Key.Key_Return, widget=driver.question())
    driver.qtbot.waitUntil(lambda: not Path(path).exists())
    driver.qtbot.waitUntil(lambda: driver.view.active.path != path)


def there(driver: CompareDriver) -> list[int]:
    """Photos whose files are where they were."""
    return [photo_id for photo_id, path in driver.library.paths.items() if Path(path).exists()]


# --- commands of the menu bar -------------------------------------------------------------------


@pytest.mark.parametrize("hits", [(2, 6), (6, 7), None])
def test_the_command_for_the_trash_moves_the_framed_photo_alone(
    driver: CompareDriver, hits: tuple[int, ...] | None
) -> None:
    if hits is not None:
        show_result(driver, *hits)
    compare_group(driver)
    assert driver.view.active.photo_id == 1
    trash = driver.window.actions_.trash
    assert trash.isEnabled()
    trash.trigger()
    box = driver.question()
    folder = str(Path(driver.library.paths[1]).parent)
    assert box.text() == f"Move “photo.jpg” in “{folder}” to the trash?"
    driver.press(Key.Key_Return, widget=box)
    driver.qtbot.waitUntil(lambda: 1 not in there(driver))
    assert there(driver) == [2, 3, 4, 5, 6, 7, 8]
    driver.qtbot.waitUntil(lambda: not driver.is_open)


def test_the_commands_that_copy_take_the_framed_photo_alone(driver: CompareDriver) -> None:
    show_result(driver, 2, 6)
    compare_group(driver)
    actions, path = driver.window.actions_, driver.library.paths[1]
    actions.copy_paths.trigger()
    assert QApplication.clipboard().text() == path
    actions.copy.trigger()
    (url,) = QApplication.clipboard().mimeData().urls()
    assert url.toLocalFile() == path
    before = len(driver.library.picture_requests)
    actions.copy_image.trigger()
    assert [r.photo_id for r in driver.library.picture_requests[before:]] == [1]
    driver.qtbot.waitUntil(lambda: QApplication.clipboard().mimeData().hasFormat("image/png"))


def test_commands_are_there_for_photos_that_are_looked_at_or_selected(
    driver: CompareDriver,
) -> None:
    show_result(driver, 6, 7)
    of_photos = driver.window.actions_.of_photos
    assert not any(action.isEnabled() for action in of_photos)
    compare_group(driver)
    assert all(action.isEnabled() for action in of_photos)
    driver.type(Key.Key_Escape)
    assert not any(action.isEnabled() for action in of_photos)


# --- the menu of a pane -------------------------------------------------------------------------


def test_a_part_is_marked_on_the_photo_whose_menu_it_is(driver: CompareDriver) -> None:
    show_result(driver, 6, 1)
    compare_group(driver)
    pane = driver.pane(1)
    menu, commands = driver.menu(pane)
    assert driver.view.active is pane
    commands["Search a part…"].trigger()
    menu.close()
    (dialog,) = driver.window.findChildren(RegionDialog)
    seen, canvas = pane.canvas.image, dialog.canvas
    assert seen is not None
    assert canvas._image.size() == seen.size()
    assert canvas._image.pixelColor(9, 9) == seen.pixelColor(9, 9)
    driver.press(Key.Key_Return, widget=canvas)
    source = driver.library.requests[-1].source
    assert isinstance(source, PhotoSource)
    assert source.photo_id == 2


def test_what_matches_is_offered_for_photos_that_were_found_alone(driver: CompareDriver) -> None:
    show_result(driver, 2, 6)
    compare_group(driver)
    offered = []
    for pane in driver.view.shown:
        menu, commands = driver.menu(pane)
        offered.append(commands["Show what matches"].isEnabled())
        menu.close()
        driver.settle()
    assert offered == [False, True]


def test_what_matches_is_offered_with_a_current_photo_alone(driver: CompareDriver) -> None:
    show_result(driver, 2, 6)
    command = driver.window.actions_.matches
    assert not command.isEnabled()
    driver.window.grid.choose(6)
    assert command.isEnabled()
    driver.window.grid.selectionModel().clear()
    assert not command.isEnabled()


# --- what went to the trash ---------------------------------------------------------------------


def test_a_photo_in_the_trash_leaves_before_the_library_has_noticed(driver: CompareDriver) -> None:
    dialog = compare_group(driver, place=1)
    trash_active(driver)
    assert [pane.photo_id for pane in driver.view.shown] == [3, 4]
    assert driver.view.active.photo_id == 3
    trash_active(driver)
    assert there(driver) == [1, 2, 4, 6, 7, 8]
    assert not driver.is_open  # before the last one could go
    assert dialog.isVisible()
    assert [[p.photo_id for p in g.photos] for g in dialog.table.photos.marks.groups] == [
        [1, 2],
        [7, 6],
    ]
    driver.window.actions_.undo_trash.trigger()
    driver.qtbot.waitUntil(lambda: 3 in there(driver))
    driver.qtbot.waitUntil(
        lambda: [p.photo_id for p in dialog.table.photos.marks.groups[1].photos] == [3, 4]
    )
    dialog.close()


def test_undo_in_the_dialog_brings_back_what_went_last(driver: CompareDriver) -> None:
    first, second, third = driver.library.duplicates
    driver.library.duplicates = (first, third, group(*second.photos, kind="near"))
    dialog = open_dialog(driver)
    driver.click(dialog.move_button)
    box = next(b for b in dialog.findChildren(QMessageBox) if b.isVisible())
    driver.press(Key.Key_Return, widget=box)
    driver.qtbot.waitUntil(lambda: dialog.notices.text == "Moved 2 photos to the trash.")
    left = there(driver)
    assert len(left) == 6
    dialog.tabs.setCurrentIndex(1)
    compare_group(driver)
    one, other = (pane.photo_id for pane in driver.view.shown[:2])
    trash_active(driver)
    trash_active(driver)
    assert there(driver) == [i for i in left if i not in (one, other)]
    assert dialog.isVisible()
    dialog.activateWindow()
    driver.qtbot.waitUntil(dialog.isActiveWindow)
    driver.press(Key.Key_Z, CTRL, widget=dialog.table)
    driver.qtbot.waitUntil(lambda: dialog.notices.text == "Brought 1 photo back.")
    assert there(driver) == [i for i in left if i != one]
    driver.press(Key.Key_Z, CTRL, widget=dialog.table)
    driver.settle()
    assert there(driver) == [i for i in left if i != one]
    dialog.close()


# --- where it leads -----------------------------------------------------------------------------


def test_the_dialog_stays_away_from_what_the_user_goes_to(driver: CompareDriver) -> None:
    dialog = compare_group(driver)
    driver.type(Key.Key_S)
    driver.answer()
    assert not driver.is_open
    assert not dialog.isVisible()
    compare_group(driver)
    driver.type(Key.Key_Escape)
    assert dialog.isVisible()
    dialog.close()


def test_a_dialog_that_was_closed_again_stays_closed(driver: CompareDriver) -> None:
    dialog = compare_group(driver)
    driver.window.actions_.duplicates.trigger()
    assert dialog.isVisible()
    driver.press(Key.Key_Escape, widget=dialog)
    assert not dialog.isVisible()
    driver.view.bar.close_button.click()
    assert not driver.is_open
    assert not dialog.isVisible()


@pytest.mark.parametrize("is_compared", [True, False])
def test_results_that_are_cut_elsewhere_end_the_look_at_one(
    driver: CompareDriver, is_compared: bool
) -> None:
    show_result(driver, 6, 7)
    if is_compared:
        driver.open(6, 7)
    else:
        driver.window.viewing.open(6)
        driver.settle()
        driver.qtbot.waitUntil(lambda: driver.window.viewing.viewer.canvas.is_known)
    driver.window.options.choose_cut(CUTS[0])
    assert not driver.is_open
    assert not driver.window.viewing.is_open


def test_a_drive_that_is_away_is_named_for_photos_that_were_not_found(
    driver: CompareDriver,
) -> None:
    driver.library.set_folders(FolderStatus(0, "/media/HOLIDAY/DCIM", "offline", 30, "HOLIDAY"))
    driver.library.picture_failures[1] = "The drive of this photo is offline."
    show_result(driver, 6, 7)
    compare_group(driver)
    sentence = driver.pane(0).canvas.sentence
    assert sentence.text().startswith("This photo is on “HOLIDAY”, which is offline.")
    menu, commands = driver.menu(driver.pane(0))
    assert not commands["Move to trash…"].isEnabled()
    menu.close()
    driver.type(Key.Key_Delete)
    assert "HOLIDAY" in driver.notice
