# SPDX-License-Identifier: MIT
"""What the user has chosen about the window: restored at its start, kept when it changes."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton

from gallery_search.gui import translation
from gallery_search.gui.grid.tile_size import TileSizeSlider
from gallery_search.gui.refine.hit_cut import CUTS, USUAL_CUT
from gallery_search.gui.tray import Tray
from gallery_search.gui.window_state import WindowState

from .appearance import THEMES, Appearance


class WindowOptions(QObject):
    """Holds the choices that have no other place; the others are where they are acted upon.

    Attributes:
        tray: knows whether there is to be an icon, and whether the program goes on without a
            window.
        tile_size: knows how large photos are.

    Signals:
        theme_changed(str): one of `appearance.THEMES`.
        cut_changed(str): one of `hit_cut.CUTS`.
    """

    theme_changed = Signal(str)
    cut_changed = Signal(str)

    def __init__(
        self,
        state: WindowState,
        refine: QAction,
        tile_size: TileSizeSlider,
        tray: Tray,
        cut_usually: Callable[[str], None],
    ) -> None:
        """Take what acts upon the choices.

        Args:
            state: keeps them.
            refine: opens and closes the panel in which searches are refined.
            tile_size: sets the size of the photos.
            tray: the icon.
            cut_usually: has results cut at one of `hit_cut.CUTS`.
        """
        super().__init__(tray)
        self.tray = tray
        self.tile_size = tile_size
        self._state = state
        self._refine = refine
        self._cut_usually = cut_usually
        self._appearance = Appearance(self)
        self._theme = THEMES[0]
        self._cut = USUAL_CUT

    @property
    def theme(self) -> str:
        """One of `appearance.THEMES`."""
        return self._theme

    @property
    def cut(self) -> str:
        """Where results are cut at first, one of `hit_cut.CUTS`."""
        return self._cut

    @property
    def language(self) -> str:
        """What the user chose: one of `translation.languages`, or `translation.SYSTEM`."""
        return self._state.option(translation.OPTION) or translation.SYSTEM

    def restore(self) -> None:
        """Set everything as it was left, and keep what changes from now on."""
        option = self._state.option
        self._refine.setChecked(option("refine") == "open")
        self.tile_size.restore(option("tile_side"))
        self.tray.start(
            is_wanted=option("tray") != "off", keeps_running=option("keep_running") == "on"
        )
        self._take_theme(option("theme"))
        self._take_cut(option("cut"))
        self._keep("refine", self._refine, "open", "closed")
        self._keep("tray", self.tray.is_wanted, "on", "off")
        self._keep("keep_running", self.tray.keeps_running, "on", "off")
        self.tile_size.chosen.connect(
            lambda side_px: self._state.keep_option("tile_side", str(side_px))
        )

    def option(self, name: str) -> str:
        """What was kept under a name; "" where nothing, or nonsense, was."""
        return self._state.option(name)

    def keep_option(self, name: str, value: str) -> None:
        """Keep what has no place in the window."""
        self._state.keep_option(name, value)

    def follow_details(self, details: QAbstractButton) -> None:
        """Have the details beside a photo open or closed as they were left."""
        details.setChecked(self._state.option("details") == "open")
        self._keep("details", details, "open", "closed")

    def choose_theme(self, theme: str) -> None:
        """Show the program in light or dark from now on, or as the system does."""
        self._state.keep_option("theme", theme)
        self._take_theme(theme)

    def choose_language(self, chosen: str) -> None:
        """Speak this language from the next start on."""
        self._state.keep_option(translation.OPTION, chosen)

    def choose_cut(self, cut: str) -> None:
        """Cut results here from now on."""
        self._state.keep_option("cut", cut)
        self._take_cut(cut)

    def size(self, name: str) -> tuple[int, int] | None:
        """The size that a dialog had, in logical pixels; None where none, or nonsense, was kept."""
        width, _, height = self._state.option(f"{name}_size").partition("x")
        if not all(number.isdecimal() and len(number) < 5 for number in (width, height)):
            return None
        return int(width), int(height)

    def keep_size(self, name: str, width: int, height: int) -> None:
        """Remember the size of a dialog."""
        self._state.keep_option(f"{name}_size", f"{width}x{height}")

    def _take_theme(self, theme: str) -> None:
        theme = theme if theme in THEMES else THEMES[0]
        if theme != self._theme:
            self._theme = theme
            self._appearance.show_in(theme)
            self.theme_changed.emit(theme)

    def _take_cut(self, cut: str) -> None:
        self._cut = cut if cut in CUTS else USUAL_CUT
        self._cut_usually(self._cut)
        self.cut_changed.emit(self._cut)

    def _keep(
        self, name: str, switch: QAction | QAbstractButton, checked: str, unchecked: str
    ) -> None:
        switch.toggled.connect(
            lambda is_on: self._state.keep_option(name, checked if is_on else unchecked)
        )
