# SPDX-License-Identifier: MIT
"""The switch: the file is the state, each library has its own, and refusals become sentences."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from gallery_search import paths
from gallery_search.autostart.command import entry_name, own_command
from gallery_search.autostart.login_start import LoginStart
from gallery_search.errors import ExternalError


@pytest.fixture(autouse=True)
def configuration(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path / "config"


@pytest.mark.parametrize("system", ["linux", "darwin"])
def test_on_and_off(tmp_path: Path, system: str) -> None:
    start = LoginStart(tmp_path / "library", system)
    assert start.file is not None
    assert not start.is_on()
    start.turn(on=False)  # it is so already
    for _ in range(2):
        start.turn(on=True)
        assert start.is_on()
        assert os.listdir(start.file.parent) == [start.file.name]
    start.turn(on=False)
    assert not start.is_on()
    assert os.listdir(start.file.parent) == []


def test_each_library_has_an_entry_of_its_own(tmp_path: Path) -> None:
    first, second = LoginStart(tmp_path / "a"), LoginStart(tmp_path / "b")
    first.turn(on=True)
    assert not second.is_on()
    second.turn(on=True)
    first.turn(on=False)
    assert second.is_on()
    assert entry_name(paths.default_library()) == "gallery-search"


def test_an_entry_of_another_program_is_off_and_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as other:
        other.setattr(sys, "executable", "/opt/python of before/bin/python")
        LoginStart(tmp_path).turn(on=True)
    start = LoginStart(tmp_path)
    assert not start.is_on()
    start.turn(on=True)
    assert start.is_on()


def test_the_command_of_each_way_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = tmp_path / "my library"
    python = (sys.executable, "-P", "-m", "gallery_search")
    assert own_command(paths.default_library()) == (*python, "--hidden")
    assert own_command(library) == (*python, "--library", str(library), "--hidden")
    monkeypatch.chdir(tmp_path)
    assert own_command(Path("my library")) == own_command(library)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.delenv("APPIMAGE", raising=False)
    assert own_command(library)[:2] == (sys.executable, "--library")
    monkeypatch.setenv("APPIMAGE", "/opt/Gallery.AppImage")
    assert own_command(library)[0] == "/opt/Gallery.AppImage"


def test_python_without_a_console_on_windows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    python = tmp_path / "python.exe"
    monkeypatch.setattr(sys, "executable", str(python))
    assert own_command(tmp_path)[0] == str(python)
    (tmp_path / "pythonw.exe").touch()
    assert own_command(tmp_path)[0] == str(tmp_path / "pythonw.exe")


def test_the_command_is_understood_by_the_program(tmp_path: Path) -> None:
    program, *arguments = own_command(tmp_path)
    # --version takes the place of a window; all before it is read first.
    done = subprocess.run(
        [program, *arguments, "--version"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("gallery-search ")


def test_a_refusal_is_a_sentence(configuration: Path, tmp_path: Path) -> None:
    configuration.write_text("a file in the place of the folder")
    start = LoginStart(tmp_path)
    with pytest.raises(
        ExternalError, match=r"^It cannot be started at login: .*\.desktop.*again\.$"
    ):
        start.turn(on=True)
    with pytest.raises(ExternalError, match=r"^Whether it starts at login cannot be read .*\.$"):
        start.is_on()


def test_what_cannot_be_written_leaves_nothing(configuration: Path, tmp_path: Path) -> None:
    start = LoginStart(tmp_path)
    assert start.file is not None
    start.file.mkdir(parents=True)  # a folder in the place of the file
    with pytest.raises(ExternalError):
        start.turn(on=True)
    assert os.listdir(start.file.parent) == [start.file.name]


def test_a_name_that_is_no_text_is_a_sentence(tmp_path: Path) -> None:
    start = LoginStart(Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9")))
    with pytest.raises(ExternalError, match="is no text"):
        start.turn(on=True)
