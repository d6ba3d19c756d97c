# SPDX-License-Identifier: MIT
"""The child process that checks whether a file holds a network's weights.

`python -m gallery_search.embedding.weights_check`; a request names the backbone, the file and what
to call it, the answer is empty or holds the sentence that says what is wrong. The real network is
loaded with the file and sees one picture, so that what passes here works later. A child, because
the file may come from anywhere: a crash or a hang of a reader ends nothing else.
"""

from pathlib import Path

from gallery_search.embedding.backbones import Backbone, backbone
from gallery_search.errors import BackboneError
from gallery_search.language import mark
from gallery_search.processes import Message, serve


def check(spec: Backbone, file: Path, name: str) -> None:
    """Raise BackboneError, which calls the file `name`, where it does not serve the backbone."""
    import torch

    from gallery_search.embedding.network import load_recipe

    recipe = load_recipe(spec, file, name)
    side_px = spec.network_input.size_px
    generator = torch.Generator().manual_seed(0)
    pixels = torch.randint(0, 256, (1, side_px, side_px, 3), generator=generator)
    with torch.inference_mode():
        embedding = recipe(pixels.to(torch.uint8))[0]
    if not bool(torch.isfinite(embedding).all()) or not bool(embedding.any()):
        raise BackboneError(
            mark(
                "{what} does not hold the weights of {network}: with them the network gives no "
                "embedding."
            ).format(what=name, network=spec.name)
        )


def _handle(request: Message) -> Message:
    spec = backbone(request.head["backbone"])
    try:
        check(spec, Path(request.head["file"]), request.head["name"])
    except BackboneError as error:
        return Message({"error": str(error)})
    except (OSError, RuntimeError, ImportError, MemoryError) as error:
        reason = str(error).partition("\n")[0] or type(error).__name__
        return Message(
            {
                "error": mark("The network {network} cannot be loaded here: {reason}.").format(
                    network=spec.name, reason=reason
                )
            }
        )
    return Message({})


if __name__ == "__main__":
    serve(_handle)
