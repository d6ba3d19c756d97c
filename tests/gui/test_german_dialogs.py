# SPDX-License-Identifier: MIT
"""The richest parts of the window in German: nothing stays English, and nothing is cut off."""

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from duplicate_samples import group, photo
from msgspec.structs import replace
from network_samples import VGG
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QFont, QImage
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLabel,
    QMenu,
    QMessageBox,
    QWidget,
)
from pytestqt.qtbot import QtBot
from shown_texts import is_cut, shown_texts
from stand_in_library import drawn_jpeg
from window_driver import WindowDriver

from gallery_search.gui import translation
from gallery_search.gui.duplicates.duplicates_dialog import DuplicatesDialog
from gallery_search.gui.events import EventBridge
from gallery_search.gui.query.region_dialog import RegionDialog
from gallery_search.gui.viewer.details_panel import DetailsPanel
from gallery_search.paths import resource
from gallery_search.pictures import PhotoDetails
from gallery_search.queries import CombinedSource, QueryPart
from gallery_search.records import (
    BackbonesChanged,
    FailuresLoaded,
    FolderStatus,
    Notice,
    PathSource,
    PhotoFailed,
    TextSource,
)

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

Key, Modifier = Qt.Key, Qt.KeyboardModifier
CONTROL_SHIFT = Modifier.ControlModifier | Modifier.ShiftModifier
LAKE = PathSource("/pictures/lake.jpg", (0.1, 0.1, 0.5, 0.5))


@pytest.fixture(params=[13, 26], ids=["usual text", "twice as large"])
def text_size(request: pytest.FixtureRequest) -> Iterator[None]:
    usual = QApplication.font()
    font = QFont(usual)
    font.setPixelSize(request.param)
    QApplication.setFont(font)
    yield
    QApplication.setFont(usual)


@pytest.fixture
def driver(
    text_size: None, qtbot: QtBot, bridge: EventBridge, tmp_path: Path
) -> Iterator[WindowDriver]:
    assert translation.install("de") == "de"
    folder = tmp_path / "Fotos"
    folder.mkdir()
    driver = WindowDriver(qtbot, bridge, photos=8, folders=(str(folder),))
    for photo_id in driver.library.paths:
        file = folder / f"{photo_id}.jpg"
        file.write_bytes(drawn_jpeg(photo_id))
        driver.library.paths[photo_id] = str(file)
    yield driver
    translation.remove()


# --- what is shown ------------------------------------------------------------------------------


def english_sentences() -> list[re.Pattern[str]]:
    """What the program says in English and does not in German."""
    patterns = []
    for file in resource("translations").glob("gallery_search_de.ts"):
        for message in ET.parse(file).iter("message"):
            source = message.findtext("source", "")
            forms = [node.text for node in message.iter("numerusform")]
            literal = re.sub(r"\{\w+\}", "", source)
            if source not in (forms or [message.findtext("translation")]) and len(literal) > 3:
                parts = re.split(r"\{\w+\}", source.replace("&", ""))
                patterns.append(re.compile(".*".join(map(re.escape, parts))))
    assert len(patterns) > 400
    return patterns


def in_english(root: QWidget) -> set[str]:
    english = english_sentences()
    lines = {
        line.strip() for _, text in shown_texts(root) for line in text.replace("&", "").split("\n")
    }
    return {line for line in lines if line and any(each.fullmatch(line) for each in english)}


def cut_off(root: QWidget) -> list[str]:
    """Labels and buttons in view that have less room than their text takes."""
    widgets = root.findChildren(QWidget)
    return [widget.text() for widget in widgets if is_cut(widget)]  # type: ignore[attr-defined]


def test_english_and_what_is_cut_off_would_be_found(driver: WindowDriver, qtbot: QtBot) -> None:
    box = QWidget()
    qtbot.addWidget(box)
    label = QLabel("3 photos copied to “Fotos”.", box)
    QLabel("Filter aufheben", box).setToolTip("Clear filters")
    label.resize(20, 20)
    box.show()
    assert in_english(box) == {"3 photos copied to “Fotos”.", "Clear filters"}
    assert label.text() in cut_off(box)


