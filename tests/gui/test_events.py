# SPDX-License-Identifier: MIT
"""The bridge: records of foreign threads become signals on the GUI thread."""

import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import shiboken6
from conftest import draw_jpeg
from PySide6.QtCore import QCoreApplication, QSize
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from gallery_search.choices import DevicesChanged, ExclusionsChanged
from gallery_search.gui.events import EventBridge
from gallery_search.gui.grid.pixmaps import ThumbnailSize, decode_thumbnail
from gallery_search.gui.viewer.picture import Picture
from gallery_search.manners import Manners, MannersChanged
from gallery_search.pictures import (
    DecodedPicture,
    PhotoDetails,
    PictureFailed,
    PictureLoaded,
    PictureThumbnail,
)
from gallery_search.records import (
    BackbonesChanged,
    Event,
    FailuresLoaded,
    FoldersChanged,
    IndexProgress,
    Notice,
    OrderLoaded,
    PhotosChanged,
    QueryFailed,
    QueryResult,
    RowsLoaded,
    ThumbnailLoaded,
)

EVENTS = {
    "query_answered": QueryResult(1, "a.jpg", None, (), 3, 5, 0.1),
    "query_failed": QueryFailed(2, "This is no image."),
    "photos_changed": PhotosChanged((1,), (), ()),
    "progress_changed": IndexProgress("idle", 1, 0, 1, None, None),
    "folders_changed": FoldersChanged(()),
    "backbones_changed": BackbonesChanged(()),
    "manners_changed": MannersChanged(Manners()),
    "exclusions_changed": ExclusionsChanged(("/photos/private",)),
    "devices_changed": DevicesChanged("auto", "cpu", ("cpu",)),
    "notice_raised": Notice("The folder cannot be read."),
    "order_loaded": OrderLoaded(np.array([3, 2, 1])),
    "rows_loaded": RowsLoaded(()),
    "failures_loaded": FailuresLoaded(()),
    "picture_failed": PictureFailed(1, 2, "The file does not exist."),
}


def on_thread(work: Callable[[], None]) -> None:
    thread = threading.Thread(target=work)
    thread.start()
    thread.join(10)


@pytest.mark.parametrize("signal", EVENTS)
def test_a_record_arrives_as_its_signal_on_the_gui_thread(
    qtbot: QtBot, bridge: EventBridge, signal: str
) -> None:
    received: list[tuple[Any, threading.Thread]] = []
    getattr(bridge, signal).connect(lambda e: received.append((e, threading.current_thread())))
    on_thread(lambda: bridge.deliver(EVENTS[signal]))
    assert not received, "delivered on the foreign thread"
    qtbot.waitUntil(lambda: bool(received))
    assert received[0][0] is EVENTS[signal]
    assert received[0][1] is threading.main_thread()


def test_order_is_kept(qtbot: QtBot, bridge: EventBridge) -> None:
    texts: list[str] = []
    bridge.notice_raised.connect(lambda notice: texts.append(notice.text))
    on_thread(lambda: [bridge.deliver(Notice(str(i))) for i in range(200)] and None)
    qtbot.waitUntil(lambda: len(texts) == 200)
    assert texts == [str(i) for i in range(200)]


