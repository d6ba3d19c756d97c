# SPDX-License-Identifier: MIT
"""Giving photos to other programs: dragged or copied, as files and always as copies."""

import sys
from collections.abc import Sequence

from PySide6.QtCore import QByteArray, QMimeData, Qt
from PySide6.QtGui import QDrag, QGuiApplication, QImage, QPixmap
from PySide6.QtWidgets import QWidget

from gallery_search.gui.wording import display_text

from .reveal import file_url

LIMIT = 2000  # photos at a time; no program takes more, and their paths must be at hand

_DRAGGED_PX = 96

# What file managers of GNOME, Xfce and others look for; without it they paste nothing.
_GNOME_FILES = "x-special/gnome-copied-files"


def copy_files(paths: Sequence[str]) -> None:
    """Put photos on the clipboard, to be pasted as files or, where text is typed, as paths."""
    mime = _copied(paths)
    mime.setText(_in_lines(paths))
    QGuiApplication.clipboard().setMimeData(mime)


def copy_image(image: QImage | bytes) -> None:
    """Put the pixels of a photo on the clipboard, and nothing that leads to its file.

    Some programs would rather attach the file, with the place that it was taken at, or paste its
    path.

    Args:
        image: the pixels, or these as PNG.
    """
    mime = QMimeData()
    if isinstance(image, QImage):
        mime.setImageData(image)
    else:
        mime.setData("image/png", QByteArray(image))
    QGuiApplication.clipboard().setMimeData(mime)


def copy_paths(paths: Sequence[str]) -> None:
    """Put the paths of photos on the clipboard, one a line."""
    QGuiApplication.clipboard().setText(_in_lines(paths))


def drag(source: QWidget, paths: Sequence[str], picture: QPixmap | None) -> None:
    """Let the user drag photos into another program; returns when they have let go.

    Args:
        source: where the drag begins.
        paths: of the photos.
        picture: what hangs at the pointer, if there is something.
    """
    drag = QDrag(source)
    drag.setMimeData(_mime_of(paths))
    if picture is not None:
        drag.setPixmap(_small(picture))
    # Never a move: the program at the other end would take the user's photo away.
    drag.exec(Qt.DropAction.CopyAction)


def _small(picture: QPixmap) -> QPixmap:
    """A picture that hangs at the pointer without hiding where it leads."""
    side = round(_DRAGGED_PX * picture.devicePixelRatio())
    if max(picture.width(), picture.height()) <= side:
        return picture
    return picture.scaled(
        side,
        side,
        Qt.AspectRatioMode.KeepAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )


def _copied(paths: Sequence[str]) -> QMimeData:
    """Files as they are pasted in file managers."""
    mime = _mime_of(paths)
    if sys.platform == "linux":
        urls = "\n".join(
            url.toString(url.ComponentFormattingOption.FullyEncoded) for url in mime.urls()
        )
        mime.setData(_GNOME_FILES, QByteArray(f"copy\n{urls}".encode()))
    return mime


def _mime_of(paths: Sequence[str]) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([file_url(path) for path in paths])
    return mime


def _in_lines(paths: Sequence[str]) -> str:
    return "\n".join(map(display_text, paths))
