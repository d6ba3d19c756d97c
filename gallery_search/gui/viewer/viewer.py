# SPDX-License-Identifier: MIT
"""The viewer: one photo, as large as the window, under keys and mouse."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from gallery_search.gui import wording
from gallery_search.gui.theme import Icons
from gallery_search.pictures import PhotoDetails

from .details_panel import DetailsPanel
from .heat import Heat
from .match_legend import MatchLegend
from .picture import Picture
from .query_side import QuerySide
from .viewer_bar import ViewerBar
from .viewer_canvas import ZOOM_STEP, ViewerCanvas

_Key = Qt.Key
_MOVE_SHARE = 0.1  # of the view, by one press of an arrow key
_REPEATED = frozenset(  # of the other keys one press does it, however long they are held
    {
        _Key.Key_Left,
        _Key.Key_Right,
        _Key.Key_Up,
        _Key.Key_Down,
        _Key.Key_PageUp,
        _Key.Key_PageDown,
        _Key.Key_Plus,
        _Key.Key_Equal,
        _Key.Key_Minus,
    }
)
# On some keyboards they are typed with Shift, and many people press Ctrl with them.
_ZOOMING = frozenset(
    {_Key.Key_Plus, _Key.Key_Equal, _Key.Key_Minus, _Key.Key_0, _Key.Key_1},
)
_ARROWS: dict[int, tuple[int, int]] = {
    _Key.Key_Left: (1, 0),
    _Key.Key_Right: (-1, 0),
    _Key.Key_Up: (0, 1),
    _Key.Key_Down: (0, -1),
}


class Viewer(QWidget):
    """Shows a photo; which one, and what it looks like, it is told. GUI thread only.

    Arrows move the photo where it is larger than the view, and else lead to its neighbours; page
    keys always do. + - 0 1 and the wheel zoom, R turns, I shows the details, S finds similar
    photos, W shows what matches, Enter opens it elsewhere, F11 fills the screen, Escape and Space
    lead back.

    Signals:
        closed(): back to where the photo was opened.
        step_requested(int): to the next photo (1) or the previous one (-1).
        find_similar_requested(): search for photos like the one shown.
        open_requested(): open it in the system's program.
        menu_requested(QPoint): show what can be done with it, at a place on the screen.
    """

    closed = Signal()
    step_requested = Signal(int)
    find_similar_requested = Signal()
    open_requested = Signal()
    menu_requested = Signal(QPoint)

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bar = ViewerBar(icons)
        self.canvas = ViewerCanvas()
        self.panel = DetailsPanel()
        self.panel.hide()
        self.query_side = QuerySide()
        self.query_side.hide()
        self.legend = MatchLegend()
        self.legend.hide()
        self._name = ""
        self._place = ""
        self._path: str | None = None
        self._details: PhotoDetails | None = None
        self._picture: Picture | None = None
        self._commands: dict[int, Callable[[], object]] = {
            _Key.Key_Plus: lambda: self.canvas.zoom_by(ZOOM_STEP),
            _Key.Key_Equal: lambda: self.canvas.zoom_by(ZOOM_STEP),  # the same key, without Shift
            _Key.Key_Minus: lambda: self.canvas.zoom_by(1 / ZOOM_STEP),
            _Key.Key_0: self.canvas.fit,
            _Key.Key_1: lambda: self.canvas.zoom_to(1.0),
            _Key.Key_R: lambda: self.canvas.turn(1),
            _Key.Key_I: self.bar.details.toggle,
            _Key.Key_S: self.find_similar_requested.emit,
            _Key.Key_Return: self.open_requested.emit,
            _Key.Key_Enter: self.open_requested.emit,
            _Key.Key_F11: self.bar.full_screen.toggle,
            _Key.Key_PageUp: lambda: self.step_requested.emit(-1),
            _Key.Key_PageDown: lambda: self.step_requested.emit(1),
            _Key.Key_Space: self.closed.emit,
            _Key.Key_Escape: self._on_escape,
        }
        self.bar.previous_requested.connect(lambda: self.step_requested.emit(-1))
        self.bar.next_requested.connect(lambda: self.step_requested.emit(1))
        self.bar.fit_requested.connect(self.canvas.fit)
        self.bar.turn_requested.connect(lambda: self.canvas.turn(1))
        self.bar.details_toggled.connect(self.panel.setVisible)
        self.bar.closed.connect(self.closed)
        self.canvas.view_changed.connect(self._show_bar)
        self._lay_out()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self.query_side)
        row.addWidget(self.canvas, 1)
        row.addWidget(self.panel)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addLayout(row, 1)
        column.addWidget(self.legend)

    # --- what is shown ------------------------------------------------------------------------

    def clear(self) -> None:
        """Show nothing, until the next photo comes."""
        self._picture = self._path = None
        self._name = self._place = ""
        self.canvas.clear()
        self._show_details()

    # --- what matches -------------------------------------------------------------------------

    def show_matches(
        self, heat: Heat, query: bytes | None, query_heat: Heat | None, detail: str
    ) -> None:
        """Show what matches: over the photo, and beside it in the query's image if there is one."""
        self.canvas.show_heat(heat)
        if query is None or query_heat is None:
            self.query_side.clear()
        else:
            self.query_side.show_image(query, query_heat)
        covers_all = heat.covers_all and (query_heat is None or query_heat.covers_all)
        self.legend.explain(detail, has_hatching=not covers_all)
        self._show_legend()

    def say_of_matches(self, sentence: str) -> None:
        """Say why nothing is shown of what matches, or not yet; the query's image stays."""
        self.canvas.show_heat(None)
        self.legend.say(sentence)
        self._show_legend()

    def hide_matches(self) -> None:
        """Show the photo as it is."""
        self.canvas.show_heat(None)
        self.query_side.clear()
        self.legend.hide()
        self.canvas.setAccessibleDescription("")

    def _show_legend(self) -> None:
        self.legend.show()
        self.canvas.setAccessibleDescription(self.legend.text)

    def name_photo(self, path: str | None, place: str) -> None:
        """Name the photo; `place` says which of how many it is."""
        self._path = path
        self._name = "" if path is None else wording.display_name(path)
        self._place = place
        self.canvas.setAccessibleName(f"Photo {self._name}".rstrip())
        self._show_bar()
        self._show_details()

    def show_picture(self, picture: Picture) -> None:
        """Show the photo, or the same one sharper."""
        self.canvas.show_picture(picture)
        if picture.details is not None:
            self._picture = picture
            self._show_details()

    def say(self, sentence: str) -> None:
        """Say why the photo cannot be seen."""
        self.canvas.say(sentence)

    def _show_bar(self) -> None:
        parts = [self._place]
        if self.canvas.is_known:
            parts.append(wording.percent(self.canvas.geometry_.shown_zoom, self.locale()))
        self.bar.show_photo(self._name, " · ".join(filter(None, parts)))

    def _show_details(self) -> None:
        picture = self._picture
        if picture is None:
            self.panel.show_details(self._path, None, None)
        else:
            self.panel.show_details(self._path, picture.details, picture.full_size)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802 - Qt's name
        """Ask for the photo's menu, by mouse or by key."""
        is_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        middle = self.canvas.mapToGlobal(self.canvas.rect().center())
        self.menu_requested.emit(middle if is_key else event.globalPos())

    # --- keys ---------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Keep keys from the window's commands that are the viewer's, such as Escape."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and self._command(event) is not None
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Do what a key stands for; the rest is the window's."""
        command = self._command(event)
        if command is None:
            super().keyPressEvent(event)
        elif not event.isAutoRepeat() or event.key() in _REPEATED:
            command()

    def _command(self, event: QKeyEvent) -> Callable[[], object] | None:
        key = event.key()
        shift, control = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if key in _ZOOMING and not modifiers & ~(shift | control):
            return self._commands[key]
        if key == _Key.Key_R and modifiers == shift:
            return lambda: self.canvas.turn(-1)
        if modifiers != Qt.KeyboardModifier.NoModifier:
            return None
        if (arrow := _ARROWS.get(key)) is not None:
            return lambda: self._on_arrow(*arrow)
        return self._commands.get(key)

    def _on_arrow(self, x: int, y: int) -> None:
        if self.canvas.geometry_.can_be_moved:
            self.canvas.move_by(
                x * _MOVE_SHARE * self.canvas.width(), y * _MOVE_SHARE * self.canvas.height()
            )
        elif x:
            self.step_requested.emit(x if self.isRightToLeft() else -x)

    def _on_escape(self) -> None:
        if self.bar.full_screen.isChecked():
            self.bar.full_screen.setChecked(False)
        else:
            self.closed.emit()
