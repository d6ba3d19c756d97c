# SPDX-License-Identifier: MIT
"""Searches among some of the photos only: through the command, the owner and the library."""

import os
import shutil

import pytest
from command_line import CommandLine
from drawn_photos import draw, make_older, write
from open_library import OpenLibrary

from gallery_search.__main__ import read_arguments
from gallery_search.filters import Filters
from gallery_search.pipeline import commands
from gallery_search.pipeline.sharing.owner import Ownership
from gallery_search.queries import QueryRequest
from gallery_search.records import (
    PathSource,
    PhotosChanged,
    PhotoSource,
    QueryResult,
)

pytestmark = pytest.mark.network_model
PHOTOS = 8


@pytest.fixture(scope="module")
def template(tmp_path_factory, converted_models):
    """A library of some photos that differ in all that can be filtered: folder and library."""
    place = tmp_path_factory.mktemp("filters")
    folder = place / "photos"
    (folder / "2019" / "sea").mkdir(parents=True)
    (folder / "2019b").mkdir()
    write(folder / "small.jpg", draw(0, 80), taken="2019:05:01 12:00:00")
    write(folder / "2019" / "large.jpg", draw(1, 480), taken="2019:08:31 23:59:59")
    write(folder / "2019" / "sea" / "wide.jpg", draw(2, 240).resize((480, 240)))
    write(folder / "2019" / "sea" / "lossless.png", draw(3, 240))
    write(folder / "2019b" / "other.webp", draw(4, 240), taken="2018:12:31 23:59:59")
    write(folder / "2019b" / "moving.gif", draw(5, 240))
    write(folder / "misnamed.png", draw(7, 240))
    os.replace(folder / "misnamed.png", folder / "misnamed.jpg")  # the content is a PNG
    write(folder / "plain.jpg", draw(8, 240), taken="2019:07:01 00:00:00")
    shutil.copytree(converted_models, place / "library" / "models")
    with OpenLibrary(place / "library") as library:
        library.add(folder)
        library.wait_idle(PHOTOS)
    return folder, place / "library"


@pytest.fixture
def folder(template):
    return template[0]


@pytest.fixture
def cli(template, library_root):
    """Commands on a copy of the library, whose photos are shared and must not be changed."""
    shutil.rmtree(library_root)
    shutil.copytree(template[1], library_root)
    return CommandLine(library_root)


def names(answer):
    """The files that a search found; it searched no others."""
    found = {os.path.basename(hit["path"]) for hit in answer["results"]}
    assert (answer["searched"], answer["total"]) == (len(found), PHOTOS)
    return found


def test_each_filter_narrows_the_search(cli, folder, open_library):
    library = open_library(is_indexing=False, is_watching=False).library
    query = folder / "plain.jpg"
    sizes = {path.name: path.stat().st_size for path in folder.rglob("*.*")}
    by_size = sorted(sizes, key=sizes.get)
    everything = set(sizes)
    for options, expected in (
        ((), everything),
        (("--folder", folder), everything),
        (("--folder", folder / "2019"), {"large.jpg", "wide.jpg", "lossless.png"}),
        (("--folder", folder / "2019" / "sea"), {"wide.jpg", "lossless.png"}),
        (("--folder", folder / "nowhere"), set()),
        (("--from", "2019", "--to", "2019-08-31"), {
            "small.jpg", "large.jpg", "plain.jpg"
        }),
        (("--to", "2018"), {"other.webp"}),
        (("--from", "2021"), {
            "wide.jpg", "lossless.png", "moving.gif", "misnamed.jpg"  # the date of the file
        }),
        (("--type", "png"), {"lossless.png", "misnamed.jpg"}),
        (("--type", "webp,gif"), {"other.webp", "moving.gif"}),
        (("--max-size", str(sizes[by_size[2]])), set(by_size[:3])),
        (("--min-size", str(sizes[by_size[-2]])), set(by_size[-2:])),
        (("--min-dimensions", "480x240"), {"large.jpg", "wide.jpg"}),
        (("--max-pixels", "10K"), {"small.jpg"}),
        (("--type", "jpg", "--from", "2019-06", "--to", "2019", "--max-pixels", "100K"), {
            "plain.jpg"
        }),
    ):  # fmt: skip
        filters = read_arguments(["search", str(query), *map(str, options)]).filters
        (answer,) = commands.search(library, [str(query)], 10, filters)
        assert names(answer) == expected, options
        # The photo that is asked for finds itself first, if it may be found.
        if "plain.jpg" in expected:
            assert answer["results"][0]["path"] == str(query)


