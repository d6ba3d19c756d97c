# SPDX-License-Identifier: MIT
"""Draws the program's icon in all sizes and forms; run by a Python that has PySide6 and Pillow.

    python packaging/draw_icons.py SVG FOLDER

writes `SIZE.png`, `icon.ico` for Windows and `icon.icns` for macOS.
"""

import os
import sys
from pathlib import Path

SIZES_PX = (16, 22, 24, 32, 48, 64, 128, 256, 512, 1024)
_ICO_SIZES_PX = (16, 24, 32, 48, 64, 128, 256)


def main(drawing: str, folder: Path) -> None:
    """Draw everything; raises OSError."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from PIL import Image
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QGuiApplication, QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    application = QGuiApplication([])
    renderer = QSvgRenderer(drawing)
    if not renderer.isValid():
        raise OSError(f"{drawing} is no SVG picture")
    folder.mkdir(parents=True, exist_ok=True)
    for size in SIZES_PX:
        image = QImage(size, size, QImage.Format.Format_ARGB32)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        renderer.render(painter)
        painter.end()
        image.save(str(folder / f"{size}.png"))
    del application
    pictures = {size: Image.open(folder / f"{size}.png") for size in SIZES_PX}
    pictures[1024].save(
        folder / "icon.ico",
        sizes=[(size, size) for size in _ICO_SIZES_PX],
        append_images=[pictures[size] for size in _ICO_SIZES_PX],
    )
    pictures[1024].save(
        folder / "icon.icns", append_images=[pictures[size] for size in (32, 64, 128, 256, 512)]
    )


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