def test_a_thumbnail_is_decoded_on_the_delivering_thread(
    qtbot: QtBot, bridge: EventBridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[threading.Thread] = []

    def decode(jpeg: bytes | None, size: ThumbnailSize) -> QImage:
        threads.append(threading.current_thread())
        return decode_thumbnail(jpeg, size)

    monkeypatch.setattr("gallery_search.gui.events.decode_thumbnail", decode)
    bridge.thumbnail_size = ThumbnailSize(side_px=352, ratio=2.0)
    with qtbot.waitSignal(bridge.thumbnail_decoded) as blocker:
        on_thread(lambda: bridge.deliver(ThumbnailLoaded(7, draw_jpeg(1))))
    photo_id, image = blocker.args
    assert threads[0] is not threading.main_thread()
    assert photo_id == 7
    assert (image.width(), image.height()) == (352, 264)
    assert image.devicePixelRatio() == 2.0


def test_no_thumbnail_is_a_null_image(qtbot: QtBot, bridge: EventBridge) -> None:
    with qtbot.waitSignal(bridge.thumbnail_decoded) as blocker:
        bridge.deliver(ThumbnailLoaded(7, None))
    assert blocker.args[1].isNull()


@pytest.mark.qt_log_ignore("JPEG")
@pytest.mark.parametrize("damaged", [b"", b"no image", draw_jpeg(1)[:30]])
def test_a_damaged_thumbnail_is_a_null_image(damaged: bytes) -> None:
    assert decode_thumbnail(damaged, ThumbnailSize(176, 1.0)).isNull()


@pytest.mark.parametrize(
    ("longer_px", "ratio", "expected_px"), [(512, 1.0, 176), (100, 1.0, 100), (100, 1.5, 150)]
)
def test_a_small_image_is_not_blown_up(longer_px: int, ratio: float, expected_px: int) -> None:
    image = decode_thumbnail(draw_jpeg(1, longer_px), ThumbnailSize(round(176 * ratio), ratio))
    assert image.width() == expected_px


def test_corners_are_rounded_and_the_rest_is_opaque() -> None:
    image = decode_thumbnail(draw_jpeg(1), ThumbnailSize(176, 1.0))
    assert image.pixelColor(0, 0).alpha() < 60
    assert image.pixelColor(88, 0).alpha() == 255
    assert image.pixelColor(88, 66).alpha() == 255


def test_a_picture_becomes_an_image_on_the_delivering_thread(
    qtbot: QtBot, bridge: EventBridge
) -> None:
    # Red, green and blue, in rows of more than one piece.
    colours = [QColor(200, 10, 20), QColor(30, 190, 40), QColor(50, 60, 180)]
    width, height = 1500, 900
    rows = [bytes((c.blue(), c.green(), c.red(), 255)) * width * (height // 3) for c in colours]
    details = PhotoDetails("JPEG", 5)
    decoded = DecodedPicture(b"".join(rows), width, height, 6000, 3600, details)
    with qtbot.waitSignal(bridge.picture_made) as blocker:
        on_thread(lambda: bridge.deliver(PictureLoaded(4, 7, decoded)))
    picture = blocker.args[0]
    assert isinstance(picture, Picture)
    assert (picture.request_id, picture.photo_id, picture.details) == (4, 7, details)
    assert (picture.image.width(), picture.image.height()) == (width, height)
    assert picture.full_size == QSize(6000, 3600)
    for third, colour in enumerate(colours):
        assert picture.image.pixelColor(0, third * 300) == colour
        assert picture.image.pixelColor(1499, third * 300 + 299) == colour


def test_a_thumbnail_of_a_picture_is_not_shrunk(qtbot: QtBot, bridge: EventBridge) -> None:
    with qtbot.waitSignal(bridge.picture_made) as blocker:
        on_thread(lambda: bridge.deliver(PictureThumbnail(4, 7, draw_jpeg(1))))
    picture = blocker.args[0]
    assert picture.image.size() == QSize(512, 384)
    assert picture.full_size is None


@pytest.mark.qt_log_ignore("JPEG")
def test_a_damaged_thumbnail_of_a_picture_is_none(qtbot: QtBot, bridge: EventBridge) -> None:
    made: list[Picture] = []
    bridge.picture_made.connect(made.append)
    bridge.deliver(PictureThumbnail(4, 7, b"no image"))
    with qtbot.waitSignal(bridge.notice_raised):
        bridge.deliver(Notice("after it"))
    assert made == []


def test_after_close_nothing_arrives_and_nothing_breaks(qtbot: QtBot) -> None:
    bridge = EventBridge()
    received: list[Event] = []
    bridge.notice_raised.connect(received.append)
    bridge.deliver(Notice("queued before the end"))
    bridge.close()
    bridge.deliver(Notice("after the end"))
    QCoreApplication.processEvents()
    shiboken6.delete(bridge)
    on_thread(lambda: bridge.deliver(ThumbnailLoaded(1, draw_jpeg(1))))
    assert received == []
