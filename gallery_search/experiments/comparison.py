# SPDX-License-Identifier: MIT
"""Which network suits the user's photos? The recovery experiment on a sample of the library.

The sample is kept until the comparison is finished, so that one that was broken off goes on with
the same photos, whatever the library has found meanwhile. Only where some of these are gone or
have changed, it begins with others.
"""

import contextlib
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from gallery_search.embedding.backbones import backbone
from gallery_search.experiments import library_photos, recommendation, recovery, results
from gallery_search.experiments.photos import FolderPhoto, PhotoFolder
from gallery_search.experiments.recommendation import Recommendation
from gallery_search.experiments.recovery import Plan, Recovery
from gallery_search.experiments.runs import Surroundings
from gallery_search.paths import LibraryPaths

SEED = 0
_MISSED_SHARE = 0.05  # of a sample; more than that, and others can be drawn in their place


class Choice(Struct, frozen=True):
    """What the user wants to have compared.

    Attributes:
        backbones: names of the networks, in the order in which they are measured.
        photos: size of the sample.
    """

    backbones: tuple[str, ...]
    photos: int


def run(
    choice: Choice, active: str, rates: Mapping[str, float | None], around: Surroundings
) -> tuple[Recovery, Recommendation]:
    """Compare the networks; blocks. Broken off, the same choice goes on from there.

    Args:
        choice: at least one network, and two photos.
        active: the network in use.
        rates: images a second by the names of networks, where known.
        around: see there.

    Raises:
        ExternalError: it cannot be done.
        ExperimentStoppedError: it was stopped.
        OSError: a result cannot be written.
    """
    plan = Plan("", tuple(map(backbone, choice.backbones)), choice.photos, SEED)
    sample = _sample(choice, around.paths)
    done = recovery.run(plan, around, sample)
    found = recommendation.found_by((row.as_json() for row in done.rows), done.first_hits)
    forget(around.paths)
    return done, recommendation.recommend(found, done.first_hits, active, rates)


def unfinished(paths: LibraryPaths) -> Choice | None:
    """What was broken off, or None."""
    kept = _kept(paths)
    return None if kept is None else kept[0]


def forget(paths: LibraryPaths) -> None:
    """Have the next comparison draw anew."""
    file = _file(paths)
    with contextlib.suppress(OSError):
        file.unlink(missing_ok=True)
        for folder in (file.parent, file.parent.parent):  # unless others are unfinished
            folder.rmdir()


def _sample(choice: Choice, paths: LibraryPaths) -> PhotoFolder:
    kept = _kept(paths)
    if kept is not None and kept[0].photos == choice.photos and _is_there(kept[1]):
        sample = kept[1]
    else:
        sample = library_photos.sample(paths, choice.photos, SEED)
    _keep(choice, sample, paths)
    return sample


def _is_there(sample: PhotoFolder) -> bool:
    """Whether nearly all of the photos are as they were when they were drawn."""
    there = sum(_is_as_drawn(sample.path(photo), photo) for photo in sample.photos)
    return there >= max(2, (1 - _MISSED_SHARE) * len(sample.photos))


def _is_as_drawn(path: str, photo: FolderPhoto) -> bool:
    try:
        status = os.stat(path)
    except (OSError, ValueError):  # gone, or no name that a file can have
        return False
    return (status.st_size, status.st_mtime_ns) == (photo.size_bytes, photo.mtime_ns)


def _file(paths: LibraryPaths) -> Path:
    # In a folder of its own, which `unfinished.tidy` removes as it does the parts.
    return paths.experiments / "unfinished" / "comparison" / "plan.json"


def _keep(choice: Choice, sample: PhotoFolder, paths: LibraryPaths) -> None:
    content = {
        "backbones": list(choice.backbones),
        "photos": choice.photos,
        "root": sample.root,
        "sample": [[photo.name, photo.size_bytes, photo.mtime_ns] for photo in sample.photos],
    }
    file = _file(paths)
    file.parent.mkdir(parents=True, exist_ok=True)
    results.write_file(file, json.dumps(content).encode("ascii"))
    os.utime(file.parent)  # by which its age is told


def _kept(paths: LibraryPaths) -> tuple[Choice, PhotoFolder] | None:
    try:
        content = json.loads(_file(paths).read_bytes())
        names: Sequence[str] = [str(name) for name in content["backbones"]]
        photos = [FolderPhoto(str(n), int(size), int(time)) for n, size, time in content["sample"]]
        choice = Choice(tuple(names), int(content["photos"]))
        return choice, PhotoFolder(str(content["root"]), tuple(photos))
    except (OSError, ValueError, KeyError, TypeError):  # not there, or damaged
        return None
