# SPDX-License-Identifier: MIT
"""Writing what a command answers: results to standard output, all else to standard error."""

import json
import sys
from collections.abc import Generator
from typing import Any, TypeAlias

from gallery_search.answer_texts import TEXTS, duration, in_lines
from gallery_search.paths import in_a_line

JsonObject: TypeAlias = dict[str, Any]
Answers: TypeAlias = Generator[JsonObject, None, None]

DONE, NOTHING_DONE, INTERRUPTED = 0, 1, 130  # exit statuses

_ACTIVITIES = (
    "indexing",
    "refining",
    "preparing",
    "switching",
    "downloading",
    "comparing",
    "exporting",
    "experimenting",
)  # whose progress is shown
_DONE_TO_THEM = {"exporting": " written", "comparing": " compared", "refining": " refined"}


def to_stderr(text: str) -> None:
    """Write one line for a person."""
    sys.stderr.write(f"{in_a_line(text)}\n")
    sys.stderr.flush()


class Printer:
    """Writes answers out, as JSON or for people, and knows the exit status they make."""

    def __init__(self, *, is_json: bool) -> None:
        self._is_json = is_json
        self._is_on_progress_line = False
        self._answers = 0
        self._failed_answers = 0

    @property
    def status(self) -> int:
        """0, or 1 if there were answers and every one is an error."""
        return NOTHING_DONE if 0 < self._answers == self._failed_answers else DONE

    def take(self, command: str, answer: JsonObject) -> None:
        """Write one answer, warning or progress."""
        if "progress" in answer:
            self._show_progress(answer["progress"])
            return
        self.end_progress()
        if "warning" in answer:
            to_stderr(answer["warning"])
            return
        self._answers += 1
        if "error" in answer:
            self._failed_answers += 1
            to_stderr(f"{answer.get('query', answer.get('path'))}: {answer['error']}")
        if "text" in answer:
            if not self._is_json:
                sys.stdout.write(f"{answer['text']}\n")
        elif self._is_json:
            sys.stdout.write(json.dumps(answer) + "\n")
        elif "error" not in answer and command in TEXTS:
            sys.stdout.write(TEXTS[command](in_lines(answer)) + "\n")
        sys.stdout.flush()

    def end_progress(self) -> None:
        """Leave the line of the progress, if one was begun."""
        if self._is_on_progress_line:
            sys.stderr.write("\n")
            self._is_on_progress_line = False

    def _show_progress(self, progress: JsonObject) -> None:
        if not sys.stderr.isatty() or progress["activity"] not in _ACTIVITIES:
            return
        if progress["activity"] == "downloading":
            text = f"{progress['done'] / 2**20:,.0f} of {progress['total'] / 2**20:,.0f} MB"
            if progress["bytes_per_second"]:
                text += f", {progress['bytes_per_second'] / 2**20:.1f} MB a second"
        elif progress["activity"] == "experimenting":
            text = progress["step"]
            if progress["total"]:
                text += f": {progress['done']:,} of {progress['total']:,} {progress['unit']}"
            if progress["photos_per_second"]:
                text += f", {progress['photos_per_second']:.1f} a second"
        else:
            text = f"{progress['done']:,} of {progress['total']:,} photos"
            text += _DONE_TO_THEM.get(progress["activity"], "")
            if progress.get("backbone"):
                text += f" embedded with {progress['backbone']}"
            if progress.get("photos_per_second"):
                text += f", {progress['photos_per_second']:.0f} a second"
        if progress.get("seconds_left"):
            text += f", {duration(progress['seconds_left'])} left"
        sys.stderr.write(f"\r\x1b[K{text}")
        sys.stderr.flush()
        self._is_on_progress_line = True
