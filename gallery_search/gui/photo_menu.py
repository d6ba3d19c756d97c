# SPDX-License-Identifier: MIT
"""What can be done with one photo of the grid."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from gallery_search.records import PhotoId

from . import reveal, wording


class PhotoActions:
    """Opens, shows and names photos; what goes wrong becomes one sentence.

    Args:
        parent: the window.
        find_similar: takes the photo's id and its path, None while that is not known.
        say: shows a sentence.
        drive_away: tells the name of a photo's drive if it is offline.
    """

    def __init__(
        self,
        parent: QWidget,
        find_similar: Callable[[PhotoId, str | None], None],
        say: Callable[[str], None],
        drive_away: Callable[[PhotoId], str | None],
    ) -> None:
        self._parent = parent
        self._find_similar = find_similar
        self._say = say
        self._drive_away = drive_away

    def open(self, path: str) -> None:
        """Open a photo with the system's viewer."""
        if not reveal.open_file(path):
            self._say(f"No program on this computer opens “{wording.display_name(path)}”.")

    def miss_drive(self, drive: str) -> None:
        """Say why a photo cannot be opened."""
        self._say(f"This photo is on “{drive}”, which is offline. Connect it to open the photo.")

    def show_menu(self, photo_id: PhotoId, path: str | None, position: QPoint) -> None:
        """Show the menu of a photo at a position on the screen."""
        menu = QMenu(self._parent)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Find similar", lambda: self._find_similar(photo_id, path))
        if path is not None:  # not before the grid has got it
            menu.addSeparator()
            is_there = self._drive_away(photo_id) is None
            menu.addAction("Open", lambda: self.open(path)).setEnabled(is_there)
            menu.addAction(
                "Show in folder", lambda: reveal.show_in_folder(path, self._parent)
            ).setEnabled(is_there)
            menu.addAction("Copy path", lambda: _copy(path))
        menu.popup(position)


def _copy(path: str) -> None:
    QGuiApplication.clipboard().setText(wording.display_text(path))
