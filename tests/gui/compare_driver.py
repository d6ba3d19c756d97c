# SPDX-License-Identifier: MIT
"""Drives a real window in which photos are compared."""

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QContextMenuEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QMenu, QMessageBox
from window_driver import WindowDriver

from gallery_search.gui.compare.compare_pane import ComparePane
from gallery_search.gui.compare.compare_view import CompareView

Key = Qt.Key
NONE, CTRL, ALT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)


class CompareDriver(WindowDriver):
    """A window in which photos are compared."""

    @property
    def view(self) -> CompareView:
        return self.window.comparing.view

    @property
    def is_open(self) -> bool:
        return self.window.comparing.is_open

    @property
    def names(self) -> list[str]:
        return [pane.name for pane in self.view.shown]

    @property
    def selected(self) -> list[int]:
        return self.window.grid.selected_photo_ids().tolist()

    def pane(self, place: int) -> ComparePane:
        return self.view.shown[place]

    def select(self, *photo_ids: int) -> None:
        self.window.grid.choose_several(photo_ids[0], photo_ids)
        self.settle()

    def open(self, *photo_ids: int) -> None:
        """Compare photos by the key, and wait for all pictures."""
        self.select(*photo_ids)
        self.press(Key.Key_K, CTRL)
        assert self.is_open
        self.wait_for_pictures()

    def wait_for_pictures(self) -> None:
        self.qtbot.waitUntil(lambda: all(pane.is_settled for pane in self.view.shown))

    def type(self, key: Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        """Press a key as the system does: at the window, which finds who has the keyboard."""
        self.qtbot.keyClick(self.window.windowHandle(), key, modifiers)
        self.settle()

    def part(self, pane: ComparePane) -> tuple[float, float, float, float]:
        """The part of its photo that a pane shows: left, top, right, bottom as shares."""
        geometry = pane.canvas.geometry_
        (x, y), (width, height), (room_width, room_height) = (
            geometry.origin,
            geometry.size,
            geometry.room,
        )
        return (
            max(0.0, -x / width),
            max(0.0, -y / height),
            min(1.0, (room_width - x) / width),
            min(1.0, (room_height - y) / height),
        )

    def wheel(self, pane: ComparePane, notches: int, at: QPointF) -> None:
        canvas = pane.canvas
        event = QWheelEvent(
            at, canvas.mapToGlobal(at), QPoint(), QPoint(0, 120 * notches),
            Qt.MouseButton.NoButton, NONE, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(canvas, event)
        self.settle()

    def drag(self, pane: ComparePane, way: QPoint) -> None:
        left, middle = Qt.MouseButton.LeftButton, pane.canvas.rect().center()
        self.qtbot.mousePress(pane.canvas, left, pos=middle)
        self.qtbot.mouseMove(pane.canvas, middle + way)
        self.qtbot.mouseRelease(pane.canvas, left, pos=middle + way)
        self.settle()

    def question(self) -> QMessageBox:
        (box,) = (b for b in self.window.findChildren(QMessageBox) if b.isVisible())
        return box

    def menu(self, pane: ComparePane) -> tuple[QMenu, dict[str, QAction]]:
        """The menu of a pane by the mouse, and its commands by their texts."""
        middle = pane.canvas.rect().center()
        where = pane.canvas.mapToGlobal(middle)
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, middle, where)
        QApplication.sendEvent(pane.canvas, event)
        menu = next(m for m in self.window.findChildren(QMenu) if m.isVisible())
        return menu, {action.text(): action for action in menu.actions()}
