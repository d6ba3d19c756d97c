# SPDX-License-Identifier: MIT
"""What holds in every part of the window: text that can be read, names to be read out, and Tab.

Contrast is measured on what is painted, in light and dark; names and roles are those of the
accessible tree that screen readers walk through.
"""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from analysis_places import ANALYSIS
from duplicate_samples import group, photo
from network_samples import CLIP, LITE, VGG
from PySide6.QtCore import QCoreApplication, QPoint, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface, QColor, QImage
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QFrame,
    QLabel,
    QLineEdit,
    QRadioButton,
    QWidget,
)
from pytestqt.qtbot import QtBot
from stand_in_maps import drawn_map
from window_driver import WindowDriver
from window_places import PlacesDriver

from gallery_search.gui.events import EventBridge
from gallery_search.gui.refine.folder_ticks import FolderTicks
from gallery_search.gui.settings import appearance
from gallery_search.records import FolderStatus, Notice, PhotoFailed
from gallery_search.similarity import SimilarityScale

pytestmark = pytest.mark.qt_log_ignore(
    "This plugin does not support", "No such signal QPlatformNativeInterface"
)

SCALE = SimilarityScale(unlike=0.2, same_kind=0.4, same_scene=0.6, near_identical=0.8)
# WCAG AA asks for 4.5; thin letters nowhere have quite the colour that they are drawn in.
PAINTED = 4.2
MOST_TABS = 100


def nothing_more(driver: WindowDriver) -> None:
    """The library."""


def query(driver: WindowDriver) -> None:
    driver.search("/query.jpg", scale=SCALE)
    driver.window.actions_.refine.trigger()
    driver.library.deliver(Notice("A folder is not there."))
    driver.library.set_progress("indexing", 12, 500, failed=2, rate=6.2, seconds_left=90.0)


def viewer(driver: WindowDriver) -> None:
    driver.search("/query.jpg", scale=SCALE)
    driver.window.grid.choose(1)
    driver.press(Qt.Key.Key_Space)
    driver.window.actions_.matches.trigger()
    driver.qtbot.waitUntil(lambda: driver.window.viewing.viewer.canvas.is_known)


def compare(driver: WindowDriver) -> None:
    driver.window.grid.choose_several(1, [1, 2, 3])
    driver.settle()
    driver.window.actions_.compare.trigger()
    panes = driver.window.comparing.view.shown
    driver.qtbot.waitUntil(lambda: all(pane.is_settled for pane in panes))


def duplicates(driver: WindowDriver) -> None:
    driver.library.duplicates = (
        group(photo(1), photo(2)),
        group(photo(3), photo(4), kind="near", similarity=0.97),
    )
    driver.window.actions_.duplicates.trigger()


def networks(driver: WindowDriver) -> None:
    driver.library.backbones = (LITE, VGG, CLIP)
    driver.window.actions_.networks.trigger()


def settings(driver: WindowDriver) -> None:
    driver.window.actions_.settings.trigger()


def about(driver: WindowDriver) -> None:
    driver.window.actions_.about.trigger()
    driver.qtbot.waitUntil(lambda: "parts" not in {thread.name for thread in threading.enumerate()})


def keys(driver: WindowDriver) -> None:
    driver.window.actions_.keys.trigger()


def recent(driver: WindowDriver) -> None:
    driver.search("/query.jpg", scale=SCALE)
    driver.window.actions_.recent.trigger()


def region(driver: WindowDriver) -> None:
    driver.search("/query.jpg", scale=SCALE)
    driver.window.actions_.part.trigger()


def failures(driver: WindowDriver) -> None:
    driver.library.failures = (PhotoFailed(1, "/photos/a.jpg", "The image is damaged."),)
    driver.library.set_progress("idle", 29, 30, failed=1)
    driver.settle()
    driver.click(driver.window.status._problems)


def trash(driver: WindowDriver) -> None:
    driver.window.grid.choose(1)
    driver.settle()
    driver.window.actions_.trash.trigger()


def the_map(driver: WindowDriver) -> None:
    driver.library.maps.map = drawn_map(range(1, 31))
    driver.window.actions_.map.trigger()
    window = driver.window.mapping.map_window
    assert window is not None
    driver.settle()
    window.view.choose(5)
    driver.settle()
    driver.answer(hits=[6, 9, 12])
    window.view.select(np.arange(20))


PARTS = (
    *(nothing_more, query, viewer, compare, duplicates, networks, settings, about, keys),
    *(recent, region, failures, trash, the_map, *ANALYSIS),
)
in_every_part = pytest.mark.parametrize("open_part", PARTS, ids=lambda part: part.__name__)


@pytest.fixture
def driver(qtbot: QtBot, bridge: EventBridge, tmp_path: Path) -> PlacesDriver:
    driver = PlacesDriver(qtbot, bridge, state_file=tmp_path / "window.ini")
    driver.folder = tmp_path
    return driver


@pytest.fixture
def usual_colours(qapp: QApplication) -> Iterator[None]:
    yield
    appearance.Appearance().show_in("system")
    QCoreApplication.processEvents()


