# SPDX-License-Identifier: MIT
"""What an indexing run has done, as commands and tests tell it."""

from msgspec import Struct, field

from gallery_search.records import PhotoId


class Tally(Struct):
    """What an indexing run has done so far.

    Attributes:
        indexed: photos that were read and can be found now.
        refined: photos that were known by their preview, and have been read as a whole.
        embedded: images that the network was given; copies of a photo need none of their own.
        moved: photos that were found at another place.
        gone: photos that were missed; one that turns up at another place is taken out again.
    """

    indexed: int = 0
    refined: int = 0
    embedded: int = 0
    moved: int = 0
    gone: set[PhotoId] = field(default_factory=set)

    @property
    def removed(self) -> int:
        """How many photos have gone for good."""
        return len(self.gone)
