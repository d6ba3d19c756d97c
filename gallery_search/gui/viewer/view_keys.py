# SPDX-License-Identifier: MIT
"""The keys that zoom, turn and move a photo in its view."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from .viewer_canvas import ZOOM_STEP, ViewerCanvas

Command = Callable[[], object]

_Key = Qt.Key
_MOVE_SHARE = 0.1  # of the view, by one press of an arrow key
# On some keyboards they are typed with Shift, and many people press Ctrl with them.
_ZOOMING = frozenset(
    {_Key.Key_Plus, _Key.Key_Equal, _Key.Key_Minus, _Key.Key_0, _Key.Key_1},
)
ARROWS: dict[int, tuple[int, int]] = {
    _Key.Key_Left: (1, 0),
    _Key.Key_Right: (-1, 0),
    _Key.Key_Up: (0, 1),
    _Key.Key_Down: (0, -1),
}
"""Which way an arrow moves the photo, to the right and down, so that the view goes its way."""

REPEATED = frozenset(
    {*ARROWS, _Key.Key_PageUp, _Key.Key_PageDown, _Key.Key_Plus, _Key.Key_Equal, _Key.Key_Minus}
)
"""Of the other keys one press does it, however long they are held."""


def command_of(event: QKeyEvent, canvas: ViewerCanvas) -> Command | None:
    """What a key does with the view of a photo; None where it is for something else.

    An arrow moves the photo only where some of it is out of view.
    """
    key = event.key()
    shift, control = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
    modifiers = modifiers_of(event)
    if key in _ZOOMING and not modifiers & ~(shift | control):
        return _zooming(key, canvas)
    if key == _Key.Key_R and modifiers == shift:
        return lambda: canvas.turn(-1)
    if modifiers != Qt.KeyboardModifier.NoModifier:
        return None
    if key == _Key.Key_R:
        return lambda: canvas.turn(1)
    if key in ARROWS and canvas.geometry_.can_be_moved:
        x, y = ARROWS[key]
        return lambda: canvas.move_by(
            x * _MOVE_SHARE * canvas.width(), y * _MOVE_SHARE * canvas.height()
        )
    return None


def modifiers_of(event: QKeyEvent) -> Qt.KeyboardModifier:
    """What is held with a key, wherever on the keyboard that is."""
    return event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier


def _zooming(key: int, canvas: ViewerCanvas) -> Command:
    if key == _Key.Key_0:
        return canvas.fit
    if key == _Key.Key_1:
        return lambda: canvas.zoom_to(1.0)
    factor = 1 / ZOOM_STEP if key == _Key.Key_Minus else ZOOM_STEP  # "=" is "+" without Shift
    return lambda: canvas.zoom_by(factor)
