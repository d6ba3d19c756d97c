# SPDX-License-Identifier: MIT
"""The window in German: nothing is left in English, cut off, or has the key of its neighbour."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from network_samples import CLIP, LITE, VGG
from PySide6.QtCore import QLocale, QObject
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDialogButtonBox,
    QLabel,
    QMenu,
    QMessageBox,
    QWidget,
)
from pytestqt.qtbot import QtBot
from shown_texts import Translated, is_cut, mnemonic, shown_texts
from window_driver import HOLIDAY, WindowDriver

from gallery_search import __version__, kept
from gallery_search.choices import DevicesChanged
from gallery_search.gui import translation
from gallery_search.gui.application import Application
from gallery_search.gui.events import EventBridge
from gallery_search.gui.settings.about_dialog import AboutDialog
from gallery_search.gui.settings.privacy_dialog import PrivacyDialog
from gallery_search.gui.settings.shortcuts_dialog import ShortcutsDialog
from gallery_search.gui.window_state import WindowState
from gallery_search.language import tr
from gallery_search.manners import Manners, MannersChanged
from gallery_search.paths import LibraryPaths
from gallery_search.records import BackbonesChanged, FolderStatus, IndexProgress

pytestmark = pytest.mark.qt_log_ignore(
    "This plugin does not support", "No such signal QPlatformNativeInterface"
)

# Qt's own texts, names, and what is called the same in German.
RIGHT_AS_THEY_ARE = frozenset(
    {
        *("Gallery Search", f"Gallery Search {__version__}", "Holiday", "English", "Deutsch"),
        *(kind.name for kind in kept.KINDS if kind.name != kept.LOGIN_START),
        "Show what matches",  # until another branch is merged
        *("Schließen", "Abbrechen", "OK", "Geben Sie ein Tastenkürzel ein", "Leeren"),
        *(status.name for status in (LITE, VGG, CLIP)),
        *(status.licence for status in (LITE, VGG, CLIP)),
        *(status.good_at for status in (LITE, VGG, CLIP)),  # made up for the tests
    }
)
# What another branch says, until it is merged.
OTHERS = tuple(
    f"gallery_search.gui.{name}."
    for name in ("compare", "duplicates", "files", "grid", "query", "refine", "viewer")
)


@pytest.fixture
def german(qapp: QApplication) -> Iterator[Translated]:
    assert translation.install("de") == "de"
    yield Translated("de", RIGHT_AS_THEY_ARE)
    translation.remove()


@pytest.fixture
def driver(german: Translated, qtbot: QtBot, bridge: EventBridge, tmp_path: Path) -> WindowDriver:
    driver = WindowDriver(qtbot, bridge, state_file=tmp_path / "window.ini")
    driver.library.deliver(MannersChanged(Manners()))
    driver.library.deliver(IndexProgress("indexing", 11_312, 3, 40_500, 6.2, 4700))
    driver.library.deliver(DevicesChanged("auto", "cpu", ("cpu", "cuda")))
    driver.library.deliver(
        BackbonesChanged((LITE, replace(VGG, state="downloading", received_bytes=9), CLIP))
    )
    driver.settle()
    return driver


def left_in_english(german: Translated, root: QWidget) -> list[str]:
    return sorted(
        {
            f"{type(shown).__name__}: {text}"
            for shown, text in shown_texts(root)
            if not german.knows(text) and not is_others(shown)
        }
    )


def is_others(shown: QObject | None) -> bool:
    while shown is not None:
        if f"{type(shown).__module__}.".startswith(OTHERS):
            return True
        shown = shown.parent()
    return False


def settings(driver: WindowDriver) -> QWidget:
    driver.window.settings.open()
    driver.library.set_exclusions("/photos/a", "*.tmp.jpg")
    driver.settle()
    dialog = driver.window.settings.dialog
    assert dialog is not None
    return dialog


def networks(driver: WindowDriver) -> QWidget:
    driver.window.networks.open()
    driver.settle()
    dialog = driver.window.networks.dialog
    assert dialog is not None
    return dialog


def failures(driver: WindowDriver) -> QWidget:
    driver.window.failures.open()
    driver.settle()
    return newest(driver)


def keys(driver: WindowDriver) -> QWidget:
    driver.window.actions_.keys.trigger()
    return next(iter(driver.window.findChildren(ShortcutsDialog)))


def privacy(driver: WindowDriver) -> QWidget:
    dialog = PrivacyDialog(LibraryPaths(Path("/nowhere")), driver.window)
    with driver.qtbot.waitSignal(dialog._counted):
        dialog.show()
    return dialog


def about(driver: WindowDriver) -> QWidget:
    dialog = AboutDialog(driver.window)
    with driver.qtbot.waitSignal(dialog.shown, timeout=20_000):
        dialog.show()
    dialog.text.clear()  # licences are in the language that they are in
    return dialog


def removal(driver: WindowDriver) -> QWidget:
    driver.window.folders.confirm_removal(FolderStatus(1, HOLIDAY, "watching", 3))
    return newest(driver)


def wipe(driver: WindowDriver) -> QWidget:
    dialog = privacy(driver)
    assert isinstance(dialog, PrivacyDialog)
    dialog.wipe.click()
    return next(iter(dialog.findChildren(QMessageBox)))


def newest(driver: WindowDriver) -> QWidget:
    dialogs = [widget for widget in QApplication.topLevelWidgets() if widget.isVisible()]
    return next(
        widget
        for widget in dialogs
        if widget is not driver.window and not isinstance(widget, QMenu)
    )


PLACES = (settings, networks, failures, keys, privacy, about, removal, wipe)


def test_nothing_in_the_window_is_left_in_english(german: Translated, driver: WindowDriver) -> None:
    assert not left_in_english(german, driver.window)
    assert driver.window.status.text.startswith("Einlesen: 11.315 von 40.500 Fotos")


def test_nothing_at_the_first_start_is_left_in_english(
    german: Translated, driver: WindowDriver
) -> None:
    driver.library.watch()
    driver.settle()
    assert driver.window.welcome.isVisible()
    assert not left_in_english(german, driver.window)


@pytest.mark.parametrize("place", PLACES)
def test_nothing_in_a_dialog_is_left_in_english_or_cut_off(
    german: Translated, driver: WindowDriver, place: Callable[[WindowDriver], QWidget]
) -> None:
    dialog = place(driver)
    driver.settle()
    assert not left_in_english(german, dialog)
    cut = [widget for widget in dialog.findChildren(QWidget) if is_cut(widget)]
    assert not [(type(widget).__name__, widget.text()) for widget in cut]  # type: ignore[attr-defined]
    dialog.close()


def test_english_is_noticed(german: Translated, qtbot: QtBot) -> None:
    label = QLabel("The photos are ready")
    qtbot.addWidget(label)
    label.setToolTip("Wird geladen…")
    label.setAccessibleName("3 · Fertig, almost")
    assert left_in_english(german, label) == [
        "QLabel: 3 · Fertig, almost",
        "QLabel: The photos are ready",
    ]


def test_no_two_neighbours_have_the_same_key_in_german(driver: WindowDriver) -> None:
    bar = driver.window.menuBar()
    for actions in (bar.actions(), *(menu.actions() for menu in bar.findChildren(QMenu))):
        assert not twice(mnemonic(action.text()) for action in actions)
    assert all(mnemonic(action.text()) for action in bar.actions())
    dialog = settings(driver)
    fields = [*dialog.findChildren(QLabel), *dialog.findChildren(QAbstractButton)]
    assert not twice(mnemonic(field.text()) for field in fields)
    dialog.close()


def test_no_keys_of_commands_are_those_of_menus_or_of_each_other(driver: WindowDriver) -> None:
    of_menus = [mnemonic(action.text()) for action in driver.window.menuBar().actions()]
    of_commands = [
        keys.toString()
        for action in driver.window.actions_.by_name().values()
        for keys in action.shortcuts()
    ]
    assert not twice([*of_menus, *of_commands])


def twice(keys: Iterable[str]) -> list[str]:
    return [key for key, times in Counter(keys).items() if key and times > 1]


def test_every_command_keeps_its_keys(driver: WindowDriver) -> None:
    assert driver.window.actions_.find_similar.toolTip().endswith("(S)")
    assert driver.window.actions_.open.shortcut().toString() == "Ctrl+O"


@pytest.mark.parametrize(
    ("wanted", "spoken"),
    [
        (["de-AT", "de", "en-US"], "de"),
        (["en-GB", "de"], "en"),
        (["fr-FR", "de-DE"], "de"),
        (["fr-FR"], "en"),
        (["C"], "en"),
        (["de_DE"], "de"),
        ([], "en"),
    ],
)
def test_the_system_is_asked_for_the_language(wanted: list[str], spoken: str) -> None:
    assert translation.of_system(wanted) == spoken


def test_a_language_holds_for_qt_and_for_numbers_too(german: Translated, qtbot: QtBot) -> None:
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
    qtbot.addWidget(buttons)
    cancel = buttons.button(QDialogButtonBox.StandardButton.Cancel)
    assert cancel.text().replace("&", "") == "Abbrechen"
    assert QLocale().toString(12_345) == "12.345"
    assert QLocale().toString(0.5) == "0,5"
    translation.remove()
    assert tr("Settings") == "Settings"
    assert QLocale() == QLocale.system()


def test_what_is_not_there_is_as_the_system() -> None:
    there = translation.languages()
    try:
        assert translation.install("tlh") == translation.of_system(QLocale.system().uiLanguages())
        assert QLocale() == QLocale.system()
    finally:
        translation.remove()
    assert there[0] == "en"
    assert [translation.own_name(code) for code in ("en", "de")] == ["English", "Deutsch"]


def test_the_language_is_chosen_in_the_settings_for_the_next_start(
    qtbot: QtBot, bridge: EventBridge, tmp_path: Path
) -> None:
    paths = LibraryPaths(tmp_path)
    driver = WindowDriver(qtbot, bridge, state_file=paths.window_state)
    driver.window.settings.open()
    dialog = driver.window.settings.dialog
    assert dialog is not None
    assert dialog.language.value == "system"
    assert "started again" in dialog.language.words
    box = dialog.language.box
    box.setCurrentIndex(box.findText("Deutsch"))
    box.activated.emit(box.currentIndex())
    assert dialog.windowTitle() == "Settings"  # nothing changes now
    assert WindowState(paths.window_state).option(translation.OPTION) == "de"
    driver.window.close()

    application = Application()
    try:
        application.speak(paths)
        assert tr("Settings") == "Einstellungen"
    finally:
        translation.remove()
        application.bridge.close()


def test_a_file_that_cannot_be_read_leaves_english(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "gallery_search_de.qm").write_bytes(b"no translation")
    monkeypatch.setattr(translation, "resource", lambda _name: tmp_path)
    try:
        translation.install("de")
        assert tr("Settings") == "Settings"
    finally:
        translation.remove()
