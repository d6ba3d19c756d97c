# SPDX-License-Identifier: MIT
"""Decoding photos for somebody who looks at them, and leafs on before all are decoded."""

import threading
from collections.abc import Callable, Collection
from functools import partial

from gallery_search.imaging.pool import DecoderPool
from gallery_search.language import mark
from gallery_search.pictures import (
    VIEWER_PANE,
    DecodedPicture,
    PictureFailed,
    PictureLoaded,
    PictureRequest,
)
from gallery_search.records import DecodeFailure, Event, PhotoRow

# So that the next photo need not wait for the long decode of one that is no longer looked at,
# and photos that were only leafed past do not keep all decoders busy.
_AT_A_TIME = 2


class Pictures:
    """Has pictures decoded, the latest request of each pane; may be called on any thread.

    A request that waits is dropped without an answer when a newer one of its pane comes, unless
    that is only made ahead. Answers are told to `emit` on a decoder's thread, or where the request
    was made.
    """

    def __init__(
        self, pool: DecoderPool, emit: Callable[[Event], None], offline: Collection[int]
    ) -> None:
        """Take what decodes and what is told; `offline` has the ids of folders, and may change."""
        self._pool = pool
        self._emit = emit
        self._offline = offline
        self._lock = threading.Lock()  # guards all below
        self._running = 0
        self._waiting: dict[int, tuple[PictureRequest, PhotoRow]] = {}  # by pane
        self._ahead: tuple[PictureRequest, PhotoRow] | None = None

    def request(self, request: PictureRequest, row: PhotoRow) -> None:
        """Have the photo of a row decoded."""
        if row.folder_id in self._offline:  # a drive that is away may answer after minutes
            reason = mark("The drive of this photo is offline.")
            self._emit(PictureFailed(request.request_id, request.photo_id, reason))
            return
        with self._lock:
            if request.is_ahead:
                self._ahead = request, row
            else:
                self._waiting[request.pane] = request, row
                if request.pane == VIEWER_PANE:
                    self._ahead = None
        self._go_on()

    def _go_on(self) -> None:
        """Begin with what waits, as far as may be; ahead only where nothing else is under way."""
        with self._lock:
            if self._waiting and self._running < _AT_A_TIME:
                # The viewer first: compared photos may still wait that somebody has turned from.
                request, row = self._waiting.pop(min(self._waiting))
            elif self._ahead is not None and not self._waiting and not self._running:
                (request, row), self._ahead = self._ahead, None
            else:
                return
            self._running += 1
        on_done = partial(self._on_decoded, request)
        self._pool.submit_picture(row.path, request.width_px, request.height_px, on_done)

    def _on_decoded(self, request: PictureRequest, result: DecodedPicture | DecodeFailure) -> None:
        try:
            if isinstance(result, DecodeFailure):
                self._emit(PictureFailed(request.request_id, request.photo_id, result.reason))
            else:
                self._emit(PictureLoaded(request.request_id, request.photo_id, result))
        finally:
            with self._lock:
                self._running -= 1
            self._go_on()
