# SPDX-License-Identifier: MIT
"""What is said of a drop or a paste that holds nothing to search for."""

from gallery_search.language import mark

COPY_FROM_BROWSER = mark("Copy the image in the browser and paste it here.")
NOT_REACHABLE = mark("That cannot be read from here. Copy it to this computer first, then drop it.")
IS_TEXT = mark(
    "That is text, not an image. Drop an image file, or copy an image and paste it here."
)
NOT_AN_IMAGE = mark(
    "That is not an image that can be read here. Drop an image file, or paste an image."
)
NOTHING = mark("There is nothing to paste. Copy an image first, then paste it here.")
TOO_LARGE = mark(
    "That image is too large to take over directly. Save it as a file and drop the file."
)
