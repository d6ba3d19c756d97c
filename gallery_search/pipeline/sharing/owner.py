# SPDX-License-Identifier: MIT
"""One writer a library: its lock, and the answers that the owner gives to other processes."""

import contextlib
import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from multiprocessing.connection import Client, Connection, Listener
from typing import TypeAlias

from filelock import FileLock, Timeout

from gallery_search.errors import ExternalError, GalleryError, LibraryInUseError
from gallery_search.language import mark
from gallery_search.paths import LibraryPaths
from gallery_search.pipeline.sharing import calling
from gallery_search.pipeline.sharing.addresses import addresses
from gallery_search.pipeline.sharing.calling import ask
from gallery_search.pipeline.sharing.channel import (
    ANSWER_TIMEOUT_S,
    Channel,
    ChannelError,
    JsonObject,
)

__all__ = ["Ownership", "ask", "own_or_ask"]

log = logging.getLogger(__name__)

Handler: TypeAlias = Callable[[JsonObject], Iterator[JsonObject]]

_WORKING_S = 5.0  # so often an owner says that it is still at work on an answer
_TAKING_TIMEOUT_S = 60  # a caller that was stopped takes no answer; nobody waits longer for it
_BACKLOG = 128  # callers that wait for a thread; one that finds no place is not heard


class Ownership:
    """The library's lock; while it is held, `serve` answers other processes."""

    def __init__(self, paths: LibraryPaths) -> None:
        """Take the lock.

        Raises:
            LibraryInUseError: another process has it.
            ExternalError: the library's file system has no locks, or is read-only.
        """
        self._paths = paths
        self._lock = FileLock(paths.lock)
        self._listener: Listener | None = None
        self._address = ""
        self._threads: list[threading.Thread] = []
        try:
            paths.create()
            self._lock.acquire(timeout=0)
        except Timeout:
            raise LibraryInUseError(
                mark("Another Gallery Search is using the library {folder}.").format(
                    folder=paths.root
                )
            ) from None
        except (OSError, NotImplementedError) as error:
            reason = getattr(error, "strerror", None) or error
            raise ExternalError(
                mark(
                    "The library folder {folder} cannot be used: {reason}. "
                    "Choose another with --library."
                ).format(folder=paths.root, reason=reason)
            ) from error

    def serve(self, handle: Handler) -> None:
        """Answer requests from now on, each on a thread of its own.

        `handle` yields the objects of the answer; a GalleryError it raises tells the caller why
        there is none. It may take its time, as when the library is still being opened.
        """
        for address in addresses(self._paths, is_owner=True):
            try:
                self._listener = _listen(address)
            except OSError as error:  # a file system without sockets, say
                log.info("no socket at %s: %s", address, error)
            else:
                self._address = address
                break
        else:
            log.warning("other processes cannot use the library meanwhile")
            return
        thread = threading.Thread(
            target=self._accept, args=(self._listener, handle), name="owner", daemon=True
        )
        self._threads.append(thread)
        thread.start()

    def finish(self) -> None:
        """Take no further requests, and wait until those that were taken are answered."""
        self.stop_listening()
        while self._threads:
            self._threads.pop(0).join()  # first the one that adds others

    def release(self) -> None:
        """Stop answering and give the lock back."""
        self.stop_listening()
        self._lock.release()

    def stop_listening(self) -> None:
        """Take no further requests; those that come meanwhile wait for the lock."""
        if self._listener is not None:
            listener, self._listener = self._listener, None
            # A thread that waits in accept() is not woken by closing: knock once.
            with contextlib.suppress(OSError):
                Client(self._address).close()
            with contextlib.suppress(FileNotFoundError):
                listener.close()

    def _accept(self, listener: Listener, handle: Handler) -> None:
        while self._listener is not None:
            try:
                connection = listener.accept()
            except (OSError, EOFError) as error:
                log.debug("a caller was turned away: %s", error)
                time.sleep(calling.RETRY_S)  # where too many files are open, it fails at once
                continue
            thread = threading.Thread(
                target=_answer, args=(connection, handle), name="owner-answer", daemon=True
            )
            thread.start()
            self._threads[1:] = [t for t in self._threads[1:] if t.is_alive()] + [thread]


def own_or_ask(
    paths: LibraryPaths,
    request: JsonObject,
    on_waiting: Callable[[str], None] = log.info,
) -> Ownership | Iterator[JsonObject]:
    """Take the library's lock, or else hand a request to its owner, as `ask` does.

    Args:
        paths: of the library.
        request: for the owner.
        on_waiting: gets a sentence where this takes longer than a person expects.

    Raises:
        LibraryInUseError: neither was possible within some seconds.
        ExternalError: the library cannot be locked at all.
    """
    start_s = time.monotonic()
    is_told = False
    while True:
        try:
            return Ownership(paths)
        except LibraryInUseError:
            channel = calling.call(paths, request)
        if channel is not None:
            return calling.answers(channel)
        waited_s = time.monotonic() - start_s
        if waited_s > calling.START_TIMEOUT_S:
            raise calling.busy()
        if waited_s > ANSWER_TIMEOUT_S - calling.RETRY_S and not is_told:
            is_told = True
            on_waiting("Waiting for another Gallery Search that is starting or ending.")
        time.sleep(calling.RETRY_S)


def _listen(address: str) -> Listener:
    """Listen at an address that no live process uses; raises OSError."""
    if os.name != "posix":
        return Listener(address, backlog=_BACKLOG)
    with contextlib.suppress(FileNotFoundError):
        os.unlink(address)  # of an owner that was killed; the lock says it is gone
    listener = Listener(address, backlog=_BACKLOG)
    try:
        os.chmod(address, 0o600)  # the library's folder may be open to others on purpose
    except OSError:
        listener.close()
        raise
    return listener


def _answer(connection: Connection, handle: Handler) -> None:
    with connection:
        try:
            channel = Channel(connection, _TAKING_TIMEOUT_S)
            request = _received(channel)
            if request is not None:
                channel.send({"working": os.getpid()})
                with _signs_of_life(channel):
                    _answer_request(channel, handle, request)
        except (OSError, ChannelError) as error:
            log.debug("a request was not answered to the end: %s", error)


def _received(channel: Channel) -> JsonObject | None:
    """The request of a caller; None where it says nothing, or nonsense, as it is told then."""
    try:
        return channel.receive(ANSWER_TIMEOUT_S)
    except ChannelError as error:
        log.debug("a caller was not understood: %s", error)
        channel.send({"refused": mark("The request was not understood.")})
        return None


def _answer_request(channel: Channel, handle: Handler, request: JsonObject) -> None:
    try:
        for answer in handle(request):
            channel.send(answer)
    except GalleryError as error:
        channel.send({"refused": str(error)})
    except ChannelError:
        raise
    except Exception:  # whatever a request asks for must not end the owner, nor go unanswered
        log.exception("a request of another process failed")
        channel.send(
            {
                "refused": mark(
                    "Something went wrong in the Gallery Search that has this library open. "
                    "The details are in its log."
                )
            }
        )
    else:
        channel.send({"done": True})


@contextlib.contextmanager
def _signs_of_life(channel: Channel) -> Iterator[None]:
    """Say every few seconds that the answer is still being worked on."""
    is_done = threading.Event()

    def tell() -> None:
        with contextlib.suppress(ChannelError):  # the thread that answers will see it too
            while not is_done.wait(_WORKING_S):
                channel.send({"working": os.getpid()})

    threading.Thread(target=tell, name="owner-working", daemon=True).start()
    try:
        yield
    finally:
        is_done.set()
