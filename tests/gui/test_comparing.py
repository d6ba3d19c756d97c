# SPDX-License-Identifier: MIT
"""Photos side by side in the real window: opened, zoomed together, chosen between, and left."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from compare_driver import ALT, CTRL, NONE, CompareDriver, Key
from duplicate_samples import group, photo
from opened_urls import taking_urls
from PIL import Image
from PySide6.QtCore import QLocale, QPoint, QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QMenu, QMessageBox
from pytestqt.qtbot import QtBot
from stand_in_library import drawn_jpeg

from gallery_search.gui.events import EventBridge
from gallery_search.gui.files import reveal
from gallery_search.imaging.picture import read_picture
from gallery_search.pictures import PictureLoaded, PictureRequest
from gallery_search.records import BytesSource, FolderStatus, PhotosChanged, PhotoSource

# What the offscreen platform cannot do is no fault of the window.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def english() -> Iterator[None]:
    default = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom))
    yield
    QLocale.setDefault(default)


@pytest.fixture
def driver(english: None, qtbot: QtBot, bridge: EventBridge) -> CompareDriver:
    driver = CompareDriver(qtbot, bridge)
    driver.library.picture_size = (1200, 800)
    return driver


def resized(size: tuple[int, int]) -> bytes:
    """The same landscape in another size."""
    file = io.BytesIO()
    with Image.open(io.BytesIO(drawn_jpeg(7, (1200, 800)))) as image:
        image.resize(size).save(file, "JPEG", quality=92)
    return file.getvalue()


def answer_in_sizes(driver: CompareDriver, sizes: dict[int, tuple[int, int]]) -> None:
    """Have photos of other sizes answered, the smaller ones as copies of the same picture."""
    driver.library.answers_pictures = False
    ask = driver.library.request_picture

    def request(request: PictureRequest) -> None:
        ask(request)
        made = read_picture(
            BytesSource(resized(sizes[request.photo_id]), ""), request.width_px, request.height_px
        )
        driver.library.deliver(PictureLoaded(request.request_id, request.photo_id, made))

    driver.library.request_picture = request  # type: ignore[method-assign]


# --- opening and leaving ------------------------------------------------------------------------


def test_two_to_four_selected_photos_can_be_compared(driver: CompareDriver) -> None:
    compare = driver.window.actions_.compare
    for count, can in ((1, False), (2, True), (3, True), (4, True), (5, False)):
        driver.select(*range(30, 30 - count, -1))
        assert compare.isEnabled() == can
    driver.window.grid.selectionModel().clear()
    driver.settle()
    assert not compare.isEnabled()


def test_the_key_compares_and_escape_leads_back_with_the_selection(driver: CompareDriver) -> None:
    driver.open(30, 28, 25)
    assert driver.view.isVisible()
    assert not driver.window.grid.isVisible()
    assert driver.view.bar.title == "Comparing 3 photos"
    assert driver.names == ["IMG_0030.jpg", "IMG_0028.jpg", "IMG_0025.jpg"]
    assert driver.pane(0).canvas.hasFocus()
    driver.type(Key.Key_Escape)
    assert not driver.is_open
    assert driver.window.grid.isVisible()
    assert driver.window.grid.hasFocus()
    assert driver.selected == [30, 28, 25]
    driver.press(Key.Key_K, CTRL)
    assert driver.is_open


def test_the_menu_of_several_photos_compares_them(driver: CompareDriver) -> None:
    driver.select(30, 29)
    grid = driver.window.grid
    grid.context_menu_requested.emit(29, driver.library.path_of(29), QPoint(0, 0))
    menu = next(m for m in driver.window.findChildren(QMenu) if m.isVisible())
    next(a for a in menu.actions() if a.text() == "Compare").trigger()
    menu.close()
    driver.wait_for_pictures()
    assert driver.names == ["IMG_0030.jpg", "IMG_0029.jpg"]
    driver.click(driver.view.bar.close_button)
    assert not driver.is_open


def test_a_search_ends_the_comparison(driver: CompareDriver) -> None:
    driver.open(30, 29)
    driver.type(Key.Key_Right)
    driver.type(Key.Key_S)
    assert not driver.is_open
    assert driver.library.requests[-1].source == PhotoSource(29)


def test_all_pictures_are_asked_for_at_once_each_for_its_own_pane(driver: CompareDriver) -> None:
    driver.library.answers_pictures = False
    driver.select(30, 29, 28, 27)
    driver.press(Key.Key_K, CTRL)
    requests = driver.library.picture_requests
    assert [request.photo_id for request in requests] == [30, 29, 28, 27]
    assert [request.pane for request in requests] == [1, 2, 3, 4]
    assert len({request.request_id for request in requests}) == 4
    for request, pane in zip(requests, driver.view.shown, strict=True):
        box = pane.canvas.box
        assert (request.width_px, request.height_px) == (box.width(), box.height())
    for request in reversed(requests):  # whatever comes first
        driver.library.answer_picture(request)
    driver.wait_for_pictures()
    pictures = [pane.canvas.grab().toImage() for pane in driver.view.shown]
    assert len({bytes(picture.constBits()) for picture in pictures}) == 4


# --- the panes ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "size", "places"),
    [
        (2, (1000, 700), [(0, 0), (1, 0)]),
        (2, (500, 900), [(0, 0), (0, 1)]),
        (3, (1000, 700), [(0, 0), (1, 0), (2, 0)]),
        (4, (1000, 700), [(0, 0), (1, 0), (0, 1), (1, 1)]),
        (4, (500, 900), [(0, 0), (1, 0), (0, 1), (1, 1)]),
    ],
)
def test_the_panes_share_the_window_by_its_shape(
    driver: CompareDriver, count: int, size: tuple[int, int], places: list[tuple[int, int]]
) -> None:
    driver.open(*range(30, 30 - count, -1))
    driver.window.resize(*size)
    driver.settle()
    panes = driver.view.shown
    width, height = panes[0].width(), panes[0].height()
    for pane, (column, row) in zip(panes, places, strict=True):
        assert abs(pane.x() - column * width) <= 2
        assert abs(pane.y() - panes[0].y() - row * height) <= 2
        assert abs(pane.width() - width) <= 1
        assert abs(pane.height() - height) <= 1


def test_closing_panes_goes_on_with_the_others_until_one_is_left(driver: CompareDriver) -> None:
    driver.open(30, 29, 28)
    driver.click(driver.pane(1).close_button)
    assert driver.names == ["IMG_0030.jpg", "IMG_0028.jpg"]
    assert driver.view.bar.title == "Comparing 2 photos"
    assert driver.selected == [30, 28]
    driver.type(Key.Key_X)
    assert not driver.is_open
    assert driver.selected == [28]
    assert driver.window.grid.current_photo_id() == 28


def test_what_is_best_is_said_in_words(driver: CompareDriver) -> None:
    answer_in_sizes(driver, {30: (1200, 800), 29: (600, 400), 28: (1200, 800)})
    driver.open(30, 29, 28)
    large, small, other = driver.view.shown
    assert large.facts_text.startswith("1200 × 800 · ")
    assert small.facts_text.startswith("600 × 400 · ")
    assert large.best_text == other.best_text == "Most pixels · Largest file"
    assert small.best_text == ""
    description = large.canvas.accessibleDescription()
    assert description == f"{large.facts_text}, Most pixels, Largest file"
    driver.click(small.close_button)
    assert large.best_text == other.best_text == ""  # now they are the same


def test_a_photo_that_cannot_be_read_shows_its_sentence_in_its_pane(driver: CompareDriver) -> None:
    driver.library.picture_failures[29] = "The image is damaged."
    driver.open(30, 29)
    assert driver.pane(1).canvas.sentence.isVisible()
    assert driver.pane(1).canvas.sentence.text() == "The image is damaged."
    assert driver.pane(0).canvas.is_known
    assert not driver.pane(0).canvas.sentence.isVisible()
    driver.type(Key.Key_1)  # nothing to follow there
    assert driver.pane(0).canvas.geometry_.zoom == 1.0


def test_a_photo_on_a_drive_that_is_away_names_the_drive_and_is_left_alone(
    driver: CompareDriver,
) -> None:
    driver.library.set_folders(FolderStatus(0, "/media/HOLIDAY/DCIM", "offline", 30, "HOLIDAY"))
    driver.qtbot.waitUntil(lambda: driver.window.grid.drive_away(30) == "HOLIDAY")
    driver.library.picture_failures[30] = "The drive of this photo is offline."
    driver.open(30, 29)
    sentence = driver.pane(0).canvas.sentence.text()
    assert sentence == "This photo is on “HOLIDAY”, which is offline. Connect it to see the photo."
    driver.type(Key.Key_Delete)
    assert "HOLIDAY" in driver.notice
    assert not any(b.isVisible() for b in driver.window.findChildren(QMessageBox))


def test_a_photo_that_goes_leaves_and_one_that_changed_is_read_anew(driver: CompareDriver) -> None:
    driver.open(30, 29, 28)
    driver.library.remove_photos(29)
    driver.settle()
    assert driver.names == ["IMG_0030.jpg", "IMG_0028.jpg"]
    before = len(driver.library.picture_requests)
    driver.library.deliver(PhotosChanged((), (), (28,)))
    driver.settle()
    assert [r.photo_id for r in driver.library.picture_requests[before:]] == [28]
    driver.wait_for_pictures()
    driver.library.remove_photos(30)
    driver.settle()
    assert not driver.is_open


# --- zooming and moving together ----------------------------------------------------------------


def test_keys_wheel_and_mouse_zoom_and_move_all_together(driver: CompareDriver) -> None:
    driver.open(30, 29)
    one, other = driver.view.shown
    whole = (0.0, 0.0, 1.0, 1.0)
    assert driver.part(one) == pytest.approx(whole)
    driver.type(Key.Key_1)
    assert one.canvas.geometry_.shown_zoom == other.canvas.geometry_.shown_zoom == 1.0
    driver.type(Key.Key_Right)
    driver.type(Key.Key_Down)
    assert driver.part(one) != pytest.approx(whole)
    assert driver.part(other) == pytest.approx(driver.part(one), abs=2e-3)
    driver.wheel(other, 2, QPointF(40, 50))
    assert driver.part(one) == pytest.approx(driver.part(other), abs=2e-3)
    before = driver.part(one)
    driver.drag(other, QPoint(-60, 30))
    assert driver.part(one) != pytest.approx(before, abs=2e-3)
    assert driver.part(one) == pytest.approx(driver.part(other), abs=2e-3)
    driver.type(Key.Key_0)
    assert driver.part(one) == driver.part(other) == pytest.approx(whole)


def test_photos_of_different_size_show_the_same_part(driver: CompareDriver) -> None:
    answer_in_sizes(driver, {30: (1800, 1200), 29: (150, 100)})
    driver.open(30, 29)
    large, small = driver.view.shown
    # Both fill their panes, the small one enlarged.
    assert large.canvas.geometry_.size == pytest.approx(small.canvas.geometry_.size, rel=0.01)
    driver.type(Key.Key_1)
    driver.type(Key.Key_Right)
    assert large.canvas.geometry_.shown_zoom == 1.0
    assert small.canvas.geometry_.shown_zoom == pytest.approx(12, rel=0.01)
    assert driver.part(small) == pytest.approx(driver.part(large), abs=0.01)
    pictures = [pane.canvas.grab().toImage() for pane in (large, small)]
    assert difference(*pictures) < 12  # the same landscape, but for its edges


def difference(one: QImage, other: QImage) -> float:
    points = [QPoint(x, y) for x in range(9, 480, 23) for y in range(9, 480, 19)]
    apart = [abs(one.pixelColor(p).green() - other.pixelColor(p).green()) for p in points]
    return sum(apart) / len(points)


def test_views_that_are_not_linked_move_alone(driver: CompareDriver) -> None:
    driver.open(30, 29)
    one, other = driver.view.shown
    driver.type(Key.Key_L)
    assert not driver.view.bar.linked.isChecked()
    driver.type(Key.Key_1)
    assert other.canvas.geometry_.zoom is None
    driver.click(driver.view.bar.linked)
    assert driver.part(other) == pytest.approx(driver.part(one), abs=2e-3)
    driver.click(driver.view.bar.fit)
    assert one.canvas.geometry_.zoom is other.canvas.geometry_.zoom is None


def test_a_photo_that_comes_late_shows_what_the_others_show(driver: CompareDriver) -> None:
    driver.library.answers_pictures = False
    driver.select(30, 29)
    driver.press(Key.Key_K, CTRL)
    first, second = driver.library.picture_requests
    driver.library.answer_picture(first)
    driver.qtbot.waitUntil(lambda: driver.pane(0).canvas.is_known)
    driver.type(Key.Key_1)
    driver.library.answer_picture(second)
    driver.wait_for_pictures()
    assert driver.part(driver.pane(1)) == pytest.approx(driver.part(driver.pane(0)), abs=2e-3)


def test_zoomed_in_all_photos_get_sharper(driver: CompareDriver) -> None:
    driver.open(30, 29)
    driver.type(Key.Key_1)
    driver.qtbot.waitUntil(
        lambda: all(pane.canvas.image.width() == 1200 for pane in driver.view.shown)  # type: ignore[union-attr]
    )
    sharper = driver.library.picture_requests[2:]
    assert {(r.photo_id, r.pane, r.width_px, r.height_px) for r in sharper} == {
        (30, 1, 1200, 800),
        (29, 2, 1200, 800),
    }


def test_four_huge_photos_share_the_memory(driver: CompareDriver) -> None:
    driver.library.answers_pictures = False
    driver.select(30, 29, 28, 27)
    driver.press(Key.Key_K, CTRL)
    for request in tuple(driver.library.picture_requests):
        small = read_picture(BytesSource(drawn_jpeg(1, (120, 80)), ""), 120, 80)
        made = type(small)(small.pixels, 120, 80, 9000, 6000, small.details)
        driver.library.deliver(PictureLoaded(request.request_id, request.photo_id, made))
    driver.wait_for_pictures()
    driver.type(Key.Key_1)
    driver.qtbot.waitUntil(lambda: len(driver.library.picture_requests) == 8)
    for request in driver.library.picture_requests[4:]:
        assert 24_900_000 < request.width_px * request.height_px < 25_100_000
        assert request.width_px / request.height_px == pytest.approx(1.5, rel=1e-3)


# --- keys ---------------------------------------------------------------------------------------


def test_keys_choose_a_pane(driver: CompareDriver) -> None:
    driver.open(30, 29, 28, 27)
    order = [driver.view.active]
    for key, modifiers in (
        (Key.Key_Tab, NONE), (Key.Key_Down, NONE), (Key.Key_Left, NONE), (Key.Key_4, ALT),
        (Key.Key_1, ALT), (Key.Key_Left, NONE),
    ):  # fmt: skip
        driver.type(key, modifiers)
        order.append(driver.view.active)
        assert driver.view.active.canvas.hasFocus()
        assert driver.window.grid.current_photo_id() == driver.view.active.photo_id
    assert [driver.view.panes.index(pane) for pane in order] == [0, 1, 3, 2, 3, 0, 0]
    assert driver.selected == [30, 29, 28, 27]


def test_from_right_to_left_the_arrows_change_sides(driver: CompareDriver) -> None:
    driver.window.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    driver.open(30, 29)
    driver.type(Key.Key_Left)
    assert driver.view.active is driver.pane(1)


def test_turning_is_about_one_photo(driver: CompareDriver) -> None:
    driver.open(30, 29)
    one, other = driver.view.shown
    driver.type(Key.Key_R)
    assert one.canvas.geometry_.picture == (800, 1200)
    assert other.canvas.geometry_.picture == (1200, 800)


def test_enter_opens_the_active_photo(driver: CompareDriver) -> None:
    with taking_urls("file") as opener:
        driver.open(30, 29)
        driver.type(Key.Key_2, ALT)
        driver.type(Key.Key_Return)
    assert opener.opened == [driver.library.path_of(29)]
    assert driver.is_open


def test_f_and_the_button_show_the_photo_in_its_folder(
    driver: CompareDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []
    # How the file manager is asked is tested with reveal.
    monkeypatch.setattr(reveal, "show_in_folder", lambda path, _parent: shown.append(path))
    driver.open(30, 29)
    driver.type(Key.Key_F)
    driver.click(driver.pane(1).folder)
    assert shown == [driver.library.path_of(30), driver.library.path_of(29)]


def test_full_screen_and_back(driver: CompareDriver) -> None:
    driver.open(30, 29)
    driver.type(Key.Key_F11)
    assert driver.window.isFullScreen()
    driver.type(Key.Key_Escape)
    assert not driver.window.isFullScreen()
    assert driver.is_open
    driver.type(Key.Key_Escape)
    assert not driver.is_open


def test_all_can_be_reached_and_is_named(driver: CompareDriver) -> None:
    driver.open(30, 29)
    controls = [driver.view.bar.linked, driver.view.bar.fit, driver.view.bar.full_screen]
    controls.append(driver.view.bar.close_button)
    for pane in driver.view.shown:
        assert pane.canvas.accessibleName() == f"Photo {pane.name}"
        controls += pane.buttons
    names = [control.accessibleName() for control in controls]
    assert len(set(names)) == len(names)
    assert "Move to trash…: IMG_0029.jpg" in names
    reached = []
    for _ in range(40):
        driver.type(Key.Key_Tab)
        reached.append(QApplication.focusWidget())
    assert set(reached) >= {*controls, *(pane.canvas for pane in driver.view.shown)}
    assert reached[0] is driver.pane(1).canvas
    driver.pane(0).folder.setFocus()
    assert driver.view.active is driver.pane(0)


# --- what is done with a photo ------------------------------------------------------------------


def test_a_photo_goes_to_the_trash_and_comes_back(
    driver: CompareDriver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    files = {photo_id: tmp_path / f"photo {photo_id}.jpg" for photo_id in (30, 29, 28)}
    for photo_id, file in files.items():
        file.write_bytes(drawn_jpeg(photo_id))
        driver.library.paths[photo_id] = str(file)
    driver.open(30, 29, 28)
    driver.type(Key.Key_Right)
    driver.type(Key.Key_Delete)
    (box,) = (b for b in driver.window.findChildren(QMessageBox) if b.isVisible())
    assert box.text() == "Move “photo 29.jpg” to the trash?"
    driver.press(Key.Key_Return, widget=box)
    driver.qtbot.waitUntil(lambda: driver.notice == "Moved “photo 29.jpg” to the trash.")
    assert [file.exists() for file in files.values()] == [True, False, True]
    driver.library.remove_photos(29)  # as the watcher tells
    driver.settle()
    assert driver.names == ["photo 30.jpg", "photo 28.jpg"]
    driver.window.activateWindow()
    driver.qtbot.waitUntil(driver.window.isActiveWindow)
    driver.type(Key.Key_Z, CTRL)
    driver.qtbot.waitUntil(lambda: driver.notice == "Brought “photo 29.jpg” back.")
    assert files[29].exists()
    assert driver.is_open


def test_the_menu_of_a_pane_is_about_its_photo_alone(driver: CompareDriver) -> None:
    driver.open(30, 29)
    menu, commands = driver.menu(driver.pane(1))
    commands["Copy path"].trigger()
    menu.close()
    assert QApplication.clipboard().text() == driver.library.path_of(29)


# --- duplicates ---------------------------------------------------------------------------------


def test_a_small_group_of_duplicates_is_compared(driver: CompareDriver) -> None:
    photos = [photo(i, path=driver.library.path_of(i)) for i in range(1, 8)]
    driver.library.duplicates = (group(*photos[:2]), group(*photos[2:]))
    driver.press(Key.Key_D, CTRL)
    dialog = driver.window.duplicates.dialog
    assert dialog is not None
    driver.settle()
    assert dialog.compare_button.isEnabled()
    driver.press(Key.Key_Down, widget=dialog.table)
    assert not dialog.compare_button.isEnabled()  # five are too many
    driver.press(Key.Key_Up, widget=dialog.table)
    driver.click(dialog.compare_button)
    assert not dialog.isVisible()
    driver.wait_for_pictures()
    assert driver.names == ["IMG_0001.jpg", "IMG_0002.jpg"]
    driver.type(Key.Key_Escape)
    assert not driver.is_open
    assert dialog.isVisible()
    dialog.close()


@pytest.mark.parametrize("before", ["viewer", "comparison"])
def test_duplicates_take_the_place_of_what_is_looked_at(driver: CompareDriver, before: str) -> None:
    photos = [photo(i, path=driver.library.path_of(i)) for i in (1, 2)]
    driver.library.duplicates = (group(*photos),)
    if before == "viewer":
        driver.select(30)
        driver.press(Key.Key_Space)
        assert driver.window.viewing.is_open
    else:
        driver.open(30, 29, 28)
    driver.window.duplicates.open()
    driver.settle()
    dialog = driver.window.duplicates.dialog
    assert dialog is not None
    driver.click(dialog.compare_button)
    driver.wait_for_pictures()
    assert not driver.window.viewing.is_open
    assert driver.names == ["IMG_0001.jpg", "IMG_0002.jpg"]
    assert driver.selected == [2, 1]  # in the order of the grid
    assert not dialog.isVisible()
    driver.type(Key.Key_Escape)
    assert driver.window.grid.isVisible()
    assert dialog.isVisible()
    dialog.close()
