# SPDX-License-Identifier: MIT
"""A small program that shows one image to drag from, as a file manager or a browser would.

python drag_source.py IMAGE [--title TITLE] [--at X Y] [--as-image | --as-octet-stream]
"""

import argparse
import sys
from pathlib import Path

from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QDrag, QMouseEvent, QPixmap
from PySide6.QtWidgets import QApplication, QLabel

SIDE_PX = 160


class DragSource(QLabel):
    """The image; a press and a move start a drag of it."""

    def __init__(self, path: Path, offer: str) -> None:
        super().__init__()
        self._path = path
        self._offer = offer
        picture = QPixmap(str(path))
        if picture.isNull():  # a file that is no image can be dragged too
            self.setText(path.name)
        else:
            keep = Qt.AspectRatioMode.KeepAspectRatio
            smooth = Qt.TransformationMode.SmoothTransformation
            self.setPixmap(picture.scaled(SIDE_PX, SIDE_PX, keep, smooth))
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setFixedSize(SIDE_PX, SIDE_PX)
        self.setAccessibleName(path.name)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if event.buttons() & Qt.MouseButton.LeftButton:
            drag = QDrag(self)
            drag.setMimeData(self._mime_data())
            if not self.pixmap().isNull():
                drag.setPixmap(self.pixmap().scaledToWidth(48))
            drag.exec(Qt.DropAction.CopyAction | Qt.DropAction.MoveAction)

    def _mime_data(self) -> QMimeData:
        data = QMimeData()
        if self._offer == "image":
            data.setImageData(QPixmap(str(self._path)).toImage())
        elif self._offer == "octet-stream":  # Chromium: the file's bytes under no image type
            data.setData("application/octet-stream", self._path.read_bytes())
        else:
            data.setUrls([QUrl.fromLocalFile(str(self._path))])
        return data


def main() -> int:
    """Show the window until it is closed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("image", type=Path)
    parser.add_argument("--title", default="Drag source")
    parser.add_argument("--at", type=int, nargs=2, metavar=("X", "Y"), default=(20, 40))
    offer = parser.add_mutually_exclusive_group()
    for kind in ("image", "octet-stream"):
        offer.add_argument(f"--as-{kind}", dest="offer", action="store_const", const=kind)
    options = parser.parse_args()
    application = QApplication(sys.argv[:1])
    application.setApplicationName("drag-source")
    window = DragSource(options.image.resolve(), options.offer or "file")
    window.setWindowTitle(options.title)
    window.move(*options.at)
    window.show()
    return application.exec()


if __name__ == "__main__":
    raise SystemExit(main())
