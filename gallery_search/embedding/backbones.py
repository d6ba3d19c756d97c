# SPDX-License-Identifier: MIT
"""The networks that the program knows, each one entry; imports nothing heavy.

Where each address, size, checksum, licence and preprocessing was looked up is written in
`docs/decisions/networks.md`.
"""

from msgspec import Struct

from gallery_search.errors import BackboneError
from gallery_search.language import mark
from gallery_search.records import InputSpec


class Weights(Struct, frozen=True):
    """The published file that holds a network's weights.

    Attributes:
        url: where it is fetched from.
        size_bytes: of the file, as published, where that may be rounded to three digits; for
            what people are told beforehand. How long a response is says the response.
        sha256: the checksum that the publisher states, in hexadecimal, or its first digits where
            only they are stated; None where none is stated in advance.
    """

    url: str
    size_bytes: int
    sha256: str | None

    @property
    def file_name(self) -> str:
        """What the file is called, here as there."""
        return self.url.rpartition("/")[2]


class Backbone(Struct, frozen=True):
    """A network together with the recipe that turns a decoded photo into an embedding.

    Attributes:
        name: what users and files call it.
        recipe: version of the whole way from pixels to embedding; embeddings of different
            recipes are never compared.
        dimension: length of the embedding.
        network_input: what the network sees.
        mean: subtracted from each channel, of pixels from 0 to 1.
        deviation: by which each channel is then divided.
        builder: "module:function" below `gallery_search.embedding.networks`; the function takes
            the weights file and returns the torch network: float32 (n, 3, h, w), normalised, to
            embeddings (n, dimension) of any length.
        weights: where they are published; None where they are installed with the program.
        text_builder: like `builder`, for the part that embeds words into the same space: int64
            tokens (n, length) to (n, dimension); None where the network knows no words.
        package: the optional package that the network needs, as pip calls it, or None.
        map_start: at which of the numbers of an embedding begin those that are made of the last
            feature map, place by place alike, so that it can be shown which places matter; None
            where the network mixes the places.
        good_at: what the network is good at, for its card.
        licence: of the weights, an SPDX identifier where there is one.
        source: address of a page about the network.
    """

    name: str
    recipe: int
    dimension: int
    network_input: InputSpec
    mean: tuple[float, float, float]
    deviation: tuple[float, float, float]
    builder: str
    weights: Weights | None
    good_at: str
    licence: str
    source: str
    text_builder: str | None = None
    map_start: int | None = None
    package: str | None = None


# The preprocessing that torchvision publishes with all of its first ImageNet weights.
_IMAGENET_MEAN = (0.485, 0.456, 0.406)
_IMAGENET_DEVIATION = (0.229, 0.224, 0.225)
_IMAGENET_CROP = InputSpec("crop", 224, 256, "bilinear")
_TORCHVISION_LICENCE = mark("none stated (torchvision; trained on ImageNet)")

