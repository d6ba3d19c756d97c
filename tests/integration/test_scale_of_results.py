# SPDX-License-Identifier: MIT
"""The scale that comes with the answers of a real library."""

import pytest

from gallery_search.filters import Filters
from gallery_search.queries import QueryRequest
from gallery_search.records import PathSource

pytestmark = pytest.mark.network_model


def test_answers_say_what_their_similarities_mean(indexed, open_library):
    library = open_library(is_indexing=False, is_watching=False)
    result = library.search(indexed.photos[0], limit=len(indexed.photos))
    scale = result.scale
    assert scale is not None
    assert scale.unlike < scale.same_kind < scale.same_scene < scale.near_identical < 1.0
    similarities = sorted(hit.similarity for hit in result.hits)
    assert similarities[-1] > scale.near_identical  # the photo itself
    # The same for every query, with and without filters; it is of the library, not of the hits.
    assert library.search(indexed.photos[1]).scale == scale
    request = QueryRequest(900, PathSource(str(indexed.photos[0])), 5, Filters(formats=("PNG",)))
    library.library.search(request)
    assert library.answer(900).scale == scale


def test_a_handful_of_photos_has_no_scale(indexed, open_library, tmp_path):
    library = open_library(is_watching=False)
    folder = tmp_path / "few"
    folder.mkdir()
    for status in library.folders:
        library.library.remove_folder(status.folder_id)
    for photo in indexed.photos[:5]:
        (folder / photo.name).write_bytes(photo.read_bytes())
    library.wait_folders(lambda folders: not folders)
    library.add(folder)
    library.wait_idle(5)
    assert library.search(indexed.photos[0]).scale is None
