# SPDX-License-Identifier: MIT
"""The file that keeps a map: where each photo lies, and what of its embedding that belongs to.

A line of JSON, then the columns one after the other. It is a cache: one that is damaged, or of
another network or recipe, counts as none, and the map is made anew.
"""

import hashlib
import json
import logging
import os
import zlib
from pathlib import Path

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from gallery_search import durable

log = logging.getLogger(__name__)

FORMAT = 2
# A map of fewer photos has neither neighbourhoods nor clusters; with more, it is made anew. So is
# one that has grown so many times: all the others would be crammed among those few.
_LEAST_MADE_OF = 16
_MOST_GROWN = 2
_COLUMNS = (
    ("photo_ids", "<i8", 1),
    ("places", "<f4", 2),
    ("cluster_of", "<i2", 1),
    ("crcs", "<u4", 1),
    ("is_placed", "|b1", 1),
)


class Layout(Struct, frozen=True, eq=False):
    """A map as it is kept; photos that are not live keep their place for when they come back.

    Attributes:
        backbone, recipe: whose embeddings it was made of.
        revision: of the store, up to which its photos were looked at.
        seed: it was made with.
        made_of: how many photos it was made of.
        photo_ids: int64 (n,), ascending.
        places: float32 (n, 2).
        cluster_of: int16 (n,).
        crcs: uint32 (n,), checksums of the embeddings, to tell which have changed.
        is_placed: bool (n,), whether a photo was placed since the map was made.
        centres: float32 (clusters, 2), where the clusters are densest.
    """

    backbone: str
    recipe: int
    revision: int
    seed: int
    made_of: int
    photo_ids: npt.NDArray[np.int64]
    places: npt.NDArray[np.float32]
    cluster_of: npt.NDArray[np.int16]
    crcs: npt.NDArray[np.uint32]
    is_placed: npt.NDArray[np.bool_]
    centres: npt.NDArray[np.float32]

    def is_of_use(self, live: int, revision: int) -> bool:
        """Whether new photos can be placed on it, of `live` in a store with a last revision."""
        if self.revision > revision:  # the embeddings were deleted or put back since
            return False
        is_of_too_few = self.made_of < _LEAST_MADE_OF and live > self.made_of
        return not is_of_too_few and live <= _MOST_GROWN * self.made_of


def crcs_of(embeddings: npt.NDArray[np.float16]) -> npt.NDArray[np.uint32]:
    """A checksum of each row, uint32 (n,)."""
    return np.fromiter((zlib.crc32(row.tobytes()) for row in embeddings), np.uint32)


def write(path: Path, layout: Layout) -> None:
    """Keep a map, in place of what was there; raises OSError."""
    columns = b"".join(
        np.ascontiguousarray(getattr(layout, name), kind).tobytes() for name, kind, _ in _COLUMNS
    )
    about = {
        "format": FORMAT,
        "backbone": layout.backbone,
        "recipe": layout.recipe,
        "revision": layout.revision,
        "seed": layout.seed,
        "made_of": layout.made_of,
        "count": len(layout.photo_ids),
        "centres": layout.centres.tolist(),
    }
    about["checksum"] = _checksum(about, columns)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    new = path.with_name(f"{path.name}.new")
    try:
        new.write_bytes(json.dumps(about).encode("ascii") + b"\n" + columns)
        durable.replace(new, path)
    except OSError:
        new.unlink(missing_ok=True)
        raise


def read(path: Path, backbone: str, recipe: int) -> Layout | None:
    """The map that is kept of a backbone's embeddings, or None; raises OSError."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    try:
        line, _, columns = content.partition(b"\n")
        about = json.loads(line)
        checksum = about.pop("checksum")
        if about["format"] != FORMAT or checksum != _checksum(about, columns):
            log.warning("the map in %s is damaged, or of another version", os.fspath(path))
            return None
        if (about["backbone"], about["recipe"]) != (backbone, recipe):
            return None
        return _parsed(about, columns)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        log.warning("the map in %s is damaged: %s", os.fspath(path), error)
        return None


def _parsed(about: dict[str, object], columns: bytes) -> Layout:
    count = about["count"]
    assert isinstance(count, int)
    found, start = {}, 0
    for name, kind, width in _COLUMNS:
        column = np.frombuffer(columns, kind, count * width, start)
        found[name] = column.reshape(-1, width) if width > 1 else column
        start += column.nbytes
    named = {name: about[name] for name in Layout.__struct_fields__ if name in about}
    named["centres"] = np.array(about["centres"], np.float32).reshape(-1, 2)
    return Layout(**named, **found)  # type: ignore[arg-type]


def _checksum(about: dict[str, object], columns: bytes) -> str:
    digest = hashlib.blake2b(json.dumps(about, sort_keys=True).encode("ascii"), digest_size=16)
    digest.update(columns)
    return digest.hexdigest()
