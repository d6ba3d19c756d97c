# SPDX-License-Identifier: MIT
"""The decoder child: `python -m gallery_search.imaging.decoder` answers requests to decode.

Request: {"path": p} or {"name": n} with the encoded image as its one part, "spec" with the fields
of InputSpec, "accepts_preview", and "region" where a part is meant. Answer: the fields of
DecodedImage with the parts network input, thumbnail and hash; or {"error": sentence,
"is_transient": bool}, with "detail" where it is for the log alone. Either with the "processor_s"
that it took.

Of a picture to be looked at, the request is {"path": p, "box": [width, height]}, and the answer
the fields of DecodedPicture with its pixels as the one part, or the same error.

Of a copy to be kept, the request is {"path": p} or {"name": n} as above, "copy_px" and "region",
and the answer has the JPEG as its one part, or the same error.
"""

import contextlib
import sys
import time
from pathlib import Path
from typing import Any

from msgspec import structs

from gallery_search.errors import ImageUnreadableError
from gallery_search.imaging.copies import make_copy
from gallery_search.imaging.decode import read_image
from gallery_search.imaging.picture import read_picture
from gallery_search.language import mark
from gallery_search.processes import Message, serve
from gallery_search.records import BytesSource, InputSpec, PathSource


def handle(request: Message) -> Message:
    """Decode one image; whatever an image can cause becomes an answer."""
    before_s = time.process_time()
    answer = _answer(request)
    return Message(answer.head | {"processor_s": time.process_time() - before_s}, answer.parts)


def _answer(request: Message) -> Message:
    try:
        if "copy_px" in request.head:
            return Message({}, (make_copy(_source(request), request.head["copy_px"]),))
        return _picture(request) if "box" in request.head else _image(request)
    except ImageUnreadableError as error:
        return _failure(str(error), error.__cause__, is_transient=error.is_transient)
    except (MemoryError, ImportError) as error:  # NumPy, say, for which there is no room
        return _failure(
            mark("There was not enough memory to decode the image."), error, is_transient=True
        )
    # Pillow's readers raise IndexError, KeyError, TypeError, struct.error, zlib.error, an endless
    # recursion and more on damaged files, where and which nobody has listed.
    except Exception as error:  # noqa: BLE001
        return _failure(mark("The image is damaged."), error, is_transient=False)


def _source(request: Message) -> PathSource | BytesSource:
    head = request.head
    region = tuple(head["region"]) if "region" in head else None
    if "path" in head:
        return PathSource(head["path"], region)
    return BytesSource(bytes(request.parts[0]), head["name"], region)


def _image(request: Message) -> Message:
    spec = InputSpec(**request.head["spec"])
    network_input, facts = read_image(
        _source(request), spec, accepts_preview=request.head["accepts_preview"]
    )
    parts = (network_input.tobytes(), facts.pop("thumbnail"), facts.pop("content_hash"))
    return Message(facts, parts)


def _picture(request: Message) -> Message:
    picture = read_picture(PathSource(request.head["path"]), *request.head["box"])
    return Message(
        {
            "width_px": picture.width_px,
            "height_px": picture.height_px,
            "full_width": picture.full_width,
            "full_height": picture.full_height,
            "details": structs.asdict(picture.details),
        },
        (picture.pixels,),
    )


def _failure(reason: str, cause: BaseException | None, *, is_transient: bool) -> Message:
    is_missing = isinstance(cause, FileNotFoundError | NotADirectoryError)
    head: dict[str, Any] = {
        "error": reason,
        "is_transient": is_transient,
        "is_missing": is_missing,
    }
    if cause is not None:
        head["detail"] = repr(cause)
    return Message(head)


def _offer_to_be_ended_first() -> None:
    """Where memory runs out, Linux shall end this process and nothing else of the user's."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text("1000", "ascii")


if __name__ == "__main__":
    _offer_to_be_ended_first()
    serve(handle)
