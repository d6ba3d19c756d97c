# SPDX-License-Identifier: MIT
"""Photos that the tests draw themselves: distinct pictures from a seed, and copies of them."""

import io
import os
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageOps

TAG_DATE_TAKEN = 0x9003
TAG_EXIF = 0x8769


def draw(seed: int, side_px: int = 160) -> Image.Image:
    """A picture that looks like no other seed's: a gradient, a texture and some shapes."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0 : 1 : side_px * 1j, 0 : 1 : side_px * 1j][..., np.newaxis]
    low, high = rng.integers(0, 256, (2, 3))
    angle = rng.uniform(0, 2 * np.pi)
    across = np.cos(angle) * (x - 0.5) + np.sin(angle) * (y - 0.5) + 0.5
    waves = np.sin(2 * np.pi * (rng.uniform(2, 20) * x + rng.uniform(2, 20) * y))
    pixels = low + (high - low) * across + rng.uniform(0, 50) * waves
    pixels += rng.normal(0, rng.uniform(0, 25), pixels.shape)
    image = Image.fromarray(pixels.clip(0, 255).astype(np.uint8))
    canvas = ImageDraw.Draw(image)
    for _ in range(rng.integers(2, 7)):
        x0, y0 = rng.integers(0, side_px * 3 // 4, 2)
        width, height = rng.integers(side_px // 8, side_px // 2, 2)
        box = (int(x0), int(y0), int(x0 + width), int(y0 + height))
        colour = tuple(int(value) for value in rng.integers(0, 256, 3))
        match rng.integers(4):
            case 0:
                canvas.ellipse(box, fill=colour)
            case 1:
                canvas.rectangle(box, fill=colour, outline="white", width=3)
            case 2:
                canvas.polygon([box[:2], box[2:], (box[0], box[3])], fill=colour)
            case _:
                canvas.line(box, fill=colour, width=side_px // 16)
    return image


def write(path: Path, image: Image.Image, *, taken: str | None = None, age_s: float = 60) -> Path:
    """Save a picture, in the format that its name says, as a file that is `age_s` old.

    Args:
        path: the file.
        image: the picture.
        taken: EXIF date, such as "2020:05:17 12:00:00".
        age_s: files of less than a second are still being written, as far as one can tell.
    """
    exif = Image.Exif()
    if taken is not None:
        exif.get_ifd(TAG_EXIF)[TAG_DATE_TAKEN] = taken
    image.save(path, exif=exif)
    make_older(path, age_s)
    return path


def make_older(path: Path, age_s: float) -> None:
    """Set a file's time back."""
    mtime = os.stat(path).st_mtime - age_s
    os.utime(path, (mtime, mtime))


def draw_gallery(
    folder: Path, count: int, *, first_seed: int = 0, side_px: int = 160
) -> list[Path]:
    """Draw `count` photos into a new folder."""
    folder.mkdir(parents=True)
    return [
        write(folder / f"photo-{seed:04}.jpg", draw(seed, side_px), age_s=60 + seed)
        for seed in range(first_seed, first_seed + count)
    ]


def write_backlog(folder: Path, count: int, *, side_px: int = 32) -> None:
    """Many files at once that all have to be read and embedded: one picture, other bytes each."""
    folder.mkdir(parents=True)
    buffer = io.BytesIO()
    draw(99, side_px).save(buffer, "JPEG")
    for number in range(count):
        path = folder / f"waiting-{number:05}.jpg"
        path.write_bytes(buffer.getvalue() + number.to_bytes(4, "big"))
        os.utime(path, (10**9 + number, 10**9 + number))


def edited_copy(path: Path, copy: Path) -> Path:
    """A cropped, greyed, re-compressed copy of a photo."""
    with Image.open(path) as image:
        width, height = image.size
        cropped = image.crop((width // 12, height // 12, width * 11 // 12, height * 11 // 12))
        ImageOps.grayscale(cropped).save(copy, quality=40)
    return copy


def listing(folder: Path) -> dict[str, tuple[int, int]]:
    """All that lies below a folder, with sizes and times: to see that nothing was touched."""
    return {
        str(path.relative_to(folder)): (path.stat().st_size, path.stat().st_mtime_ns)
        for path in sorted(folder.rglob("*"))
    }
