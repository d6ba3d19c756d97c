# SPDX-License-Identifier: MIT
"""The list of searches that are kept: walked through, asked, renamed and removed."""

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QFrame, QListView, QMenu, QWidget

from gallery_search.gui.theme import Icons
from gallery_search.language import tr
from gallery_search.remembered import SearchesLoaded

from . import kept_wording
from .search_list_model import Entry, SearchListModel
from .search_row import SearchRow

_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Delete, Qt.Key.Key_F2)


class SearchList(QListView):
    """Saved and recent searches, the newest first; GUI thread only.

    Signals:
        chosen(Entry): ask this again.
        rename_requested(Entry): call this saved search otherwise.
        remove_requested(Entry): forget this.
    """

    chosen = Signal(object)
    rename_requested = Signal(object)
    remove_requested = Signal(object)

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.searches = SearchListModel(self.locale())
        self._nothing = ""
        self._pressed: Entry | None = None  # where a click began
        self._row = SearchRow(self.searches, icons, self)
        self.setAccessibleName(tr("Searches"))
        self.setModel(self.searches)
        self.setItemDelegate(self._row)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setMouseTracking(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._on_menu_requested)

    @property
    def current(self) -> Entry | None:
        """The search that keys act on, or None."""
        return self.searches.entry(self.currentIndex().row())

    def show_searches(self, loaded: SearchesLoaded) -> None:
        """List these; the current one stays so, or else that in its place."""
        before, row = self.current, self.currentIndex().row()
        place = self.verticalScrollBar().value()
        self.searches.show(loaded)
        self._nothing = tr(
            kept_wording.NOTHING_YET if loaded.is_remembering else kept_wording.NOT_REMEMBERING
        )
        rows = self.searches.rows_of_entries()
        if rows:
            same = [each for each in rows if self._is_same(self.searches.entry(each), before)]
            later = [each for each in rows if each >= row]
            self._go_to((same or later or rows[-1:])[0])
        self.verticalScrollBar().setValue(place)

    @staticmethod
    def _is_same(entry: Entry | None, other: Entry | None) -> bool:
        return (
            entry is not None
            and other is not None
            and (entry.kind, entry.search.search_id) == (other.kind, other.search.search_id)
        )

    def _go_to(self, row: int) -> None:
        self.setCurrentIndex(self.searches.index(row))

    def _on_menu_requested(self, position: QPoint) -> None:
        entry = self.searches.entry(self.indexAt(position).row())
        if entry is None:
            return
        self.setCurrentIndex(self.indexAt(position))
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        search = menu.addAction(tr("Search again"), lambda: self.chosen.emit(entry))
        search.setEnabled(bool(entry.search.left))
        if entry.kind == "saved":
            menu.addAction(tr("Rename…"), lambda: self.rename_requested.emit(entry))
        menu.addAction(tr("Remove"), lambda: self.remove_requested.emit(entry))
        menu.popup(self.viewport().mapToGlobal(position))

    # --- Qt's events --------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Keep the keys of the list from commands of the window that have the same."""
        is_override = event.type() == QEvent.Type.ShortcutOverride
        if is_override and isinstance(event, QKeyEvent) and event.key() in _KEYS:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Enter asks again, F2 renames, Delete removes; Home and End pass over headings."""
        entry, rows = self.current, self.searches.rows_of_entries()
        if event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End) and rows:
            self._go_to(rows[0 if event.key() == Qt.Key.Key_Home else -1])
        elif event.key() not in _KEYS or entry is None:
            super().keyPressEvent(event)
        elif event.key() == Qt.Key.Key_Delete:
            self.remove_requested.emit(entry)
        elif event.key() != Qt.Key.Key_F2:
            self.chosen.emit(entry)
        elif entry.kind == "saved":
            self.rename_requested.emit(entry)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Note where a click begins."""
        super().mousePressEvent(event)
        is_left = event.button() == Qt.MouseButton.LeftButton
        index = self.indexAt(event.position().toPoint())
        self._pressed = self.searches.entry(index.row()) if is_left else None

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """A click asks again, one on the cross removes."""
        super().mouseReleaseEvent(event)
        pressed, self._pressed = self._pressed, None
        position = event.position().toPoint()
        index = self.indexAt(position)
        if pressed is None or self.searches.entry(index.row()) is not pressed:
            return
        if self._row.cross_rect(self.visualRect(index)).contains(position):
            self.remove_requested.emit(pressed)
        else:
            self.chosen.emit(pressed)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Say so where there is nothing to list."""
        super().paintEvent(event)
        if self._nothing and not self.searches.rowCount():
            painter = QPainter(self.viewport())
            painter.setPen(self.palette().color(QPalette.ColorRole.Text))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.viewport().rect(), flags, self._nothing)
