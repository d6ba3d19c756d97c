# SPDX-License-Identifier: MIT
"""The ways from the window's menu to the experiments, which are imported when they are wanted."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget

from gallery_search.gui.actions import Actions
from gallery_search.gui.events import EventBridge
from gallery_search.gui.ports import Library
from gallery_search.paths import LibraryPaths
from gallery_search.records import BackbonesChanged

if TYPE_CHECKING:
    from .analysis_window import AnalysisWindow
    from .choice_dialog import ChoiceDialog


class Analyses(QObject):
    """Opens the two windows beside the main one, and closes them with it. GUI thread only.

    Args:
        window: the main window, which owns this.
        actions: whose `model_choice` and `analysis` are connected.
        library: tells of the networks, and uses the one that is recommended.
        bridge: brings what the library tells.
        paths: of the library.
        open_networks: shows the dialog of the networks.
    """

    def __init__(
        self,
        window: QWidget,
        actions: Actions,
        library: Library,
        bridge: EventBridge,
        paths: LibraryPaths,
        open_networks: Callable[[], None],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._library = library
        self._paths = paths
        self._open_networks = open_networks
        self._change: BackbonesChanged | None = None
        self._choice: ChoiceDialog | None = None
        self._analysis: AnalysisWindow | None = None
        actions.model_choice.triggered.connect(self.open_choice)
        actions.analysis.triggered.connect(self.open_analysis)
        bridge.backbones_changed.connect(self._on_backbones_changed)
        window.installEventFilter(self)

    @property
    def choice(self) -> "ChoiceDialog | None":
        """The dialog "Which model suits my photos?", while it is open."""
        return self._choice

    @property
    def analysis(self) -> "AnalysisWindow | None":
        """The window of the analysis, while it is open."""
        return self._analysis

    def open_choice(self) -> None:
        """Show the dialog in which networks are compared."""
        if self._choice is None:
            from .choice_dialog import ChoiceDialog  # the window should not wait for it

            dialog = ChoiceDialog(self._library, self._paths, self._window)
            dialog.networks_requested.connect(self._open_networks)
            dialog.finished.connect(self._on_choice_closed)
            self._choice = dialog
            self._tell()
            self._library.request_backbones()
        self._show(self._choice)

    def open_analysis(self) -> None:
        """Show the window in which results are looked at."""
        if self._analysis is None:
            from .analysis_window import AnalysisWindow

            analysis = AnalysisWindow(self._paths, self._window)
            analysis.finished.connect(self._on_analysis_closed)
            self._analysis = analysis
            self._tell()
            self._library.request_backbones()
        self._show(self._analysis)

    def close(self) -> None:
        """Close both; what they have under way is ended."""
        for dialog in (self._choice, self._analysis):
            if dialog is not None:
                dialog.close()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Go with the main window, whether it ends or goes on in the tray."""
        if event.type() == QEvent.Type.Close and watched is self._window:
            self.close()
        return super().eventFilter(watched, event)

    def _show(self, dialog: QWidget) -> None:
        dialog.show()
        dialog.raise_()
        dialog.activateWindow()

    def _on_choice_closed(self) -> None:
        self._choice = None

    def _on_analysis_closed(self) -> None:
        self._analysis = None

    def _on_backbones_changed(self, change: BackbonesChanged) -> None:
        self._change = change
        self._tell()

    def _tell(self) -> None:
        for dialog in (self._choice, self._analysis):
            if dialog is not None and self._change is not None:
                dialog.show_backbones(self._change.backbones)
