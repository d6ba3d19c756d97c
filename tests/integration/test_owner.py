# SPDX-License-Identifier: MIT
"""One writer a library: commands are handed over to it, whatever state it is in."""

import os
import signal
import stat
import time
from pathlib import Path

import pytest
from command_line import CommandLine, finish, kill_with_children
from drawn_photos import draw, draw_gallery, write, write_backlog
from open_library import assert_intact, revisions, wait_until

from gallery_search.errors import LibraryInUseError
from gallery_search.paths import LibraryPaths
from gallery_search.pipeline.sharing.addresses import addresses
from gallery_search.pipeline.sharing.owner import Ownership, ask, own_or_ask

on_posix = pytest.mark.skipif(os.name != "posix", reason="signals and sockets as POSIX has them")


@pytest.fixture
def paths(tmp_path):
    """A library folder that nobody owns."""
    return LibraryPaths(tmp_path / "library")


@pytest.fixture
def owned(paths):
    """A library whose owner, this process, echoes requests."""
    ownership = Ownership(paths)
    ownership.serve(lambda request: iter([{"echo": request}]))
    yield paths
    ownership.release()


def test_the_owner_answers(owned):
    assert list(ask(owned, {"command": "x"})) == [{"echo": {"command": "x"}}]


def test_a_long_request_is_taken(owned):
    request = {"command": "search", "images": [f"/photos/{n}\udce9.jpg" for n in range(50_000)]}
    assert list(ask(owned, request)) == [{"echo": request}]


def test_a_refusal_reaches_the_caller(paths):
    def refuse(request):
        raise LibraryInUseError("Not now.")
        yield

    ownership = Ownership(paths)
    ownership.serve(refuse)
    with pytest.raises(LibraryInUseError, match="Not now"):
        list(ask(paths, {}))
    ownership.release()


def test_only_one_owns_and_the_next_may_after_it(owned, paths):
    with pytest.raises(LibraryInUseError):
        Ownership(paths)


def test_the_lock_is_given_back(paths):
    Ownership(paths).release()
    second = own_or_ask(paths, {})
    assert isinstance(second, Ownership)
    second.release()


def test_a_library_whose_path_is_too_long_for_a_socket(tmp_path):
    paths = LibraryPaths(tmp_path / ("long" * 30) / ("longer" * 20))
    ownership = Ownership(paths)
    ownership.serve(lambda request: iter([{"echo": request}]))
    assert list(ask(paths, {"a": 1})) == [{"echo": {"a": 1}}]
    ownership.release()


@on_posix
def test_no_folder_is_made_for_sockets_that_is_not_needed(monkeypatch):
    nobody = 4_000_000_000
    monkeypatch.setattr(os, "getuid", lambda: nobody)
    paths = LibraryPaths(Path("/somewhere"))
    assert list(addresses(paths)) == ["/somewhere/owner.sock"]
    assert next(addresses(paths, is_owner=True)) == "/somewhere/owner.sock"
    assert not os.path.exists(f"/tmp/gallery-search-{nobody}")


@on_posix
def test_only_the_user_may_enter(owned):
    assert stat.S_IMODE(owned.root.stat().st_mode) == 0o700


def test_finish_waits_for_answers_that_are_under_way(paths):
    ownership = Ownership(paths)
    finished = []

    def handle(request):
        yield {"first": True}
        finished.append(True)
        yield {"second": True}

    ownership.serve(handle)
    answers = ask(paths, {})
    assert next(answers) == {"first": True}
    ownership.finish()
    assert finished
    assert list(answers) == [{"second": True}]
    ownership.release()


# --- real commands beside each other --------------------------------------------------------------


@pytest.fixture
def at_work(indexed, tmp_path):
    """A command that indexes for some seconds in a library of 60 photos."""
    cli = CommandLine(indexed.root)
    write_backlog(tmp_path / "backlog", 700)
    process = cli.start("index", tmp_path / "backlog", "--json")
    wait_until(lambda: len(revisions(indexed.root)) > 80)
    yield cli, process
    if process.poll() is None:
        kill_with_children(process)


@pytest.mark.network_model
def test_commands_are_handed_over_to_one_that_indexes(at_work, indexed, tmp_path):
    cli, process = at_work
    status = cli.run("status", "--json")
    assert status.status == 0
    assert status.object["photos"] == 760
    assert status.object["pending"] > 0
    found = cli.run("search", indexed.photos[3], tmp_path / "none.jpg", "--json")
    assert found.status == 0
    assert len(found.objects) == 2
    assert found.objects[0]["results"][0]["path"] == str(indexed.photos[3])
    assert set(found.objects[1]) == {"query", "error"}
    assert process.poll() is None  # it was at work all the time
    draw_gallery(tmp_path / "more", 3, first_seed=300)
    more = cli.run("index", tmp_path / "more", "--json")
    assert more.status == 0
    assert more.object["unchanged"] + more.object["indexed"] >= 3
    first = finish(process)
    assert first.status == 0
    assert first.object["indexed"] >= 700
    assert_intact(indexed.root)
    assert cli.run("status", "--json").object["indexed"] == 763


@pytest.mark.network_model
def test_commands_started_at_once_all_get_their_answer(indexed, tmp_path):
    cli = CommandLine(indexed.root)
    folder = tmp_path / "more"
    draw_gallery(folder, 3, first_seed=300)
    searching = [cli.start("search", photo, "--json") for photo in indexed.photos[:2]]
    indexing = cli.start("index", folder, "--json")
    asking = cli.start("status", "--json")
    for photo, process in zip(indexed.photos, searching, strict=False):
        outcome = finish(process)
        assert outcome.status == 0, outcome.messages
        assert outcome.object["results"][0]["path"] == str(photo)
    outcome = finish(indexing)
    assert (outcome.status, outcome.messages) == (0, "")
    assert outcome.object["indexed"] == 3
    assert finish(asking).status == 0


@on_posix
@pytest.mark.network_model
def test_an_owner_that_was_stopped_is_not_waited_for(at_work, indexed):
    cli, process = at_work
    process.send_signal(signal.SIGSTOP)
    try:
        for arguments in (("status",), ("search", *(["x" * 200] * 4_000))):
            started = time.monotonic()
            outcome = cli.run(*arguments, "--json", timeout_s=30)
            assert time.monotonic() - started < 12
            assert (outcome.status, outcome.output) == (1, "")
            assert "does not answer" in outcome.messages
    finally:
        process.send_signal(signal.SIGCONT)


@on_posix
@pytest.mark.network_model
def test_a_killed_owner_does_not_hinder_the_next(at_work, indexed, tmp_path):
    cli, process = at_work
    assert (indexed.root / "owner.sock").exists() or len(str(indexed.root)) > 80
    process.kill()
    process.communicate()
    found = cli.run("search", write(tmp_path / "query.jpg", draw(2)), "--json")
    assert found.status == 0
    assert found.object["results"][0]["path"] == str(indexed.photos[2])
