# SPDX-License-Identifier: MIT
"""The slider that says how similar photos must be to be shown."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSlider, QStyle, QVBoxLayout, QWidget

from gallery_search.gui.theme import SPACING_PX
from gallery_search.gui.widgets.flow_layout import FlowLayout
from gallery_search.gui.widgets.labels import QuietText
from gallery_search.language import mark, tr

from .histogram import Histogram
from .hit_cut import BANDS, HitCut
from .limit_field import WheelGuard

STEPS = 100
_BARS = 40
_NOTHING = mark("Search for an image first. Then say here how similar photos must be.")
_NO_SCALE = mark("{shown} of {total} shown. Move the slider to hide what is less similar.")
_LESS_ALIKE_SHOWN = mark("{shown} of {total} shown. Also photos that are less alike.")
_ALL_SHOWN = mark("{shown} of {total} shown. All that were found.")
_BAND_SHOWN = {
    "near-identical": mark("{shown} of {total} shown. Near-identical ones."),
    "same scene": mark("{shown} of {total} shown. Same scene and closer."),
    "same kind": mark("{shown} of {total} shown. Same kind and closer."),
}
_BUTTONS = {  # what each says, and what a screen reader does
    "all": (mark("All"), mark("Show all")),
    "near-identical": (mark("Near-identical"), mark("Show near-identical")),
    "same scene": (mark("Same scene"), mark("Show same scene")),
    "same kind": (mark("Same kind"), mark("Show same kind")),
}


class SimilaritySlider(QWidget):
    """A slider below a histogram, the named bands as buttons, and what they come to in words.

    Attributes:
        slider: from all (left) to none but the same (right).
        buttons: cut where a band begins, by its name; the first one shows all.

    Signals:
        moved(float): cut at this place of the axis.
    """

    moved = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, STEPS)
        self.slider.setPageStep(STEPS // 10)
        self.slider.setAccessibleName(tr("How similar"))
        self.slider.valueChanged.connect(lambda value: self.moved.emit(value / STEPS))
        WheelGuard(self).guard(self.slider)
        self._histogram = Histogram()
        self._histogram.inset_px = self.style().pixelMetric(QStyle.PixelMetric.PM_SliderLength) // 2
        self._words = QuietText()
        self._places: dict[str, float] = {}
        self.buttons = {
            name: QPushButton(tr(_BUTTONS[name][0])) for name in ("all", *reversed(BANDS))
        }
        for name, button in self.buttons.items():
            button.setAccessibleName(tr(_BUTTONS[name][1]))
            button.clicked.connect(lambda _is_checked, name=name: self._on_band_chosen(name))
        bands = FlowLayout(fill="lines")
        bands.setSpacing(SPACING_PX // 2)
        for button in self.buttons.values():
            bands.addWidget(button)
        ends = QHBoxLayout()
        ends.addWidget(_end(tr("less", note="similar")))
        ends.addStretch()
        ends.addWidget(_end(tr("more", note="similar")))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING_PX // 2)
        for part in (self._histogram, self.slider):
            column.addWidget(part)
        column.addLayout(ends)
        column.addWidget(self._words)
        column.addLayout(bands)
        self.show_nothing()

    @property
    def words(self) -> str:
        """What the cut comes to, in words."""
        return self._words.text()

    @property
    def stops(self) -> tuple[QWidget, ...]:
        """Where the keyboard goes, in this order."""
        return (self.slider, *self.buttons.values())

    def show_nothing(self) -> None:
        """There is no result."""
        self._show(HitCut(), tr(_NOTHING))

    def show_cut(self, cut: HitCut) -> None:
        """Show a result, and where it is cut."""
        if not cut.bands:
            sentences = _NO_SCALE
        elif cut.band is not None:
            sentences = _BAND_SHOWN[cut.band]
        else:
            sentences = _LESS_ALIKE_SHOWN if cut.place else _ALL_SHOWN
        self._show(cut, tr(sentences, shown=len(cut.shown), total=len(cut.hits)))

    def _show(self, cut: HitCut, words: str) -> None:
        self._places = {**cut.bands, "all": 0.0} if cut.bands else {}
        for name, button in self.buttons.items():
            button.setVisible(name in self._places)
        self.slider.blockSignals(True)  # this is no choice of the user
        self.slider.setValue(round(cut.place * STEPS))
        self.slider.blockSignals(False)
        self.slider.setEnabled(bool(cut.hits))
        self.slider.setAccessibleDescription(words)
        self._histogram.show_counts(cut.histogram(_BARS), cut.place, tuple(cut.bands.values()))
        self._words.setText(words)

    def _on_band_chosen(self, name: str) -> None:
        self.moved.emit(self._places[name])


def _end(text: str) -> QuietText:
    label = QuietText()
    label.setText(text)
    label.setWordWrap(False)
    return label
