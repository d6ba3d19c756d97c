# SPDX-License-Identifier: MIT
"""The child process that backs the catalogue up and reads kept files through for damage.

`python -m gallery_search.pipeline.upkeep.checks`. A start reads no large file as a whole; this
does, beside the worker, which goes on writing. A request names a job and its paths:

    {"job": "catalogue", "catalogue", "backups", "is_backup_due"}   → {}
    {"job": "embeddings", "embeddings"}   → {"photos": ids of those with a damaged embedding}
    {"job": "index", "folder"}            → {"damaged": which file, or null}

The answer is {"damage": sentence} where a database is damaged, and {"error": sentence} where the
job could not be done.
"""

import contextlib
from pathlib import Path

from gallery_search.catalogue import backup, damage, schema
from gallery_search.catalogue.embeddings import EmbeddingStore
from gallery_search.catalogue.notes import note_damage
from gallery_search.errors import CatalogueDamagedError, ExternalError
from gallery_search.index import manifest
from gallery_search.language import mark
from gallery_search.processes import Message, serve


def _handle(request: Message) -> Message:
    head = request.head
    try:
        match head["job"]:
            case "catalogue":
                catalogue = Path(head["catalogue"])
                if head["is_backup_due"]:
                    backup.make(catalogue, Path(head["backups"]))
                else:
                    _require_sound(catalogue, schema.CATALOGUE)
                return Message({})
            case "embeddings":
                return Message({"photos": _damaged_photos(Path(head["embeddings"]))})
            case _:
                return Message({"damaged": manifest.damaged_part(Path(head["folder"]))})
    except CatalogueDamagedError as error:
        return Message({"damage": str(error)})
    except (ExternalError, OSError) as error:
        return Message({"error": str(error)})


def _require_sound(path: Path, migrations: tuple[str, ...]) -> None:
    problem = damage.find(path, migrations)
    if problem is not None:
        note_damage(path)
        raise CatalogueDamagedError(
            mark(
                "The file {file} is damaged ({problem}). Start Gallery Search again, which mends "
                "what it can."
            ).format(file=path, problem=problem)
        )


def _damaged_photos(path: Path) -> list[int]:
    _require_sound(path, schema.EMBEDDINGS)
    # All backbones are in one table, so any one will do.
    with contextlib.closing(EmbeddingStore.open_for_reading(path, "", 0)) as store:
        return store.damaged_ids()


if __name__ == "__main__":
    serve(_handle)
