# SPDX-License-Identifier: MIT
"""The entry on macOS: the property list of a launch agent (launchd.plist(5)); not tried yet."""

import os
import plistlib
from collections.abc import Sequence
from pathlib import Path
from xml.parsers.expat import ExpatError


def file(name: str) -> Path:
    """Where the entry lies."""
    return Path(os.path.expanduser("~/Library/LaunchAgents")) / f"{name}.plist"


def content(name: str, command: Sequence[str]) -> bytes:
    """The file; raises UnicodeEncodeError where the command is no text."""
    return plistlib.dumps(
        {
            "Label": name,
            "ProgramArguments": list(command),
            "RunAtLoad": True,
            "ProcessType": "Interactive",  # or the window would work at a background's pace
        }
    )


def starts(entry: bytes, command: Sequence[str]) -> bool:
    """Whether a file starts this command."""
    try:
        agent = plistlib.loads(entry)
    except (plistlib.InvalidFileException, ExpatError, ValueError):
        return False
    if not isinstance(agent, dict) or agent.get("Disabled") is True:
        return False
    return agent.get("ProgramArguments") == list(command) and agent.get("RunAtLoad") is True
