# SPDX-License-Identifier: MIT
"""Reading the arguments."""

import subprocess
import sys
from pathlib import Path

import pytest

from gallery_search import paths
from gallery_search.__main__ import read_arguments


@pytest.mark.parametrize(
    "arguments",
    [
        ["--library", "here", "--device", "cpu", "--json", "index", "photos"],
        ["index", "photos", "--library", "here", "--device", "cpu", "--json"],
        ["--library", "here", "index", "photos", "--device", "cpu", "--json"],
    ],
)
def test_options_stand_before_or_after_the_command(arguments: list[str]) -> None:
    options = read_arguments(arguments)
    assert (options.library, options.device, options.json) == (Path("here"), "cpu", True)
    assert (options.command, options.folders) == ("index", ["photos"])


def test_defaults() -> None:
    options = read_arguments(["search", "a.jpg", "b.jpg"])
    assert options.library == paths.default_library()
    assert (options.n, options.json, options.device, options.backbone) == (10, False, None, None)
    assert read_arguments([]).command is None
    assert not read_arguments([]).hidden
    assert read_arguments(["--library", "here", "--hidden"]).hidden
    assert read_arguments([]).similar_to == []
    assert read_arguments(["--similar-to", "a.jpg", "b.jpg"]).similar_to == ["a.jpg", "b.jpg"]


@pytest.mark.parametrize(
    "arguments",
    [["index"], ["search"], ["search", "-n", "0", "a"], ["--device", "abacus"], ["dance"]],
)
def test_wrong_usage_ends_with_status_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        read_arguments(arguments)
    assert ended.value.code == 2


def test_a_library_whose_name_is_no_text_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        read_arguments(["--library", "/libraries/\udcff", "status"])
    assert ended.value.code == 2
    assert "the name /libraries/\ufffd is not valid text" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="is another error there")
def test_a_reader_of_the_licences_that_has_seen_enough() -> None:
    command = [sys.executable, "-P", "-m", "gallery_search", "--licences"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.close()
    process.stdout = None
    _, messages = process.communicate(timeout=60)
    assert messages == b""
    assert process.returncode == 0
