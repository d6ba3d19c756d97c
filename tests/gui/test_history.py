# SPDX-License-Identifier: MIT
from gallery_search.gui.query.history import LENGTH, History, Visit
from gallery_search.records import BytesSource, Hit, PathSource, QueryResult


def visit(name: str, *photo_ids: int) -> Visit:
    hits = tuple(Hit(i, f"/{i}.jpg", 0.5) for i in photo_ids)
    return Visit(QueryResult(1, name, None, hits, 9, 9, 0.1), PathSource(f"/{name}"))


def name(visit: Visit) -> str | None:
    return None if visit.result is None else visit.result.name


def test_back_and_forward_walk_through_what_was_shown() -> None:
    history = History()
    assert not history.can_go_back
    history.push(visit("a"))
    history.push(visit("b"))
    assert [name(history.back()), name(history.back())] == ["a", None]
    assert not history.can_go_back
    assert name(history.back()) is None
    assert [name(history.forward()), name(history.forward())] == ["a", "b"]
    assert not history.can_go_forward


def test_a_new_query_forgets_what_was_ahead() -> None:
    history = History()
    history.push(visit("a"))
    history.push(visit("b"))
    history.back()
    history.push(visit("c"))
    assert not history.can_go_forward
    assert name(history.back()) == "a"


def test_only_the_last_visits_are_kept() -> None:
    history = History()
    for number in range(LENGTH + 10):
        history.push(visit(str(number)))
    steps = 0
    while history.can_go_back:
        history.back()
        steps += 1
    assert steps == LENGTH - 1
    assert name(history.current) == "10"


def test_view_states_stay_with_their_visits() -> None:
    history = History()
    history.keep_view_state("library, far down")
    history.push(visit("a"))
    history.keep_view_state("a, far down")
    assert history.library_view_state() == "library, far down"
    assert history.back().view_state == "library, far down"
    assert history.forward().view_state == "a, far down"


def test_removed_photos_leave_every_result() -> None:
    history = History()
    history.push(visit("a", 1, 2, 3))
    history.push(visit("b", 3, 4))
    assert not history.forget(frozenset({1}))
    assert history.forget(frozenset({3}))
    assert [hit.photo_id for hit in history.current.result.hits] == [4]
    assert [hit.photo_id for hit in history.back().result.hits] == [2]


def test_images_in_memory_are_let_go_once_another_view_is_shown() -> None:
    history = History()
    history.push(Visit(visit("a").result, BytesSource(b"x" * 1000, "a")))
    assert history.current.source is not None
    history.push(visit("b"))
    assert history.back().source is None
