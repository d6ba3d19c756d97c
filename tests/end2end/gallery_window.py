# SPDX-License-Identifier: MIT
"""The real program on a desktop, used as a person would and read as a screen reader would."""

import re
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from accessible import Node
from desktop import Desktop, Point
from PIL import Image, ImageOps
from started import StartedProgram

HERE = Path(__file__).parent
COMMAND = (sys.executable, "-m", "gallery_search", "--library")
START_LIMIT_S = 40.0  # for a machine with a lot to do
INDEX_LIMIT_S = 100.0

_SIMILARITY = re.compile(r", (\d+) % similar$")


_DARK = """
[Colors:{part}]
BackgroundNormal={background}
BackgroundAlternate={background}
ForegroundNormal=239,240,241
ForegroundInactive=189,195,199
ForegroundLink=41,128,185
ForegroundVisited=127,140,141
DecorationFocus=61,174,233
DecorationHover=61,174,233
"""
_DARK_BACKGROUNDS = {
    "Window": "49,54,59",
    "View": "35,38,41",
    "Button": "49,54,59",
    "Selection": "61,174,233",
    "Tooltip": "49,54,59",
}


def make_dark(desktop: Desktop) -> None:
    """Have the programs that start from now on see a dark desktop: KDE's, in its own file."""
    colours = [
        _DARK.format(part=part, background=background)
        for part, background in _DARK_BACKGROUNDS.items()
    ]
    settings = Path(desktop.environment["XDG_CONFIG_HOME"], "kdeglobals")
    settings.write_text("[KDE]\nwidgetStyle=Fusion\n" + "".join(colours), "utf-8")
    desktop.environment |= {
        "QT_QPA_PLATFORMTHEME": "kde",
        "XDG_CURRENT_DESKTOP": "KDE",
        "KDE_SESSION_VERSION": "5",
    }


def edited_copy(photo: Path, copy: Path) -> Path:
    """Write a cropped, greyed and recompressed copy of a photo, as a friend would send it."""
    with Image.open(photo) as image:
        width, height = image.size
        crop = image.crop((width // 8, height // 10, width - width // 10, height - height // 9))
        ImageOps.grayscale(crop).save(copy, "JPEG", quality=35)
    return copy


class GalleryWindow:
    """The window of one process on one library."""

    def __init__(
        self,
        desktop: Desktop,
        library: Path,
        *,
        name: str = "gallery-search",
        command: Sequence[str] = COMMAND,
    ) -> None:
        """Start the program, by a command that the library follows, and wait for its window."""
        self.desktop = desktop
        self.library = library
        self.program = desktop.start([*command, str(library)], name=name)
        self._sources = 0
        self.wait("frame", "Gallery Search$", timeout_s=START_LIMIT_S)

    # --- reading ------------------------------------------------------------------------------

    @property
    def pid(self) -> int:
        return self.program.pid

    def find(self, role: str, name: str | None = None) -> Node | None:
        return self.desktop.accessibility.find(self.pid, role, name)

    def wait(self, role: str, name: str, *, timeout_s: float = 15.0) -> Node:
        """The item with this role and a name that matches, once it shows."""
        what = f"{role} {name!r}"
        return self.desktop.wait_for(lambda: self.find(role, name), what, timeout_s=timeout_s)

    def wait_gone(self, role: str, name: str, *, timeout_s: float = 15.0) -> None:
        what = f"end of {role} {name!r}"
        self.desktop.wait_for(lambda: self.find(role, name) is None, what, timeout_s=timeout_s)

    def tiles(self) -> list[str]:
        """Names of the photos in view, in reading order, as far as they have arrived."""
        cells = self.desktop.accessibility.find_all(self.pid, "table cell")
        return [cell.name for cell in cells if cell.name]

    def tile(self, photo: str) -> Node | None:
        return self.find("table cell", rf"^{re.escape(photo)}(,|$)")

    def wait_searchable(self, count: int) -> None:
        amount = f"{count:,}".replace(",", ",?")
        self.wait("label", f"^{amount} photos?, (all )?searchable$", timeout_s=INDEX_LIMIT_S)

    def results(self, query: str) -> list[tuple[str, int]]:
        """File names and percentages of the results in view, once this query is answered."""

        def answered() -> list[tuple[str, int]] | None:
            if self.find("label", rf"^{re.escape(query)}$") is None:
                return None
            if self.find("label", "^Searched ") is None:
                return None
            return _similarities(self.tiles())

        return self.desktop.wait_for(answered, f"results of {query}", timeout_s=30)

    # --- using --------------------------------------------------------------------------------

    @property
    def middle(self) -> Point:
        frame = self.wait("frame", "Gallery Search$")
        return frame.center

    def click(self, role: str, name: str, button: int = 1) -> None:
        self.desktop.click(self.wait(role, name).center, button)

    def to_front(self) -> None:
        (window,) = self.desktop.windows("Gallery Search$")
        self.desktop.activate(window)

    def press(self, *keys: str) -> None:
        self.to_front()
        self.desktop.key(*keys)

    def drop(self, path: Path, *options: str) -> None:
        """Drag a file, a folder or an image from another program's window into this one."""
        self._sources += 1
        source = self.desktop.start(
            [sys.executable, str(HERE / "drag_source.py"), str(path), "--at", "4", "30", *options],
            name=f"drag_source_{self._sources}",
        )
        find = self.desktop.accessibility.find
        shown = self.desktop.wait_for(
            lambda: find(source.pid, None, rf"^{re.escape(path.name)}$"), "window to drag from"
        )
        self.desktop.drag(
            shown.center,
            self.middle,
            steps=6,
            hold_s=0,
            before_release=lambda: self.wait("filler", "^Drop it here$"),
        )
        self.wait_gone("filler", "^Drop it here$")
        source.stop()

    def copied(self, *options: str) -> StartedProgram:
        """Have another program copy something; end it afterwards."""
        self._sources += 1
        source = self.desktop.start(
            [sys.executable, str(HERE / "clipboard_source.py"), *options],
            name=f"clipboard_source_{self._sources}",
        )
        self.desktop.wait_for(lambda: "ready" in source.output(), "copy", timeout_s=START_LIMIT_S)
        return source

    def close(self) -> None:
        """Press the button in the corner of the window's frame."""
        frame = self.wait("frame", "Gallery Search$")
        corner = (frame.x + frame.width - 9, frame.y - 9)
        for _ in range(3):  # the frame of a window that has just come back may miss a click
            self.desktop.click(corner)
            for _ in range(20):
                if not self.desktop.windows("Gallery Search$"):
                    return
                time.sleep(0.1)


def _similarities(tiles: Sequence[str]) -> list[tuple[str, int]] | None:
    found = []
    for tile in tiles:
        match = _SIMILARITY.search(tile)
        if match is None:
            return None
        found.append((tile[: match.start()], int(match[1])))
    return found
