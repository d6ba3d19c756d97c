# SPDX-License-Identifier: MIT
"""The child process that reads results for the analysis view, which are larger than they look.

`python -m gallery_search.experiments.analysis_host`. Requests name what is asked for ("ask"):

- "sources": of "library", its folder; answered by their list.
- "open": a source as it was listed ("source"), or any "file"; answered by what can be chosen.
  The "generation", a number, names what is opened; all below carry that of what they ask about.
- "find": "words", "order" and "networks"; answered by the first rows, and how many there are.
- "random": likewise; answered by the number of one picture.
- "picture": its "number", and "networks"; answered by all that is shown of it.

Pictures are named by their number in the source. An error is answered with {"error": sentence},
and what was asked about something that is not open (any more) with {"is_closed": true} as well.
"""

from pathlib import Path
from typing import Any, TypeAlias

from msgspec import structs

from gallery_search.errors import ExternalError
from gallery_search.experiments import analysis_sources
from gallery_search.experiments.analysis import Analysis, Key, Near, opened
from gallery_search.experiments.analysis_sources import Source
from gallery_search.experiments.photos import FolderPhoto, seed_of
from gallery_search.language import mark
from gallery_search.paths import LibraryPaths
from gallery_search.processes import Message, serve

Head: TypeAlias = dict[str, Any]

ROWS = 2000  # of a list; nobody scrolls through more, and words find the rest
_NEIGHBOURS = 5
NOTHING_OPEN = mark("Choose what to look at first.")


class AnalysisHost:
    """Answers for the source that was opened last."""

    def __init__(self) -> None:
        self._analysis: Analysis | None = None
        self._generation: int | None = None
        self._numbers: dict[Key, int] = {}

    def handle(self, request: Message) -> Message:
        """Answer a request."""
        head = request.head
        try:
            match head["ask"]:
                case "sources":
                    found = analysis_sources.sources(LibraryPaths(Path(head["library"])))
                    return Message({"sources": [structs.asdict(each) for each in found]})
                case "open":
                    return Message(self._open(head))
                case _ if self._analysis is None or head["generation"] != self._generation:
                    return Message({"error": NOTHING_OPEN, "is_closed": True})
                case "find":
                    return Message(self._find(head))
                case "random":
                    return Message({"number": self._random(head)})
                case "picture":
                    return Message(self._picture(head["number"], head["networks"]))
                case ask:
                    raise ValueError(ask)
        except ExternalError as error:
            return Message({"error": str(error)})

    def _open(self, head: Head) -> Head:
        if "file" in head:
            source, analysis = opened(head["file"])
        else:
            known = head["source"]
            source = Source(
                known["kind"],
                known["folder"],
                tuple(known["files"]),
                tuple(known["networks"]),
                known["made_at"],
            )
            analysis = Analysis(source)
        self._analysis, self._generation = analysis, head["generation"]
        self._numbers = {key: number for number, key in enumerate(analysis.keys)}
        return {
            "source": structs.asdict(source),
            "networks": list(analysis.networks),
            "pictures": len(analysis.keys),
            "is_judged": analysis.is_judged,
        }

    def _opened(self) -> Analysis:
        assert self._analysis is not None
        return self._analysis

    def _keys(self, head: Head) -> list[Key]:
        return self._opened().find(head["words"], head["order"], head["networks"])

    def _find(self, head: Head) -> Head:
        analysis, networks = self._opened(), head["networks"]
        keys = self._keys(head)
        return {
            "total": len(keys),
            "rows": [
                {
                    "number": self._numbers[key],
                    "title": analysis.title(key),
                    "artist": work.artist if (work := analysis.work(key)) is not None else "",
                    "profile": key[1],
                    "disagreement": round(analysis.disagreement(key, networks), 3),
                    "mistakes": analysis.mistakes(key, networks),
                }
                for key in keys[:ROWS]
            ],
        }

    def _random(self, head: Head) -> int | None:
        key = self._opened().any_of(self._keys(head))
        return None if key is None else self._numbers[key]

    def _picture(self, number: int, networks: list[str]) -> Head:
        analysis = self._opened()
        key = analysis.keys[number]
        rows = []
        for network in networks:
            nearest = analysis.nearest(key, network)
            found: tuple[Near, ...] = () if nearest is None else nearest.found[:_NEIGHBOURS]
            rows.append(
                {
                    "network": network,
                    "missed": [] if nearest is None else list(nearest.missed),
                    "neighbours": [
                        self._shown(near.key)
                        | {"similarity": near.similarity, "is_right": near.is_right}
                        for near in found
                    ],
                }
            )
        return {
            "picture": self._shown(key),
            "rows": rows,
            "disagreement": analysis.disagreement(key, networks),
        }

    def _shown(self, key: Key) -> Head:
        """What is told of a picture.

        Its "number", or that of the photo of which it is a copy, is None where neither was asked
        about.
        """
        analysis = self._opened()
        work = analysis.work(key)
        facts = ("artist", "medium", "dimensions", "date")
        return {
            "number": self._numbers.get(key, self._numbers.get((key[0], None))),
            "title": analysis.title(key),
            "path": analysis.path(key),
            "profile": key[1],
            "seed": seed_of(FolderPhoto(key[0], 0, 0), analysis.seed),
            "facts": [
                value for fact in facts if work is not None and (value := getattr(work, fact))
            ],
        }


if __name__ == "__main__":
    serve(AnalysisHost().handle)
