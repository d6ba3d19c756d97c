# SPDX-License-Identifier: MIT
"""Commands that wait for the end of indexing, and whether it has come."""

from collections.abc import Callable
from typing import TypeAlias

from gallery_search.language import mark
from gallery_search.records import Activity

OnSettled: TypeAlias = Callable[[str | None], None]

_WAIT_S, _AWAITED_WAIT_S = 0.5, 0.02


class Settling:
    """Those who wait until nothing is left to be done; worker thread only."""

    def __init__(self) -> None:
        self._waiting: list[OnSettled] = []

    @property
    def is_awaited(self) -> bool:
        """Whether somebody waits."""
        return bool(self._waiting)

    @property
    def wait_s(self) -> float:
        """After how long without a task to look again."""
        return _AWAITED_WAIT_S if self._waiting else _WAIT_S

    def add(self, on_settled: OnSettled) -> None:
        """Have it called with None at the end, or with a sentence why it will not come to that."""
        self._waiting.append(on_settled)

    def remove(self, on_settled: OnSettled) -> None:
        """Nobody waits by this any more, if somebody did; it is called once more, to say so."""
        if on_settled in self._waiting:
            self._waiting.remove(on_settled)
            on_settled(mark("Nobody waits for the end of indexing any more."))

    def see(
        self, activity: Activity, refusal: Callable[[], str | None], *, is_building: bool
    ) -> None:
        """Tell those who wait, if it is time.

        Args:
            activity: what the worker does.
            refusal: asked at the end for why photos are left that cannot be indexed.
            is_building: an index is being built, which belongs to the work.
        """
        if not self._waiting:
            return
        if activity == "idle" and not is_building:
            self.tell(refusal())
        elif activity == "paused":
            self.tell(mark("Indexing is paused. Resume it in the window, then try again."))

    def tell(self, reason: str | None) -> None:
        """Tell all who wait, who then wait no more."""
        told, self._waiting = self._waiting, []
        for on_settled in told:
            on_settled(reason)
