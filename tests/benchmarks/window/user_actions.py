# SPDX-License-Identifier: MIT
"""What a user does to the window, as the events that Qt would make of it."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

_NONE = Qt.KeyboardModifier.NoModifier
_NOTCH = 120  # eighths of a degree of a mouse wheel
_KEYS = Qt.Key


def drop(window: QWidget, paths: Sequence[Path | str]) -> None:
    """Drop files or folders on the middle of a window."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(os.fspath(path)) for path in paths])
    middle = window.rect().center()
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    QApplication.sendEvent(window, QDragEnterEvent(middle, copy, mime, left, _NONE))
    QApplication.sendEvent(window, QDropEvent(QPointF(middle), copy, mime, left, _NONE))


def turn_wheel(view: QWidget, notches: int) -> None:
    """Turn the wheel over a viewport: down for positive `notches`."""
    middle = QPointF(view.rect().center())
    event = QWheelEvent(
        middle,
        view.mapToGlobal(middle),
        QPoint(),
        QPoint(0, -_NOTCH * notches),
        Qt.MouseButton.NoButton,
        _NONE,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view, event)


def press(key: Qt.Key, text: str = "") -> None:
    """Press and release a key, for whatever has the focus."""
    target = QApplication.focusWidget() or QApplication.activeWindow()
    if target is None:  # the window manager has not given it the keyboard yet
        return
    for kind in (QKeyEvent.Type.KeyPress, QKeyEvent.Type.KeyRelease):
        QApplication.sendEvent(target, QKeyEvent(kind, key, _NONE, text))


def browse(view: QWidget) -> Iterator[float]:
    """Scroll and type without end, a step at a time; gives the pause after each, in seconds."""
    while True:
        for notches in (1, 2, 4, -3, -1):
            for _ in range(8):
                turn_wheel(view, notches)
                yield 0.04
        for key in (_KEYS.Key_Home, _KEYS.Key_Right, _KEYS.Key_Down, _KEYS.Key_PageDown):
            press(key)
            yield 0.12
        for letter in "mountain":  # no command of the window's
            press(_KEYS(ord(letter.upper())), letter)
            yield 0.06
        press(_KEYS.Key_S, "s")  # find similar photos, and come back
        yield 0.8
        press(_KEYS.Key_Escape)
        yield 0.2
        for key in (_KEYS.Key_End, _KEYS.Key_PageUp, _KEYS.Key_Home):
            press(key)
            yield 0.12
