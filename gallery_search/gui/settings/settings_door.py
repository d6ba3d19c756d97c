# SPDX-License-Identifier: MIT
"""Opens the settings when they are wanted, and keeps them up to date."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from gallery_search.choices import DevicesChanged, ExclusionsChanged
from gallery_search.gui.events import EventBridge
from gallery_search.gui.ports import Library
from gallery_search.gui.theme import Icons
from gallery_search.manners import MannersChanged
from gallery_search.records import Notice

from .window_options import WindowOptions

if TYPE_CHECKING:
    from PySide6.QtGui import QAction

    from .login_switch import LoginSwitch
    from .settings_dialog import SettingsDialog


class SettingsDoor(QObject):
    """Has the dialog of one window; GUI thread only.

    Attributes:
        library_folder: with which the program is to start at login; None leaves that out.
        updates: whether newer versions are looked for; None leaves that out.
    """

    def __init__(
        self,
        window: QWidget,
        library: Library,
        bridge: EventBridge,
        icons: Icons,
        options: WindowOptions,
    ) -> None:
        super().__init__(window)
        self.library_folder: Path | None = None
        self.updates: QAction | None = None
        self._window = window
        self._library = library
        self._icons = icons
        self._options = options
        self._dialog: SettingsDialog | None = None
        self._login: LoginSwitch | None = None
        self._manners: MannersChanged | None = None
        self._exclusions: ExclusionsChanged | None = None
        self._devices: DevicesChanged | None = None
        bridge.manners_changed.connect(self._on_manners_changed)
        bridge.exclusions_changed.connect(self._on_exclusions_changed)
        bridge.devices_changed.connect(self._on_devices_changed)
        bridge.notice_raised.connect(self._on_notice_raised)

    @property
    def dialog(self) -> "SettingsDialog | None":
        """The dialog, once it was opened."""
        return self._dialog

    @property
    def login(self) -> "LoginSwitch | None":
        """The switch "Start at login", once the dialog was opened."""
        return self._login

    def open(self) -> None:
        """Show the dialog, before all others."""
        if self._dialog is None:
            self._dialog = self._make_dialog()
        self._dialog.show()
        self._dialog.raise_()
        self._dialog.activateWindow()
        self._library.choices.request_devices()
        if self._login is not None:
            self._login.refresh()

    def close(self) -> None:
        """Close the dialog."""
        if self._dialog is not None:
            self._dialog.close()

    def _make_dialog(self) -> "SettingsDialog":
        from gallery_search.autostart.login_start import LoginStart

        from .login_switch import LoginSwitch  # the window should not wait for these
        from .settings_dialog import SettingsDialog

        dialog = SettingsDialog(self._options, self._icons, self._window)
        dialog.manners_chosen.connect(self._library.set_manners)
        dialog.device_chosen.connect(self._library.choices.use_device)
        dialog.exclusions.changed.connect(self._library.choices.change_exclusions)
        if self.library_folder is not None:
            self._login = LoginSwitch(LoginStart(self.library_folder))
            self._login.failed.connect(dialog.notices.show_notice)
            dialog.add_switch(self._login)
        if self.updates is not None:
            from .updates import update_switch

            dialog.add_switch(update_switch(self.updates))
        if self._manners is not None:
            dialog.show_manners(self._manners.manners)
        if self._exclusions is not None:
            dialog.show_exclusions(self._exclusions)
        if self._devices is not None:
            dialog.show_devices(self._devices)
        return dialog

    def _on_manners_changed(self, change: MannersChanged) -> None:
        self._manners = change
        if self._dialog is not None:
            self._dialog.show_manners(change.manners)

    def _on_exclusions_changed(self, change: ExclusionsChanged) -> None:
        self._exclusions = change
        if self._dialog is not None:
            self._dialog.show_exclusions(change)

    def _on_devices_changed(self, change: DevicesChanged) -> None:
        self._devices = change
        if self._dialog is not None:
            self._dialog.show_devices(change)

    def _on_notice_raised(self, notice: Notice) -> None:
        if self._dialog is not None and self._dialog.isVisible():
            self._dialog.notices.show_notice(notice.text)
