# SPDX-License-Identifier: MIT
"""Choosing a network: the dialog, its cards, and what they ask of the library."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import structs
from network_samples import CLIP, LITE, MB, VGG
from opened_urls import taking_urls
from PySide6.QtCore import QEvent, QLocale, Qt
from PySide6.QtGui import QAccessible, QFont
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QMessageBox, QWidget
from pytestqt.qtbot import QtBot
from window_driver import WindowDriver, files, text

from gallery_search.gui.events import EventBridge
from gallery_search.gui.networks.network_card import NetworkCard
from gallery_search.gui.networks.networks_dialog import NetworksDialog
from gallery_search.records import Notice

# What the offscreen platform cannot do is no fault of the window.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

REST = tuple(structs.replace(VGG, name=f"network-{i}") for i in range(6))


@pytest.fixture
def driver(qtbot: QtBot, bridge: EventBridge) -> Iterator[WindowDriver]:
    default = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom))
    driver = WindowDriver(qtbot, bridge)
    driver.library.backbones = (LITE, VGG, CLIP)
    yield driver
    QLocale.setDefault(default)


def open_dialog(driver: WindowDriver) -> NetworksDialog:
    driver.click(driver.window.actions_.networks)
    dialog = driver.window.networks.dialog
    assert dialog is not None
    driver.qtbot.waitExposed(dialog)
    driver.settle()
    return dialog


def asked(driver: WindowDriver) -> list[tuple[str, ...]]:
    """What was asked of the library, but for the states."""
    return [call for call in driver.library.backbone_calls if call != ("request",)]


def shown(card: NetworkCard) -> list[str]:
    return [button.text() for button in card.buttons if button.isVisible()]


def change(driver: WindowDriver, name: str, **changes: object) -> None:
    driver.library.change_backbone(name, **changes)
    driver.settle()


# --- the cards ------------------------------------------------------------------------------------


def test_the_dialog_stands_beside_the_window_with_a_card_for_each(driver: WindowDriver) -> None:
    driver.press(
        Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    )
    dialog = driver.window.networks.dialog
    assert dialog is not None
    assert dialog.isVisible()
    assert not dialog.isModal()
    assert list(dialog.cards) == ["efficientnet-lite0", "vgg16", "clip-words"]
    lite, vgg, clip = dialog.cards.values()
    assert lite.summary.badges == ("answers your searches",)
    assert shown(lite) == ["Source page"]
    assert shown(vgg) == ["Download 528 MB", "Import file…", "Source page"]
    assert clip.summary.badges == ("searches by words",)
    assert shown(clip) == ["Use", "Delete data…", "Source page"]
    assert asked(driver) == []  # looking costs nothing


def test_a_download_from_the_click_to_use(driver: WindowDriver) -> None:
    card = open_dialog(driver).cards["vgg16"]
    driver.click(card.download)
    assert asked(driver) == [("download", "vgg16")]
    change(driver, "vgg16", state="downloading")
    assert shown(card) == ["Cancel", "Source page"]
    assert card.summary.progress is None  # busy
    change(
        driver,
        "vgg16",
        received_bytes=132 * MB,
        bytes_per_second=5.24 * MB,
        seconds_left=76.0,
    )
    assert card.summary.progress == 0.25
    assert card.summary.line == "132 of 528 MB · 5.2 MB/s · about 1 minute left"
    driver.click(card.cancel)
    change(driver, "vgg16", state="available", bytes_per_second=None, problem="It broke.")
    assert card.summary.line == ""
    assert card.summary.problem == "It broke."
    assert shown(card)[0] == "Go on with the download (132 of 528 MB)"
    driver.click(card.download)
    change(driver, "vgg16", state="ready", received_bytes=0, data_bytes=528 * MB, problem=None)
    assert card.summary.problem == ""
    driver.click(card.use)
    assert asked(driver) == [
        ("download", "vgg16"),
        ("cancel", "vgg16"),
        ("download", "vgg16"),
        ("use", "vgg16"),
    ]


def test_while_switching_both_cards_and_the_status_say_so(driver: WindowDriver) -> None:
    dialog = open_dialog(driver)
    lite, clip = dialog.cards["efficientnet-lite0"], dialog.cards["clip-words"]
    change(driver, "clip-words", role="incoming")
    driver.library.set_progress(
        "switching", 1_200, 60_000, seconds_left=7_200.0, backbone="clip-words", bottleneck="disk"
    )
    driver.settle()
    assert clip.summary.badges[0] == "taking over: 1,200 of 60,000 photos, about 2 hours left"
    assert clip.summary.progress == 0.02
    assert shown(clip) == ["Source page"]
    status = driver.window.status
    assert status.text == (
        "Preparing clip-words: 1,200 of 60,000 photos, about 2 hours left. "
        "efficientnet-lite0 answers until then."
    )
    assert status.toolTip() == "The disk sets the pace"
    assert (status._bar.value(), status._bar.maximum()) == (1_200, 60_000)
    assert shown(lite) == ["Stay with this one", "Source page"]
    driver.click(lite.stay)
    assert asked(driver) == [("use", "efficientnet-lite0")]
    change(driver, "clip-words", role="active")
    change(driver, "efficientnet-lite0", role="idle")
    assert lite.summary.badges == ()
    assert shown(lite) == ["Use", "Delete data…", "Source page"]


def test_deleting_asks_first_and_says_how_much_goes(driver: WindowDriver) -> None:
    dialog = open_dialog(driver)
    for answer in ("Cancel", "Delete"):
        driver.click(dialog.cards["clip-words"].delete)
        box = dialog.findChild(QMessageBox)
        assert box.text() == "Delete the data of clip-words?"
        assert "640 MB" in box.informativeText()
        assert box.defaultButton().text().replace("&", "") == "Cancel"
        assert asked(driver) == []
        driver.click(next(b for b in box.buttons() if b.text().replace("&", "") == answer))
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert asked(driver) == [("delete", "clip-words")]


def test_what_is_unavailable_says_why(driver: WindowDriver) -> None:
    card = open_dialog(driver).cards["vgg16"]
    why = "The network needs the package open_clip_torch, which is not installed."
    change(driver, "vgg16", state="unavailable", problem=why)
    assert card.summary.problem == why
    assert shown(card) == ["Source page"]


def test_networks_may_come_and_go(driver: WindowDriver) -> None:
    dialog = open_dialog(driver)
    kept = dialog.cards["vgg16"]
    driver.library.set_backbones(VGG, LITE)
    driver.settle()
    assert list(dialog.cards) == ["vgg16", "efficientnet-lite0"]
    assert dialog.cards["vgg16"] is kept
    assert kept.y() < dialog.cards["efficientnet-lite0"].y()


def test_the_source_page_is_opened_on_a_click_only(driver: WindowDriver) -> None:
    with taking_urls("https") as browser:
        card = open_dialog(driver).cards["vgg16"]
        assert browser.opened == []
        driver.click(card.source)
        assert browser.opened == ["https://example.org/vgg16"]


# --- files ----------------------------------------------------------------------------------------


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    path = tmp_path / "vgg16-397923af.pth"
    path.write_bytes(b"weights")
    return path


def test_a_file_that_falls_on_a_card_is_imported(driver: WindowDriver, weights: Path) -> None:
    dialog = open_dialog(driver)
    card = dialog.cards["vgg16"]
    mime = files(str(weights))
    assert driver.drag_over(mime, card)
    assert card.is_highlighted
    driver.drag_out(card)
    assert not card.is_highlighted
    event = driver.drop(mime, card)
    assert event.dropAction() == Qt.DropAction.CopyAction  # the user's file stays
    assert not card.is_highlighted
    assert asked(driver) == [("import", "vgg16", str(weights))]
    change(driver, "vgg16", state="downloading")
    assert card.summary.line == "Reading “vgg16-397923af.pth”…"
    change(driver, "vgg16", state="available", problem="It is not this network's.")
    change(driver, "vgg16", state="downloading")
    assert card.summary.line == "Starting…"


def test_nothing_else_takes_a_drop(driver: WindowDriver, weights: Path, tmp_path: Path) -> None:
    dialog = open_dialog(driver)
    card = dialog.cards["vgg16"]
    for widget in (dialog, dialog.cards["clip-words"], dialog.cards["efficientnet-lite0"]):
        place = dialog.close_button if widget is dialog else widget
        assert not driver.drag_over(files(str(weights)), place)
        assert not any(card.is_highlighted for card in dialog.cards.values())
    assert not driver.drag_over(files(str(weights), str(weights)), card)
    assert not driver.drag_over(text("https://example.org/weights.pth"), card)
    driver.drop(files(str(tmp_path)), card)  # a folder, which is seen only then
    driver.drop(files(str(tmp_path / "missing.pth")), card)
    assert asked(driver) == []
    assert driver.library.requests == []


def test_a_file_is_imported_with_the_dialog(driver: WindowDriver, weights: Path) -> None:
    dialog = open_dialog(driver)
    driver.click(dialog.cards["vgg16"].import_)
    assert dialog.findChild(QFileDialog).windowTitle() == "Import the weights of vgg16"
    driver.choose_in_dialog(str(weights))
    assert asked(driver) == [("import", "vgg16", str(weights))]


# --- keyboard, focus, scrolling -------------------------------------------------------------------


def test_tab_walks_over_the_cards_and_enter_never_downloads_by_surprise(
    driver: WindowDriver,
) -> None:
    dialog = open_dialog(driver)
    lite, vgg, clip = dialog.cards.values()
    walked = []
    for _ in range(8):
        driver.press(Qt.Key.Key_Tab, widget=dialog.focusWidget())
        walked.append(dialog.focusWidget())
    expected: list[QWidget] = [lite.source, vgg.download, vgg.import_, vgg.source]
    assert walked == [*expected, clip.use, clip.delete, clip.source, dialog.close_button]
    clip.use.setFocus()
    driver.press(Qt.Key.Key_Space, widget=clip.use)
    vgg.download.setFocus()
    driver.press(Qt.Key.Key_Return, widget=vgg.download)
    assert asked(driver) == [("use", "clip-words"), ("download", "vgg16")]
    dialog.area.setFocus()
    driver.press(Qt.Key.Key_Return, widget=dialog.area)  # Close is the default everywhere else
    assert not dialog.isVisible()
    assert len(asked(driver)) == 2


def test_progress_takes_neither_the_focus_nor_the_place(driver: WindowDriver) -> None:
    driver.library.backbones = (LITE, VGG, CLIP, *REST)
    dialog = open_dialog(driver)
    card = dialog.cards["network-3"]
    card.import_.setFocus()
    bar = dialog.area.verticalScrollBar()
    bar.setValue(card.y() - 40)
    assert bar.value() > 0
    before = card.mapTo(dialog, card.rect().topLeft())
    change(driver, "vgg16", state="downloading")  # a bar and a line more, a row of buttons less
    height = dialog.cards["vgg16"].height()
    for step in range(1, 30):
        change(driver, "vgg16", received_bytes=step * MB, bytes_per_second=5e6, seconds_left=90.0)
        assert dialog.focusWidget() is card.import_
        assert dialog.cards["vgg16"].height() == height
    change(driver, "vgg16", state="available", problem="The connection broke. " * 6)
    assert dialog.cards["vgg16"].height() > height
    assert card.mapTo(dialog, card.rect().topLeft()) == before


def test_a_button_that_goes_leaves_the_focus_in_its_card(driver: WindowDriver) -> None:
    dialog = open_dialog(driver)
    card = dialog.cards["vgg16"]
    card.download.setFocus()
    driver.press(Qt.Key.Key_Space, widget=card.download)
    change(driver, "vgg16", state="downloading")
    assert dialog.focusWidget() is card.cancel
    change(driver, "vgg16", state="ready")
    assert dialog.focusWidget() is card.use
    assert asked(driver) == [("download", "vgg16")]


def test_while_it_is_closed_nothing_is_drawn_and_it_opens_up_to_date(driver: WindowDriver) -> None:
    dialog = open_dialog(driver)
    driver.press(Qt.Key.Key_Escape, widget=dialog)
    assert not dialog.isVisible()
    requests = len(driver.library.backbone_calls)
    change(driver, "vgg16", state="downloading", received_bytes=132 * MB)
    assert dialog.cards["vgg16"].summary.progress is None
    assert len(driver.library.backbone_calls) == requests
    assert open_dialog(driver) is dialog
    assert dialog.cards["vgg16"].summary.progress == 0.25
    driver.window.close()
    assert not dialog.isVisible()


def test_notices_are_seen_in_the_dialog_too(driver: WindowDriver, bridge: EventBridge) -> None:
    dialog = open_dialog(driver)
    bridge.deliver(Notice("The weights of vgg16 are here and can be used."))
    driver.settle()
    assert dialog.notices.text == driver.notice == "The weights of vgg16 are here and can be used."
    dialog.close()
    assert open_dialog(driver).notices.text == ""


# --- names and narrow windows ---------------------------------------------------------------------


def test_each_button_is_named_with_its_network(driver: WindowDriver) -> None:
    dialog = open_dialog(driver)
    buttons = [b for b in dialog.findChildren(QAbstractButton) if b.isVisible()]
    names = [QAccessible.queryAccessibleInterface(b).text(QAccessible.Text.Name) for b in buttons]
    assert all(names)
    assert len(set(names)) == len(names)
    assert {"Download 528 MB: vgg16", "Delete data: clip-words"} < set(names)


def test_it_fits_into_480_pixels_at_double_text_size(
    driver: WindowDriver, qapp: QApplication
) -> None:
    long = structs.replace(
        VGG, name="a-network-with-a-name-" * 4, received_bytes=312 * MB, problem="It broke. " * 20
    )
    driver.library.backbones = (LITE, long, CLIP)
    before = qapp.font()
    large = QFont(before)
    large.setPixelSize(26)
    qapp.setFont(large)
    try:
        dialog = open_dialog(driver)
        dialog.resize(480, 600)
        driver.settle()
        assert dialog.width() == 480
        content = dialog.area.widget()
        assert content.width() <= dialog.area.viewport().width()
        right = content.width()
        for part in content.findChildren(QWidget):
            if part.isVisible():
                assert part.mapTo(content, part.rect().topRight()).x() < right, part
        button = dialog.cards[long.name].download
        button.grab()
        assert button.toolTip() == "Go on with the download (312 of 528 MB)"
    finally:
        qapp.setFont(before)
