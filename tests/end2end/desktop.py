# SPDX-License-Identifier: MIT
"""A desktop of its own for programs under test, with hands to use them and eyes to see them.

Nothing of the user's session is used or changed. The mouse and the keyboard are xdotool's, so a
program cannot tell them from a person's.
"""

import contextlib
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self, TypeVar

from accessible import Accessibility, AccessibilityError
from PIL import Image
from screen import read_screen
from session import Session

T = TypeVar("T")
Point = tuple[int, int]


class Desktop(Session):
    """A virtual screen to start programs on; use it in a `with` block.

    Attributes:
        accessibility: the accessibility tree of all programs on it.
    """

    def __init__(
        self,
        artifacts: Path,
        *,
        size: tuple[int, int] = (1280, 900),
        scale: float | None = None,
    ) -> None:
        """Prepare a desktop of `size` pixels; `scale` is Qt's, for screens of high density."""
        super().__init__(artifacts, size=size, scale=scale)
        self.accessibility = Accessibility(
            self.environment, artifacts / "accessibility.log", scale or 1.0
        )

    def __enter__(self) -> Self:
        super().__enter__()
        self._exit.callback(self.accessibility.close)
        return self

    # --- mouse and keyboard -------------------------------------------------------------------

    def xdotool(self, *words: str | float) -> str:
        """Run one chain of xdotool commands; raises subprocess.CalledProcessError."""
        done = subprocess.run(
            ["xdotool", *map(str, words)],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        return done.stdout

    def move(self, at: Point) -> None:
        """Put the mouse pointer at a point of the screen."""
        self.xdotool("mousemove", *at)

    def click(self, at: Point, button: int = 1, *, double: bool = False) -> None:
        """Click at a point; button 1 is the left one, 2 the middle one, 3 the right one."""
        repeat = ("--repeat", 2, "--delay", 60) if double else ()
        self.xdotool("mousemove", *at, "click", *repeat, button)

    def wheel(self, at: Point, clicks: int) -> None:
        """Turn the wheel over a point: down for positive `clicks`, up for negative ones."""
        button = 5 if clicks > 0 else 4
        self.xdotool("mousemove", *at, "click", "--repeat", abs(clicks), "--delay", 20, button)

    def drag(
        self,
        start: Point,
        end: Point,
        *,
        steps: int = 8,
        step_s: float = 0.1,
        hold_s: float = 0.5,
        before_release: Callable[[], object] | None = None,
    ) -> None:
        """Drag with the left button, at the pace of a hand.

        A drag between programs is a conversation: at every move the source asks the target
        whether it would take the drop, and a release before the answer cancels it. So a single
        jump is ignored, and the mouse rests for `hold_s` before the release. For a busy target,
        pass a `before_release` that waits until it shows its readiness.
        """
        self.xdotool("mousemove", *start, "sleep", step_s, "mousedown", 1)
        try:
            for step in range(1, steps + 1):
                time.sleep(step_s)
                x, y = (a + (b - a) * step // steps for a, b in zip(start, end, strict=True))
                self.xdotool("mousemove", x, y)
            for x_offset in (1, 0):  # a last move makes the target answer for this very place
                time.sleep(step_s)
                self.xdotool("mousemove", end[0] + x_offset, end[1])
            time.sleep(hold_s)
            if before_release is not None:
                before_release()
        finally:
            self.xdotool("mouseup", 1)

    def type(self, text: str) -> None:
        """Type text into whatever has the focus."""
        self.xdotool("type", "--delay", 20, "--", text)

    def key(self, *keys: str) -> None:
        """Press keys one after the other, such as "ctrl+v" or "Return"."""
        self.xdotool("key", "--delay", 20, "--", *keys)

    # --- what can be seen ---------------------------------------------------------------------

    def windows(self, title: str) -> list[int]:
        """X window ids of the windows on screen whose title matches a regular expression."""
        with contextlib.suppress(subprocess.CalledProcessError):  # xdotool's way to say "none"
            found = self.xdotool("search", "--onlyvisible", "--name", title)
            return [int(line) for line in found.split()]
        return []

    def activate(self, window: int) -> None:
        """Bring a window to the front and give it the keyboard."""
        self.xdotool("windowactivate", "--sync", window)

    def image(self) -> Image.Image:
        """The screen as it is now."""
        return read_screen(self._folder / "Xvfb_screen0")

    def screenshot(self, name: str = "screen.png") -> Path:
        """Keep the screen as a PNG in `artifacts`, or at `name` if that is a whole path."""
        path = self.artifacts / name
        self.image().save(path)
        return path

    def wait_for(
        self, predicate: Callable[[], T | None], what: str, *, timeout_s: float = 10.0
    ) -> T:
        """Ask again and again until the answer is true, and return it.

        A program that is too busy to answer counts as "not yet".

        Raises:
            AssertionError: `what` did not come in time; the message tells how the programs are
                and what they show, and where the screenshot lies.
        """
        deadline = time.monotonic() + timeout_s
        while True:
            with contextlib.suppress(AccessibilityError):
                if answer := predicate():
                    return answer
            if time.monotonic() > deadline:
                raise AssertionError(f"no {what} within {timeout_s:g} s\n{self.evidence()}")
            time.sleep(0.1)

    def evidence(self, name: str = "failure") -> str:
        """Keep screenshot and accessibility tree in `artifacts`; returns what to tell of them."""
        lines = []
        with contextlib.suppress(OSError, ValueError):
            lines.append(f"screenshot: {self.screenshot(f'{name}.png')}")
        for program in self.programs:
            lines.append(str(program))
            if program.status not in (None, 0):
                lines += [f"    {line}" for line in program.output().splitlines()[-20:]]
        try:
            tree = self.accessibility.dump()
        except AccessibilityError as error:
            tree = f"the accessibility tree cannot be read: {error}"
        tree_file = self.artifacts / f"{name}.txt"
        tree_file.write_text(tree, "utf-8")
        shown = tree.splitlines()
        lines += [f"accessibility tree: {tree_file}", *shown[:150]]
        if len(shown) > 150:
            lines.append(f"... and {len(shown) - 150} lines more")
        return "\n".join(lines)
