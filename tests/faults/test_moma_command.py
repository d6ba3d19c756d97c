# SPDX-License-Identifier: MIT
"""The command `experiment moma` as a shell starts it, with a museum on this computer."""

import os
import signal

import pytest
from command_line import CommandLine, finish, is_sentence
from download_server import fail
from museum import Museum

on_posix = pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")


@pytest.fixture
def museum():
    museum = Museum()
    yield museum
    museum.close()


@pytest.fixture
def cli(tmp_path):
    return CommandLine(tmp_path / "library")


@pytest.fixture
def artworks(museum, tmp_path):
    return museum.publish(tmp_path / "Artworks.json")


def test_json_is_one_object_and_failures_are_listed_beside(museum, cli, artworks):
    museum.answers[4].append(fail(404))
    arguments = ("experiment", "moma", "--artworks", artworks, "--count", "5", "--seed", "3")
    outcome = cli.run(*arguments, "--json")
    folder = cli.library / "datasets" / "moma-5-seed-3"
    failed = int(4 in museum.asked)
    assert outcome.status == 0
    assert outcome.object == {
        "requested": 5,
        "downloaded": 5 - failed,
        "failed": failed,
        "folder": str(folder),
    }
    lines = outcome.messages.splitlines()
    assert len(lines) == failed
    assert all(line.startswith("“Work 4” (4): The museum has no picture at ") for line in lines)
    assert len(list(folder.glob("moma-*.jpg"))) == 5 - failed


def test_people_get_a_sentence(cli, artworks):
    outcome = cli.run("experiment", "moma", "--artworks", artworks, "--count", "9", "--name", "m")
    assert outcome.status == 0
    assert outcome.messages == "The file has pictures of fewer than 9 works: all 6 are taken.\n"
    folder = cli.library / "datasets" / "m"
    assert outcome.output.splitlines()[0] == f"6 pictures are in {folder}, 0 are missing."


def test_one_sentence_where_nothing_can_be_done(museum, cli, artworks):
    artworks.write_text("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n")
    outcome = cli.run("experiment", "moma", "--artworks", artworks, "--json")
    assert (outcome.status, outcome.output, museum.asked) == (1, "", [])
    assert is_sentence(outcome.messages)
    assert "git lfs pull" in outcome.messages


@pytest.mark.parametrize("wrong", [("--count", "0"), ("--count", "x"), ("--seed", "x")])
def test_wrong_usage(cli, wrong):
    assert cli.run("experiment", "moma", *wrong).status == 2


@on_posix
def test_ctrl_c_keeps_what_came_and_says_how_to_go_on(museum, cli, artworks):
    museum.answers[2].append(lambda handler: handler.server.given_up.wait())
    arguments = ("experiment", "moma", "--artworks", artworks, "--count", "6")
    with cli.start(*arguments) as process:
        museum.wait_asked(6)
        process.send_signal(signal.SIGINT)
        outcome = finish(process)
    assert outcome.status == 130
    assert is_sentence(outcome.messages)
    assert " of 6 pictures are kept in " in outcome.messages
    folder = cli.library / "datasets" / "moma-6-seed-0"
    kept = {int(path.stem.removeprefix("moma-")) for path in folder.glob("moma-*.jpg")}
    assert len(kept) >= 3
    museum.asked.clear()
    again = cli.run(*arguments, "--json")
    assert (again.status, again.object["downloaded"]) == (0, 6)
    assert kept.isdisjoint(museum.asked)