# --- duplicates ---------------------------------------------------------------------------------


def open_duplicates(driver: WindowDriver) -> DuplicatesDialog:
    photos = {
        photo_id: photo(photo_id, path=path, width=4000 - photo_id, size_bytes=3 << 20)
        for photo_id, path in driver.library.paths.items()
    }
    driver.library.duplicates = (
        group(photos[1], photos[2], photos[3]),
        group(photos[6], photos[7], kind="near", similarity=0.9714),
    )
    driver.press(Key.Key_D, Modifier.ControlModifier)
    dialog = driver.window.duplicates.dialog
    assert dialog is not None
    driver.library.answer_duplicates()
    driver.settle()
    return dialog


def test_duplicates(driver: WindowDriver) -> None:
    dialog = open_duplicates(driver)
    dialog.show_added(2)
    assert dialog.summary == "2 Gruppen von Duplikaten"
    assert dialog.tabs.tabText(0) == "Gleiche Datei (1)"
    assert dialog.move_button.text() == "2 Fotos (6,0 MB) in den &Papierkorb…"
    assert dialog.added_line.text() == (
        "Seit dieser Suche kamen 2 Fotos hinzu. Suchen Sie erneut, um auch diese zu vergleichen."
    )
    spoken = dialog.table.photos.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.startswith("Behalten, ")
    assert dialog.table.photos.headerData(0, Qt.Orientation.Vertical) == "3 Fotos"
    dialog.resize(dialog.minimumSizeHint())
    driver.settle()
    assert not cut_off(dialog)
    for place in range(dialog.tabs.count()):
        dialog.tabs.setCurrentIndex(place)
        assert not in_english(dialog)
    dialog.close()


def test_keys_of_the_duplicates_are_different(driver: WindowDriver) -> None:
    dialog = open_duplicates(driver)
    for place in range(dialog.tabs.count()):
        dialog.tabs.setCurrentIndex(place)
        shown = [
            widget.text()
            for widget in dialog.findChildren(QWidget)
            if isinstance(widget, QLabel | QAbstractButton) and not widget.isHidden()
        ]
        keys = [text[text.index("&") + 1].lower() for text in shown if "&" in text]
        assert len(keys) == len(set(keys)) == 6
    dialog.close()


def test_what_is_asked_before_duplicates_go(driver: WindowDriver) -> None:
    dialog = open_duplicates(driver)
    dialog.move_requested.emit()
    box = dialog.findChild(QMessageBox)
    assert box.text() == "2 Fotos (6,0 MB) in den Papierkorb verschieben?"
    assert "mindestens ein Foto behalten" in box.informativeText()
    assert {button.text().replace("&", "") for button in box.buttons()} == {
        "In den Papierkorb verschieben",
        "Abbrechen",
    }
    assert not in_english(box)
    box.close()
    dialog.close()


# --- queries, and how they are refined ----------------------------------------------------------


def combine(driver: WindowDriver) -> None:
    parts = (
        QueryPart(PathSource("/pictures/magpie.jpg"), 1.0),
        QueryPart(LAKE, -0.5),
        QueryPart(TextSource("snow"), 1.5),
    )
    driver.window.searches.search(CombinedSource(parts))
    driver.answer()
    driver.settle()


def test_chips_of_a_query(driver: WindowDriver) -> None:
    combine(driver)
    bar = driver.window.view.bar
    assert [chip.accessibleName() for chip in bar.chips.chips] == [
        "magpie.jpg, erwünscht, Gewicht 1",
        "Teil von lake.jpg, unerwünscht, Gewicht 0,5",
        "snow, erwünscht, Gewicht 1,5",
    ]
    assert not in_english(bar.chips)
    assert bar.chips.chips[0].remove_button.toolTip() == "Entfernen (Entf)"