def test_the_command_filters_alone_and_through_the_owner(cli, folder, open_library):
    outcome = cli.run("search", "--type", "png", folder / "small.jpg")
    assert "searched 2 of 8 photos" in outcome.output
    assert "small.jpg" not in outcome.output.split(")", 1)[1]
    library = open_library(is_indexing=False, is_watching=False).library
    ownership = Ownership(library.paths)
    try:
        ownership.serve(lambda request: commands.run(library, request))
        assert cli.run("search", "--type", "png", folder / "small.jpg").output == outcome.output
    finally:
        ownership.release()


def test_a_wrong_value_ends_with_status_2_and_a_sentence(cli, folder):
    outcome = cli.run("search", folder / "small.jpg", "--from", "whenever")
    assert (outcome.status, outcome.output) == (2, "")
    assert outcome.messages.splitlines()[-1].endswith(".")


def test_find_similar_with_filters_and_a_photo_that_is_new(library_root, open_library, tmp_path):
    folder = tmp_path / "photos"
    folder.mkdir()
    for seed in range(6):
        write(folder / f"{seed}.jpg", draw(seed))
    library = open_library()
    library.add(folder)
    library.wait_idle(6)
    only_png = Filters(formats=("PNG",))
    by_path = library.paths()

    def search(source, filters, request_id):
        library.library.search(QueryRequest(request_id, source, 50, filters))
        answer = library.answer(request_id)
        assert isinstance(answer, QueryResult)
        return answer

    similar = PhotoSource(by_path[str(folder / "0.jpg")])
    assert search(similar, only_png, 101).hits == ()
    assert search(similar, only_png, 102).searched == 0
    new = write(folder / "new.png", draw(7))
    library.wait_idle(7)
    found = search(similar, only_png, 103)
    assert [hit.path for hit in found.hits] == [str(new)]
    assert (found.searched, found.total) == (1, 7)
    new.unlink()
    library.wait_idle(6)
    assert search(PathSource(str(folder / "1.jpg")), only_png, 104).hits == ()
    write(folder / "2.jpg", draw(9).resize((90, 70)))
    make_older(folder / "2.jpg", 5)
    small = Filters(max_width=100)
    library.events.wait_for(
        lambda events: any(
            by_path[str(folder / "2.jpg")] in event.changed
            for event in events
            if isinstance(event, PhotosChanged)
        )
    )
    assert [hit.path for hit in search(similar, small, 105).hits] == [str(folder / "2.jpg")]


def test_other_filters_need_no_new_reading_of_the_image(cli, folder, open_library, tmp_path):
    library = open_library(is_indexing=False, is_watching=False)
    image = tmp_path / "query.jpg"
    shutil.copy(folder / "plain.jpg", image)

    def ask(request_id, filters, refines=None):
        request = QueryRequest(request_id, PathSource(str(image)), 10, filters, refines)
        library.library.search(request)
        return library.answer(request_id)

    whole = ask(101, Filters())
    assert (whole.passing, whole.is_partial) == (None, False)
    image.unlink()
    some = ask(102, Filters(formats=("PNG",)), refines=101)
    assert (some.name, some.thumbnail) == (whole.name, whole.thumbnail)
    assert (some.passing, some.searched, some.total) == (2, 2, PHOTOS)
    assert some.hits == tuple(hit for hit in whole.hits if hit in some.hits)
    assert {os.path.basename(hit.path) for hit in some.hits} == {"lossless.png", "misnamed.jpg"}
    assert ask(103, Filters(), refines=102).hits == whole.hits
    nothing = ask(104, Filters(min_width=10_000), refines=102)
    assert (nothing.passing, nothing.hits) == (0, ())
    # what is no longer known is read anew, which fails here
    assert ask(105, Filters(), refines=7).reason == "The file does not exist."
