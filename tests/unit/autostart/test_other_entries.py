# SPDX-License-Identifier: MIT
"""The entries of macOS and Windows, as far as they are plain Python."""

import plistlib
from pathlib import Path

import pytest

from gallery_search.autostart import launch_agent, run_key

COMMAND = ("/Applications/My Apps/python", "-P", "-m", "gallery_search", "--hidden")


def test_the_launch_agent_runs_the_command_at_login() -> None:
    entry = launch_agent.content("gallery-search", COMMAND)
    agent = plistlib.loads(entry)
    assert agent["Label"] == "gallery-search"
    assert agent["ProgramArguments"] == list(COMMAND)
    assert agent["RunAtLoad"] is True
    assert launch_agent.starts(entry, COMMAND)
    assert not launch_agent.starts(entry, COMMAND[1:])


@pytest.mark.parametrize(
    "entry",
    [
        b"",
        b"nonsense",
        b"<?xml version='1.0'?><plist version='1.0'><array/></plist>",
        plistlib.dumps({"ProgramArguments": list(COMMAND), "RunAtLoad": False}),
        plistlib.dumps({"ProgramArguments": list(COMMAND), "RunAtLoad": True, "Disabled": True}),
        plistlib.dumps({"ProgramArguments": list(COMMAND)}, fmt=plistlib.FMT_BINARY)[:40],
    ],
)
def test_other_launch_agents_are_off(entry: bytes) -> None:
    assert not launch_agent.starts(entry, COMMAND)


def test_where_the_launch_agent_lies(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    expected = tmp_path / "Library" / "LaunchAgents" / "gallery-search.plist"
    assert launch_agent.file("gallery-search") == expected


def test_the_command_line_of_windows() -> None:
    line = run_key.command_line((r"C:\Program Files\Python\pythonw.exe", "-m", "gallery_search"))
    assert line == r'"C:\Program Files\Python\pythonw.exe" -m gallery_search'
    assert run_key.PLACE.startswith("HKEY_CURRENT_USER\\")
