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
        self._wanted: str | None = None  # while a network moves there
        self._has_chosen = False  # a device, since the start
        self._is_awaited = False  # the end of loading, to be told

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
        """Have the networks run on a device; remembered once the active one runs there.

        Until it is loaded there, it goes on where it is.
        """
        network = self._switching.active.network
        # It is not where it is wanted after a device has failed, which may be tried again.
        if device == self._preferences.now.device == network.wanted:
            self._wanted = None
            self._tell_device()
            return
        self._wanted = device
        self._has_chosen = True

        def on_moved(problem: str | None) -> None:
            self._wanted = None
            if problem is None:
                self._preferences.keep(device=device)
                self._move_incoming(device)  # if it came up meanwhile
            self._tell_device()

        network.use_device(device, on_moved)
        self._move_incoming(device)
        self._tell_device()

    def _move_incoming(self, device: str) -> None:
        incoming = self._switching.incoming
        if incoming is not None and incoming.network.wanted != device:
            incoming.network.use_device(device, lambda _problem: None)

    def note_switch(self) -> None:
        """Another network answers: it may not run where the former one did, or was to."""
        network = self._switching.active.network
        if not self._has_chosen:
            return
        if network.is_ready and not network.is_moving:
            self._wanted = None
            if network.wanted != self._preferences.now.device:
                self._preferences.keep(device=network.wanted)
        self._tell_device()

    def _tell_device(self) -> None:
        network = self._switching.active.network
        running = network.device if network.is_ready else None
        wanted = self._wanted or self._preferences.now.device
        self._emit(DevicesChanged(wanted, running, self._available))
        if running is None and not self._is_awaited:
            self._is_awaited = True
            network.when_settled(self._on_settled)

    def _on_settled(self) -> None:
        self._is_awaited = False
        self._tell_device()
