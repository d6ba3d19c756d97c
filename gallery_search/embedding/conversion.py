# SPDX-License-Identifier: MIT
"""Having a backbone prepared by the converter's child process, where that was not done yet."""

import logging
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from gallery_search.embedding import prepared, weights
from gallery_search.embedding.backbones import Backbone
from gallery_search.embedding.prepared import Prepared
from gallery_search.errors import BackboneError, BackboneRefusedError, ChildError
from gallery_search.language import mark
from gallery_search.processes import Child
from gallery_search.records import Embeddings

log = logging.getLogger(__name__)

# Lite0 takes 3 s on an idle computer after 5 s of importing torch, VGG16 about 10 s.
_TIMEOUT_S = 300.0

_SPARE_BYTES = 4 << 20  # a network takes what its weights do, and its description

StartChild: TypeAlias = Callable[[str], Child]
"""Starts a child process of a module; raises ChildError. `Child` itself is one."""


def network_file(
    backbone: Backbone, models: Path, start_child: StartChild, *, is_damaged: bool = False
) -> Path:
    """The converted network, which is made where it is missing or known to be damaged.

    Raises:
        BackboneError: it cannot be made, in a sentence that says why.
    """
    files = prepared.locate(backbone, models)
    if files.is_complete and not is_damaged:
        damaged = files.damaged()
        is_damaged = bool(damaged)
        if is_damaged:
            log.warning("damaged, and made anew: %s", ", ".join(map(str, damaged)))
    if is_damaged or not files.is_complete:
        _prepare(backbone, models, files, start_child, with_network=True)
    prepared.tidy(backbone, models, files)
    return files.network


def references(backbone: Backbone, models: Path, start_child: StartChild) -> Embeddings:
    """The reference embeddings of `probe_images`, computed where they are missing or damaged.

    Raises:
        BackboneError: they cannot be computed.
    """
    files = prepared.locate(backbone, models)
    is_kept = files.references not in files.damaged()
    kept = prepared.read_references(files.references, backbone) if is_kept else None
    if kept is None:
        _prepare(backbone, models, files, start_child, with_network=False)
        kept = prepared.read_references(files.references, backbone)
    if kept is None:
        raise BackboneError(
            mark("The network {network} was not prepared: a file is damaged.").format(
                network=backbone.name
            )
        )
    return kept


def _prepare(
    backbone: Backbone,
    models: Path,
    files: Prepared,
    start_child: StartChild,
    *,
    with_network: bool,
) -> None:
    if files.is_installed:
        raise BackboneError(
            mark(
                "The network {network} that came with Gallery Search is damaged. Install "
                "Gallery Search again."
            ).format(network=backbone.name)
        )
    _check_disk(backbone, models)
    log.info("preparing %s in %s", backbone.name, models)
    weights.require_sound(backbone, models)
    request = {
        "backbone": backbone.name,
        "weights": str(weights.find(backbone, models)),
        "references": str(files.references),
        "network": str(files.network) if with_network else None,
    }
    try:
        child = start_child("gallery_search.embedding.converter")
    except ChildError as error:
        raise _failed(backbone, str(error)) from error
    try:
        answer = child.ask(request, timeout_s=_TIMEOUT_S)
    except ChildError as error:
        raise _failed(backbone, str(error)) from error
    finally:
        child.close()
    if "error" in answer.head:
        raise _failed(backbone, answer.head["error"])
    try:
        files.seal(with_network=with_network)
    except OSError as error:
        raise _failed(backbone, error.strerror or str(error)) from error


def _failed(backbone: Backbone, reason: str) -> BackboneError:
    return BackboneError(
        mark("The network {network} was not prepared: {reason}.").format(
            network=backbone.name, reason=reason.rstrip(".")
        )
    )


def _check_disk(backbone: Backbone, models: Path) -> None:
    """Raise BackboneRefusedError where what is prepared would find no room, or no permission."""
    needed_bytes = weights.find(backbone, models).stat().st_size + _SPARE_BYTES
    try:
        models.mkdir(parents=True, exist_ok=True)
        free_bytes = shutil.disk_usage(models).free
    except OSError as error:
        raise BackboneRefusedError(
            mark("The network {network} cannot be prepared in {folder}: {reason}.").format(
                network=backbone.name, folder=models, reason=error.strerror or error
            )
        ) from error
    if not os.access(models, os.W_OK):
        raise BackboneRefusedError(
            mark(
                "The network {network} cannot be prepared: the folder {folder} may not be "
                "written to. Allow this program to do so."
            ).format(network=backbone.name, folder=models)
        )
    if free_bytes < needed_bytes:
        raise BackboneRefusedError(
            mark(
                "The network {network} cannot be prepared: the disk of {folder} is full. Make "
                "room for {size} MB on it."
            ).format(network=backbone.name, folder=models, size=f"{needed_bytes / 1e6:,.0f}")
        )
