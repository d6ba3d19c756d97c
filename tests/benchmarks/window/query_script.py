# SPDX-License-Identifier: MIT
"""Queries by images that are dropped on the window of a large library, idle and while it indexes.

    python query_script.py FIGURES LIBRARY IMAGES FOLDER IDLE BUSY WIDTH HEIGHT

drops IDLE images of the folder IMAGES while nothing is left to do, in turns with decoding and
embedding the same image by itself; then it drops FOLDER, and BUSY images while that is indexed.
"""

import queue
import random
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import user_actions
import watched_program
from frame_meter import FrameMeter
from watched_program import Step, Steps, WatchedWindow

from gallery_search.embedding.backbones import BACKBONES
from gallery_search.embedding.openvino_embedder import OpenVinoEmbedder
from gallery_search.imaging.pool import DecoderPool
from gallery_search.records import DecodedImage, PathSource

_PAUSE_S = 0.25


class DecodeAndEmbed:
    """The least that a query by an image takes, on a thread of its own: one decode, one pass."""

    def __init__(self, models: Path) -> None:
        self._embedder = OpenVinoEmbedder(BACKBONES[0], models)
        self._pool = DecoderPool(1, idle_s=3600.0)
        self.taken_ms: list[float] = []

    def begin(self, image: Path) -> Callable[[], bool]:
        """Begin; returns what tells whether it is done."""
        thread = threading.Thread(target=self._run, args=(image,))
        thread.start()
        return lambda: not thread.is_alive()

    def close(self) -> None:
        self._pool.close()
        self._embedder.close()

    def _run(self, image: Path) -> None:
        started = time.perf_counter()
        decoded: queue.SimpleQueue[object] = queue.SimpleQueue()
        source = PathSource(str(image))
        self._pool.submit(source, BACKBONES[0].network_input, decoded.put, urgency="query")
        result = decoded.get(timeout=60)
        assert isinstance(result, DecodedImage), result
        self._embedder.embed([result.network_input])
        self.taken_ms.append((time.perf_counter() - started) * 1000)


class DropWatch:
    """Times a drop until its hits are painted, and until their thumbnails are; GUI thread only."""

    def __init__(self, window: WatchedWindow) -> None:
        self._window = window
        self.tiles_ms: list[float] = []
        self.thumbnails_ms: list[float] = []  # after the tiles
        self._dropped = self._tiles = 0.0
        self.is_done = True
        FrameMeter(window.grid).before_paint = self._before_paint

    def drop(self, image: Path) -> None:
        self.is_done, self._tiles = False, 0.0
        self._dropped = time.perf_counter()
        user_actions.drop(self._window, [image])

    def _before_paint(self) -> Callable[[], object] | None:
        grid = self._window.grid
        photos, in_view = grid._photos, grid._positions_in_view()
        if self.is_done or photos.similarities is None or not in_view:
            return None
        has_names = all(photos.name_at(position) for position in in_view)
        has_thumbnails = all(
            grid._pixmaps.has_fresh(photos.photo_id_at(position)) for position in in_view
        )
        return (lambda: self._note(has_thumbnails)) if has_names else None

    def _note(self, has_thumbnails: bool) -> None:
        now = time.perf_counter()
        if not self._tiles:
            self._tiles = now
            self.tiles_ms.append((now - self._dropped) * 1000)
        if has_thumbnails and not self.is_done:
            self.is_done = True
            self.thumbnails_ms.append((now - self._tiles) * 1000)


def main(
    figures: str, root: str, images: str, folder: str, idle: str, busy: str, *size: str
) -> None:
    chosen = random.Random(5).sample(sorted(Path(images).iterdir()), int(idle) + 1)
    alone = DecodeAndEmbed(Path(root) / "models")

    def ask(window: WatchedWindow, watch: DropWatch, image: Path) -> Iterator[Step]:
        watch.drop(image)
        yield lambda: watch.is_done
        window.searches.go_to_library()
        yield _PAUSE_S

    def steps(window: WatchedWindow) -> Steps:
        yield lambda: window.activity == "idle"
        yield 1.0
        yield alone.begin(chosen[0])  # starts its decoder
        yield from ask(window, DropWatch(window), chosen[0])
        alone.taken_ms.clear()
        quiet = DropWatch(window)
        for image in chosen[1:]:
            yield alone.begin(image)
            yield _PAUSE_S
            yield from ask(window, quiet, image)
        alone.close()

        window.library.add_folder(folder)
        yield lambda: window.activity == "indexing"
        yield 2.0
        indexing, chance = DropWatch(window), random.Random(6)
        for number in range(int(busy)):
            yield from ask(window, indexing, chosen[1 + number % int(idle)])
            yield chance.uniform(0.0, 0.4)
        watched_program.write_figures(
            figures,
            {
                "alone_ms": alone.taken_ms,
                "tiles_ms": quiet.tiles_ms,
                "thumbnails_ms": quiet.thumbnails_ms,
                "busy_tiles_ms": indexing.tiles_ms,
                "busy_thumbnails_ms": indexing.thumbnails_ms,
                "was_indexing_to_the_end": window.activity == "indexing",
            },
        )
        window.close()

    watched_program.run(Path(root), steps, (int(size[0]), int(size[1])))


if __name__ == "__main__":
    main(*sys.argv[1:])
