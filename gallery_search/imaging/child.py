# SPDX-License-Identifier: MIT
"""One decoder child seen from the program's side: started when needed, replaced when it fails."""

import logging
import threading
from collections.abc import Callable
from typing import Any, TypeAlias

from msgspec import structs

from gallery_search.errors import ChildError, ChildTimeoutError
from gallery_search.language import mark
from gallery_search.late_numpy import np
from gallery_search.pictures import DecodedPicture, PhotoDetails
from gallery_search.processes import Buffer, Child, Message
from gallery_search.records import (
    BytesSource,
    DecodedImage,
    DecodeFailure,
    InputSpec,
    PathSource,
)

log = logging.getLogger(__name__)

_Request: TypeAlias = tuple[dict[str, Any], tuple[Buffer, ...]]

_MODULE = "gallery_search.imaging.decoder"
# NumPy would reserve address space for a BLAS thread per core, and glibc for an arena per thread:
# the memory limit counts both, and a decoder needs neither.
_ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}

_CLOSING = DecodeFailure(mark("The program is closing."), is_transient=True)
_CRASHED = DecodeFailure(
    mark("The image could not be decoded: it made the decoder stop."), is_transient=False
)
_NOT_STARTED = DecodeFailure(
    mark("The image could not be decoded: the system started no further process."),
    is_transient=True,
)


class DecoderChild:
    """A decoder process and its successors; one thread owns it, any thread may `end` it."""

    def __init__(
        self, *, timeout_s: float, memory_limit_bytes: int, is_background: bool = True
    ) -> None:
        self._is_background = is_background
        self._timeout_s = timeout_s
        self._memory_limit_bytes = memory_limit_bytes
        self._lock = threading.Lock()  # guards the two below
        self._child: Child | None = None
        self._is_ended = False

    @property
    def pid(self) -> int | None:
        """The system's number of the process that runs now."""
        child = self._child
        return None if child is None else child.pid

    def start(self) -> bool:
        """Have a living process; False where the system starts none, or after `end`."""
        if self._child is not None and not self._child.is_alive:
            self._discard()
        with self._lock:
            if self._is_ended:
                return False
            if self._child is None:
                try:
                    self._child = Child(
                        _MODULE,
                        memory_limit_bytes=self._memory_limit_bytes,
                        environment=_ENVIRONMENT,
                        is_background=self._is_background,
                    )
                except ChildError as error:
                    log.warning("no decoder: %s", error)
                    return False
        return True

    def decode(
        self,
        source: PathSource | BytesSource,
        spec: InputSpec,
        *,
        accepts_preview: bool = False,
    ) -> DecodedImage | DecodeFailure:
        """Decode an image, in a second process if the first crashes: it may be that one's fault.

        The second time without its preview, whose fault it may be, too.

        An image that takes too long is not tried again here, but counts as transient: the disk
        may have been slow, or the computer asleep.
        """
        answer = self._ask(
            lambda is_first: _request(source, spec, accepts_preview=accepts_preview and is_first)
        )
        return answer if isinstance(answer, DecodeFailure) else _result(answer, spec)

    def picture(self, path: str, width_px: int, height_px: int) -> DecodedPicture | DecodeFailure:
        """Decode a photo to be looked at, so that it fits into a box; with the same patience."""
        answer = self._ask(lambda _is_first: ({"path": path, "box": [width_px, height_px]}, ()))
        return answer if isinstance(answer, DecodeFailure) else _picture(answer)

    def copy(self, source: PathSource | BytesSource, longest_px: int) -> bytes | DecodeFailure:
        """Make a JPEG of an image that is to be kept; with the same patience."""
        head, parts = _addressed(source, {"copy_px": longest_px})
        answer = self._ask(lambda _is_first: (head, parts))
        return answer if isinstance(answer, DecodeFailure) else bytes(answer.parts[0])

    def _ask(self, request: Callable[[bool], _Request]) -> Message | DecodeFailure:
        """What the process answers to a request, which is told whether it is the first."""
        for is_first in (True, False):
            head, parts = request(is_first)
            if not self.start():
                return _CLOSING if self._is_ended else _NOT_STARTED
            assert self._child is not None
            try:
                return _checked(self._child.ask(head, parts, timeout_s=self._timeout_s))
            except ChildTimeoutError:
                self._discard()
                return DecodeFailure(
                    mark("The image took longer than {seconds} seconds to decode.").format(
                        seconds=f"{self._timeout_s:.0f}"
                    ),
                    is_transient=True,
                )
            except ChildError as error:
                log.debug("decoder stopped: %s", error)
                self._discard()
        return _CLOSING if self._is_ended else _CRASHED

    def end(self) -> None:
        """Kill the process and start no other; a decode under way fails. Any thread."""
        with self._lock:
            self._is_ended = True
            if self._child is not None:
                self._child.kill()

    def close(self) -> None:
        """Let the process end in peace (or reap it after `end`); the owner calls this last."""
        self._discard()

    def _discard(self) -> None:
        with self._lock:
            child, self._child = self._child, None
        if child is not None:
            child.close()


def _request(
    source: PathSource | BytesSource, spec: InputSpec, *, accepts_preview: bool
) -> _Request:
    fields: dict[str, Any] = {
        "spec": structs.asdict(spec),
        "accepts_preview": accepts_preview,
    }
    return _addressed(source, fields)


def _addressed(source: PathSource | BytesSource, fields: dict[str, Any]) -> _Request:
    """A request about an image: where it is, or its bytes beside."""
    if source.region is not None:
        fields["region"] = source.region
    if isinstance(source, PathSource):
        return {"path": source.path, **fields}, ()
    return {"name": source.name, **fields}, (source.data,)


def _checked(answer: Message) -> Message | DecodeFailure:
    head = answer.head
    if "error" not in head:
        return answer
    if "detail" in head:
        log.debug("not decoded: %s (%s)", head["error"], head["detail"])
    return DecodeFailure(
        head["error"], head["is_transient"], head["is_missing"], head["processor_s"]
    )


def _picture(answer: Message) -> DecodedPicture:
    head = answer.head
    return DecodedPicture(
        pixels=bytes(answer.parts[0]),
        width_px=head["width_px"],
        height_px=head["height_px"],
        full_width=head["full_width"],
        full_height=head["full_height"],
        details=PhotoDetails(**head["details"]),
    )


def _result(answer: Message, spec: InputSpec) -> DecodedImage:
    network_input, thumbnail, content_hash = answer.parts
    pixels = np.frombuffer(network_input, np.uint8).reshape(spec.size_px, spec.size_px, 3)
    return DecodedImage(
        network_input=pixels.copy(),  # writable, as torch wants it
        thumbnail=bytes(thumbnail),
        content_hash=bytes(content_hash),
        **answer.head,
    )
