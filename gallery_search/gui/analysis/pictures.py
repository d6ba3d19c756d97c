# SPDX-License-Identifier: MIT
"""Pictures of results, read and changed in child processes, kept as pixmaps."""

import functools
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import CancelledError, Future
from typing import Any

from msgspec import Struct
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage, QPixmap

from gallery_search.errors import ChildError, ImageUnreadableError
from gallery_search.experiments.copier_pool import CopierPool
from gallery_search.gui.grid.pixmaps import ThumbnailSize, decode_thumbnail

from .delivery import Delivery

_READERS = 2  # for some sixteen pictures at a time, of which a third of a second is enough each
_KEPT = 400  # of at most 0.5 MB each


class PictureKey(Struct, frozen=True):
    """Which picture, and how large.

    Attributes:
        path: of the photo.
        profile: the name of its copy that is shown; "" for the photo itself.
        seed: of the copy's noise.
        side_px: of the square that it fits into, in device pixels.
    """

    path: str
    profile: str
    seed: int
    side_px: int

    @classmethod
    def of(cls, shown: Mapping[str, Any], side_px: int) -> "PictureKey":
        """The key of a picture as `experiments.analysis_host` tells it."""
        return cls(shown["path"], shown["profile"] or "", shown["seed"], side_px)


class Pictures(QObject):
    """Loads what is wanted; GUI thread, but for making images of files.

    Signals:
        made(PictureKey): it can be painted now, or it is known that it cannot be read.
    """

    made = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = CopierPool(_READERS)
        self._delivery = Delivery(self)
        self._delivery.arrived.connect(self._on_arrived)
        self._under_way: dict[PictureKey, Future[list[bytes]]] = {}
        self._pixmaps: OrderedDict[PictureKey, QPixmap] = OrderedDict()

    def get(self, key: PictureKey) -> QPixmap | None:
        """What to paint; a null pixmap where it cannot be read, None where it is not there yet."""
        pixmap = self._pixmaps.get(key)
        if pixmap is not None:
            self._pixmaps.move_to_end(key)
        return pixmap

    def want(self, keys: Iterable[PictureKey], ratio: float) -> None:
        """Load these, in this order; what was wanted before and has not begun is dropped.

        Args:
            keys: the pictures.
            ratio: device pixels for each logical pixel.
        """
        wanted = dict.fromkeys(keys)
        for key in [key for key in self._under_way if key not in wanted]:
            if self._under_way[key].cancel():
                del self._under_way[key]
        for key in wanted:
            if key not in self._pixmaps and key not in self._under_way:
                future = self._pool.pictures(key.path, key.side_px, [key.profile], key.seed)
                self._under_way[key] = future
                make: Callable[[Future[list[bytes]]], None] = functools.partial(
                    self._make, key, ratio
                )
                future.add_done_callback(make)

    def close(self) -> None:
        """End the readers; nothing more is told."""
        self._delivery.close()
        self._pool.close()

    def _make(self, key: PictureKey, ratio: float, future: Future[list[bytes]]) -> None:
        """Make an image, on the thread of a reader."""
        try:
            (jpeg,) = future.result()
        except CancelledError:
            return
        except (ImageUnreadableError, ChildError):  # or no reader can be started
            image = QImage()
        else:
            image = decode_thumbnail(jpeg, ThumbnailSize(key.side_px, ratio))
        self._delivery.deliver((key, image))

    def _on_arrived(self, thing: object) -> None:
        assert isinstance(thing, tuple)
        key, image = thing
        self._under_way.pop(key, None)
        self._pixmaps[key] = QPixmap.fromImage(image)
        while len(self._pixmaps) > _KEPT:
            self._pixmaps.popitem(last=False)
        self.made.emit(key)
