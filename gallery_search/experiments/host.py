# SPDX-License-Identifier: MIT
"""The child process in which a window has an experiment run.

`python -m gallery_search.experiments.host`. The first request names the "task" and what it takes;
it and each further one, {} or {"stop": true}, is answered by how far the experiment is
({"progress": ...}) as soon as there is news, and in the end by {"result": ...}, by {"error":
sentence}, or by {"stopped": true}. Tasks:

- "state": what a comparison finds: {"photos": that can be drawn, "unfinished": see `comparison`}.
- "comparison": of "backbones" on "photos" of the library, where "active" is in use and "rates" are
  known.
- "neighbours": of the pictures in "folder", by "backbones".

All take "library", its folder.
"""

import queue
import threading
from pathlib import Path
from typing import Any, TypeAlias

from msgspec import structs, to_builtins

from gallery_search import settings
from gallery_search.embedding.backbones import backbone
from gallery_search.errors import ExperimentStoppedError, ExternalError
from gallery_search.experiments import comparison, library_photos, neighbours
from gallery_search.experiments.comparison import Choice
from gallery_search.experiments.progress import Progress
from gallery_search.experiments.runs import Surroundings
from gallery_search.language import mark
from gallery_search.paths import LibraryPaths
from gallery_search.processes import Message, serve

Head: TypeAlias = dict[str, Any]

_NEWS_S = 0.5  # after which a request is answered though nothing has happened
NEIGHBOURS = 5


class Host:
    """Answers the requests while the experiment runs on a thread of its own."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._news: queue.SimpleQueue[Head] = queue.SimpleQueue()
        self._last: Head = {"progress": None}
        self._is_begun = False

    def handle(self, request: Message) -> Message:
        """Answer a request."""
        if not self._is_begun:
            self._is_begun = True
            threading.Thread(target=self._run, args=(request.head,), daemon=True).start()
        if request.head.get("stop"):
            self._stop.set()
        try:
            self._last = self._news.get(timeout=_NEWS_S)
            while "progress" in self._last:  # only the last is of interest
                self._last = self._news.get_nowait()
        except queue.Empty:
            pass
        return Message(self._last)

    # --- on the experiment's thread -------------------------------------------------------------

    def _run(self, head: Head) -> None:
        try:
            self._news.put({"result": self._done(head)})
        except ExperimentStoppedError:
            self._news.put({"stopped": True})
        except ExternalError as error:
            self._news.put({"error": str(error)})
        except OSError as error:
            self._news.put({"error": _sentence(error)})
        except Exception as error:  # a bug; the window is not to wait for ever  # noqa: BLE001
            sentence = mark("Something went wrong in the program: {error}.")
            self._news.put({"error": sentence.format(error=repr(error))})

    def _done(self, head: Head) -> Head:
        paths = LibraryPaths(Path(head["library"]))
        around = Surroundings(
            paths, settings.load(paths.settings).device, self._on_progress, self._stop
        )
        match head["task"]:
            case "state":
                kept = comparison.unfinished(paths)
                return {
                    "photos": library_photos.count(paths),
                    "unfinished": None if kept is None else structs.asdict(kept),
                }
            case "comparison":
                choice = Choice(tuple(head["backbones"]), head["photos"])
                done, advice = comparison.run(choice, head["active"], head["rates"], around)
                return {
                    "advice": to_builtins(advice),
                    "rows": [row.as_json() for row in done.rows],
                    "unreadable": len(done.unreadable),
                    "files": {name: str(file) for name, file in done.files.items()},
                }
            case "neighbours":
                names = tuple(map(backbone, head["backbones"]))
                found = neighbours.run(head["folder"], names, NEIGHBOURS, around)
                return {"file": str(found.result), "unreadable": len(found.unreadable)}
            case task:
                raise ValueError(task)

    def _on_progress(self, progress: Progress) -> None:
        self._news.put({"progress": structs.asdict(progress)})


def _sentence(error: OSError) -> str:
    reason = error.strerror or str(error)
    if error.filename:
        return mark("Check {file}: {reason}.").format(file=error.filename, reason=reason)
    return mark("The experiment ended: {reason}.").format(reason=reason)


if __name__ == "__main__":
    serve(Host().handle)
