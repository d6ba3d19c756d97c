# SPDX-License-Identifier: MIT
"""Results as the analysis view looks through them: pictures, what networks found near, and order.

A picture is named by (name, profile): its place below the folder, and the perturbation or edit
where it is a copy, else None.
"""

import itertools
import json
import os
import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, TypeAlias

from msgspec import Struct

from gallery_search.errors import ExternalError
from gallery_search.experiments import datasets
from gallery_search.experiments.analysis_sources import Source, no_result, source_of
from gallery_search.experiments.artworks import Artwork
from gallery_search.language import mark

Key: TypeAlias = tuple[str, str | None]
Order: TypeAlias = Literal["name", "disagreement", "mistakes"]


class Near(Struct, frozen=True):
    """A neighbour.

    Attributes:
        key: the picture.
        similarity: cosine to the query.
        is_right: whether it is one that the query should find; None where nothing was asked for.
    """

    key: Key
    similarity: float
    is_right: bool | None = None


class Nearest(Struct, frozen=True):
    """What one network found, nearest first, and the copies that it should have found as well."""

    found: tuple[Near, ...]
    missed: tuple[str, ...] = ()

    @property
    def mistakes(self) -> int:
        """How many of the neighbours are wrong."""
        return sum(near.is_right is False for near in self.found)


class Analysis:
    """One source, read as a whole.

    Attributes:
        networks: names, in the order of the results.
        keys: of all pictures that were asked for, in the order of the results.
        is_judged: whether neighbours are right or wrong.
        seed: of the copies' noise.
    """

    def __init__(self, source: Source) -> None:
        """Read it; raises ExternalError where a file is missing or damaged."""
        self._folder = source.folder
        self._nearest: dict[str, dict[Key, Nearest]] = {}
        self.is_judged = source.kind == "recovery"
        self.seed = 0
        for file in map(Path, source.files):
            self._read(file)
        self.networks = tuple(self._nearest)
        keys = itertools.chain.from_iterable(self._nearest.values())
        self.keys: tuple[Key, ...] = tuple(dict.fromkeys(keys))
        self._works = _works(source.folder)

    def work(self, key: Key) -> Artwork | None:
        """What the dataset says of a picture."""
        return self._works.get(key[0])

    def title(self, key: Key) -> str:
        """The title of a work, or the picture's name."""
        work = self.work(key)
        return work.title if work is not None and work.title else key[0].rpartition("/")[2]

    def path(self, key: Key) -> str:
        """Where a picture lies; of a copy, where its photo does."""
        name = key[0]
        return os.path.join(self._folder, *name.split("/")) if self._folder else name

    def nearest(self, key: Key, network: str) -> Nearest | None:
        """What a network found; None where it was not asked."""
        return self._nearest[network].get(key)

    def find(self, words: str, order: Order, networks: Sequence[str]) -> list[Key]:
        """Pictures whose title or name has all the words, in an order.

        Args:
            words: parted by spaces, in any order and case; "" for all pictures.
            order: "name" as the results have them; by how much these networks differ, or by how
                many mistakes they make, most first.
            networks: see there; pictures that none of them was asked for are left out.
        """
        wanted = words.casefold().split()
        keys = [
            key
            for key in self.keys
            if any(key in self._nearest[network] for network in networks) and self._has(key, wanted)
        ]
        if order == "disagreement":
            keys.sort(key=lambda key: -self.disagreement(key, networks))
        elif order == "mistakes":
            keys.sort(key=lambda key: -self.mistakes(key, networks))
        return keys

    def any_of(self, keys: Sequence[Key]) -> Key | None:
        """One of some pictures at random, or None where there is none."""
        return random.choice(keys) if keys else None  # noqa: S311  no secret

    def disagreement(self, key: Key, networks: Sequence[str]) -> float:
        """How little networks agree about a picture: from 0, the same neighbours, to 1, no common.

        The mean over all pairs of networks of 1 - |both| / |either|, without regard to the order
        of the neighbours; 0 where fewer than two were asked.
        """
        found = [
            {near.key for near in nearest.found}
            for network in networks
            if (nearest := self.nearest(key, network)) is not None
        ]
        pairs = list(itertools.combinations(found, 2))
        if not pairs:
            return 0.0
        return sum(1 - len(a & b) / max(1, len(a | b)) for a, b in pairs) / len(pairs)

    def mistakes(self, key: Key, networks: Sequence[str]) -> int:
        """How many wrong neighbours these networks found together."""
        found = (self.nearest(key, network) for network in networks)
        return sum(nearest.mistakes for nearest in found if nearest is not None)

    def _has(self, key: Key, words: Sequence[str]) -> bool:
        if not words:
            return True
        text = f"{self.title(key)}\n{key[0]}".casefold()
        return all(word in text for word in words)

    def _read(self, file: Path) -> None:
        """Take what a file has of networks that no newer one has."""
        try:
            content = json.loads(file.read_bytes())
            known = set(self._nearest)
            if self.is_judged:
                self.seed = int(content["about"]["seed"])
                # Results of before "nearest" have only the queries of which not all was found.
                rows = [*content.get("nearest", ()), *content["failures"]]
            else:
                rows = content["rows"]
            for row in rows:
                network = str(row["backbone"])
                if network not in known:
                    key, nearest = _answer(row) if self.is_judged else _neighbours(row)
                    self._nearest.setdefault(network, {})[key] = nearest
            for used in content["about"]["backbones"]:  # one that made no mistake has no rows
                self._nearest.setdefault(str(used["name"]), {})
        except OSError as error:
            sentence = mark("Check {file}: {reason}.")
            raise ExternalError(
                sentence.format(file=file, reason=error.strerror or error)
            ) from error
        except (ValueError, KeyError, TypeError) as error:
            raise no_result(file) from error


def opened(file: str) -> tuple[Source, Analysis]:
    """A result that was chosen as a file; raises ExternalError where it is none."""
    source = source_of(Path(file))
    return source, Analysis(source)


def _neighbours(row: Mapping[str, Any]) -> tuple[Key, Nearest]:
    found = (
        Near((str(near["path"]), None), float(near["similarity"])) for near in row["neighbours"]
    )
    return (str(row["path"]), None), Nearest(tuple(found))


def _answer(row: Mapping[str, Any]) -> tuple[Key, Nearest]:
    found = [
        Near(_key(near), float(near["similarity"]), bool(near["is_right"])) for near in row["found"]
    ]
    if row["set"] == "hard":  # its photo is to come first; what comes after it is nobody's mistake
        right = next((place for place, near in enumerate(found) if near.is_right), len(found))
        found[right + 1 :] = [Near(near.key, near.similarity) for near in found[right + 1 :]]
    return _key(row["query"]), Nearest(tuple(found), tuple(map(str, row["missed"])))


def _key(shown: Mapping[str, Any]) -> Key:
    profile = shown["profile"]
    return str(shown["path"]), None if profile is None else str(profile)


def _works(folder: str) -> dict[str, Artwork]:
    """What a dataset says of its pictures; nothing for any other folder."""
    try:
        return datasets.images(Path(folder)) if folder else {}
    except (ExternalError, OSError):
        return {}
