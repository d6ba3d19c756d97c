# SPDX-License-Identifier: MIT
"""Fetches the museum's file of its works, for those who have not got it."""

import contextlib
import queue
import threading
from pathlib import Path

from gallery_search import net
from gallery_search.errors import DownloadError, ExperimentStoppedError
from gallery_search.experiments.progress import OnProgress, Progress

# The table has about 50 MB, the same as JSON 120 MB. Not the address of the file in the museum's
# repository: there lies a pointer of Git LFS.
ARTWORKS = net.Download(
    "https://media.githubusercontent.com/media/MuseumofModernArt/collection/main/Artworks.csv"
)
_LOOK_S = 0.25
_JOIN_S = 2.0


def download_artworks(
    what: net.Download, target: Path, on_progress: OnProgress, stop: threading.Event
) -> None:
    """Fetch the file, or what is missing of it; blocks until it is there or `stop` is set.

    It comes on a thread of its own, so that Ctrl+C is heard on every system.

    Raises:
        ExperimentStoppedError: `stop` was set.
        DownloadError: with a sentence that says what to do.
        KeyboardInterrupt: with one that says how to go on.
    """
    told: queue.SimpleQueue[net.Progress | Exception | None] = queue.SimpleQueue()
    is_cancelled = threading.Event()

    def work() -> None:
        try:
            net.download(what, target, on_progress=told.put, is_cancelled=is_cancelled)
        except Exception as error:  # noqa: BLE001 - raised again below, where it is heard
            told.put(error)
        else:
            told.put(None)

    thread = threading.Thread(target=work, name="artworks", daemon=True)
    thread.start()
    try:
        while not stop.is_set():
            with contextlib.suppress(queue.Empty):
                news = told.get(timeout=_LOOK_S)
                if news is None:
                    return
                if isinstance(news, net.GoneError):
                    raise DownloadError(
                        "Download the museum's Artworks file with a browser and name it with "
                        f"--artworks: it is not at {what.url} any more."
                    )
                if isinstance(news, Exception):
                    raise news
                on_progress(_progress(news))
    except KeyboardInterrupt:
        raise KeyboardInterrupt(
            "Stopped. What has come of the museum's file is kept; give the same command again to "
            "go on."
        ) from None
    finally:
        is_cancelled.set()
        thread.join(_JOIN_S)
    raise ExperimentStoppedError


def _progress(progress: net.Progress) -> Progress:
    per_second = progress.bytes_per_second
    return Progress(
        "the museum's file",
        round(progress.received_bytes / 1e6),
        round((progress.total_bytes or progress.received_bytes) / 1e6),
        "MB",
        None if per_second is None else per_second / 1e6,
        progress.seconds_left,
    )