def test_a_part_of_an_image_is_called_so_and_words_stay_as_they_were_typed(
    driver: WindowDriver,
) -> None:
    bar = driver.window.view.bar
    driver.window.searches.search(LAKE)
    driver.answer()
    assert bar.name == "Teil von lake.jpg"
    driver.window.searches.search(TextSource("Part of a castle"))
    driver.answer()
    assert bar.name == "Part of a castle"


def test_a_part_that_is_left_out_is_named_with_its_reason(driver: WindowDriver) -> None:
    magpie = PathSource("/pictures/magpie.jpg")
    driver.window.searches.search(CombinedSource((QueryPart(magpie), QueryPart(LAKE))))
    driver.answer(problems={LAKE: "The file does not exist."})
    assert "Teil von lake.jpg" in driver.window.notices.text
    assert "Die Datei existiert nicht." in driver.window.notices.text


def test_what_cannot_be_read_is_told_with_its_reason(driver: WindowDriver) -> None:
    driver.window.searches.search(LAKE)
    driver.library.fail("The file could not be read: input/output error.")
    driver.settle()
    assert driver.window.notices.text == (
        "„lake.jpg“: Die Datei konnte nicht gelesen werden: Ein-/Ausgabefehler."
    )


def test_panel_to_refine(driver: WindowDriver) -> None:
    driver.library.set_folders(FolderStatus(1, "/photos/Urlaub", "watching", 8))
    driver.window.resize(1400, 1400)
    driver.press(Key.Key_F, CONTROL_SHIFT)
    panel = driver.window.refining.panel
    assert panel.isVisible()
    panel.fields.taken_from.setFocus()
    driver.qtbot.keyClicks(panel.fields.taken_from, "gestern")
    driver.press(Key.Key_Return, widget=panel.fields.taken_from)
    assert not in_english(panel)
    assert not cut_off(panel)
    assert panel.clear_button.text() == "Filter aufheben"
    assert panel.fields.least_width.text() == "beliebig"
    labels = [label.text() for label in panel.findChildren(QLabel) if label.isVisible()]
    assert any(label.startswith("Geben Sie ein Jahr") for label in labels)
    driver.window.searches.search(PathSource("/pictures/lake.jpg"))
    driver.answer()
    driver.settle()
    assert re.match(r"\d+ von \d+ zu sehen\. ", panel.similarity.words)


# --- looking at photos --------------------------------------------------------------------------


def test_details_of_a_photo(driver: WindowDriver, qtbot: QtBot) -> None:
    panel = DetailsPanel()
    qtbot.addWidget(panel)
    details = PhotoDetails(
        "RAW",
        25_000_000,
        taken_at=1_500_000_000,
        camera="EOS",
        lens="EF-S",
        f_number=5.6,
        exposure_s=1 / 250,
        iso=200,
        focal_mm=50.0,
        latitude=-33.86,
        longitude=151.2,
        preview_width=1620,
        preview_height=1080,
    )
    panel.show_details("/Fotos/1.cr2", details, QSize(6000, 4000))
    assert dict(panel.rows) == {
        "Name": "1.cr2",
        "Ordner": "/Fotos",
        "Abmessungen": "6000 × 4000 (24 Megapixel)",
        "Aufgenommen": "Freitag, 14. Juli 2017, 02:40",
        "Kamera": "EOS",
        "Objektiv": "EF-S",
        "Belichtung": "f/5,6 · 1/250 s · ISO 200 · 50 mm",
        "Ort": "33,86000° S, 151,20000° O",
        "Dateigröße": "24 MB",
        "Format": "RAW",
        "Zu sehen": "seine Vorschau, 1620 × 1080",
    }
    panel.resize(panel.width(), 900)
    panel.show()
    driver.settle()
    assert not in_english(panel)
    assert not cut_off(panel)


