# SPDX-License-Identifier: MIT
"""Two to four photos side by side, zoomed and moved together, under keys and mouse."""

import itertools
from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from gallery_search.gui.theme import Icons
from gallery_search.gui.viewer.keyed_page import KeyedPage
from gallery_search.gui.viewer.picture import Picture
from gallery_search.gui.viewer.view_keys import ARROWS, Command, command_of, modifiers_of
from gallery_search.language import tr_count
from gallery_search.pictures import COMPARED_PANES
from gallery_search.records import PhotoId

from .compare_bar import CompareBar
from .compare_pane import ComparePane
from .photo_facts import best_of
from .tiling import columns_for

_Key = Qt.Key
_PANE_KEYS = (_Key.Key_1, _Key.Key_2, _Key.Key_3, _Key.Key_4)  # with Alt


class CompareView(KeyedPage):
    """Shows photos in panes; which ones, and what they look like, it is told. GUI thread only.

    What keys do, they do with the *active* pane, in a frame: + - 0 1 zoom, the arrows move where
    the photo is larger than the pane and else lead to the pane beside, R turns, Delete moves to
    the trash, F shows in the folder, X closes the pane, S finds similar photos, Enter opens
    elsewhere. Tab and Alt with 1 to 4 choose a pane, L links the views or parts them, F11 fills
    the screen, Escape leads back.

    Signals:
        closed(): back to where the photos were chosen.
        active_changed(): another pane is the active one.
        pane_closed(ComparePane), trash_requested(ComparePane), folder_requested(ComparePane),
        open_requested(ComparePane), find_similar_requested(ComparePane): do that with its photo.
        menu_requested(ComparePane, QPoint): show what can be done with it.
    """

    closed = Signal()
    active_changed = Signal()
    pane_closed = Signal(object)
    trash_requested = Signal(object)
    folder_requested = Signal(object)
    open_requested = Signal(object)
    find_similar_requested = Signal(object)
    menu_requested = Signal(object, QPoint)

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bar = CompareBar(icons)
        self.panes = tuple(ComparePane(icons, self) for _ in COMPARED_PANES)
        self.active = self.panes[0]
        self._columns = 0
        self._commands: dict[int, Command] = {
            _Key.Key_L: self.bar.linked.toggle,
            _Key.Key_F11: self.bar.full_screen.toggle,
            _Key.Key_X: lambda: self.pane_closed.emit(self.active),
            _Key.Key_Delete: lambda: self.trash_requested.emit(self.active),
            _Key.Key_F: lambda: self.folder_requested.emit(self.active),
            _Key.Key_S: lambda: self.find_similar_requested.emit(self.active),
            _Key.Key_Return: lambda: self.open_requested.emit(self.active),
            _Key.Key_Enter: lambda: self.open_requested.emit(self.active),
            _Key.Key_Escape: self._on_escape,
        }
        self._tiles = QGridLayout()
        self._tiles.setSpacing(0)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addLayout(self._tiles, 1)
        for pane in self.panes:
            self._connect_pane(pane)
        self.bar.fit_requested.connect(self._fit_all)
        self.bar.linked_toggled.connect(lambda _is_linked: self._on_moved(self.active))
        self.bar.closed.connect(self.closed)
        self._set_tab_order()

    def _connect_pane(self, pane: ComparePane) -> None:
        pane.hide()
        pane.activated.connect(lambda: self._activate(pane))
        pane.settled.connect(self._show_best)
        pane.canvas.view_moved.connect(lambda: self._on_moved(pane))
        pane.trash_requested.connect(lambda: self.trash_requested.emit(pane))
        pane.folder_requested.connect(lambda: self.folder_requested.emit(pane))
        pane.closed.connect(lambda: self.pane_closed.emit(pane))
        pane.menu_requested.connect(lambda where: self.menu_requested.emit(pane, where))

    def _set_tab_order(self) -> None:
        """First from photo to photo, then to their buttons, then to the bar."""
        order: list[QWidget] = [pane.canvas for pane in self.panes]
        order += [button for pane in self.panes for button in pane.buttons]
        order += self.bar.buttons
        for before, after in itertools.pairwise(order):
            self.setTabOrder(before, after)

    # --- what is shown ------------------------------------------------------------------------

    @property
    def shown(self) -> list[ComparePane]:
        """The panes that have a photo, in their order."""
        return [pane for pane in self.panes if pane.photo_id is not None]

    @property
    def is_linked(self) -> bool:
        """Whether all panes show the same part of their photos."""
        return self.bar.linked.isChecked()

    def show_photos(self, photo_ids: Sequence[PhotoId]) -> None:
        """Compare these photos, at most as many as there are panes; none empties the view."""
        for place, pane in enumerate(self.panes):
            pane.show_photo(photo_ids[place] if place < len(photo_ids) else None)
        self._activate(self.panes[0])
        self._arrange()

    def close_pane(self, pane: ComparePane) -> None:
        """Go on without this photo."""
        shown = self.shown
        pane.show_photo(None)
        if pane is self.active and self.shown:
            place = shown.index(pane)
            self.choose(self.shown[min(place, len(self.shown) - 1)])
        self._arrange()
        self._show_best()

    def choose(self, pane: ComparePane) -> None:
        """Give a pane the keyboard."""
        self._activate(pane)
        pane.canvas.setFocus()

    def _activate(self, pane: ComparePane) -> None:
        is_other, self.active = pane is not self.active, pane
        for each in self.panes:
            each.set_active(is_active=each is pane)
        if is_other:
            self.active_changed.emit()

    def _arrange(self) -> None:
        """Lay the panes out that have a photo, each as large as the others."""
        shown = self.shown
        self._columns = columns_for(len(shown), self.width(), self.height())
        for pane in self.panes:
            self._tiles.removeWidget(pane)
            pane.setVisible(pane in shown)
        for place, pane in enumerate(shown):
            self._tiles.addWidget(pane, *divmod(place, self._columns))
        rows = -(-len(shown) // max(self._columns, 1))
        for line in range(len(self.panes)):
            self._tiles.setColumnStretch(line, int(line < self._columns))
            self._tiles.setRowStretch(line, int(line < rows))
        self.bar.set_title(
            tr_count("Comparing {count} photo", "Comparing {count} photos", len(shown))
        )
        if self.isVisible():
            self._column.activate()  # so that pictures are asked for in the right size

    def _show_best(self) -> None:
        """Say what is best of which photo, once all are known that can be read."""
        shown = self.shown
        known = [pane for pane in shown if pane.facts is not None]
        best = best_of([pane.facts for pane in known if pane.facts is not None])
        is_settled = all(pane.is_settled for pane in shown)
        for pane, words in zip(known, best, strict=True):
            pane.show_best(words if is_settled else ())

    # --- zooming and moving -------------------------------------------------------------------

    def show_picture(self, pane: ComparePane, picture: Picture) -> None:
        """Show a photo in its pane, at first the part of it that the others show."""
        was_known = pane.canvas.is_known
        pane.show_picture(picture)
        other = next((p for p in self.shown if p is not pane and p.canvas.is_known), None)
        if self.is_linked and not was_known and other is not None:
            pane.canvas.show_like(other.canvas.geometry_)

    def _on_moved(self, pane: ComparePane) -> None:
        if self.is_linked:
            self._follow(pane)

    def _follow(self, leader: ComparePane) -> None:
        for pane in self.shown:
            if pane is not leader and leader.canvas.is_known:
                pane.canvas.show_like(leader.canvas.geometry_)

    def _fit_all(self) -> None:
        for pane in self.shown:
            pane.canvas.fit()

    # --- keys ---------------------------------------------------------------------------------

    def command(self, event: QKeyEvent) -> Command | None:
        """What a key does here."""
        key, modifiers = event.key(), modifiers_of(event)
        if modifiers == Qt.KeyboardModifier.AltModifier and key in _PANE_KEYS:
            place = _PANE_KEYS.index(_Key(key))
            return self._choosing(self.shown, place) or (lambda: None)
        command = command_of(event, self.active.canvas)
        if command is not None or modifiers != Qt.KeyboardModifier.NoModifier:
            return command
        if key in ARROWS:
            return self._stepping(*ARROWS[key])
        return self._commands.get(key)

    def _stepping(self, x: int, y: int) -> Command | None:
        """What an arrow does: lead to the pane beside or below, if there is one."""
        shown = self.shown
        row, column = divmod(shown.index(self.active), self._columns)
        column += x if self.isRightToLeft() else -x
        if not 0 <= column < self._columns:
            return None
        return self._choosing(shown, (row - y) * self._columns + column)

    def _choosing(self, shown: Sequence[ComparePane], place: int) -> Callable[[], None] | None:
        if not 0 <= place < len(shown):
            return None
        return lambda: self.choose(shown[place])

    def _on_escape(self) -> None:
        if self.bar.full_screen.isChecked():
            self.bar.full_screen.setChecked(False)
        else:
            self.closed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Lay the panes out anew where the window has another shape."""
        super().resizeEvent(event)
        if self.shown and columns_for(len(self.shown), self.width(), self.height()) != (
            self._columns
        ):
            self._arrange()
