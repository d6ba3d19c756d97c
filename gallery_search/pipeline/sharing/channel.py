# SPDX-License-Identifier: MIT
"""What a library's owner and its callers share: where they meet, and how they speak.

They speak over a local socket (a named pipe on Windows) that only the same user can use: it lies
in a folder or has permissions that are closed to others, and Windows lets only its maker write to
a pipe. Each message is one JSON object in a line. Nobody waits for ever: reading and writing have
their limits even if the other side was stopped in the middle of a message.
"""

import json
import logging
import os
import socket
import struct
import threading
from multiprocessing.connection import Connection
from typing import Any, TypeAlias

log = logging.getLogger(__name__)

JsonObject: TypeAlias = dict[str, Any]

ANSWER_TIMEOUT_S = 2.0  # for the first sign of life of the other side

_MAX_MESSAGE_BYTES = 64 << 20


class ChannelError(Exception):
    """The other side is gone, takes nothing, or does not speak as it should."""


class Channel:
    """One end of a connection; one thread receives, any thread sends."""

    def __init__(self, connection: Connection, patience_s: float) -> None:
        """Take a connection; reading or writing the rest of a message takes up to `patience_s`."""
        self._connection = connection
        self._sending = threading.Lock()
        self._is_broken = False  # in the middle of a message, so that none can follow
        if os.name == "posix":  # a pipe of Windows has no limits
            limit = struct.pack("@ll", int(patience_s), 0)
            with socket.socket(fileno=os.dup(connection.fileno())) as other_name:
                other_name.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)
                other_name.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, limit)

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    def send(self, value: JsonObject) -> None:
        """Send one object; raises ChannelError."""
        line = json.dumps(value).encode("ascii") + b"\n"
        with self._sending:
            if self._is_broken:
                raise ChannelError("a message before was not taken")
            try:
                self._connection.send_bytes(line)
            except OSError as error:
                self._is_broken = True
                raise ChannelError(str(error)) from error

    def receive(self, timeout_s: float) -> JsonObject | None:
        """The next object, or None where none begins to come in time; raises ChannelError."""
        try:
            if not self._connection.poll(timeout_s):
                return None
            value = json.loads(self._connection.recv_bytes(_MAX_MESSAGE_BYTES))
        except (OSError, EOFError, ValueError, RecursionError) as error:
            raise ChannelError(str(error) or "the other side is gone") from error
        if not isinstance(value, dict):
            raise ChannelError("no JSON object came")
        return value
