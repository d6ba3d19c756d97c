# SPDX-License-Identifier: MIT
"""The settings: each takes effect at once, shows what holds elsewhere, and is kept."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtGui import QAction, QColor, QPalette
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot
from window_driver import WindowDriver

from gallery_search.gui.events import EventBridge
from gallery_search.gui.settings import appearance
from gallery_search.gui.settings.setting_rows import Choice, Switch
from gallery_search.gui.settings.settings_dialog import SettingsDialog
from gallery_search.manners import Manners, MannersChanged
from gallery_search.records import Notice
from gallery_search.similarity import SimilarityScale

pytestmark = pytest.mark.qt_log_ignore(
    "This plugin does not support", "No such signal QPlatformNativeInterface"
)

Key, Modifier = Qt.Key, Qt.KeyboardModifier
SCALE = SimilarityScale(unlike=0.2, same_kind=0.4, same_scene=0.6, near_identical=0.8)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "window.ini"


@pytest.fixture
def driver(qtbot: QtBot, bridge: EventBridge, file: Path) -> WindowDriver:
    return WindowDriver(qtbot, bridge, state_file=file)


@pytest.fixture
def usual_colours(qapp: QApplication) -> Iterator[None]:
    yield
    appearance.Appearance().show_in("system")
    QCoreApplication.processEvents()


def opened(driver: WindowDriver) -> SettingsDialog:
    driver.window.activateWindow()
    driver.qtbot.waitUntil(driver.window.isActiveWindow)
    driver.press(Key.Key_Comma, Modifier.ControlModifier)
    dialog = driver.window.settings.dialog
    assert dialog is not None
    driver.qtbot.waitExposed(dialog)
    driver.settle()
    return dialog


def choose(driver: WindowDriver, choice: Choice, text: str) -> None:
    """Choose by keyboard."""
    choice.box.setFocus()
    driver.press(Key.Key_Home, widget=choice.box)
    for _ in range(choice.box.findText(text)):
        driver.press(Key.Key_Down, widget=choice.box)
    assert choice.box.currentText() == text


def click(driver: WindowDriver, switch: Switch) -> None:
    switch.box.setFocus()
    driver.press(Key.Key_Space, widget=switch.box)


def lines(dialog: SettingsDialog) -> list[str]:
    view = dialog.exclusions.list
    return [view.item(row).text() for row in range(view.count())]


def again(driver: WindowDriver, bridge: EventBridge, file: Path) -> WindowDriver:
    driver.window.close()
    return WindowDriver(driver.qtbot, bridge, state_file=file)


# --- the dialog ---------------------------------------------------------------------------------


def test_it_is_in_the_menu_and_leaves_the_window_usable(driver: WindowDriver) -> None:
    action = driver.window.actions_.settings
    assert action.menuRole() == QAction.MenuRole.PreferencesRole
    (tools,) = [a for a in driver.window.menuBar().actions() if a.text() == "&Tools"]
    assert action in tools.menu().actions()
    dialog = opened(driver)
    assert not dialog.isModal()
    driver.press(Key.Key_Escape, widget=dialog)
    assert not dialog.isVisible()
    assert opened(driver) is dialog


def test_every_setting_has_a_name_a_line_and_a_place_for_the_keyboard(
    driver: WindowDriver,
) -> None:
    driver.library.deliver(MannersChanged(Manners()))
    driver.library.set_exclusions("Screenshots")
    dialog = opened(driver)
    rows = dialog.findChildren(Choice) + dialog.findChildren(Switch)
    assert len(rows) == 9
    for setting in rows:
        assert setting.words
        assert setting.box.accessibleName() or setting.box.text()
        assert setting.box.accessibleDescription() == setting.words
    walked: list[QWidget] = []
    dialog.share.box.setFocus()
    while (widget := dialog.focusWidget()) not in walked:
        walked.append(widget)
        driver.press(Key.Key_Tab, widget=widget)
    fields = (QAbstractButton, QComboBox, QLineEdit)
    wanted = {w for kind in fields for w in dialog.findChildren(kind) if w.isVisible()}
    wanted = {w for w in wanted if w.isEnabled() and w.focusPolicy() & Qt.FocusPolicy.TabFocus}
    assert wanted | {dialog.exclusions.list, dialog.photo_size} <= set(walked)


def test_no_two_fields_have_the_same_key(driver: WindowDriver) -> None:
    dialog = opened(driver)
    labels = dialog.findChildren(QLabel) + dialog.findChildren(QAbstractButton)
    texts = [label.text() for label in labels]
    keys = [text[text.index("&") + 1].lower() for text in texts if "&" in text]
    assert len(keys) > 8
    assert sorted(keys) == sorted(set(keys))


def test_its_size_is_remembered(driver: WindowDriver, bridge: EventBridge, file: Path) -> None:
    dialog = opened(driver)
    dialog.resize(512, 432)
    driver.press(Key.Key_Escape, widget=dialog)
    other = again(driver, bridge, file)
    dialog = opened(other)
    assert (dialog.width(), dialog.height()) == (512, 432)


@pytest.mark.parametrize("nonsense", ["99999x1", "-1x3", "axb", "", "400", "400x", "400x300x2"])
def test_a_size_that_is_none_is_not_heeded(driver: WindowDriver, nonsense: str) -> None:
    driver.window.state.keep_option("settings_size", nonsense)
    assert driver.window.options.size("settings") is None


def test_what_cannot_be_done_is_said_in_the_dialog(driver: WindowDriver) -> None:
    dialog = opened(driver)
    driver.library.deliver(Notice("The device is broken."))
    driver.settle()
    assert dialog.notices.text == "The device is broken."
    dialog.close()
    assert opened(driver).notices.text == ""


# --- what the library keeps ---------------------------------------------------------------------


def test_dialog_and_menu_show_the_same_pace(driver: WindowDriver) -> None:
    menu = driver.window.actions_.indexing
    dialog = opened(driver)
    assert not dialog.share.box.isEnabled()  # it is not known yet what a click would change
    driver.library.deliver(MannersChanged(Manners()))
    driver.settle()
    choose(driver, dialog.share, "Half of it")
    assert driver.library.manners[-1] == Manners("half")
    assert menu.shares["half"].isChecked()
    click(driver, dialog.idle_only)
    assert driver.library.manners[-1] == Manners("half", is_idle_only=True)
    assert menu.idle_only.isChecked()
    menu.battery_saving.trigger()
    menu.shares["little"].trigger()
    driver.settle()
    assert dialog.share.value == "little"
    assert not dialog.battery_saving.box.isChecked()
    assert dialog.idle_only.box.isChecked()


def test_only_devices_that_exist_are_offered(driver: WindowDriver) -> None:
    driver.library.devices = type(driver.library.devices)("auto", "cpu", ("cpu", "cuda"))
    dialog = opened(driver)
    box = dialog.device.box
    names = [box.itemText(place) for place in range(box.count())]
    assert names == ["Automatic", "CPU", "Graphics card (CUDA)"]
    assert dialog.device.words.endswith("Now: the CPU.")
    choose(driver, dialog.device, "Graphics card (CUDA)")
    assert driver.library.devices.wanted == "cuda"
    assert dialog.device.words.endswith("Now: the graphics card (CUDA).")
    with driver.qtbot.assertNotEmitted(box.model().rowsRemoved):  # its list may be open
        driver.library.choices.request_devices()
        driver.settle()
    driver.library.set_devices("xpu", None, ("cpu",))  # as the settings say, on another computer
    driver.settle()
    assert dialog.device.value == "xpu"
    assert dialog.device.words.endswith("Being loaded.")


def test_names_are_left_out_and_taken_back_by_keyboard(driver: WindowDriver) -> None:
    dialog = opened(driver)
    field = dialog.exclusions
    assert not field.isEnabled()
    driver.library.set_exclusions("/photos/private", "Screenshots")
    driver.settle()
    assert lines(dialog) == ["/photos/private", "Screenshots"]
    field.name.setFocus()
    driver.qtbot.keyClicks(field.name, " *.tmp.jpg ")
    driver.press(Key.Key_Return, widget=field.name)
    assert dialog.isVisible()
    assert lines(dialog) == ["/photos/private", "Screenshots", "*.tmp.jpg"]
    assert field.name.text() == ""
    field.list.setFocus()
    field.list.setCurrentRow(1)
    driver.press(Key.Key_Delete, widget=field.list)
    assert driver.library.exclusions.patterns == ("*.tmp.jpg",)
    assert lines(dialog) == ["/photos/private", "*.tmp.jpg"]
    field.list.selectAll()
    driver.click(field.remove)
    assert lines(dialog) == []
    assert not field.remove.isEnabled()
    assert dialog.focusWidget() is field.list


def test_a_path_is_no_name(driver: WindowDriver) -> None:
    driver.library.set_exclusions()
    dialog = opened(driver)
    dialog.exclusions.name.setText("holiday/2019")
    driver.press(Key.Key_Return, widget=dialog.exclusions.name)
    assert "without “/”" in dialog.notices.text
    assert lines(dialog) == []
    assert dialog.exclusions.name.text() == "holiday/2019"  # to be mended


def test_a_folder_is_left_out_by_the_dialog_of_the_system(
    driver: WindowDriver, tmp_path: Path
) -> None:
    driver.library.set_exclusions()
    dialog = opened(driver)
    driver.click(dialog.exclusions.add_folder)
    (chooser,) = dialog.findChildren(QFileDialog)
    chooser.findChild(QLineEdit).setText(str(tmp_path))
    driver.press(Key.Key_Return, widget=chooser.findChild(QLineEdit))
    assert driver.library.exclusions.folders == (str(tmp_path),)
    assert lines(dialog) == [str(tmp_path)]


def test_a_folder_whose_name_is_no_text_is_taken_back_as_it_is(driver: WindowDriver) -> None:
    undecodable = os.fsdecode(b"/photos/caf\xe9")
    driver.library.set_exclusions(undecodable)
    dialog = opened(driver)
    assert lines(dialog) == ["/photos/caf\ufffd"]
    asked: list[tuple[list[str], list[str]]] = []
    dialog.exclusions.changed.connect(lambda add, remove: asked.append((add, remove)))
    dialog.exclusions.list.selectAll()
    driver.click(dialog.exclusions.remove)
    assert asked == [([], [undecodable])]


# --- what the window keeps ----------------------------------------------------------------------


def test_results_are_cut_elsewhere_at_once_and_at_the_next_start(
    driver: WindowDriver, bridge: EventBridge, file: Path
) -> None:
    found = {"hits": (1, 2, 3), "similarities": (0.9, 0.7, 0.5), "scale": SCALE}
    driver.search("/query.jpg", **found)
    assert driver.window.grid.photo_count() == 3
    dialog = opened(driver)
    assert dialog.cut.value == "same kind"
    choose(driver, dialog.cut, "Near-identical")
    assert driver.window.grid.photo_count() == 1
    choose(driver, dialog.cut, "Same scene")
    assert driver.window.grid.photo_count() == 2
    other = again(driver, bridge, file)
    other.search("/query.jpg", **found)
    assert other.window.grid.photo_count() == 2
    assert opened(other).cut.value == "same scene"


@pytest.mark.usefixtures("usual_colours")
def test_the_theme_changes_all_colours_and_icons_at_once(
    driver: WindowDriver, bridge: EventBridge, file: Path, qapp: QApplication
) -> None:
    def icon() -> QColor:
        image = driver.window.actions_.open.icon().pixmap(24, 24).toImage()
        pixels = (image.pixelColor(x, y) for x in range(24) for y in range(24))
        return max(pixels, key=lambda colour: colour.alpha())

    def window() -> int:
        return driver.window.palette().color(QPalette.ColorRole.Window).lightness()

    before = qapp.palette()
    dialog = opened(driver)
    choose(driver, dialog.theme, "Dark")
    assert window() < 128 < icon().lightness()
    assert dialog.palette().color(QPalette.ColorRole.Window).lightness() < 128
    choose(driver, dialog.theme, "Light")
    assert icon().lightness() < 128 < window()
    choose(driver, dialog.theme, "Dark")
    driver = again(driver, bridge, file)
    assert window() < 128 < icon().lightness()
    dialog = opened(driver)
    assert dialog.theme.value == "dark"
    choose(driver, dialog.theme, "As the system")
    assert qapp.palette() == before


@pytest.mark.parametrize("is_dark", [False, True])
def test_text_of_our_own_palettes_can_be_read(qapp: QApplication, is_dark: bool) -> None:
    palette = appearance.own_palette(is_dark=is_dark)
    role = QPalette.ColorRole
    for text, ground in (
        (role.WindowText, role.Window),
        (role.Text, role.Base),
        (role.Text, role.AlternateBase),
        (role.ButtonText, role.Button),
        (role.Link, role.Window),
        (role.ToolTipText, role.ToolTipBase),
    ):
        assert contrast(palette.color(text), palette.color(ground)) > 4.5, (text, ground)
    highlighted = contrast(palette.color(role.HighlightedText), palette.color(role.Highlight))
    assert highlighted > 3.5  # as in Qt's own palette


def contrast(one: QColor, other: QColor) -> float:
    """After WCAG 2.1."""

    def luminance(colour: QColor) -> float:
        channels = (colour.redF(), colour.greenF(), colour.blueF())
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_photos_are_as_large_as_the_slider_below_says(
    driver: WindowDriver, bridge: EventBridge, file: Path
) -> None:
    dialog = opened(driver)
    before = driver.window.tile_size.side_px
    dialog.photo_size.setFocus()
    driver.press(Key.Key_Right, widget=dialog.photo_size)
    assert driver.window.tile_size.side_px > before
    driver.window.tile_size.reset()
    assert dialog.photo_size.value() == driver.window.tile_size.value()
    driver.press(Key.Key_End, widget=dialog.photo_size)
    side = driver.window.tile_size.side_px
    assert again(driver, bridge, file).window.tile_size.side_px == side


def test_close_closes(driver: WindowDriver) -> None:
    dialog = opened(driver)
    (close,) = [b for b in dialog.findChildren(QPushButton) if b.text().endswith("Close")]
    driver.click(close)
    assert not dialog.isVisible()
    opened(driver)
    driver.window.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not dialog.isVisible()


def test_a_key_that_leads_to_a_setting_shows_it(driver: WindowDriver) -> None:
    dialog = opened(driver)
    dialog.resize(dialog.width(), 340)
    driver.settle()
    box, view = dialog.theme.box, dialog.area.viewport()
    assert not view.rect().contains(box.mapTo(view, box.rect().center()))
    driver.press(Key.Key_T, Modifier.AltModifier, widget=dialog)
    driver.settle()
    assert box.hasFocus()
    assert view.rect().contains(box.mapTo(view, box.rect().center()))


@pytest.mark.usefixtures("usual_colours")
def test_a_menu_over_dark_photos_has_an_edge(driver: WindowDriver) -> None:
    driver.window.options.choose_theme("dark")
    driver.settle()
    menu = QMenu(driver.window)
    menu.addAction("Open")
    menu.popup(QPoint(10, 10))
    image = menu.grab().toImage()
    edge, base = (
        image.pixelColor(0, menu.height() // 2),
        menu.palette().color(QPalette.ColorRole.Base),
    )
    menu.close()
    assert contrast(edge, base) > 1.5
