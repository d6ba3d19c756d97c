# SPDX-License-Identifier: MIT
"""The slider and the row below the photos: what is shown of a result, without a new search."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QPalette
from pytestqt.qtbot import QtBot
from window_driver import WindowDriver

from gallery_search.gui.events import EventBridge
from gallery_search.gui.refine.similarity_slider import SimilaritySlider
from gallery_search.similarity import SimilarityScale

SCALE = SimilarityScale(unlike=0.0, same_kind=0.25, same_scene=0.5, near_identical=0.75)
SIMILARITIES = [1.0, 0.8, 0.6, 0.55, 0.3, 0.26, 0.2, 0.15, 0.1, 0.05]
PHOTOS = range(1, 11)
CONTROL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def driver(qtbot: QtBot, bridge: EventBridge) -> WindowDriver:
    driver = WindowDriver(qtbot, bridge)
    driver.window.activateWindow()
    return driver


def search(driver: WindowDriver, path: str = "/a.jpg", **arguments: object) -> None:
    driver.search(path, hits=list(PHOTOS), similarities=SIMILARITIES, scale=SCALE, **arguments)


def open_slider(driver: WindowDriver) -> SimilaritySlider:
    driver.press(Qt.Key.Key_F, CONTROL_SHIFT)
    return driver.window.refining.panel.similarity


def test_what_looks_unlike_is_hidden_and_offered(driver: WindowDriver) -> None:
    view, grid = driver.window.view, driver.window.grid
    assert not view.more_row.isVisible()
    search(driver)
    assert grid.photo_count() == 6
    assert view.more_row.button.text() == "Show 4 more"
    driver.click(view.more_row.button)
    assert grid.photo_count() == 10
    assert not view.more_row.isVisible()
    assert driver.window.focusWidget() is grid
    assert len(driver.library.requests) == 1
    search(driver, "/b.jpg")
    assert grid.photo_count() == 6  # it was for that result only
    driver.press(Qt.Key.Key_Escape)
    assert grid.photo_count() == 30
    assert not view.more_row.isVisible()


def test_the_slider_changes_what_is_shown_at_once(driver: WindowDriver) -> None:
    grid = driver.window.grid
    search(driver)
    slider = open_slider(driver)
    assert driver.window.focusWidget() is slider.slider
    assert slider.words == "6 of 10 shown. Same kind and closer."
    driver.press(Qt.Key.Key_End, widget=slider.slider)
    assert grid.photo_count() == 1
    driver.press(Qt.Key.Key_PageDown, widget=slider.slider)
    assert slider.slider.value() == 90
    for _ in range(20):
        driver.press(Qt.Key.Key_Left, widget=slider.slider)
    assert (slider.slider.value(), grid.photo_count()) == (70, 2)
    assert slider.words == "2 of 10 shown. Same scene and closer."
    assert slider.slider.accessibleDescription() == slider.words
    driver.press(Qt.Key.Key_Home, widget=slider.slider)
    assert grid.photo_count() == 10
    assert slider.words == "10 of 10 shown. All that were found."
    driver.press(Qt.Key.Key_PageUp, widget=slider.slider)
    assert slider.words == "9 of 10 shown. Also photos that are less alike."
    assert len(driver.library.requests) == 1


def test_the_slider_is_dragged_with_the_mouse(driver: WindowDriver) -> None:
    search(driver)
    slider = open_slider(driver).slider
    x = slider.width() * slider.value() // 100 + 4
    start, end = QPoint(x, slider.height() // 2), QPoint(slider.width(), slider.height() // 2)
    driver.qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=start)
    driver.qtbot.mouseMove(slider, end)
    driver.settle()
    assert slider.value() == 100
    assert driver.window.grid.photo_count() == 1  # before it is let go
    driver.qtbot.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=end)


def test_bands_are_chosen_by_name(driver: WindowDriver) -> None:
    search(driver)
    slider = open_slider(driver)
    counts = {}
    for name, button in slider.buttons.items():
        driver.press(Qt.Key.Key_Space, widget=button)
        counts[name] = driver.window.grid.photo_count()
    assert counts == {"near-identical": 2, "same scene": 4, "same kind": 6, "all": 10}


def test_the_choice_holds_for_later_searches(driver: WindowDriver) -> None:
    search(driver)
    driver.click(open_slider(driver).buttons["same scene"])
    search(driver, "/b.jpg")
    assert driver.window.grid.photo_count() == 4
    driver.click(driver.window.actions_.back)
    assert driver.window.grid.photo_count() == 4


def test_where_nothing_is_so_similar_the_window_says_so(driver: WindowDriver) -> None:
    view = driver.window.view
    driver.search("/a.jpg", hits=[1, 2], similarities=[0.2, 0.1], scale=SCALE)
    assert view.is_empty
    assert view.empty_page.text == "Nothing that was found is that similar."
    driver.click(view.more_row.button)
    assert not view.is_empty
    assert driver.window.grid.photo_count() == 2


def test_without_a_scale_all_is_shown_and_no_band_is_named(driver: WindowDriver) -> None:
    slider = open_slider(driver)
    assert not slider.slider.isEnabled()
    assert slider.words.startswith("Search for an image first.")
    driver.search("/a.jpg")
    assert driver.window.grid.photo_count() == 10
    assert slider.words == "10 of 10 shown. Move the slider to hide what is less similar."
    assert not any(button.isVisible() for button in slider.buttons.values())
    driver.press(Qt.Key.Key_End, widget=slider.slider)
    assert driver.window.grid.photo_count() == 1
    driver.press(Qt.Key.Key_Escape, widget=driver.window.grid)
    assert not slider.slider.isEnabled()


def test_photos_that_go_are_counted_no_more(driver: WindowDriver) -> None:
    search(driver)
    slider = open_slider(driver)
    driver.library.remove_photos(2, 10)
    driver.settle()
    assert slider.words == "5 of 8 shown. Same kind and closer."
    assert driver.window.view.more_row.button.text() == "Show 3 more"
    assert driver.window.grid.photo_count() == 5


def test_the_selected_photo_stays_selected_when_more_is_shown(driver: WindowDriver) -> None:
    search(driver)
    grid = driver.window.grid
    driver.qtbot.mouseClick(
        grid.viewport(),
        Qt.MouseButton.LeftButton,
        pos=grid.visualRect(grid.model().index(0, 1)).center(),
    )
    assert grid.current_photo_id() == 2
    driver.click(driver.window.view.more_row.button)
    assert grid.current_photo_id() == 2


@pytest.mark.parametrize(("ground", "ink"), [("#f4f4f4", "#101010"), ("#202020", "#f0f0f0")])
def test_bars_that_are_cut_off_are_pale_in_light_and_dark(
    driver: WindowDriver, ground: str, ink: str
) -> None:
    palette = QPalette(driver.window.palette())
    palette.setColor(QPalette.ColorRole.Window, QColor(ground))
    palette.setColor(QPalette.ColorRole.WindowText, QColor(ink))
    driver.window.setPalette(palette)
    search(driver)
    slider = open_slider(driver)
    accent = palette.color(QPalette.ColorRole.Highlight).rgb()

    def strong_share() -> float:
        image = slider._histogram.grab().toImage()
        pixels = [
            image.pixelColor(x, y).rgb()
            for x in range(image.width())
            for y in range(image.height())
        ]
        return pixels.count(accent) / len(pixels)

    by_default = strong_share()
    driver.click(slider.buttons["all"])
    everything = strong_share()
    driver.click(slider.buttons["near-identical"])
    assert everything > by_default > strong_share() > 0


def test_the_buttons_of_the_bands_end_below_each_other(driver: WindowDriver) -> None:
    slider = open_slider(driver)
    search(driver)
    ends: dict[int, int] = {}
    for button in slider.buttons.values():
        ends[button.y()] = max(ends.get(button.y(), 0), button.geometry().right())
    assert len(ends) > 1
    assert set(ends.values()) == {slider.width() - 1}
