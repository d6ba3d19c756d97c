# SPDX-License-Identifier: MIT
"""Comparing a directory's listing with the catalogue, and writing down what differs.

A photo is the same while its size and time are. A file keeps its identity when it is renamed or
moved on its disk, and takes its photo along; of two names for one file (hard links), each is a
photo of its own. A photo that disappears is only marked as gone: it lives again when its file
appears, here or in another directory.
"""

from collections.abc import Collection

from msgspec import Struct, field

from gallery_search.catalogue.embeddings import EmbeddingStore
from gallery_search.catalogue.photos import Catalogue, FileFacts, Photo
from gallery_search.pipeline.watching.listing import DirectoryListing, file_id_at
from gallery_search.records import PhotoId


class Differences(Struct):
    """What a listing changed, by photo id.

    Attributes:
        pending: photos to read: new ones, and ones with new content.
        gone: photos that can no longer be found.
        back: photos that can be found again, without having been read again.
        moved: photos at a new place; those of them that were gone are in `back` too.
    """

    pending: list[PhotoId] = field(default_factory=list)
    gone: list[PhotoId] = field(default_factory=list)
    back: list[PhotoId] = field(default_factory=list)
    moved: list[PhotoId] = field(default_factory=list)


def reconcile(
    catalogue: Catalogue,
    store: EmbeddingStore,
    listing: DirectoryListing,
    offline: Collection[int] = (),
) -> Differences:
    """Bring the catalogue up to a listing, in one transaction; raises CatalogueError.

    Of directories that are no longer there, `paging.vanished` makes listings of their own. Photos
    of `offline` folders, by id, are not taken for moved.
    """
    with catalogue.transaction():
        return _Comparison(catalogue, store, listing, offline).run()


class _Comparison:
    """One listing and what is known of its places."""

    def __init__(
        self,
        catalogue: Catalogue,
        store: EmbeddingStore,
        listing: DirectoryListing,
        offline: Collection[int],
    ) -> None:
        self._catalogue = catalogue
        self._store = store
        self._listing = listing
        self._offline = offline
        self._known = {photo.name: photo for photo in _known(catalogue, listing)}
        self._known_ids = {photo.photo_id for photo in self._known.values()}
        self._file_ids = {facts.name: facts.file_id for facts in listing.files}
        self._unsure = listing.unsettled | listing.unread
        self._displaced: list[Photo] = []  # another photo's file is at their places
        self._found = Differences()

    def run(self) -> Differences:
        new = [facts for facts in self._listing.files if not self._is_as_known(facts)]
        # Photos that changed their places first, so that what is left is new: names may have been
        # swapped, or passed on from one photo to the next.
        for facts in [facts for facts in new if not self._is_taken_as_moved(facts)]:
            self._take_new(facts)
        self._miss()
        return self._found

    def _is_as_known(self, facts: FileFacts) -> bool:
        """Whether the photo of this place is unchanged; one that had gone is taken back."""
        photo = self._known.get(facts.name)
        if photo is None or not _is_same(photo, facts):
            return False
        if photo.file_id != facts.file_id:
            if self._may_be_another(photo, facts):
                return False
            # A disk that is plugged in anew gives its files other identities.
            self._catalogue.set_file_id(photo.photo_id, facts.file_id)
        if photo.state == "gone":
            self._take_back(photo)
        return True

    def _may_be_another(self, photo: Photo, facts: FileFacts) -> bool:
        """Whether the file was known as another photo's, of the same size and time.

        Then only reading tells: either two such files changed places, or the disk that was plugged
        in anew happens to number its files like that.
        """
        return facts.file_id is not None and any(
            other.photo_id != photo.photo_id and _is_same(other, facts)
            for other in self._catalogue.photos_by_file(facts.file_id)
        )

    def _is_taken_as_moved(self, facts: FileFacts) -> bool:
        """Take a photo to this place if its file is here now, and no longer where it was."""
        here = self._known.get(facts.name)
        if facts.file_id is None or (here is not None and _is_same(here, facts)):
            return False
        for photo in self._catalogue.photos_by_file(facts.file_id):
            if _is_same(photo, facts) and not self._is_at_its_place(photo):
                break
        else:
            return False
        if here is not None and here.state != "gone":
            if photo.content_hash is None:
                return False  # written under another name for a moment, then put in place
            self._displaced.append(here)
        self._catalogue.move(
            photo.photo_id, self._listing.folder_id, self._listing.directory, facts
        )
        self._found.moved.append(photo.photo_id)
        if photo.state == "gone":
            self._take_back(photo)
        return True

    def _is_at_its_place(self, photo: Photo) -> bool:
        """Whether the file of a photo is still where it was: then another place is a hard link."""
        if photo.folder_id in self._offline:
            return True  # its drive is away; a copy on another may have its number there
        if photo.photo_id in self._known_ids:
            # The listing knows better than the disk where "a.jpg" and "A.jpg" are the same.
            is_there = self._file_ids.get(photo.name) == photo.file_id
            return is_there or photo.name in self._unsure
        return photo.file_id == file_id_at(photo.path)

    def _take_new(self, facts: FileFacts) -> None:
        photo = self._known.get(facts.name)
        if photo is None or photo.photo_id in self._found.moved:
            photo_id = self._catalogue.add_photo(
                self._listing.folder_id, self._listing.directory, facts
            )
        else:
            photo_id = photo.photo_id
            self._catalogue.set_changed(photo_id, facts)
        self._found.pending.append(photo_id)

    def _take_back(self, photo: Photo) -> None:
        has_embedding = photo.content_hash is not None and self._store.is_stored(
            photo.photo_id, photo.content_hash
        )
        self._catalogue.set_back(photo.photo_id, has_embedding=has_embedding)
        (self._found.back if has_embedding else self._found.pending).append(photo.photo_id)

    def _miss(self) -> None:
        there = self._file_ids.keys() | self._unsure
        missing = [photo for name, photo in self._known.items() if name not in there]
        self._found.gone += [
            photo.photo_id
            for photo in (*missing, *self._displaced)
            if photo.state != "gone" and photo.photo_id not in self._found.moved
        ]
        self._catalogue.set_gone(self._found.gone)


def _known(catalogue: Catalogue, listing: DirectoryListing) -> list[Photo]:
    place = listing.folder_id, listing.directory
    if listing.names is not None:
        return catalogue.photos_named(*place, listing.names)
    return catalogue.photos_in_directory(*place, listing.after, listing.up_to)


def _is_same(photo: Photo, facts: FileFacts) -> bool:
    return photo.size_bytes == facts.size_bytes and photo.mtime_ns == facts.mtime_ns
