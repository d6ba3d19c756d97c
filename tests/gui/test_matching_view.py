# SPDX-License-Identifier: MIT
"""Asking in the real window which parts of a photo match the query, by menu, key and button."""

import numpy as np
import pytest
from msgspec.structs import replace
from network_samples import LITE, VGG
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot
from stand_in_library import drawn_jpeg
from window_driver import WindowDriver

from gallery_search.gui import theme
from gallery_search.gui.events import EventBridge
from gallery_search.gui.viewer.viewer import Viewer
from gallery_search.matches import HeatMap, MatchExplained, MatchFailed
from gallery_search.queries import MatchRequest
from gallery_search.records import BytesSource, PathSource

# What the offscreen platform cannot do is no fault of the window.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

Key = Qt.Key
QUERY = PathSource("/pictures/magpie.jpg")
WHOLE = (0.0, 0.0, 1.0, 1.0)
MIDDLE = (0.1, 0.0, 0.9, 1.0)


def cells(row: int, column: int) -> np.ndarray:
    """A map of one place that matters."""
    made = np.full((7, 7), -0.01, np.float32)
    made[row, column] = 0.5
    return made


class MatchDriver(WindowDriver):
    """A window that shows a result, one photo of which is looked at."""

    @property
    def viewer(self) -> Viewer:
        return self.window.viewing.viewer

    @property
    def asked(self) -> list[MatchRequest | None]:
        return self.library.match_requests

    def find(self) -> None:
        self.window.searches.search(QUERY)
        self.answer()

    def look_at(self, photo_id: int) -> None:
        self.window.viewing.open(photo_id)
        self.settle()
        self.qtbot.waitUntil(lambda: self.viewer.canvas.is_known)

    def explain(self, heat: HeatMap, *, has_query: bool = True, similarity: float = 0.3) -> None:
        request = self.asked[-1]
        assert request is not None
        query = HeatMap(cells(3, 3), WHOLE) if has_query else None
        picture = drawn_jpeg(77, (300, 200)) if has_query else None
        answered = (request.request_id, request.photo_id)
        self.library.deliver(MatchExplained(*answered, heat, similarity, query, picture))
        self.settle()

    def picture(self) -> QImage:
        """What the canvas paints."""
        self.settle()
        return self.viewer.canvas.grab().toImage()

    def at(self, picture: QImage, across: float, down: float) -> QColor:
        """The colour at a place of the photo, in shares of its sides as it is shown."""
        (x, y), (width, height) = (
            self.viewer.canvas.geometry_.origin,
            self.viewer.canvas.geometry_.size,
        )
        return picture.pixelColor(int(x + across * width), int(y + down * height))

    def warmth(self, before: QImage, after: QImage, across: float, down: float) -> float:
        """How much nearer to the colour of what matters most a place has come."""
        hot = theme.heat(1.0)

        def distance(colour: QColor) -> float:
            return sum(
                abs(a - b) for a, b in zip(colour.getRgb()[:3], hot.getRgb()[:3], strict=True)
            )

        return distance(self.at(before, across, down)) - distance(self.at(after, across, down))


@pytest.fixture
def driver(qtbot: QtBot, bridge: EventBridge) -> MatchDriver:
    return MatchDriver(qtbot, bridge)


def menu_of(driver: MatchDriver, photo_id: int) -> QMenu:
    grid = driver.window.grid
    grid.choose(photo_id)
    path = driver.library.paths[photo_id]
    grid.context_menu_requested.emit(photo_id, path, grid.mapToGlobal(QPoint(9, 9)))
    return next(menu for menu in driver.window.findChildren(QMenu) if menu.isVisible())


