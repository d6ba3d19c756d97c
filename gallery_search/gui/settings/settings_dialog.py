# SPDX-License-Identifier: MIT
"""The dialog with all settings; each takes effect at once."""

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QScrollArea,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from gallery_search.choices import DevicesChanged, ExclusionsChanged
from gallery_search.gui import translation, wording
from gallery_search.gui.grid.tile_size import SIDES_PX
from gallery_search.gui.networks.network_wording import DEVICES
from gallery_search.gui.refine.hit_cut import CUTS
from gallery_search.gui.refine.limit_field import WheelGuard
from gallery_search.gui.theme import SPACING_PX, Icons
from gallery_search.gui.widgets.notice_bar import NoticeBar
from gallery_search.gui.widgets.plain_buttons import without_pictures
from gallery_search.gui.widgets.window_size import resize_within_screen
from gallery_search.language import mark, tr
from gallery_search.manners import SHARES, Manners

from .appearance import THEMES
from .exclusions_field import ExclusionsField
from .setting_rows import Choice, Section, Switch, row
from .window_options import WindowOptions

_NAME = "settings"
_THEME_NAMES = (mark("As the system"), mark("Light"), mark("Dark"))
_CUT_NAMES = (
    mark("Near-identical"),
    mark("Same scene"),
    mark("Same kind"),
    mark("All that were found"),
)
_DEVICE_WORDS = mark("Automatic takes the fastest, as it was measured here.")
_TRAY_WORDS = mark("An icon that tells what is going on, and pauses indexing.")


