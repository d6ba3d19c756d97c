# SPDX-License-Identifier: MIT
"""Start a program on a screen of its own and keep a picture of it, for whoever works on it.

    python tests/end2end/look.py OUT.png [options] -- COMMAND...

Steps are done in the order given, after the wait, and can be:

    wait SECONDS
    shot FILE.png                 a picture in between
    on ROLE NAME                  click an item of the accessibility tree, such as: on "push
                                  button" Pause; NAME is a regular expression
    drag X Y X Y                  with the left button
    drop IMAGE X Y [OFFER]        drag an image from another program's window onto a point; OFFER
                                  is --as-image or --as-octet-stream
    anything else                 is for xdotool, such as: mousemove 100 80 click 1
"""

import argparse
import os
import shlex
import sys
import tempfile
import time
from pathlib import Path

from desktop import Desktop
from session import missing_tools

DRAG_SOURCE = Path(__file__).with_name("drag_source.py")


def main() -> int:
    """Do what the arguments say; the exit status is 1 where the program has ended by itself."""
    options = _arguments()
    if missing := missing_tools():
        raise SystemExit(f"Please install: {' '.join(missing)}")
    with (
        tempfile.TemporaryDirectory() as logs,
        Desktop(Path(logs), size=options.size, scale=options.scale) as desktop,
    ):
        if "PYTHONPATH" in os.environ:
            desktop.environment["PYTHONPATH"] = os.environ["PYTHONPATH"]
        program = desktop.start(options.command, name="program", folder=Path.cwd())
        time.sleep(options.wait)
        try:
            for step in options.step:
                _do(desktop, shlex.split(step))
                time.sleep(options.pause)
        finally:
            desktop.screenshot(str(options.picture.resolve()))
        if options.tree:
            sys.stdout.write(desktop.accessibility.dump() + "\n")
        has_ended = not program.is_alive
        sys.stderr.write(f"{program.output()}{program}\n")
    return int(has_ended)


def _arguments() -> argparse.Namespace:
    assert __doc__ is not None
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("picture", type=Path, metavar="OUT.png")
    parser.add_argument("--wait", type=float, default=3.0, help="seconds before the first step")
    parser.add_argument("--pause", type=float, default=0.5, help="seconds after each step")
    parser.add_argument("--step", action="append", default=[], help="may be given many times")
    parser.add_argument("--size", type=_size, default=(1280, 900), help="of the screen: 1280x900")
    parser.add_argument("--scale", type=float, help="Qt's scale factor, such as 2")
    parser.add_argument("--tree", action="store_true", help="print the accessibility tree")
    parser.add_argument("command", nargs="+")
    return parser.parse_args()


def _size(text: str) -> tuple[int, int]:
    width, height = text.split("x")
    return int(width), int(height)


def _do(desktop: Desktop, words: list[str]) -> None:
    match words:
        case ["wait", seconds]:
            time.sleep(float(seconds))
        case ["shot", path]:
            desktop.screenshot(os.path.abspath(path))
        case ["on", role, name]:
            find = desktop.accessibility.find
            desktop.click(desktop.wait_for(lambda: find(None, role, name), f"{role} {name}").center)
        case ["drag", *numbers]:
            x, y, to_x, to_y = map(int, numbers)
            desktop.drag((x, y), (to_x, to_y))
        case ["drop", image, x, y, *offer]:
            command = [sys.executable, str(DRAG_SOURCE), os.path.abspath(image), *offer]
            source = desktop.start(command, name="drag_source")
            node = desktop.wait_for(
                lambda: desktop.accessibility.find(source.pid, None, "."), "window to drag from"
            )
            desktop.drag(node.center, (int(x), int(y)), hold_s=1.0)
            time.sleep(1)  # the target fetches the data from the source after the drop
            source.stop()
        case _:
            desktop.xdotool(*words)


if __name__ == "__main__":
    raise SystemExit(main())
