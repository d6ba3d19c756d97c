# SPDX-License-Identifier: MIT
"""A few shapes that can be written as SVG and painted as PNG, so that both show the same.

Lengths are pixels at 100 %, y points down. Colours are "#rrggbb".
"""

import html
import io
from collections.abc import Sequence
from typing import Literal, TypeAlias

from msgspec import Struct
from PIL import Image, ImageColor, ImageDraw, ImageFont

Point: TypeAlias = tuple[float, float]
Anchor: TypeAlias = Literal["start", "middle", "end"]

_PNG_SCALE = 2  # for screens of 200 %
_SMOOTHING = 3  # Pillow draws without; painted so much larger, then shrunk
_PILLOW_ANCHOR = {"start": "ls", "middle": "ms", "end": "rs"}


class Area(Struct, frozen=True):
    """A filled polygon."""

    points: tuple[Point, ...]
    colour: str
    opacity: float = 1.0


class Line(Struct, frozen=True):
    """Straight pieces from point to point."""

    points: tuple[Point, ...]
    colour: str
    width: float = 1.0


class Mark(Struct, frozen=True):
    """A round mark, filled or hollow; `title` is told where the mouse rests on it."""

    centre: Point
    radius: float
    colour: str
    title: str
    is_filled: bool = True


class Text(Struct, frozen=True):
    """A line of text; `at` is on its base line."""

    at: Point
    text: str
    colour: str
    size: float = 12.0
    anchor: Anchor = "start"
    is_bold: bool = False


Shape: TypeAlias = Area | Line | Mark | Text


class Drawing(Struct, frozen=True):
    """Shapes, painted in their order on a ground; `title` says what it shows."""

    width: int
    height: int
    ground: str
    title: str
    shapes: tuple[Shape, ...]

    def svg(self) -> str:
        """As a file of its own, which needs nothing else."""
        return "\n".join(
            [
                f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {self.height}"'
                f' width="{self.width}" height="{self.height}" role="img"'
                ' font-family="system-ui, sans-serif">',
                f"<title>{html.escape(self.title)}</title>",
                f'<rect width="{self.width}" height="{self.height}" fill="{self.ground}"/>',
                *map(_svg, self.shapes),
                "</svg>\n",
            ]
        )

    def png(self) -> bytes:
        """The same as pixels, at 200 %."""
        scale = _PNG_SCALE * _SMOOTHING
        image = Image.new("RGB", (self.width * scale, self.height * scale), self.ground)
        for shape in self.shapes:
            _paint(image, shape, scale)
        image = image.reduce(_SMOOTHING)
        file = io.BytesIO()
        image.save(file, "PNG", optimize=True)
        return file.getvalue()


def _svg(shape: Shape) -> str:
    match shape:
        case Area():
            return (
                f'<polygon points="{_points(shape.points)}" fill="{shape.colour}"'
                f' fill-opacity="{shape.opacity:g}"/>'
            )
        case Line():
            return (
                f'<polyline points="{_points(shape.points)}" fill="none" stroke="{shape.colour}"'
                f' stroke-width="{shape.width:g}"/>'
            )
        case Mark():
            x, y = shape.centre
            paint = (
                f'fill="{shape.colour}"'
                if shape.is_filled
                else f'fill="none" stroke="{shape.colour}" stroke-width="1.5"'
            )
            return (
                f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{shape.radius:g}" {paint}>'
                f"<title>{html.escape(shape.title)}</title></circle>"
            )
        case Text():
            x, y = shape.at
            weight = ' font-weight="600"' if shape.is_bold else ""
            return (
                f'<text x="{x:.2f}" y="{y:.2f}" fill="{shape.colour}" font-size="{shape.size:g}"'
                f' text-anchor="{shape.anchor}"{weight}>{html.escape(shape.text)}</text>'
            )


def _points(points: Sequence[Point]) -> str:
    return " ".join(f"{x:.2f},{y:.2f}" for x, y in points)


def _paint(image: Image.Image, shape: Shape, scale: int) -> None:
    match shape:
        case Area():
            mask = Image.new("L", image.size)
            points = [(x * scale, y * scale) for x, y in shape.points]
            ImageDraw.Draw(mask).polygon(points, fill=round(255 * shape.opacity))
            image.paste(ImageColor.getrgb(shape.colour), mask=mask)
        case Line():
            points = [(x * scale, y * scale) for x, y in shape.points]
            width = max(1, round(shape.width * scale))
            ImageDraw.Draw(image).line(points, shape.colour, width, joint="curve")
        case Mark():
            x, y = (value * scale for value in shape.centre)
            radius = shape.radius * scale
            box = (x - radius, y - radius, x + radius, y + radius)
            fill = shape.colour if shape.is_filled else None
            width = round(1.5 * scale)
            ImageDraw.Draw(image).ellipse(box, fill, shape.colour, width)
        case Text():
            font = ImageFont.load_default(shape.size * scale)
            x, y = (value * scale for value in shape.at)
            ImageDraw.Draw(image).text(
                (x, y),
                shape.text,
                shape.colour,
                font,
                anchor=_PILLOW_ANCHOR[shape.anchor],
                stroke_width=round(0.02 * shape.size * scale) if shape.is_bold else 0,
            )
