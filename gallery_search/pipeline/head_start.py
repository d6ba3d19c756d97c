# SPDX-License-Identifier: MIT
"""What a query waits for longest, begun before the rest of the pipeline is even imported.

This module imports little itself. Without it, a search as a command takes 8 % longer.
"""

import os

from gallery_search.catalogue import versions
from gallery_search.embedding.backbones import backbone
from gallery_search.embedding.early import EarlyOpening
from gallery_search.imaging.pool import DecoderPool
from gallery_search.paths import LibraryPaths
from gallery_search.pipeline.opening import settings_to_open_with
from gallery_search.pipeline.pace.throttle import Throttle
from gallery_search.settings import Settings


class HeadStart:
    """Decoders and network of a library that is about to be opened, for a `Library` to take over.

    Attributes:
        pool: the decoders, of which one is being started.
        opening: of the network.
        settings: those that both follow.
    """

    def __init__(self, paths: LibraryPaths, backbone_name: str | None, device: str | None) -> None:
        """Begin.

        Args:
            paths: of the library. Its lock is not needed: nothing is written but what belongs to
                networks, which commands prepare beside a window, too.
            backbone_name: as for the library; likewise `device`.
            device: where the network runs, in place of that in the settings.

        Raises:
            BackboneError: there is no such backbone.
            CatalogueTooNewError: the library is of a newer version; nothing is changed.
        """
        versions.refuse_newer_library(paths)  # or networks would be prepared in it
        self.settings = settings_to_open_with(
            paths.settings, backbone_name=backbone_name, device=device, is_watching=False
        )
        network = backbone(self.settings.backbone)
        throttle = Throttle(os.cpu_count() or 1)
        throttle.set_share(self.settings.share)
        self.pool = DecoderPool(throttle.decoders)
        self.pool.warm_up()
        try:
            self.opening = EarlyOpening(network, self.settings.device, paths.models)
        except BaseException:
            self.pool.close()
            raise

    def opening_for(self, settings: Settings) -> EarlyOpening | None:
        """The opening, or None, and it is given up, where these settings want another network."""
        own = self.settings
        if (settings.backbone, settings.device) == (own.backbone, own.device):
            return self.opening
        self.opening.discard()
        return None

    def discard(self) -> None:
        """End all of it, where no library takes it over; blocks until that is done."""
        self.pool.close()
        self.opening.discard()
