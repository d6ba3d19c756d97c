# SPDX-License-Identifier: MIT
"""The door for the choices of the user: what is left out, and the device (`gui.ports.Choices`)."""

import os
import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TypeAlias

from gallery_search.embedding import devices
from gallery_search.errors import FolderError
from gallery_search.language import mark
from gallery_search.paths import in_a_line
from gallery_search.pipeline.choices import Choices
from gallery_search.pipeline.mailbox import Priority, Task
from gallery_search.pipeline.watching.exclusions import Exclusions, is_path
from gallery_search.pipeline.watching.listing import check_folder
from gallery_search.processes import Child
from gallery_search.records import Notice

Post: TypeAlias = Callable[[Priority, Task], None]


class Choosing:
    """Takes choices on any thread; what comes of them is told as events.

    Attributes:
        exclusions: what is left out of the watched folders.
    """

    def __init__(
        self,
        choices: Choices,
        post: Post,
        exclusions: Exclusions,
        models: Path,
        emit: Callable[[Notice], None],
    ) -> None:
        """Begin with what holds.

        Args:
            choices: carries them out, on the worker's thread.
            post: has a task called there.
            exclusions: what is left out at first.
            models: the library's folder of networks, where the devices are remembered.
            emit: is told what cannot be done.
        """
        self.exclusions = exclusions
        self._choices = choices
        self._post = post
        self._models = models
        self._emit = emit
        self._lock = threading.Lock()  # of `exclusions`, between reading and changing it

    def check_folder(self, path: str) -> str:
        """The real path of a folder that is to be watched; looks at the disk.

        Raises:
            FolderError: it cannot be read, or is left out.
        """
        real = check_folder(path)
        if self.exclusions.has_folder(real):
            raise FolderError(
                mark("The folder {folder} is left out of the library. Take it back first.").format(
                    folder=in_a_line(real)
                )
            )
        return real

    def exclude(self, exclusions: Exclusions) -> None:
        """Leave only these folders and names out of the watched folders; remembered.

        Photos that are left out are no longer found, as if they were gone; those that are no
        longer left out come back with their embeddings.
        """
        self.exclusions = exclusions
        # As urgent as `index`, which may follow.
        self._post(Priority.QUERY, partial(self._choices.exclude, exclusions))

    def change(self, add: Sequence[str], remove: Sequence[str]) -> None:
        """Leave more out, and no longer leave other things out; looks at the disk.

        Raises:
            FolderError: a text is neither an absolute path nor a pattern, or what is removed is
                not there.
        """
        for text in add:
            if is_path(text) and not os.path.isabs(text):
                raise FolderError(
                    mark(
                        "“{pattern}” is no pattern for names. "
                        "Give one such as *.tmp.jpg, or a folder."
                    ).format(pattern=in_a_line(text))
                )
        with self._lock:
            self.exclude(self.exclusions.changed(add, remove))

    def change_exclusions(self, add: Sequence[str], remove: Sequence[str]) -> None:
        """As `change`, without waiting; ExclusionsChanged tells of it, or a Notice why not."""

        def change() -> None:
            try:
                self.change(add, remove)
            except FolderError as error:
                self._emit(Notice(str(error)))

        # A folder may be on a drive that sleeps.
        threading.Thread(target=change, name="exclusions", daemon=True).start()

    def request_devices(self) -> None:
        """Ask where the network may run; answered by DevicesChanged, perhaps after seconds."""

        def find() -> None:
            found = tuple(devices.available(self._models, Child))
            self._post(Priority.QUERY, partial(self._choices.tell_devices, found))

        threading.Thread(target=find, name="devices", daemon=True).start()

    def use_device(self, device: str) -> None:
        """Have the network run on one of `settings.DEVICES`; DevicesChanged tells of it.

        A Notice says why it cannot run there, and it goes on where it was.
        """
        self._post(Priority.COMMAND, partial(self._choices.use_device, device))