def test_bar_of_the_viewer(driver: WindowDriver) -> None:
    driver.press(Key.Key_Home)
    driver.press(Key.Key_Space)
    viewer = driver.window.viewing.viewer
    assert viewer.isVisible()
    tips = [button.toolTip() for button in viewer.bar.buttons]
    assert tips[0] == "Vorheriges Foto (Bild auf)"
    assert tips[-1] == "Zurück zu den Fotos (Esc)"
    assert not in_english(viewer)


def test_menu_of_a_photo(driver: WindowDriver) -> None:
    driver.window._photo_actions.show_menu(1, driver.library.paths[1], QPoint(10, 10))
    menu = next(
        menu for menu in driver.window.findChildren(QMenu) if menu.isVisible() and menu.actions()
    )
    labels = [action.text() for action in menu.actions() if not action.isSeparator()]
    assert labels == [
        "Ähnliche suchen",
        "Mehr davon",
        "Weniger davon",
        "Ausschnitt suchen…",
        "Öffnen",
        "Öffnen mit…",
        "Im Ordner zeigen",
        "Kopieren",
        "Bild kopieren",
        "Pfad kopieren",
        "In Ordner kopieren…",
        "In den Papierkorb verschieben…",
    ]
    menu.close()


def test_dialog_for_a_part_at_its_smallest(driver: WindowDriver) -> None:
    image = QImage(200, 150, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.darkCyan)
    dialog = RegionDialog(image, driver.window)
    dialog.show()
    dialog.resize(dialog.minimumSizeHint())
    driver.settle()
    assert not cut_off(dialog)
    assert not in_english(dialog)
    dialog.close()


# --- what is said below the window --------------------------------------------------------------


def test_what_the_library_tells_arrives_in_german(
    driver: WindowDriver, bridge: EventBridge
) -> None:
    failures: list[FailuresLoaded] = []
    bridge.failures_loaded.connect(failures.append)
    notice = "The disk of /photos is full. Make some room on it. Indexing then goes on by itself."
    bridge.deliver(Notice(notice))
    bridge.deliver(
        FailuresLoaded(
            (
                PhotoFailed(1, "/photos/The file is empty..jpg", "The file is empty."),
                PhotoFailed(2, "/photos/2.jpg", "The image took longer than 30 seconds to decode."),
                PhotoFailed(3, "/photos/3.jpg", "Written by an older version."),
            )
        )
    )
    driver.settle()
    assert driver.window.notices.text == (
        "Der Datenträger von /photos ist voll. Schaffen Sie darauf etwas Platz. Danach geht das "
        "Einlesen von selbst weiter."
    )
    assert [(failed.path, failed.reason) for failed in failures[0].failures] == [
        ("/photos/The file is empty..jpg", "Die Datei ist leer."),
        ("/photos/2.jpg", "Das Dekodieren des Bildes hat länger als 30 Sekunden gedauert."),
        ("/photos/3.jpg", "Written by an older version."),
    ]


def test_networks_are_described_in_german(driver: WindowDriver, bridge: EventBridge) -> None:
    told: list[BackbonesChanged] = []
    bridge.backbones_changed.connect(told.append)
    status = replace(
        VGG,
        good_at="The smaller sister of densenet201: faster, and a little less exact.",
        licence="none stated (torchvision; trained on ImageNet)",
        problem="Make room on the disk of /data: the download needs 1,234.5 MB, and 0.1 MB are "
        "free.",
    )
    bridge.deliver(BackbonesChanged((status,)))
    driver.settle()
    (german_status,) = told[-1].backbones
    assert german_status.good_at == (
        "Die kleinere Schwester von densenet201: schneller und etwas weniger genau."
    )
    assert german_status.licence == "keine angegeben (torchvision; mit ImageNet trainiert)"
    assert german_status.problem == (
        "Schaffen Sie Platz auf dem Datenträger von /data: Der Download braucht 1.234,5 MB, frei "
        "sind 0,1 MB."
    )