def in_front(driver: WindowDriver) -> QWidget:
    """The dialog that is open, or the window."""
    driver.settle()
    return QApplication.activeModalWidget() or next(
        (w for w in QApplication.topLevelWidgets() if w.isVisible() and w is not driver.window),
        driver.window,
    )


# --- contrast -------------------------------------------------------------------------------------


def contrast(one: QColor, other: QColor) -> float:
    """After WCAG 2.1."""

    def luminance(colour: QColor) -> float:
        channels = (colour.redF(), colour.greenF(), colour.blueF())
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def painted_contrast(image: QImage) -> float:
    """Of what stands out most to what most of the image is."""
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), -1)
    colours, counts = np.unique(pixels[:, : image.width()], return_counts=True)
    ground = QColor.fromRgb(int(colours[counts.argmax()]))
    return max(contrast(QColor.fromRgb(int(colour)), ground) for colour in colours)


def texts_in(top: QWidget) -> Iterator[tuple[QWidget, str]]:
    """Widgets that show a text, whether it may be used now."""
    for widget in top.findChildren(QWidget):
        if (
            widget.isVisible()
            and widget.isEnabled()
            and isinstance(widget, QLabel | QAbstractButton | QLineEdit)
        ):
            text = widget.text()
            if text and not widget.visibleRegion().isEmpty():
                yield widget, text


@pytest.mark.usefixtures("usual_colours")
@pytest.mark.parametrize("theme", ["light", "dark"])
@in_every_part
def test_text_can_be_read(
    driver: WindowDriver, open_part: Callable[[WindowDriver], None], theme: str
) -> None:
    appearance.Appearance(driver.window).show_in(theme)
    driver.settle()
    open_part(driver)
    top = in_front(driver)
    whole = top.grab().toImage()
    found = {
        f"{type(widget).__name__}: {text}": painted_contrast(
            whole.copy(
                widget.visibleRegion().boundingRect().translated(widget.mapTo(top, QPoint(0, 0)))
            )
        )
        for widget, text in texts_in(top)
    }
    assert found
    assert {text: ratio for text, ratio in found.items() if ratio < PAINTED} == {}


# --- the accessible tree --------------------------------------------------------------------------


def accessible(parent: QAccessibleInterface) -> Iterator[QAccessibleInterface]:
    """What a screen reader finds below something, without rows and cells of tables."""
    if parent.state().invisible:
        return
    yield parent
    if parent.role() in (QAccessible.Role.Table, QAccessible.Role.List, QAccessible.Role.Tree):
        return
    for number in range(parent.childCount()):
        child = parent.child(number)
        if child is not None:
            yield from accessible(child)


@in_every_part
def test_all_that_takes_the_keyboard_has_a_name_and_a_role(
    driver: WindowDriver, open_part: Callable[[WindowDriver], None]
) -> None:
    open_part(driver)
    top = in_front(driver)
    found = [
        a for a in accessible(QAccessible.queryAccessibleInterface(top)) if a.state().focusable
    ]
    described = [(a.role().name, a.text(QAccessible.Text.Name), type(a.object())) for a in found]
    assert described
    # What paints itself, such as the photo in the viewer, is a "Client": Python cannot change it.
    assert [d for d in described if not d[1].strip() or d[0] == "NoRole"] == []


@in_every_part
def test_tab_comes_by_everything_once_and_returns(
    driver: WindowDriver, open_part: Callable[[WindowDriver], None]
) -> None:
    open_part(driver)
    top = in_front(driver)
    top.activateWindow()
    driver.qtbot.waitUntil(top.isActiveWindow)
    order: list[QWidget] = []
    for _ in range(MOST_TABS):
        widget = QApplication.focusWidget()
        assert widget is not None
        if widget in order[:-1]:
            break
        if widget not in order:  # the map stays: it goes through its photos first
            order.append(widget)
        driver.qtbot.keyClick(top.windowHandle(), Qt.Key.Key_Tab)
    takes_tab = {
        w
        for w in top.findChildren(QWidget)
        if w.isVisible()
        and w.isEnabled()
        and w.focusPolicy() & Qt.FocusPolicy.TabFocus
        and w.focusProxy() is None
    }
    assert takes_tab - set(order) == set()


# --- outlines -------------------------------------------------------------------------------------


@pytest.mark.usefixtures("usual_colours")
def test_an_empty_box_can_be_told_from_a_dark_window(qtbot: QtBot) -> None:
    """WCAG asks for 3 to 1."""
    appearance.Appearance().show_in("dark")
    for make in (QCheckBox, QRadioButton, folder_to_tick):
        widget = make()
        qtbot.addWidget(widget)
        widget.resize(100, 40)
        widget.show()
        assert painted_contrast(widget.grab().toImage().copy(3, 3, 12, 34)) > 3.0


def folder_to_tick() -> FolderTicks:
    ticks = FolderTicks()
    ticks.setFrameShape(QFrame.Shape.NoFrame)
    ticks.show_folders((FolderStatus(1, "/photos", "watching", 1),))
    return ticks
