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
from gallery_search.gui.widgets.plain_buttons import without_pictures
from gallery_search.language import tr, tr_count
from gallery_search.records import PhotoId

from . import hand_out, reveal, trash_wording
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
        self._notices.clear_sentence()  # that it could not be opened before
        if not reveal.open_file(path):
            self._say(
                tr("No program on this computer opens “{name}”.", name=wording.display_name(path))
            )

    def _open_with(self, path: str) -> None:
        from .open_with import OpenWith  # the window should not wait for it

        self._notices.clear_sentence()
        OpenWith(self._parent, self._say).ask(path)

    def miss_drive(self, drive: str) -> None:
        """Say why a photo cannot be opened."""
        self._say(
            tr(
                "This photo is on “{drive}”, which is offline. Connect it to open the photo.",
                drive=drive,
            )
        )

    def show_folder(self, path: str) -> None:
        """Show a photo in the file manager."""
        reveal.show_in_folder(path, self._parent)

    def find_similar_to_selected(self) -> None:
        """Search for what looks like all selected photos, or like the one that is looked at."""
        selected, current = self._grid.selected_photo_ids().tolist(), self._grid.current_photo_id()
        if len(selected) > 1 and self.looked_at() is None:
            self._composing.like_all(selected)
        elif current is not None:
            self.find_similar(current, self._grid.current_path())

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
        menu.addAction(tr("Find similar"), lambda: self.find_similar(photo_id, path))
        composing = self._composing
        menu.addAction(tr("More like this"), lambda: composing.more_like(photo_id, path))
        less = menu.addAction(tr("Less like this"), lambda: composing.less_like(photo_id, path))
        less.setEnabled(composing.has_query)
        one = self.looked_at()
        image = None if one is None else one.image
        part = menu.addAction(tr("Search a part…"), lambda: self._search_part(photo_id, image))
        part.setEnabled(one is None or image is not None)
        if self._actions.matches.isVisible():
            menu.addAction(self._actions.matches)
            menu.setToolTipsVisible(True)  # which says why it may be disabled
        if path is None:  # not before the grid has got it
            return
        is_there = self._grid.drive_away(photo_id) is None
        menu.addSeparator()
        of_the_file = [
            menu.addAction(tr("Open"), lambda: self.open(path)),
            menu.addAction(tr("Open with…"), lambda: self._open_with(path)),
            menu.addAction(tr("Show in folder"), lambda: self.show_folder(path)),
        ]
        menu.addSeparator()
        of_the_file.append(menu.addAction(tr("Copy"), lambda: hand_out.copy_files([path])))
        of_the_file.append(
            menu.addAction(tr("Copy image"), lambda: self._image_copying.start(photo_id, path))
        )
        menu.addAction(tr("Copy path"), lambda: hand_out.copy_paths([path]))
        of_the_file.append(menu.addAction(tr("Copy to folder…"), lambda: self._copy_to([path])))
        menu.addSeparator()
        of_the_file.append(menu.addAction(tr("Move to trash…"), lambda: self.ask_to_trash([path])))
        for action in of_the_file:
            action.setEnabled(is_there)

    def _fill_for_several(self, menu: QMenu) -> None:
        menu.addAction(tr("Find similar"), self.find_similar_to_selected)
        menu.addAction(self._actions.compare)
        menu.addSeparator()
        menu.addAction(tr("Copy"), self.copy)
        menu.addAction(tr("Copy paths"), self.copy_paths)
        menu.addAction(tr("Copy to folder…"), self.copy_to_folder)
        menu.addSeparator()
        menu.addAction(tr("Move to trash…"), self.trash)

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
            self._say(tr("Select one photo to copy it as an image."))

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
        count = self._grid.selected_count if one is None else 1
        paths = None
        if one is not None:
            paths = None if one.path is None else [one.path]
        elif count <= hand_out.LIMIT:
            paths = self._grid.selected_paths()
        if paths:
            act(paths)
        elif count > hand_out.LIMIT:
            limit = wording.number(hand_out.LIMIT, self._parent.locale())
            self._say(tr("Select at most {limit} photos for that.", limit=limit))
        elif count:
            self._say(tr("The names of these photos are still being read. Try again in a moment."))

    # --- copying ------------------------------------------------------------------------------

    def _copy_to(self, paths: Sequence[str]) -> None:
        choose_target(self._parent, lambda folder: self._copying.start(paths, folder))

    def _on_copied(self, copied: Copied) -> None:
        name = wording.shortened(wording.display_name(copied.folder))
        number = wording.number(copied.count, self._parent.locale())
        if copied.problem:
            sentence = tr_count(
                "{count} photo copied to “{name}”; the others could not be: {reason}.",
                "{count} photos copied to “{name}”; the others could not be: {reason}.",
                copied.count,
                shown=number,
                name=name,
                reason=copied.problem,
            )
            self._say(sentence)
        else:
            sentence = tr_count(
                "{count} photo copied to “{name}”.",
                "{count} photos copied to “{name}”.",
                copied.count,
                shown=number,
                name=name,
            )
            act = Choice(tr("Show folder"), lambda: self._open_folder(copied.folder))
            self._notices.show_notice(sentence, [act], passes=True)

    def _open_folder(self, folder: str) -> None:
        reveal.open_file(folder)

    # --- the trash ----------------------------------------------------------------------------

    def ask_to_trash(self, paths: Sequence[str]) -> None:
        """Ask, then move photos to the system's trash."""
        box = QMessageBox(self._parent)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setWindowTitle(tr("Move to trash"))
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(trash_wording.question(paths, self._beside(paths), self._parent.locale()))
        box.setInformativeText(trash_wording.way_back(len(paths)))
        move = box.addButton(tr("Move to trash"), QMessageBox.ButtonRole.AcceptRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(move)
        move.clicked.connect(lambda: self._trash.move(paths))
        without_pictures(box)
        box.open()

    def _on_trashed(self, outcome: TrashOutcome) -> None:
        locale = self._parent.locale()
        if outcome.failed:
            self._say(trash_wording.not_moved(outcome.failed, locale))
        if not outcome.moved:
            return
        self.trashed.emit(outcome)
        self._trashed = tuple(photo for photo in outcome.moved if photo.place)
        self._actions.undo_trash.setEnabled(bool(self._trashed))
        if not outcome.failed:
            sentence = trash_wording.moved([photo.path for photo in outcome.moved], locale)
            choices = [Choice(tr("Undo"), self.undo_trash)] if self._trashed else []
            self._notices.show_notice(sentence, choices, passes=True)

    def _on_restored(self, outcome: TrashOutcome) -> None:
        locale = self._parent.locale()
        if outcome.failed:
            self._say(trash_wording.not_brought_back(outcome.failed, locale))
        else:
            paths = [photo.path for photo in outcome.moved]
            self._notices.show_notice(trash_wording.brought_back(paths, locale), passes=True)
        self.brought_back.emit(outcome)

    def _beside(self, paths: Sequence[str]) -> bool:
        """Whether a photo that is seen beside the only one of these has the same name."""
        one, names = self.looked_at(), {os.path.basename(path) for path in paths}
        beside = () if one is None else one.beside
        return len(paths) == 1 and not names.isdisjoint(map(os.path.basename, beside))

    def _say(self, sentence: str) -> None:
        self._notices.show_notice(sentence)
