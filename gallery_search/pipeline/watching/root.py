# SPDX-License-Identifier: MIT
"""What the scanner knows of one watched folder: where it is, how it is watched, and its looks."""

import threading

from msgspec import Struct, field

from gallery_search.catalogue.rows import Folder
from gallery_search.pipeline.drives.places import Place
from gallery_search.pipeline.watching.looks import LookQueue
from gallery_search.pipeline.watching.vigil import Vigil
from gallery_search.records import FolderState


class Root(Struct):
    """A folder at work; all fields are guarded by the scanner's lock."""

    folder: Folder
    vigil: Vigil | None  # where folders are watched; only for the folder's thread
    state: FolderState | None = None  # None: not looked at yet
    place: Place | None = None  # where it was last seen; None while it is offline
    told: object = None  # of its place, to `on_place`
    is_found: bool = False  # by a check; the folder's thread has yet to see to its watch
    is_busy: bool = False
    looks: LookQueue = field(default_factory=LookQueue)
    thread: threading.Thread | None = None

    @property
    def path(self) -> str:
        """Where the folder is, or was last."""
        return self.folder.path
