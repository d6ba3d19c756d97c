# SPDX-License-Identifier: MIT
"""Opening a photo with a program that the user chooses; the photo stays as it is."""

import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Callable

from PySide6.QtCore import QMimeDatabase, QObject, Signal
from PySide6.QtWidgets import QWidget

from gallery_search.gui import wording
from gallery_search.gui.widgets.file_choice import choose_program
from gallery_search.language import tr
from gallery_search.retelling import retold

from . import desktop_programs, portal
from .desktop_programs import Program
from .open_with_dialog import OpenWithDialog
from .reveal import file_url


class OpenWith(QObject):
    """Lets the user choose as each system does; see `docs/decisions/open-with.md`. GUI thread.

    Args:
        parent: the window.
        say: shows a sentence.
    """

    _file_opened = Signal(object, int)  # path, descriptor
    _programs_found = Signal(object, object)  # path, list of Program
    _failed = Signal(str)

    def __init__(self, parent: QWidget, say: Callable[[str], None]) -> None:
        super().__init__(parent)
        self._parent = parent
        self._say = say
        self._file_opened.connect(self._on_file_opened)
        self._programs_found.connect(self._on_programs_found)
        self._failed.connect(say)

    def ask(self, path: str) -> None:
        """Ask for the program, then open a photo with it; a sentence says so if that fails."""
        if sys.platform == "win32":
            # What follows the name of the function is the path, spaces included, without quotes.
            subprocess.Popen(f"rundll32.exe shell32.dll,OpenAs_RunDLL {os.path.normpath(path)}")
        elif sys.platform == "darwin":
            choose_program(
                self._parent,
                lambda program: self._run(["/usr/bin/open", "-a", program, path], "", program),
            )
        else:
            _in_background(lambda: self._open_file(path))

    # --- Linux: the portal --------------------------------------------------------------------

    def _open_file(self, path: str) -> None:
        """Get hold of a file without reading it; its drive may be slow."""
        try:
            descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
        except OSError as error:
            name = wording.shortened(wording.display_name(path))
            self._failed.emit(
                tr(
                    "“{name}” cannot be opened: {reason}.",
                    name=name,
                    reason=retold(error.strerror or str(error)),
                )
            )
        else:
            try:
                self._file_opened.emit(path, descriptor)
            except RuntimeError:
                os.close(descriptor)  # which nobody else will do any more
                raise

    def _on_file_opened(self, path: str, descriptor: int) -> None:
        try:
            portal.let_choose(
                descriptor, self, lambda: _in_background(lambda: self._find_programs(path))
            )
        finally:
            os.close(descriptor)

    # --- Linux without one --------------------------------------------------------------------

    def _find_programs(self, path: str) -> None:
        type_ = QMimeDatabase().mimeTypeForFile(path, QMimeDatabase.MatchMode.MatchExtension)
        types = [type_.name(), *type_.aliases(), *type_.allAncestors()]
        self._programs_found.emit(path, desktop_programs.programs_for(types, os.environ))

    def _on_programs_found(self, path: str, programs: list[Program]) -> None:
        name = wording.shortened(wording.display_name(path))
        if not programs:
            self._say(tr("No program on this computer opens “{name}”.", name=name))
            return
        dialog = OpenWithDialog(name, programs, self._parent)
        dialog.chosen.connect(lambda program: self._start(program, path))
        dialog.open()

    def _start(self, program: Program, path: str) -> None:
        url = file_url(path).toEncoded().toStdString()
        try:
            arguments = desktop_programs.arguments_of(program, path, url)
        except ValueError:
            self._say(
                tr(
                    "“{program}” does not say how it is started. Choose another program.",
                    program=program.name,
                )
            )
            return
        self._run(arguments, program.folder, program.name)

    def _run(self, arguments: list[str], folder: str, name: str) -> None:
        _in_background(lambda: self._wait_for(arguments, folder, name))

    def _wait_for(self, arguments: list[str], folder: str, name: str) -> None:
        """Start a program that outlives this one, and take note of its end if that is earlier."""
        try:
            started = subprocess.Popen(
                arguments,
                cwd=folder or None,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError as error:
            self._failed.emit(
                tr(
                    "“{program}” cannot be started: {reason}.",
                    program=wording.display_name(name),
                    reason=retold(error.strerror or str(error)),
                )
            )
        else:
            started.wait()


def _in_background(act: Callable[[], None]) -> None:
    def run() -> None:
        with contextlib.suppress(RuntimeError):  # the window may have gone meanwhile
            act()

    threading.Thread(target=run, name="open-with", daemon=True).start()
