# SPDX-License-Identifier: MIT
"""The viewer: one photo, as large as the window, under keys and mouse."""

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from gallery_search.gui import wording
from gallery_search.gui.theme import Icons
from gallery_search.language import tr
from gallery_search.pictures import PhotoDetails

from .bar_hiding import BarHiding
from .details_panel import DetailsPanel
from .heat import Heat
from .keyed_page import KeyedPage
from .match_legend import MatchLegend
from .picture import Picture
from .query_side import QuerySide
from .view_keys import ARROWS, Command, command_of, modifiers_of
from .viewer_bar import ViewerBar
from .viewer_canvas import ViewerCanvas

_Key = Qt.Key


class Viewer(KeyedPage):
    """Shows a photo; which one, and what it looks like, it is told. GUI thread only.

    Arrows move the photo where it is larger than the view, and else lead to its neighbours; page
    keys always do. + - 0 1 and the wheel zoom, R turns, I shows the details, S finds similar
    photos, W shows what matches, Enter opens it elsewhere, F11 fills the screen, where the bar is
    hidden until the mouse moves or Tab asks for it, Escape and Space lead back.

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
        self._commands: dict[int, Command] = {
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
        self._bar_hiding = BarHiding(self.bar, self.canvas, column)
        self.bar.full_screen_toggled.connect(self._bar_hiding.set_on)

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
        self.canvas.setAccessibleName(tr("Photo {name}", name=self._name).rstrip())
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

    def focusNextPrevChild(self, is_next: bool) -> bool:  # noqa: N802 - Qt's name
        """Let Tab reach the bar also where it is hidden."""
        self._bar_hiding.show_for_a_while()
        return super().focusNextPrevChild(is_next)

    def command(self, event: QKeyEvent) -> Command | None:
        """What a key does here."""
        command = command_of(event, self.canvas)
        if command is not None or modifiers_of(event) != Qt.KeyboardModifier.NoModifier:
            return command
        across, _ = ARROWS.get(event.key(), (0, 0))
        if across:
            step = across if self.isRightToLeft() else -across
            return lambda: self.step_requested.emit(step)
        return self._commands.get(event.key())

    def _on_escape(self) -> None:
        if self.bar.full_screen.isChecked():
            self.bar.full_screen.setChecked(False)
        else:
            self.closed.emit()
