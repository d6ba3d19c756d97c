# SPDX-License-Identifier: MIT
"""The child process that prepares a backbone: its reference embeddings and its OpenVINO network.

`python -m gallery_search.embedding.converter`. A request {"backbone": name, "weights": path,
"references": path, "network": path or null} names the files to write; the answer is empty or holds
{"error": sentence}. A conversion whose embeddings differ from torch's is refused.
"""

import contextlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gallery_search.embedding.backbones import Backbone, backbone
from gallery_search.embedding.openvino_runtime import import_conversion, import_openvino
from gallery_search.embedding.prepared import temporary_name, write_references
from gallery_search.embedding.probes import MIN_COSINE, lowest_cosine, probe_images
from gallery_search.errors import BackboneError
from gallery_search.language import mark
from gallery_search.processes import Message, serve
from gallery_search.records import Embeddings

if TYPE_CHECKING:
    from gallery_search.embedding.network import Recipe


def prepare(spec: Backbone, weights: Path, references: Path, network: Path | None) -> None:
    """Write the reference embeddings and, where asked for, the network; each whole or not at all.

    Raises:
        BackboneError: the weights do not fit, or the converted network embeds otherwise than torch.
        OSError: a file cannot be written.
    """
    import torch

    from gallery_search.embedding.network import load_recipe

    recipe = load_recipe(spec, weights)
    with torch.inference_mode():
        expected = recipe(torch.from_numpy(probe_images(spec.network_input.size_px))).numpy()
    if not np.all(np.isfinite(expected)):
        raise BackboneError(mark("its weights are damaged: they give no embeddings."))
    if network is not None:
        _convert(recipe, spec, expected, network)
    write_references(references, expected)


def _convert(recipe: "Recipe", spec: Backbone, expected: Embeddings, file: Path) -> None:
    import torch

    openvino, convert_model = import_openvino(), import_conversion()
    size = spec.network_input.size_px
    pixels = probe_images(size)
    with torch.inference_mode():
        model = convert_model(recipe, example_input=torch.from_numpy(pixels))
    model.reshape([-1, size, size, 3])
    file.parent.mkdir(parents=True, exist_ok=True)
    temporary = temporary_name(file)
    try:
        try:
            openvino.save_model(model, temporary, compress_to_fp16=False)
        except RuntimeError as error:  # which says nothing but that writing failed
            raise BackboneError(
                mark(
                    "{folder} cannot be written, or there is no space left. Make some, then try "
                    "again."
                ).format(folder=file.parent)
            ) from error
        # What was written is checked, not what is in memory: a full disk cuts it off silently.
        compiled = openvino.Core().compile_model(
            temporary, "CPU", {"INFERENCE_PRECISION_HINT": "f32"}
        )
        cosine = lowest_cosine(compiled(pixels)[0], expected)
        if cosine < MIN_COSINE:
            raise BackboneError(
                mark(
                    "converted, it gives other embeddings than the original (cosine {cosine}), so "
                    "it is not used. Choose another device."
                ).format(cosine=f"{cosine:.4f}")
            )
        del compiled  # it holds the file open, which Windows would not rename
        os.replace(temporary.with_suffix(".bin"), file.with_suffix(".bin"))
        os.replace(temporary, file)
    finally:
        for unfinished in (temporary, temporary.with_suffix(".bin")):
            with contextlib.suppress(OSError):
                unfinished.unlink(missing_ok=True)


def _handle(request: Message) -> Message:
    head = request.head
    try:
        network = None if head["network"] is None else Path(head["network"])
        prepare(
            backbone(head["backbone"]), Path(head["weights"]), Path(head["references"]), network
        )
    except BackboneError as error:
        return Message({"error": str(error)})
    except (OSError, RuntimeError, ImportError, MemoryError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error).partition("\n")[0]
        return Message({"error": f"{(reason or type(error).__name__).rstrip('.')}."})
    return Message({})


if __name__ == "__main__":
    serve(_handle)
