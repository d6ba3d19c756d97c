# SPDX-License-Identifier: MIT
"""Looking at photos in the real window, with real keys and a real mouse."""

import re
import sys
from pathlib import Path

import pytest
from desktop import Desktop
from gallery_window import GalleryWindow
from PIL import Image, ImageChops, ImageStat

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="virtual desktops are X servers"),
    pytest.mark.timeout(240),
    pytest.mark.network_model,
]


def viewed(window: GalleryWindow, name: str) -> None:
    """Wait until a photo is looked at, and its picture has come."""
    window.wait("filler", f"^Photo {re.escape(name)}$")
    window.wait("label", r"^\d+ of 24 · [\d.]+ %$")


def test_photos_are_looked_at_one_by_one(desktop: Desktop, library: Path, photos: Path) -> None:
    window = GalleryWindow(desktop, library)
    window.drop(photos)
    window.wait_searchable(24)
    first, second = window.tiles()[:2]
    tile = window.tile(first)
    assert tile is not None
    desktop.click(tile.center, double=True)
    viewed(window, first)
    desktop.screenshot("1 viewer.png")
    canvas = window.wait("filler", f"^Photo {re.escape(first)}$")
    box = (canvas.x, canvas.y, canvas.x + canvas.width, canvas.y + canvas.height)
    # In the middle of the view is the middle of the photo.
    with Image.open(photos / first) as image:
        assert image.width <= canvas.width
        assert image.height <= canvas.height
        left = (canvas.width - image.width) // 2
        top = (canvas.height - image.height) // 2
        shown = desktop.image().crop(box).convert("RGB")
        shown = shown.crop((left, top, left + image.width, top + image.height))
        apart = ImageChops.difference(shown, image.convert("RGB"))
    assert max(ImageStat.Stat(apart).mean) < 3

    desktop.key("i")
    window.wait("label", f"^Name: {re.escape(first)}$")
    window.wait("label", "^Format: JPEG$")
    desktop.screenshot("2 details.png")
    desktop.key("1")
    window.wait("label", "^1 of 24 · 100 %$")
    desktop.wheel(canvas.center, -3)
    window.wait("label", "^1 of 24 · 195 %$")
    desktop.screenshot("3 zoomed.png")
    desktop.key("Next")
    viewed(window, second)
    desktop.key("F11")
    window.wait_gone("push button", "^Open image…$")
    desktop.screenshot("4 full screen.png")
    desktop.key("Escape", "Escape")
    selected = desktop.wait_for(lambda: window.tile(second), "grid")
    assert selected.name == second
    desktop.screenshot("5 grid.png")

    tile = window.tile(first)
    assert tile is not None
    desktop.move(tile.center)
    desktop.xdotool("keydown", "ctrl", "click", 1, "keyup", "ctrl")
    desktop.key("ctrl+k")
    window.wait("label", "^Comparing 2 photos$")
    canvases = [window.wait("filler", f"^Photo {re.escape(name)}$") for name in (first, second)]
    assert canvases[0].width == canvases[1].width
    window.wait("label", r"^\d+ × \d+ · .* · Changed ")
    desktop.key("1", "Tab")
    desktop.screenshot("6 compared.png")
    desktop.key("x")
    desktop.wait_for(lambda: window.tile(first), "grid")
