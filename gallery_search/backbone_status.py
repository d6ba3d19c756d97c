# SPDX-License-Identifier: MIT
"""How a backbone stands in a library: what its card and `gallery-search backbones` show."""

from typing import Literal, TypeAlias

from msgspec import Struct

BackboneState: TypeAlias = Literal["ready", "available", "downloading", "unavailable"]
BackboneRole: TypeAlias = Literal["active", "incoming", "idle"]


class BackboneStatus(Struct, frozen=True):
    """A backbone as its card shows it.

    Attributes:
        state: "ready" with its weights here, "available" for download, "downloading", or
            "unavailable" where `problem` says what is missing.
        role: "active" answers the queries; "incoming" embeds all photos in order to take over.
        good_at: what it is good at, a sentence or two.
        licence: of the weights, an SPDX identifier where there is one.
        source: address of a page about the network and its weights.
        dimension: length of an embedding.
        takes_text: whether words can be searched for.
        shows_matches: whether it can tell which parts of a photo match.
        download_bytes: size of the weights; 0 where they came with the program.
        received_bytes: of a download under way or broken off, else 0; with `bytes_per_second`
            and `seconds_left`, which are None where unknown.
        embedded: photos that have an embedding of it; `total` are known to the library.
        data_bytes: what its weights, converted networks and index take on the disk.
        device: where it was measured or runs, such as "cuda", or None; likewise
            `images_per_second`.
        problem: one sentence about what went wrong last, or None.
    """

    name: str
    state: BackboneState
    role: BackboneRole
    good_at: str
    licence: str
    source: str
    dimension: int
    takes_text: bool
    download_bytes: int
    received_bytes: int = 0
    bytes_per_second: float | None = None
    shows_matches: bool = True
    seconds_left: float | None = None
    embedded: int = 0
    total: int = 0
    data_bytes: int = 0
    device: str | None = None
    images_per_second: float | None = None
    problem: str | None = None
