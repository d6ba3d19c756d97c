# SPDX-License-Identifier: MIT
"""What the photos of a cluster share, so that it can be called by that: a folder or a period."""

import numpy as np
import numpy.typing as npt

from gallery_search.maps import MapCluster

_MOST = 0.5  # of a cluster's photos must share it
_MORE_THAN_ALL = 1.5  # times as many as of all photos, or it tells nothing of the cluster


def label(
    cluster_of: npt.NDArray[np.int16],
    centres: npt.NDArray[np.float32],
    folder_of: npt.NDArray[np.int32],
    folders: list[str],
    moments: npt.NDArray[np.int64],
) -> tuple[MapCluster, ...]:
    """Say of each cluster what most of its photos share; see `MapLoaded` for the arrays."""
    years, months = _years_and_months(moments)
    found = []
    for number, (x, y) in enumerate(centres.tolist()):
        members = cluster_of == number
        folder = _shared(folder_of, members)
        month = None if folder is not None else _shared(months, members)
        year = None if folder is not None or month is not None else _shared(years, members)
        period = None if year is None else (year, 0)
        found.append(
            MapCluster(
                x,
                y,
                int(members.sum()),
                None if folder is None else folders[folder],
                period if month is None else (month // 12, month % 12 + 1),
            )
        )
    return tuple(found)


def _shared(values: npt.NDArray[np.signedinteger], members: npt.NDArray[np.bool_]) -> int | None:
    """The value that most of the members have, if it sets them apart from the others."""
    if not members.any():
        return None
    found, counts = np.unique(values[members], return_counts=True)
    value, share = found[counts.argmax()], counts.max() / members.sum()
    of_all = np.count_nonzero(values == value) / len(values)
    return int(value) if share >= _MOST and share >= _MORE_THAN_ALL * of_all else None


def _years_and_months(
    moments: npt.NDArray[np.int64],
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Years, and months counted on from the year 0."""
    months = moments.astype("datetime64[s]").astype("datetime64[M]").astype(np.int64) + 1970 * 12
    return months // 12, months
