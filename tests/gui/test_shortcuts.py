# SPDX-License-Identifier: MIT
"""The keys of the commands: listed, changed, kept, refused where they are in use, reset."""

from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot
from window_driver import WindowDriver

from gallery_search.gui.events import EventBridge
from gallery_search.gui.settings.shortcuts_dialog import ShortcutsDialog

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

Key, Modifier = Qt.Key, Qt.KeyboardModifier


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "window.ini"


def open_dialog(driver: WindowDriver) -> ShortcutsDialog:
    driver.press(Key.Key_F1)
    dialog = driver.window.findChild(ShortcutsDialog)
    driver.qtbot.waitExposed(dialog)
    return dialog


def press_in(driver: WindowDriver, dialog: ShortcutsDialog, name: str, *keys: object) -> None:
    """Press keys in the field of a command, which notes them when the keyboard goes elsewhere."""
    edit = dialog.edits[name]
    edit.setFocus()
    driver.press(*keys, widget=edit)  # type: ignore[arg-type]
    dialog.findChild(QPushButton).setFocus()
    driver.settle()


def test_every_command_is_listed_with_its_keys(qtbot: QtBot, bridge: EventBridge) -> None:
    driver = WindowDriver(qtbot, bridge)
    dialog = open_dialog(driver)
    actions = driver.window.actions_.by_name()
    assert dialog.edits["paste"].keySequence() == QKeySequence("Ctrl+V")
    assert {name: edit.keySequence() for name, edit in dialog.edits.items()} == {
        name: action.shortcut() for name, action in actions.items()
    }
    assert all(edit.accessibleName() for edit in dialog.edits.values())
    dialog.close()


def test_no_two_commands_come_with_the_same_keys(qtbot: QtBot, bridge: EventBridge) -> None:
    actions = WindowDriver(qtbot, bridge).window.actions_.by_name().values()
    keys = [key.toString() for action in actions for key in action.shortcuts()]
    assert sorted(keys) == sorted(set(keys))


def test_changed_keys_work_at_once_and_at_the_next_start(
    qtbot: QtBot, bridge: EventBridge, file: Path
) -> None:
    driver = WindowDriver(qtbot, bridge, state_file=file)
    dialog = open_dialog(driver)
    press_in(driver, dialog, "usual_size", Key.Key_U, Modifier.ControlModifier)
    assert dialog.problem == ""
    dialog.close()
    driver.window.activateWindow()
    qtbot.waitUntil(driver.window.isActiveWindow)
    driver.window.tile_size.step(3)
    driver.press(Key.Key_U, Modifier.ControlModifier)
    assert driver.window.tile_size.side_px == 160
    driver.window.close()
    again = WindowDriver(qtbot, bridge, state_file=file)
    assert again.window.actions_.usual_size.shortcut() == QKeySequence("Ctrl+U")


def test_keys_that_are_in_use_are_refused_with_a_sentence(
    qtbot: QtBot, bridge: EventBridge
) -> None:
    driver = WindowDriver(qtbot, bridge)
    dialog = open_dialog(driver)
    press_in(driver, dialog, "part", Key.Key_V, Modifier.ControlModifier)
    assert dialog.problem == "Ctrl+V is in use for “Paste”. Choose others, or clear those."
    assert dialog.edits["part"].keySequence() == QKeySequence("Ctrl+R")
    assert driver.window.actions_.paste.shortcut() == QKeySequence("Ctrl+V")
    dialog.close()


def test_reset_brings_all_keys_back(qtbot: QtBot, bridge: EventBridge, file: Path) -> None:
    driver = WindowDriver(qtbot, bridge, state_file=file)
    originals = {n: a.shortcuts() for n, a in driver.window.actions_.by_name().items()}
    dialog = open_dialog(driver)
    press_in(driver, dialog, "part", Key.Key_T, Modifier.ControlModifier)
    press_in(driver, dialog, "library", Key.Key_L, Modifier.ControlModifier)
    (reset,) = [b for b in dialog.findChildren(QPushButton) if b.text() == "Reset all"]
    driver.click(reset)
    assert {n: a.shortcuts() for n, a in driver.window.actions_.by_name().items()} == originals
    assert dialog.edits["part"].keySequence() == QKeySequence("Ctrl+R")
    dialog.close()
    driver.window.close()
    again = WindowDriver(qtbot, bridge, state_file=file)
    assert again.window.actions_.part.shortcut() == QKeySequence("Ctrl+R")


def test_keys_that_were_taken_from_another_command_are_kept(
    qtbot: QtBot, bridge: EventBridge, file: Path
) -> None:
    driver = WindowDriver(qtbot, bridge, state_file=file)
    dialog = open_dialog(driver)
    dialog.edits["trash"].clear()
    press_in(driver, dialog, "back", Key.Key_Delete)
    assert dialog.problem == ""
    dialog.close()
    driver.window.close()
    actions = WindowDriver(qtbot, bridge, state_file=file).window.actions_
    assert actions.back.shortcut() == QKeySequence("Del")
    assert actions.trash.shortcut().isEmpty()


def test_keys_of_the_user_are_kept_where_a_later_version_gives_them_to_another_command(
    qtbot: QtBot, bridge: EventBridge, file: Path
) -> None:
    settings = QSettings(str(file), QSettings.Format.IniFormat)
    settings.setValue("shortcuts/networks", "Ctrl+K")  # what comes with "Compare"
    settings.sync()
    driver = WindowDriver(qtbot, bridge, state_file=file)
    actions = driver.window.actions_
    assert actions.networks.shortcuts() == [QKeySequence("Ctrl+K")]
    assert actions.compare.shortcuts() == []


def test_tool_tips_tell_the_keys_that_hold(qtbot: QtBot, bridge: EventBridge) -> None:
    driver = WindowDriver(qtbot, bridge)
    refine = driver.window.actions_.refine
    assert refine.toolTip().endswith("(Ctrl+Shift+F)")
    dialog = open_dialog(driver)
    press_in(driver, dialog, "refine", Key.Key_Y, Modifier.ControlModifier)
    assert refine.toolTip().endswith("(Ctrl+Y)")
    dialog.close()


def test_nonsense_in_the_file_changes_nothing(
    qtbot: QtBot, bridge: EventBridge, file: Path
) -> None:
    settings = QSettings(str(file), QSettings.Format.IniFormat)
    settings.setValue("shortcuts/part", ["Ctrl+1", "Ctrl+2"])
    settings.setValue("shortcuts/open", "Ctrl+9")
    settings.setValue("shortcuts/paste", "Ctrl+9")
    settings.setValue("shortcuts/no such command", "Ctrl+9")
    settings.sync()
    actions = WindowDriver(qtbot, bridge, state_file=file).window.actions_
    assert actions.part.shortcut() == QKeySequence("Ctrl+R")
    assert actions.paste.shortcut() == QKeySequence("Ctrl+V")
