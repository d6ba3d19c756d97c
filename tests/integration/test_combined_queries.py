# SPDX-License-Identifier: MIT
"""Queries of several images, wanted and unwanted, on a real library with the real network."""

import threading

import numpy as np
import pytest
from drawn_photos import edited_copy

from gallery_search.filters import Filters
from gallery_search.imaging.pool import DecoderPool
from gallery_search.queries import CombinedSource, QueryPart, QueryRequest
from gallery_search.records import BytesSource, PathSource, PhotoSource, TextSource

pytestmark = pytest.mark.network_model


@pytest.fixture
def decoded(monkeypatch):
    """The images of queries that were given to the decoders, which decode them as ever."""
    sources, lock, submit = [], threading.Lock(), DecoderPool.submit

    def note(self, source, spec, on_done, **options):
        if options.get("urgency") == "query":
            with lock:
                sources.append(source)
        submit(self, source, spec, on_done, **options)

    monkeypatch.setattr(DecoderPool, "submit", note)
    return sources


def combined(*weighted):
    return CombinedSource(tuple(QueryPart(source, weight) for source, weight in weighted))


def ask(library, request_id, source, refines=None, filters=None):
    request = QueryRequest(request_id, source, 60, filters or Filters(), refines)
    library.library.search(request)
    return library.answer(request_id)


def cosines(library, source):
    """The cosine of each photo of the library to a source."""
    return {hit.photo_id: hit.similarity for hit in library.search(source, limit=60).hits}


def test_photos_rank_by_what_is_wanted_less_what_is_not(open_library, indexed, decoded):
    library = open_library()
    wanted, unwanted, other = (PhotoSource(photo_id) for photo_id in library.order()[:3])
    weights = {wanted: 1.0, unwanted: -0.75, other: 0.5}
    known = {source: cosines(library, source) for source in weights}
    result = library.search(combined(*weights.items()), limit=60)
    sums = {
        photo_id: sum(weight * known[source][photo_id] for source, weight in weights.items())
        for photo_id in known[wanted]
    }
    assert len(result.hits) == len(sums) == 60
    ranked = [sums[hit.photo_id] for hit in result.hits]
    assert np.all(np.diff(ranked) < 2e-3)  # float16 in the store
    ratio = ranked[0] / result.hits[0].similarity
    np.testing.assert_allclose([hit.similarity * ratio for hit in result.hits], ranked, atol=4e-3)
    places = {hit.photo_id: place for place, hit in enumerate(result.hits)}
    assert places[wanted.photo_id] < 3  # parts are found like any other photo
    assert places[unwanted.photo_id] > 50
    names = [part.name for part in result.parts]
    assert result.name == f"{names[0]} − {names[1]} + {names[2]}"
    assert all(part.thumbnail and part.problem is None for part in result.parts)
    assert (result.thumbnail, result.scale) == (None, None)
    assert not decoded  # photos of the library are not read again


def test_other_weights_and_fewer_parts_need_no_new_reading(
    open_library, indexed, tmp_path, decoded
):
    library = open_library()
    first = PathSource(str(edited_copy(indexed.photos[3], tmp_path / "first.jpg")))
    second = BytesSource(indexed.photos[9].read_bytes(), "Pasted image")
    alone = ask(library, 101, first)
    both = ask(library, 102, combined((first, 1.0), (second, 1.0)), refines=101)
    assert decoded == [first, second]
    assert both.name == "first.jpg + Pasted image"
    assert {hit.path for hit in both.hits[:2]} == {str(indexed.photos[3]), str(indexed.photos[9])}
    (tmp_path / "first.jpg").unlink()
    less = ask(library, 103, combined((first, 2.0), (second, -0.5)), refines=102)
    assert less.hits[0].path == str(indexed.photos[3])
    assert less.hits != both.hits
    some = ask(library, 104, combined((first, 2.0), (second, -0.5)), 103, Filters(formats=("PNG",)))
    assert (some.passing, some.hits) == (0, ())
    again = ask(library, 105, first, refines=104)
    assert (again.hits, again.thumbnail) == (alone.hits, alone.thumbnail)
    assert len(decoded) == 2


