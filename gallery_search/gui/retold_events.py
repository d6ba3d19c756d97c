# SPDX-License-Identifier: MIT
"""The one door at which sentences from below the window become its language: in the events."""

from msgspec.structs import replace

from gallery_search.backbone_status import BackboneStatus
from gallery_search.duplicates import DuplicatesFailed
from gallery_search.maps import MapFailed
from gallery_search.matches import MatchFailed
from gallery_search.pictures import PictureFailed
from gallery_search.records import (
    BackbonesChanged,
    Event,
    FailuresLoaded,
    IndexProgress,
    Notice,
    PartAnswer,
    QueryFailed,
    QueryResult,
)
from gallery_search.retelling import retold


def retold_event(event: Event) -> Event:
    """The same event, its sentences in the window's language; any thread.

    What things are called, such as files, folders and queries, stays as it is.
    """
    told = _retold(event)
    return event if told is event or told == event else told


def _retold(event: Event) -> Event:
    match event:
        case Notice(text=text):
            return replace(event, text=retold(text))
        case QueryFailed(reason=reason) | PictureFailed(reason=reason):
            return replace(event, reason=retold(reason))
        case MatchFailed(reason=reason) | DuplicatesFailed(reason=reason):
            return replace(event, reason=retold(reason))
        case MapFailed(reason=reason):
            return replace(event, reason=retold(reason))
        case IndexProgress(problem=str(problem)):
            return replace(event, problem=retold(problem))
        case QueryResult(parts=parts) if parts:
            return replace(event, parts=tuple(map(_part, parts)))
        case FailuresLoaded(failures=failures):
            told = tuple(replace(each, reason=retold(each.reason)) for each in failures)
            return FailuresLoaded(told)
        case BackbonesChanged(backbones=backbones):
            return BackbonesChanged(tuple(map(_backbone, backbones)))
    return event


def _part(part: PartAnswer) -> PartAnswer:
    return part if part.problem is None else replace(part, problem=retold(part.problem))


def _backbone(status: BackboneStatus) -> BackboneStatus:
    problem = None if status.problem is None else retold(status.problem)
    licence, good_at = retold(status.licence), retold(status.good_at)
    return replace(status, licence=licence, good_at=good_at, problem=problem)