def test_the_key_opens_the_photo_with_what_matches(driver: MatchDriver) -> None:
    driver.find()
    driver.window.grid.choose(1)
    driver.press(Key.Key_W)
    assert driver.viewer.isVisible()
    request = driver.asked[-1]
    assert request == MatchRequest(1, 1, QUERY, driver.library.requests[-1].request_id)
    assert driver.viewer.legend.text == "Looking for what matches…"
    driver.qtbot.waitUntil(lambda: driver.viewer.canvas.is_known)
    driver.explain(HeatMap(cells(1, 1), WHOLE))
    assert driver.viewer.legend.text.startswith("Adds less … more to the similarity")
    assert driver.viewer.query_side.isVisible()
    assert driver.viewer.legend.text in driver.viewer.canvas.accessibleDescription()
    driver.press(Key.Key_W, widget=driver.viewer.canvas)
    assert driver.asked[-1] is None
    assert not driver.viewer.legend.isVisible()
    assert not driver.viewer.query_side.isVisible()


def test_the_menu_offers_it_for_photos_that_were_found(driver: MatchDriver) -> None:
    def texts(photo_id: int) -> list[str]:
        menu = menu_of(driver, photo_id)
        found = [action.text() for action in menu.actions()]
        menu.close()
        driver.settle()
        return found

    assert "Show what matches" not in texts(4)  # in the library there is nothing to match
    driver.find()
    assert "Show what matches" in texts(4)
    menu = menu_of(driver, 4)
    action = next(each for each in menu.actions() if each.text() == "Show what matches")
    where = menu.actionGeometry(action).center()
    driver.qtbot.mouseClick(menu, Qt.MouseButton.LeftButton, pos=where)
    driver.settle()
    request = driver.asked[-1]
    assert request is not None
    assert request.photo_id == 4
    assert driver.viewer.bar.matches.isChecked()


def test_what_matters_is_warm_and_turns_with_the_photo(driver: MatchDriver) -> None:
    driver.find()
    driver.look_at(1)
    before = driver.picture()
    driver.click(driver.viewer.bar.matches)
    driver.explain(HeatMap(cells(1, 5), WHOLE), has_query=False)
    after = driver.picture()
    hot, cold = (5.5 / 7, 1.5 / 7), (1.5 / 7, 5.5 / 7)
    assert driver.warmth(before, after, *hot) > driver.warmth(before, after, *cold) + 100
    driver.click(driver.viewer.bar.matches)
    driver.viewer.canvas.turn(1)
    before = driver.picture()
    driver.click(driver.viewer.bar.matches)
    driver.explain(HeatMap(cells(1, 5), WHOLE), has_query=False)
    after = driver.picture()
    turned, other = (5.5 / 7, 5.5 / 7), (1.5 / 7, 1.5 / 7)
    assert driver.warmth(before, after, *turned) > driver.warmth(before, after, *other) + 100


def test_what_the_network_did_not_see_is_hatched_and_said(driver: MatchDriver) -> None:
    driver.find()
    driver.look_at(1)
    driver.click(driver.viewer.bar.matches)
    driver.explain(HeatMap(cells(3, 3), MIDDLE))
    picture = driver.picture()
    left = {driver.at(picture, 0.05, down / 40).rgb() for down in range(5, 35)}
    assert all(abs(QColor(rgb).red() - QColor(rgb).blue()) < 70 for rgb in left)  # nearly grey
    assert "hatched: not seen by the network" in driver.viewer.legend.text
    driver.explain(HeatMap(cells(3, 3), WHOLE))
    assert "hatched" not in driver.viewer.legend.text


def test_the_legend_says_what_is_in_no_place(driver: MatchDriver) -> None:
    driver.find()
    driver.look_at(1)
    driver.click(driver.viewer.bar.matches)
    heat = HeatMap(np.full((7, 7), 0.3 / 49, np.float32), WHOLE)
    driver.explain(heat, similarity=0.4)
    assert "25 % is in the picture as a whole" in driver.viewer.legend.text
    driver.explain(heat, similarity=0.301)
    assert "as a whole" not in driver.viewer.legend.text
    driver.explain(HeatMap(np.full((7, 7), -0.01, np.float32), WHOLE), similarity=-0.2)
    assert "No part of this photo is like the query" in driver.viewer.legend.text


