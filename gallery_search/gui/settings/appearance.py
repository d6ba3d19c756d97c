# SPDX-License-Identifier: MIT
"""Light or dark: asked of the system, and where that does not follow, in colours of our own."""

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from gallery_search.gui.theme import mixed

THEMES = ("system", "light", "dark")

_Scheme = Qt.ColorScheme
_SCHEMES = {"system": _Scheme.Unknown, "light": _Scheme.Light, "dark": _Scheme.Dark}
_Role, _Group = QPalette.ColorRole, QPalette.ColorGroup
_OUTLINED = ("QCheckBox", "QRadioButton", "QLineEdit", "FolderTicks", "QMenu")  # classes
_OUTLINE_SHARE = 0.45  # of the text's colour in the base's: a contrast of more than 3 to 1
# Window, text, base, its second colour, buttons, highlight, links; those of Qt's own Fusion style.
_LIGHT = ("#efefef", "#000000", "#ffffff", "#f7f7f7", "#efefef", "#308cc6", "#0057ae")
_DARK = ("#323232", "#ffffff", "#242424", "#2b2b2b", "#3c3c3c", "#2f6fa8", "#7fb8ea")


class Appearance(QObject):
    """Sets the colours of all windows; GUI thread only."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._scheme = _Scheme.Unknown
        # Some desktops follow only when they have been asked and the event loop goes on.
        QGuiApplication.styleHints().colorSchemeChanged.connect(
            self._on_followed, Qt.ConnectionType.QueuedConnection
        )

    def show_in(self, theme: str) -> None:
        """Show all windows in one of `THEMES` from now on."""
        self._scheme = _SCHEMES[theme]
        QGuiApplication.styleHints().setColorScheme(self._scheme)
        self._set_palette()

    def _set_palette(self) -> None:
        """Take the system's colours, or ours where they are not as the user wants them."""
        QApplication.setPalette(QPalette())
        is_dark = self._scheme == _Scheme.Dark
        if self._scheme != _Scheme.Unknown and _is_dark(QApplication.palette()) != is_dark:
            QApplication.setPalette(own_palette(is_dark=is_dark))
        outline_boxes()

    def _on_followed(self) -> None:
        if self._scheme != _Scheme.Unknown:
            self._set_palette()
        else:
            outline_boxes()


def own_palette(*, is_dark: bool) -> QPalette:
    """All colours of a light or a dark program."""
    colours = [QColor(name) for name in (_DARK if is_dark else _LIGHT)]
    window, text, base, second, button, highlight, link = colours
    palette = QPalette(button, window)
    for role, colour in (
        (_Role.WindowText, text),
        (_Role.Text, text),
        (_Role.ButtonText, text),
        (_Role.Base, base),
        (_Role.AlternateBase, second),
        (_Role.ToolTipBase, second),
        (_Role.ToolTipText, text),
        (_Role.Highlight, highlight),
        (_Role.HighlightedText, QColor("white")),
        (_Role.Accent, highlight),
        (_Role.Link, link),
        (_Role.LinkVisited, link),
        (_Role.PlaceholderText, _pale(text, 0.5)),
    ):
        palette.setColor(role, colour)
    for role in (_Role.WindowText, _Role.Text, _Role.ButtonText, _Role.HighlightedText):
        palette.setColor(_Group.Disabled, role, _pale(text, 0.45))
    palette.setColor(_Group.Disabled, _Role.Highlight, _pale(text, 0.2))
    return palette


def outline_boxes() -> None:
    """Give boxes, fields and menus an outline that is seen in dark colours, too; GUI thread.

    Qt's Fusion style draws it in the window's colour, darkened, which is none on a dark window. So
    for these widgets the window's colour is one that is right when it is darkened; they draw
    nothing else with it.
    """
    palette = QApplication.palette()
    outlined = QPalette()
    if QApplication.style().name() == "fusion" and _is_dark(palette):
        base, text = palette.color(_Role.Base), palette.color(_Role.Text)
        outlined.setColor(_Role.Window, mixed(base, text, _OUTLINE_SHARE).lighter(140))
    for name in _OUTLINED:
        QApplication.setPalette(outlined, name)  # type: ignore[arg-type] # the stub is wrong


def _is_dark(palette: QPalette) -> bool:
    return palette.color(_Role.Window).lightness() < palette.color(_Role.WindowText).lightness()


def _pale(colour: QColor, alpha: float) -> QColor:
    pale = QColor(colour)
    pale.setAlphaF(alpha)
    return pale