def test_what_cancels_out_is_answered_with_a_sentence(open_library, indexed):
    library = open_library()
    path, photo_id = next(iter(library.paths().items()))
    source = combined((PhotoSource(photo_id), 1.5), (PathSource(path), -1.5))
    assert library.search_fails(source).startswith("What is wanted and what is unwanted cancel")


def test_a_part_that_cannot_be_read_is_named_and_left_out(open_library, indexed, tmp_path):
    library = open_library()
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"no image")
    first, second = (PhotoSource(photo_id) for photo_id in library.order()[:2])
    gone, unread = PhotoSource(987654), PathSource(str(broken))
    result = library.search(combined((first, 1.0), (unread, 1.0), (second, -1.0), (gone, 1.0)))
    problems = {part.name: part.problem for part in result.parts if part.problem is not None}
    assert list(problems) == ["broken.jpg", "a photo"]
    assert problems["a photo"] == "This photo is no longer in the library."
    assert result.hits == library.search(combined((first, 1.0), (second, -1.0))).hits

    alone = library.search(combined((unread, 1.0), (first, 0.5)))  # what is left is a plain search
    plain = library.search(first)
    assert (alone.name, alone.thumbnail, alone.hits) == (plain.name, plain.thumbnail, plain.hits)
    assert library.search_fails(combined((gone, 1.0), (unread, -1.0))) == (
        "“a photo”: This photo is no longer in the library."
    )


def test_only_unwanted_finds_what_is_least_alike(open_library, indexed):
    library = open_library()
    source = PhotoSource(library.order()[0])
    known = cosines(library, source)
    result = library.search(combined((source, -1.0)), limit=60)
    assert [hit.photo_id for hit in result.hits][-1] == source.photo_id
    assert [-hit.similarity for hit in result.hits] == pytest.approx(
        [known[hit.photo_id] for hit in result.hits], abs=2e-3
    )


def test_words_need_a_network_that_knows_them(open_library, indexed):
    library = open_library()
    photo = PhotoSource(library.order()[0])
    result = library.search(combined((photo, 1.0), (TextSource("a dog"), -1.0)))
    assert [part.problem is None for part in result.parts] == [True, False]
    assert result.parts[1].name == "a dog"


def test_what_is_being_read_for_a_query_serves_for_its_next_weights(
    open_library, indexed, tmp_path, monkeypatch
):
    held, may_go, submit = [], threading.Event(), DecoderPool.submit

    def hold(self, source, spec, on_done, **options):
        def report(result):
            assert may_go.wait(60)
            on_done(result)

        if options.get("urgency") == "query":
            held.append(source)
        submit(
            self, source, spec, report if options.get("urgency") == "query" else on_done, **options
        )

    monkeypatch.setattr(DecoderPool, "submit", hold)
    library = open_library()
    first, second = (
        PathSource(str(edited_copy(indexed.photos[number], tmp_path / f"{number}.jpg")))
        for number in (3, 9)
    )
    weights = (1.0, 0.75, 0.5)
    for number, weight in enumerate(weights, 101):
        source = combined((first, 1.0), (second, weight))
        library.library.search(QueryRequest(number, source, 60))
    library.library.search(QueryRequest(110, PhotoSource(library.order()[0]), 1))
    library.answer(110)  # so the worker has begun those before
    may_go.set()
    answers = [library.answer(number) for number in range(101, 104)]
    assert sorted(held, key=str) == sorted([first, second], key=str)
    assert all(len(answer.hits) == 60 for answer in answers)
    assert answers[0].hits != answers[2].hits


def test_a_long_name_is_shortened_in_the_sentence_about_it(open_library, indexed, tmp_path):
    library = open_library()
    broken = tmp_path / f"{'very ' * 40}long\n.jpg"
    broken.write_bytes(b"no image")
    reason = library.search_fails(
        combined((PathSource(str(broken)), 1.0), (PhotoSource(987654), -1.0))
    )
    name = f"{('very ' * 12)[:59].rstrip()}…"
    assert reason.startswith(f"“{name}”: ")
    assert reason.count("very") == 12
