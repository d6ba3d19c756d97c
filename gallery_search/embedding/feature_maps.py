# SPDX-License-Identifier: MIT
"""A backbone's last feature map beside its embedding, for those who ask where photos match.

The converted network is loaded a second time with the map as a second output, so that the one
that embeds all photos is not slowed, and nothing needs torch once a network is converted.
"""

import logging
from pathlib import Path
from typing import Any

import numpy as np
from msgspec import Struct

from gallery_search.embedding import matching
from gallery_search.embedding.backbones import Backbone
from gallery_search.embedding.conversion import StartChild, network_file
from gallery_search.embedding.matching import Floats, Tail
from gallery_search.embedding.openvino_runtime import core
from gallery_search.embedding.probes import probe_images
from gallery_search.errors import BackboneError
from gallery_search.language import mark
from gallery_search.processes import Child
from gallery_search.records import Embeddings, Pixels

log = logging.getLogger(__name__)

_SKIPPED = frozenset({"Power", "Reshape", "Squeeze", "Convert"})  # between the mean and its matrix


class Mapped(Struct, frozen=True, eq=False):
    """What a network makes of an image.

    Attributes:
        embedding: (d,) float32, unit length.
        features: the last map as it is pooled, (channels, h, w) float32.
    """

    embedding: Embeddings
    features: Floats


class FeatureMaps:
    """A backbone on the CPU that shows its last feature map. One thread at a time.

    Attributes:
        tail: how the map becomes part of the embedding.
    """

    def __init__(self, backbone: Backbone, models: Path, start_child: StartChild = Child) -> None:
        """Load the converted network, or convert it first, where a GPU does the other work.

        Args:
            backbone: one with a `map_start`.
            models: the library's folder of networks.
            start_child: how to start child processes.

        Raises:
            BackboneError: it cannot be loaded, or is not built as expected.
        """
        if backbone.map_start is None:
            raise BackboneError(
                mark("The network {network} keeps no places apart.").format(network=backbone.name)
            )
        file = network_file(backbone, models, start_child)
        size_px = backbone.network_input.size_px
        try:
            model = core().read_model(file)
            model.reshape([1, size_px, size_px, 3])
            pool = _last_pooling(model)
            source, self.tail = _tail(pool, backbone.map_start)
            model.add_outputs([source])
            configuration = {"INFERENCE_PRECISION_HINT": "f32", "PERFORMANCE_HINT": "LATENCY"}
            self._request = core().compile_model(model, "CPU", configuration).create_infer_request()
            probe = self.map(probe_images(size_px)[0])
        except (RuntimeError, LookupError, ValueError) as error:
            log.warning("no feature map of %s: %s", backbone.name, error)
            raise BackboneError(
                mark("The feature map of {network} cannot be had.").format(network=backbone.name)
            ) from error
        if not matching.fits(probe.features, probe.embedding, self.tail):
            raise BackboneError(
                mark("The feature map of {network} is not what its photos hold.").format(
                    network=backbone.name
                )
            )

    def map(self, image: Pixels) -> Mapped:
        """Run the network on a network input (h, w, 3) uint8; raises RuntimeError."""
        self._request.infer([image[np.newaxis]])
        embedding = np.array(self._request.get_output_tensor(0).data[0])
        features = np.array(self._request.get_output_tensor(1).data[0])
        if features.ndim == 2:  # the patches of a transformer, row by row: (places, channels)
            side = round(len(features) ** 0.5)
            features = features.T.reshape(-1, side, side)
        return Mapped(embedding, features)


def _last_pooling(model: Any) -> Any:
    """The operation that takes the mean over all places of the last map; raises LookupError."""
    for operation in reversed(model.get_ordered_ops()):
        if operation.get_type_name() == "ReduceMean":
            rank = len(operation.input_value(0).get_partial_shape())
            axes = {int(axis) % rank for axis in np.atleast_1d(_constant(operation, 1))}
            if (rank, axes) in ((4, {2, 3}), (3, {1})):
                return operation
    raise LookupError("no mean over the places of a map")


def _tail(pool: Any, start: int) -> tuple[Any, Tail]:
    """What is pooled, as an output of the network, and what becomes of it."""
    source, power = pool.input_value(0), 1.0
    if source.get_node().get_type_name() == "Power":
        power = float(_constant(source.get_node(), 1).item())
        source = source.get_node().input_value(0)
    following = _only_consumer(pool)
    while following is not None and following.get_type_name() in _SKIPPED:
        following = _only_consumer(following)
    if following is None or following.get_type_name() != "MatMul":
        return source, Tail(power, start)
    matrix = _constant(following, 1)
    if following.get_attributes()["transpose_b"]:
        matrix = matrix.T
    after = _only_consumer(following)
    bias = None
    if after is not None and after.get_type_name() == "Add":
        bias = _constant(after, 1).reshape(-1)
    return source, Tail(power, start, matrix, bias)


def _only_consumer(operation: Any) -> Any:
    """The operation that takes the result of another; None where there are several."""
    targets = list(operation.output(0).get_target_inputs())
    return targets[0].get_node() if len(targets) == 1 else None


def _constant(operation: Any, number: int) -> Floats:
    """The numbers of a constant input."""
    return np.array(operation.input_value(number).get_node().get_data())
