# SPDX-License-Identifier: MIT
"""What queries found, with names; and a page of those of which not all was found, with pictures."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from gallery_search.errors import ImageUnreadableError
from gallery_search.experiments import page as pages
from gallery_search.experiments.copier_pool import CopierPool
from gallery_search.experiments.copies import COPIES, CopySet
from gallery_search.experiments.page import Section, Tile, TileRow
from gallery_search.experiments.photos import FolderPhoto, PhotoFolder, seed_of
from gallery_search.experiments.progress import Step
from gallery_search.experiments.recovery_scores import Answer, Image
from gallery_search.experiments.runs import Surroundings

_ON_PAGE = 200  # of each network; nobody looks at more, and the list has all


class Shown(Struct, frozen=True):
    """A photo, or its copy of a profile, by its name below the folder."""

    photo: FolderPhoto
    profile: str | None

    @property
    def caption(self) -> str:
        """What to call it."""
        return f"{self.photo.name}, {self.profile}" if self.profile else self.photo.name

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        return {"path": self.photo.name, "profile": self.profile}


class Named(Struct, frozen=True):
    """An answer with the names of its photos; see `recovery_scores.Answer`."""

    backbone: str
    copy_set: CopySet
    query: Shown
    missed: tuple[str, ...]
    found: tuple[Shown, ...]
    similarities: tuple[float, ...]

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        return {
            "backbone": self.backbone,
            "set": self.copy_set,
            "query": self.query.as_json(),
            "missed": list(self.missed),
            "found": [
                shown.as_json() | {"similarity": similarity, "is_right": self.is_right(shown)}
                for shown, similarity in zip(self.found, self.similarities, strict=True)
            ],
        }

    def is_right(self, shown: Shown) -> bool:
        """Whether this is one of those that the query should find."""
        return shown.photo == self.query.photo


def named(backbone: str, answers: Sequence[Answer], photos: Sequence[FolderPhoto]) -> list[Named]:
    """The answers of a network, with the names of the photos that their numbers stand for."""

    def shown(image: Image) -> Shown:
        return Shown(photos[image.photo], image.profile)

    return [
        Named(
            backbone,
            answer.copy_set,
            shown(answer.query),
            answer.missed,
            tuple(map(shown, answer.found)),
            answer.similarities,
        )
        for answer in answers
    ]


def first_hits(told: Sequence[Named], photos: Sequence[FolderPhoto]) -> dict[str, float]:
    """Of each photo, by its name, the share of its hard edits that led to it first.

    Args:
        told: the answers of a network; of hard edits, only those that did not.
        photos: all that were asked for.
    """
    missed = Counter(each.query.photo.name for each in told if each.copy_set == "hard")
    edits = len(COPIES["hard"])
    return {photo.name: 1 - missed[photo.name] / edits for photo in photos}


def page(
    failures: Sequence[Named],
    folder: PhotoFolder,
    seed: int,
    around: Surroundings,
    pool: CopierPool,
) -> str:
    """A page that shows each query, what came, and what should have."""
    by_backbone: dict[str, list[Named]] = {}
    for failure in failures:
        by_backbone.setdefault(failure.backbone, []).append(failure)
    chosen = [failure for each in by_backbone.values() for failure in each[:_ON_PAGE]]
    wanted: dict[FolderPhoto, dict[str, None]] = {}
    for failure in chosen:
        for shown in _pictured(failure):
            wanted.setdefault(shown.photo, {})[shown.profile or ""] = None
    pictures = _pictures(wanted, folder, seed, around, pool)
    paragraphs = [
        "Queries of which not all was found among the five nearest (of an edit: not its photo "
        "first), by the program's index."
    ]
    for backbone, each in by_backbone.items():
        first = f", the first {_ON_PAGE} here" if len(each) > _ON_PAGE else ""
        paragraphs.append(f"{backbone}: {len(each):,}{first}.")
    if not failures:
        paragraphs.append("There are none: all was found.")
    return pages.page("What was not found", paragraphs, map(_section, chosen), pictures)


def _pictured(failure: Named) -> list[Shown]:
    missed = [Shown(failure.query.photo, profile) for profile in failure.missed]
    own = [Shown(failure.query.photo, None)] if failure.copy_set == "hard" else []
    return [failure.query, *failure.found, *missed, *own]


def _pictures(
    wanted: dict[FolderPhoto, dict[str, None]],
    folder: PhotoFolder,
    seed: int,
    around: Surroundings,
    pool: CopierPool,
) -> dict[str, bytes]:
    """By the captions of what they show, as far as there is room."""
    step = Step("pictures for the page", len(wanted), around.on_progress, stop=around.stop)
    pictures: dict[str, bytes] = {}
    size_bytes = 0
    for photo, profiles in wanted.items():
        try:
            made = pool.pictures(
                folder.path(photo), pages.SIDE_PX, list(profiles), seed_of(photo, seed)
            ).result()
        except ImageUnreadableError:  # it went meanwhile; its tiles stay empty
            made = []
        for profile, picture in zip(profiles, made, strict=False):
            pictures[Shown(photo, profile or None).caption] = picture
            size_bytes += len(picture)
        step.add()
        if size_bytes > pages.MAX_PICTURES_BYTES:
            break
    return pictures


def _section(failure: Named) -> Section:
    query = failure.query
    came = TileRow(
        "asked for, and what came",
        (
            Tile(query.caption, query.caption, kind="query"),
            *(
                Tile(
                    shown.caption,
                    shown.caption,
                    f"{similarity:.3f}, {'right' if failure.is_right(shown) else 'wrong'}",
                    "right" if failure.is_right(shown) else "wrong",
                )
                for shown, similarity in zip(failure.found, failure.similarities, strict=True)
            ),
        ),
    )
    lacking = _pictured(failure)[1 + len(failure.found) :]
    missed = TileRow(
        "should have come" if failure.copy_set == "original" else "should have come first",
        tuple(Tile(shown.caption, shown.caption) for shown in lacking),
    )
    return Section(f"{failure.backbone}: {query.caption}", (came, missed))
