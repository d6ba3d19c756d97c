# SPDX-License-Identifier: MIT
"""Lets torchvision be imported without its compiled operators, which no network of ours uses.

They find boxes and read files; a build of theirs for CUDA does not load beside a PyTorch for
processors, and what they need is larger than all that is used of torchvision. Its Python code gives
some of them a second body at the import, which fails where they were never declared. The Full
edition runs this as a start-up script of PyInstaller's; who converts a network for it calls
`declare_when_needed` likewise.
"""

import contextlib
import importlib.util
import os
import re
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

_PACKAGE = "torchvision"
# Of `torchvision/csrc/ops`, as far as `_meta_registrations.py` registers for them whether or not
# the compiled operators were loaded.
_SCHEMAS = (
    "nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    "qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
)
_COMPILED = re.compile(r"_C(_stable)?\b.*\.(so|pyd|dylib)")  # as its releases call them
_kept: list[Any] = []  # what is declared lasts as long as this object


class _Watcher(MetaPathFinder):
    """Prepares for each package when it is first imported or looked for, and not before.

    Preparing for torchvision imports PyTorch, so `find_spec("torchvision")` does. The program only
    looks for torch and open_clip.
    """

    def __init__(self) -> None:
        self._waiting = {"torch": _let_sources_be_read, _PACKAGE: _declare}

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,  # noqa: ARG002 - as Python calls it
        target: ModuleType | None = None,  # noqa: ARG002 - likewise
    ) -> ModuleSpec | None:
        """None in each case: others find the module."""
        prepare = self._waiting.pop(fullname, None)
        if prepare is not None:
            prepare()
        return None


def declare_when_needed() -> None:
    """Have torchvision importable in this process; imports nothing yet."""
    sys.meta_path.insert(0, _Watcher())


def _let_sources_be_read() -> None:
    # A start-up script of PyInstaller's, which takes time; only PyTorch reads its own source.
    with contextlib.suppress(ImportError):  # not in a built program
        importlib.import_module("pyi_rth_inspect")


def _declare() -> None:
    import torch

    if not _has_operators(torch):
        library = torch.library.Library(_PACKAGE, "DEF")
        for schema in _SCHEMAS:
            library.define(schema)
        _kept.append(library)


def _has_operators(torch: Any) -> bool:
    """Load the compiled operators where they are there and fit; torchvision does it again."""
    spec = importlib.util.find_spec(_PACKAGE)
    for folder in (spec and spec.submodule_search_locations) or ():
        names = os.listdir(folder) if os.path.isdir(folder) else []
        for name in names:
            if _COMPILED.fullmatch(name):
                with contextlib.suppress(OSError):  # another build than PyTorch's
                    torch.ops.load_library(os.path.join(folder, name))
    return hasattr(torch.ops.torchvision, "nms")


if __name__ == "__main__":
    declare_when_needed()
