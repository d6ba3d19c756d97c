# SPDX-License-Identifier: MIT
"""Writing the stored embeddings, with the paths of their photos, into a file that NumPy reads."""

import contextlib
import os
import secrets
import zipfile
from array import array
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, TypeAlias

import numpy as np
import numpy.typing as npt

import gallery_search
from gallery_search import durable
from gallery_search.catalogue.embeddings import EmbeddingStore
from gallery_search.catalogue.photos import Catalogue
from gallery_search.embedding.backbones import Backbone
from gallery_search.embedding.embedder import Precision
from gallery_search.errors import ExternalError
from gallery_search.paths import LibraryPaths

JsonObject: TypeAlias = dict[str, Any]

_PHOTOS_AT_A_TIME = 4096


def export_embeddings(
    paths: LibraryPaths, spec: Backbone, target: str, precision: Precision
) -> Iterator[JsonObject]:
    """Write the embeddings of all photos; yields progress and at last what was written.

    Damaged ones are left out, with a warning.

    The file appears whole or not at all. It holds, as `numpy.load` gives them and without pickles:
    `embeddings` (n, d) of unit length, `paths` and `photo_ids` (n,) in the same order, which is
    that of the ids, and `backbone`, `recipe`, `version` and `made_at`, one value each. An
    undecodable byte of a path is its surrogate escape. Reads through connections of its own beside
    the writer, a batch at a time; of paths it holds all. Any thread.

    Args:
        paths: of the library.
        spec: whose embeddings.
        target: absolute path of the file.
        precision: of the numbers; they are kept as float16.

    Raises:
        ExternalError: there are no embeddings, or the file cannot be written.
    """
    temporary = Path(f"{target}.{secrets.token_hex(4)}.part")  # no file of the user's
    with ExitStack() as stack:
        catalogue = Catalogue.open_for_reading(paths.catalogue)
        stack.callback(catalogue.close)
        store = EmbeddingStore.open_for_reading(paths.embeddings, spec.name, spec.recipe)
        stack.callback(store.close)
        stack.enter_context(store.snapshot())
        live, damaged = store.live_ids(), store.damaged_live_ids()
        if len(damaged):
            yield {
                "warning": f"Photos that are left out, as their embeddings are damaged: "
                f"{len(damaged):,}. Gallery Search makes these anew in time; export again then."
            }
        ids, photo_paths = _placed(catalogue, live[~np.isin(live, damaged)])
        if not photo_paths:
            raise ExternalError(
                f"The library has no embeddings of {spec.name}. Add photos with `gallery-search "
                f"index FOLDER`, or have {spec.name} embed them: `gallery-search backbones use "
                f"{spec.name}`."
            )
        try:
            yield from _write(temporary, ids, photo_paths, store, spec, precision)
            durable.replace(temporary, Path(target))
        except OSError as error:
            raise ExternalError(f"{target} was not written: {error.strerror or error}.") from error
        finally:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
    yield {
        "file": target,
        "photos": len(photo_paths),
        "d": spec.dimension,
        "dtype": precision,
        "backbone": spec.name,
        "recipe": spec.recipe,
        "bytes": os.path.getsize(target),
    }


def _placed(
    catalogue: Catalogue, photo_ids: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], list[str]]:
    """The ids of photos, ascending, and their paths; those that went meanwhile are left out."""
    found = array("q")
    paths: list[str] = []
    for start in range(0, len(photo_ids), _PHOTOS_AT_A_TIME):
        some = photo_ids[start : start + _PHOTOS_AT_A_TIME].tolist()
        for row in catalogue.rows(some):
            found.append(row.photo_id)
            paths.append(row.path)
    return np.frombuffer(found, np.int64), paths


def _write(
    file: Path,
    ids: npt.NDArray[np.int64],
    paths: list[str],
    store: EmbeddingStore,
    spec: Backbone,
    precision: Precision,
) -> Iterator[JsonObject]:
    dtype = np.dtype(precision).newbyteorder("<")
    with zipfile.ZipFile(file, "x") as archive:
        for name, value in (
            ("backbone", np.array(spec.name)),
            ("recipe", np.array(spec.recipe)),
            ("version", np.array(gallery_search.__version__)),
            ("made_at", np.array(datetime.now(UTC).isoformat(timespec="seconds"))),
            ("photo_ids", ids),
        ):
            with archive.open(f"{name}.npy", "w") as member:
                np.save(member, value, allow_pickle=False)
        _write_paths(archive, paths)
        done = 0
        with archive.open("embeddings.npy", "w", force_zip64=True) as member:
            _write_header(member, dtype, (len(ids), spec.dimension))
            for rows in store.live_by_id():
                kept = rows.embeddings[np.isin(rows.photo_ids, ids)]
                member.write(np.ascontiguousarray(kept, dtype).tobytes())
                done += len(kept)
                yield {"progress": {"activity": "exporting", "done": done, "total": len(ids)}}


def _write_paths(archive: zipfile.ZipFile, paths: list[str]) -> None:
    """As texts of one width, which NumPy reads without pickles; what fills them up compresses."""
    dtype = np.dtype(f"<U{max(map(len, paths))}")
    entry = zipfile.ZipInfo("paths.npy", datetime.now().timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    with archive.open(entry, "w", force_zip64=True) as member:
        _write_header(member, dtype, (len(paths),))
        for start in range(0, len(paths), _PHOTOS_AT_A_TIME):
            some = paths[start : start + _PHOTOS_AT_A_TIME]
            member.write(np.array(some, dtype).tobytes())


def _write_header(member: IO[bytes], dtype: np.dtype[Any], shape: tuple[int, ...]) -> None:
    header = {"descr": dtype.str, "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(member, header)
