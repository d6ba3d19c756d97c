# SPDX-License-Identifier: MIT
"""What a place for a photo asks the reader for: the photo that is shown, sharper ones, the next."""

import itertools
import math
from collections import OrderedDict
from collections.abc import Iterable

from msgspec import Struct
from PySide6.QtCore import QObject, QSize, Signal

from gallery_search.gui.ports import Reader
from gallery_search.pictures import PANES, VIEWER_PANE, PictureFailed, PictureRequest
from gallery_search.records import PhotoId

from .picture import Picture

# The photo that is shown, the one before and the next one, each as large as the screen at most:
# 33 MB on a 4K display.
_KEPT = 3


class _Asked(Struct, frozen=True):
    photo_id: PhotoId
    is_sharper: bool  # than what fits into the view


class PictureLoader(QObject):
    """Asks for pictures, and passes on what is still wanted when it comes. GUI thread only.

    Signals:
        arrived(Picture): of the photo that is shown; its thumbnail, the picture, or a sharper one.
        failed(str): the photo that is shown cannot be; a sentence that says why.

    Attributes:
        most_pixels: sharper pictures are asked for with as many at most; None where the decoder's
            own limit is enough.
    """

    arrived = Signal(object)
    failed = Signal(str)

    def __init__(
        self, reader: Reader, parent: QObject | None = None, *, pane: int = VIEWER_PANE
    ) -> None:
        """Take the reader, and which pane asks, as in `PictureRequest`: one loader for each."""
        super().__init__(parent)
        self.most_pixels: int | None = None
        self._reader = reader
        self._pane = pane
        self._request_ids = itertools.count(PANES + pane, PANES)  # no other pane has the same
        self._shown: PhotoId | None = None
        self._box = QSize()  # what was asked for of the photo shown; no less is worth asking for
        self._next: PhotoId | None = None
        self._view = QSize()
        self._asked: dict[int, _Asked] = {}
        self._kept: OrderedDict[PhotoId, Picture] = OrderedDict()

    def show(self, photo_id: PhotoId, view: QSize, next_id: PhotoId | None = None) -> None:
        """Bring a photo, and after it the one that is probably looked at next.

        Args:
            photo_id: of the photo.
            view: what they are to fit into, in device pixels.
            next_id: of the other photo, if there is one.
        """
        self._shown, self._next, self._view, self._box = photo_id, next_id, view, view
        # What was asked ahead for this photo may be on its way.
        self._asked = {
            request_id: asked
            for request_id, asked in self._asked.items()
            if asked.photo_id == photo_id and not asked.is_sharper
        }
        kept = self._kept.get(photo_id)
        if kept is None:
            self._ask(photo_id, view)
        else:
            self._kept.move_to_end(photo_id)
            self._box = kept.image.size()  # the view may have been smaller then
            self.arrived.emit(kept)
            self._look_ahead()

    def sharpen(self, size: QSize) -> None:
        """Bring the photo that is shown with as many pixels as that, if it has them."""
        size = self._limited(size)
        if self._shown is None or size.boundedTo(self._box) == size:
            return  # no more came when they were asked for
        self._box = self._box.expandedTo(size)
        self._ask(self._shown, size, is_sharper=True)

    def stop(self) -> None:
        """Nothing is shown any more; what is kept goes, too."""
        self._shown = self._next = None
        self._asked.clear()
        self._kept.clear()

    def forget(self, photo_ids: Iterable[PhotoId]) -> None:
        """Keep nothing of photos that changed."""
        for photo_id in photo_ids:
            self._kept.pop(photo_id, None)

    def on_picture_made(self, picture: Picture) -> None:
        """Take a picture; one that nobody waits for any more is dropped."""
        asked = self._asked.get(picture.request_id)
        if asked is None:
            return
        if picture.full_size is not None:
            del self._asked[picture.request_id]
            if not asked.is_sharper:
                self._keep(picture)
        if asked.photo_id != self._shown:
            return
        self.arrived.emit(picture)
        if picture.full_size is not None:
            self._look_ahead()

    def on_picture_failed(self, failure: PictureFailed) -> None:
        """Take the reason why there is no picture; of a sharper one it does not matter."""
        asked = self._asked.pop(failure.request_id, None)
        if asked is not None and asked.photo_id == self._shown and not asked.is_sharper:
            self.failed.emit(failure.reason)

    def _limited(self, size: QSize) -> QSize:
        """A size of the same shape with `most_pixels`, if it has more."""
        pixels = size.width() * size.height()
        if self.most_pixels is None or pixels <= self.most_pixels:
            return size
        scale = math.sqrt(self.most_pixels / pixels)
        return QSize(math.ceil(size.width() * scale), math.ceil(size.height() * scale))

    def _ask(
        self, photo_id: PhotoId, size: QSize, *, is_sharper: bool = False, is_ahead: bool = False
    ) -> None:
        request_id = next(self._request_ids)
        self._asked[request_id] = _Asked(photo_id, is_sharper)
        self._reader.request_picture(
            PictureRequest(request_id, photo_id, size.width(), size.height(), is_ahead, self._pane)
        )

    def _look_ahead(self) -> None:
        photo_id = self._next
        if photo_id is None or photo_id in self._kept:
            return
        if all(asked.photo_id != photo_id for asked in self._asked.values()):
            self._ask(photo_id, self._view, is_ahead=True)

    def _keep(self, picture: Picture) -> None:
        self._kept[picture.photo_id] = picture
        self._kept.move_to_end(picture.photo_id)
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
