# SPDX-License-Identifier: MIT
"""The child process that makes the map, or brings the one that is kept up to date.

`python -m gallery_search.pipeline.mapping.map_maker`; it reads both databases through read-only
connections while the worker goes on. The first request names them; that and each further one is
answered by how far it has come, and in the end by the map.
"""

import contextlib
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from gallery_search.catalogue.embeddings import EmbeddingStore, StoredRows
from gallery_search.catalogue.map_facts import MapFacts, PhotoFacts
from gallery_search.embedding.backbones import Backbone, backbone
from gallery_search.errors import ExternalError
from gallery_search.language import mark
from gallery_search.maps import MapStep
from gallery_search.pipeline.mapping import clusters, labels, layout_file, processor
from gallery_search.pipeline.mapping.layout_file import Layout
from gallery_search.pipeline.mapping.placing import place
from gallery_search.processes import Message, serve

Head: TypeAlias = dict[str, Any]
Matrix: TypeAlias = npt.NDArray[np.float16]
Tell: TypeAlias = Callable[[MapStep, float], None]

_INCOMPLETE = mark(
    "Install the Python package openTSNE or this program anew: the map cannot be made without it "
    "({error})."
)
_TOO_MANY = mark("There is not enough memory for a map of so many photos.")
_READING = 0.1  # of all the work
_COMPARING = 0.3  # of what follows
_LEAST_STEP = 0.01  # by which the share grows from one answer to the next
_LONGEST_WAIT_S = 5.0  # for that; the next answer is then the same


class MapMaker:
    """Answers the requests; a thread does the work, whose longest steps are single calls."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._step: MapStep = "reading"
        self._share = self._told = 0.0
        self._answer: Message | None = None

    def handle(self, request: Message) -> Message:
        """Answer a request when there is something new to tell, or after some seconds."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, args=(request.head,), daemon=True)
            self._thread.start()
        with self._changed:
            self._changed.wait_for(
                lambda: self._answer is not None or self._share >= self._told + _LEAST_STEP,
                _LONGEST_WAIT_S,
            )
            if self._answer is not None:
                return self._answer
            self._told = self._share
            return Message({"step": self._step, "share": self._share})

    def _work(self, head: Head) -> None:
        try:
            answer = _map(head, self._tell)
        except (ExternalError, OSError) as error:
            answer = Message({"error": str(error)})
        except ImportError as error:
            answer = Message({"error": _INCOMPLETE.format(error=error)})
        except MemoryError:
            answer = Message({"error": _TOO_MANY})
        except Exception as error:  # noqa: BLE001 - a bug, which the other side logs
            answer = Message({"bug": repr(error)})
        with self._changed:
            self._answer = answer
            self._changed.notify()

    def _tell(self, step: MapStep, share: float) -> None:
        with self._changed:
            self._step, self._share = step, share
            self._changed.notify()


def _map(head: Head, tell: Tell) -> Message:
    spec = backbone(head["backbone"])
    path = Path(head["file"])
    with contextlib.ExitStack() as stack:
        facts = MapFacts.open_for_reading(Path(head["catalogue"]))
        stack.callback(facts.close)
        store = EmbeddingStore.open_for_reading(Path(head["embeddings"]), spec.name, spec.recipe)
        stack.callback(store.close)
        kept = None if head["is_new"] else layout_file.read(path, spec.name, spec.recipe)
        if kept is None or not kept.is_of_use(store.live_count(), store.last_revision()):
            layout = _make(store, spec, Path(head["folder"]), tell)
        else:
            layout = _brought_up(kept, store, spec, Path(head["folder"]), tell)
        if layout is not kept and len(layout.photo_ids):
            layout_file.write(path, layout)
        return _answer(layout, facts.facts(), store.live_ids())


def _make(store: EmbeddingStore, spec: Backbone, folder: Path, tell: Tell) -> Layout:
    processor.require()
    from gallery_search.pipeline.mapping.projection import SEED, project  # takes a second or two

    with _all_rows(store, spec, folder, lambda share: tell("reading", _READING * share)) as rows:

        def on_progress(share: float) -> None:
            step: MapStep = "comparing" if share < _COMPARING else "arranging"
            tell(step, _READING + (1 - _READING) * share)

        places = project(rows.embeddings, on_progress)
        cluster_of, centres = clusters.find_clusters(places)
        crcs = layout_file.crcs_of(rows.embeddings)
    count = len(rows.photo_ids)
    return Layout(
        spec.name,
        spec.recipe,
        rows.revision,
        SEED,
        count,
        rows.photo_ids,
        places,
        cluster_of,
        crcs,
        np.zeros(count, np.bool_),
        centres,
    )


