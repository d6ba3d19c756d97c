# SPDX-License-Identifier: MIT
"""The settings that a library is opened with: those that are kept, and what replaces them."""

import logging
from pathlib import Path

from msgspec.structs import replace

from gallery_search import settings as settings_file
from gallery_search.embedding.backbones import backbone
from gallery_search.errors import BackboneError
from gallery_search.settings import Settings

log = logging.getLogger(__name__)


def settings_to_open_with(
    file: Path, *, backbone_name: str | None, device: str | None, is_watching: bool
) -> Settings:
    """The settings of a file, for this one time with another network or device.

    Args:
        file: may be missing.
        backbone_name: network to use in place of that in the settings.
        device: where the network runs, in place of that in the settings.
        is_watching: whether it stays paused where it was; not so for a command that indexes.
    """
    settings = _with_known_backbone(settings_file.load(file))
    return replace(
        settings,
        backbone=backbone_name or settings.backbone,
        incoming="" if backbone_name else settings.incoming,
        device=device or settings.device,
        is_paused=settings.is_paused and is_watching,
    )


def _with_known_backbone(settings: Settings) -> Settings:
    """Settings whose backbone this version of the program knows."""
    try:
        backbone(settings.backbone)
    except BackboneError as error:
        log.warning("%s The default is used.", error)
        return replace(settings, backbone=Settings().backbone)
    return settings
