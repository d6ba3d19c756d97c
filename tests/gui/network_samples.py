# SPDX-License-Identifier: MIT
"""Networks in the states that cards and sentences are tested with."""

from gallery_search.backbone_status import BackboneStatus

MB = 1 << 20

LITE = BackboneStatus(
    name="efficientnet-lite0",
    state="ready",
    role="active",
    good_at="Photos that show the same thing, and edited copies. Fast on any computer.",
    licence="Apache-2.0",
    source="https://example.org/lite0",
    dimension=1024,
    takes_text=False,
    download_bytes=0,
    embedded=60_000,
    total=60_000,
    data_bytes=310 * MB,
    device="cpu",
    images_per_second=170.0,
)
VGG = BackboneStatus(
    name="vgg16",
    state="available",
    role="idle",
    good_at="Texture and style.",
    licence="BSD-3-Clause",
    source="https://example.org/vgg16",
    dimension=4096,
    takes_text=False,
    download_bytes=528 * MB,
    total=60_000,
)
CLIP = BackboneStatus(
    name="clip-words",
    state="ready",
    role="idle",
    good_at="What a photo shows, said in words.",
    licence="MIT",
    source="https://example.org/clip",
    dimension=512,
    takes_text=True,
    download_bytes=340 * MB,
    embedded=1_200,
    total=60_000,
    data_bytes=640 * MB,
    device="cuda",
    images_per_second=900.0,
)
