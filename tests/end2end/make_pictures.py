# SPDX-License-Identifier: MIT
"""Makes the README's picture of the real window, from images that the project draws itself.

python tests/end2end/make_pictures.py [FILE, by default docs/images/window.png]
"""

import os
import sys
import tempfile
from pathlib import Path

from desktop import Desktop
from draw_photos import draw_gallery
from gallery_window import GalleryWindow, edited_copy
from PIL import Image

PICTURE = Path(__file__).parents[2] / "docs" / "images" / "window.png"
MAX_BYTES = 300_000
COUNT = 48
_SIZE = (1120, 740)
_FRAME_PX = 20  # the title bar


def take_picture(desktop: Desktop, library: Path, photos: Path) -> Image.Image:
    """The window with its results for a small grey copy of one of the photos."""
    window = GalleryWindow(desktop, library)
    (number,) = desktop.windows("Gallery Search$")
    desktop.xdotool("windowsize", "--sync", number, *_SIZE)
    window.drop(photos)
    window.wait_searchable(len(os.listdir(photos)))
    query = desktop.home / "Screenshot from a chat.jpg"
    window.drop(edited_copy(photos / "mountains 1.jpg", query))
    results = window.results(query.name)
    assert results[0][0] == "mountains 1.jpg"
    desktop.move((desktop.size[0] - 2, desktop.size[1] - 2))
    before = None
    while (shown := desktop.image()).tobytes() != before:  # thumbnails, and the drag's last trace
        before = shown.tobytes()
        window.wait("label", "^Searched all ")
    frame = window.wait("frame", "Gallery Search$")
    right, bottom = frame.x + frame.width, frame.y + frame.height
    return shown.crop((frame.x - 1, frame.y - _FRAME_PX, right + 1, bottom + 1))


def save_small(picture: Image.Image, path: Path) -> None:
    """Save a PNG with as many colours as `MAX_BYTES` allows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    for colours in (256, 128, 64):
        palette = picture.quantize(colours)
        small = picture.quantize(palette=palette)  # only with a given palette it is dithered
        small.save(path, optimize=True)
        if path.stat().st_size < MAX_BYTES:
            return


def main() -> None:
    """Make the picture."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else PICTURE
    with tempfile.TemporaryDirectory() as folder:
        photos = Path(folder, "Photos")
        draw_gallery(photos, COUNT)
        with Desktop(Path(folder, "logs")) as desktop:
            save_small(take_picture(desktop, Path(folder, "library"), photos), path)


if __name__ == "__main__":
    main()
