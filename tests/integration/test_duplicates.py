# SPDX-License-Identifier: MIT
"""Duplicates as people meet them: groups of copies, and nothing that only looks similar."""

import os
import shutil
import threading

import pytest
from command_line import CommandLine, is_sentence
from drawn_photos import draw, draw_gallery, listing, make_older, write
from open_library import OpenLibrary
from PIL import Image, ImageDraw, ImageEnhance

from gallery_search.duplicates import DuplicatesFailed, DuplicatesFound, DuplicatesProgress
from gallery_search.errors import ExternalError
from gallery_search.pipeline import commands
from gallery_search.pipeline.sharing.owner import Ownership
from gallery_search.records import Notice

pytestmark = pytest.mark.network_model
SIDE_PX = 320


def draw_photos(folder):
    """Thirty drawn photos, and copies of four of them, by what was done."""
    originals = draw_gallery(folder, 30, side_px=SIDE_PX)
    (folder / "backup").mkdir()
    image = draw(1, SIDE_PX)
    made = {
        "exact": [originals[0], folder / "backup" / originals[0].name],
        "saved": [originals[1], folder / "smaller.jpg", folder / "photo-0001.webp"],
        "colour": [originals[2], folder / "faded.jpg"],
        "cropped": [originals[3], folder / "cropped.jpg"],
    }
    shutil.copyfile(*made["exact"])
    make_older(made["exact"][1], 60)
    write(made["saved"][1], image.resize((SIDE_PX * 4 // 5,) * 2))
    write(made["saved"][2], image)
    write(made["colour"][1], ImageEnhance.Color(draw(2, SIDE_PX)).enhance(0.7))
    write(made["cropped"][1], draw(3, SIDE_PX).crop((6, 6, SIDE_PX - 6, SIDE_PX - 6)))
    return {kind: {str(path) for path in paths} for kind, paths in made.items()}


@pytest.fixture(scope="module")
def template(tmp_path_factory, converted_models):
    """A library with these photos: folder, copies, library."""
    place = tmp_path_factory.mktemp("duplicates")
    photos = draw_photos(place / "photos")
    shutil.copytree(converted_models, place / "library" / "models")
    with OpenLibrary(place / "library") as library:
        library.add(place / "photos")
        library.wait_idle(35)
    return place / "photos", photos, place / "library"


@pytest.fixture
def photos(template):
    return template[1]


@pytest.fixture
def cli(template, library_root):
    """Commands on a copy of the library."""
    shutil.rmtree(library_root)
    shutil.copytree(template[2], library_root)
    return CommandLine(library_root)


def groups(cli, *arguments):
    """What `duplicates` answers, by kind."""
    outcome = cli.run("duplicates", *arguments, "--json")
    assert outcome.status == 0, outcome.messages
    found = {"exact": [], "near": []}
    for group in outcome.objects:
        assert set(group) == {"kind", "photos", "similarity"}
        found[group["kind"]].append(set(group["photos"]))
    return found


def contains(groups, wanted):
    return any(wanted <= group for group in groups)


def test_exact_and_near_duplicates_are_groups_of_their_own(cli, template, photos):
    folder = template[0]
    before = listing(folder)
    outcome = cli.run("duplicates", "--json")
    exact = [group for group in outcome.objects if group["kind"] == "exact"]
    near = [group for group in outcome.objects if group["kind"] == "near"]
    assert [(set(group["photos"]), group["similarity"]) for group in exact] == [
        (photos["exact"], 1.0)
    ]
    assert sorted(map(sorted, (group["photos"] for group in near))) == sorted(
        map(sorted, (photos["saved"], photos["colour"], photos["cropped"]))
    )
    assert all(0.7 < group["similarity"] <= 1 for group in near)
    assert groups(cli, "--kind", "exact") == {"exact": [photos["exact"]], "near": []}
    assert not groups(cli, "--kind", "near")["exact"]

    text = cli.run("duplicates").output
    assert "2 photos with the same content:" in text
    assert "3 photos that look the same" in text
    assert listing(folder) == before


def test_similar_photos_are_not_sold_as_duplicates(library_root, tmp_path):
    """Transparent pictures with different motifs, too, which share most of their pixels."""
    folder = tmp_path / "photos"
    draw_gallery(folder, 20)
    for number, shape in enumerate(("ellipse", "rectangle", "line", "arc", "chord", "pieslice")):
        image = Image.new("RGBA", (400, 400), (255, 255, 255, 0))
        canvas = ImageDraw.Draw(image)
        box = (60 + 30 * number, 80, 200 + 30 * number, 330 - 30 * number)
        angles = (20, 290) if shape in ("arc", "chord", "pieslice") else ()
        colour = {"fill": (40 * number, 60, 250 - 40 * number, 255)}
        getattr(canvas, shape)(box, *angles, **colour, width=12)
        write(folder / f"{shape}.png", image)
    cli = CommandLine(library_root)
    cli.run("index", folder)
    outcome = cli.run("duplicates")
    assert (outcome.status, outcome.output) == (0, "")
    assert is_sentence(outcome.messages)


def test_not_a_duplicate_is_remembered_wherever_the_photos_go(library_root, tmp_path):
    folder, cli = tmp_path / "photos", CommandLine(library_root)
    photos = draw_photos(folder)
    cli.run("index", folder)
    original, copy = sorted(photos["colour"])
    told = cli.run("duplicates", "--not-duplicates", original, copy, "--json")
    assert told.object == {"photos": [original, copy], "not_duplicates": True}
    assert not contains(groups(cli)["near"], photos["colour"])

    (folder / "sorted").mkdir()
    os.rename(copy, folder / "sorted" / "kept.jpg")
    os.utime(original)  # read again, with the same content
    make_older(folder / os.path.basename(original), 30)
    cli.run("index", folder)
    moved = {original, str(folder / "sorted" / "kept.jpg")}
    near = groups(cli)["near"]
    assert not contains(near, moved)
    assert contains(near, photos["cropped"])

    assert cli.run("duplicates", "--undo-not-duplicates", *moved).status == 0
    assert contains(groups(cli)["near"], moved)


def test_of_a_group_only_what_was_said_is_taken_apart(cli, photos):
    first, second, third = sorted(photos["saved"])
    cli.run("duplicates", "--not-duplicates", first, second)
    near = groups(cli)["near"]
    assert not contains(near, {first, second})
    assert contains(near, {first, third}) or contains(near, {second, third})
    cli.run("duplicates", "--not-duplicates", first, second, third)
    assert not [group for group in groups(cli)["near"] if group & photos["saved"]]


def test_copies_that_are_meant_to_be_are_not_shown_again(cli, photos):
    cli.run("duplicates", "--not-duplicates", *photos["exact"])
    assert groups(cli)["exact"] == []
    cli.run("duplicates", "--undo-not-duplicates", *photos["exact"])
    assert groups(cli)["exact"] == [photos["exact"]]


def test_a_path_outside_of_the_library_is_refused(cli, photos, tmp_path):
    outcome = cli.run("duplicates", "--not-duplicates", *photos["exact"], tmp_path / "no.jpg")
    assert (outcome.status, outcome.output) == (1, "")
    assert is_sentence(outcome.messages)
    assert "no.jpg" in outcome.messages
    assert groups(cli)["exact"] == [photos["exact"]]


def test_photos_on_an_unplugged_drive_are_listed_too(cli, template):
    expected = groups(cli)
    away = template[0].with_name("elsewhere")
    template[0].rename(away)
    try:
        assert groups(cli) == expected
    finally:
        away.rename(template[0])


def test_the_window_and_the_command_find_the_same(cli, photos, library_root, open_library):
    library = open_library(is_indexing=False, is_watching=False)
    told = library.events.after(DuplicatesFound, library.library.request_duplicates)
    found = [(group.kind, {photo.path for photo in group.photos}) for group in told.groups]
    assert found[0] == ("exact", photos["exact"])
    assert {row.photo_id for row in told.groups[0].photos} <= set(library.paths().values())
    progress = library.events.of(DuplicatesProgress)
    assert progress
    assert all(0 <= step.done <= step.total == 35 for step in progress)

    ownership = Ownership(library.library.paths)
    try:
        ownership.serve(lambda request: commands.run(library.library, request))
        through_the_owner = groups(cli)
        assert [("exact", g) for g in through_the_owner["exact"]] + [
            ("near", g) for g in through_the_owner["near"]
        ] == found
        original, copy = photos["colour"]
        assert cli.run("duplicates", "--not-duplicates", original, copy).status == 0
        assert not contains(groups(cli)["near"], photos["colour"])
    finally:
        ownership.release()


def test_the_window_is_told_what_tells_copies_apart_and_whether_they_have_changed(
    photos, cli, open_library
):
    library = open_library(is_indexing=False, is_watching=False)
    told = library.events.after(DuplicatesFound, library.library.request_duplicates)
    found = [photo for group in told.groups for photo in group.photos]
    assert {photo.path for photo in found} == set().union(*photos.values())
    for photo in found:
        facts = os.stat(photo.path)
        assert (photo.size_bytes, photo.mtime_ns) == (facts.st_size, facts.st_mtime_ns)
        with Image.open(photo.path) as image:
            assert (photo.width, photo.height) == image.size


def test_what_the_window_says_of_duplicates_is_remembered_or_refused(
    photos, cli, open_library, tmp_path
):
    library = open_library(is_indexing=False, is_watching=False)

    def say(paths, *, is_distinct):
        library.library.request_distinct(list(paths), is_distinct=is_distinct)
        for thread in threading.enumerate():
            if thread.name == "distinct":
                thread.join(20)

    def is_found():
        near = library.library.find_duplicates(("near",)).groups
        return photos["colour"] in ({photo.path for photo in group.photos} for group in near)

    assert is_found()
    say(photos["colour"], is_distinct=True)
    assert not is_found()
    say(photos["colour"], is_distinct=False)
    assert is_found()
    outside = str(tmp_path / "no.jpg")
    told = library.events.after(Notice, lambda: say([outside, outside], is_distinct=True))
    assert is_sentence(told.text)
    assert "no.jpg" in told.text


def test_a_search_can_be_stopped_and_begun_again(cli, photos, open_library):
    library = open_library(is_indexing=False, is_watching=False)

    def stop(event):
        if isinstance(event, DuplicatesProgress):
            library.library.cancel_duplicates()

    unsubscribe = library.library.subscribe(stop)
    with pytest.raises(ExternalError, match="ended"):
        library.library.find_duplicates(("exact", "near"))
    told = library.events.after(DuplicatesFailed, library.library.request_duplicates)
    assert is_sentence(told.reason)
    unsubscribe()
    found = library.library.find_duplicates(("near", "exact"))
    assert [group.kind for group in found.groups] == ["near", "near", "near", "exact"]


def test_closing_ends_a_search(cli, photos, open_library):
    library = open_library(is_indexing=False, is_watching=False)
    reached, outcome = threading.Event(), []

    def hold(event):
        if isinstance(event, DuplicatesProgress) and not reached.is_set():
            reached.set()
            library.library.close()

    library.library.subscribe(hold)

    def find():
        try:
            library.library.find_duplicates(("near",))
        except ExternalError as error:
            outcome.append(str(error))

    thread = threading.Thread(target=find)
    thread.start()
    thread.join(30)
    assert reached.is_set()
    assert len(outcome) == 1  # and no child is left, which the fixture looks for
