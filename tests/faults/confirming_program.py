# SPDX-License-Identifier: MIT
"""A program that indexes a folder and writes down, at once, which photos it was told are found.

`python confirming_program.py LIBRARY FOLDER COUNT`; a line of photo ids on standard output for each
PhotosChanged, and "built" after the index was built. It ends when COUNT photos are indexed.
"""

import os
import sys
import threading
from pathlib import Path

from gallery_search.pipeline.library import Library
from gallery_search.records import Event, IndexProgress, PhotosChanged


def main(root: str, folder: str, count: int) -> None:
    """Index and confirm."""
    library = Library(Path(root), device="cpu")
    is_done = threading.Event()

    def take(event: Event) -> None:
        """Called on the worker's thread, between two batches."""
        if isinstance(event, PhotosChanged) and event.added:
            os.write(1, b" ".join(b"%d" % photo_id for photo_id in event.added) + b"\n")
        if isinstance(event, IndexProgress) and (event.activity, event.indexed) == ("idle", count):
            is_done.set()

    library.subscribe(take)
    library.start()
    library.pause()  # writes the settings
    library.resume()
    library.add_folder(folder)
    is_done.wait(240.0)
    library.close()
    os.write(1, b"closed\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
