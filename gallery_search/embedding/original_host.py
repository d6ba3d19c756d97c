# SPDX-License-Identifier: MIT
"""The child process that embeds as the original study did, to show what that costs.

`python -m gallery_search.embedding.original_host`. Its networks were never switched to evaluation
mode: batch normalisation takes mean and deviation from the batch, and dropout leaves out half of
VGG16's first layer at random. And pixels went in from 0 to 1, without the networks' normalisation.
Requests, where {"error": sentence} answers what failed:

- {"ask": "load", "backbone", "weights", "device"}: {}.
- {"ask": "embed", "size": px, "seed": n}, one part of px x px x 3 bytes a picture: one part, the
  embeddings (n, d) float32 of unit length. The seed is that of dropout.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from msgspec import structs

from gallery_search.embedding.backbones import backbone
from gallery_search.errors import BackboneError
from gallery_search.processes import Message, serve

if TYPE_CHECKING:
    import torch

    from gallery_search.embedding.network import Recipe


class OriginalHost:
    """Answers the requests; holds the network that was loaded last."""

    def __init__(self) -> None:
        self._recipe: Recipe | None = None
        self._device: torch.device | None = None

    def handle(self, request: Message) -> Message:
        """Answer one request."""
        try:
            if request.head["ask"] == "load":
                return self._load(request)
            return self._embed(request)
        except BackboneError as error:
            return Message({"error": str(error)})
        except (RuntimeError, ImportError, OSError, MemoryError) as error:
            reason = str(error).partition("\n")[0] or type(error).__name__
            return Message({"error": f"{reason.rstrip('.')}."})

    def _load(self, request: Message) -> Message:
        import torch

        from gallery_search.embedding.network import load_recipe

        head = request.head
        spec = backbone(head["backbone"])
        as_it_is = structs.replace(spec, mean=(0.0, 0.0, 0.0), deviation=(1.0, 1.0, 1.0))
        self._device = torch.device(head["device"])
        torch.empty(0, device=self._device)  # before half a gigabyte is read in vain
        recipe = load_recipe(as_it_is, Path(head["weights"])).train()
        for module in recipe.modules():
            # The running averages have no part in what comes out, and lie in the weights file.
            if isinstance(module, torch.nn.BatchNorm2d):
                module.track_running_stats = False
        self._recipe = recipe.to(self._device)
        return Message({})

    def _embed(self, request: Message) -> Message:
        import torch

        if self._recipe is None:
            raise BackboneError("No network is loaded.")
        size = request.head["size"]
        pictures = [np.frombuffer(part, np.uint8).reshape(size, size, 3) for part in request.parts]
        torch.manual_seed(request.head["seed"])
        with torch.inference_mode():
            pixels = torch.from_numpy(np.stack(pictures)).to(self._device)
            embeddings = self._recipe(pixels).cpu().numpy()
        return Message({}, (np.ascontiguousarray(embeddings, np.float32).data,))


if __name__ == "__main__":
    serve(OriginalHost().handle)
