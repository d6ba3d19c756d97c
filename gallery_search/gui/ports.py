# SPDX-License-Identifier: MIT
"""What the window asks of the library: three interfaces that the pipeline fulfils.

Nothing here waits: every call returns at once, and the answer is a record that the library
delivers on a thread of its own to one callable, `EventBridge.deliver`.
"""

from collections.abc import Sequence
from typing import Protocol

from gallery_search.manners import Manners
from gallery_search.pictures import PictureRequest
from gallery_search.queries import MatchRequest, QueryRequest
from gallery_search.records import PhotoId
from gallery_search.remembered import KeptSearch, SearchKind


class Reader(Protocol):
    """Serves what the grid shows; may be called on any thread, answers on the reader thread."""

    def request_order(self) -> None:
        """Ask for the ids of all photos, newest first; answered by OrderLoaded."""

    def request_rows(self, photo_ids: Sequence[PhotoId]) -> None:
        """Ask for paths; answered by RowsLoaded, in one record or several."""

    def request_thumbnails(self, photo_ids: Sequence[PhotoId]) -> None:
        """Ask for thumbnails in this order; answered by one ThumbnailLoaded for each.

        The latest call wins: ids of earlier calls that were not served yet are dropped.
        """

    def request_thumbnails_beside(self, view: str, photo_ids: Sequence[PhotoId]) -> None:
        """Likewise for a view beside the grid, which is served first; none drops another's ids."""

    def request_picture(self, request: PictureRequest) -> None:
        """Ask for a photo as it is shown in the viewer; what answers says PictureRequest.

        A request overtakes earlier ones whose photo nobody has begun to decode; those are not
        answered any more.
        """

    def request_failures(self) -> None:
        """Ask for the files that could not be indexed; answered by FailuresLoaded."""


class SearchKeeper(Protocol):
    """Keeps searches beyond the end of the program."""

    def request_all(self) -> None:
        """Ask for all searches that are kept; answered by SearchesLoaded."""

    def recall(self, kind: SearchKind, search_id: int) -> None:
        """Ask for one search; answered by SearchRecalled, or by SearchesLoaded if it is gone."""

    def remember(self, search: KeptSearch, instead_of: KeptSearch | None = None) -> None:
        """Note what was searched for, in the place of what it is a variant of."""

    def save(self, search: KeptSearch) -> None:
        """Save a search; answered by SearchSaved and SearchesLoaded, or by a Notice."""

    def rename(self, search_id: int, name: str) -> None:
        """Call a saved search otherwise; answered by SearchesLoaded, as the following."""

    def remove(self, kind: SearchKind, search_id: int) -> None:
        """Forget a search."""

    def clear(self) -> None:
        """Forget all recent searches."""

    def set_remembering(self, *, is_remembering: bool) -> None:
        """Keep recent searches from now on, or no longer; those that are kept stay."""


class Choices(Protocol):
    """Takes what the user sets; any thread."""

    def change_exclusions(self, add: Sequence[str], remove: Sequence[str]) -> None:
        """Leave more folders and names out of the library, and no longer leave others out.

        Answered by ExclusionsChanged, or by a Notice that says why not. Photos that are left out
        leave the library, and come back when they are taken back; files are never touched.

        Args:
            add: absolute paths of folders, and patterns of names without a "/".
            remove: some of those that were told by ExclusionsChanged.
        """

    def request_devices(self) -> None:
        """Ask where the network may run; answered by DevicesChanged, perhaps after seconds."""

    def use_device(self, device: str) -> None:
        """Have the network run on one of `settings.DEVICES`; answered by DevicesChanged.

        Until it is loaded there it goes on where it is. A Notice says why it cannot run there.
        """


class Maps(Protocol):
    """Makes the map of all photos; any thread."""

    def request(self, *, is_new: bool = False) -> None:
        """Ask for the map; answered by MapLoaded or MapFailed, and before by MapProgress.

        `is_new`: make it anew, in the place of the one that is kept.
        """

    def cancel(self) -> None:
        """End what is under way; each request answers MapFailed."""


class Library(Protocol):
    """The folders, the index and the queries of one library."""

    @property
    def reader(self) -> Reader:
        """What serves the grid."""

    @property
    def search_keeper(self) -> SearchKeeper:
        """What keeps searches."""

    @property
    def choices(self) -> Choices:
        """What takes the settings that the library keeps."""

    @property
    def maps(self) -> Maps:
        """What makes the map."""

    def start(self) -> None:
        """Start working; the window calls it once it is on the screen."""

    def add_folder(self, path: str) -> None:
        """Watch a folder; answered by FoldersChanged, or by a Notice that says why not."""

    def remove_folder(self, folder_id: int) -> None:
        """Stop watching a folder and forget its photos; the files stay as they are."""

    def expect_query(self) -> None:
        """Get ready for a query by an image that is about to come."""

    def search(self, request: QueryRequest) -> None:
        """Find the photos most like an image; answered by QueryResult or QueryFailed."""

    def request_match(self, request: MatchRequest | None) -> None:
        """Ask which parts of a photo match; answered by MatchExplained or MatchFailed.

        The latest call wins: earlier ones are dropped unanswered, all of them by None.
        """

    def request_duplicates(self) -> None:
        """Look for all duplicates; answered by DuplicatesFound or DuplicatesFailed.

        DuplicatesProgress tells how far it is.
        """

    def cancel_duplicates(self) -> None:
        """End the searches for duplicates under way; each answers DuplicatesFailed."""

    def request_distinct(self, paths: Sequence[str], *, is_distinct: bool) -> None:
        """Remember that no two of these are duplicates, or forget it; a Notice says why not."""

    def pause(self) -> None:
        """Stop indexing; queries are answered as before."""

    def resume(self) -> None:
        """Go on with indexing."""

    def set_manners(self, manners: Manners) -> None:
        """Index as considerately as this from now on; answered by MannersChanged."""

    def retry_failures(self) -> None:
        """Try again to index every file that failed."""

    def request_backbones(self) -> None:
        """Ask for the networks and their states; answered by BackbonesChanged."""

    def download_backbone(self, name: str) -> None:
        """Fetch a network's weights; BackbonesChanged tells how far it is, and of its end."""

    def cancel_download(self, name: str) -> None:
        """Break a download off; what has come is kept, and the next download goes on from it."""

    def import_backbone(self, name: str, path: str) -> None:
        """Take a network's weights from a file; answered by BackbonesChanged and a Notice."""

    def use_backbone(self, name: str) -> None:
        """Embed all photos with this network, which then answers the queries."""

    def delete_backbone_data(self, name: str) -> None:
        """Delete an idle network's embeddings, index, converted networks and weights."""
