# SPDX-License-Identifier: MIT
"""Looks: spacing, colours derived from the system's palette, and icons tinted by it."""

from collections.abc import Callable

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer

from gallery_search import paths

SPACING_PX = 8
"""Every margin and gap is a multiple of this."""

_ICON_SIDES_PX = (16, 24, 48)  # list rows, tool bar, and both on a screen of double density
_WINDOW_ICON_SIDES_PX = (16, 32, 48, 128)

# Viridis (van der Walt and Smith, 2015): its lightness rises evenly, so that the colour-blind read
# it as well, and in grey.
_HEAT = tuple(map(QColor, ("#440154", "#3b528b", "#21918c", "#5ec962", "#fde725")))

# Okabe and Ito's colours, which people who see few of them tell apart, too.
_CURVES = {"precision": "#0072b2", "recall": "#d55e00", "f1": "#009e73"}
# After "muted" of Paul Tol's schemes for the colour-blind (2021): the palest are darker here, as
# they are on white, and the order begins with contrasts.
_KINDS = tuple(
    map(
        QColor,
        (
            *("#332288", "#cc6677", "#44aa99", "#ddaa33", "#882255"),
            *("#66aadd", "#117733", "#aa4499", "#999933"),
        ),
    )
)


def mixed(colour: QColor, other: QColor, share: float) -> QColor:
    """A colour with a share (0 to 1) of another."""
    return QColor.fromRgbF(
        colour.redF() * (1 - share) + other.redF() * share,
        colour.greenF() * (1 - share) + other.greenF() * share,
        colour.blueF() * (1 - share) + other.blueF() * share,
    )


def quiet_text(palette: QPalette) -> QColor:
    """For second lines: text that stands back, at a contrast of still more than 4.5 to 1."""
    return mixed(
        palette.color(QPalette.ColorRole.WindowText), palette.color(QPalette.ColorRole.Window), 0.3
    )


def line(palette: QPalette) -> QColor:
    """For the thin lines between parts of the window."""
    return mixed(
        palette.color(QPalette.ColorRole.Window), palette.color(QPalette.ColorRole.WindowText), 0.18
    )


def notice_background(palette: QPalette) -> QColor:
    """Behind a notice: the window's colour with a touch of the highlight."""
    return mixed(
        palette.color(QPalette.ColorRole.Window), palette.color(QPalette.ColorRole.Highlight), 0.16
    )


def unwanted_background(palette: QPalette) -> QColor:
    """Behind what photos should not be like: the window's colour with a touch of red."""
    return mixed(palette.color(QPalette.ColorRole.Window), QColor(208, 48, 48), 0.18)


def viewer_background(palette: QPalette) -> QColor:
    """Around a photo that is looked at: it stands back behind the photo, in light and dark."""
    window = palette.color(QPalette.ColorRole.Window)
    return mixed(window, QColor("black"), 0.5 if window.lightness() < 128 else 0.12)


def heat(share: float) -> QColor:
    """For how much a place matters, from 0 to 1: dark violet over green to yellow."""
    place = min(max(share, 0.0), 1.0) * (len(_HEAT) - 1)
    below = min(int(place), len(_HEAT) - 2)
    return mixed(_HEAT[below], _HEAT[below + 1], place - below)


def curve(measure: str, palette: QPalette) -> QColor:
    """The colour of a curve of "precision", "recall" or "f1", as the figure files have it."""
    return _on(QColor(_CURVES[measure]), palette)


def right_text(palette: QPalette) -> QColor:
    """For the word that says that something is right; never the only sign of it."""
    return _on(QColor("#1a7f37"), palette)


def wrong_text(palette: QPalette) -> QColor:
    """Likewise for wrong."""
    return _on(QColor("#b42318"), palette)


def _on(colour: QColor, palette: QPalette) -> QColor:
    """A colour that was chosen for a light ground, on the ground of a palette."""
    is_dark = palette.color(QPalette.ColorRole.Window).lightness() < 128
    return mixed(colour, QColor("white"), 0.5) if is_dark else colour


def categories(palette: QPalette) -> tuple[QColor, ...]:
    """Colours that can be told from each other, also by the colour-blind, on the window's own."""
    is_dark = palette.color(QPalette.ColorRole.Window).lightness() < 128
    return tuple(mixed(colour, QColor("white"), 0.3) if is_dark else colour for colour in _KINDS)


