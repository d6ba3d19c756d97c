# SPDX-License-Identifier: MIT
"""The desktop file: quoted so that another reader undoes it, and on only as it was written."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gallery_search.autostart import desktop_entry
from gallery_search.autostart.desktop_entry import content, exec_value, starts

COMMAND = ("/opt/my programs/python", "-P", "-m", "gallery_search", "--hidden")
_RESERVED = " \t\n\"'\\><~|&;$*?#()`"
_ESCAPES = {"s": " ", "n": "\n", "t": "\t", "r": "\r", "\\": "\\"}


def arguments(value: str) -> list[str]:
    """What a desktop makes of a value of Exec: first of any string, then of a command."""
    text, rest = "", iter(value)
    for character in rest:
        text += _ESCAPES[next(rest)] if character == "\\" else character
    found: list[str] = []
    rest = iter(text + " ")
    argument: str | None = None
    for character in rest:
        if character == '"':
            argument = argument or ""
            while (inner := next(rest)) != '"':
                argument += next(rest) if inner == "\\" else inner
        elif character != " ":
            assert character not in _RESERVED
            argument = (argument or "") + character
        elif argument is not None:
            found.append(argument.replace("%%", "%"))
            argument = None
    return found


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1)))
def test_any_command_is_read_as_it_was_written(command: list[str]) -> None:
    assert arguments(exec_value(command)) == command
    assert starts(content(command), command)


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ("/usr/bin/python3", "/usr/bin/python3"),
        ("/my photos", '"/my photos"'),
        ("a%f", '"a%%f"'),
        ('say "hi"', r'"say \\"hi\\""'),
        ("C:\\x", r'"C:\\\\x"'),
        ("$HOME`", r'"\\$HOME\\`"'),
        ("a;b", '"a;b"'),
        ("", '""'),
    ],
)
def test_the_quoting_of_the_specification(argument: str, value: str) -> None:
    assert exec_value([argument]) == value


def test_the_file_starts_the_command_it_was_made_for_and_no_other() -> None:
    entry = content(COMMAND)
    assert starts(entry, COMMAND)
    assert not starts(entry, (*COMMAND, "--library", "/other"))
    assert not starts(entry, ("/usr/bin/python3", *COMMAND[1:]))
    assert b"[Desktop Entry]\nType=Application\n" in entry


@pytest.mark.parametrize(
    "change",
    [
        (b"X-GNOME-Autostart-enabled=true", b"X-GNOME-Autostart-enabled=false"),
        (b"Terminal=false", b"Terminal=false\nHidden=true"),
        (b"Exec=", b"# Exec="),
        (b"[Desktop Entry]", b"[Desktop Action open]"),
    ],
)
def test_what_was_switched_off_by_other_means_is_off(change: tuple[bytes, bytes]) -> None:
    entry = content(COMMAND)
    assert change[0] in entry
    assert not starts(entry.replace(*change), COMMAND)


@given(st.binary(max_size=200))
def test_nonsense_is_off(entry: bytes) -> None:
    assert not starts(entry, COMMAND)


def test_where_it_lies(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    usual = tmp_path / ".config" / "autostart" / "gallery-search.desktop"
    assert desktop_entry.file("gallery-search") == usual
    monkeypatch.setenv("XDG_CONFIG_HOME", "relative/is/ignored")
    assert desktop_entry.file("gallery-search") == usual
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "configuration"))
    assert desktop_entry.file("x") == tmp_path / "configuration" / "autostart" / "x.desktop"


def test_the_validator_of_freedesktop_org_finds_nothing(tmp_path: Path) -> None:
    validator = shutil.which("desktop-file-validate")
    if validator is None:
        pytest.skip("desktop-file-validate is not installed")
    file = tmp_path / "gallery-search.desktop"
    file.write_bytes(content(COMMAND))
    done = subprocess.run([validator, os.fspath(file)], capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (0, b"")


def test_glib_starts_the_very_command(tmp_path: Path) -> None:
    launcher = shutil.which("gio")
    if launcher is None:
        pytest.skip("gio, which GLib brings, is not installed")
    folder = tmp_path / 'a b$HOME "q" %f \\n `x` é'
    folder.mkdir()
    told, arguments = (
        folder / "told",
        ["it's", "$HOME", "`id`", "100%", 'q"q', "\\", "tab\t\n", "&;*?#()~"],
    )
    tell = "import os, sys; open(sys.argv[1] + '.new', 'w').write(repr(sys.argv[2:]));"
    tell += "os.rename(sys.argv[1] + '.new', sys.argv[1])"
    file = folder / "test.desktop"
    file.write_bytes(content([sys.executable, "-c", tell, str(told), *arguments]))
    done = subprocess.run([launcher, "launch", str(file)], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    deadline = time.monotonic() + 20
    while not told.exists() and time.monotonic() < deadline:
        time.sleep(0.01)  # nobody tells when a program that was launched has ended
    assert told.read_text() == repr(arguments)
