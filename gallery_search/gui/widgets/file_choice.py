# SPDX-License-Identifier: MIT
"""The system's dialogs for choosing a folder or a file; they never block the window."""

import os
from collections.abc import Callable

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from gallery_search.imaging.formats import PHOTO_EXTENSIONS
from gallery_search.language import mark, tr

_PATTERNS = " ".join(sorted(f"*{extension}" for extension in PHOTO_EXTENSIONS))
_LIST_FILTERS = (mark("Table for a spreadsheet (*.csv)"), mark("JSON (*.json)"))
_WEIGHTS_FILTERS = (mark("Networks (*.pth *.pt *.bin *.safetensors)"), mark("All files (*)"))
_Location = QStandardPaths.StandardLocation


def choose_folder(parent: QWidget, on_chosen: Callable[[str], None]) -> None:
    """Let the user choose a photo folder."""
    _choose_folder(_dialog(parent, tr("Add a photo folder"), on_chosen), tr("Add folder"))


def choose_left_out(parent: QWidget, on_chosen: Callable[[str], None]) -> None:
    """Let the user choose a folder whose photos leave the library."""
    _choose_folder(_dialog(parent, tr("Leave a folder out"), on_chosen), tr("Leave out"))


def choose_target(parent: QWidget, on_chosen: Callable[[str], None]) -> None:
    """Let the user choose a folder to copy photos to."""
    dialog = _dialog(parent, tr("Copy to folder"), on_chosen, _Location.HomeLocation)
    _choose_folder(dialog, tr("Copy here"))


def choose_scope(parent: QWidget, near: str | None, on_chosen: Callable[[str], None]) -> None:
    """Let the user choose a folder to search in; the dialog begins in the folder `near`."""
    dialog = _dialog(parent, tr("Search in a folder"), on_chosen)
    if near is not None:
        dialog.setDirectory(near)
    _choose_folder(dialog, tr("Choose"))


def choose_list(parent: QWidget, name: str, on_chosen: Callable[[str], None]) -> None:
    """Let the user choose the file that a list of photos is written to; `name` is proposed."""
    dialog = _dialog(parent, tr("Export list"), on_chosen, _Location.DocumentsLocation)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters([tr(text) for text in _LIST_FILTERS])
    dialog.setDefaultSuffix("csv")
    dialog.selectFile(name)
    dialog.filterSelected.connect(
        lambda chosen: dialog.setDefaultSuffix("json" if "json" in chosen else "csv")
    )
    dialog.open()


def choose_image(parent: QWidget, on_chosen: Callable[[str], None]) -> None:
    """Let the user choose an image to search for."""
    dialog = _dialog(parent, tr("Open image"), on_chosen)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.setNameFilters((tr("Images ({patterns})", patterns=_PATTERNS), tr("All files (*)")))
    dialog.open()


def choose_program(parent: QWidget, on_chosen: Callable[[str], None]) -> None:
    """Let the user choose a program of a Mac to open a photo with."""
    dialog = _dialog(parent, tr("Open with"), on_chosen, _Location.ApplicationsLocation)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.setNameFilters((tr("Programs (*.app)"),))
    dialog.setLabelText(QFileDialog.DialogLabel.Accept, tr("Open"))
    dialog.open()


def choose_weights(parent: QWidget, name: str, on_chosen: Callable[[str], None]) -> None:
    """Let the user choose the file with the weights of the network `name`."""
    title = tr("Import the weights of {name}", name=name)
    dialog = _dialog(parent, title, on_chosen, _Location.DownloadLocation)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.setNameFilters([tr(text) for text in _WEIGHTS_FILTERS])
    dialog.setLabelText(QFileDialog.DialogLabel.Accept, tr("Import"))
    dialog.open()


def choose_pictures(parent: QWidget, on_chosen: Callable[[str], None]) -> None:
    """Let the user choose a folder of pictures that need not be in the library."""
    _choose_folder(_dialog(parent, tr("Choose pictures"), on_chosen), tr("Choose"))


def choose_result(parent: QWidget, on_chosen: Callable[[str], None]) -> None:
    """Let the user choose the result of an experiment."""
    dialog = _dialog(parent, tr("Open result"), on_chosen, _Location.DocumentsLocation)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.setNameFilters((tr("Results (*.json)"), tr("All files (*)")))
    dialog.open()


def _choose_folder(dialog: QFileDialog, label: str) -> None:
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    dialog.setLabelText(QFileDialog.DialogLabel.Accept, label)
    dialog.open()


def _dialog(
    parent: QWidget,
    title: str,
    on_chosen: Callable[[str], None],
    location: _Location = _Location.PicturesLocation,
) -> QFileDialog:
    dialog = QFileDialog(parent, title)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setDirectory(QStandardPaths.writableLocation(location))
    dialog.fileSelected.connect(lambda path: on_chosen(os.path.normpath(path)))
    return dialog
