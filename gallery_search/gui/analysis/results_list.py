# SPDX-License-Identifier: MIT
"""The pictures of a result as a list: found by words, sorted, one of them chosen."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QLocale,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gallery_search.gui import wording
from gallery_search.gui.theme import SPACING_PX
from gallery_search.gui.widgets.labels import QuietText
from gallery_search.gui.widgets.line_table import line_table
from gallery_search.language import tr

from . import analysis_wording

_TYPING_MS = 150  # after the last letter
_Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()


class ResultsModel(QAbstractTableModel):
    """Title, artist and how much the networks differ, or how many mistakes they made."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: Sequence[Mapping[str, Any]] = ()
        self._is_judged = False
        self._tells_mistakes = False

    def set_rows(
        self, rows: Sequence[Mapping[str, Any]], *, is_judged: bool, tells_mistakes: bool
    ) -> None:
        """Show these, as `experiments.analysis_host` lists them; with mistakes or differences."""
        self.beginResetModel()
        self.rows, self._is_judged, self._tells_mistakes = rows, is_judged, tells_mistakes
        self.endResetModel()

    def rowCount(self, parent: _Index = _NO_PARENT) -> int:  # noqa: N802 - Qt's name
        """As many as there are pictures."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: _Index = _NO_PARENT) -> int:  # noqa: N802 - Qt's name
        """Three."""
        return 0 if parent.isValid() else 3

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The texts."""
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() == 2:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        row = self.rows[index.row()]
        match index.column():
            case 0:
                return wording.display_text(row["title"])
            case 1 if self._is_judged:
                return "" if row["profile"] is None else analysis_wording.profile(row["profile"])
            case 1:
                return wording.display_text(row["artist"])
            case _ if self._tells_mistakes:
                return str(row["mistakes"]) if row["mistakes"] else ""
            case _:
                return (
                    wording.percent(row["disagreement"], QLocale()) if row["disagreement"] else ""
                )

    def headerData(  # noqa: N802 - Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """What the columns are."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole and section == 2:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return analysis_wording.column(
            section, is_judged=self._is_judged, tells_mistakes=self._tells_mistakes
        )


class ResultsList(QWidget):
    """The list with what finds and sorts it. GUI thread only.

    Signals:
        changed: other words or another order are wanted.
        chosen(int): the number of the picture that the user chose.
        surprise_requested: any picture.

    Attributes:
        words: the line that finds.
        order: the order.
        table: the list.
    """

    changed = Signal()
    chosen = Signal(int)
    surprise_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = QLineEdit()
        self.words.setPlaceholderText(tr("Words of the title or the file's name"))
        self.words.setAccessibleName(tr("Find pictures by words of the title or the file's name"))
        self.words.setClearButtonEnabled(True)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._typing.timeout.connect(self.changed)
        self.words.textEdited.connect(lambda _text: self._typing.start())
        self.words.returnPressed.connect(self._on_return)
        escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self.words)
        escape.setContext(Qt.ShortcutContext.WidgetShortcut)
        escape.activated.connect(self._on_escape)
        self.order = QComboBox()
        self.order.setAccessibleName(tr("Order"))
        self.order.currentIndexChanged.connect(lambda _index: self.changed.emit())
        self._is_showing = False  # what somebody else has chosen
        self._model = ResultsModel(self)
        self.table = line_table(tr("Pictures"), self._model)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.horizontalHeader().setStretchLastSection(False)
        self.table.selectionModel().currentRowChanged.connect(self._on_row_changed)
        self._count = QuietText()
        self.surprise = QPushButton(tr("S&urprise me"))
        self.surprise.setAutoDefault(False)
        self.surprise.setToolTip(tr("Show any one of these pictures"))
        self.surprise.clicked.connect(self.surprise_requested)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING_PX)
        column.addWidget(self.words)
        column.addWidget(self.order)
        column.addWidget(self.table, 1)
        column.addWidget(self._count)
        column.addWidget(self.surprise)
        self._set_up_header()

    @property
    def count(self) -> str:
        """What is said about how many there are."""
        return self._count.text()

    def titles(self) -> list[str]:
        """The titles, from top to bottom."""
        return [row["title"] for row in self._model.rows]

    def offer_orders(self, names: Sequence[str]) -> None:
        """Offer these orders, and keep the one that is chosen where it is among them."""
        offered = [self.order.itemData(place) for place in range(self.order.count())]
        if offered == list(names):
            return
        kept = self.order.currentData()
        self.order.blockSignals(True)
        self.order.clear()
        for name in names:
            self.order.addItem(tr(analysis_wording.ORDERS[name]), name)
        self.order.setCurrentIndex(max(0, self.order.findData(kept)))
        self.order.blockSignals(False)

    def show_rows(
        self, rows: Sequence[Mapping[str, Any]], total: int, *, is_judged: bool, current: int | None
    ) -> None:
        """Show a list, with the row of a picture chosen where that is in it.

        Args:
            rows: the first ones, as `experiments.analysis_host` lists them.
            total: how many there are.
            is_judged: whether mistakes are known.
            current: the number of a picture.
        """
        tells_mistakes = is_judged and self.order.currentData() != "disagreement"
        self._model.set_rows(rows, is_judged=is_judged, tells_mistakes=tells_mistakes)
        self._set_up_header()
        second = "profile" if is_judged else "artist"
        self.table.setColumnHidden(1, not any(row[second] for row in rows))
        figure = "mistakes" if tells_mistakes else "disagreement"
        has_figures = any(row[figure] for row in rows)
        self.table.setColumnHidden(2, not has_figures)
        shown = analysis_wording.count(len(rows), total, self.locale())
        self._count.setText(shown if total else tr(analysis_wording.NOTHING_FOUND))
        self.surprise.setEnabled(total > 0)
        self.show_current(current)

    def clear(self) -> None:
        """Show nothing, until it is known what there is."""
        self._model.set_rows((), is_judged=False, tells_mistakes=False)
        self._count.clear()

    def show_current(self, number: int | None) -> None:
        """Choose the row of a picture, without telling so."""
        places = (place for place, row in enumerate(self._model.rows) if row["number"] == number)
        place = next(places, None)
        self._is_showing = True
        if place is None:
            self.table.clearSelection()
            self.table.setCurrentIndex(QModelIndex())
        else:
            self.table.selectRow(place)
            self.table.scrollTo(self._model.index(place, 0))
        self._is_showing = False

    def _set_up_header(self) -> None:
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Interactive)
        header.resizeSection(1, max(header.sectionSize(1), header.sectionSizeHint(1)))
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.ResizeToContents)

    def _on_row_changed(self, current: QModelIndex) -> None:
        if current.isValid() and not self._is_showing:
            self.chosen.emit(self._model.rows[current.row()]["number"])

    def _on_escape(self) -> None:
        """Take the words away, and only then leave the line; the window is not to be closed."""
        if self.words.text():
            self.words.clear()
            self._typing.stop()
            self.changed.emit()
        else:
            self.table.setFocus()

    def _on_return(self) -> None:
        """Go on to the list with what was typed."""
        if self._typing.isActive():
            self._typing.stop()
            self.changed.emit()
        self.table.setFocus()
