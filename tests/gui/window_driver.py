# SPDX-License-Identifier: MIT
"""Drives a real window over a stand-in library as a person would: drops, keys and clicks."""

import warnings

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import (
    QAction,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QGuiApplication,
)
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QWidget
from pytestqt.qtbot import QtBot
from stand_in_library import StandInLibrary

from gallery_search.gui.events import EventBridge
from gallery_search.gui.window import MainWindow

HOLIDAY = "/photos/Holiday"


class WindowDriver:
    """A window on the screen, and the library behind it."""

    def __init__(
        self,
        qtbot: QtBot,
        bridge: EventBridge,
        *,
        photos: int = 30,
        folders: tuple[str, ...] = (HOLIDAY,),
        answers_at_once: bool = False,
        **arguments: object,
    ) -> None:
        self.qtbot = qtbot
        self.bridge = bridge
        self.library = StandInLibrary(photos, answers_at_once=answers_at_once)
        self.library.deliver = bridge.deliver
        self.window = MainWindow(self.library, bridge, **arguments)  # type: ignore[arg-type]
        qtbot.addWidget(self.window)
        self.window.resize(1000, 700)
        self.window.show()
        qtbot.waitExposed(self.window)
        self.library.watch(*folders)
        self.settle()

    def settle(self) -> None:
        """Let everything that is under way arrive: the bridge keeps the order of events."""
        for _ in range(4):
            QApplication.processEvents()

    # --- dragging, as the platform's own events -----------------------------------------------

    def drag_over(self, mime: QMimeData, widget: QWidget | None = None) -> bool:
        """Enter and move with a drag; whether the window would take it."""
        position = self._position(widget)
        copy_or_move = Qt.DropAction.CopyAction | Qt.DropAction.MoveAction
        buttons, modifiers = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        with warnings.catch_warnings():  # newer Qt would like QPointF, which older ones refuse
            warnings.simplefilter("ignore", DeprecationWarning)
            enter = QDragEnterEvent(position, copy_or_move, mime, buttons, modifiers)
            move = QDragMoveEvent(position, copy_or_move, mime, buttons, modifiers)
        self._send(enter, widget)
        self._send(move, widget)
        assert enter.isAccepted() == move.isAccepted()
        return enter.isAccepted()

    def drag_out(self, widget: QWidget | None = None) -> None:
        self._send(QDragLeaveEvent(), widget)

    def drop(self, mime: QMimeData, widget: QWidget | None = None) -> QDropEvent:
        """Drag something in and let it fall on a widget, by default on the middle of the grid.

        The drag proposes to move, as with Shift held down, which must not come true.
        """
        assert self.drag_over(mime, widget), "the window does not take the drag"
        event = QDropEvent(
            QPointF(self._position(widget)),
            Qt.DropAction.CopyAction | Qt.DropAction.MoveAction,
            mime,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.ShiftModifier,
        )
        event.setDropAction(Qt.DropAction.MoveAction)
        self._send(event, widget)
        self.settle()
        return event

    def _position(self, widget: QWidget | None) -> QPoint:
        widget = widget or self.window.grid.viewport()
        return widget.mapTo(widget.window(), widget.rect().center())

    def _send(self, event: QDropEvent | QDragLeaveEvent, widget: QWidget | None) -> None:
        # To the native window, as from the platform: Qt then finds the widget below the pointer.
        QApplication.sendEvent((widget or self.window).window().windowHandle(), event)

    # --- keys, clicks and the clipboard -------------------------------------------------------

    def press(
        self,
        key: Qt.Key,
        modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
        widget: QWidget | None = None,
    ) -> None:
        self.qtbot.keyClick(widget or self.window.grid, key, modifiers)
        self.settle()

    def click(self, target: QWidget | QAction) -> None:
        """Click on a button, or on an action's button in the tool bar."""
        if isinstance(target, QAction):
            target = self.window.actions_.tool_bar.widgetForAction(target)
        assert target.isVisible()
        self.qtbot.mouseClick(target, Qt.MouseButton.LeftButton)
        self.settle()

    def paste(self, mime: QMimeData) -> None:
        QGuiApplication.clipboard().setMimeData(mime)
        self.press(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)

    def choose_in_dialog(self, path: str) -> None:
        """Type a path into the file dialog that is open, and press Enter."""
        dialog = self.window.findChild(QFileDialog)
        assert dialog is not None
        line = dialog.findChild(QLineEdit)
        line.setText(path)
        self.press(Qt.Key.Key_Return, widget=line)

    # --- queries ------------------------------------------------------------------------------

    def ask(self, path: str) -> None:
        """Ask by a drop, without an answer yet."""
        self.window.search_paths([path])
        self.settle()

    def answer(self, **arguments: object) -> None:
        self.library.answer(**arguments)  # type: ignore[arg-type]
        self.settle()

    def search(self, path: str, **arguments: object) -> None:
        """Ask, and have it answered."""
        self.ask(path)
        self.answer(**arguments)

    # --- what can be seen ---------------------------------------------------------------------

    @property
    def notice(self) -> str:
        return self.window.notices.text

    @property
    def query_name(self) -> str | None:
        """The name in the query's bar; None while the library is shown."""
        bar = self.window.view.bar
        return bar.name if bar.isVisible() else None


def files(*paths: str) -> QMimeData:
    """What a file manager offers for files and folders."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(path) for path in paths])
    return mime


def text(content: str) -> QMimeData:
    mime = QMimeData()
    mime.setText(content)
    return mime
