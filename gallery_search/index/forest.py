# SPDX-License-Identifier: MIT
"""Annoy behind a narrow door: the only module that calls it.

Facts from its source (1.17.3): nothing can be added after a build; memory is taken for the
highest item number, so items are rows, never photo ids; loading checks no more than that the
size of the file fits the size of a node; each thread of a build draws random numbers of its own,
so the forest depends on `n_jobs` as well as on the seed. The file is an array of nodes, of which
the first ones are the items in their order: three words of 4 bytes (how many items are below it,
its norm, and one that items do not use), then its vector.
"""

import os
import sys
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import numpy.typing as npt
from annoy import AnnoyIndex

from gallery_search.index.manifest import METRIC
from gallery_search.records import Embeddings

_HEAD_WORDS = 3  # of a node, before its vector


class Forest:
    """Annoy's trees over the rows of a projected matrix, mapped from their file.

    Attributes:
        rows: the projected rows, float32 (count, dimension), a view of the file.
    """

    def __init__(self, path: Path, dimension: int, count: int) -> None:
        """Map the file of a forest; raises OSError where it cannot be, or has other rows."""
        self._annoy = AnnoyIndex(dimension, METRIC)
        self._annoy.load(_name_for_annoy(path))
        if self._annoy.get_n_items() != count:
            raise OSError(f"{path.name} has {self._annoy.get_n_items()} rows instead of {count}")
        words = _HEAD_WORDS + dimension
        nodes = np.asarray(np.memmap(path, np.float32, "r", shape=(count, words)))
        self.rows: Embeddings = nodes[:, _HEAD_WORDS:]

    def candidates(self, projected: Embeddings, n: int, search_k: int) -> npt.NDArray[np.int64]:
        """About the n rows nearest to `projected`, nearest first, int64.

        `search_k` is how many items Annoy compares over all trees. May give fewer than n.
        """
        return np.array(self._annoy.get_nns_by_vector(projected.tolist(), n, search_k), np.int64)


def plant(
    path: Path, dimension: int, rows: Iterable[Embeddings], *, n_trees: int, n_jobs: int, seed: int
) -> None:
    """Build a forest in the file `path`, through which Annoy works to spare memory.

    Args:
        path: overwritten; a full disk can end the process here, as the file is mapped.
        dimension: of a projected row.
        rows: float32 (any, dimension) batches; their order numbers the rows from 0.
        n_trees: more of them find more, and take more room and time.
        n_jobs: threads; the same number, seed and rows make the same forest.
        seed: of the random splits, above 0.

    Raises:
        OSError: the file cannot be written.
    """
    annoy = AnnoyIndex(dimension, METRIC)
    annoy.set_seed(seed)
    annoy.on_disk_build(_name_for_annoy(path))
    number = 0
    for batch in rows:
        for row in batch.tolist():
            annoy.add_item(number, row)
            number += 1
    annoy.build(n_trees, n_jobs)
    annoy.unload()


def _name_for_annoy(path: Path) -> str:
    """A name of the file that Annoy can open; raises OSError where there is none.

    Annoy hands the UTF-8 form of a name to C's `open`. That fails for a name that is no UTF-8,
    and on Windows for any that is not ASCII, where the short name of the folder helps.
    """
    name = os.fspath(path)
    if sys.platform == "win32" and not name.isascii():
        name = os.path.join(_short_name(os.path.dirname(name)), os.path.basename(name))
        if not name.isascii():
            raise OSError(f"Annoy cannot open {path}: its folder has no short ASCII name")
    try:
        name.encode()
    except UnicodeEncodeError as error:
        raise OSError(f"Annoy cannot open {path!r}: its name is not UTF-8") from error
    return name


if sys.platform == "win32":

    def _short_name(folder: str) -> str:
        """The 8.3 name of a folder that exists, or the name as it is where it has none."""
        import ctypes

        buffer = ctypes.create_unicode_buffer(32768)
        length = ctypes.windll.kernel32.GetShortPathNameW(folder, buffer, len(buffer))
        return buffer.value if length else folder
