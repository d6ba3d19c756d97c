# SPDX-License-Identifier: MIT
"""Asking a real library which parts of a photo match a query."""

import numpy as np
import pytest
from drawn_photos import edited_copy
from PIL import Image

from gallery_search.matches import MatchExplained, MatchFailed
from gallery_search.queries import CombinedSource, MatchRequest, QueryPart
from gallery_search.records import PathSource, PhotoSource

pytestmark = pytest.mark.network_model


def answer(library, request_id):
    def find(events):
        told = [event for event in events if isinstance(event, MatchExplained | MatchFailed)]
        return next((event for event in told if event.request_id == request_id), None)

    return library.events.wait_for(find)


def ask(library, request_id, photo_id, source, refines=None):
    library.library.request_match(MatchRequest(request_id, photo_id, source, refines))
    return answer(library, request_id)


def test_both_sides_of_a_match_are_explained(open_library, indexed, tmp_path):
    library = open_library()
    query = edited_copy(indexed.photos[5], tmp_path / "query.jpg")
    result = library.search(query)
    hit = result.hits[0]
    explained = ask(library, 1, hit.photo_id, PathSource(str(query)), result.request_id)
    assert isinstance(explained, MatchExplained), explained
    assert (explained.request_id, explained.photo_id) == (1, hit.photo_id)
    assert explained.similarity == pytest.approx(hit.similarity, abs=2e-3)  # float16 in the store
    for side in (explained.photo, explained.query):
        assert side.cells.shape == (7, 7)
        assert side.cells.sum() == pytest.approx(explained.photo.cells.sum(), abs=1e-4)
        assert 0.5 * hit.similarity < side.cells.sum() < hit.similarity
    assert explained.picture.startswith(b"\xff\xd8")


def test_a_part_of_a_photo_is_the_query_s_side(open_library, indexed):
    library = open_library()
    path, photo_id = next(iter(library.paths().items()))
    part = PhotoSource(photo_id, (0.0, 0.0, 1.0, 0.5))
    explained = ask(library, 1, photo_id, part)
    assert explained.query.seen == pytest.approx((0.1, 0.0, 0.9, 1.0))  # twice as wide as high
    with Image.open(path) as image:
        width, height = image.size
    assert (width, height) == (160, 160)
    assert explained.photo.seen == (0.0, 0.0, 1.0, 1.0)


def test_a_combined_query_has_one_side(open_library, indexed):
    library = open_library()
    first, second = library.order()[:2]
    parts = (QueryPart(PhotoSource(first)), QueryPart(PhotoSource(second), -0.5))
    result = library.search(CombinedSource(parts))
    explained = ask(library, 1, first, CombinedSource(parts), result.request_id)
    similarity = next(hit.similarity for hit in result.hits if hit.photo_id == first)
    assert explained.similarity == pytest.approx(similarity, abs=2e-3)
    assert (explained.query, explained.picture) == (None, None)
    assert np.abs(explained.photo.cells).max() > 0


def test_only_the_latest_of_many_is_worth_the_work(open_library, indexed):
    """As when somebody leafs on while the first is still being read."""
    library = open_library()
    photo_ids = library.order()
    for number, photo_id in enumerate(photo_ids[:20], 1):
        library.library.request_match(MatchRequest(number, photo_id, PhotoSource(photo_ids[0])))
    answer(library, 20)
    explained = library.events.of(MatchExplained)
    assert [each.request_id for each in explained][-1] == 20
    assert len(explained) < 5
    library.library.request_match(MatchRequest(21, photo_ids[1], PhotoSource(photo_ids[0])))
    library.library.request_match(None)
    ask(library, 22, photo_ids[2], PhotoSource(photo_ids[0]))
    assert 21 not in [each.request_id for each in library.events.of(MatchExplained)]


def test_what_cannot_be_explained_is_said(open_library, indexed, tmp_path):
    library = open_library()
    photo_id = library.order()[0]
    gone = ask(library, 1, 987654, PhotoSource(photo_id))
    assert gone.reason == "This photo is no longer in the library."
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"no image")
    unread = ask(library, 2, photo_id, PathSource(str(broken)))
    assert unread.reason.startswith("“broken.jpg”: ")


def test_the_query_s_side_is_left_out_where_its_file_is_gone(open_library, indexed, tmp_path):
    library = open_library()
    query = edited_copy(indexed.photos[5], tmp_path / "query.jpg")
    result = library.search(query)
    query.unlink()
    source = PathSource(str(query))
    explained = ask(library, 1, result.hits[0].photo_id, source, result.request_id)
    assert isinstance(explained, MatchExplained), explained
    assert (explained.query, explained.picture) == (None, None)
