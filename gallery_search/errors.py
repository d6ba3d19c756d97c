# SPDX-License-Identifier: MIT
"""The exceptions of the program, each with one sentence for the person in front of it.

`ExternalError` is the environment's doing (an unreadable file, a full disk, a second program on
the same library): show the sentence and go on. Anything else that is raised is a bug of ours: it
is logged with its traceback, and the user gets a sentence that says where the log is.
"""


class GalleryError(Exception):
    """Base of all errors that this program raises on purpose; `str()` is the sentence."""


class ExternalError(GalleryError):
    """Something outside the program went wrong; the sentence says what to do about it."""


class FolderError(ExternalError):
    """A folder that was asked for does not exist, is no folder, or may not be read."""


class ImageUnreadableError(ExternalError):
    """An image file that cannot be shown.

    Attributes:
        is_transient: a later try may succeed (the file was locked, or memory was short).
    """

    def __init__(self, reason: str, *, is_transient: bool = False) -> None:
        super().__init__(reason)
        self.is_transient = is_transient


class ChildError(ExternalError):
    """A child process ended, or was ended at its time limit, before it answered."""


class ChildTimeoutError(ChildError):
    """A child process was ended at its time limit."""


class BackboneError(ExternalError):
    """A backbone is unknown, its weights are missing, or it failed on a device."""


class BackboneRefusedError(BackboneError):
    """A backbone cannot be made ready for lack of room or permission; later it may be."""


class DownloadError(ExternalError):
    """A file was not downloaded; nothing of it is at its place."""


class DownloadCancelledError(DownloadError):
    """A download was stopped because its caller asked for that; the next goes on from there."""


class ExperimentStoppedError(ExternalError):
    """An experiment was stopped because its caller asked for that; the next goes on from there."""

    def __init__(self) -> None:
        super().__init__("The experiment was stopped. What was done is kept.")


class CatalogueError(ExternalError):
    """A database of the library cannot be opened, read or written."""


class CatalogueRefusedError(CatalogueError):
    """The disk, its permissions or another program stand in the way; the file may be sound."""


class CatalogueDamagedError(CatalogueError):
    """A file of the library is no database, or a damaged one."""


class CatalogueTooNewError(CatalogueError):
    """The library was written by a newer version of the program; it is left untouched."""


class LibraryInUseError(ExternalError):
    """Another process owns the library and did not take the request over."""
