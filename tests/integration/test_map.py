# SPDX-License-Identifier: MIT
"""The map of a real library: made in its child, kept, brought up to date, and cancelled."""

import os

import numpy as np
import pytest
from drawn_photos import draw, write
from open_library import OpenLibrary
from PIL import Image

from gallery_search.embedding.backbones import BACKBONES
from gallery_search.maps import MapFailed, MapLoaded, MapProgress
from gallery_search.pipeline.mapping import layout_file

pytestmark = pytest.mark.network_model
SPEC = BACKBONES[0]


def load(library, *, is_new=False, failures=0):
    """Ask for the map, and wait for the answer; with what was told before it.

    `failures`: how many there were until now.
    """
    before, told = (len(library.events.of(kind)) for kind in (MapLoaded, MapProgress))
    library.library.maps.request(is_new=is_new)
    library.events.wait_for(
        lambda events: (
            sum(isinstance(e, MapLoaded) for e in events) > before
            or sum(isinstance(e, MapFailed) for e in events) > failures
        )
    )
    assert len(library.events.of(MapFailed)) == failures
    return library.events.of(MapLoaded)[-1], library.events.of(MapProgress)[told:]


def kept(indexed):
    return indexed.root / "maps" / f"{SPEC.name}.map"


def test_a_map_is_made_kept_and_made_the_same_again(indexed):
    with OpenLibrary(indexed.root) as library:
        library.wait_idle(60)
        made, told = load(library)
        assert made.photo_ids.tolist() == sorted(library.order())
        assert np.isfinite(made.places).all()
        assert np.linalg.norm(made.places, axis=1).max() == pytest.approx(1, abs=1e-3)
        assert [made.folders[code] for code in made.folder_of] == [str(indexed.folder)] * 60
        shares = [progress.share for progress in told]
        assert shares == sorted(shares)
        assert {"comparing", "arranging"} <= {progress.step for progress in told}
        moment_of = dict(zip(made.photo_ids.tolist(), made.moments.tolist(), strict=True))
        newest_first = [moment_of[photo_id] for photo_id in library.order()]
        assert newest_first == sorted(newest_first, reverse=True)  # some share their second
        assert newest_first[0] == max(int(photo.stat().st_mtime) for photo in indexed.photos)
        written = kept(indexed).read_bytes()
        again, told = load(library)
        np.testing.assert_array_equal(again.places, made.places)
        assert "arranging" not in {progress.step for progress in told}
        anew, told = load(library, is_new=True)
        np.testing.assert_array_equal(anew.places, made.places)
        assert "arranging" in {progress.step for progress in told}
        assert kept(indexed).read_bytes() == written


def test_new_photos_are_placed_and_the_others_stay(indexed, tmp_path):
    more = tmp_path / "more"
    more.mkdir()
    with OpenLibrary(indexed.root) as library:
        library.wait_idle(60)
        made, _ = load(library)
        with Image.open(indexed.photos[7]) as image:
            write(more / "copy.png", image.copy())
        write(more / "other.jpg", draw(1234, 320))
        library.add(more)
        library.wait_idle(62)
        grown, told = load(library)
        paths = library.paths()
        copy, original = paths[str(more / "copy.png")], paths[str(indexed.photos[7])]
        assert grown.placed == 2
        assert {progress.step for progress in told} == {"placing"}
        stays = np.isin(grown.photo_ids, made.photo_ids)
        np.testing.assert_array_equal(grown.places[stays], made.places)
        place = dict(zip(grown.photo_ids.tolist(), grown.places, strict=True))
        assert np.linalg.norm(place[copy] - place[original]) < 0.3
        library.library.remove_folder(2)
        library.wait_idle(60)
        shrunk, _ = load(library)
        np.testing.assert_array_equal(shrunk.places, made.places)
        assert shrunk.placed == 0


def test_a_damaged_map_and_one_of_other_embeddings_are_made_anew(indexed):
    with OpenLibrary(indexed.root) as library:
        library.wait_idle(60)
        made, _ = load(library)
        written = kept(indexed).read_bytes()
        kept(indexed).write_bytes(written[:-5])
        np.testing.assert_array_equal(load(library)[0].places, made.places)
        assert kept(indexed).read_bytes() == written
        layout = layout_file.read(kept(indexed), SPEC.name, SPEC.recipe)
        assert layout.made_of == 60


def test_a_map_that_is_cancelled_leaves_nothing_and_the_next_one_is_made(indexed):
    with OpenLibrary(indexed.root) as library:
        library.wait_idle(60)
        library.library.maps.request()
        library.events.wait_for(lambda events: any(isinstance(e, MapProgress) for e in events))
        library.library.maps.cancel()
        failed = library.events.wait_for(
            lambda events: [e for e in events if isinstance(e, MapFailed)]
        )
        assert failed[0].reason.endswith(".")
        assert not kept(indexed).exists()
        library.library.maps.request()
        library.events.wait_for(lambda events: any(isinstance(e, MapLoaded) for e in events))
        assert kept(indexed).exists()


def test_a_child_without_open_tsne_says_what_to_do(indexed, tmp_path, monkeypatch):
    package = tmp_path / "without" / "openTSNE"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("raise ImportError(\"No module named 'openTSNE'\")\n")
    with OpenLibrary(indexed.root) as library:
        library.wait_idle(60)
        places = os.pathsep.join(filter(None, (str(package.parent), os.environ.get("PYTHONPATH"))))
        monkeypatch.setenv("PYTHONPATH", places)
        library.library.maps.request()
        failed = library.events.wait_for(
            lambda events: [e for e in events if isinstance(e, MapFailed)]
        )
        assert failed[0].reason == (
            "Install the Python package openTSNE or this program anew: the map cannot be made "
            "without it (No module named 'openTSNE')."
        )
        assert not kept(indexed).exists()
        monkeypatch.undo()
        made, _ = load(library, failures=1)
        assert len(made.photo_ids) == 60


def test_an_empty_library_has_an_empty_map(library_root):
    with OpenLibrary(library_root) as library:
        empty, _ = load(library)
        assert len(empty.photo_ids) == 0
        assert empty.clusters == ()
