# SPDX-License-Identifier: MIT
"""Names of what was searched for, where these are no names of files: parts of images, mostly."""

from msgspec.structs import replace

from gallery_search.queries import CombinedSource, QuerySource, SingleSource, joined_name
from gallery_search.records import PartAnswer, QueryResult, TextSource
from gallery_search.retelling import retold_name


def named_here(source: QuerySource, result: QueryResult) -> QueryResult:
    """The result of a query with its names in the window's language.

    The library calls a part of an image "Part of lake.jpg". Words stay as they were typed.
    """
    if not isinstance(source, CombinedSource):
        return replace(result, name=retold_name(result.name)) if _has_made_name(source) else result
    parts = tuple(
        replace(answer, name=retold_name(answer.name)) if _is_made(part.source, answer) else answer
        for part, answer in zip(source.parts, result.parts, strict=True)
    )
    if parts == result.parts:
        return result
    name = joined_name([part.name for part in parts], source.parts)
    return replace(result, name=name, parts=parts)


def _has_made_name(source: SingleSource) -> bool:
    return not isinstance(source, TextSource) and source.region is not None


def _is_made(source: SingleSource, answer: PartAnswer) -> bool:
    """Also where a photo is gone, and its name with it."""
    if isinstance(source, TextSource):
        return False
    return source.region is not None or answer.problem is not None
