# SPDX-License-Identifier: MIT
"""Photos that hold a preview, as far as the pipeline can tell: no encoder of HEIC is at hand.

They are JPEGs whose names begin with "phone". A stand-in at the pool's boundary decodes them as the
real children do, blurs what comes where a preview is accepted, and lets tests hold the reading of
whole photos up, or fail it.
"""

import io
import os
import threading
from collections.abc import Callable

import numpy as np
import pytest
from msgspec.structs import replace
from PIL import Image

from gallery_search.imaging.pool import DecoderPool
from gallery_search.records import DecodedImage, DecodeFailure, PathSource

PREVIEW_PX = 40  # the longer side of a preview's thumbnail


class Phones:
    """What happens to the photos whose names begin with "phone".

    Attributes:
        failure: what reading a whole one gives, in place of its image.
        whole: the names of those that were read as a whole, or failed, in their order.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.failure: DecodeFailure | None = None
        self.whole: list[str] = []
        self._lock = threading.Lock()  # guards the two below
        self._is_held = False
        self._held: list[Callable[[], None]] = []
        original = DecoderPool.submit

        def submit(pool, source, spec, on_done, *, urgency="ordinary", accepts_preview=False):
            name = os.path.basename(source.path) if isinstance(source, PathSource) else ""
            if not name.startswith("phone"):
                original(pool, source, spec, on_done, urgency=urgency)
            elif accepts_preview:
                original(pool, source, spec, lambda result: on_done(_blurred(result)))
            else:
                begin = lambda: original(  # noqa: E731
                    pool, source, spec, lambda result: on_done(self._whole(name, result)),
                    urgency=urgency,
                )  # fmt: skip
                if urgency == "query" or not self._is_to_wait(begin):
                    begin()

        monkeypatch.setattr(DecoderPool, "submit", submit)

    def hold(self) -> None:
        """From now on, none is read as a whole until `go_on`, but for queries."""
        with self._lock:
            self._is_held = True

    def go_on(self) -> None:
        """Let whole photos be read."""
        with self._lock:
            self._is_held = False
            held, self._held = self._held, []
        for begin in held:
            begin()

    def _is_to_wait(self, begin: Callable[[], None]) -> bool:
        with self._lock:
            if self._is_held:
                self._held.append(begin)
            return self._is_held

    def _whole(
        self, name: str, result: DecodedImage | DecodeFailure
    ) -> DecodedImage | DecodeFailure:
        if isinstance(result, DecodeFailure):
            return result
        with self._lock:
            self.whole.append(name)
        return self.failure or result


def is_preview(thumbnail: bytes | None) -> bool:
    """Whether a thumbnail is that of a preview."""
    assert thumbnail is not None
    with Image.open(io.BytesIO(thumbnail)) as image:
        return max(image.size) <= PREVIEW_PX


def _blurred(image: DecodedImage | DecodeFailure) -> DecodedImage | DecodeFailure:
    if isinstance(image, DecodeFailure):
        return image
    pixels = Image.fromarray(image.network_input)
    small = pixels.reduce(8)
    with Image.open(io.BytesIO(image.thumbnail)) as thumbnail:
        thumbnail.thumbnail((PREVIEW_PX, PREVIEW_PX))
        file = io.BytesIO()
        thumbnail.save(file, "JPEG")
    return replace(
        image,
        network_input=np.array(small.resize(pixels.size)),
        thumbnail=file.getvalue(),
        is_preview=True,
    )
