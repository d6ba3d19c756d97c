# SPDX-License-Identifier: MIT
"""The frozen records that cross the boundaries between layers and threads.

Photos are named by their catalogue id, never by a row of a grid. Paths are `str` as
`os.fsdecode` gives them, so an undecodable byte is a surrogate escape; only the database holds
bytes.
"""

from typing import TYPE_CHECKING, Literal, TypeAlias, Union

from msgspec import Struct

from gallery_search import sources
from gallery_search.backbone_status import BackboneStatus
from gallery_search.choices import DevicesChanged, ExclusionsChanged
from gallery_search.duplicates import DuplicatesFailed, DuplicatesFound, DuplicatesProgress
from gallery_search.manners import FULL_PACE, MannersChanged, Pace
from gallery_search.maps import MapFailed, MapLoaded, MapProgress
from gallery_search.matches import MatchExplained, MatchFailed
from gallery_search.pictures import PictureFailed, PictureLoaded, PictureThumbnail
from gallery_search.remembered import SearchesLoaded, SearchRecalled, SearchSaved
from gallery_search.similarity import SimilarityScale

if TYPE_CHECKING:  # the window is on the screen without it
    import numpy as np
    import numpy.typing as npt

# What one can search with, under the name by which all else knows it.
PhotoId: TypeAlias = sources.PhotoId
Region: TypeAlias = sources.Region
PathSource: TypeAlias = sources.PathSource
BytesSource: TypeAlias = sources.BytesSource
PhotoSource: TypeAlias = sources.PhotoSource
TextSource: TypeAlias = sources.TextSource
ImageSource: TypeAlias = sources.ImageSource

# Texts that are not evaluated, in a union, as only that can be joined with None by "|".
Pixels: TypeAlias = Union["npt.NDArray[np.uint8]"]
Embeddings: TypeAlias = Union["npt.NDArray[np.float32]"]

# --- images and what the network sees of them -------------------------------------------------


class InputSpec(Struct, frozen=True):
    """The network input that a backbone wants and `imaging` makes: RGB, (size_px, size_px, 3).

    Attributes:
        fit: "squash" resizes to size_px x size_px; "crop" resizes the shorter side to
            `shorter_side_px` and takes the centre size_px x size_px.
        size_px: side of the square that the network sees.
        shorter_side_px: for "crop" only, at least `size_px`.
        interpolation: the filter of the resize.
        max_cut: for "squash" only: up to this part of the longer side, from 0 to 1, is first cut
            away, half at each end, but never more than makes the image a square.
    """

    fit: Literal["squash", "crop"]
    size_px: int
    shorter_side_px: int
    interpolation: Literal["bilinear", "bicubic"]
    max_cut: float = 0.0


class DecodedImage(Struct, frozen=True):
    """All that one reading of an image file yields.

    Attributes:
        network_input: (size_px, size_px, 3) uint8 RGB, upright.
        thumbnail: JPEG, upright, longer side at most 512 px; the image may be smaller.
        width: of the upright full image in pixels; likewise `height`.
        content_hash: BLAKE2b-128 of the file's bytes.
        image_format: Pillow's name of the format found in the content, such as "JPEG"; of all RAW
            files "RAW".
        taken_at: EXIF date in seconds since 1970 as if the camera's clock were UTC, or None.
        size_bytes: of the file that was read; with `mtime_ns` it tells whether the file has
            changed since it was listed. For an image in memory, `mtime_ns` is 0.
        read_share: of the time that all this took, the share (0 to 1) spent on reading the file.
        is_preview: the pixels are those of a small picture of itself that the file holds; all else
            is as if the photo itself had been decoded.
        processor_s: what it took of the processor's time.
    """

    network_input: Pixels
    thumbnail: bytes
    width: int
    height: int
    content_hash: bytes
    image_format: str
    taken_at: int | None
    size_bytes: int
    mtime_ns: int
    read_share: float = 0.0
    is_preview: bool = False
    processor_s: float = 0.0


class DecodeFailure(Struct, frozen=True):
    """Why an image could not be read, as one sentence without the file's name.

    Attributes:
        is_transient: a later try may succeed.
        is_missing: no file is there.
        processor_s: what it took of the processor's time to find that out.
    """

    reason: str
    is_transient: bool
    is_missing: bool = False
    processor_s: float = 0.0


class Neighbours(Struct, frozen=True):
    """The answer of an index: ids with their cosine similarities, best first."""

    photo_ids: "npt.NDArray[np.int64]"
    similarities: Embeddings


# --- events from the library; each may arrive on any thread -----------------------------------


class Hit(Struct, frozen=True):
    """One photo that a search found; `similarity` is the cosine, 1.0 for the same image."""

    photo_id: PhotoId
    path: str
    similarity: float
    folder_id: int = 0


class PartAnswer(Struct, frozen=True):
    """What became of one part of a combined query.

    Attributes:
        name: what to call it.
        thumbnail: JPEG of the image, or None for words and where it could not be made.
        problem: why it could not be used, as a sentence without its name; None where it was.
    """

    name: str
    thumbnail: bytes | None
    problem: str | None = None


