# SPDX-License-Identifier: MIT
"""However many paths lead to a photo, it is in the library once."""

import os
import sys

import pytest
from drawn_photos import draw, draw_gallery, write
from open_library import assert_intact, wait_until
from small_disk import mounted

from gallery_search.pipeline.watching.looking import Looker
from gallery_search.pipeline.watching.looks import Look

pytestmark = [
    pytest.mark.network_model,
    pytest.mark.skipif(os.name != "posix", reason="makes symbolic links"),
]


@pytest.fixture
def photos(tmp_path):
    """Two photos in a folder, three in a directory of it, one beside."""
    draw_gallery(tmp_path / "photos", 2)
    draw_gallery(tmp_path / "photos/trip", 3, first_seed=10)
    draw_gallery(tmp_path / "elsewhere", 1, first_seed=20)
    return tmp_path / "photos"


def names_of(library):
    return sorted(os.path.relpath(path, library.root.parent) for path in library.paths())


def test_symbolic_links_and_loops(open_library, photos):
    """A link to a photo counts once, and only if the photo is not found without it."""
    (photos / "trip/loop").symlink_to(photos)
    (photos / "loop.jpg").symlink_to("loop.jpg")
    (photos / "dangling.jpg").symlink_to("nowhere.jpg")
    (photos / "best.jpg").symlink_to("trip/photo-0010.jpg")
    (photos / "one.jpg").symlink_to("../elsewhere/photo-0020.jpg")
    (photos / "two.jpg").symlink_to("../elsewhere/photo-0020.jpg")
    (photos / "linked directory").symlink_to("../elsewhere")
    (photos / ".annex").mkdir()
    write(photos / ".annex/SHA256-1.jpg", draw(30))  # as git-annex keeps photos
    (photos / "annexed.jpg").symlink_to(".annex/SHA256-1.jpg")
    library = open_library()
    library.add(photos)
    library.wait_idle(7)
    (linked,) = {"photos/one.jpg", "photos/two.jpg"} & set(names_of(library))
    assert set(names_of(library)) == {
        linked, "photos/annexed.jpg", "photos/photo-0000.jpg", "photos/photo-0001.jpg",
        *(f"photos/trip/photo-{number:04}.jpg" for number in (10, 11, 12)),
    }  # fmt: skip
    # The link that shows it goes: the other one takes its place, at the next scan at the latest.
    os.unlink(photos.parent / linked)
    library.add(photos)
    (other,) = {"photos/one.jpg", "photos/two.jpg"} - {linked}
    wait_until(lambda: other in names_of(library) and linked not in names_of(library))
    assert library.library.tally.indexed == 7  # the embedding was used again
    library.library.close()
    assert_intact(library.root)


def test_the_same_folder_added_twice_by_another_path_and_nested(open_library, photos):
    (photos.parent / "link").symlink_to("photos")
    library = open_library()
    library.add(photos / "trip")
    library.wait_idle(3)
    ids = library.paths()
    for path in (photos, photos, photos.parent / "link", photos / "trip", f"{photos}/trip/.."):
        library.add(path)
    library.wait_idle(5)
    library.wait_folders(lambda folders: [folder.path for folder in folders] == [str(photos)])
    assert ids.items() <= library.paths().items()
    assert library.library.tally.indexed == 5


def test_a_folder_that_is_mounted_a_second_time(open_library, photos, tmp_path):
    library = open_library()
    library.add(photos)
    library.wait_idle(5)
    ids = library.paths()
    with mounted(tmp_path / "again", "--bind", str(photos)):
        library.add(tmp_path / "again")
        write(photos / "trip/new.jpg", draw(40))  # is seen at both paths
        library.wait_idle(6)
        library.add(tmp_path / "again" / "trip")
        write(photos / "last.jpg", draw(41))
        library.wait_idle(7)
        assert ids.items() <= library.paths().items()
        assert len(library.paths()) == 7
        library.library.close()
    assert_intact(library.root)


def test_two_paths_of_one_directory_where_the_system_does_not_tell_of_mounts(photos, tmp_path):
    """As two names of one share on Windows: only the directory itself shows what it is."""
    roots = [str(photos), str(tmp_path / "again")]
    looker = Looker(lambda: roots, lambda _path: False)
    with mounted(tmp_path / "again", "--bind", str(photos)):

        def look(root, directory=""):
            listing, _ = looker.perform(Look(1, directory, is_recursive=True), root)
            return {facts.name for facts in listing.files} | set(listing.subdirectories)

        first, second = roots
        everything = {"photo-0000.jpg", "photo-0001.jpg", "trip"}
        assert look(first) == everything
        assert look(second) == set()
        assert look(first) == everything
        assert len(look(second, "trip")) == 3  # seen there first
        assert look(first, "trip") == set()
        # When the first path is no longer watched, the other one shows what it was passed over for.
        roots.remove(first)
        (again,) = {look for look in looker.doubles() if not look.directory}
        assert {facts.name for facts in looker.perform(again, second)[0].files} == {
            "photo-0000.jpg", "photo-0001.jpg",
        }  # fmt: skip


@pytest.mark.skipif(sys.platform != "linux", reason="mounts")
def test_a_folder_that_is_mounted_in_itself(open_library, photos):
    with mounted(photos / "trip" / "loop", "--bind", str(photos)):
        library = open_library()
        library.add(photos)
        library.wait_idle(5)
        assert len({os.path.basename(path) for path in library.paths()}) == 5
        library.library.close()
