# SPDX-License-Identifier: MIT
"""Asking all folders where they are, again and again, without waiting for one that is silent."""

import logging
import threading
import time
from collections.abc import Callable, Iterable
from functools import partial

log = logging.getLogger(__name__)


class Rounds:
    """Calls `ask` with each id every few seconds, on threads of their own; any thread.

    A system call on a drive that went, as a network share whose server is gone, may never
    return: then `on_silence` is called once, and that id is not asked again until it does.
    """

    def __init__(
        self,
        ids: Callable[[], Iterable[int]],
        ask: Callable[[int], None],
        on_silence: Callable[[int], None],
        *,
        interval_s: float,
        answer_s: float,
    ) -> None:
        """Prepare; nothing is called before `start`.

        Args:
            ids: tells whom to ask.
            ask: called with an id, on a thread of this call.
            on_silence: called with an id whose call takes too long, on the thread of the rounds.
            interval_s: from one round to the next.
            answer_s: how long a call may take.
        """
        self._ids = ids
        self._ask = ask
        self._on_silence = on_silence
        self._interval_s = interval_s
        self._answer_s = answer_s
        self._changed = threading.Condition()
        self._next_round_s = 0.0
        self._due_s: dict[int, float] = {}  # of the calls under way: when they must have returned
        self._silent: set[int] = set()
        self._is_stopping = False
        self._thread = threading.Thread(target=self._run, name="scanner", daemon=True)

    def start(self) -> None:
        """Start with a round."""
        self._thread.start()

    def stop(self, timeout_s: float) -> None:
        """End; a call that does not return is left behind."""
        with self._changed:
            self._is_stopping = True
            self._changed.notify_all()
            if self._thread.ident is None:
                return
            deadline = time.monotonic() + timeout_s
            while set(self._due_s) - self._silent and self._changed.wait(
                max(0.0, deadline - time.monotonic())
            ):
                pass
        self._thread.join(timeout_s)

    def hurry(self) -> None:
        """Begin a round at once."""
        with self._changed:
            self._next_round_s = 0.0
            self._changed.notify_all()

    def _run(self) -> None:
        while (step := self._next_step()) is not None:
            try:
                step()
            except Exception:  # a bug must not end the thread: no drive would be noticed any more
                log.exception("a round failed in one step")

    def _next_step(self) -> Callable[[], None] | None:
        with self._changed:
            while not self._is_stopping:
                now = time.monotonic()
                if now >= self._next_round_s:
                    self._next_round_s = now + self._interval_s
                    return self._ask_all
                heard = {i: due_s for i, due_s in self._due_s.items() if i not in self._silent}
                for asked, due_s in heard.items():
                    if now >= due_s:
                        self._silent.add(asked)
                        return partial(self._on_silence, asked)
                self._changed.wait(min([self._next_round_s, *heard.values()]) - now)
            return None

    def _ask_all(self) -> None:
        for asked in self._ids():
            with self._changed:
                if self._is_stopping or asked in self._due_s:
                    continue
                self._due_s[asked] = time.monotonic() + self._answer_s
            threading.Thread(
                target=self._call, args=(asked,), name=f"scanner-check-{asked}", daemon=True
            ).start()

    def _call(self, asked: int) -> None:
        try:
            self._ask(asked)
        except Exception:
            log.exception("a folder could not be asked")
        finally:
            with self._changed:
                del self._due_s[asked]
                self._silent.discard(asked)
                self._changed.notify_all()
