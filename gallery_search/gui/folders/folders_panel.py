# SPDX-License-Identifier: MIT
"""The list of watched folders with their state, at the left of the window."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QKeySequence, QPainter, QPalette, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QListView,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QMessageBox,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from gallery_search.gui import theme, wording
from gallery_search.gui.files import reveal
from gallery_search.gui.theme import SPACING_PX, Icons
from gallery_search.gui.widgets.labels import ElidedButton
from gallery_search.gui.widgets.plain_buttons import without_pictures
from gallery_search.language import tr
from gallery_search.records import FolderStatus

_Index = QModelIndex | QPersistentModelIndex
_NAME = Qt.ItemDataRole.UserRole
_LINE = Qt.ItemDataRole.UserRole + 1
_FOLDER = Qt.ItemDataRole.UserRole + 2
_ICON_PX = 2 * SPACING_PX
_UNLIMITED = 1000  # px, more than any text below a name is tall
_WRAPPED = Qt.TextFlag.TextWordWrap
_HERE = Qt.ShortcutContext.WidgetShortcut


class _FolderDelegate(QStyledItemDelegate):
    """Paints a folder as icon and name, and below it its state, wrapped where it is too long."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:  # noqa: N802
        """As tall as the texts are in the width of the list."""
        width = _width_of_texts(option.widget.viewport().width())  # type: ignore[attr-defined]
        below = option.fontMetrics.boundingRect(
            QRect(0, 0, width, _UNLIMITED), _WRAPPED, index.data(_LINE)
        )
        return QSize(0, option.fontMetrics.height() + below.height() + 2 * SPACING_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint one folder."""
        self.initStyleOption(option, index)
        if not option.widget.hasFocus():  # what is chosen here matters to keys alone
            option.state &= ~QStyle.StateFlag.State_Selected
        icon = option.icon
        option.text = ""
        option.features &= ~QStyleOptionViewItem.ViewItemFeature.HasDecoration
        style = option.widget.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)

        palette = option.palette
        if option.state & QStyle.StateFlag.State_Selected:
            mode = QIcon.Mode.Selected
            colour = quiet = palette.color(QPalette.ColorRole.HighlightedText)
        else:
            mode = QIcon.Mode.Normal
            colour, quiet = palette.color(QPalette.ColorRole.Text), theme.quiet_text(palette)
        metrics = option.fontMetrics
        box = option.rect.adjusted(SPACING_PX, SPACING_PX, -SPACING_PX, -SPACING_PX)
        beside = QRect(box.left(), box.top(), _ICON_PX, metrics.height())
        icon.paint(painter, beside, Qt.AlignmentFlag.AlignCenter, mode)
        texts = box.adjusted(box.width() - _width_of_texts(option.rect.width()), 0, 0, 0)
        name = metrics.elidedText(index.data(_NAME), Qt.TextElideMode.ElideMiddle, texts.width())
        painter.save()
        painter.setFont(option.font)
        painter.setPen(colour)
        painter.drawText(texts, Qt.AlignmentFlag.AlignTop, name)
        painter.setPen(quiet)
        painter.drawText(texts.adjusted(0, metrics.height(), 0, 0), _WRAPPED, index.data(_LINE))
        painter.restore()


def _width_of_texts(width: int) -> int:
    return width - _ICON_PX - 3 * SPACING_PX


class FoldersPanel(QWidget):
    """Shows the watched folders; adding and removing is for others to do.

    Signals:
        add_requested: the user wants to choose a folder.
        remove_requested(int): stop watching this folder; the user has confirmed it.
        refused(str): a sentence that says why a folder cannot be shown.
    """

    add_requested = Signal()
    remove_requested = Signal(int)
    refused = Signal(str)

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self._folders: tuple[FolderStatus, ...] = ()
        heading = QLabel(tr("Photo folders"))
        font = heading.font()
        font.setBold(True)
        heading.setFont(font)
        heading.setContentsMargins(SPACING_PX, SPACING_PX, SPACING_PX, 0)
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Photo folders"))
        self.list.setItemDelegate(_FolderDelegate(self.list))
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setResizeMode(QListView.ResizeMode.Adjust)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.customContextMenuRequested.connect(self._on_menu_requested)
        # Not "activated", which is one click on some desktops, and no key at all on macOS.
        self.list.itemDoubleClicked.connect(lambda item: self._open(item.data(_FOLDER)))
        for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            enter = QShortcut(key, self.list)
            enter.setContext(_HERE)
            enter.activated.connect(self._on_enter_pressed)
        self._delete_key = QShortcut(QKeySequence(QKeySequence.StandardKey.Delete), self.list)
        self._delete_key.setContext(_HERE)
        self._delete_key.activated.connect(self._on_delete_pressed)
        self.add_button = ElidedButton(tr("Add folder…"))
        self.add_button.short = tr("Add…", note="a folder")
        self.add_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves it to the photos
        self.add_button.clicked.connect(lambda: self.add_requested.emit())
        icons.dress(self.add_button, self.add_button.setIcon, "add-folder")
        icons.dress(self, lambda _icon: self.show_folders(self._folders), "folder")
        foot = QVBoxLayout()
        foot.setContentsMargins(SPACING_PX, 0, SPACING_PX, SPACING_PX)
        foot.addWidget(self.add_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING_PX)
        column.addWidget(heading)
        column.addWidget(self.list, 1)
        column.addLayout(foot)
        self.setMinimumWidth(18 * SPACING_PX)

    def show_folders(self, folders: tuple[FolderStatus, ...]) -> None:
        """Show these folders; the selection stays on its folder."""
        self._folders = folders
        selected = self._current_folder()
        while self.list.count() > len(folders):
            self.list.takeItem(self.list.count() - 1)
        while self.list.count() < len(folders):
            self.list.addItem(QListWidgetItem())
        for row, folder in enumerate(folders):
            self._fill(self.list.item(row), folder)
            if selected is not None and folder.folder_id == selected.folder_id:
                self.list.setCurrentRow(row)

    def confirm_removal(self, folder: FolderStatus) -> None:
        """Ask before a folder leaves the library; does not block."""
        name = wording.display_name(folder.path)
        box = QMessageBox(self.window())
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setWindowTitle(tr("Stop watching"))
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(tr("Stop watching “{name}”?", name=name))
        box.setInformativeText(
            tr(
                "Its photos leave Gallery Search. The photos themselves stay untouched in the "
                "folder."
            )
        )
        stop = box.addButton(tr("Stop watching"), QMessageBox.ButtonRole.AcceptRole)
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        stop.clicked.connect(lambda: self.remove_requested.emit(folder.folder_id))
        without_pictures(box)
        box.open()

    def _open(self, folder: FolderStatus) -> None:
        """Show a folder in the file manager."""
        if folder.state != "offline" and not reveal.open_file(folder.path):
            name = wording.display_name(folder.path)
            self.refused.emit(tr("No program on this computer opens “{name}”.", name=name))

    def _on_enter_pressed(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            self._open(item.data(_FOLDER))

    def _fill(self, item: QListWidgetItem, folder: FolderStatus) -> None:
        name = wording.display_name(folder.path)
        line = wording.folder_line(folder, self.locale())
        item.setData(_NAME, name)
        item.setData(_LINE, line)
        item.setData(_FOLDER, folder)
        item.setText(f"{name}, {line}")  # painted by nobody; the name in the accessibility tree
        item.setToolTip(wording.display_text(folder.path))
        item.setIcon(self._icons.get("folder-offline" if folder.state == "offline" else "folder"))

    def _current_folder(self) -> FolderStatus | None:
        item = self.list.currentItem()
        folder = None if item is None else item.data(_FOLDER)
        return folder if isinstance(folder, FolderStatus) else None

    def _on_delete_pressed(self) -> None:
        folder = self._current_folder()
        if folder is not None:
            self.confirm_removal(folder)

    def _on_menu_requested(self, position: QPoint) -> None:
        item = self.list.itemAt(position)
        if item is None:
            return
        folder: FolderStatus = item.data(_FOLDER)
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        show = menu.addAction(tr("Show folder"), lambda: self._open(folder))
        show.setEnabled(folder.state != "offline")
        menu.addSeparator()
        menu.addAction(tr("Stop watching…"), lambda: self.confirm_removal(folder))
        menu.popup(self.list.viewport().mapToGlobal(position))
