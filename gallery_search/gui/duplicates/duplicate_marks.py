# SPDX-License-Identifier: MIT
"""Groups of duplicates, and which of their photos are marked to be kept. No Qt."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from msgspec import Struct

from gallery_search.duplicates import DuplicateGroup, DuplicatePhoto

from .keeping import Rule, proposed


class Leaving(Struct, frozen=True):
    """What is to happen to one group.

    Attributes:
        going: photos for the trash.
        staying: photos that can be reached and are kept; at least one.
    """

    going: tuple[DuplicatePhoto, ...]
    staying: tuple[DuplicatePhoto, ...]


class Going(Struct, frozen=True):
    """How much is marked to go: photos, and the bytes of their files together."""

    photos: int = 0
    size_bytes: int = 0


class MarkedGroup(Struct, eq=False):
    """A group as it is shown.

    Attributes:
        photos: those that are there; those first that the rule kept when it was asked.
        similarity: the cosine of the two least alike.
        kept: ids of photos that are not to go.
        is_by_hand: the user changed a mark, so rules leave it alone.
        is_dismissed: the user said that these are no duplicates.
        found: all photos that were found, those included that are gone by now.
    """

    photos: tuple[DuplicatePhoto, ...]
    similarity: float
    kept: frozenset[int] = frozenset()
    is_by_hand: bool = False
    is_dismissed: bool = False
    found: tuple[DuplicatePhoto, ...] = ()


class Marks:
    """The groups of one kind; GUI thread only.

    Photos whose drive is away are never marked to go, and of those that can be reached one is
    always kept: the drive may never come back.

    Attributes:
        groups: those that are shown, each with two photos or more.
        away: names of the drives of folders that cannot be reached, by folder id.
        going: how much is marked to go, kept up to date with every mark.
    """

    def __init__(self) -> None:
        self.groups: list[MarkedGroup] = []
        self.away: Mapping[int, str] = {}
        self.going = Going()
        self._rule: Rule = "quality"
        self._found: list[MarkedGroup] = []
        self._ids: set[int] = set()
        self._out: set[int] = set()  # of these, photos that are gone

    def set_groups(self, groups: Iterable[DuplicateGroup]) -> None:
        """Show these instead, marked by the rule."""
        self._found = [
            MarkedGroup(group.photos, group.similarity, found=group.photos) for group in groups
        ]
        self._ids = {photo.photo_id for group in self._found for photo in group.found}
        self._out = set()
        self._refresh()
        self._arrange()

    def set_rule(self, rule: Rule) -> None:
        """Mark all groups by a rule, but those that the user marked."""
        self._rule = rule
        for group in self._found:
            if not group.is_by_hand:
                group.kept = frozenset()
        self._refresh()
        self._arrange()

    def set_away(self, away: Mapping[int, str]) -> None:
        """Folders went offline or came back: their drives' names, by folder id.

        What comes back is not to go without the user having seen so: groups that were marked by
        hand keep it, the others are marked by the rule again.
        """
        changed = self.away.keys() ^ away.keys()
        self.away = away
        for group in self._found:
            ids = {photo.photo_id for photo in group.found if photo.folder_id in changed}
            if ids:
                group.kept = group.kept | ids if group.is_by_hand else frozenset()
        self._refresh()

    def take_out(self, photo_ids: Collection[int]) -> bool:
        """These photos are gone; whether any of them was there."""
        gone = self._ids.intersection(photo_ids) - self._out
        if gone:
            self._out |= gone
            self._refresh()
        return bool(gone)

    def put_back(self, photo_ids: Collection[int]) -> bool:
        """Photos are there again, whether any of them had been taken out.

        They have the marks that they had by hand; other groups are marked by the rule again.
        """
        back = self._out.intersection(photo_ids)
        if back:
            self._out -= back
            for group in self._found:
                if not group.is_by_hand and not back.isdisjoint(p.photo_id for p in group.found):
                    group.kept = frozenset()
            self._refresh()
        return bool(back)

    def dismiss(self, group: MarkedGroup, *, is_dismissed: bool = True) -> None:
        """This is no group of duplicates, or it is one all the same."""
        group.is_dismissed = is_dismissed
        self._refresh()

    def is_kept(self, group: MarkedGroup, photo: DuplicatePhoto) -> bool:
        """Whether a photo stays; also because it cannot be reached."""
        return photo.photo_id in group.kept or photo.folder_id in self.away

    def toggle(self, group: MarkedGroup, photo: DuplicatePhoto) -> bool:
        """Change the mark of a photo; False where it is the last one kept, or away."""
        if photo.folder_id in self.away:
            return False
        kept = group.kept ^ {photo.photo_id}
        if not any(other.photo_id in kept for other in self._here(group)):
            return False
        self._mark(group, kept)
        return True

    def keep_only(self, group: MarkedGroup, photo: DuplicatePhoto) -> bool:
        """Keep this photo and no other of its group; False where it is away."""
        if photo.folder_id in self.away:
            return False
        self._mark(group, frozenset((photo.photo_id,)))
        return True

    def leaving(self) -> list[Leaving]:
        """What would go to the trash, group by group."""
        found = []
        for group in self.groups:
            here = self._here(group)
            going = tuple(photo for photo in here if photo.photo_id not in group.kept)
            if going:
                staying = tuple(photo for photo in here if photo.photo_id in group.kept)
                found.append(Leaving(going, staying))
        return found

    def knows(self, photo_id: int) -> bool:
        """Whether a photo was found in one of the groups."""
        return photo_id in self._ids

    def ids_of(self, paths: Collection[str]) -> set[int]:
        """The photos that were found at these paths, those included that are gone by now."""
        return {p.photo_id for group in self._found for p in group.found if p.path in paths}

    def _mark(self, group: MarkedGroup, kept: frozenset[int]) -> None:
        """Mark a group that is shown by hand; the others need not be looked at for the sum."""
        before = self._sum((group,))
        group.kept, group.is_by_hand = kept, True
        after = self._sum((group,))
        self.going = Going(
            self.going.photos + after.photos - before.photos,
            self.going.size_bytes + after.size_bytes - before.size_bytes,
        )

    def _sum(self, groups: Iterable[MarkedGroup]) -> Going:
        photos = size_bytes = 0
        for group in groups:
            for photo in group.photos:
                if not self.is_kept(group, photo):
                    photos += 1
                    size_bytes += photo.size_bytes
        return Going(photos, size_bytes)

    def _here(self, group: MarkedGroup) -> Sequence[DuplicatePhoto]:
        return [photo for photo in group.photos if photo.folder_id not in self.away]

    def _arrange(self) -> None:
        """Put what the rule keeps first, or all in view of a large group would be to go.

        Only when a rule is asked: later nothing may move under the mouse.
        """
        for group in self._found:
            if not group.is_by_hand:
                group.found = self._kept_first(group, group.found)
                group.photos = self._kept_first(group, group.photos)

    def _kept_first(
        self, group: MarkedGroup, photos: tuple[DuplicatePhoto, ...]
    ) -> tuple[DuplicatePhoto, ...]:
        return tuple(sorted(photos, key=lambda photo: not self.is_kept(group, photo)))

    def _refresh(self) -> None:
        """See what is shown, and that each group keeps a photo that can be reached."""
        for group in self._found:
            group.photos = tuple(p for p in group.found if p.photo_id not in self._out)
            here = self._here(group)
            if here and not any(photo.photo_id in group.kept for photo in here):
                group.kept, group.is_by_hand = proposed(here, self._rule), False
        self.groups = [
            group for group in self._found if len(group.photos) > 1 and not group.is_dismissed
        ]
        self.going = self._sum(self.groups)
