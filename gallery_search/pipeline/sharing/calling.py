# SPDX-License-Identifier: MIT
"""The caller's side: handing a request to the process that owns the library."""

import logging
import queue
import threading
import time
from collections.abc import Iterator
from multiprocessing.connection import Client

from gallery_search.errors import LibraryInUseError
from gallery_search.language import mark
from gallery_search.paths import LibraryPaths
from gallery_search.pipeline.sharing.addresses import addresses
from gallery_search.pipeline.sharing.channel import (
    ANSWER_TIMEOUT_S,
    Channel,
    ChannelError,
    JsonObject,
)

log = logging.getLogger(__name__)

# An owner at work says so every few seconds, however long its answer takes.
SILENCE_TIMEOUT_S = 30.0
START_TIMEOUT_S = 5.0  # an owner that is just starting, or about to end, does not listen
RETRY_S = 0.05


def ask(paths: LibraryPaths, request: JsonObject) -> Iterator[JsonObject]:
    """Hand a request to the library's owner and yield its answer.

    Raises:
        LibraryInUseError: the owner does not answer within some seconds, or refuses.
    """
    deadline_s = time.monotonic() + START_TIMEOUT_S
    while (channel := call(paths, request)) is None:
        if time.monotonic() > deadline_s:
            raise busy()
        time.sleep(RETRY_S)
    yield from answers(channel)


def call(paths: LibraryPaths, request: JsonObject) -> Channel | None:
    """Send a request to the owner; None where nobody listens.

    Raises:
        LibraryInUseError: the owner does not take the request.
    """
    outcome: queue.SimpleQueue[Channel | None] = queue.SimpleQueue()

    def try_all() -> None:
        for address in addresses(paths):
            try:
                channel = Channel(Client(address), SILENCE_TIMEOUT_S)
                channel.send(request)
            except (OSError, ChannelError) as error:
                log.debug("the owner does not listen at %s: %s", address, error)
            else:
                outcome.put(channel)
                return
        outcome.put(None)

    # An owner that was stopped takes neither a call nor a long request, and a call would wait for
    # it without a limit: so does this thread, until the process ends.
    threading.Thread(target=try_all, name="owner-call", daemon=True).start()
    try:
        return outcome.get(timeout=ANSWER_TIMEOUT_S)
    except queue.Empty:
        raise busy() from None


def answers(channel: Channel) -> Iterator[JsonObject]:
    """What comes back until the owner is done; raises LibraryInUseError as `ask` does."""
    timeout_s = ANSWER_TIMEOUT_S
    try:
        while True:
            answer = channel.receive(timeout_s)
            if answer is None:
                raise busy()
            timeout_s = SILENCE_TIMEOUT_S
            if "refused" in answer:
                raise LibraryInUseError(str(answer["refused"]))
            if "done" in answer:
                return
            if "working" not in answer:
                yield answer
    except ChannelError as error:
        log.info("the owner did not answer to the end: %s", error)
        raise LibraryInUseError(
            mark(
                "The other Gallery Search on this library ended before it had answered. "
                "Start the command again."
            )
        ) from error
    finally:
        channel.close()


def busy() -> LibraryInUseError:
    """What is raised where the owner does not answer."""
    return LibraryInUseError(
        mark(
            "Another Gallery Search is using this library and does not answer. "
            "Wait until it has finished, or close it."
        )
    )
