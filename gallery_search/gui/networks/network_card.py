# SPDX-License-Identifier: MIT
"""A network as a card: what is said about it, and what can be done with it."""

from collections.abc import Callable

from PySide6.QtCore import QMimeData, QRectF, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QMessageBox, QVBoxLayout, QWidget

from gallery_search.backbone_status import BackboneStatus
from gallery_search.gui import theme, wording
from gallery_search.gui.ports import Library
from gallery_search.gui.query.offers import Images, read_offer
from gallery_search.gui.theme import SPACING_PX, Icons
from gallery_search.gui.widgets.drop_target import DropTarget
from gallery_search.gui.widgets.file_choice import choose_weights
from gallery_search.gui.widgets.flow_layout import FlowLayout
from gallery_search.gui.widgets.labels import ElidedButton
from gallery_search.gui.widgets.plain_buttons import without_pictures
from gallery_search.language import tr
from gallery_search.records import PathSource

from . import network_wording
from .network_summary import NetworkSummary


class NetworkCard(QWidget):
    """Shows one network, and asks the library for what its buttons and drops want.

    Attributes:
        summary: what is said about the network.
        use: tr("Use"); likewise `stay`, `download`, `cancel`, `import_`, `delete` and `source` are
            its buttons, of which only those that make sense are shown.
        buttons: all of them, in the order of the Tab key.
    """

    def __init__(
        self, status: BackboneStatus, library: Library, icons: Icons, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._status = status
        self._library = library
        self._imported = ""
        self.summary = NetworkSummary(status.name, icons)
        self.use = self._button(tr("Use"), self._on_use_clicked)
        self.use.hint = tr("Prepare all photos with this network, then search with it")
        self.stay = self._button(tr("Stay with this one"), self._on_use_clicked)
        self.stay.hint = tr("Give up the change to the other network")
        self.download = self._button(tr("Download"), self._on_download_clicked)
        icons.dress(self.download, self.download.setIcon, "download")
        self.cancel = self._button(tr("Cancel"), self._on_cancel_clicked)
        self.cancel.hint = tr("Break it off; what has been downloaded is kept")
        self.import_ = self._button(tr("Import file…"), self._on_import_clicked)
        self.import_.hint = tr("Take the weights from a file; it can also be dropped on this card")
        self.delete = self._button(tr("Delete data…"), self._on_delete_clicked)
        self.source = self._button(tr("Source page"), self._on_source_clicked)
        self.source.hint = tr("Open {address} in the browser", address=status.source)
        self.buttons = (
            *(self.use, self.stay, self.download, self.cancel),
            *(self.import_, self.delete, self.source),
        )
        row = FlowLayout()
        for button in self.buttons:
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(*(2 * SPACING_PX,) * 4)
        column.setSpacing(2 * SPACING_PX)
        column.addWidget(self.summary)
        column.addLayout(row)
        self._drop_target = DropTarget(self, self._accepts, self._on_dropped)
        self.setAccessibleName(status.name)

    @property
    def is_highlighted(self) -> bool:
        """Whether the card shows that it would take what is dragged over it."""
        return self._drop_target.is_highlighted

    def show_status(
        self, status: BackboneStatus, *, seconds_left: float | None, is_leaving: bool
    ) -> None:
        """Show a new state of the same network.

        Args:
            status: the state.
            seconds_left: until it takes over, where that is known.
            is_leaving: it answers, and another network is about to take over from it.
        """
        if self._status.state == "downloading" and status.state != "downloading":
            self._imported = ""
        self._status = status
        self.summary.show_status(status, seconds_left, self._imported)
        label, self.download.short = network_wording.download_label(status, self.locale())
        _label(self.download, label, status.name)
        is_available, is_ready = status.state == "available", status.state == "ready"
        wanted = {
            self.use: is_ready and status.role == "idle",
            self.stay: is_leaving,
            self.download: is_available,
            self.cancel: status.state == "downloading",
            self.import_: is_available,
            self.delete: network_wording.can_delete(status),
            self.source: True,
        }
        self._show_buttons([button for button in self.buttons if wanted[button]])

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's name
        """Paint the card's ground and edge."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(self.palette().color(QPalette.ColorRole.Base))
        painter.setPen(QPen(theme.line(self.palette()), 1))
        edge = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(edge, SPACING_PX, SPACING_PX)

    def _button(self, text: str, on_clicked: Callable[[], None]) -> ElidedButton:
        button = ElidedButton()
        _label(button, text, self._status.name)
        button.clicked.connect(on_clicked)
        return button

    def _show_buttons(self, wanted: list[ElidedButton]) -> None:
        """Show these; where the one with the focus goes, the first of them takes it over."""
        for button in wanted:
            button.show()
        focused = self.window().focusWidget()
        for button in self.buttons:
            if button not in wanted:
                if button is focused:
                    wanted[0].setFocus()
                button.hide()

    # --- what the user does -------------------------------------------------------------------

    def _on_use_clicked(self) -> None:
        self._library.use_backbone(self._status.name)

    def _on_download_clicked(self) -> None:
        self._imported = ""
        self._library.download_backbone(self._status.name)

    def _on_cancel_clicked(self) -> None:
        self._library.cancel_download(self._status.name)

    def _on_import_clicked(self) -> None:
        choose_weights(self.window(), self._status.name, self._import)

    def _on_source_clicked(self) -> None:
        QDesktopServices.openUrl(QUrl(self._status.source))

    def _on_delete_clicked(self) -> None:
        """Ask before anything goes; does not block."""
        box = QMessageBox(self.window())
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setWindowTitle(tr("Delete data"))
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(tr("Delete the data of {name}?", name=self._status.name))
        box.setInformativeText(network_wording.deletion(self._status, self.locale()))
        delete = box.addButton(tr("Delete"), QMessageBox.ButtonRole.DestructiveRole)
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        delete.clicked.connect(lambda: self._library.delete_backbone_data(self._status.name))
        without_pictures(box)
        box.open()

    def _import(self, path: str) -> None:
        self._imported = wording.display_name(path)
        self._library.import_backbone(self._status.name, path)

    def _accepts(self, mime: QMimeData) -> bool:
        urls = mime.urls()
        return self._status.state == "available" and len(urls) == 1 and urls[0].isLocalFile()

    def _on_dropped(self, mime: QMimeData) -> None:
        match read_offer(mime, ""):
            case Images((PathSource(path),)) if self._accepts(mime):
                self._import(path)


def _label(button: ElidedButton, text: str, name: str) -> None:
    if text != button.text():
        button.setText(text)
        button.setAccessibleName(f"{text.rstrip('…')}: {name}")  # each card has the same buttons