def date_shades(palette: QPalette, count: int) -> tuple[QColor, ...]:
    """Colours from the oldest to the newest, without those that the ground would swallow."""
    is_dark = palette.color(QPalette.ColorRole.Window).lightness() < 128
    low, high = (0.2, 1.0) if is_dark else (0.0, 0.85)
    return tuple(heat(low + (high - low) * i / max(1, count - 1)) for i in range(count))


def unseen() -> tuple[QBrush, QBrush]:
    """Over a part of a photo that no network saw, one after the other: grey, and hatching."""
    return QBrush(QColor(110, 110, 110, 170)), QBrush(
        QColor(255, 255, 255, 110), Qt.BrushStyle.BDiagPattern
    )


def enlarged(font: QFont, factor: float) -> QFont:
    """A font of another size, whether the system gave its size in points or in pixels."""
    other = QFont(font)
    if font.pixelSize() > 0:
        other.setPixelSize(round(font.pixelSize() * factor))
    else:
        other.setPointSizeF(font.pointSizeF() * factor)
    return other


class Icons:
    """Our icons in the colours of a palette; GUI thread only.

    `dress` gives something its icon and remembers it, so that `set_palette` can give it the new
    one when the system goes dark or light.
    """

    def __init__(self, palette: QPalette) -> None:
        self._palette = palette
        self._made: dict[str, QIcon] = {}
        self._pictures: dict[tuple[str, int, float], QPixmap] = {}
        self._dressed: dict[int, tuple[Callable[[QIcon], None], str]] = {}

    def get(self, name: str) -> QIcon:
        """The icon `resources/icons/<name>.svg`, with a pale and a selected look."""
        if name not in self._made:
            self._made[name] = self._make(name)
        return self._made[name]

    def pixmap(self, name: str, side_px: int, ratio: float) -> QPixmap:
        """An icon as a pale picture of `side_px` logical pixels."""
        key = name, side_px, ratio
        if key not in self._pictures:
            role, palette = QPalette.ColorRole, self._palette
            colour = mixed(palette.color(role.Window), palette.color(role.WindowText), 0.4)
            pixmap = _tinted(_drawn(_renderer(name), round(side_px * ratio)), colour)
            pixmap.setDevicePixelRatio(ratio)
            self._pictures[key] = pixmap
        return self._pictures[key]

    def dress(self, key: object, set_icon: Callable[[QIcon], None], name: str) -> None:
        """Give `key` (a widget or action that lives as long as this) an icon that stays right."""
        self._dressed[id(key)] = (set_icon, name)
        set_icon(self.get(name))

    def set_palette(self, palette: QPalette) -> None:
        """Tint everything anew."""
        self._palette = palette
        self._made.clear()
        self._pictures.clear()
        for set_icon, name in self._dressed.values():
            set_icon(self.get(name))

    def _make(self, name: str) -> QIcon:
        icon = QIcon()
        group = QPalette.ColorGroup
        tints = {
            QIcon.Mode.Normal: self._palette.color(group.Active, QPalette.ColorRole.ButtonText),
            QIcon.Mode.Disabled: self._palette.color(group.Disabled, QPalette.ColorRole.ButtonText),
            QIcon.Mode.Selected: self._palette.color(
                group.Active, QPalette.ColorRole.HighlightedText
            ),
        }
        renderer = _renderer(name)
        for side_px in _ICON_SIDES_PX:
            drawing = _drawn(renderer, side_px)
            for mode, colour in tints.items():
                icon.addPixmap(_tinted(drawing, colour), mode)
        return icon


def program_icon() -> QIcon:
    """The program's own icon, for frames and task bars that find no desktop entry of it."""
    renderer = QSvgRenderer(str(paths.resource("gallery-search.svg")))
    icon = QIcon()
    for side_px in _WINDOW_ICON_SIDES_PX:
        icon.addPixmap(_drawn(renderer, side_px))
    return icon


def _drawn(renderer: QSvgRenderer, side_px: int) -> QPixmap:
    pixmap = QPixmap(side_px, side_px)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    renderer.render(painter, QRectF(0, 0, side_px, side_px))
    painter.end()
    return pixmap


def _tinted(drawing: QPixmap, colour: QColor) -> QPixmap:
    pixmap = QPixmap(drawing.size())
    pixmap.fill(Qt.GlobalColor.transparent)  # from now on it has an alpha channel
    pixmap.fill(colour)
    painter = QPainter(pixmap)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationIn)
    painter.drawPixmap(0, 0, drawing)
    painter.end()
    return pixmap


def _renderer(name: str) -> QSvgRenderer:
    return QSvgRenderer(str(paths.resource(f"icons/{name}.svg")))
