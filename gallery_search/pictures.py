# SPDX-License-Identifier: MIT
"""The frozen records about a photo that somebody looks at: what is asked for, and what comes."""

from msgspec import Struct

VIEWER_PANE = 0
"""The place of the viewer among those that wait for pictures."""

COMPARED_PANES = (1, 2, 3, 4)
"""The places of photos that are compared."""

CLIPBOARD_PANE = 5
"""The place of the photo whose pixels are copied."""

PANES = 6
"""How many places there are; see `PictureRequest.pane`."""


class PictureRequest(Struct, frozen=True):
    """The picture of a photo, as large as it is going to be shown.

    Answered by PictureThumbnail where there is a thumbnail, unless `is_ahead`, and then by
    PictureLoaded or PictureFailed, or by neither of these where a newer request of the same pane
    overtook it.

    Attributes:
        request_id: which the answers carry; another one for each request, whatever its pane.
        photo_id: of the photo.
        width_px: of the box that the upright picture is to fit into; likewise `height_px`.
        is_ahead: nobody waits for it yet, so it comes after the others.
        pane: the place that waits for it. Requests of one pane overtake each other; those of
            different panes do not, and the lower pane comes first.
    """

    request_id: int
    photo_id: int
    width_px: int
    height_px: int
    is_ahead: bool = False
    pane: int = VIEWER_PANE


class PhotoDetails(Struct, frozen=True):
    """What a photo's file says about it; None, or "", for what it does not say.

    Attributes:
        image_format: Pillow's name of the format, such as "JPEG"; "RAW" of all cameras' RAW files.
        size_bytes: of the file.
        changed_at: when the file was changed last, in seconds since 1970; None of what is no file.
        camera: maker and model in one line of plain text, as is `lens`.
        f_number: focal length by the opening of the lens, such as 2.8.
        exposure_s: exposure time in seconds.
        iso: sensitivity.
        focal_mm: the lens's own focal length in millimetres.
        taken_at: seconds since 1970 as if the camera's clock were UTC.
        latitude: degrees, north of the equator positive; there only along with `longitude`.
        longitude: degrees, east of Greenwich positive.
        preview_width: of the preview that is shown in the place of a RAW photo, upright, in pixels;
            there only if the photo has more pixels, and along with `preview_height`.
    """

    image_format: str
    size_bytes: int
    camera: str = ""
    lens: str = ""
    f_number: float | None = None
    exposure_s: float | None = None
    iso: int | None = None
    focal_mm: float | None = None
    taken_at: int | None = None
    changed_at: int | None = None
    latitude: float | None = None
    longitude: float | None = None
    preview_width: int | None = None
    preview_height: int | None = None


class DecodedPicture(Struct, frozen=True):
    """A photo decoded to be looked at: upright, its colours in sRGB.

    Attributes:
        pixels: blue, green, red and 255, a byte each, row by row without gaps.
        width_px: of these pixels; likewise `height_px`.
        full_width: of the upright photo in its file, in pixels; likewise `full_height`.
        details: what the file says of itself.
    """

    pixels: bytes
    width_px: int
    height_px: int
    full_width: int
    full_height: int
    details: PhotoDetails


class PictureThumbnail(Struct, frozen=True):
    """The photo's thumbnail, a JPEG, to look at until the picture comes."""

    request_id: int
    photo_id: int
    jpeg: bytes


class PictureLoaded(Struct, frozen=True):
    """The picture that was asked for."""

    request_id: int
    photo_id: int
    picture: DecodedPicture


class PictureFailed(Struct, frozen=True):
    """Why a picture cannot be shown, as one sentence."""

    request_id: int
    photo_id: int
    reason: str
