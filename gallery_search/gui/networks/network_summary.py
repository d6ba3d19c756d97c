# SPDX-License-Identifier: MIT
"""What a card says about a network: name, badges, purpose, facts, problem and progress."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QSizePolicy, QVBoxLayout, QWidget

from gallery_search.backbone_status import BackboneStatus
from gallery_search.gui import theme
from gallery_search.gui.theme import SPACING_PX, Icons
from gallery_search.gui.widgets.flow_layout import FlowLayout
from gallery_search.gui.widgets.labels import Badge, ElidedLabel, QuietText
from gallery_search.language import tr

from . import network_wording

_STEPS = 1000  # of the progress bar: its whole numbers cannot count the bytes of a large file


class NetworkSummary(QWidget):
    """All of a card but its buttons; changes only what differs, so nothing flickers."""

    def __init__(self, name: str, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self._badge_texts: tuple[str, ...] = ()
        self._heading = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle)
        font = theme.enlarged(self._heading.font(), 1.15)
        font.setBold(True)
        self._heading.setFont(font)
        self._heading.setText(name)
        self._badges = FlowLayout()
        self._good_at = _wrapped()
        self._facts = QuietText()
        self._problem = _wrapped()
        self._problem_row = QWidget()
        self._problem_icon = QLabel()
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(SPACING_PX)
        self._bar.setAccessibleName(tr("Progress of {name}", name=name))
        self._line = ElidedLabel(is_quiet=True)
        icons.dress(self, lambda _icon: self._draw(), "problem")
        self._lay_out()

    @property
    def badges(self) -> tuple[str, ...]:
        """The badges that are shown."""
        return self._badge_texts

    @property
    def facts(self) -> str:
        """The quiet lines: speed, photos, disk space and licence."""
        return self._facts.text()

    @property
    def problem(self) -> str:
        """What is wrong, or ""."""
        return "" if self._problem_row.isHidden() else self._problem.text()

    @property
    def line(self) -> str:
        """The line below the progress bar, or ""."""
        return "" if self._line.isHidden() else self._line.text()

    @property
    def progress(self) -> float | None:
        """What the progress bar shows, from 0 to 1; None where it is hidden, or busy."""
        if self._bar.isHidden() or self._bar.maximum() == 0:
            return None
        return self._bar.value() / self._bar.maximum()

    def show_status(
        self, status: BackboneStatus, seconds_left: float | None, imported: str
    ) -> None:
        """Show a state.

        Args:
            status: of the network.
            seconds_left: until it takes over, where that is known.
            imported: name of the file from which its weights are being taken, or "".
        """
        locale = self.locale()
        self._set_badges(network_wording.badges(status, locale, seconds_left))
        self._good_at.setText(status.good_at)
        self._facts.setText(network_wording.facts(status, locale))
        self._problem.setText(status.problem or "")
        self._problem_row.setVisible(bool(status.problem))
        if status.state == "downloading":
            is_import = bool(imported)
            if is_import:
                self._line.setText(tr("Reading “{name}”…", name=imported))
            else:
                self._line.setText(network_wording.download_line(status, locale))
            is_busy = is_import or not 0 < status.received_bytes < status.download_bytes
            self._set_bar(status.received_bytes, 0 if is_busy else status.download_bytes)
        elif status.role == "incoming":
            self._set_bar(status.embedded, status.total)
        self._line.setVisible(status.state == "downloading")
        self._bar.setVisible(status.state == "downloading" or status.role == "incoming")

    def _set_bar(self, done: int, total: int) -> None:
        if total == 0:
            self._bar.setRange(0, 0)  # busy, for nobody knows how long
        else:
            self._bar.setRange(0, _STEPS)
            self._bar.setValue(min(_STEPS, _STEPS * done // total))

    def _set_badges(self, texts: tuple[str, ...]) -> None:
        if texts == self._badge_texts:
            return
        while self._badges.count() > len(texts):
            self._badge_at(self._badges.count() - 1).deleteLater()
            self._badges.takeAt(self._badges.count() - 1)
        while self._badges.count() < len(texts):
            self._badges.addWidget(Badge())
        for position, text in enumerate(texts):
            self._badge_at(position).setText(text)
        self._badge_texts = texts

    def _badge_at(self, position: int) -> Badge:
        item = self._badges.itemAt(position)
        badge = None if item is None else item.widget()
        assert isinstance(badge, Badge)
        return badge

    def _lay_out(self) -> None:
        row = QHBoxLayout(self._problem_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACING_PX)
        row.addWidget(self._problem_icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._problem, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING_PX)
        column.addWidget(self._heading)
        column.addLayout(self._badges)
        for widget in (self._good_at, self._facts, self._problem_row, self._bar, self._line):
            column.addWidget(widget)

    def _draw(self) -> None:
        ratio = self.devicePixelRatioF()
        self._problem_icon.setPixmap(self._icons.pixmap("problem", 2 * SPACING_PX, ratio))


def _wrapped() -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    return label
