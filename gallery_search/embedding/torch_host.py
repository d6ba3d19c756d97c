# SPDX-License-Identifier: MIT
"""The child process in which torch runs a backbone on a GPU, and embeds words on the CPU.

`python -m gallery_search.embedding.torch_host`. Requests, where `{"error": sentence}` answers what
failed:

- {"ask": "devices"}: {"devices": names}.
- {"ask": "load", "backbone", "weights", "device", "precision"}: {"name": the device's product}.
- {"ask": "embed", "size": px, "full": n, "is_last": b}, one part of px x px x 3 bytes a photo: {}
  as soon as the device has begun; where `is_last`, the embeddings of all photos since the last
  such answer, with {"largest": n} where memory sets a limit, and {"precision": p}. `full` is the
  usual number of photos.
- {"ask": "embed_text", "backbone", "weights", "text"}: one embedding.
"""

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from gallery_search.embedding.backbones import backbone
from gallery_search.errors import BackboneError
from gallery_search.language import mark
from gallery_search.processes import Message, serve

if TYPE_CHECKING:
    import torch

    from gallery_search.embedding.network import Recipe

_PIPE_BYTES = 1 << 20  # seven photos at 224 px; halves the time of a transfer over the usual 64 KiB

# How allocators say that memory is short where they raise no type of their own: the CPU's on
# Linux and on Windows, Metal's, cuDNN and cuBLAS, C++ itself, and oneDNN on the CPU.
_OUT_OF_MEMORY = (
    "out of memory",
    "can't allocate memory",
    "not enough memory",
    "ALLOC_FAILED",
    "bad_alloc",
    "could not create a primitive",
)


def devices() -> list[str]:
    """The devices that torch can use here besides the CPU, the fastest kind first."""
    import torch

    found = []
    if torch.cuda.is_available():
        found.append("cuda")
    if torch.backends.mps.is_available():
        found.append("mps")
    if hasattr(torch, "xpu") and torch.xpu.is_available():
        found.append("xpu")
    return found


class TorchHost:
    """Answers the requests; holds the network that was loaded last."""

    def __init__(self) -> None:
        self._loaded: dict[str, Any] = {}
        self._recipe: Recipe | None = None
        self._device: torch.device | None = None
        self._largest: int | None = None  # photos at a time that the memory holds
        self._begun: list[tuple[torch.Tensor, torch.Tensor]] = []  # pixels, embeddings
        self._words: Any = None

    def handle(self, request: Message) -> Message:
        """Answer one request."""
        try:
            match request.head["ask"]:
                case "devices":
                    return Message({"devices": devices()})
                case "load":
                    self._loaded = dict(request.head)
                    self._largest = None
                    return Message({"name": self._load()})
                case "embed_text":
                    return self._embed_text(request)
                case _:
                    return self._embed(request)
        except BackboneError as error:
            sentence = str(error)
        except (RuntimeError, ImportError, OSError, MemoryError) as error:
            # The first line alone: the others of torch's messages are for programmers.
            reason = str(error).partition("\n")[0] or type(error).__name__
            sentence = f"{reason.rstrip('.')}."
        self._begun.clear()
        return Message({"error": sentence})

    def _load(self) -> str:
        import torch

        from gallery_search.embedding.network import load_recipe

        device = self._loaded["device"]
        if device.partition(":")[0] not in ("cpu", *devices()):
            raise BackboneError(mark("torch finds no such device on this computer."))
        self._recipe = None  # its memory is free before the next takes its own
        self._device = torch.device(device)
        recipe = load_recipe(backbone(self._loaded["backbone"]), Path(self._loaded["weights"]))
        if self._loaded["precision"] == "float16":
            recipe.halve()
        recipe = recipe.to(self._device)
        self._recipe = recipe.to(memory_format=torch.channels_last)
        return _product(self._device)

    def _embed(self, request: Message) -> Message:
        import torch

        if request.parts:
            pixels = self._pinned(request)
            # It tries algorithms for each new shape, which pays only for the one that comes often.
            torch.backends.cudnn.benchmark = len(request.parts) == request.head["full"]
            self._begun.append((pixels, self._run(pixels)))
        if not request.head["is_last"]:
            return Message({})
        begun, self._begun = self._begun, []
        embeddings = torch.cat([each for _, each in begun]).cpu()
        if self._loaded["precision"] == "float16" and not bool(torch.isfinite(embeddings).all()):
            self._loaded["precision"] = "float32"  # a value was too large for float16
            self._load()
            embeddings = torch.cat([self._run(each) for each, _ in begun]).cpu()
        head = {"largest": self._largest, "precision": self._loaded["precision"]}
        return Message(head, (embeddings.numpy().data,))

    def _pinned(self, request: Message) -> "torch.Tensor":
        """The photos of a request as one tensor, from which a GPU can fetch them by itself."""
        import torch

        if self._device is None:
            raise BackboneError(mark("No network is loaded."))
        size = request.head["size"]
        pixels = torch.empty(
            (len(request.parts), size, size, 3),
            dtype=torch.uint8,
            pin_memory=self._device.type == "cuda",
        )
        for place, part in zip(pixels.numpy(), request.parts, strict=True):
            place[:] = np.frombuffer(part, np.uint8).reshape(place.shape)
        return pixels

    def _run(self, pixels: "torch.Tensor") -> "torch.Tensor":
        """Embed pixels without waiting for the device, in parts where its memory is too small."""
        import torch

        assert self._recipe is not None
        done: list[torch.Tensor] = []
        start = 0
        while start < len(pixels):
            step = min(len(pixels) - start, self._largest or len(pixels))
            part = pixels[start : start + step]
            try:
                with torch.inference_mode():
                    done.append(self._recipe(part.to(self._device, non_blocking=True)))
            except (RuntimeError, MemoryError) as error:
                if not _is_out_of_memory(error):
                    raise
                is_too_large = True
            else:
                is_too_large = False
                start += step
            if is_too_large:  # only here is the error gone, and with it what the network held
                self._free()
                if step == 1:
                    raise BackboneError(mark("its memory is too small for a single photo."))
                self._largest = step // 2
        return torch.cat(done)

    def _free(self) -> None:
        import torch

        match self._device.type if self._device is not None else "":
            case "cuda":
                torch.cuda.empty_cache()
            case "mps":
                torch.mps.empty_cache()
            case "xpu":
                torch.xpu.empty_cache()

    def _embed_text(self, request: Message) -> Message:
        from gallery_search.embedding.network import load_text_recipe

        if self._words is None:
            name, weights = request.head["backbone"], request.head["weights"]
            self._words = load_text_recipe(backbone(name), Path(weights))
        embedding = np.ascontiguousarray(self._words.embed(request.head["text"]), np.float32)
        return Message({}, (embedding.tobytes(),))


def _product(device: "torch.device") -> str:
    import torch

    match device.type:
        case "cuda":
            return torch.cuda.get_device_name(device)
        case "xpu":
            return str(torch.xpu.get_device_name(device))
        case _:
            return device.type


def _is_out_of_memory(error: BaseException) -> bool:
    import torch

    return isinstance(error, (torch.OutOfMemoryError, MemoryError)) or any(
        text in str(error) for text in _OUT_OF_MEMORY
    )


def _widen_input() -> None:
    """Let the parent write several photos at once, where the system can (Linux)."""
    try:
        import fcntl

        set_size = fcntl.F_SETPIPE_SZ
    except (ImportError, AttributeError):
        return
    with contextlib.suppress(OSError):
        fcntl.fcntl(0, set_size, _PIPE_BYTES)


if __name__ == "__main__":
    _widen_input()
    serve(TorchHost().handle)
