# SPDX-License-Identifier: MIT
"""What can be done with the photos that are selected in the grid, by menu, keys and mouse."""

import os
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QMenu, QMessageBox, QWidget

from gallery_search.gui import wording
from gallery_search.gui.actions import Actions
from gallery_search.gui.grid.grid_view import PhotoGrid
from gallery_search.gui.query.composing import Composing
from gallery_search.gui.widgets.file_choice import choose_target
from gallery_search.gui.widgets.notice_bar import Choice, NoticeBar
from gallery_search.records import PhotoId

from . import hand_out, reveal
from .copy_image import ImageCopying
from .copying import Copied, Copying
from .looked_at import LookedAt
from .trash import Trash, Trashed, TrashOutcome


class PhotoActions(QObject):
    """Opens, shows, copies and trashes photos; what goes wrong becomes one sentence.

    Args:
        parent: the window.
        grid: where photos are selected.
        notices: shows sentences.
        actions: the commands, which do it when they are chosen or their keys pressed.
        find_similar: takes the photo's id and its path, None while that is not known.
        search_part: lets the user mark a part of a photo: of the image, if there is one, else of
            what the grid shows of it.
        composing: adds photos to the query.
        image_copying: copies photos as images.

    Signals:
        trashed(TrashOutcome): photos were moved to the trash.
        brought_back(TrashOutcome): photos are where they were again.

    Attributes:
        looked_at: tells of the one photo that commands are about, in place of those that are
            selected, while there is such a photo. Who changes that calls `see_what_is_possible`.
    """

    trashed = Signal(object)
    brought_back = Signal(object)

    def __init__(
        self,
        parent: QWidget,
        grid: PhotoGrid,
        notices: NoticeBar,
        actions: Actions,
        find_similar: Callable[[PhotoId, str | None], None],
        search_part: Callable[[PhotoId, QImage | None], None],
        composing: Composing,
        image_copying: ImageCopying,
    ) -> None:
        super().__init__(parent)
        self._parent = parent
        self._grid = grid
        self._notices = notices
        self.find_similar = find_similar
        self._search_part = search_part
        self._composing = composing
        self._image_copying = image_copying
        self._trashed: tuple[Trashed, ...] = ()
        self._trash = Trash(self)
        self._trash.moved.connect(self._on_trashed)
        self._trash.restored.connect(self._on_restored)
        self._copying = Copying(self)
        self._copying.finished.connect(self._on_copied)
        self._actions = actions
        self.looked_at: Callable[[], LookedAt | None] = lambda: None
        self._connect()
        self.see_what_is_possible()

    def _connect(self) -> None:
        actions, grid = self._actions, self._grid
        for action in (actions.select_all, *actions.of_photos):
            # In text fields and lists the same keys mean what they always do.
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            grid.addAction(action)
        actions.select_all.triggered.connect(grid.select_all)
        actions.copy.triggered.connect(self.copy)
        actions.copy_image.triggered.connect(self.copy_image)
        actions.copy_paths.triggered.connect(self.copy_paths)
        actions.copy_to_folder.triggered.connect(self.copy_to_folder)
        actions.trash.triggered.connect(self.trash)
        actions.undo_trash.triggered.connect(self.undo_trash)
        grid.drag_requested.connect(self.drag)
        grid.open_requested.connect(self.open)
        grid.drive_missed.connect(self.miss_drive)
        grid.context_menu_requested.connect(self.show_menu)
        grid.selection_changed.connect(self.see_what_is_possible)

    def see_what_is_possible(self) -> None:
        """Enable the commands where there are photos for them."""
        has_photos = self._grid.has_selected or self.looked_at() is not None
        for action in self._actions.of_photos:
            action.setEnabled(has_photos)

    # --- one photo ----------------------------------------------------------------------------

    def open(self, path: str) -> None:
        """Open a photo with the system's viewer."""
        if not reveal.open_file(path):
            self._say(f"No program on this computer opens “{wording.display_name(path)}”.")

    def _open_with(self, path: str) -> None:
        from .open_with import OpenWith  # the window should not wait for it

        OpenWith(self._parent, self._say).ask(path)

    def miss_drive(self, drive: str) -> None:
        """Say why a photo cannot be opened."""
        self._say(f"This photo is on “{drive}”, which is offline. Connect it to open the photo.")

    def show_folder(self, path: str) -> None:
        """Show a photo in the file manager."""
        reveal.show_in_folder(path, self._parent)

    def show_menu(self, photo_id: PhotoId, path: str | None, position: QPoint) -> None:
        """Show the menu of a photo, or of all selected ones, at a position on the screen."""
        selected = self._grid.selected_photo_ids().tolist()
        if len(selected) > 1 and photo_id in selected:
            menu = self._menu()
            self._fill_for_several(menu)
            menu.popup(position)
        else:
            self.show_menu_of_one(photo_id, path, position)

    def show_menu_of_one(self, photo_id: PhotoId, path: str | None, position: QPoint) -> None:
        """Show the menu of a photo, also where others are selected with it."""
        menu = self._menu()
        self._fill_for_one(menu, photo_id, path)
        menu.popup(position)

    def _menu(self) -> QMenu:
        menu = QMenu(self._parent)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return menu

    def _fill_for_one(self, menu: QMenu, photo_id: PhotoId, path: str | None) -> None:
        menu.addAction("Find similar", lambda: self.find_similar(photo_id, path))
        composing = self._composing
        menu.addAction("More like this", lambda: composing.more_like(photo_id, path))
        less = menu.addAction("Less like this", lambda: composing.less_like(photo_id, path))
        less.setEnabled(composing.has_query)
        one = self.looked_at()
        image = None if one is None else one.image
        part = menu.addAction("Search a part…", lambda: self._search_part(photo_id, image))
        part.setEnabled(one is None or image is not None)
        if self._actions.matches.isVisible():
            menu.addAction(self._actions.matches)
            menu.setToolTipsVisible(True)  # which says why it may be disabled
        if path is None:  # not before the grid has got it
            return
        is_there = self._grid.drive_away(photo_id) is None
        menu.addSeparator()
        of_the_file = [
            menu.addAction("Open", lambda: self.open(path)),
            menu.addAction("Open with…", lambda: self._open_with(path)),
            menu.addAction("Show in folder", lambda: self.show_folder(path)),
        ]
        menu.addSeparator()
        of_the_file.append(menu.addAction("Copy", lambda: hand_out.copy_files([path])))
        of_the_file.append(
            menu.addAction("Copy image", lambda: self._image_copying.start(photo_id, path))
        )
        menu.addAction("Copy path", lambda: hand_out.copy_paths([path]))
        of_the_file.append(menu.addAction("Copy to folder…", lambda: self._copy_to([path])))
        menu.addSeparator()
        of_the_file.append(menu.addAction("Move to trash…", lambda: self.ask_to_trash([path])))
        for action in of_the_file:
            action.setEnabled(is_there)

    def _fill_for_several(self, menu: QMenu) -> None:
        menu.addAction(self._actions.compare)
        menu.addSeparator()
        menu.addAction("Copy", self.copy)
        menu.addAction("Copy paths", self.copy_paths)
        menu.addAction("Copy to folder…", self.copy_to_folder)
        menu.addSeparator()
        menu.addAction("Move to trash…", self.trash)

    # --- all that are selected ----------------------------------------------------------------

    def copy(self) -> None:
        """Put the selected photos on the clipboard."""
        self._with_selected(hand_out.copy_files)

    def copy_image(self) -> None:
        """Put the pixels of the selected photo on the clipboard."""
        one = self.looked_at()
        photo_ids = self._grid.selected_photo_ids().tolist() if one is None else [one.photo_id]
        if len(photo_ids) == 1:
            self._with_selected(lambda paths: self._image_copying.start(photo_ids[0], paths[0]))
        elif photo_ids:
            self._say("Select one photo to copy it as an image.")

    def copy_paths(self) -> None:
        """Put the paths of the selected photos on the clipboard."""
        self._with_selected(hand_out.copy_paths)

    def copy_to_folder(self) -> None:
        """Ask for a folder and copy the selected photos there."""
        self._with_selected(self._copy_to)

    def trash(self) -> None:
        """Ask, then move the selected photos to the system's trash."""
        self._with_selected(self.ask_to_trash)

    def undo_trash(self) -> None:
        """Bring back what was moved to the trash last."""
        trashed, self._trashed = self._trashed, ()
        self._actions.undo_trash.setEnabled(False)
        if trashed:
            self._trash.restore(trashed)

    def drag(self) -> None:
        """Let the user drag the selected photos into another program."""
        self._with_selected(
            lambda paths: hand_out.drag(self._grid, paths, self._grid.current_pixmap())
        )

    def _with_selected(self, act: Callable[[Sequence[str]], None]) -> None:
        one = self.looked_at()
        count = len(self._grid.selected_photo_ids()) if one is None else 1
        paths = None
        if one is not None:
            paths = None if one.path is None else [one.path]
        elif count <= hand_out.LIMIT:
            paths = self._grid.selected_paths()
        if paths:
            act(paths)
        elif count > hand_out.LIMIT:
            limit = wording.count(hand_out.LIMIT, "photo", self._parent.locale())
            self._say(f"Select at most {limit} for that.")
        elif count:
            self._say("The names of these photos are still being read. Try again in a moment.")

    # --- copying ------------------------------------------------------------------------------

    def _copy_to(self, paths: Sequence[str]) -> None:
        choose_target(self._parent, lambda folder: self._copying.start(paths, folder))

    def _on_copied(self, copied: Copied) -> None:
        name = wording.shortened(wording.display_name(copied.folder))
        number = wording.count(copied.count, "photo", self._parent.locale())
        if copied.problem:
            text = f"{number} copied to “{name}”; the others could not be: {copied.problem}."
            self._say(text)
        else:
            act = Choice("Show folder", lambda: self._open_folder(copied.folder))
            self._notices.show_notice(f"{number} copied to “{name}”.", [act])

    def _open_folder(self, folder: str) -> None:
        reveal.open_file(folder)

    # --- the trash ----------------------------------------------------------------------------

    def ask_to_trash(self, paths: Sequence[str]) -> None:
        """Ask, then move photos to the system's trash."""
        what = self._told_apart(paths)
        box = QMessageBox(self._parent)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setWindowTitle("Move to trash")
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(f"Move {what} to the trash?")
        box.setInformativeText("You can undo this, or bring them back from the system's trash.")
        move = box.addButton("Move to trash", QMessageBox.ButtonRole.AcceptRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(move)
        move.clicked.connect(lambda: self._trash.move(paths))
        box.open()

    def _on_trashed(self, outcome: TrashOutcome) -> None:
        if outcome.failed:
            self._say(
                f"{self._named(outcome.failed)} could not be moved to the trash. Look whether the "
                "folder may be written to, and whether its drive has a trash."
            )
        if not outcome.moved:
            return
        self.trashed.emit(outcome)
        self._trashed = tuple(photo for photo in outcome.moved if photo.place)
        self._actions.undo_trash.setEnabled(bool(self._trashed))
        if not outcome.failed:
            what = self._named([photo.path for photo in outcome.moved])
            choices = [Choice("Undo", self.undo_trash)] if self._trashed else []
            self._notices.show_notice(f"Moved {what} to the trash.", choices)

    def _on_restored(self, outcome: TrashOutcome) -> None:
        if outcome.failed:
            self._say(
                f"{self._named(outcome.failed)} could not be brought back. Look into the system's "
                "trash."
            )
        else:
            what = self._named([photo.path for photo in outcome.moved])
            self._say(f"Brought {what} back.")
        self.brought_back.emit(outcome)

    def _told_apart(self, paths: Sequence[str]) -> str:
        """What these photos are called, with the folder where one beside has the same name."""
        one, names = self.looked_at(), {os.path.basename(path) for path in paths}
        beside = () if one is None else one.beside
        if len(paths) == 1 and not names.isdisjoint(map(os.path.basename, beside)):
            folder = wording.display_text(os.path.dirname(paths[0]))
            return f"{self._named(paths)} in “{folder}”"
        return self._named(paths)

    def _named(self, paths: Sequence[str]) -> str:
        if len(paths) == 1:
            return f"“{wording.shortened(wording.display_name(paths[0]))}”"
        return wording.count(len(paths), "photo", self._parent.locale())

    def _say(self, sentence: str) -> None:
        self._notices.show_notice(sentence)
