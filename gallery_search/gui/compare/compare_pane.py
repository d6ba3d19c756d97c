# SPDX-License-Identifier: MIT
"""One photo of a comparison: its name, its facts, what can be done with it, and its picture."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from gallery_search.gui import theme, wording
from gallery_search.gui.theme import SPACING_PX, Icons
from gallery_search.gui.viewer.picture import Picture
from gallery_search.gui.viewer.viewer_canvas import ViewerCanvas
from gallery_search.gui.widgets.bar_button import bar_button
from gallery_search.gui.widgets.labels import ElidedLabel
from gallery_search.language import tr
from gallery_search.records import PhotoId

from .photo_facts import PhotoFacts, facts_line, facts_of

_FRAME_PX = 2


class ComparePane(QWidget):
    """Shows one photo beside others; which one, it is told. GUI thread only.

    Signals:
        activated(): the keyboard came into it.
        settled(): its photo is known by now, or cannot be seen.
        trash_requested(), folder_requested(), closed(): by its buttons.
        menu_requested(QPoint): show what can be done with the photo, at a place on the screen.

    Attributes:
        photo_id: of the photo, or None.
        path: of its file, once it is known.
        facts: what is known of it; None before, and where it cannot be read.
        is_settled: whether nothing more is to come.
    """

    activated = Signal()
    settled = Signal()
    trash_requested = Signal()
    folder_requested = Signal()
    closed = Signal()
    menu_requested = Signal(QPoint)

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.photo_id: PhotoId | None = None
        self.path: str | None = None
        self.facts: PhotoFacts | None = None
        self.is_settled = False
        self._is_active = False
        self.canvas = ViewerCanvas(may_enlarge=True)
        self._name = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle)
        font = self._name.font()
        font.setBold(True)
        self._name.setFont(font)
        self._zoom = ElidedLabel(is_quiet=True)
        self._facts = ElidedLabel(is_quiet=True)
        self._best = ElidedLabel()
        for label in (self._name, self._zoom, self._facts, self._best):
            label.setFixedHeight(label.fontMetrics().height())  # with and without a text
        self.trash = bar_button(icons, "trash", tr("Move to trash…"), tr("Delete", note="key"))
        self.folder = bar_button(icons, "folder", tr("Show in folder"), "F")
        self.close_button = bar_button(icons, "close", tr("Close"), "X")
        self._names = {button: button.accessibleName() for button in self.buttons}
        self.trash.clicked.connect(lambda: self.trash_requested.emit())
        self.folder.clicked.connect(lambda: self.folder_requested.emit())
        self.close_button.clicked.connect(lambda: self.closed.emit())
        self.canvas.view_changed.connect(self._show_zoom)
        for widget in (self.canvas, *self.buttons):
            widget.installEventFilter(self)
        self._lay_out()

    def _lay_out(self) -> None:
        # All panes are to be of the same size, however long the names are.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        row = QHBoxLayout()
        row.setSpacing(SPACING_PX // 2)
        row.addWidget(self._name, 1)
        for button in self.buttons:
            row.addWidget(button)
        last = QHBoxLayout()
        last.addWidget(self._best, 1)
        self._zoom.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._zoom.setFixedWidth(self._zoom.fontMetrics().horizontalAdvance("16,000 %"))
        last.addWidget(self._zoom)
        head = QVBoxLayout()
        head.setContentsMargins(SPACING_PX, 0, SPACING_PX, SPACING_PX // 2)
        head.setSpacing(0)
        head.addLayout(row)
        head.addWidget(self._facts)
        head.addLayout(last)
        column = QVBoxLayout(self)
        column.setContentsMargins(_FRAME_PX, _FRAME_PX, _FRAME_PX, _FRAME_PX)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.canvas, 1)

    @property
    def buttons(self) -> tuple[QToolButton, ...]:
        """All of them, in their order."""
        return self.trash, self.folder, self.close_button

    @property
    def name(self) -> str:
        """The name that is shown."""
        return self._name.text()

    @property
    def facts_text(self) -> str:
        """The line of facts."""
        return self._facts.text()

    @property
    def best_text(self) -> str:
        """In what the photo is best."""
        return self._best.text()

    # --- what is shown ------------------------------------------------------------------------

    def show_photo(self, photo_id: PhotoId | None) -> None:
        """Be about this photo from now on, of which nothing is known yet; None empties the pane."""
        if photo_id != self.photo_id:
            self.photo_id, self.path = photo_id, None
            self._name.setText("")
        self.facts, self.is_settled = None, False
        self.canvas.clear()
        self._facts.setText("")
        self.show_best(())
        self._show_names()

    def name_photo(self, path: str) -> None:
        """Name the photo."""
        self.path = path
        self._name.setText(wording.display_name(path))
        self._show_names()

    def show_picture(self, picture: Picture) -> None:
        """Show the photo, or the same one sharper."""
        self.canvas.show_picture(picture)
        if picture.full_size is not None and picture.details is not None:
            self.facts = facts_of(picture.full_size, picture.details)
            self._facts.setText(facts_line(self.facts, self.locale()))
            self._settle()

    def say(self, sentence: str) -> None:
        """Say why the photo cannot be seen."""
        self.canvas.say(sentence)
        self._settle()

    def show_best(self, words: Sequence[str]) -> None:
        """Say in what the photo is best of those that are compared."""
        self._best.setText(" · ".join(words))
        if self.is_settled and self.facts is not None:
            said = ", ".join((self._facts.text(), *words))
            self.canvas.setAccessibleDescription(said)

    def set_active(self, *, is_active: bool) -> None:
        """Show whether keys are about this photo."""
        self._is_active = is_active
        self.update()

    def _settle(self) -> None:
        if not self.is_settled:
            self.is_settled = True
            self.settled.emit()

    def _show_zoom(self) -> None:
        zoom = self.canvas.geometry_.shown_zoom
        self._zoom.setText(wording.percent(zoom, self.locale()) if self.canvas.is_known else "")

    def _show_names(self) -> None:
        self.canvas.setAccessibleName(tr("Photo {name}", name=self.name).rstrip())
        for button, name in self._names.items():
            button.setAccessibleName(
                tr("{label}: {text}", label=name, text=self.name) if self.name else name
            )

    # --- what Qt tells ------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Notice that the keyboard comes to the photo or a button of it."""
        if event.type() == QEvent.Type.FocusIn:
            self.activated.emit()
        return super().eventFilter(watched, event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802 - Qt's name
        """Ask for the photo's menu, by mouse or by key."""
        is_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        middle = self.canvas.mapToGlobal(self.canvas.rect().center())
        self.menu_requested.emit(middle if is_key else event.globalPos())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's name
        """Paint a frame, in colour where keys are about this photo."""
        painter = QPainter(self)
        role = QPalette.ColorRole
        palette, room = self.palette(), self.rect()
        active = palette.color(role.Highlight)
        frame = active if self._is_active else theme.viewer_background(palette)
        painter.fillRect(room, frame)
        inside = room.adjusted(_FRAME_PX, _FRAME_PX, -_FRAME_PX, -_FRAME_PX)
        painter.fillRect(QRect(inside), palette.color(role.Window))
