# SPDX-License-Identifier: MIT
"""Copying a photo as an image: what lies on the clipboard, what overtakes it, and what fails."""

import io
import sys
import threading
from collections.abc import Callable, Iterator

import pytest
import shiboken6
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QClipboard, QGuiApplication, QImage
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot
from stand_in_library import drawn_jpeg
from window_driver import WindowDriver

from gallery_search.gui.events import EventBridge
from gallery_search.gui.files import copy_image
from gallery_search.imaging.picture import read_picture
from gallery_search.pictures import CLIPBOARD_PANE, PictureLoaded, PictureRequest
from gallery_search.records import BytesSource

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

KEYS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier


@pytest.fixture
def driver(qtbot: QtBot, bridge: EventBridge) -> Iterator[WindowDriver]:
    """A window with one photo selected, whose pictures a test answers."""
    driver = WindowDriver(qtbot, bridge)
    driver.library.picture_size = (600, 400)
    driver.library.answers_pictures = False
    select(driver, 30)
    QGuiApplication.clipboard().setText("what was there")
    yield driver
    for thread in threading.enumerate():
        if thread.name == "copying":
            thread.join()


def select(driver: WindowDriver, *photo_ids: int) -> None:
    grid = driver.window.grid
    grid.choose_several(photo_ids[0], photo_ids)
    driver.qtbot.waitUntil(lambda: grid.selected_paths() is not None)


def copy(driver: WindowDriver) -> PictureRequest:
    driver.press(Qt.Key.Key_C, KEYS)
    return driver.library.picture_requests[-1]


def pasted() -> QImage:
    """The image as another program takes it."""
    mime = QGuiApplication.clipboard().mimeData()
    if mime.hasFormat("image/png"):
        return QImage.fromData(mime.data("image/png"), "PNG")
    return QImage(mime.imageData())


def wait_for_image(driver: WindowDriver) -> None:
    clipboard = QGuiApplication.clipboard()
    driver.qtbot.waitUntil(
        lambda: clipboard.mimeData().hasImage() or clipboard.mimeData().hasFormat("image/png")
    )


def test_the_pixels_are_asked_for_in_full(driver: WindowDriver) -> None:
    request = copy(driver)
    assert (request.photo_id, request.pane) == (30, CLIPBOARD_PANE)
    assert min(request.width_px, request.height_px) > 100_000
    assert QGuiApplication.clipboard().text() == "what was there"  # until they have come


def test_an_image_can_be_pasted_and_nothing_leads_to_its_file(driver: WindowDriver) -> None:
    driver.library.answer_picture(copy(driver))
    wait_for_image(driver)
    mime = QGuiApplication.clipboard().mimeData()
    assert not mime.hasUrls()  # to the place that the photo was taken at, among others
    assert not mime.hasText()
    assert all(name == "image/png" or "qt-image" in name for name in mime.formats())
    image = pasted()
    assert (image.width(), image.height()) == (600, 400)
    expected = QImage.fromData(drawn_jpeg(30, (600, 400)))
    for x, y in ((10, 10), (300, 200), (590, 390)):
        one, other = image.pixelColor(x, y), expected.pixelColor(x, y)
        apart = zip(one.getRgb()[:3], other.getRgb()[:3], strict=True)
        assert all(abs(a - b) < 6 for a, b in apart)
    assert driver.notice == ""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere Qt offers what the system wants")
def test_the_image_says_nothing_but_its_pixels(driver: WindowDriver) -> None:
    file = io.BytesIO()
    with Image.open(io.BytesIO(drawn_jpeg(30, (600, 400)))) as drawn:
        exif = Image.Exif()
        exif[0x0110] = "A secret camera"
        exif[0x0112] = 6  # to be turned
        exif.get_ifd(0x8825).update({1: "N", 2: (43.0, 28.0, 2.0), 3: "E", 4: (11.0, 53.0, 6.0)})
        drawn.save(file, "JPEG", exif=exif)
    request = copy(driver)
    made = read_picture(BytesSource(file.getvalue(), ""), request.width_px, request.height_px)
    assert made.details.camera == "A secret camera"
    assert made.details.latitude is not None
    driver.library.deliver(PictureLoaded(request.request_id, 30, made))
    wait_for_image(driver)
    mime = QGuiApplication.clipboard().mimeData()
    png = bytes(mime.data("image/png").data())
    with Image.open(io.BytesIO(png)) as image:
        image.load()
        assert image.size == (400, 600)  # upright
        assert image.mode == "RGB"
        assert len(image.getexif()) == 0
        assert set(image.info) <= {"dpi", "gamma", "srgb"}
    assert b"secret" not in png


def test_a_failure_is_a_sentence_and_leaves_the_clipboard(driver: WindowDriver) -> None:
    driver.library.picture_failures[30] = "The image is damaged."
    driver.library.answer_picture(copy(driver))
    driver.settle()
    assert driver.notice == "The image was not copied. The image is damaged."
    assert QGuiApplication.clipboard().text() == "what was there"


