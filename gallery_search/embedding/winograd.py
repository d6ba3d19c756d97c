# SPDX-License-Identifier: MIT
"""3 x 3 convolutions with fewer multiplications, written in OpenVINO's own operations.

Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", 2015: tiles of m x m results
are made from n x n pixels (n = m + 2) with n * n multiplications for each pair of channels instead
of 9 * m * m, which is 2.25 times fewer for m = 2 and 4 times for m = 4. OpenVINO has that for no
processor with AVX2; VGG16 gets 1.5 to 1.9 times as fast by it, ResNet152 1.2 times.

Where one such convolution reads another's result, nothing is put in order in between.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from gallery_search.embedding.winograd_tiles import (
    Convolution,
    Pixels,
    in_bands,
    integers,
    operations,
    take,
)
from gallery_search.processor import features

# With fewer, or in smaller images, it takes longer than what it saves (docs/performance.md).
_LEAST_CHANNELS = 64
_LEAST_SIDE = 14
_BAND_BYTES = 3 << 20  # of gathered pixels at a time, about: they are to stay in the cache


def pays_here() -> bool:
    """Whether this processor is of the kind that it was measured on.

    With AVX-512, OpenVINO's own convolutions do twice as much at a time, and moving tiles does not.
    """
    found = features()
    return found.get("AVX2", False) and not found.get("AVX512F", True)


def rewrite(model: Any, *, band_bytes: int = _BAND_BYTES) -> int:
    """Replace the convolutions of a network where that pays; returns how many.

    What comes out differs from what came out by some 1e-6 of its size.

    Args:
        model: an `openvino.Model` in float32 for one image of a fixed size; it is changed.
        band_bytes: of the pixels that are gathered at a time.
    """
    op = operations()
    made: dict[str, Pixels] = {}  # by the name of the node that puts them in order
    for node in model.get_ordered_ops():
        found = _replaceable(node)
        if found is None:
            continue
        _, channels, height, width = found.image.get_shape()
        pixels = made.get(found.image.get_node().get_friendly_name())
        if pixels is None:
            upright = op.transpose(found.image, integers(0, 2, 3, 1))
            rows = op.reshape(upright, integers(-1, channels), False).output(0)
            pixels = Pixels(rows, np.arange(height * width))
        result = in_bands(found, pixels, (height, width), band_bytes)
        ordered = op.reshape(take(result.rows, result.order), integers(1, height, width, -1), False)
        image = op.transpose(ordered, integers(0, 3, 1, 2))
        for reader in found.last.output(0).get_target_inputs():
            reader.replace_source_output(image.output(0))
        image.set_friendly_name(f"{__name__} {len(made)}")
        made[image.get_friendly_name()] = result
    model.validate_nodes_and_infer_types()
    return len(made)


def _replaceable(node: Any) -> Convolution | None:
    """A node as a convolution that is faster this way, or None."""
    if node.get_type_name() != "Convolution":
        return None
    said = node.get_attributes()
    if any(
        list(said[name]) != [1, 1] for name in ("strides", "dilations", "pads_begin", "pads_end")
    ):
        return None
    image, weights = node.input_value(0), _constant(node.input_value(1))
    if weights is None or weights.dtype != np.float32 or weights.shape[2:] != (3, 3):
        return None
    if not image.get_partial_shape().is_static or image.get_shape()[0] != 1:
        return None
    too_few = min(weights.shape[:2]) < _LEAST_CHANNELS
    if too_few or min(image.get_shape()[2:]) < _LEAST_SIDE:
        return None
    last, bias, has_relu = node, None, False
    if (after := _only_reader(last, "Add")) is not None:
        constants = (_constant(after.input_value(number)) for number in (0, 1))
        shapes = [(1, len(weights), 1, 1), (len(weights), 1, 1)]
        bias = next((c.ravel() for c in constants if c is not None and c.shape in shapes), None)
        last = last if bias is None else after
    if (after := _only_reader(last, "Relu")) is not None:
        last, has_relu = after, True
    return Convolution(image, weights, bias, has_relu, last)


def _constant(output: Any) -> npt.NDArray[Any] | None:
    node = output.get_node()
    return np.asarray(node.data) if node.get_type_name() == "Constant" else None


def _only_reader(node: Any, kind: str) -> Any:
    """The one node that reads another, where it is of that kind; else None."""
    readers = [reader.get_node() for reader in node.output(0).get_target_inputs()]
    return readers[0] if len(readers) == 1 and readers[0].get_type_name() == kind else None
