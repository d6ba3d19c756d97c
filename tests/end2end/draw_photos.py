# SPDX-License-Identifier: MIT
"""Draws a gallery of photo-like pictures, in kinds that look alike; the same for the same seed.

python tests/end2end/draw_photos.py FOLDER [--count N] [--seed S]
"""

import argparse
import colorsys
import math
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFilter

WIDTH, HEIGHT = 800, 600
JPEG_QUALITY = 88
FIRST_TIME = 1_700_000_000  # the pictures' times are a minute apart

_Array = npt.NDArray[np.float64]
_Colour = tuple[float, float, float]  # each 0.0 to 1.0


# --- material ---------------------------------------------------------------------------------


def _noise(random: np.random.Generator, cells: int, octaves: int = 5) -> _Array:
    """Cloudy noise of 0.0 to 1.0, (height, width); `cells` is the number of large blobs across."""
    total = np.zeros((HEIGHT, WIDTH))
    for octave in range(octaves):
        across = cells * 2**octave
        grid = random.random((max(2, across * HEIGHT // WIDTH) + 1, across + 1)).astype(np.float32)
        layer = Image.fromarray(grid).resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)
        total += np.asarray(layer, dtype=np.float64) / 2**octave
    total -= total.min()
    return total / total.max()


def _ridge(random: np.random.Generator, base: float, height: float, bumps: int) -> _Array:
    """The y of a line of hills at each x; `base` and `height` as shares of the picture."""
    x = np.linspace(0, 1, WIDTH)
    line = np.zeros(WIDTH)
    for octave in range(6):
        phase, pace = random.random() * 7, bumps * 2**octave * random.uniform(0.7, 1.3)
        line += np.sin(2 * np.pi * x * pace + phase) / 2 ** (octave * 1.1)
    line = (line - line.min()) / np.ptp(line)
    return HEIGHT * (base - height * line)


def _gradient(*stops: _Colour) -> _Array:
    """Colours from top to bottom, evenly spaced; (height, width, 3)."""
    y = np.linspace(0, len(stops) - 1, HEIGHT)
    rows = np.stack([np.interp(y, range(len(stops)), part) for part in zip(*stops, strict=True)], 1)
    return np.repeat(rows[:, None, :], WIDTH, 1)


def _hsv(hue: float, saturation: float, value: float) -> _Colour:
    return colorsys.hsv_to_rgb(hue % 1.0, min(saturation, 1.0), min(value, 1.0))


def _over(canvas: _Array, colour: _Colour | _Array, share: _Array) -> _Array:
    """Lay a colour over the canvas; `share` is (height, width), 0.0 to 1.0."""
    return canvas + (np.asarray(colour) - canvas) * share[..., None]


def _disc(x: float, y: float, radius: float, softness: float = 1.5) -> _Array:
    """A disc with a soft edge; all in pixels."""
    rows, columns = np.mgrid[:HEIGHT, :WIDTH]
    return np.clip((radius - np.hypot(columns - x, rows - y)) / softness + 0.5, 0, 1)


def _glow(x: float, y: float, reach: float) -> _Array:
    rows, columns = np.mgrid[:HEIGHT, :WIDTH]
    return np.exp(-np.hypot(columns - x, rows - y) / reach)


def _below(line: _Array) -> _Array:
    return np.clip(np.arange(HEIGHT)[:, None] - line[None, :] + 0.5, 0, 1)


def _finish(canvas: _Array, random: np.random.Generator, grain: float = 0.012) -> Image.Image:
    """Darken the corners and add the grain of a sensor."""
    rows, columns = np.mgrid[:HEIGHT, :WIDTH]
    distance = np.hypot((columns - WIDTH / 2) / WIDTH, (rows - HEIGHT / 2) / HEIGHT)
    canvas = canvas * (1.06 - 0.35 * distance[..., None] ** 2)
    canvas = canvas + random.normal(0, grain, canvas.shape)
    return Image.fromarray((np.clip(canvas, 0, 1) * 255).astype(np.uint8))


def _as_array(image: Image.Image) -> _Array:
    return np.asarray(image.convert("RGB"), dtype=np.float64) / 255


# --- the kinds of pictures --------------------------------------------------------------------


def mountains(random: np.random.Generator) -> Image.Image:
    """Blue ranges behind each other, with a low sun and mist in the valleys."""
    hue = random.uniform(0.55, 0.66)
    warm = _hsv(random.uniform(0.05, 0.13), 0.45, 1.0)
    canvas = _gradient(_hsv(hue, 0.55, 0.75), _hsv(hue, 0.25, 0.95), warm, warm)
    sun = WIDTH * random.uniform(0.2, 0.8), HEIGHT * random.uniform(0.2, 0.4)
    canvas = _over(canvas, (1, 0.95, 0.8), 0.8 * _glow(*sun, 90))
    canvas = _over(canvas, (1, 0.98, 0.9), _disc(*sun, 26, 3))
    for number in range(5):
        nearness = number / 4
        line = _ridge(random, 0.58 + 0.11 * number, 0.28 - 0.035 * number, 2 + number)
        colour = _hsv(hue, 0.3 + 0.35 * nearness, 0.78 - 0.62 * nearness)
        canvas = _over(canvas, colour, _below(line))
        mist = _below(line) * np.clip((np.arange(HEIGHT)[:, None] - line - 20) / 200, 0, 1)
        canvas = _over(canvas, (0.9, 0.88, 0.9), mist * 0.45 * (1 - nearness))
        if number == 1:  # snow on the far tops
            snow = _below(line) * np.clip((line.min() + 70 - np.arange(HEIGHT)[:, None]) / 50, 0, 1)
            canvas = _over(canvas, (0.97, 0.97, 1), snow * 0.9)
    return _finish(canvas, random)


def sea(random: np.random.Generator) -> Image.Image:
    """A sun that sets over the sea, with its path on the water."""
    hue = random.uniform(-0.03, 0.1)
    canvas = _gradient(
        _hsv(hue + 0.68, 0.45, 0.5), _hsv(hue + 0.9, 0.45, 0.8), _hsv(hue + 0.03, 0.7, 1.0)
    )
    horizon = int(HEIGHT * random.uniform(0.5, 0.62))
    x = WIDTH * random.uniform(0.25, 0.75)
    y = horizon - random.uniform(15, 90)
    canvas = _over(canvas, _hsv(hue + 0.08, 0.4, 1), 0.9 * _glow(x, y, 110))
    canvas = _over(canvas, (1, 0.97, 0.85), _disc(x, y, 42, 3))
    clouds = (
        np.clip(_noise(random, 4)[:, :] * 2.2 - 1.15, 0, 1) * (np.linspace(1, 0, HEIGHT)[:, None])
    )
    canvas = _over(canvas, _hsv(hue + 0.97, 0.45, 0.9), 0.7 * clouds)
    depth = np.clip((np.arange(HEIGHT) - horizon) / (HEIGHT - horizon), 0, 1)[:, None]
    water = _hsv(hue + 0.62, 0.6, 0.35) * (1 - 0.35 * depth[..., None])
    mirror = canvas[np.clip(2 * horizon - np.arange(HEIGHT), 0, HEIGHT - 1)]
    surface = 0.45 * mirror + 0.55 * water
    rows, columns = np.mgrid[:HEIGHT, :WIDTH]
    waves = np.sin(np.maximum(rows - horizon, 0) ** 0.7 * 4 + 6 * _noise(random, 6))
    surface = surface * (1 + 0.16 * waves[..., None])
    reach = 18 + 120 * depth
    path = np.exp(-(((columns - x) / reach) ** 2)) * (0.5 + 0.5 * waves)
    surface = _over(surface, (1, 0.85, 0.6), 0.75 * path)
    return _finish(np.where(rows[..., None] > horizon, surface, canvas), random)


def flower(random: np.random.Generator) -> Image.Image:
    """One large blossom before leaves out of focus."""
    green = random.uniform(0.25, 0.36)
    blur = _noise(random, 5, 3)[..., None]
    canvas = np.asarray(_hsv(green, 0.65, 0.25)) * (1 - blur) + blur * np.asarray(
        _hsv(green - 0.05, 0.55, 0.72)
    )
    hue = random.choice([0.92, 0.97, 0.0, 0.13, 0.78])
    picture = Image.fromarray((canvas * 255).astype(np.uint8)).convert("RGBA")
    x, y = WIDTH * random.uniform(0.42, 0.58), HEIGHT * random.uniform(0.42, 0.55)
    size = random.uniform(190, 240)
    stem = ImageDraw.Draw(picture)
    bottom = x + random.uniform(-60, 60)
    stem.line([(x, y), (bottom, HEIGHT)], fill=(60, 110, 50), width=18)
    for ring, petals in enumerate((11, 9, 7)):
        start = random.random() * 6
        for number in range(petals):
            angle = start + 2 * math.pi * number / petals + random.normal(0, 0.05)
            length = size * (1 - 0.24 * ring) * random.uniform(0.92, 1.05)
            shade = _hsv(hue, 0.82 - 0.16 * ring, 0.72 + 0.12 * ring + random.uniform(-0.06, 0.06))
            _petal(picture, (x, y), angle, length, length * 0.42, shade)
    draw = ImageDraw.Draw(picture)
    for _ in range(260):
        angle, far = random.random() * 2 * math.pi, size * 0.2 * math.sqrt(random.random())
        seed_x, seed_y = x + far * math.cos(angle), y + far * math.sin(angle)
        value = random.uniform(0.55, 1)
        fill = tuple(int(255 * part) for part in _hsv(0.12, 0.85, value))
        draw.ellipse([seed_x - 4, seed_y - 4, seed_x + 4, seed_y + 4], fill=fill)
    return _finish(_as_array(picture.filter(ImageFilter.GaussianBlur(0.8))), random)


def _petal(
    picture: Image.Image,
    root: tuple[float, float],
    angle: float,
    length: float,
    width: float,
    colour: _Colour,
) -> None:
    """Paint a petal with a lighter tip and a vein in its middle."""
    layer = Image.new("RGBA", picture.size, (0, 0, 0, 0))
    draw = ImageDraw.Draw(layer)
    ux, uy = math.cos(angle), math.sin(angle)
    for step in range(4):
        scale = 1 - 0.2 * step
        points = []
        for turn in np.linspace(0, 2 * math.pi, 40):
            along = length * (0.5 + 0.5 * math.cos(turn) * scale)
            across = width * 0.5 * scale * math.sin(turn) * (0.35 + 0.65 * along / length)
            points.append((root[0] + along * ux - across * uy, root[1] + along * uy + across * ux))
        light = 0.82 + 0.07 * step
        draw.polygon(points, fill=(*(int(255 * min(1, part * light)) for part in colour), 255))
    tip = (root[0] + 0.9 * length * ux, root[1] + 0.9 * length * uy)
    vein = tuple(int(200 * part) for part in colour)
    draw.line([root, tip], fill=(*vein, 120), width=3)
    picture.alpha_composite(layer.filter(ImageFilter.GaussianBlur(1.2)))


def night_city(random: np.random.Generator) -> Image.Image:
    """A skyline at night with lit windows, mirrored in a river."""
    hue = random.uniform(0.6, 0.72)
    shore = int(HEIGHT * random.uniform(0.68, 0.74))
    canvas = _gradient(_hsv(hue, 0.8, 0.1), _hsv(hue, 0.65, 0.28), _hsv(hue + 0.15, 0.5, 0.5))
    moon = WIDTH * random.uniform(0.1, 0.9), HEIGHT * random.uniform(0.1, 0.2)
    canvas = _over(canvas, (0.95, 0.93, 0.8), 0.4 * _glow(*moon, 50))
    canvas = _over(canvas, (0.97, 0.96, 0.88), _disc(*moon, 20, 2))
    picture = Image.fromarray((canvas * 255).astype(np.uint8))
    draw = ImageDraw.Draw(picture)
    for far in (True, False):
        x = -20.0
        while x < WIDTH:
            width = random.uniform(38, 95)
            height = random.uniform(70, 200) if far else random.uniform(110, 370)
            shade = _hsv(hue, 0.5, 0.24 if far else 0.1 + random.uniform(0, 0.05))
            fill = tuple(int(255 * part) for part in shade)
            draw.rectangle([x, shore - height, x + width, shore], fill=fill)
            if not far:
                _light_windows(draw, random, (x, shore - height, x + width, float(shore)))
            x += width + random.uniform(2, 22)
    city = _as_array(picture)
    mirror = city[np.clip(2 * shore - np.arange(HEIGHT), 0, HEIGHT - 1)]
    ripple = (6 * np.sin(np.arange(HEIGHT) * 0.5 + 3 * random.random())).astype(int)
    mirror = np.stack([np.roll(row, shift, 0) for row, shift in zip(mirror, ripple, strict=True)])
    below = np.arange(HEIGHT)[:, None, None] > shore
    return _finish(np.where(below, 0.55 * mirror + 0.02, city), random, 0.02)


def _light_windows(
    draw: ImageDraw.ImageDraw,
    random: np.random.Generator,
    house: tuple[float, float, float, float],
) -> None:
    left, top, right, bottom = house
    for row in np.arange(top + 8, bottom - 8, 13):
        for column in np.arange(left + 6, right - 8, 10):
            if random.random() < 0.45:
                colour = _hsv(random.choice([0.11, 0.13, 0.15, 0.52]), 0.5, random.uniform(0.7, 1))
                fill = tuple(int(255 * part) for part in colour)
                draw.rectangle([column, row, column + 5, row + 7], fill=fill)


def forest(random: np.random.Generator) -> Image.Image:
    """Trunks in fog, the nearer the darker."""
    hue = random.uniform(0.2, 0.42)
    canvas = _gradient(_hsv(hue, 0.12, 0.92), _hsv(hue, 0.2, 0.8), _hsv(hue, 0.45, 0.4))
    picture = Image.fromarray((canvas * 255).astype(np.uint8))
    for layer in range(5):
        draw = ImageDraw.Draw(picture)
        shade = _hsv(hue, 0.2 + 0.08 * layer, 0.72 - 0.145 * layer)
        fill = tuple(int(255 * part) for part in shade)
        for _ in range(13 - 2 * layer):
            x, width = random.uniform(0, WIDTH), random.uniform(5, 9) * (1 + layer * 0.9)
            lean = random.normal(0, 10)
            foot = HEIGHT * (0.66 + 0.08 * layer)
            draw.polygon(
                (
                    (x - width, foot),
                    (x + width, foot),
                    (x + lean + width * 0.4, 0),
                    (x + lean - width * 0.4, 0),
                ),
                fill=fill,
            )
            for _branch in range(6):
                y = random.uniform(0, foot * 0.75)
                far = random.choice([-1, 1]) * random.uniform(30, 80) * (0.5 + layer * 0.2)
                draw.line([(x + lean * (1 - y / foot), y), (x + far, y - abs(far) * 0.5)], fill, 3)
        picture = picture.filter(ImageFilter.GaussianBlur(1.6 - 0.3 * layer))
        leaves = np.clip(_noise(random, 10) * 3 - 1.9, 0, 1) * np.linspace(1, 0.1, HEIGHT)[:, None]
        mixed = _over(_as_array(picture), shade, leaves * 0.75)
        ground = _below(_ridge(random, 0.72 + 0.07 * layer, 0.05, 3))
        mixed = _over(mixed, _hsv(hue, 0.45, 0.66 - 0.12 * layer), ground * 0.9)
        picture = Image.fromarray((np.clip(mixed, 0, 1) * 255).astype(np.uint8))
    return _finish(_as_array(picture), random)


def dunes(random: np.random.Generator) -> Image.Image:
    """Sand in low light under a clear sky."""
    hue = random.uniform(0.05, 0.1)
    canvas = _gradient(_hsv(0.58, 0.6, 0.75), _hsv(0.56, 0.3, 0.93), _hsv(hue + 0.03, 0.2, 0.98))
    for number in range(5):
        line = _ridge(random, 0.5 + 0.12 * number, 0.16, 1)
        line = np.asarray(np.convolve(np.pad(line, 30, "edge"), np.ones(61) / 61, "valid"))
        slope = np.gradient(line)
        lit = np.clip(0.5 + slope * 1.1, 0, 1)[None, :, None]
        sand = np.asarray(_hsv(hue, 0.55, 0.97)) * lit + np.asarray(_hsv(hue, 0.75, 0.5)) * (
            1 - lit
        )
        rows = np.arange(HEIGHT)[:, None] - line[None, :]
        ripples = 1 + 0.05 * np.sin(rows * (0.55 - 0.06 * number) + 9 * _noise(random, 3))
        shade = np.clip(1 - rows / 500, 0.55, 1)
        canvas = _over(canvas, sand * (ripples * shade)[..., None], _below(line))
    return _finish(canvas, random)


def fruit(random: np.random.Generator) -> Image.Image:
    """Apples or oranges on a wooden table."""
    wood = np.sin(_noise(random, 2)[:, :] * 30 + np.linspace(0, 60, HEIGHT)[:, None])
    canvas = np.asarray(_hsv(0.07, 0.6, 0.5)) * (1 + 0.12 * wood[..., None])
    wall = np.asarray(_hsv(random.uniform(0.1, 0.6), 0.12, 0.85))
    edge = HEIGHT * 0.4
    canvas = np.where(np.arange(HEIGHT)[:, None, None] < edge, wall, canvas)
    hue = random.choice([0.0, 0.07, 0.27])
    rows, columns = np.mgrid[:HEIGHT, :WIDTH]
    places = sorted(
        ((random.uniform(130, 670), random.uniform(270, 460)) for _ in range(7)), key=lambda p: p[1]
    )
    for x, y in places:
        radius = random.uniform(75, 105)
        shadow = np.exp(
            -(((columns - x - 25) / (radius * 1.1)) ** 2)
            - ((rows - y - radius * 0.85) / (radius * 0.3)) ** 2
        )
        canvas = canvas * (1 - 0.65 * shadow[..., None])
        far = np.hypot(columns - x, rows - y) / radius
        light = np.hypot(columns - x + radius * 0.35, rows - y + radius * 0.4) / radius
        body = np.asarray(_hsv(hue + random.normal(0, 0.012), 0.88, 0.95))
        body = body * np.clip(1.15 - 0.55 * light, 0.25, 1.1)[..., None]
        body = _over(body, (1, 1, 1), 0.85 * np.exp(-((light / 0.22) ** 2)))
        canvas = _over(canvas, body, np.clip((1 - far) * radius / 1.5, 0, 1))
    return _finish(canvas, random)


def marble(random: np.random.Generator) -> Image.Image:
    """Veins in polished stone."""
    hue = random.random()
    flow = _noise(random, 3)
    veins = np.abs(np.sin(10 * flow + 5 * _noise(random, 5)))
    light, dark = np.asarray(_hsv(hue, 0.12, 0.95)), np.asarray(_hsv(hue, 0.6, 0.35))
    canvas = dark + (light - dark) * (veins**0.45)[..., None]
    gold = np.clip(1 - 18 * np.abs(_noise(random, 4) - 0.5), 0, 1)
    return _finish(_over(canvas, _hsv(0.12, 0.6, 0.85), 0.7 * gold), random)


KINDS: dict[str, Callable[[np.random.Generator], Image.Image]] = {
    "mountains": mountains,
    "sea": sea,
    "flower": flower,
    "night city": night_city,
    "forest": forest,
    "dunes": dunes,
    "fruit": fruit,
    "marble": marble,
}


def draw_gallery(folder: Path, count: int = 48, seed: int = 2018) -> list[Path]:
    """Draw `count` pictures into a folder, the kinds in turn; returns their paths, oldest first."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number in range(count):
        kind = list(KINDS)[number % len(KINDS)]
        picture = KINDS[kind](np.random.default_rng([seed, number]))
        path = folder / f"{kind} {number // len(KINDS) + 1}.jpg"
        picture.save(path, quality=JPEG_QUALITY)
        os.utime(path, (FIRST_TIME + 60 * number,) * 2)
        paths.append(path)
    return paths


def main() -> None:
    """Draw what the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=48)
    parser.add_argument("--seed", type=int, default=2018)
    options = parser.parse_args()
    draw_gallery(options.folder, options.count, options.seed)


if __name__ == "__main__":
    main()
