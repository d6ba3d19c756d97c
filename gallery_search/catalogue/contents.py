# SPDX-License-Identifier: MIT
"""What the search for duplicates asks of `catalogue.db`: photos by the content of their files."""

import os
from collections import defaultdict
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from gallery_search.catalogue.questions import SHOWN, CatalogueQuestions
from gallery_search.catalogue.rows import join_path
from gallery_search.duplicates import DuplicatePhoto
from gallery_search.records import PhotoId

_COPIED = f"""
    SELECT content_hash FROM photos WHERE {SHOWN} GROUP BY content_hash HAVING count(*) > 1
        AND (content_hash, content_hash) NOT IN (SELECT first, second FROM distinct_contents)
"""  # noqa: S608
_DISTINCT = f"""
    SELECT (SELECT min(id) FROM photos WHERE content_hash = first AND {SHOWN}) AS one,
        (SELECT min(id) FROM photos WHERE content_hash = second AND {SHOWN}) AS other
    FROM distinct_contents
    WHERE first != second AND one IS NOT NULL AND other IS NOT NULL
"""  # noqa: S608
_SHOTS = f"""
    SELECT folder_id, directory, name, image_format = 'RAW', one
    FROM photos JOIN (
        SELECT content_hash, min(id) AS one FROM photos WHERE {SHOWN} GROUP BY content_hash
    ) USING (content_hash)
    WHERE {SHOWN} AND (folder_id, directory) IN (
        SELECT folder_id, directory FROM photos WHERE image_format = 'RAW' AND {SHOWN}
    )
"""  # noqa: S608

_FACTS = f"""
    SELECT photos.id, folders.path, directory, name, folder_id, width, height, size_bytes,
        mtime_ns, taken_at
    FROM photos JOIN folders ON folders.id = folder_id
    WHERE photos.id = ? AND state = 'indexed' AND {SHOWN}
"""  # noqa: S608


class Contents(CatalogueQuestions):
    """The catalogue for reading, photos that are offline included; raises CatalogueError."""

    def representatives(self) -> npt.NDArray[np.int64]:
        """One photo of each content, that with the lowest id; ascending."""
        source = f"FROM photos WHERE {SHOWN} GROUP BY content_hash"
        return np.sort(self._db.numbers("min(id)", source))

    def copies(self) -> list[list[PhotoId]]:
        """Photos with the same content, unless the user said that their copies are meant to be."""
        source = f"FROM photos WHERE content_hash = ? AND {SHOWN} ORDER BY id"
        copied = self._db.execute(_COPIED).fetchall()
        return sorted(self._db.numbers("id", source, row).tolist() for row in copied)

    def stamps(self) -> npt.NDArray[np.int64]:
        """Id, size and time of each photo whose content is known as it is now, (n, 3) by id.

        Whoever goes by contents read these first: a photo with another stamp afterwards may have
        another content by then.
        """
        source = f"FROM photos WHERE state = 'indexed' AND {SHOWN} ORDER BY id"
        return self._db.numbers("id || ',' || size_bytes || ',' || mtime_ns", source).reshape(-1, 3)

    def duplicate_photos(self, photo_ids: Iterable[PhotoId]) -> dict[PhotoId, DuplicatePhoto]:
        """What is known of photos, by id; those that are gone or have changed are left out."""
        found = {}
        for asked in photo_ids:
            for photo_id, folder, directory, name, *facts in self._db.execute(_FACTS, (asked,)):
                path = join_path(os.fsdecode(folder), os.fsdecode(directory), os.fsdecode(name))
                found[photo_id] = DuplicatePhoto(photo_id, path, *facts)
        return found

    def distinct_pairs(self) -> npt.NDArray[np.int64]:
        """Pairs of representatives, (m, 2), that are not duplicates, as the user said."""
        return np.array(self._db.execute(_DISTINCT).fetchall(), np.int64).reshape(-1, 2)

    def shots(self) -> npt.NDArray[np.int64]:
        """Pairs of representatives, (m, 2): a RAW photo and an image beside it of the same name.

        Many cameras save both of each shot.
        """
        raws: defaultdict[tuple[int, bytes, bytes], set[PhotoId]] = defaultdict(set)
        others: defaultdict[tuple[int, bytes, bytes], set[PhotoId]] = defaultdict(set)
        for folder_id, directory, name, is_raw, one in self._db.execute(_SHOTS):
            kind = raws if is_raw else others
            kind[folder_id, directory, os.path.splitext(name)[0]].add(one)
        pairs = [
            (raw, other)
            for shot, found in raws.items()
            for raw in found
            for other in others.get(shot, ())
        ]
        return np.array(pairs, np.int64).reshape(-1, 2)