class SettingsDialog(QDialog):
    """Shows the settings beside the window, which stays usable.

    Attributes:
        device, share, cut, theme, language: choices.
        idle_only, battery_saving, tray, keeps_running: switches.
        photo_size: a slider.
        exclusions: what is left out.
        notices: says what could not be done.

    Signals:
        manners_chosen: Manners.
        device_chosen(str): one of `settings.DEVICES`.
    """

    manners_chosen = Signal(object)
    device_chosen = Signal(str)

    def __init__(self, options: WindowOptions, icons: Icons, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Settings"))
        self._options = options
        self.notices = NoticeBar(icons)
        self.device = Choice(tr("Network runs &on"), tr(_DEVICE_WORDS))
        self.share = Choice(
            tr("&Use of the computer"),
            tr("How much of it indexing may take. Searches are never slowed."),
            [(share, tr(wording.SHARES[share])) for share in SHARES],
        )
        self.idle_only = Switch(
            tr("Index only while I am &away"), tr("Photos wait while keyboard or mouse are used.")
        )
        self.battery_saving = Switch(
            tr("Save &battery"),
            tr("On battery indexing is slower, and below 30\N{NO-BREAK SPACE}% it waits."),
        )
        self.exclusions = ExclusionsField()
        self.cut = Choice(
            tr("&Show results down to"),
            tr("What is less similar is hidden, until you move the slider in Refine."),
            list(zip(CUTS, map(tr, _CUT_NAMES), strict=True)),
        )
        self.theme = Choice(
            tr("&Theme"),
            tr("Light or dark colours for all windows."),
            list(zip(THEMES, map(tr, _THEME_NAMES), strict=True)),
        )
        self.language = Choice(
            tr("Lan&guage"),
            tr("Of all windows. A change holds when Gallery Search is started again."),
            [
                (translation.SYSTEM, tr("As the system")),
                *((code, translation.own_name(code)) for code in translation.languages()),
            ],
        )
        self.photo_size = self._make_photo_size()
        self.tray = Switch(
            tr("Show in the s&ystem tray"),
            tr(_TRAY_WORDS),
        )
        self.keeps_running = Switch(
            tr("&Keep running when the window is closed"),
            tr("New photos are indexed meanwhile. Quit from the menu of the icon."),
        )
        self._program = Section(tr("Program"), (self.tray, self.keeps_running))
        self._lay_out()
        self._connect()
        for field in self.area.findChildren(QWidget):
            if field.focusPolicy() != Qt.FocusPolicy.NoFocus:
                field.installEventFilter(self)

    def show_manners(self, manners: Manners) -> None:
        """Show how considerate indexing is."""
        self.share.show_value(manners.share)
        self.idle_only.box.setChecked(manners.is_idle_only)
        self.battery_saving.box.setChecked(manners.is_battery_saving)
        self._set_known(True)

    def show_devices(self, change: DevicesChanged) -> None:
        """Show where the network may run, and where it does."""
        devices = dict.fromkeys((*change.available, change.wanted))
        devices.pop("auto", None)
        named = [(device, tr(DEVICES[device].name)) for device in devices]
        self.device.offer([("auto", tr("Automatic")), *named])
        self.device.show_value(change.wanted)
        if change.running is None:
            now = tr("Being loaded.")
        else:
            now = tr("Now: {device}.", device=tr(DEVICES[change.running].the))
        self.device.explain(f"{tr(_DEVICE_WORDS)} {now}")
        self.device.box.setEnabled(True)

    def show_exclusions(self, change: ExclusionsChanged) -> None:
        """Show what is left out."""
        self.exclusions.show_exclusions(change)

    def add_switch(self, switch: Switch) -> None:
        """Add a switch about the program."""
        column = self._program.layout()
        assert column is not None
        column.addWidget(switch)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Begin at the top, without the sentences of before."""
        super().showEvent(event)
        self.notices.hide()
        self.share.box.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Show the setting that its key has led to; Qt does so for Tab alone."""
        if (
            isinstance(event, QFocusEvent)
            and event.gotFocus()
            and event.reason() == Qt.FocusReason.ShortcutFocusReason
            and isinstance(watched, QWidget)
        ):
            self.area.ensureWidgetVisible(watched, 0, 6 * SPACING_PX)  # with its explanation
        return super().eventFilter(watched, event)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Remember the size."""
        super().hideEvent(event)
        self._options.keep_size(_NAME, self.width(), self.height())

    def _make_photo_size(self) -> QSlider:
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setRange(0, len(SIDES_PX) - 1)
        slider.setPageStep(2)
        slider.setAccessibleName(tr("Size of the photos"))
        slider.setMinimumWidth(20 * SPACING_PX)
        WheelGuard(self).guard(slider)
        return slider

    def _lay_out(self) -> None:
        self._set_known(False)
        self.device.box.setEnabled(False)
        size_words = tr("In the grid; the slider at the lower right is the same.")
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(*(2 * SPACING_PX,) * 4)
        column.setSpacing(4 * SPACING_PX)
        for section in (
            Section(tr("Indexing"), (self.share, self.idle_only, self.battery_saving, self.device)),
            Section(tr("Left out of the library"), (self.exclusions,)),
            Section(tr("Searching"), (self.cut,)),
            Section(
                tr("Appearance"),
                (
                    self.language,
                    self.theme,
                    row(tr("Size of the &photos"), self.photo_size, size_words),
                ),
            ),
            self._program,
        ):
            column.addWidget(section)
        column.addStretch()
        self.area = QScrollArea()
        self.area.setAccessibleName(tr("Settings"))
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setWidget(page)
        self.area.setWidgetResizable(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        without_pictures(buttons)
        buttons.button(QDialogButtonBox.StandardButton.Close).setAutoDefault(False)
        buttons.setContentsMargins(SPACING_PX, SPACING_PX, SPACING_PX, SPACING_PX)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self.notices)
        outer.addWidget(self.area, 1)
        outer.addWidget(buttons)
        self.setMinimumSize(45 * SPACING_PX, 40 * SPACING_PX)
        self._resize()

    def _resize(self) -> None:
        """As it was left, as far as the screen has room."""
        resize_within_screen(
            self, *(self._options.size(_NAME) or (84 * SPACING_PX, 92 * SPACING_PX))
        )

    def _connect(self) -> None:
        options = self._options
        self.share.box.activated.connect(self._on_manners)
        for switch in (self.idle_only, self.battery_saving):
            switch.box.clicked.connect(self._on_manners)
        self.device.box.activated.connect(lambda _place: self.device_chosen.emit(self.device.value))
        self.exclusions.refused.connect(self.notices.show_notice)
        self.theme.show_value(options.theme)
        self.theme.box.activated.connect(lambda _place: options.choose_theme(self.theme.value))
        options.theme_changed.connect(self.theme.show_value)
        self.language.show_value(options.language)
        self.language.box.activated.connect(
            lambda _place: options.choose_language(self.language.value)
        )
        self.cut.show_value(options.cut)
        self.cut.box.activated.connect(lambda _place: options.choose_cut(self.cut.value))
        options.cut_changed.connect(self.cut.show_value)
        self._show_photo_size()
        self.photo_size.valueChanged.connect(options.tile_size.setValue)
        options.tile_size.valueChanged.connect(self._show_photo_size)
        self.tray.follow(options.tray.is_wanted)
        self.keeps_running.follow(options.tray.keeps_running)
        self._explain_tray()
        options.tray.is_wanted.changed.connect(self._explain_tray)

    def _explain_tray(self) -> None:
        has_tray = self._options.tray.is_wanted.isEnabled()
        words = tr(_TRAY_WORDS)
        self.tray.explain(words if has_tray else f"{words} {tr('This desktop has none.')}")

    def _set_known(self, is_known: bool) -> None:
        for box in (self.share.box, self.idle_only.box, self.battery_saving.box):
            box.setEnabled(is_known)  # or a click would change all of it

    def _on_manners(self) -> None:
        share = next(share for share in SHARES if share == self.share.value)
        self.manners_chosen.emit(
            Manners(share, self.idle_only.box.isChecked(), self.battery_saving.box.isChecked())
        )

    def _show_photo_size(self) -> None:
        with QSignalBlocker(self.photo_size):
            self.photo_size.setValue(self._options.tile_size.value())
