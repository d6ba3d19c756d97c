# SPDX-License-Identifier: MIT
"""What the search for duplicates asks of `catalogue.db`: photos by the content of their files."""

import numpy as np
import numpy.typing as npt

from gallery_search.catalogue.questions import SHOWN, CatalogueQuestions
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

    def distinct_pairs(self) -> npt.NDArray[np.int64]:
        """Pairs of representatives, (m, 2), that are not duplicates, as the user said."""
        return np.array(self._db.execute(_DISTINCT).fetchall(), np.int64).reshape(-1, 2)
