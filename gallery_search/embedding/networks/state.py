# SPDX-License-Identifier: MIT
"""Reading a file of weights, and fitting it into a network, without running code from it.

Weights come from the network, or from anywhere if the user chose the file. Two formats are read:
PyTorch's, through an unpickler that makes tensors and nothing else (`weights_only`), and
safetensors. What differs from the network is told by its first entry, with both shapes.
"""

import pickle
import warnings
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

import safetensors
import safetensors.torch
import torch
from torch import nn

from gallery_search.errors import BackboneError
from gallery_search.language import mark

State: TypeAlias = dict[str, torch.Tensor]

_ZIP = b"PK\x03\x04"
# How torch.save began before 1.6: pickle's protocol 2 and the number 0x1950a86a20f9469cfc6c.
_LEGACY = bytes.fromhex("80028a0a6cfc9c46f9206aa85019")
_MAX_HEADER_BYTES = 100_000_000  # of a safetensors file, as its own library limits it
_WELL_KNOWN = {  # what people choose by mistake, or a server sends instead
    b"\xff\xd8\xff": mark("it is an image"),
    b"\x89PNG": mark("it is an image"),
    b"<": mark("it is a web page"),
    b"version https://git-lfs": mark("it only points to the weights, as Git LFS does"),
    b"\x80": mark("it is a pickle without weights"),
}
# Counters that training keeps. Files older than PyTorch 0.4.1 lack them; nothing here reads them.
_UNUSED = ".num_batches_tracked"


class UnfitError(BackboneError):
    """A file does not hold a network's weights; the text is the reason, as part of a sentence."""


def read(file: Path) -> State:
    """The tensors of a file, by name, on the CPU; they may be views of the file.

    Raises:
        UnfitError: it is not a file of weights, is damaged, or holds anything else.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about oddities that are refused below
            stored = _load(file)
    except UnfitError:
        raise
    except pickle.UnpicklingError as error:
        if "unsupported" in str(error).lower():
            raise UnfitError(mark("it holds Python code, which is never run")) from error
        raise UnfitError(mark("it is damaged or incomplete")) from error
    except (OSError, MemoryError) as error:
        raise UnfitError(mark("it cannot be read ({reason})").format(reason=error)) from error
    except (
        # What the two libraries raise for damage is nowhere listed; all of these were seen.
        RuntimeError,
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
        AssertionError,
        ArithmeticError,
        EOFError,
        safetensors.SafetensorError,
        zipfile.BadZipFile,
    ) as error:
        raise UnfitError(mark("it is damaged or incomplete")) from error
    if not isinstance(stored, Mapping) or not stored:
        raise UnfitError(mark("it holds no entries with names"))
    for name, value in stored.items():
        if not isinstance(name, str) or not isinstance(value, torch.Tensor):
            raise UnfitError(
                mark("its entry {name} is not a tensor").format(name=f"{str(name)[:100]!r}")
            )
        if value.layout != torch.strided or value.is_quantized or value.device.type != "cpu":
            raise UnfitError(mark("its entry {name} is not a plain tensor").format(name=name))
    return dict(stored)


def fit(network: nn.Module, stored: State) -> None:
    """Put the weights into a network, which may be on the device "meta", as float32.

    Raises:
        UnfitError: an entry is missing, unknown, of another shape or kind, or not finite.
    """
    expected = network.state_dict()
    weights: State = {}
    for name, tensor in expected.items():
        if name in stored:
            weights[name] = _checked(name, stored[name], tensor)
        elif name.endswith(_UNUSED):
            weights[name] = torch.zeros(tensor.shape, dtype=tensor.dtype)
        else:
            raise UnfitError(
                mark("it has no {name}, which is {shape} in this network").format(
                    name=name, shape=tuple(tensor.shape)
                )
            )
    for name, value in stored.items():
        if name not in expected:
            raise UnfitError(
                mark("it has {name} {shape}, which this network has not").format(
                    name=name, shape=tuple(value.shape)
                )
            )
    network.load_state_dict(weights, assign=True)
    network.requires_grad_(False)


def _checked(name: str, value: torch.Tensor, expected: torch.Tensor) -> torch.Tensor:
    if value.shape != expected.shape:
        raise UnfitError(
            mark("{name} is {shape} in it, but {expected} in this network").format(
                name=name, shape=tuple(value.shape), expected=tuple(expected.shape)
            )
        )
    if not expected.is_floating_point():
        if value.is_floating_point() or value.is_complex():
            raise UnfitError(mark("{name} is not made of whole numbers").format(name=name))
        return value.to(expected.dtype)
    if not value.is_floating_point():
        raise UnfitError(mark("{name} is not made of real numbers").format(name=name))
    value = value.to(torch.float32).contiguous()
    # The least and the greatest value are NaN where any is; quicker than asking each value.
    if value.numel() and not bool(torch.isfinite(torch.stack(value.aminmax())).all()):
        raise UnfitError(mark("{name} holds values that are not finite").format(name=name))
    return value


def _load(file: Path) -> Any:
    size = file.stat().st_size
    with file.open("rb") as stream:
        head = stream.read(32)
    if not head:
        raise UnfitError(mark("it is empty"))
    if head.startswith(_ZIP):
        _refuse_other_archives(file)
        # Mapped rather than read: VGG16's half gigabyte is then not in memory twice.
        return torch.load(file, map_location="cpu", weights_only=True, mmap=True)
    if head.startswith(_LEGACY):
        return torch.load(file, map_location="cpu", weights_only=True)
    header = int.from_bytes(head[:8], "little")
    if head[8:9] == b"{" and header <= min(_MAX_HEADER_BYTES, size - 8):
        return safetensors.torch.load_file(file, device="cpu")
    for start, reason in _WELL_KNOWN.items():
        if head.lstrip().startswith(start):
            raise UnfitError(reason)
    raise UnfitError(mark("it is not a file of PyTorch or safetensors"))


def _refuse_other_archives(file: Path) -> None:
    """Refuse zip archives that torch.save did not write; raises UnfitError or BadZipFile."""
    with zipfile.ZipFile(file) as archive:
        members = archive.infolist()
    inner = {member.filename.partition("/")[2] for member in members}
    if "constants.pkl" in inner or any(name.startswith("code/") for name in inner):
        raise UnfitError(
            mark("it is a TorchScript program, which is never run; only weights are read")
        )
    if "data.pkl" not in inner:
        raise UnfitError(mark("it is an archive without weights"))
    if any(member.compress_type != zipfile.ZIP_STORED for member in members):
        # torch.save never compresses, and a few bytes could unpack to more than the memory.
        raise UnfitError(mark("it is a compressed archive"))
