# SPDX-License-Identifier: MIT
"""The Qt application around the window: start, second starts, and the end."""

import os
import signal
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget

from gallery_search.paths import LibraryPaths
from gallery_search.records import FoldersChanged
from gallery_search.repository import repository

from . import theme, translation
from .analysis.entry import Analyses
from .events import EventBridge
from .hidden_start import HiddenStart
from .ports import Library
from .window import MainWindow
from .window_state import WindowState

if TYPE_CHECKING:
    from .settings.updates import Updates

_UNSEEN_MS = 500  # a window on another desktop is painted when the user goes there


class _AfterFirstPaint(QObject):
    """Calls something once, when a window is on the screen, or after `_UNSEEN_MS` at the latest.

    What is called before would share Python's lock with the painting, and the user would wait.
    """

    def __init__(self, window: QWidget, call: Callable[[], object]) -> None:
        super().__init__(window)
        self._window = window
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_timeout)
        self._timer.timeout.connect(call)
        self._timer.start(_UNSEEN_MS)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Note the first paint, which is over when the event loop goes on."""
        if event.type() == QEvent.Type.Paint:
            self._window.removeEventFilter(self)
            self._timer.start(0)
        return super().eventFilter(watched, event)

    def _on_timeout(self) -> None:
        self._window.removeEventFilter(self)


class Application(QObject):
    """One window on one library.

    Make it before the library is opened, so that an error can be shown; `bridge` takes the
    library's events.

    Attributes:
        is_wipe_wanted: whether all that the library keeps is to be removed when it is closed.
    """

    _front_requested = Signal(object)
    _ended = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._qt = QApplication.instance() or QApplication(sys.argv[:1])
        QApplication.setApplicationName("gallery-search")
        QApplication.setApplicationDisplayName("Gallery Search")
        QApplication.setDesktopFileName("gallery-search")
        QApplication.setQuitOnLastWindowClosed(False)  # it may go on in the tray
        self.bridge = EventBridge()
        self.is_wipe_wanted = False
        self._window: MainWindow | None = None
        self._hidden: HiddenStart | None = None
        self._front_requested.connect(self._on_front_requested)
        self._ended.connect(self._on_ended)

    def speak(self, paths: LibraryPaths) -> None:
        """Have all that is shown from now on in the language that the user chose."""
        translation.install(WindowState(paths.window_state).option(translation.OPTION))

    def show_error(self, sentence: str) -> None:
        """Show one sentence, before there is a window, and wait for the user to read it."""
        QMessageBox.critical(None, "Gallery Search", sentence)

    def run(
        self,
        library: Library,
        paths: LibraryPaths,
        images: Sequence[str],
        *,
        is_hidden: bool = False,
    ) -> None:
        """Show the window and return when the user has closed it.

        Args:
            library: is started once the window is on the screen.
            paths: of the library; the window keeps its place there.
            images: files to search for first.
            is_hidden: start without the window where the tray is.
        """
        # Python's own handler would wait for the next event to end the program.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        QApplication.setWindowIcon(theme.program_icon())
        window = self._window = MainWindow(library, self.bridge, state_file=paths.window_state)
        window.closed.connect(QApplication.quit)
        Analyses(window, window.actions_, library, self.bridge, paths, window.networks.open)
        window.actions_.privacy.triggered.connect(lambda: self._show_privacy(window, paths))
        if not paths.catalogue.exists():  # a first start; nothing to wait for
            self.bridge.folders_changed.emit(FoldersChanged(()))
        window.settings.library_folder = paths.root
        updates = self._offer_updates(window)
        if is_hidden:
            self._hidden = HiddenStart(window.tray, window.show)
        else:
            window.show()
        _AfterFirstPaint(window, library.start)
        if images:
            window.search_paths(images)
        QApplication.exec()
        if updates is not None:
            updates.stop()
        self.bridge.close()
        self._window = self._hidden = None

    def _offer_updates(self, window: MainWindow) -> "Updates | None":
        """Have newer versions looked for where that is wanted, and can be."""
        if not repository():
            return None
        from .settings.updates import Updates  # a start without a repository needs none of it

        actions = window.actions_
        updates = Updates(window, actions.help_menu, actions.about, window.notices, window.options)
        window.settings.updates = updates.is_wanted
        return updates

    def _show_privacy(self, window: MainWindow, paths: LibraryPaths) -> None:
        from .settings.privacy_dialog import PrivacyDialog  # the window should not wait for it

        dialog = PrivacyDialog(paths, window)
        dialog.wipe_requested.connect(lambda: self._on_wipe_requested(window))
        dialog.open()

    def _on_wipe_requested(self, window: MainWindow) -> None:
        self.is_wipe_wanted = True
        window.quit()

    def end(self) -> None:
        """Have `run` return, as the library could not be opened. Any thread."""
        self._ended.emit()

    def _on_ended(self) -> None:
        if self._window is not None:
            self._window.state.leave()  # a newer version's library is left untouched
        QApplication.quit()

    def bring_to_front(self, images: Sequence[str]) -> None:
        """A second start: show the window, and search for the images it was given. Any thread."""
        self._front_requested.emit(list(images))

    def _on_front_requested(self, images: list[str]) -> None:
        if self._window is not None:
            self._window.bring_to_front()
            if self._hidden is not None:
                self._hidden.stop()
            if images:
                self._window.search_paths([os.fspath(image) for image in images])
