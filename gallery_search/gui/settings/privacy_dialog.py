# SPDX-License-Identifier: MIT
"""The page that lists everything the program keeps, and removes it when that is wanted."""

import contextlib
import threading

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QGridLayout,
    QLabel,
    QMessageBox,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from gallery_search import kept
from gallery_search.gui import wording
from gallery_search.gui.files import reveal
from gallery_search.gui.theme import SPACING_PX
from gallery_search.gui.widgets.labels import QuietText
from gallery_search.gui.widgets.plain_buttons import without_pictures
from gallery_search.gui.widgets.window_size import resize_within_screen
from gallery_search.language import mark, tr
from gallery_search.paths import LibraryPaths
from gallery_search.repository import repository

_PROMISE = mark(
    "Nothing leaves this computer, and nothing is written into your photo folders. What Gallery "
    "Search keeps is in one folder, but for the start at login:"
)
_DOWNLOADS = mark("The internet is used for what you download, and for nothing else.")
_UPDATES = mark(
    "The internet is used for what you download, and to look for newer versions where you have "
    "turned that on in the settings. Such a request says nothing about you or your photos."
)


class PrivacyDialog(QDialog):
    """Lists what is kept in a library.

    Signals:
        wipe_requested: the user wants all of it gone, and has said so twice.
    """

    wipe_requested = Signal()
    _counted = Signal(object)

    def __init__(self, paths: LibraryPaths, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Privacy"))
        self._paths = paths
        self._sizes: dict[str, QLabel] = {}
        self._total = QLabel()
        place = QLabel(wording.display_text(str(paths.root)))
        place.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        place.setTextFormat(Qt.TextFormat.PlainText)
        column = QVBoxLayout(self)
        column.setSpacing(2 * SPACING_PX)
        promise = QLabel(tr(_PROMISE))
        promise.setWordWrap(True)
        column.addWidget(promise)
        column.addWidget(place)
        self._area = self._scrolled_table()
        column.addWidget(self._area, 1)
        column.addWidget(self._buttons())
        resize_within_screen(self, 90 * SPACING_PX, 60 * SPACING_PX)
        self._make_room()
        self._counted.connect(self._show_sizes)
        # A library has thousands of files, on a drive that may be asleep.
        threading.Thread(target=self._count, name="privacy", daemon=True).start()

    def _scrolled_table(self) -> QScrollArea:
        self._page = page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, SPACING_PX, 0)  # from the scroll bar
        column.addLayout(self._table())
        column.addSpacing(2 * SPACING_PX)
        column.addWidget(QuietText(tr(_UPDATES if repository() else _DOWNLOADS)))
        column.addStretch()
        area = QScrollArea()
        area.setAccessibleName(self.windowTitle())
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidgetResizable(True)
        area.setWidget(page)
        return area

    def _table(self) -> QGridLayout:
        table = QGridLayout()
        table.setHorizontalSpacing(2 * SPACING_PX)
        table.setColumnStretch(1, 1)
        for row, kind in enumerate(kept.KINDS):
            size = self._sizes[kind.name] = QLabel("…")
            table.addWidget(QLabel(tr(kind.name)), row, 0)
            table.addWidget(QuietText(tr(kind.what)), row, 1)
            table.addWidget(size, row, 2, Qt.AlignmentFlag.AlignRight)
        table.addWidget(QLabel(tr("Together")), len(kept.KINDS), 0)
        table.addWidget(self._total, len(kept.KINDS), 2, Qt.AlignmentFlag.AlignRight)
        return table

    def _buttons(self) -> QDialogButtonBox:
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        show = buttons.addButton(tr("Show folder"), QDialogButtonBox.ButtonRole.ActionRole)
        show.clicked.connect(lambda: self._show_folder())
        self.wipe = buttons.addButton(
            tr("Remove everything…"), QDialogButtonBox.ButtonRole.ResetRole
        )
        self.wipe.setAutoDefault(False)
        self.wipe.clicked.connect(self._on_wipe)
        buttons.rejected.connect(self.reject)
        without_pictures(buttons)
        return buttons

    def _count(self) -> None:
        sizes = kept.sizes(self._paths)
        with contextlib.suppress(RuntimeError):  # the dialog may have been closed meanwhile
            self._counted.emit(sizes)

    def _show_sizes(self, sizes: dict[str, int]) -> None:
        for name, size in sizes.items():
            self._sizes[name].setText(wording.size(size, self.locale()))
        self._total.setText(wording.size(sum(sizes.values()), self.locale()))
        self._make_room()

    def _make_room(self) -> None:
        """Become tall enough for all lines, as far as the screen has room; the rest scrolls."""
        for layout in (self.layout(), self._page.layout()):
            assert layout is not None
            layout.activate()
        lines = self._page.heightForWidth(self._area.viewport().width())
        missing = lines - self._area.viewport().height()
        if missing > 0:
            resize_within_screen(self, self.width(), self.height() + missing)

    def _show_folder(self) -> None:
        reveal.open_file(str(self._paths.root))

    def _on_wipe(self) -> None:
        box = QMessageBox(self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setWindowTitle(tr("Remove everything"))
        box.setText(tr("Remove all that Gallery Search keeps, and close it?"))
        box.setInformativeText(
            tr("Your photos stay untouched. At the next start Gallery Search knows none of them.")
        )
        remove = box.addButton(tr("Remove everything"), QMessageBox.ButtonRole.DestructiveRole)
        cancel = box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(cancel)
        remove.clicked.connect(lambda: self.wipe_requested.emit())
        without_pictures(box)
        box.open()
