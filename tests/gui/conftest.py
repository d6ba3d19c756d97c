# SPDX-License-Identifier: MIT
"""What all tests of the window share.

They run on Qt's offscreen platform, one application for all, in a font of fixed size. A test
that leaves a thread, a running timer or a top-level widget behind fails.
"""

import functools
import gc
import os
import threading
from collections.abc import Callable, Iterator, Sequence

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ.pop("QT_SCALE_FACTOR", None)

import numpy as np
import pytest
import shiboken6
from PySide6.QtCore import QBuffer, QCoreApplication, QEvent, QIODevice, QTimer
from PySide6.QtGui import QColor, QFont, QFontDatabase, QImage, QLinearGradient, QPainter
from PySide6.QtWidgets import QApplication, QWidget

from gallery_search.gui.events import EventBridge
from gallery_search.pictures import PictureRequest
from gallery_search.records import (
    Event,
    FailuresLoaded,
    OrderLoaded,
    PhotoRow,
    RowsLoaded,
    ThumbnailLoaded,
)


@pytest.fixture(scope="session")
def qapp(qapp: QApplication) -> QApplication:
    assert QFontDatabase.families(), "no font is installed; on Debian: apt-get install fonts-dejavu"
    font = QFont(qapp.font())
    font.setPixelSize(13)
    qapp.setFont(font)
    # What exists by now stays to the end. Looking through it before and after each test for
    # timers took a quarter of the time of this suite.
    gc.collect()
    gc.freeze()
    return qapp


def _running_timers() -> set[QTimer]:
    return {
        timer
        for timer in gc.get_objects()
        if issubclass(type(timer), QTimer) and shiboken6.isValid(timer) and timer.isActive()
    }


def _top_level_widgets() -> set[QWidget]:
    return {widget for widget in QApplication.topLevelWidgets() if shiboken6.isValid(widget)}


@pytest.fixture(autouse=True)
def nothing_left_behind(qapp: QApplication) -> Iterator[None]:
    """Fail a test that leaves threads, running timers or top-level widgets behind.

    The clipboard is emptied: Qt would keep what a test put there beyond the end of Python, and
    crash when it is deleted.
    """
    threads, timers = set(threading.enumerate()), _running_timers()
    widgets = _top_level_widgets()
    yield
    QApplication.clipboard().clear()
    for _ in range(2):  # a window that goes with another one is deleted after it
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    left = [thread.name for thread in threading.enumerate() if thread not in threads]
    assert not left, f"threads left behind: {left}"
    left_timers = [timer.objectName() or repr(timer) for timer in _running_timers() - timers]
    assert not left_timers, f"timers left running: {left_timers}"
    left_widgets = [repr(widget) for widget in _top_level_widgets() - widgets]
    assert not left_widgets, f"top-level widgets left behind: {left_widgets}"


class DrawingReader:
    """Fulfils `ports.Reader` without a library: a real thread that draws a picture for each id.

    It answers as the library's reader does: on its own thread, thumbnails one by one, the latest
    request for them winning. Photo n is called "photo n.jpg".

    Attributes:
        thumbnail_requests: every list of ids that was asked for; likewise `row_requests`.
        without_thumbnail: ids for which the answer is None.
        folders: folder ids of photos; 0 for the others.
    """

    def __init__(self, deliver: Callable[[Event], None], photo_ids: Sequence[int] = ()) -> None:
        self.photo_ids = np.array(photo_ids, np.int64)
        self.thumbnail_requests: list[list[int]] = []
        self.row_requests: list[list[int]] = []
        self.without_thumbnail: set[int] = set()
        self.folders: dict[int, int] = {}
        self.may_serve = threading.Event()
        self.may_serve.set()
        self._deliver = deliver
        self._changed = threading.Condition()
        self._events: list[Event] = []
        self._thumbnails: list[int] = []
        self._is_stopped = False
        self._thread = threading.Thread(target=self._serve, name="drawing reader")
        self._thread.start()

    def request_order(self) -> None:
        self._enqueue(OrderLoaded(self.photo_ids))

    def request_failures(self) -> None:
        self._enqueue(FailuresLoaded(()))

    def request_rows(self, photo_ids: Sequence[int]) -> None:
        self.row_requests.append(list(photo_ids))
        rows = (PhotoRow(i, self.path_of(i), self.folders.get(i, 0)) for i in photo_ids)
        self._enqueue(RowsLoaded(tuple(rows)))

    def request_thumbnails(self, photo_ids: Sequence[int]) -> None:
        self.thumbnail_requests.append(list(photo_ids))
        with self._changed:
            self._thumbnails = list(photo_ids)
            self._changed.notify()

    def request_picture(self, request: PictureRequest) -> None:
        raise AssertionError("no test of the grid alone looks at a photo")

    def path_of(self, photo_id: int) -> str:
        return os.path.join(os.sep, "photos", f"photo {photo_id}.jpg")

    def close(self) -> None:
        self.may_serve.set()
        with self._changed:
            self._is_stopped = True
            self._changed.notify()
        self._thread.join(10)

    def _enqueue(self, event: Event) -> None:
        with self._changed:
            self._events.append(event)
            self._changed.notify()

    def _serve(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._is_stopped or self._events or self._thumbnails)
            self.may_serve.wait()
            with self._changed:
                if self._is_stopped:
                    return
                events, self._events = self._events, []
                photo_id = self._thumbnails.pop(0) if self._thumbnails else None
            for event in events:
                self._deliver(event)
            if photo_id is not None:
                jpeg = None if photo_id in self.without_thumbnail else draw_jpeg(photo_id)
                self._deliver(ThumbnailLoaded(photo_id, jpeg))


@functools.lru_cache(maxsize=256)
def draw_jpeg(photo_id: int, longer_px: int = 512) -> bytes:
    """A landscape of its own colours; every third is upright, every seventh a panorama."""
    shorter_px = longer_px // 3 if photo_id % 7 == 6 else longer_px * 3 // 4
    size = (shorter_px, longer_px) if photo_id % 3 == 2 else (longer_px, shorter_px)
    image = QImage(*size, QImage.Format.Format_RGB32)
    width, height = size
    hue = photo_id * 47 % 360
    painter = QPainter(image)
    sky = QLinearGradient(0, 0, 0, height)
    sky.setColorAt(0.0, QColor.fromHsv(hue, 150, 210))
    sky.setColorAt(1.0, QColor.fromHsv((hue + 40) % 360, 60, 245))
    painter.fillRect(image.rect(), sky)
    painter.setBrush(QColor.fromHsv((hue + 180) % 360, 120, 240))
    painter.drawEllipse(width * (photo_id % 5) // 6, height // 8, width // 6, width // 6)
    painter.setBrush(QColor.fromHsv((hue + 100) % 360, 130, 110))
    painter.drawEllipse(-width // 3, height * 2 // 3, width, height)
    painter.setBrush(QColor.fromHsv((hue + 120) % 360, 140, 80))
    painter.drawEllipse(width // 3, height * 3 // 5, width, height)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "JPEG", 85)
    return bytes(buffer.data().data())


@pytest.fixture
def bridge(qapp: QApplication) -> Iterator[EventBridge]:
    bridge = EventBridge()
    yield bridge
    bridge.close()


@pytest.fixture
def drawing_reader(bridge: EventBridge) -> Iterator[DrawingReader]:
    """A reader that delivers to `bridge`; see DrawingReader."""
    reader = DrawingReader(bridge.deliver)
    yield reader
    reader.close()
