# SPDX-License-Identifier: MIT
"""One part of a combined query: its picture and name, its sign, its weight, and a way out."""

from msgspec import Struct
from PySide6.QtCore import QEvent, QRectF, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QSlider, QToolButton, QWidget

from gallery_search.gui import theme, wording
from gallery_search.gui.theme import SPACING_PX, Icons
from gallery_search.gui.widgets.labels import ElidedLabel, tooltip_of
from gallery_search.language import tr
from gallery_search.queries import QueryPart
from gallery_search.records import TextSource

from .chip_picture import ChipPicture

WEIGHT_STEP = 0.25
_MOST_STEPS = 8  # so that the weight is at most 2
_NAME_PX = 16 * SPACING_PX
_SLIDER_PX = 7 * SPACING_PX
_Key = Qt.Key
_STEP_KEYS = {_Key.Key_Right: 1, _Key.Key_Up: 1, _Key.Key_Left: -1, _Key.Key_Down: -1}
_SIGN_KEYS = {_Key.Key_Plus: True, _Key.Key_Minus: False}
_REMOVE_KEYS = (_Key.Key_Delete, _Key.Key_Backspace)
_KEYS = (*_STEP_KEYS, *_SIGN_KEYS, *_REMOVE_KEYS)


class ChipContent(Struct, frozen=True):
    """What a chip shows; `thumbnail` is a JPEG that our own decoder made, or None."""

    part: QueryPart
    name: str
    thumbnail: bytes | None


class QueryChip(QWidget):
    """Takes the keyboard as a whole: plus, minus, arrows and Delete do what its parts do.

    Signals:
        weighed(float): the user wants this weight, below 0 for unwanted.
        removed: the user does not want this part.
        focused: it has got the keyboard.
    """

    weighed = Signal(float)
    removed = Signal()
    focused = Signal()

    def __init__(self, content: ChipContent, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.content = content
        self._icons = icons
        is_words = isinstance(content.part.source, TextSource)
        self.picture = ChipPicture(icons, "words" if is_words else "image")
        self._name = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle)
        self._name.setMaximumWidth(_NAME_PX)
        self._name.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.sign = QToolButton()
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(1, _MOST_STEPS)
        self.slider.setPageStep(1)
        self.slider.setFixedWidth(_SLIDER_PX)
        self._weight = QLabel()
        self._weight.setMinimumWidth(self.fontMetrics().horizontalAdvance("0.00"))
        self.remove_button = QToolButton()
        self.remove_button.setToolTip(tr("Remove (Delete)"))
        for part in (self.sign, self.slider, self.remove_button):
            part.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        for button in (self.sign, self.remove_button):
            button.setAutoRaise(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleDescription(
            tr(
                "Plus and minus say whether it is wanted, the arrow keys change its weight, Delete "
                "removes it."
            )
        )
        self._lay_out()
        self.sign.clicked.connect(lambda: self.weighed.emit(-self.content.part.weight))
        self.slider.valueChanged.connect(self._on_steps_chosen)
        self.remove_button.clicked.connect(lambda: self.removed.emit())
        self.show_content(content)
        self.tint()

    def tint(self) -> None:
        """Take the icons as they are by now: in the colours of the system's palette."""
        self.remove_button.setIcon(self._icons.get("close"))
        self.picture.draw()

    def show_content(self, content: ChipContent) -> None:
        """Show a part, or the same one with another weight."""
        self.content = content
        part = content.part
        weight = wording.weight(part.weight, self.locale())
        self._name.setText(content.name)
        self.sign.setText("+" if part.is_wanted else "−")
        self.sign.setAccessibleName(tr("Wanted") if part.is_wanted else tr("Unwanted"))
        self.sign.setToolTip(
            tr("More like this; click for less (−)")
            if part.is_wanted
            else tr("Less like this; click for more (+)")
        )
        with QSignalBlocker(self.slider):
            self.slider.setValue(round(abs(part.weight) / WEIGHT_STEP))
        self.slider.setAccessibleName(tr("Weight of {name}", name=content.name))
        self.slider.setToolTip(tr("Weight: {weight} (arrow keys)", weight=weight))
        self._weight.setText(weight)
        self.remove_button.setAccessibleName(tr("Remove {name}", name=content.name))
        self.setToolTip(tooltip_of(content.name))
        spoken = (
            tr("{name}, wanted, weight {weight}", name=content.name, weight=weight)
            if part.is_wanted
            else tr("{name}, unwanted, weight {weight}", name=content.name, weight=weight)
        )
        self.setAccessibleName(spoken)
        self.picture.show_jpeg(content.thumbnail)
        self.update()

    def event(self, event: QEvent) -> bool:
        """Keep the chip's keys from commands of the window that have the same."""
        is_override = event.type() == QEvent.Type.ShortcutOverride
        if is_override and isinstance(event, QKeyEvent) and _is_ours(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Change the sign or the weight, or remove the part."""
        if not _is_ours(event):
            super().keyPressEvent(event)
            return
        key, weight = _Key(event.key()), self.content.part.weight
        if key in _REMOVE_KEYS:
            self.removed.emit()
        elif key in _SIGN_KEYS:
            if _SIGN_KEYS[key] != self.content.part.is_wanted:
                self.weighed.emit(-weight)
        else:
            self.slider.setValue(self.slider.value() + _STEP_KEYS[key])

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Show the frame, and tell."""
        super().focusInEvent(event)
        self.update()
        self.focused.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Hide the frame."""
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's name
        """Paint the ground, whose colour says the sign once more, and the keyboard's frame."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = self.palette()
        is_wanted = self.content.part.is_wanted
        ground = theme.notice_background if is_wanted else theme.unwanted_background
        painter.setBrush(ground(palette))
        if self.hasFocus():
            painter.setPen(QPen(palette.color(QPalette.ColorRole.Highlight), 2))
        else:
            painter.setPen(QPen(theme.line(palette), 1))
        frame = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.drawRoundedRect(frame, SPACING_PX / 2, SPACING_PX / 2)

    def _lay_out(self) -> None:
        font = theme.enlarged(self.sign.font(), 1.15)
        font.setBold(True)
        self.sign.setFont(font)
        row = QHBoxLayout(self)
        row.setContentsMargins(*4 * (SPACING_PX // 2,))
        row.setSpacing(SPACING_PX // 2)
        row.addWidget(self.sign)
        row.addWidget(self.picture)
        row.addWidget(self._name, 1)
        row.addWidget(self.slider)
        row.addWidget(self._weight)
        row.addWidget(self.remove_button)

    def _on_steps_chosen(self, steps: int) -> None:
        sign = 1 if self.content.part.is_wanted else -1
        self.weighed.emit(sign * steps * WEIGHT_STEP)


def _is_ours(event: QKeyEvent) -> bool:
    modifiers = event.modifiers() & ~(
        Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
    )
    return event.key() in _KEYS and modifiers == Qt.KeyboardModifier.NoModifier
