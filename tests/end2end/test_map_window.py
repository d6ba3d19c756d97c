# SPDX-License-Identifier: MIT
"""The map and the analysis in the real program, with a real mouse."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from desktop import Desktop
from gallery_window import GalleryWindow

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="virtual desktops are X servers"),
    pytest.mark.timeout(240),
    pytest.mark.network_model,
]


def test_photos_that_are_circled_on_the_map_are_searched_for(
    desktop: Desktop, library: Path, photos: Path
) -> None:
    window = GalleryWindow(desktop, library)
    window.drop(photos)
    window.wait_searchable(24)
    window.press("ctrl+shift+m")
    canvas = window.wait("filler", "^Map of 24 photos", timeout_s=90)
    desktop.screenshot("1 map.png")
    left, top = canvas.x + 8, canvas.y + 8
    right, bottom = canvas.x + canvas.width - 8, canvas.y + canvas.height - 8
    desktop.xdotool("keydown", "shift", "mousemove", left, top, "sleep", 0.1, "mousedown", 1)
    for x, y in ((right, top), (right, bottom), (left, bottom), (left, top + 4)):
        desktop.xdotool("mousemove", x, y, "sleep", 0.1)
    desktop.xdotool("mouseup", 1, "keyup", "shift")
    window.wait("label", "^24 photos selected")
    desktop.screenshot("2 selected.png")
    desktop.key("Tab", "Return")  # the first photo in view
    window.wait("label", "^Most like it$")
    desktop.screenshot("3 neighbours.png")
    desktop.click(window.wait("push button", "^Close$").center)
    buttons = desktop.accessibility.find_all(window.pid, "push button")
    desktop.click([b for b in buttons if b.name == "Find similar"][-1].center)  # not the tool bar's
    window.wait("label", "^Searched ")
    assert window.tiles()
    desktop.screenshot("4 found.png")


def test_neighbours_of_a_folder_are_looked_through(
    desktop: Desktop, library: Path, photos: Path
) -> None:
    command = [sys.executable, "-m", "gallery_search", "experiment", "neighbours", str(photos)]
    done = subprocess.run(
        [*command, "--library", str(library)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    window = GalleryWindow(desktop, library)
    window.press("ctrl+shift+a")
    desktop.wait_for(lambda: desktop.windows("^Analysis"), "the analysis")
    window.wait("label", "^24 pictures$")
    window.wait("push button", r"^0\.\d+, ")  # of any picture, to which the list has moved
    desktop.key("ctrl+f")
    desktop.type("flower 2")
    window.wait("label", "^1 picture$")
    desktop.click(window.wait("table cell", "^flower 2.jpg$").center)
    window.wait("label", "^flower 2.jpg$")
    nearest = window.wait("push button", r"^0\.\d+, flower [13].jpg, Holidays$")
    desktop.screenshot("1 analysis.png")
    desktop.click(nearest.center)  # whose own neighbours are shown then
    (name,) = re.findall("flower [13].jpg", nearest.name)
    window.wait("label", f"^{name}$")
    window.wait("push button", r"^0\.\d+, flower 2.jpg, Holidays$")
    desktop.key("alt+Left")
    window.wait("label", "^flower 2.jpg$")
    desktop.key("ctrl+f", "ctrl+a", "Delete")
    window.wait("label", "^24 pictures$")
    desktop.screenshot("2 all.png")
