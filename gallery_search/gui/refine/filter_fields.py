# SPDX-License-Identifier: MIT
"""The fields that say which photos a search may find."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from gallery_search.filters import FORMATS, NO_FILTERS, Filters, period_before, period_from
from gallery_search.gui import wording
from gallery_search.gui.theme import SPACING_PX
from gallery_search.gui.widgets.file_choice import choose_scope
from gallery_search.gui.widgets.flow_layout import FlowLayout
from gallery_search.gui.widgets.labels import QuietText, heading
from gallery_search.language import tr, tr_count

from .folder_ticks import FolderTicks
from .limit_field import LimitField, WheelGuard
from .period_field import PeriodField, not_understood

_NAMES = {"HEIF": "HEIC", "WEBP": "WebP"}  # as people know them; the others as Pillow calls them
_BYTES_PER_MB = 1 << 20  # as `wording.size` has it


class FilterFields(QWidget):
    """Folders, dates, types, dimensions and file sizes; what is left open lets all through.

    Attributes:
        folders, taken_from, taken_to, formats, least_width, least_height, least_size, most_size:
            the fields.
        folder_button: chooses a folder that lies in one of those listed.

    Signals:
        changed(Filters): what they say now.
    """

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.folders = FolderTicks()
        self.folder_button = QPushButton(tr("Choose a folder…"))
        self.folder_button.setToolTip(tr("Search only in a folder that lies in one of these"))
        self.folder_button.clicked.connect(self._on_folder_wanted)
        self._folder_hint = QuietText()
        self._folder_hint.hide()
        self.taken_from = PeriodField(tr("Taken from"))
        self.taken_to = PeriodField(tr("Taken up to"))
        self._date_hint = QuietText()
        self._date_hint.setText(not_understood())
        self._date_hint.hide()
        self.formats = {
            name: QCheckBox(_NAMES.get(name, name)) for name in sorted(set(FORMATS.values()))
        }
        self.least_width = LimitField(tr("Least width"), "px", step=100, highest=100_000)
        self.least_height = LimitField(tr("Least height"), "px", step=100, highest=100_000)
        self.least_size = LimitField(
            tr("Least file size"), "MB", step=1, highest=10_000, decimals=1
        )
        self.most_size = LimitField(
            tr("Largest file size"), "MB", step=1, highest=10_000, decimals=1
        )
        self._said = NO_FILTERS
        self._photo_ids: tuple[int, ...] = ()  # chosen on the map, for which there is no field
        self._chosen_line = QuietText()
        self._chosen_line.hide()
        self._is_filling = False
        self._guard = WheelGuard(self)
        self._lay_out()
        self._connect()

    @property
    def filters(self) -> Filters:
        """What the fields say."""
        first, last = self.taken_from.period, self.taken_to.period
        return Filters(
            folders=self.folders.ticked,
            taken_from=None if first is None else first[0],
            taken_before=None if last is None else last[1],
            formats=tuple(name for name, box in self.formats.items() if box.isChecked()),
            min_bytes=_bytes(self.least_size.limit),
            max_bytes=_bytes(self.most_size.limit),
            min_width=_whole(self.least_width.limit),
            min_height=_whole(self.least_height.limit),
            photo_ids=self._photo_ids,
        )

    @property
    def stops(self) -> tuple[QWidget, ...]:
        """Where the keyboard goes, in this order."""
        return (
            self.folders,
            self.folder_button,
            *self._dates,
            *self.formats.values(),
            *self._limits,
        )

    @property
    def _dates(self) -> tuple[PeriodField, ...]:
        return (self.taken_from, self.taken_to)

    @property
    def _limits(self) -> tuple[LimitField, ...]:
        return (self.least_width, self.least_height, self.least_size, self.most_size)

    @property
    def said(self) -> Filters:
        """What was told or shown last."""
        return self._said

    def show_filters(self, filters: Filters) -> None:
        """Show filters that were set elsewhere, as far as there are fields; tells nobody."""
        self._is_filling = True
        self.folders.tick(filters.folders)
        self.taken_from.show_text(period_from(filters.taken_from))
        self.taken_to.show_text(period_before(filters.taken_before))
        for name, box in self.formats.items():
            box.setChecked(name in filters.formats)
        self.least_width.setValue(filters.min_width or 0)
        self.least_height.setValue(filters.min_height or 0)
        self.least_size.setValue((filters.min_bytes or 0) / _BYTES_PER_MB)
        self.most_size.setValue((filters.max_bytes or 0) / _BYTES_PER_MB)
        self._is_filling = False
        self._show_chosen(filters.photo_ids)
        self._said = filters
        self._date_hint.hide()

    def clear(self) -> None:
        """Leave all open; tells of it once."""
        self._is_filling = True
        self.folders.clear_ticks()
        for date in self._dates:
            date.clear()
        for box in self.formats.values():
            box.setChecked(False)
        for field in self._limits:
            field.setValue(0)
        self._is_filling = False
        self._show_chosen(())
        self._on_changed()

    def _show_chosen(self, photo_ids: tuple[int, ...]) -> None:
        """Keep which photos alone may be found, and say how many they are."""
        self._photo_ids = photo_ids
        self._chosen_line.setText(
            tr_count(
                "Only {count} photo that you chose on the map. Clear the filters to search all.",
                "Only {count} photos that you chose on the map. Clear the filters to search all.",
                len(photo_ids),
                shown=wording.number(len(photo_ids), self.locale()),
            )
        )
        self._chosen_line.setVisible(bool(photo_ids))

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING_PX)
        column.addWidget(self._chosen_line)
        column.addWidget(heading(tr("Only in these folders")))
        column.addWidget(self.folders)
        column.addWidget(self.folder_button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._folder_hint)
        column.addWidget(heading(tr("Date taken")))
        column.addLayout(_rows((tr("From"), self.taken_from), (tr("To"), self.taken_to)))
        column.addWidget(self._date_hint)
        column.addWidget(heading(tr("Type")))
        types = FlowLayout(fill="columns")
        for name, box in self.formats.items():
            box.setAccessibleName(tr("Type {format}", format=_NAMES.get(name, name)))
            types.addWidget(box)
        column.addLayout(types)
        column.addWidget(heading(tr("Dimensions, at least")))
        column.addLayout(_rows((tr("Width"), self.least_width), (tr("Height"), self.least_height)))
        column.addWidget(heading(tr("File size")))
        column.addLayout(_rows((tr("At least"), self.least_size), (tr("At most"), self.most_size)))
        note = QuietText()
        note.setText(
            tr(
                "What is left open lets all photos through. A photo without a date counts with "
                "that of its file."
            )
        )
        column.addWidget(note)

    def _connect(self) -> None:
        self.folders.ticks_changed.connect(self._on_changed)
        for date in self._dates:
            date.changed.connect(self._on_changed)
        for box in self.formats.values():
            box.toggled.connect(self._on_changed)
        for field in self._limits:
            field.valueChanged.connect(self._on_changed)
            self._guard.guard(field)

    def _on_folder_wanted(self) -> None:
        near = next((f.path for f in self.folders.watched if f.state != "offline"), None)
        choose_scope(self.window(), near, self._on_folder_chosen)

    def _on_folder_chosen(self, path: str) -> None:
        name = wording.display_name(path)
        is_watched = self.folders.choose(path)
        self._folder_hint.setText(tr("“{name}” lies in none of your photo folders.", name=name))
        self._folder_hint.setVisible(not is_watched)

    def _on_changed(self) -> None:
        self._folder_hint.hide()
        self._date_hint.setVisible(not all(date.is_understood for date in self._dates))
        filters = self.filters
        if not self._is_filling and filters != self._said:
            self._said = filters
            self.changed.emit(filters)


def _rows(*rows: tuple[str, QWidget]) -> QGridLayout:
    """Fields below each other, each with its label before it."""
    grid = QGridLayout()
    grid.setSpacing(SPACING_PX)
    grid.setColumnStretch(1, 1)
    for row, (label, field) in enumerate(rows):
        grid.addWidget(QLabel(label), row, 0)
        grid.addWidget(field, row, 1)
    return grid


def _bytes(megabytes: float | None) -> int | None:
    return None if megabytes is None else round(megabytes * _BYTES_PER_MB)


def _whole(number: float | None) -> int | None:
    return None if number is None else int(number)
