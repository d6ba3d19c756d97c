# SPDX-License-Identifier: MIT
"""A stand-in for what makes the map, and maps to show."""

from collections.abc import Callable, Sequence

import numpy as np

from gallery_search.maps import MapCluster, MapFailed, MapLoaded
from gallery_search.records import Event, PhotoId


def drawn_map(photo_ids: Sequence[PhotoId], *, spread: float = 1.0, seed: int = 1) -> MapLoaded:
    """Photos in two heaps, left and right, one for each of two folders."""
    count = len(photo_ids)
    rng = np.random.default_rng(seed)
    heap = np.arange(count) % 2
    places = rng.uniform(-0.3, 0.3, (count, 2)) * spread
    places[:, 0] += np.where(heap, 0.6, -0.6)
    first = np.datetime64("2015-01-01", "s").astype(np.int64)
    return MapLoaded(
        np.array(photo_ids, np.int64),
        places.astype(np.float32),
        heap.astype(np.int16),
        first + np.arange(count, dtype=np.int64) * 86_400,
        heap.astype(np.int32),
        ("/photos/Holiday", "/photos/Garden"),
        (
            MapCluster(-0.6, 0.0, count - count // 2, "/photos/Holiday"),
            MapCluster(0.6, 0.0, count // 2, None, (2019, 5)),
        ),
    )


class StandInMaps:
    """Fulfils `ports.Maps`; answers at once with `map`, or when the test says so."""

    def __init__(self, deliver: Callable[[Event], None]) -> None:
        self.deliver = deliver
        self.map: MapLoaded | None = None
        self.calls: list[str] = []

    def request(self, *, is_new: bool = False) -> None:
        self.calls.append("new" if is_new else "request")
        if self.map is not None:
            self.deliver(self.map)

    def cancel(self) -> None:
        self.calls.append("cancel")
        self.deliver(MapFailed("The map was not made, as its process was ended."))