def _brought_up(
    kept: Layout, store: EmbeddingStore, spec: Backbone, folder: Path, tell: Tell
) -> Layout:
    """The map with those photos placed that are new, or have another content than before."""
    tell("placing", 0.0)
    with store.snapshot():
        revision = store.last_revision()
        live = store.live_ids()
        changed = _changed(kept, store)
    # Some may be new without a new revision, where the embeddings were put back from a copy.
    if not len(changed) and np.isin(live, kept.photo_ids).all():
        return kept
    with _all_rows(store, spec, folder, lambda share: tell("placing", share / 2)) as rows:
        is_new = ~np.isin(rows.photo_ids, kept.photo_ids) | np.isin(rows.photo_ids, changed)
        ids, added = rows.photo_ids[is_new], rows.embeddings[is_new]
        at = np.searchsorted(kept.photo_ids, rows.photo_ids[~is_new])
        places, cluster_of = place(
            rows.embeddings[~is_new], kept.places[at], kept.cluster_of[at], added
        )
    tell("placing", 1.0)
    stays = ~np.isin(kept.photo_ids, ids)
    photo_ids = np.concatenate([kept.photo_ids[stays], ids])
    order = np.argsort(photo_ids)
    return Layout(
        kept.backbone,
        kept.recipe,
        revision,  # of before the rows were read: what changed since is looked at again
        kept.seed,
        kept.made_of,
        photo_ids[order],
        np.concatenate([kept.places[stays], places])[order],
        np.concatenate([kept.cluster_of[stays], cluster_of])[order],
        np.concatenate([kept.crcs[stays], layout_file.crcs_of(added)])[order],
        np.concatenate([kept.is_placed[stays], np.ones(len(ids), np.bool_)])[order],
        kept.centres,
    )


def _changed(kept: Layout, store: EmbeddingStore) -> npt.NDArray[np.int64]:
    """Photos that are new since the map was kept, or have another embedding."""
    found = [np.empty(0, np.int64)]
    for rows in store.live_after(kept.revision):
        is_same = _is_same(kept, rows.photo_ids, layout_file.crcs_of(rows.embeddings))
        found.append(rows.photo_ids[~is_same])
    return np.concatenate(found)


def _is_same(
    kept: Layout, photo_ids: npt.NDArray[np.int64], crcs: npt.NDArray[np.uint32]
) -> npt.NDArray[np.bool_]:
    """Whether photos are on the map with the embeddings that they have now."""
    if not len(kept.photo_ids):
        return np.zeros(len(photo_ids), np.bool_)
    at = np.minimum(np.searchsorted(kept.photo_ids, photo_ids), len(kept.photo_ids) - 1)
    result: npt.NDArray[np.bool_] = (kept.photo_ids[at] == photo_ids) & (kept.crcs[at] == crcs)
    return result


@contextlib.contextmanager
def _all_rows(
    store: EmbeddingStore, spec: Backbone, folder: Path, tell: Callable[[float], None]
) -> Iterator[StoredRows]:
    """A copy of the rows of all photos that searches may find, by ascending id.

    The store's revision is theirs. What follows may take minutes, in which the store is not held:
    its log could not be emptied, and would grow with each photo that is indexed.
    """
    # In a file, which the system may keep out of memory, and which ends with this process.
    with tempfile.TemporaryFile(dir=folder) as file:
        with store.snapshot():
            revision, count = store.last_revision(), store.live_count()
            ids = np.empty(count, np.int64)
            matrix: Matrix = np.memmap(
                file, np.float16, "w+", shape=(max(1, count), spec.dimension)
            )
            end = 0
            for rows in store.live_by_id():
                start, end = end, end + len(rows.photo_ids)
                ids[start:end], matrix[start:end] = rows.photo_ids, rows.embeddings
                tell(end / count)
        yield StoredRows(ids[:end], np.asarray(matrix)[:end], revision)


def _answer(layout: Layout, photos: PhotoFacts, live: npt.NDArray[np.int64]) -> Message:
    """The map of those photos that can be shown and found."""
    shown = np.isin(layout.photo_ids, photos.photo_ids) & np.isin(layout.photo_ids, live)
    at = np.searchsorted(photos.photo_ids, layout.photo_ids[shown])
    cluster_of, folder_of, moments = (
        layout.cluster_of[shown],
        photos.folder_of[at],
        photos.moments[at],
    )
    found = labels.label(cluster_of, layout.centres, folder_of, photos.folders, moments)
    return Message(
        {
            "folders": photos.folders,
            "clusters": [[c.x, c.y, c.count, c.folder, c.period] for c in found],
            "placed": int(np.count_nonzero(layout.is_placed[shown])),
        },
        [
            np.ascontiguousarray(column).data
            for column in (
                layout.photo_ids[shown],
                layout.places[shown],
                cluster_of,
                moments,
                folder_of,
            )
        ],
    )


if __name__ == "__main__":
    serve(MapMaker().handle)
