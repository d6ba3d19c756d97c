# SPDX-License-Identifier: MIT
"""The child process that reads a photo and makes its copies, as `imaging.decoder` reads photos.

`python -m gallery_search.experiments.copier`. Requests name the photo ("path"), the copies
("copies", names of `copies`; "" is the photo itself) and the seed of their noise ("seed"):

- with "spec", the fields of InputSpec: a network input for each, made as the program makes those of
  a file.
- with "side_px": a JPEG of each, its longer side at most so many pixels.

An image that cannot be read is answered with {"error": sentence}.
"""

import io
from typing import Any

from PIL import Image

from gallery_search.errors import ImageUnreadableError
from gallery_search.experiments import copies
from gallery_search.imaging.decode import decode
from gallery_search.language import mark
from gallery_search.processes import Message, serve
from gallery_search.records import BytesSource, InputSpec, PathSource

_QUALITY = 75  # of small pictures on a page


def _handle(request: Message) -> Message:
    try:
        return _pictures(request.head) if "side_px" in request.head else _inputs(request.head)
    except ImageUnreadableError as error:
        return Message({"error": str(error)})
    except MemoryError:
        return Message({"error": mark("There was not enough memory to decode the image.")})
    except Exception:  # noqa: BLE001  Pillow's readers raise anything, as `imaging.decoder` knows
        return Message({"error": mark("The image is damaged.")})


def _inputs(head: dict[str, Any]) -> Message:
    spec = InputSpec(**head["spec"])
    names: list[str] = head["copies"]
    picture = copies.working_picture(head["path"]) if any(names) else None
    parts = []
    for name in names:
        if name and picture is not None:
            file = copies.encoded(picture, name, head["seed"])
            image = decode(BytesSource(file, name), spec)
        else:
            image = decode(PathSource(head["path"]), spec)
        parts.append(image.network_input.data)
    return Message({}, parts)


def _pictures(head: dict[str, Any]) -> Message:
    picture = copies.working_picture(head["path"])
    parts = []
    for name in head["copies"]:
        image = picture
        if name:
            file = copies.encoded(picture, name, head["seed"])
            image = Image.open(io.BytesIO(file)).convert("RGB")
        image = image.copy()
        image.thumbnail((head["side_px"], head["side_px"]))
        small = io.BytesIO()
        image.save(small, "JPEG", quality=_QUALITY, optimize=True)
        parts.append(small.getvalue())
    return Message({}, parts)


if __name__ == "__main__":
    serve(_handle)
