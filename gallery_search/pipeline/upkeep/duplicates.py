# SPDX-License-Identifier: MIT
"""Duplicates as the library offers them: the search in a child, and what the user decided."""

import threading
from collections.abc import Callable, Sequence
from typing import Any

from gallery_search.catalogue.contents import Contents
from gallery_search.catalogue.photos import Catalogue
from gallery_search.duplicates import (
    DuplicateGroup,
    DuplicateKind,
    DuplicatesFound,
    DuplicatesProgress,
)
from gallery_search.embedding.backbones import Backbone
from gallery_search.errors import ChildError, ExternalError
from gallery_search.language import mark
from gallery_search.paths import LibraryPaths
from gallery_search.pipeline.upkeep import duplicate_search
from gallery_search.processes import Child

_STEP_TIMEOUT_S = 600.0  # for a hundredth of the work
# The matrices are small, and the threads of a product wait for each other at full speed: on busy
# cores two of them took nine times the processor time of one, and longer.
_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1"}


class Duplicates:
    """Searches for duplicates; any thread."""

    def __init__(self, paths: LibraryPaths) -> None:
        self._paths = paths
        self._lock = threading.Lock()
        self._children: set[Child] = set()

    def find(
        self,
        spec: Backbone,
        kinds: Sequence[DuplicateKind],
        on_progress: Callable[[DuplicatesProgress], None],
    ) -> DuplicatesFound:
        """Look for duplicates; blocks for that.

        Args:
            spec: the backbone whose embeddings are compared.
            kinds: which duplicates.
            on_progress: told now and then, on this thread.

        Raises:
            ExternalError: it was cancelled, or could not be done.
        """
        contents = Contents.open_for_reading(self._paths.catalogue)
        try:
            total = contents.counts().indexed
            answer = self._ask(
                {
                    "kinds": kinds,
                    "backbone": spec.name,
                    "catalogue": str(self._paths.catalogue),
                    "embeddings": str(self._paths.embeddings),
                    "folder": str(self._paths.root),
                },
                lambda share: on_progress(DuplicatesProgress(round(share * total), total)),
            )
            found = [(kind, *group) for kind in kinds for group in answer[kind]]
            photos = contents.duplicate_photos(
                [photo_id for _, _, ids in found for photo_id in ids]
            )
        finally:
            contents.close()
        # Some may have gone meanwhile, and some may have another content by now.
        stamps = {photo_id: stamp for photo_id, *stamp in answer["stamps"]}
        photos = {
            photo_id: photo
            for photo_id, photo in photos.items()
            if stamps.get(photo_id) == [photo.size_bytes, photo.mtime_ns]
        }
        groups = [
            DuplicateGroup(kind, tuple(photos[i] for i in photo_ids if i in photos), similarity)
            for kind, similarity, photo_ids in found
        ]
        return DuplicatesFound(
            tuple(group for group in groups if len(group.photos) > 1), answer["threshold"]
        )

    def cancel(self) -> None:
        """End all searches under way."""
        with self._lock:
            for child in self._children:
                child.kill()

    def _ask(self, head: dict[str, Any], on_share: Callable[[float], None]) -> dict[str, Any]:
        child = Child(duplicate_search.__name__, environment=_ONE_THREAD)
        with self._lock:
            self._children.add(child)
        try:
            while True:
                answer = child.ask(head, timeout_s=_STEP_TIMEOUT_S).head
                if "error" in answer:
                    raise ExternalError(answer["error"])
                if "share" not in answer:
                    return answer
                on_share(answer["share"])
        except ChildError as error:
            raise ExternalError(mark("The search for duplicates was ended.")) from error
        finally:
            with self._lock:
                self._children.remove(child)
            child.close()


def set_distinct(catalogue: Catalogue, paths: Sequence[str], *, is_distinct: bool) -> None:
    """Remember that no two of some photos are duplicates, or forget it; worker thread only.

    Args:
        catalogue: open for writing.
        paths: absolute, without symbolic links, two and more.
        is_distinct: remember it, or forget it.

    Raises:
        ExternalError: one of them is not a photo of the library, or was not read yet.
    """
    contents = []
    for path in paths:
        photo = catalogue.photo_at(path)
        if photo is None or photo.state == "failed":
            raise ExternalError(mark("The library has no photo at {file}.").format(file=path))
        if photo.content_hash is None:
            raise ExternalError(
                mark("The photo at {file} still waits to be indexed. Try again soon.").format(
                    file=path
                )
            )
        contents.append(photo.content_hash)
    with catalogue.transaction():
        catalogue.set_distinct(contents, is_distinct=is_distinct)
