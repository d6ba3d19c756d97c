# SPDX-License-Identifier: MIT
"""A field for a limit that may be left open, and what keeps the wheel from changing it unseen."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QDoubleSpinBox, QWidget

from gallery_search.language import tr


class LimitField(QDoubleSpinBox):
    """A number, or "any" at its lowest; tells of changes when a number is whole.

    Args:
        name: the accessible name.
        unit: what the number counts.
        step: for the arrows.
        highest: the largest number.
        decimals: places behind the point.
    """

    def __init__(
        self, name: str, unit: str, *, step: float, highest: float, decimals: int = 0
    ) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setDecimals(decimals)
        self.setRange(0, highest)
        self.setSingleStep(step)
        self.setSuffix(f" {unit}")
        self.setSpecialValueText(tr("any", note="no limit is set"))
        self.setKeyboardTracking(False)  # 1 and 19 are not meant by who types 1920
        self.setAccelerated(True)
        self.lineEdit().setAcceptDrops(False)  # what is dropped here is for the window

    @property
    def limit(self) -> float | None:
        """The number, or None where any will do."""
        return self.value() or None


class WheelGuard(QObject):
    """Leaves the wheel to what scrolls, unless the field below the pointer has the keyboard."""

    def guard(self, field: QWidget) -> None:
        """Guard a field."""
        field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # the wheel does not give it the keyboard
        field.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Let the wheel through to the parent of a field without the keyboard."""
        if event.type() != QEvent.Type.Wheel or not isinstance(watched, QWidget):
            return super().eventFilter(watched, event)
        if watched.hasFocus():
            return False
        event.ignore()
        return True
