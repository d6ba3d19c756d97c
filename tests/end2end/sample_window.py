# SPDX-License-Identifier: MIT
"""A window with one of everything, on which the harness is tested.

python sample_window.py [ROWS]
"""

import sys
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QLineEdit,
    QListWidget,
    QMainWindow,
    QProgressBar,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

COLUMNS = 4
Index = QModelIndex | QPersistentModelIndex


class Tiles(QAbstractTableModel):
    """Photos folded into rows; the last row is not full."""

    def __init__(self, rows: int) -> None:
        super().__init__()
        self._count = rows * COLUMNS - 1

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802
        return 0 if parent.isValid() else (self._count + COLUMNS - 1) // COLUMNS

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802
        return 0 if parent.isValid() else COLUMNS

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        number = index.row() * COLUMNS + index.column()
        if number >= self._count:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{number}"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"photo {number}.jpg"
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            return f"similarity {1 / (number + 1):.2f}"
        if role == Qt.ItemDataRole.BackgroundRole:
            return QColor.fromHsv(number * 37 % 360, 120, 230)
        return None


class SampleWindow(QMainWindow):
    """Takes drops anywhere and tells what was dropped."""

    def __init__(self, rows: int) -> None:
        super().__init__()
        self.setWindowTitle("Sample window")
        self.setAcceptDrops(True)
        self._dropped = QLabel("Nothing dropped")
        self._typed = QLabel("Nothing typed")
        table = QTableView()
        table.setAccessibleName("Photos")
        table.setModel(Tiles(rows))
        table.horizontalHeader().hide()
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(90)
        table.horizontalHeader().setDefaultSectionSize(120)
        table.setAcceptDrops(False)
        folders = QListWidget()
        folders.setAccessibleName("Folders")
        folders.addItems(["Holidays", "Cats"])
        folders.setMaximumSize(QSize(10_000, 60))
        progress = QProgressBar()
        progress.setAccessibleName("Indexing")
        progress.setValue(40)
        self._button = QPushButton("Pause")
        self._button.clicked.connect(self._toggle)
        field = QLineEdit()
        field.setAccessibleName("Search")
        field.textChanged.connect(self._typed.setText)
        content = QWidget()
        layout = QVBoxLayout(content)
        for widget in (self._dropped, table, folders, field, self._typed, progress, self._button):
            layout.addWidget(widget)
        self.setCentralWidget(content)
        bar = self.addToolBar("Actions")
        bar.addAction("Open").triggered.connect(lambda: self.statusBar().showMessage("Opened"))
        self.statusBar().showMessage("Ready")

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        self._dropped.setText("Drop it here")
        event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        data = event.mimeData()
        if data.hasUrls():
            told = data.urls()[0].toLocalFile()
        elif data.hasImage():
            image = data.imageData()
            told = f"image {image.width()} x {image.height()}"
        else:
            told = f"{len(bytes(data.data('application/octet-stream').data()))} bytes"
        self._dropped.setText(f"Dropped {told}")

    def _toggle(self) -> None:
        self._button.setText("Resume" if self._button.text() == "Pause" else "Pause")


def main() -> int:
    """Show the window until it is closed."""
    application = QApplication(sys.argv[:1])
    application.setApplicationName("sample-window")
    window = SampleWindow(int(sys.argv[1]) if len(sys.argv) > 1 else 10)
    window.resize(560, 640)
    window.move(500, 60)
    window.show()
    return application.exec()


if __name__ == "__main__":
    raise SystemExit(main())