def test_leafing_on_asks_for_the_next_and_drops_the_last(driver: MatchDriver) -> None:
    driver.find()
    driver.look_at(1)
    driver.click(driver.viewer.bar.matches)
    first = driver.asked[-1]
    assert first is not None
    driver.click(driver.viewer.bar.next)
    second = driver.asked[-1]
    assert second is not None
    assert (first.photo_id, second.photo_id) == (1, 4)
    answered = (first.request_id, first.photo_id)
    driver.library.deliver(MatchExplained(*answered, HeatMap(cells(1, 1), WHOLE), 0.3))
    driver.settle()
    assert driver.viewer.legend.text == "Looking for what matches…"  # that was of the other photo
    driver.press(Key.Key_Escape, widget=driver.viewer.canvas)
    assert driver.asked[-1] is None
    assert not driver.viewer.bar.matches.isChecked()


def test_what_cannot_be_shown_is_said(driver: MatchDriver) -> None:
    driver.find()
    driver.look_at(1)
    driver.click(driver.viewer.bar.matches)
    request = driver.asked[-1]
    assert request is not None
    driver.library.deliver(MatchFailed(request.request_id, "The drive of this photo is offline."))
    driver.settle()
    assert driver.viewer.legend.text == "The drive of this photo is offline."


def test_a_network_that_mixes_the_places_disables_it_with_the_reason(driver: MatchDriver) -> None:
    driver.library.set_backbones(replace(VGG, role="active", shows_matches=False))
    driver.find()
    action = driver.window.actions_.matches
    assert not action.isEnabled()
    assert action.text() == "Show what matches (not with vgg16)"
    assert "vgg16 cannot show what matches" in action.toolTip()
    menu = menu_of(driver, 1)
    assert action in menu.actions()
    menu.close()
    driver.window.grid.choose(1)
    driver.press(Key.Key_W)
    assert not driver.asked
    driver.look_at(1)
    button = driver.viewer.bar.matches
    assert (button.isVisible(), button.isEnabled()) == (True, False)
    assert "vgg16 cannot show what matches" in button.toolTip()


def test_the_result_of_another_network_is_not_explained_by_this_one(driver: MatchDriver) -> None:
    driver.library.set_backbones(LITE)
    driver.find()
    driver.window.grid.choose(1)
    assert driver.window.actions_.matches.isEnabled()
    driver.look_at(1)
    driver.click(driver.viewer.bar.matches)
    driver.library.set_backbones(replace(VGG, role="active"))
    driver.settle()
    asked = len(driver.asked)
    driver.click(driver.viewer.bar.next)
    assert len(driver.asked) == asked
    assert "Search again" in driver.viewer.legend.text
    assert not driver.window.actions_.matches.isEnabled()
    assert "Search again" in driver.window.actions_.matches.toolTip()
    button = driver.viewer.bar.matches
    driver.click(button)  # what is on can be switched off
    assert not button.isChecked()
    assert not button.isEnabled()


def test_an_image_that_is_no_longer_kept_cannot_be_explained(driver: MatchDriver) -> None:
    driver.window.searches.search(BytesSource(drawn_jpeg(3), "Pasted image"))
    driver.answer()
    driver.window.grid.choose(1)
    assert driver.window.actions_.matches.isEnabled()
    driver.find()
    driver.window.searches.go_back()
    driver.settle()
    assert driver.window.grid.current_photo_id() == 1  # as it was left
    assert not driver.window.actions_.matches.isEnabled()
    assert "no longer kept" in driver.window.actions_.matches.toolTip()


def test_the_library_has_no_button_for_it(driver: MatchDriver) -> None:
    driver.look_at(1)
    assert not driver.viewer.bar.matches.isVisible()
    assert not driver.window.actions_.matches.isVisible()
    driver.press(Key.Key_W, widget=driver.viewer.canvas)
    assert not driver.asked
