# SPDX-License-Identifier: MIT
"""Makes the pictures of the real window for README and guide, from images that we draw ourselves.

python tests/end2end/make_pictures.py [FOLDER, by default docs/images]
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from accessible import Node
from desktop import Desktop
from draw_photos import draw_gallery
from gallery_window import GalleryWindow, edited_copy
from PIL import Image

FOLDER = Path(__file__).parents[2] / "docs" / "images"
MAX_BYTES = 300_000
COUNT = 48
_SIZE = (1120, 740)
_FRAME_PX = 20  # the title bar
_QUERY = "Screenshot from a chat.jpg"


def take_pictures(desktop: Desktop, library: Path, photos: Path) -> dict[str, Image.Image]:
    """Lead through the window once, and take its picture on the way; by the names of the files.

    Copies of two of the photos are added to their folder.
    """
    shutil.copy(photos / "sea 1.jpg", photos / "sea 1 (copy).jpg")
    with Image.open(photos / "flower 2.jpg") as image:
        image.resize((480, 360)).save(photos / "flower 2 small.jpg", quality=80)
    look_for_neighbours(library, photos)
    window = GalleryWindow(desktop, library)
    (number,) = desktop.windows("Gallery Search$")
    desktop.xdotool("windowsize", "--sync", number, *_SIZE)
    window.drop(photos)
    window.wait_searchable(len(list(photos.iterdir())))
    query = edited_copy(photos / "mountains 1.jpg", desktop.home / _QUERY)
    window.drop(query)
    assert window.results(query.name)[0][0] == "mountains 1.jpg"
    return {
        "window.png": _shown(window),
        "region.png": _region(window),
        "refine.png": _refine(window),
        "matches.png": _matches(window),
        "compare.png": _compare(window),
        "chips.png": _chips(window),
        "viewer.png": _viewer(window),
        "duplicates.png": _duplicates(window),
        "searches.png": _dialog(window, "ctrl+shift+h", "^Searches"),
        "settings.png": _dialog(window, "ctrl+comma", "^Settings"),
        "map.png": _map(window),
        "analysis.png": _analysis(window),
    }


def look_for_neighbours(library: Path, photos: Path) -> None:
    """Make a result that the analysis can show."""
    command = [sys.executable, "-m", "gallery_search", "experiment", "neighbours", str(photos)]
    subprocess.run([*command, "--library", str(library)], check=True, capture_output=True)


def _region(window: GalleryWindow) -> Image.Image:
    window.press("ctrl+r")
    x, y = window.wait("filler", "^Image with the part to search for$").center
    window.desktop.drag((x - 120, y - 70), (x + 60, y + 80))
    picture = _shown(window)
    window.desktop.key("Escape")
    window.wait_gone("filler", "^Image with the part to search for$")
    return picture


def _refine(window: GalleryWindow) -> Image.Image:
    window.press("ctrl+shift+f")
    window.wait("slider", "similar")
    picture = _shown(window)
    window.press("ctrl+shift+f")
    window.wait_gone("slider", "similar")
    return picture


def _matches(window: GalleryWindow) -> Image.Image:
    window.desktop.click(_tile(window, "mountains 2.jpg").center)
    window.press("w")
    window.wait("label", "^more to the similarity$", timeout_s=60)
    picture = _shown(window)
    window.press("Escape")
    _shown(window)
    return picture


def _compare(window: GalleryWindow) -> Image.Image:
    shown = [name.split(",")[0] for name in window.tiles()[1:3]]
    window.desktop.click(_tile(window, shown[0]).center)
    window.desktop.key("shift+Right", "ctrl+k")
    for name in shown:
        window.wait("filler", f"^Photo {re.escape(name)}$")
    picture = _shown(window)
    window.press("Escape")
    _shown(window)
    window.desktop.click(_tile(window, "mountains 1.jpg").center)  # both were selected
    return picture


def _chips(window: GalleryWindow) -> Image.Image:
    # More like this, and less; a menu that pops up is not in the tree, so by its place in it.
    for photo, place in (("mountains 3.jpg", 2), ("mountains 2.jpg", 3)):
        _shown(window)  # nothing moves any more
        window.desktop.click(_tile(window, photo).center, 3)
        _shown(window)
        window.desktop.key(*["Down"] * place, "Return")
        window.wait("label", f"^{photo}$")
    return _shown(window)


def _viewer(window: GalleryWindow) -> Image.Image:
    window.press("Escape")
    window.wait_gone("label", "^Searched ")
    _shown(window)
    photo = next(name for name in window.tiles() if name.startswith("night city"))
    window.desktop.click(_tile(window, photo).center, double=True)
    window.wait("filler", f"^Photo {re.escape(photo)}$")
    window.press("i")
    window.wait("label", "^Format: JPEG$")
    picture = _shown(window)
    window.press("Escape")
    _shown(window)
    return picture


def _duplicates(window: GalleryWindow) -> Image.Image:
    window.press("ctrl+d")
    window.wait("push button", "^Search again$", timeout_s=60)
    picture = _shown(window)
    window.desktop.key("Escape")
    return picture


def _dialog(window: GalleryWindow, keys: str, title: str) -> Image.Image:
    window.press(keys)
    picture = _settled(window, "dialog", title)
    window.desktop.key("Escape")
    return picture


def _map(window: GalleryWindow) -> Image.Image:
    window.press("ctrl+shift+m")
    window.wait("filler", r"^Map of \d+ photos", timeout_s=90)
    window.desktop.key("Tab", "Tab", "Tab", "Return")
    window.wait("label", "^Most like it$")
    picture = _settled(window, "frame", "^Map")
    window.desktop.key(*["Escape"] * 3)  # what is selected there, and the window
    window.wait_gone("frame", "^Map")
    return picture


def _analysis(window: GalleryWindow) -> Image.Image:
    window.press("ctrl+shift+a")
    window.wait("push button", r"^0\.\d+, ")  # of any picture, to which the list has moved
    window.desktop.key("ctrl+f")
    window.desktop.type("forest 2")
    window.wait("label", "^1 picture$")
    find_all = window.desktop.accessibility.find_all
    cell = find_all(window.pid, "table cell", "^forest 2.jpg$")[-1]  # not the grid's behind it
    window.desktop.click(cell.center)
    window.desktop.key("ctrl+f", "ctrl+a", "Delete")
    window.wait("label", r"^\d+ pictures$")
    window.wait("push button", r"^0\.\d+, forest [13456].jpg, ")
    picture = _settled(window, "dialog", "^Analysis")
    window.desktop.key(*["Escape"] * 3)  # what is selected there, and the window
    window.wait_gone("dialog", "^Analysis")
    return picture


def _tile(window: GalleryWindow, photo: str) -> Node:
    return window.desktop.wait_for(lambda: window.tile(photo), photo)


def _shown(window: GalleryWindow) -> Image.Image:
    """The window with its frame, and what is above it, once nothing in it changes any more."""
    return _settled(window, "frame", "Gallery Search$")


def _settled(window: GalleryWindow, role: str, name: str) -> Image.Image:
    """The same of any window."""
    desktop = window.desktop
    desktop.move((desktop.size[0] - 2, desktop.size[1] - 2))
    frame = window.wait(role, name)
    before = None
    while (shown := desktop.image()).tobytes() != before:  # thumbnails, and a drag's last trace
        before = shown.tobytes()
        window.wait(role, name)  # takes a moment
    right, bottom = frame.x + frame.width, frame.y + frame.height
    return shown.crop((frame.x - 1, frame.y - _FRAME_PX, right + 1, bottom + 1))


def save_small(picture: Image.Image, path: Path) -> None:
    """Save a PNG with as many colours as `MAX_BYTES` allows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    for colours in (256, 128, 64, 32):
        palette = picture.quantize(colours)
        small = picture.quantize(palette=palette)  # only with a given palette it is dithered
        small.save(path, optimize=True)
        if path.stat().st_size < MAX_BYTES:
            return


def main() -> None:
    """Make the pictures."""
    to = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    with tempfile.TemporaryDirectory() as folder:
        photos = Path(folder, "Photos")
        draw_gallery(photos, COUNT)
        with Desktop(Path(folder, "logs")) as desktop:
            pictures = take_pictures(desktop, Path(folder, "library"), photos)
    for name, picture in pictures.items():
        save_small(picture, to / name)


if __name__ == "__main__":
    main()
