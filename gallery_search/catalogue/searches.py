# SPDX-License-Identifier: MIT
"""Searches that are kept in two tables of a database: the saved ones, or the recent ones."""

import hashlib
import json
import logging
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from gallery_search.catalogue.database import Database
from gallery_search.filters import Filters
from gallery_search.records import BytesSource, PathSource, PhotoSource, Region, TextSource
from gallery_search.remembered import KeptPart, KeptSearch, SearchKind
from gallery_search.sources import SingleSource

log = logging.getLogger(__name__)


class StoredPart(Struct, frozen=True):
    """A part as it is kept.

    Attributes:
        part: its source names a photo by the id that it had.
        content_hash: of a photo, or None.
    """

    part: KeptPart
    content_hash: bytes | None = None


class SearchStore:
    """Reads and writes the searches of one kind; raises CatalogueError. One thread at a time.

    Changes are made within a transaction of the database.
    """

    def __init__(self, database: Database, kind: SearchKind) -> None:
        self._db = database
        self._searches = f"{kind}_searches"
        self._parts = f"{kind}_search_parts"

    def add(
        self, search: KeptSearch, parts: list[StoredPart], identity: bytes | None = None
    ) -> None:
        """Keep a search as the newest one, in the place of the one with the same identity."""
        if identity is not None:
            self._delete("identity = ?", identity)
        cursor = self._db.execute(
            f"INSERT INTO {self._searches} (name, at_s, filters, cut, identity)"  # noqa: S608
            " VALUES (?, ?, ?, ?, ?)",
            (
                json.dumps(search.name),
                search.at_s,
                json.dumps(_given(search.filters)),
                search.cut,
                identity,
            ),
        )
        self._db.executemany(
            f"INSERT INTO {self._parts} VALUES (?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
            (
                (
                    cursor.lastrowid,
                    place,
                    json.dumps(_described(stored.part.source)),
                    json.dumps(stored.part.name),
                    stored.part.weight,
                    stored.content_hash,
                    stored.part.thumbnail,
                    _image(stored.part),
                )
                for place, stored in enumerate(parts)
            ),
        )

    def all(self) -> list[tuple[KeptSearch, list[StoredPart]]]:
        """All searches, the newest first, without the images that they are searched with."""
        rows = self._db.execute(
            "SELECT search_id, source, name, weight, content_hash, thumbnail, x''"  # noqa: S608
            f" FROM {self._parts} ORDER BY search_id, place"
        )
        parts: dict[int, list[Any]] = {}
        for search_id, *row in rows:
            parts.setdefault(search_id, []).append(row)
        searches = self._db.execute(
            f"SELECT id, name, at_s, filters, cut FROM {self._searches} ORDER BY id DESC"  # noqa: S608
        )
        entries = (_entry(row, parts.get(row[0], [])) for row in searches)
        return [entry for entry in entries if entry is not None]

    def get(self, search_id: int) -> tuple[KeptSearch, list[StoredPart]] | None:
        """One search, with the images that it is searched with."""
        row = self._db.execute(
            f"SELECT id, name, at_s, filters, cut FROM {self._searches} WHERE id = ?",  # noqa: S608
            (search_id,),
        ).fetchone()
        if row is None:
            return None
        parts = self._db.execute(
            "SELECT source, name, weight, content_hash, thumbnail, coalesce(image, thumbnail)"  # noqa: S608
            f" FROM {self._parts} WHERE search_id = ? ORDER BY place",
            (search_id,),
        )
        return _entry(row, parts.fetchall())

    def count(self) -> int:
        """How many there are."""
        return int(self._db.execute(f"SELECT count(*) FROM {self._searches}").fetchone()[0])  # noqa: S608

    def has_copy(self, image: bytes) -> bool:
        """Whether an image is one that was kept to be searched with."""
        row = self._db.execute(
            f"SELECT 1 FROM {self._parts} WHERE source LIKE '{{\"image\"%'"  # noqa: S608
            " AND length(coalesce(image, thumbnail)) = ?"
            " AND coalesce(image, thumbnail) = ? LIMIT 1",
            (len(image), image),
        ).fetchone()
        return row is not None

    def rename(self, search_id: int, name: str) -> None:
        """Call a search otherwise."""
        self._db.execute(
            f"UPDATE {self._searches} SET name = ? WHERE id = ?",  # noqa: S608
            (json.dumps(name), search_id),
        )

    def remove(self, search_id: int) -> None:
        """Keep nothing of a search."""
        self._delete("id = ?", search_id)

    def remove_identity(self, identity: bytes) -> None:
        """Likewise, by what is asked."""
        self._delete("identity = ?", identity)

    def clear(self) -> None:
        """Keep nothing of any."""
        self._delete("1")

    def keep_newest(self, most: int, most_bytes: int) -> None:
        """Remove the oldest ones beyond a number, or beyond what their pictures may take."""
        rows = self._db.execute(
            "SELECT search_id, sum(coalesce(length(thumbnail), 0) + coalesce(length(image), 0))"  # noqa: S608
            f" FROM {self._parts} GROUP BY search_id ORDER BY search_id DESC"
        ).fetchall()
        taken = 0
        for place, (search_id, size_bytes) in enumerate(rows):
            taken += size_bytes
            if place >= most or (taken > most_bytes and place > 0):
                self._delete("id <= ?", search_id)
                return

    def _delete(self, condition: str, *values: object) -> None:
        self._db.execute(f"DELETE FROM {self._searches} WHERE {condition}", values)  # noqa: S608


