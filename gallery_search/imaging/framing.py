# SPDX-License-Identifier: MIT
"""Which part of an image becomes the network's input. Pure, without Pillow."""

from typing import TypeAlias

from gallery_search.records import InputSpec, Region

Box: TypeAlias = tuple[float, float, float, float]


def seen_box(size: tuple[int, int], spec: InputSpec) -> Box:
    """Left, top, right and bottom in pixels of what a network sees of an upright image."""
    return _crop_box(size, spec) if spec.fit == "crop" else _cut_box(size, spec.max_cut)


def seen_region(size: tuple[int, int], spec: InputSpec) -> Region:
    """The same, as shares of width and height."""
    left, top, right, bottom = seen_box(size, spec)
    width, height = size
    return left / width, top / height, right / width, bottom / height


def _cut_box(size: tuple[int, int], max_cut: float) -> Box:
    """The middle of the image, nearer to a square by at most `max_cut` of the longer side."""
    width, height = size
    longer = max(size)
    kept = max(min(size), longer * (1.0 - max_cut))
    margin = (longer - kept) / 2
    if width > height:
        return margin, 0.0, margin + kept, float(height)
    return 0.0, margin, float(width), margin + kept


def _crop_box(size: tuple[int, int], spec: InputSpec) -> Box:
    """What of the image becomes the network's input, so that one resize cuts and shrinks.

    The rounding is that of torchvision's Resize and CenterCrop, with which the networks learned:
    the pixels are the same as if the whole image were resized and then cut.
    """
    shorter = min(size)
    resized = [spec.shorter_side_px * side // shorter for side in size]
    starts = [round((side - spec.size_px) / 2) for side in resized]
    (left, right), (top, bottom) = (
        (start * side / whole, (start + spec.size_px) * side / whole)
        for start, side, whole in zip(starts, size, resized, strict=True)
    )
    return left, top, right, bottom