class QueryResult(Struct, frozen=True):
    """Answer to a QueryRequest.

    Attributes:
        name: what to call the query: a file's name, "Pasted image", or the words themselves.
        thumbnail: JPEG of the one image that was asked for, or None.
        searched: photos that have an embedding, passed the filters and were searched.
        total: photos in the library.
        seconds: from taking the request up to the answer.
        passing: photos that passed the filters, indexed or not; None where there were no filters.
        scale: what the similarities mean; None for words, combined queries, and small libraries.
        parts: of a combined query, in its order; those with a problem were left out of the search.
    """

    request_id: int
    name: str
    thumbnail: bytes | None
    hits: tuple[Hit, ...]
    searched: int
    total: int
    seconds: float
    passing: int | None = None
    scale: SimilarityScale | None = None
    parts: tuple[PartAnswer, ...] = ()

    @property
    def is_partial(self) -> bool:
        """Whether photos that might be found are still to be indexed."""
        return self.searched < (self.total if self.passing is None else self.passing)


class QueryFailed(Struct, frozen=True):
    """A query that could not be answered, with a sentence that says why."""

    request_id: int
    reason: str


class PhotosChanged(Struct, frozen=True):
    """Photos that came, went, or changed on disk, in one batch; `reader` has the new state."""

    added: tuple[PhotoId, ...]
    removed: tuple[PhotoId, ...]
    changed: tuple[PhotoId, ...]


Activity: TypeAlias = Literal[
    "idle", "preparing", "scanning", "indexing", "refining", "switching", "paused", "waiting"
]
Bottleneck: TypeAlias = Literal["decoding", "network", "disk"]


class IndexProgress(Struct, frozen=True):
    """How far indexing has come.

    Attributes:
        activity: what the worker does; "preparing" while the network is being loaded, "switching"
            while photos are embedded with the backbone that is to take over, "refining" while
            photos that searches find by their preview are read as a whole, "waiting" while photos
            wait for what `pace` says.
        indexed: photos that can be found by a search; for "refining" those that were read as a
            whole, so that the others are what is left to do.
        failed: photos that could not be read.
        total: photos known; `total - indexed - failed` are waiting.
        photos_per_second: over the last seconds, or None before there is a rate.
        seconds_left: estimate for the waiting photos, or None.
        bottleneck: what sets the pace of indexing now, or None where nothing is indexed.
        backbone: for "switching" the name of the backbone that is to take over, whose counts the
            others then are; else None.
        problem: why indexing waits, such as a full disk, as a sentence; None where it does not.
        pace: how fast it may go, out of consideration for the user.
    """

    activity: Activity
    indexed: int
    failed: int
    total: int
    photos_per_second: float | None
    seconds_left: float | None
    bottleneck: Bottleneck | None = None
    backbone: str | None = None
    problem: str | None = None
    pace: Pace = FULL_PACE


class BackbonesChanged(Struct, frozen=True):
    """All backbones, sent when asked for and whenever one of them changes."""

    backbones: tuple[BackboneStatus, ...]


FolderState: TypeAlias = Literal["watching", "offline", "polling"]


class FolderStatus(Struct, frozen=True):
    """A watched folder, how it is watched, and how many photos it has, read or still to be read.

    `drive` is what to call the drive that it is on, to be shown while it is offline.
    """

    folder_id: int
    path: str
    state: FolderState
    photos: int
    drive: str = ""


class FoldersChanged(Struct, frozen=True):
    """All watched folders, sent whenever one of them, its state or its count changes."""

    folders: tuple[FolderStatus, ...]


class PhotoFailed(Struct, frozen=True):
    """A file that could not be indexed, with the reason in one sentence."""

    photo_id: PhotoId
    path: str
    reason: str


class Notice(Struct, frozen=True):
    """One sentence that the user should see, such as a folder that cannot be read.

    Attributes:
        is_problem: IndexProgress tells, too, for as long as it lasts; commands end with it.
    """

    text: str
    is_problem: bool = False


# --- what the reader serves to the grid -------------------------------------------------------


class PhotoRow(Struct, frozen=True):
    """What a tile shows of a photo, and what can be done with it."""

    photo_id: PhotoId
    path: str
    folder_id: int = 0


class OrderLoaded(Struct, frozen=True):
    """Ids of all photos of the library, newest first, int64."""

    photo_ids: "npt.NDArray[np.int64]"


class RowsLoaded(Struct, frozen=True):
    """Rows that were asked for; ids that are no longer in the library are left out."""

    rows: tuple[PhotoRow, ...]


class ThumbnailLoaded(Struct, frozen=True):
    """A thumbnail that was asked for: a JPEG, or None where there is none (yet)."""

    photo_id: PhotoId
    jpeg: bytes | None


class FailuresLoaded(Struct, frozen=True):
    """All files that could not be indexed."""

    failures: tuple[PhotoFailed, ...]


Event: TypeAlias = (
    QueryResult
    | QueryFailed
    | DuplicatesProgress
    | DuplicatesFound
    | DuplicatesFailed
    | MapProgress
    | MapLoaded
    | MapFailed
    | PhotosChanged
    | IndexProgress
    | FoldersChanged
    | BackbonesChanged
    | MannersChanged
    | ExclusionsChanged
    | DevicesChanged
    | Notice
    | OrderLoaded
    | RowsLoaded
    | ThumbnailLoaded
    | PictureThumbnail
    | PictureLoaded
    | PictureFailed
    | MatchExplained
    | MatchFailed
    | FailuresLoaded
    | SearchesLoaded
    | SearchRecalled
    | SearchSaved
)
