# SPDX-License-Identifier: MIT
"""A listing was taken into the catalogue, and what follows from it is refused elsewhere."""

import shutil
import sqlite3

from drawn_photos import draw_gallery
from open_library import OpenLibrary, assert_intact, query, wait_until

from gallery_search.records import Notice


def test_photos_that_went_while_the_embeddings_were_locked(tmp_path, converted_models):
    """They are taken out of the searches later, though the listing shows no difference then."""
    root = tmp_path / "library"
    shutil.copytree(converted_models, root / "models")
    photos = draw_gallery(tmp_path / "photos", 3)
    with OpenLibrary(root) as library:
        library.add(tmp_path / "photos")
        library.wait_idle(3)
        other = sqlite3.connect(root / "embeddings.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        photos[0].unlink()
        library.events.wait_for(
            lambda events: any(isinstance(event, Notice) and event.is_problem for event in events)
        )
        other.execute("ROLLBACK")
        other.close()
        live = "SELECT count(*) FROM embeddings WHERE is_live"
        wait_until(lambda: query(root / "embeddings.db", live) == [(2,)])
        assert len(library.search(photos[1]).hits) == 2
    assert_intact(root)
