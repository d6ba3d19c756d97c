# SPDX-License-Identifier: MIT
"""The answers of the commands as texts for people."""

from collections.abc import Callable
from typing import Any, TypeAlias

from gallery_search.paths import in_a_line

JsonObject: TypeAlias = dict[str, Any]


def duration(seconds: float) -> str:
    """How long something takes, such as "2 min 5 s"."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return (
        f"{hours} h {minutes} min"
        if hours
        else f"{minutes} min {rest} s"
        if minutes
        else f"{rest} s"
    )


def in_lines(answer: Any) -> Any:
    """An answer whose texts, which may be any names of files, each stay in one line."""
    match answer:
        case str():
            return in_a_line(answer)
        case list():
            return [in_lines(part) for part in answer]
        case dict():
            return {key: in_lines(part) for key, part in answer.items()}
        case _:
            return answer


def _index_text(answer: JsonObject) -> str:
    lines = [
        f"{answer['indexed']:,} photos indexed in {answer['seconds']:.1f} s "
        f"({answer['images_per_second']:.0f} a second), {answer['unchanged']:,} unchanged, "
        f"{answer['moved']:,} moved, {answer['removed']:,} removed, {answer['failed']:,} failed."
    ]
    lines += [f"  {failure['path']}: {failure['reason']}" for failure in answer["failures"]]
    return "\n".join(lines)


def _search_text(answer: JsonObject) -> str:
    searched, total = answer["searched"], answer["total"]
    lines = [f"{answer['query']} (searched {searched:,} of {total:,} photos)"]
    lines += [
        f"  {hit['similarity']:6.1%}  {hit['path']}"
        + (f"  (on “{hit['offline']}”, which is offline)" if "offline" in hit else "")
        for hit in answer["results"]
    ]
    return "\n".join(lines)


def _status_text(answer: JsonObject) -> str:
    lines = [
        f"{answer['photos']:,} photos: {answer['indexed']:,} indexed, {answer['pending']:,} "
        f"waiting, {answer['failed']:,} failed, {answer['offline']:,} offline.",
        f"Network: {answer['backbone']}, device: {answer['device']}.",
    ]
    lines += [f"  {folder['path']} ({folder['state']})" for folder in answer["folders"]]
    if answer["excluded"]:
        lines.append(f"Left out: {', '.join(answer['excluded'])}.")
    if not answer["folders"]:
        lines.append("No folder yet. Add one: gallery-search index FOLDER")
    return "\n".join(lines)


def _embed_text(answer: JsonObject) -> str:
    values = " ".join(f"{value:.4f}" for value in answer["embedding"][:6])
    return f"{answer['path']}: {values} ... ({len(answer['embedding'])} numbers, all with --json)"


def _duplicates_text(answer: JsonObject) -> str:
    photos = [f"  {path}" for path in answer["photos"]]
    if "not_duplicates" in answer:
        will = "are not shown as duplicates of" if answer["not_duplicates"] else "may be shown with"
        title = f"From now on, these {will} each other:"
    elif answer["kind"] == "exact":
        title = f"{len(photos)} photos with the same content:"
    else:
        title = f"{len(photos)} photos that look the same ({answer['similarity']:.1%}):"
    return "\n".join([title, *photos])


def _export_text(answer: JsonObject) -> str:
    return (
        f"The embeddings of {answer['photos']:,} photos by {answer['backbone']} "
        f"({answer['d']:,} numbers each, {answer['dtype']}) are in {answer['file']} "
        f"({answer['bytes'] / 2**20:,.1f} MB)."
    )


_ROLES = {"active": "answers", "incoming": "is to take over", "idle": ""}


def _backbone_text(answer: JsonObject) -> str:
    size = f"{answer['bytes'] / 2**20:,.0f} MB" if answer["bytes"] else "installed"
    rate = answer["images_per_second"]
    speed = "" if rate is None else f"{rate:,.0f} images a second"
    return (
        f"{answer['name']:<20}{answer['state']:<13}{size:>10}  {speed:<24}"
        f"{_ROLES[answer['role']]:<18}{answer['licence']}"
    )


def _benchmark_text(answer: JsonObject) -> str:
    if "bottleneck" in answer:
        return f"The bottleneck is: {answer['bottleneck']}."
    return f"{answer['stage']:<10}{answer['images_per_second']:8.1f} images a second"


TEXTS: dict[str, Callable[[JsonObject], str]] = {
    "index": _index_text,
    "search": _search_text,
    "duplicates": _duplicates_text,
    "export": _export_text,
    "status": _status_text,
    "embed": _embed_text,
    "backbones": _backbone_text,
    "benchmark": _benchmark_text,
}
