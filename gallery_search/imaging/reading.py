# SPDX-License-Identifier: MIT
"""Takes the bytes of an image from a file or from memory, once, without ever blocking on a pipe."""

import errno
import os
import stat

from msgspec import Struct

from gallery_search.errors import ImageUnreadableError
from gallery_search.imaging import formats, limits, raw_tiff
from gallery_search.language import mark
from gallery_search.records import BytesSource, PathSource

# A FIFO without a writer would block `open`, O_NONBLOCK prevents it; Windows has neither.
_OPEN_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


class EncodedImage(Struct, frozen=True):
    """An encoded image and the file's size and time as they were when reading began."""

    data: bytes
    image_format: str
    size_bytes: int
    mtime_ns: int


def read_source(source: PathSource | BytesSource) -> EncodedImage:
    """All bytes of an image whose start is that of a known format.

    Raises:
        ImageUnreadableError: the file cannot be read, is empty or too large, or is no image.
    """
    if isinstance(source, BytesSource):
        _check_start(source.data, len(source.data))
        image_format = _whole_format(source.data, source.data, source.name)
        return EncodedImage(source.data, image_format, len(source.data), 0)
    try:
        return _read_file(source.path)
    except MemoryError as error:
        raise ImageUnreadableError(
            mark("There was not enough memory to read the file."), is_transient=True
        ) from error
    except OSError as error:
        raise _unreadable(error) from error
    except ValueError as error:  # a NUL or a lone surrogate, which no file's name can hold
        raise ImageUnreadableError(mark("No file can have this name.")) from error


def _read_file(path: str) -> EncodedImage:
    _check_regular(os.stat(path).st_mode)  # opening a device may already do something
    with os.fdopen(os.open(path, _OPEN_FLAGS), "rb") as file:
        status = os.fstat(file.fileno())
        _check_regular(status.st_mode)
        start = file.read(min(status.st_size, formats.SNIFF_BYTES))
        _check_start(start, status.st_size)
        file.seek(0)
        # No further than the size of just now: a file that grows while it is read is found
        # changed afterwards, by exactly that size.
        data = file.read(status.st_size)
    return EncodedImage(data, _whole_format(start, data, path), status.st_size, status.st_mtime_ns)


def _check_regular(mode: int) -> None:
    if stat.S_ISDIR(mode):
        raise ImageUnreadableError(mark("This is a folder, not an image."))
    if not stat.S_ISREG(mode):
        raise ImageUnreadableError(mark("This is not an ordinary file."))


def _check_start(start: bytes, size_bytes: int) -> None:
    if size_bytes == 0:
        raise ImageUnreadableError(mark("The file is empty."))
    _format(start)
    if size_bytes > limits.MAX_FILE_BYTES:
        raise ImageUnreadableError(
            mark("The file is too large: {size} GiB; the limit is {limit} GiB.").format(
                size=f"{size_bytes / 2**30:.1f}", limit=limits.MAX_FILE_BYTES >> 30
            )
        )


def _format(start: bytes) -> str:
    image_format = formats.image_format(start)
    if image_format is None:
        raise ImageUnreadableError(mark("This is not an image in a format that the program reads."))
    return image_format


def _whole_format(start: bytes, data: bytes, name: str) -> str:
    """The format of a whole file; of some cameras only the name tells their RAW files from TIFF."""
    image_format = _format(start)
    if image_format == "TIFF" and (formats.is_raw_name(name) or raw_tiff.is_raw(data)):
        return "RAW"
    return image_format


def _unreadable(error: OSError) -> ImageUnreadableError:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        reason = mark("The file does not exist.")
    elif isinstance(error, PermissionError):
        reason = mark("The file may not be read: permission denied.")
    elif error.errno == errno.ELOOP:
        reason = mark("The file is a link that leads nowhere.")
    else:
        text = error.strerror or mark("the system gives no reason")
        reason = mark("The file could not be read: {reason}.").format(
            reason=f"{text[:1].lower()}{text[1:].rstrip('.')}"
        )
    return ImageUnreadableError(reason, is_transient=True)
