# SPDX-License-Identifier: MIT
"""The window in German: nothing is left in English, cut off, or has the key of its neighbour."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from analysis_places import ANALYSIS, analysis
from choice_samples import SSCD
from msgspec.structs import replace
from network_samples import CLIP, LITE, VGG
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLabel,
    QMenu,
    QScrollArea,
    QWidget,
)
from pytestqt.qtbot import QtBot
from result_samples import FACTS, TITLES
from shown_texts import Translated, is_cut, mnemonic, shown_texts
from window_places import DIALOGS, VIEWS, PlacesDriver

from gallery_search import __version__, kept
from gallery_search.choices import DevicesChanged
from gallery_search.gui import translation
from gallery_search.gui.analysis.experiment_run import ExperimentRun
from gallery_search.gui.events import EventBridge
from gallery_search.manners import Manners, MannersChanged
from gallery_search.paths import LibraryPaths
from gallery_search.records import BackbonesChanged, IndexProgress

pytestmark = pytest.mark.qt_log_ignore(
    "This plugin does not support", "No such signal QPlatformNativeInterface"
)

WAIT_MS = 30_000  # for a child to start, on a busy computer
_NEVER = Qt.ScrollBarPolicy.ScrollBarAlwaysOff

# Qt's own texts, names, and what is called the same in German.
RIGHT_AS_THEY_ARE = frozenset(
    {
        *("Gallery Search", f"Gallery Search {__version__}", "Holiday", "Garden"),
        *("English", "Deutsch"),
        *(kind.name for kind in kept.KINDS if kind.name != kept.LOGIN_START),
        *("Schließen", "Abbrechen", "OK", "Geben Sie ein Tastenkürzel ein", "Leeren"),
        *("Nach links scrollen", "Nach rechts scrollen"),
        *(status.name for status in (LITE, VGG, CLIP, SSCD)),
        *(status.licence for status in (LITE, VGG, CLIP)),
        *(status.good_at for status in (LITE, VGG, CLIP, SSCD)),  # made up for the tests
        *(*TITLES, *FACTS),  # of pictures
    }
)


@pytest.fixture
def german(qapp: QApplication) -> Iterator[Translated]:
    assert translation.install("de") == "de"
    yield Translated("de", RIGHT_AS_THEY_ARE)
    translation.remove()


@pytest.fixture(params=[13, 26], ids=["usual text", "twice as large"])
def text_size(request: pytest.FixtureRequest) -> Iterator[None]:
    usual = QApplication.font()
    font = QFont(usual)
    font.setPixelSize(request.param)
    QApplication.setFont(font)
    yield
    QApplication.setFont(usual)


@pytest.fixture
def driver(german: Translated, qtbot: QtBot, bridge: EventBridge, tmp_path: Path) -> PlacesDriver:
    driver = PlacesDriver(qtbot, bridge, state_file=tmp_path / "window.ini")
    driver.folder = tmp_path
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
            if not german.knows(text)
        }
    )


def test_nothing_in_the_window_is_left_in_english(german: Translated, driver: PlacesDriver) -> None:
    assert not left_in_english(german, driver.window)
    assert driver.window.status.text.startswith("Einlesen: 11.315 von 40.500 Fotos")


def test_nothing_at_the_first_start_is_left_in_english(
    german: Translated, driver: PlacesDriver
) -> None:
    driver.library.watch()
    driver.settle()
    assert driver.window.welcome.isVisible()
    assert not left_in_english(german, driver.window)


def cut_off(root: QWidget) -> list[tuple[str, str]]:
    widgets = root.findChildren(QWidget)
    texts = [(type(widget).__name__, widget.text()) for widget in widgets if is_cut(widget)]  # type: ignore[attr-defined]
    areas = [area for area in root.findChildren(QScrollArea) if is_too_narrow(area)]
    return [*texts, *((type(area).__name__, area.accessibleName()) for area in areas)]


def is_too_narrow(area: QScrollArea) -> bool:
    """Whether what is in it goes beyond its right edge, where it cannot be scrolled to."""
    if not area.isVisible() or area.horizontalScrollBarPolicy() != _NEVER:
        return False
    content, width = area.widget(), area.viewport().width()
    return any(
        widget.mapTo(content, QPoint(widget.width(), 0)).x() > width
        for widget in content.findChildren(QWidget)
        if widget.isVisible() and widget.visibleRegion()
    )


@pytest.mark.parametrize("place", VIEWS)
def test_nothing_in_a_view_is_left_in_english_or_cut_off(
    text_size: None,
    german: Translated,
    driver: PlacesDriver,
    place: Callable[[PlacesDriver], QWidget],
) -> None:
    shown = place(driver)
    assert not left_in_english(german, shown)
    assert not cut_off(shown)


@pytest.mark.parametrize("place", DIALOGS + ANALYSIS)
def test_nothing_in_a_dialog_is_left_in_english_or_cut_off(
    text_size: None,
    german: Translated,
    driver: PlacesDriver,
    place: Callable[[PlacesDriver], QWidget],
) -> None:
    dialog = place(driver)
    driver.settle()
    assert not left_in_english(german, dialog)
    assert not cut_off(dialog)
    fields = [*dialog.findChildren(QLabel), *dialog.findChildren(QAbstractButton)]
    assert not twice(mnemonic(field.text()) for field in fields if field.isVisible())
    dialog.close()


def test_what_the_reader_of_results_refuses_is_said_in_german(driver: PlacesDriver) -> None:
    window = analysis(driver)
    file = driver.folder / "notes.json"
    file.write_text("{}")
    window.open_file(str(file))
    driver.qtbot.waitUntil(lambda: bool(window.notices.text), timeout=WAIT_MS)
    assert window.notices.text.startswith("Wählen Sie eine andere Datei: notes.json")


def test_what_an_experiment_refuses_is_said_in_german(
    german: Translated, qtbot: QtBot, tmp_path: Path
) -> None:
    run = ExperimentRun(LibraryPaths(tmp_path / "library"))
    with qtbot.waitSignal(run.failed, timeout=WAIT_MS) as failed:
        run.start("neighbours", folder=str(tmp_path), backbones=[LITE.name])
    assert failed.args == [
        f"In {tmp_path} liegen keine zwei Fotos. Wählen Sie einen Ordner mit mehr Fotos."
    ]
    run.close()


def test_english_is_noticed(german: Translated, qtbot: QtBot) -> None:
    label = QLabel("The photos are ready")
    qtbot.addWidget(label)
    label.setToolTip("Wird geladen…")
    label.setAccessibleName("3 · Fertig, almost")
    assert left_in_english(german, label) == [
        "QLabel: 3 · Fertig, almost",
        "QLabel: The photos are ready",
    ]


def test_no_two_neighbours_have_the_same_key_in_german(driver: PlacesDriver) -> None:
    bar = driver.window.menuBar()
    for actions in (bar.actions(), *(menu.actions() for menu in bar.findChildren(QMenu))):
        assert not twice(mnemonic(action.text()) for action in actions)
    assert all(mnemonic(action.text()) for action in bar.actions())


def test_a_text_without_room_is_noticed(qtbot: QtBot) -> None:
    label = QLabel("Ordner hinzufügen")
    qtbot.addWidget(label)
    label.show()
    assert not is_cut(label)
    label.setFixedWidth(40)
    assert is_cut(label)
    label.setWordWrap(True)
    label.setFixedHeight(15)
    assert is_cut(label)


def test_no_keys_of_commands_are_those_of_menus_or_of_each_other(driver: PlacesDriver) -> None:
    of_menus = [mnemonic(action.text()) for action in driver.window.menuBar().actions()]
    of_commands = [
        keys.toString()
        for action in driver.window.actions_.by_name().values()
        for keys in action.shortcuts()
    ]
    assert not twice([*of_menus, *of_commands])


def twice(keys: Iterable[str]) -> list[str]:
    return [key for key, times in Counter(keys).items() if key and times > 1]


def test_every_command_keeps_its_keys(driver: PlacesDriver) -> None:
    assert driver.window.actions_.find_similar.toolTip().endswith("(S)")
    assert driver.window.actions_.open.shortcut().toString() == "Ctrl+O"
