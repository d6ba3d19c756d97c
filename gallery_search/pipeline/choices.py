# SPDX-License-Identifier: MIT
"""What the user chooses for a library at work, on the worker's side: what is left out, the device.

How considerate indexing is to be belongs to `pace`, the networks to `backbones`.
"""

from collections.abc import Callable

from gallery_search.choices import DevicesChanged, ExclusionsChanged
from gallery_search.pipeline.backbones.switching import Switching
from gallery_search.pipeline.intake.folders import Folders
from gallery_search.pipeline.preferences import Preferences
from gallery_search.pipeline.watching.exclusions import Exclusions


class Choices:
    """Carries choices out, remembers them and tells of them; worker thread only."""

    def __init__(
        self,
        preferences: Preferences,
        folders: Folders,
        switching: Switching,
        emit: Callable[[ExclusionsChanged | DevicesChanged], None],
    ) -> None:
        self._preferences = preferences
        self._folders = folders
        self._switching = switching
        self._emit = emit
        self._available: tuple[str, ...] = ()

    def tell(self) -> None:
        """Tell what is left out."""
        now = self._preferences.now
        self._emit(ExclusionsChanged(now.excluded_folders, now.excluded_patterns))

    def exclude(self, exclusions: Exclusions) -> None:
        """Leave only these folders and names out of the library; remembered."""
        self._preferences.keep(**exclusions.settings)
        self.tell()
        self._folders.exclude(exclusions)

    def tell_devices(self, available: tuple[str, ...]) -> None:
        """Tell of the devices, now that it is known which ones there are."""
        self._available = available
        self._tell_device()

    def use_device(self, device: str) -> None:
        """Have the networks run on a device; remembered, unless the active one cannot run there.

        Until it is loaded there, it goes on where it is.
        """
        network = self._switching.active.network
        # It is not where it is wanted after a device has failed, which may be tried again.
        if device == self._preferences.now.device == network.wanted:
            self._tell_device()
            return
        self._preferences.keep(device=device)

        def on_moved(problem: str | None) -> None:
            if problem is not None:  # at the next start there would be no network at all
                self._preferences.keep(device=network.wanted)
            self._tell_device()

        network.use_device(device, on_moved)
        if self._switching.incoming is not None:
            self._switching.incoming.network.use_device(device, lambda _problem: None)
        self._tell_device()

    def _tell_device(self) -> None:
        network = self._switching.active.network
        running = network.device if network.is_ready else None
        self._emit(DevicesChanged(self._preferences.now.device, running, self._available))
