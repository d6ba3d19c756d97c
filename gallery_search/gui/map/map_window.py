# SPDX-License-Identifier: MIT
"""The window with the map: its controls, the panel beside it, and what can be done with photos."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from gallery_search.gui.ports import Reader
from gallery_search.gui.query.composing import MOST_PARTS
from gallery_search.gui.theme import SPACING_PX, Icons
from gallery_search.gui.widgets.flow_layout import FlowLayout
from gallery_search.gui.widgets.labels import ElidedLabel
from gallery_search.gui.widgets.notice_bar import NoticeBar
from gallery_search.gui.widgets.window_size import resize_within_screen
from gallery_search.language import tr
from gallery_search.maps import MapLoaded, MapProgress
from gallery_search.records import PhotoId

from . import map_wording
from .map_colours import CHOICES
from .map_details import MapDetails
from .map_input import MapView
from .map_legend import MapLegend
from .map_thumbnails import MapThumbnails


class MapWindow(QMainWindow):
    """Stands beside the main window, and not above it: that shows what is searched for here.

    So nothing owns it: whoever makes it closes it. Screen readers would not take a plain widget for
    a window. GUI thread only.

    Signals:
        closed: by the user or the program.
        new_requested: make the map anew.
        cancel_requested: end the making of it.
        shown_requested: show the selected photos in the library.
        searched_requested: search for photos like the selected ones.
        filtered_requested: let searches find only the selected photos.

    Attributes:
        view: the map.
        details: the panel beside it.
        thumbnails: of both.
        notices: says what went wrong.
    """

    closed = Signal()
    new_requested = Signal()
    cancel_requested = Signal()
    shown_requested = Signal()
    searched_requested = Signal()
    filtered_requested = Signal()

    def __init__(self, reader: Reader, icons: Icons) -> None:
        super().__init__()
        self.setWindowTitle(tr(map_wording.TITLE))
        self._placed = 0
        self._named: tuple[PhotoId, str] | None = None  # by the line below the map, and how
        self._is_making = False
        self.thumbnails = MapThumbnails(reader, self)
        self.view = MapView(self.thumbnails)
        self.details = MapDetails(self.thumbnails)
        self.notices = NoticeBar(icons)
        self.legend = MapLegend()
        self.colour_box = QComboBox()
        self.colour_box.setAccessibleName(tr("Colour by"))
        for by, label in CHOICES.items():
            self.colour_box.addItem(tr(label), by)
        self.colour_box.currentIndexChanged.connect(self._on_colour_chosen)
        self.lasso_button = self._button(
            tr("&Lasso"), tr("Draw a line around photos (or hold Shift)")
        )
        self.lasso_button.setCheckable(True)
        self.lasso_button.toggled.connect(self.view.set_lasso)
        self.in_button = self._button("+", tr("Zoom in (+)"), tr("Zoom in"))
        self.out_button = self._button("−", tr("Zoom out (−)"), tr("Zoom out"))
        self.whole_button = self._button(tr("&Whole map"), tr("Show all of the map (0)"))
        self.new_button = self._button(tr("&Make anew"), tr("Lay all photos out again"))
        self.show_button = self._button(
            tr("&Show in library"), tr("Select these photos in the window")
        )
        self.search_button = self._button(tr("&Find similar"), tr("Search for photos like these"))
        self.filter_button = self._button(
            tr("&Only these"),
            tr("Let searches find only these photos, until you clear the filters"),
        )
        self.clear_button = self._button(tr("&Clear selection"), tr("Select nothing (Esc)"))
        self._message = QLabel()
        self._message.setTextFormat(Qt.TextFormat.PlainText)
        self._message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._message.setWordWrap(True)
        self._progress = QProgressBar()
        self._progress.setAccessibleName(tr("Progress"))
        self._progress.setTextVisible(False)
        self._progress.setFixedWidth(40 * SPACING_PX)
        self.cancel_button = self._button(tr("Cancel"), tr("Do not make the map"))
        self._summary = ElidedLabel()
        self._hint = ElidedLabel(is_quiet=True)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignRight)
        # It takes what the line beside it leaves.
        self._hint.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._hint.setText(
            tr("Photos that look alike lie close together. Click one to see what is most like it.")
        )
        # The same height with buttons and without, so that the map does not jump.
        self._summary.setMinimumHeight(self.clear_button.sizeHint().height())
        self._lay_out()
        self._connect()
        self.show_selection()
        resize_within_screen(self, 130 * SPACING_PX, 90 * SPACING_PX)
        self.setMinimumHeight(50 * SPACING_PX)

    @property
    def summary(self) -> str:
        """The line below the map."""
        return self._summary.text()

    @property
    def message(self) -> str:
        """The sentence in the place of the map, or "" while that is shown."""
        return "" if self._pages.currentIndex() == 0 else self._message.text()

    def show_making(self) -> None:
        """The map is on its way; one that is there stays until it has come."""
        self._is_making = True
        self._progress.setRange(0, 0)
        self._progress.show()
        self.cancel_button.show()
        self._show_state(tr(map_wording.OPENING))

    def show_progress(self, told: MapProgress) -> None:
        """Show how far it is."""
        self._progress.setRange(0, 1000)
        self._progress.setValue(round(told.share * 1000))
        self._show_state(map_wording.progress(told))

    def show_map(self, loaded: MapLoaded) -> None:
        """Show a map."""
        self._end_making()
        is_first = self._pages.currentIndex() == 1
        self._placed = loaded.placed
        self.view.show_map(loaded)
        self._show_state(tr(map_wording.EMPTY))
        if is_first:
            self.view.setFocus()

    def show_failed(self, reason: str) -> None:
        """There is no map, or no newer one, and why."""
        self._end_making()
        self._show_state(reason)
        if self._pages.currentIndex() == 0:
            self.notices.show_notice(reason)

    def show_selection(self) -> None:
        """Say how many photos are selected, and offer what can be done with them."""
        count = len(self.view.selected_ids())
        for button in (self.show_button, self.search_button, self.filter_button, self.clear_button):
            button.setVisible(count > 0)
        points, current = self.view.points, self.view.current
        here = None if points is None or current is None else points.photo_id(current)
        if count > 0 or (self._named is not None and self._named[0] != here):
            self._named = None
        self._hint.setVisible(count == 0 and self._named is None)
        if self._is_making and self.message == "":
            return  # the line says how far that is
        if count > 0:
            self._summary.setText(map_wording.selected(count, MOST_PARTS, self.locale()))
        elif self._named is not None:
            self._summary.setText(self._named[1])
        else:
            self._show_count()

    def show_change(self) -> None:
        """Photos of the map have gone, perhaps the last."""
        if self.view.points is None or self.view.points.count:
            self.show_selection()
        else:
            self._show_state(self._message.text() if self._is_making else tr(map_wording.EMPTY))

    def close_details(self) -> None:
        """Show no photo beside the map, which stays where it is."""
        self.details.clear()
        whole = self.centralWidget()
        column = None if whole is None else whole.layout()
        assert column is not None
        column.activate()  # the map takes that room while it knows which photo to keep in place
        self.view.set_current(None)
        self.view.setFocus()
        self.show_selection()

    def show_current(self, photo_id: PhotoId, name: str) -> None:
        """Name the photo that the keyboard is at, and say which of those in view it is."""
        points, current = self.view.points, self.view.current
        if points is None or current is None or points.photo_id(current) != photo_id:
            return
        rows = self.view.walkable()
        place = rows.index(current) + 1 if current in rows else 0
        text = map_wording.current_photo(name, place, len(rows), self.locale())
        self.view.setAccessibleDescription(text if place else name)
        if not len(self.view.selected_ids()):
            self._named = photo_id, text if place else name
            self._hint.hide()
            self._summary.setText(self._named[1])

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Close the panel with Escape, else the window, where the map has nothing to give up."""
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self.details.photo_id is not None:
            self.close_details()
        else:
            self.close()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Tell that it is closed."""
        super().closeEvent(event)
        self.closed.emit()

    def _show_count(self) -> None:
        count = 0 if self.view.points is None else self.view.points.count
        self._summary.setText(
            map_wording.summary(count, self._placed, self.locale()) if count else ""
        )

    def _end_making(self) -> None:
        self._is_making = False
        self._progress.hide()
        self.cancel_button.hide()

    def _show_state(self, sentence: str) -> None:
        """Show the map where there is one, else a sentence in its place."""
        points = self.view.points
        has_map = points is not None and points.count > 0
        self._pages.setCurrentIndex(0 if has_map else 1)
        self._message.setText(sentence)
        self.new_button.setEnabled(not self._is_making)
        for part in (
            self.colour_box,
            self.lasso_button,
            self.whole_button,
            self.in_button,
            self.out_button,
        ):
            part.setEnabled(has_map)
        if has_map and self._is_making:
            self._summary.setText(sentence)
        elif not self._is_making:
            self.show_selection()
        if not has_map:
            self._hint.hide()  # there is nothing to click yet

    def _on_colour_chosen(self) -> None:
        self.view.colour_by(self.colour_box.currentData())

    @staticmethod
    def _button(text: str, hint: str, name: str = "") -> QPushButton:
        button = QPushButton(text)
        button.setToolTip(hint)
        button.setAutoDefault(False)
        if name:
            button.setAccessibleName(name)
        return button

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(SPACING_PX, SPACING_PX, SPACING_PX, SPACING_PX)
        head.setSpacing(SPACING_PX)
        label = QLabel(tr("Colour &by"))
        label.setBuddy(self.colour_box)
        head.addWidget(label)
        head.addWidget(self.colour_box)
        head.addWidget(self.legend, 1)
        for button in (
            self.lasso_button,
            self.out_button,
            self.in_button,
            self.whole_button,
            self.new_button,
        ):
            head.addWidget(button)
        for small in (self.in_button, self.out_button):
            small.setFixedWidth(small.sizeHint().height() + SPACING_PX)
        waiting = QWidget()
        column = QVBoxLayout(waiting)
        column.addStretch(2)
        column.addWidget(self._message)
        column.addStretch(3)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.view)
        self._pages.addWidget(waiting)
        self._pages.setCurrentIndex(1)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self._pages, 1)
        middle.addWidget(self.details)
        foot = QHBoxLayout()
        foot.setContentsMargins(SPACING_PX, SPACING_PX, SPACING_PX, SPACING_PX)
        foot.setSpacing(SPACING_PX)
        foot.addWidget(self._summary)
        foot.addWidget(self._progress)
        foot.addWidget(self.cancel_button)
        foot.addWidget(self._hint, 1, Qt.AlignmentFlag.AlignVCenter)
        buttons = FlowLayout()
        for button in (self.show_button, self.search_button, self.filter_button, self.clear_button):
            buttons.addWidget(button)
        foot.addLayout(buttons)
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.notices)
        column.addLayout(head)
        column.addLayout(middle, 1)
        column.addLayout(foot)
        self.setCentralWidget(whole)

    def _connect(self) -> None:
        view = self.view
        view.selection_changed.connect(self.show_selection)
        view.current_left.connect(self.close_details)
        view.colours_changed.connect(lambda: self.legend.show_colours(view.colours))
        view.lasso_ended.connect(lambda: self.lasso_button.setChecked(False))
        self.in_button.clicked.connect(view.zoom_in)
        self.out_button.clicked.connect(view.zoom_out)
        self.whole_button.clicked.connect(view.show_whole)
        self.new_button.clicked.connect(self.new_requested)
        self.cancel_button.clicked.connect(self.cancel_requested)
        self.show_button.clicked.connect(self.shown_requested)
        self.search_button.clicked.connect(self.searched_requested)
        self.filter_button.clicked.connect(self.filtered_requested)
        self.clear_button.clicked.connect(view.clear_selection)
