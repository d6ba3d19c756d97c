# SPDX-License-Identifier: MIT
"""Where a library's owner and its callers meet."""

import errno
import logging
import os
from collections.abc import Iterator
from hashlib import blake2b

from gallery_search.paths import LibraryPaths

log = logging.getLogger(__name__)

_MAX_SOCKET_PATH_BYTES = 100  # the least that a system allows is 104 (macOS)


def seems_owned(paths: LibraryPaths) -> bool:
    """Whether somebody may be listening for a library, without asking; True on Windows."""
    return os.name != "posix" or any(map(os.path.exists, addresses(paths)))


def addresses(paths: LibraryPaths, *, is_owner: bool = False) -> Iterator[str]:
    """Where the owner of a library may listen, the best first.

    Beside the library; where that is too long a path for a socket, or the file system has none,
    in a folder of the user's own, by a name that is made of the library's path. An owner that
    asks for that one has its folder made.
    """
    root = os.path.realpath(paths.root)
    name = blake2b(os.fsencode(root), digest_size=10).hexdigest()
    if os.name == "nt":
        yield rf"\\.\pipe\gallery-search-{name}"
        return
    beside = os.path.join(root, "owner.sock")
    if len(os.fsencode(beside)) <= _MAX_SOCKET_PATH_BYTES:
        yield beside
    try:
        folder = _private_folder(is_made=is_owner)
    except OSError:
        return
    yield os.path.join(folder, name)


def _private_folder(*, is_made: bool) -> str:
    """A folder for sockets that no other user can reach; raises OSError where there is none."""
    # Not $TMPDIR, which a terminal and a desktop may have set to different places.
    folder = f"/tmp/gallery-search-{os.getuid()}"  # noqa: S108  its owner is looked at below
    if is_made:
        os.makedirs(folder, mode=0o700, exist_ok=True)
    status = os.lstat(folder)
    if status.st_uid != os.getuid() or status.st_mode & 0o077:
        log.warning("another user may read %s, so that nobody is answered there", folder)
        raise PermissionError(errno.EACCES, "another user may read this folder", folder)
    return folder