BACKBONES = (
    Backbone(
        name="efficientnet-lite0",
        recipe=2,
        dimension=1024,
        network_input=InputSpec("squash", 224, 224, "bicubic", max_cut=0.2),
        # The lite networks were trained on pixels from -1 to 1 (their model card in timm).
        mean=(0.5, 0.5, 0.5),
        deviation=(0.5, 0.5, 0.5),
        builder="lite0:build",
        map_start=0,
        weights=None,
        good_at=mark("Photos that show the same thing, and edited copies. Fast on any computer."),
        licence="Apache-2.0",
        source="https://huggingface.co/timm/tf_efficientnet_lite0.in1k",
    ),
    Backbone(
        name="vgg16",
        recipe=1,
        dimension=4096,
        network_input=_IMAGENET_CROP,
        mean=_IMAGENET_MEAN,
        deviation=_IMAGENET_DEVIATION,
        builder="torchvision_networks:vgg16",
        weights=Weights(
            "https://download.pytorch.org/models/vgg16-397923af.pth", 553_433_881, "397923af"
        ),
        good_at=(
            mark(
                "Edited copies of a picture, such as smaller, sharper or grey ones. Large and "
                "slow: best with a graphics card."
            )
        ),
        licence=_TORCHVISION_LICENCE,
        source="https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.vgg16.html",
    ),
    Backbone(
        name="resnet152",
        recipe=1,
        dimension=2048,
        network_input=_IMAGENET_CROP,
        mean=_IMAGENET_MEAN,
        deviation=_IMAGENET_DEVIATION,
        builder="torchvision_networks:resnet152",
        map_start=0,
        weights=Weights(
            "https://download.pytorch.org/models/resnet152-394f9c45.pth", 241_627_562, "394f9c45"
        ),
        good_at=(
            mark(
                "Trained to tell a thousand kinds of things apart, so it finds photos of the same "
                "kind. Slow: best with a graphics card."
            )
        ),
        licence=_TORCHVISION_LICENCE,
        source="https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.resnet152.html",
    ),
    Backbone(
        name="densenet201",
        recipe=1,
        dimension=1920,
        network_input=_IMAGENET_CROP,
        mean=_IMAGENET_MEAN,
        deviation=_IMAGENET_DEVIATION,
        builder="torchvision_networks:densenet201",
        map_start=0,
        weights=Weights(
            "https://download.pytorch.org/models/densenet201-c1103571.pth", 81_131_730, "c1103571"
        ),
        good_at=(
            mark(
                "Trained like resnet152 to tell a thousand kinds of things apart, with a third of "
                "its download and faster."
            )
        ),
        licence=_TORCHVISION_LICENCE,
        source="https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.densenet201.html",
    ),
    Backbone(
        name="densenet121",
        recipe=1,
        dimension=1024,
        network_input=_IMAGENET_CROP,
        mean=_IMAGENET_MEAN,
        deviation=_IMAGENET_DEVIATION,
        builder="torchvision_networks:densenet121",
        map_start=0,
        weights=Weights(
            "https://download.pytorch.org/models/densenet121-a639ec97.pth", 32_342_954, "a639ec97"
        ),
        good_at=mark("The smaller sister of densenet201: faster, and a little less exact."),
        licence=_TORCHVISION_LICENCE,
        source="https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.densenet121.html",
    ),
    Backbone(
        name="mobilenet-v3-small",
        recipe=1,
        dimension=576,
        network_input=_IMAGENET_CROP,
        mean=_IMAGENET_MEAN,
        deviation=_IMAGENET_DEVIATION,
        builder="torchvision_networks:mobilenet_v3_small",
        map_start=0,
        weights=Weights(
            "https://download.pytorch.org/models/mobilenet_v3_small-047dcff4.pth",
            10_306_551,
            "047dcff4",
        ),
        good_at=mark(
            "Slow computers and very large collections: small and quick, but the least exact."
        ),
        licence=_TORCHVISION_LICENCE,
        source="https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.mobilenet_v3_small.html",
    ),
    Backbone(
        name="dinov2-small",
        recipe=1,
        dimension=768,
        # timm's entry of these weights: bicubic, nothing cut off (crop_pct 1), ImageNet's mean.
        network_input=InputSpec("crop", 224, 224, "bicubic"),
        mean=_IMAGENET_MEAN,
        deviation=_IMAGENET_DEVIATION,
        builder="dinov2:small",
        map_start=384,  # before come those of the class token, which stands for the whole
        weights=Weights(
            "https://huggingface.co/timm/vit_small_patch14_dinov2.lvd142m/resolve/main/model.safetensors",
            88_200_000,
            None,
        ),
        good_at=(
            mark(
                "Meant for photos of the same object or place from other sides. How well it does "
                "here has not been measured."
            )
        ),
        licence="Apache-2.0",
        source="https://huggingface.co/timm/vit_small_patch14_dinov2.lvd142m",
    ),
    Backbone(
        name="sscd",
        recipe=1,
        dimension=512,
        # Its README: copies are best found in "square tensors", to which a picture is squeezed.
        network_input=InputSpec("squash", 320, 320, "bilinear"),
        mean=_IMAGENET_MEAN,
        deviation=_IMAGENET_DEVIATION,
        builder="sscd:build",
        map_start=0,
        weights=Weights(
            "https://dl.fbaipublicfiles.com/sscd-copy-detection/sscd_disc_mixup.torchvision.pt",
            98_500_000,  # reckoned from the network's entries: no size is published
            None,
        ),
        good_at=(
            mark(
                "Meant for copies of one picture: cut, filtered, with text or inside another "
                "picture. Not for photos of like things. Not measured here."
            )
        ),
        licence="MIT",
        source="https://github.com/facebookresearch/sscd-copy-detection",
    ),
    Backbone(
        name="clip",
        recipe=1,
        dimension=512,
        network_input=InputSpec("crop", 224, 224, "bicubic"),
        # OPENAI_DATASET_MEAN and OPENAI_DATASET_STD of open_clip, which this file was trained with.
        mean=(0.48145466, 0.4578275, 0.40821073),
        deviation=(0.26862954, 0.26130258, 0.27577711),
        builder="clip:image",
        weights=Weights(
            "https://huggingface.co/laion/CLIP-ViT-B-32-DataComp.XL-s13B-b90K/resolve/main/open_clip_model.safetensors",
            605_000_000,
            None,
        ),
        good_at=(
            mark(
                "Searching by words, in English, and photos of the same subject. Less for finding "
                "one certain picture. Not measured here."
            )
        ),
        licence="MIT",
        source="https://huggingface.co/laion/CLIP-ViT-B-32-DataComp.XL-s13B-b90K",
        text_builder="clip:text",
        package="open_clip_torch",
    ),
)


def backbone(name: str) -> Backbone:
    """The backbone of that name; raises BackboneError with the names that exist."""
    for entry in BACKBONES:
        if entry.name == name:
            return entry
    names = ", ".join(entry.name for entry in BACKBONES)
    raise BackboneError(
        mark("There is no backbone “{name}”. Choose one of: {names}.").format(
            name=name, names=names
        )
    )
