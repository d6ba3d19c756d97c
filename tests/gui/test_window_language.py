# SPDX-License-Identifier: MIT
"""The language of the window: which one holds, for what, and from when on."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication, QDialogButtonBox
from pytestqt.qtbot import QtBot
from window_driver import WindowDriver

from gallery_search.gui import translation
from gallery_search.gui.application import Application
from gallery_search.gui.events import EventBridge
from gallery_search.gui.window_state import WindowState
from gallery_search.language import tr
from gallery_search.paths import LibraryPaths

pytestmark = pytest.mark.qt_log_ignore(
    "This plugin does not support", "No such signal QPlatformNativeInterface"
)


@pytest.fixture
def german(qapp: QApplication) -> Iterator[None]:
    assert translation.install("de") == "de"
    yield
    translation.remove()


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


def test_a_language_holds_for_qt_and_for_numbers_too(german: None, qtbot: QtBot) -> None:
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
