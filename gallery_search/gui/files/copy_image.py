# SPDX-License-Identifier: MIT
"""Copying a photo as an image: its pixels come from the decoder and go to the clipboard."""

import contextlib
import itertools
import sys
import threading

from PySide6.QtCore import QBuffer, QIODevice, QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QImage, QImageWriter

from gallery_search.gui import wording
from gallery_search.gui.events import EventBridge
from gallery_search.gui.ports import Reader
from gallery_search.gui.viewer.picture import Picture
from gallery_search.gui.widgets.notice_bar import NoticeBar
from gallery_search.language import tr
from gallery_search.pictures import CLIPBOARD_PANE, PANES, PictureFailed, PictureRequest
from gallery_search.records import PhotoId

from . import hand_out

_ALL_PX = 1_000_000  # no photo has longer sides, and the decoder has a limit of its own
_PATIENCE_MS = 500  # before the window says that it is at work
_MARK = "gallery_search_copying"  # names the request on what is ours and lay there before
_QUICK = 89  # of QImageWriter: zlib's fastest level, a quarter of the time of its usual one


class ImageCopying(QObject):
    """Copies one photo at a time; what is copied later, by any program, overtakes it.

    The pixels are upright, in sRGB and without anything that the file says besides, such as where
    the photo was taken. GUI thread only; what takes long is done elsewhere.

    Args:
        reader: brings the pixels.
        bridge: delivers them.
        notices: shows that it takes its time, or fails.
    """

    _encoded = Signal(int, object)  # the id of the request, and the PNG as bytes

    def __init__(self, reader: Reader, bridge: EventBridge, notices: NoticeBar) -> None:
        super().__init__(notices)
        self._reader = reader
        self._notices = notices
        self._request_ids = itertools.count(PANES + CLIPBOARD_PANE, PANES)
        self._asked: int | None = None
        self._path = ""
        self._formats: list[str] = []  # of what another program had copied before
        self._sentence = ""  # that says it is at work, where that is shown
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(_PATIENCE_MS)
        self._patience.timeout.connect(self._on_impatient)
        self._encoded.connect(self._on_encoded)
        bridge.picture_made.connect(self._on_picture_made)
        bridge.picture_failed.connect(self._on_picture_failed)
        QGuiApplication.clipboard().dataChanged.connect(self._on_clipboard_changed)

    def start(self, photo_id: PhotoId, path: str) -> None:
        """Copy a photo; a sentence says so if that fails."""
        self._stop()
        self._asked = next(self._request_ids)
        self._path = path
        self._note_clipboard()
        self._patience.start()
        self._reader.request_picture(
            PictureRequest(self._asked, photo_id, _ALL_PX, _ALL_PX, pane=CLIPBOARD_PANE)
        )

    def _stop(self) -> None:
        """Nothing is wanted any more of what is under way."""
        self._asked = None
        self._patience.stop()
        if self._sentence and self._notices.text == self._sentence:
            self._notices.hide()
        self._sentence = ""

    def _note_clipboard(self) -> None:
        if _may_be_told_again():
            clipboard = QGuiApplication.clipboard()
            content, is_own = clipboard.mimeData(), clipboard.ownsClipboard()
            self._formats = [] if is_own else content.formats()
            if is_own:
                content.setProperty(_MARK, self._asked)

    def _on_clipboard_changed(self) -> None:
        """Something else was copied, so that is to stay; but it may be what lay there before."""
        if self._asked is not None and not (_may_be_told_again() and self._is_as_before()):
            self._stop()

    def _is_as_before(self) -> bool:
        """Whether the clipboard has what it had, as far as that can be told without reading it."""
        clipboard = QGuiApplication.clipboard()
        content = clipboard.mimeData()
        if clipboard.ownsClipboard():
            return bool(content.property(_MARK) == self._asked)
        formats = content.formats()
        return not formats or formats == self._formats  # empty, there is nothing to be lost

    def _on_impatient(self) -> None:
        name = wording.shortened(wording.display_name(self._path))
        self._sentence = tr("Copying the image of “{name}”…", name=name)
        self._notices.show_notice(self._sentence)

    def _on_picture_made(self, picture: Picture) -> None:
        request_id = picture.request_id
        if request_id != self._asked or picture.full_size is None:
            return
        if sys.platform == "linux":
            # Programs there ask for PNG, and Qt would encode it on this thread when they do.
            threading.Thread(
                target=self._encode, args=(request_id, picture.image), name="copying"
            ).start()
        else:
            self._put(picture.image)

    def _encode(self, request_id: int, image: QImage) -> None:
        try:
            png = _as_png(image)
        except MemoryError:
            png = b""
        with contextlib.suppress(RuntimeError):  # the window may have gone meanwhile
            self._encoded.emit(request_id, png)

    def _on_picture_failed(self, failure: PictureFailed) -> None:
        if failure.request_id == self._asked:
            self._stop()
            self._notices.show_notice(
                tr("The image was not copied. {reason}", reason=failure.reason)
            )

    def _on_encoded(self, request_id: int, png: bytes) -> None:
        if request_id != self._asked:
            return
        if png:
            self._put(png)
        else:
            self._stop()
            self._notices.show_notice(
                tr("The image was not copied. There is not enough memory for it.")
            )

    def _put(self, image: QImage | bytes) -> None:
        self._stop()
        hand_out.copy_image(image)


def _may_be_told_again() -> bool:
    """Whether the clipboard says that it has changed where it has not.

    Wayland tells of it whenever a window gets the keyboard, such as when a menu has closed.
    """
    return QGuiApplication.platformName().startswith("wayland")


def _as_png(image: QImage) -> bytes:
    """Empty where there is not enough memory, unless that raises `MemoryError`.

    Any thread; Qt lets others run meanwhile.
    """
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(buffer, b"png")
    writer.setQuality(_QUICK)
    return bytes(buffer.data().data()) if writer.write(image) else b""