def test_a_later_copy_overtakes(driver: WindowDriver) -> None:
    first = copy(driver)
    select(driver, 29)
    second = copy(driver)
    driver.library.picture_size = (300, 200)
    driver.library.answer_picture(second)
    wait_for_image(driver)
    driver.library.picture_size = (600, 400)
    driver.library.answer_picture(first)
    driver.settle()
    assert pasted().width() == 300


@pytest.mark.parametrize("by", ["file", "path", "another program"])
def test_whatever_is_copied_meanwhile_stays(driver: WindowDriver, by: str) -> None:
    request = copy(driver)
    actions = driver.window.actions_
    if by == "another program":
        QGuiApplication.clipboard().setText("a word")
    else:
        (actions.copy if by == "file" else actions.copy_paths).trigger()
    before = QGuiApplication.clipboard().text()
    driver.library.answer_picture(request)
    driver.settle()
    assert QGuiApplication.clipboard().text() == before
    mime = QGuiApplication.clipboard().mimeData()
    assert not mime.hasImage()
    assert not mime.hasFormat("image/png")


@pytest.fixture
def wayland(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the window believe that it is shown by a compositor, which tells again and again."""
    monkeypatch.setattr(QGuiApplication, "platformName", staticmethod(lambda: "wayland"))


@pytest.mark.parametrize("is_own", [False, True])
def test_a_clipboard_that_is_told_again_stops_nothing(
    driver: WindowDriver, wayland: None, is_own: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QClipboard, "ownsClipboard", lambda _clipboard: is_own)
    request = copy(driver)
    QGuiApplication.clipboard().dataChanged.emit()
    driver.library.answer_picture(request)
    wait_for_image(driver)
    assert pasted().width() == 600


@pytest.mark.parametrize("is_own", [False, True])
def test_what_is_told_anew_stays(
    driver: WindowDriver, wayland: None, is_own: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QClipboard, "ownsClipboard", lambda _clipboard: is_own)
    request = copy(driver)
    actions = driver.window.actions_
    (actions.copy_paths if is_own else actions.copy).trigger()  # another text, or also files
    driver.library.answer_picture(request)
    driver.settle()
    assert QGuiApplication.clipboard().text() == driver.library.path_of(30)
    assert not any(thread.name == "copying" for thread in threading.enumerate())


def test_what_takes_long_says_so_until_it_is_done(driver: WindowDriver) -> None:
    driver.window._photo_actions._image_copying._patience.setInterval(0)
    request = copy(driver)
    driver.qtbot.waitUntil(lambda: driver.notice == "Copying the image of “IMG_0030.jpg”…")
    driver.library.answer_picture(request)
    wait_for_image(driver)
    assert driver.notice == ""


def _refuse(_image: QImage) -> bytes:
    raise MemoryError


@pytest.mark.parametrize("short", [lambda _image: b"", _refuse])
def test_an_image_too_large_to_be_encoded_is_a_sentence(
    driver: WindowDriver, short: Callable[[QImage], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(copy_image, "_as_png", short)  # as where memory runs out
    driver.library.answer_picture(copy(driver))
    driver.qtbot.waitUntil(lambda: driver.notice != "")
    assert driver.notice == "The image was not copied. There is not enough memory for it."


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is no thread")
def test_an_image_that_is_ready_after_the_window_has_gone_is_dropped(
    driver: WindowDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_end, problems = threading.Event(), []
    monkeypatch.setattr(threading, "excepthook", problems.append)
    monkeypatch.setattr(copy_image, "_as_png", lambda _image: b"png" * may_end.wait(10))
    driver.library.answer_picture(copy(driver))
    name = "copying"
    driver.qtbot.waitUntil(lambda: any(t.name == name for t in threading.enumerate()))
    (thread,) = (t for t in threading.enumerate() if t.name == name)
    shiboken6.delete(driver.window._photo_actions._image_copying)
    may_end.set()
    thread.join()
    assert problems == []


def test_elsewhere_the_system_gets_the_pixels(
    driver: WindowDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    driver.library.answer_picture(copy(driver))
    wait_for_image(driver)
    assert pasted().width() == 600


def test_the_menu_copies_the_image_of_the_photo_below_the_mouse(driver: WindowDriver) -> None:
    driver.window.grid.context_menu_requested.emit(28, driver.library.path_of(28), QPoint(0, 0))
    menu = next(m for m in driver.window.findChildren(QMenu) if m.isVisible())
    next(a for a in menu.actions() if a.text() == "Copy image").trigger()
    menu.close()
    assert driver.library.picture_requests[-1].photo_id == 28


def test_several_photos_are_no_image(driver: WindowDriver) -> None:
    select(driver, 30, 29)
    driver.press(Qt.Key.Key_C, KEYS)
    assert driver.notice == "Select one photo to copy it as an image."
    assert driver.library.picture_requests == []