def identity_of(search: KeptSearch, parts: list[StoredPart]) -> bytes:
    """What is the same for two searches that ask the same: parts, weights and filters."""
    asked = [
        [_described(stored.part.source), _digest(stored.part.source), stored.part.weight]
        for stored in parts
    ]
    text = json.dumps([asked, _given(search.filters)], sort_keys=True)
    return hashlib.blake2b(text.encode("ascii"), digest_size=16).digest()


def _digest(source: SingleSource) -> str:
    """What tells an image in memory from others of the same name; "" for all else."""
    if not isinstance(source, BytesSource):
        return ""
    return hashlib.blake2b(source.data, digest_size=16).hexdigest()


def _image(part: KeptPart) -> bytes | None:
    """What has to be kept of an image in memory beside its thumbnail."""
    source = part.source
    if not isinstance(source, BytesSource) or source.data == part.thumbnail:
        return None
    return source.data


def _described(source: SingleSource) -> dict[str, Any]:
    match source:
        case PathSource(path, region):
            return {"path": path, "region": region}
        case PhotoSource(photo_id, region):
            return {"photo_id": photo_id, "region": region}
        case TextSource(text):
            return {"text": text}
        case BytesSource(name=name):  # a region was cut out of the copy
            return {"image": name}


def _source(described: Mapping[str, Any], image: bytes | None) -> SingleSource:
    kept_region = described.get("region")
    region: Region | None = None if kept_region is None else tuple(kept_region)
    if "path" in described:
        return PathSource(described["path"], region)
    if "photo_id" in described:
        return PhotoSource(described["photo_id"], region)
    if "text" in described:
        return TextSource(described["text"])
    return BytesSource(image or b"", described["image"])


def _given(filters: Filters) -> dict[str, Any]:
    """The fields of filters that are set."""
    default = Filters()
    return {
        name: value
        for name in Filters.__struct_fields__
        if (value := getattr(filters, name)) != getattr(default, name)
    }


def _filters(given: Mapping[str, Any]) -> Filters:
    """Filters of their fields; those that this version does not know are left out."""
    fields: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in given.items()
        if name in Filters.__struct_fields__
    }
    return Filters(**fields)


def _entry(row: tuple[Any, ...], parts: list[Any]) -> tuple[KeptSearch, list[StoredPart]] | None:
    """A search of its rows; None where they make no sense, as when the disk has changed a bit."""
    try:
        entry = _search(row), [_part(part) for part in parts]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        log.warning("a search that was kept cannot be read: %s", error)
        return None
    if not parts:
        log.warning("a search that was kept cannot be read: it has no parts")
        return None
    return entry


def _search(row: tuple[Any, ...]) -> KeptSearch:
    search_id, name, at_s, filters, cut = row
    return KeptSearch(json.loads(name), (), _filters(json.loads(filters)), cut, at_s, search_id)


def _part(row: Any) -> StoredPart:
    source, name, weight, content_hash, thumbnail, image = row
    part = KeptPart(_source(json.loads(source), image), json.loads(name), weight, thumbnail)
    return StoredPart(part, content_hash)
