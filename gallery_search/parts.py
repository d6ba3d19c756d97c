# SPDX-License-Identifier: MIT
"""The parts that the program is made of, with their licences, as they are installed here.

All is read from the packages' own metadata (Core Metadata Specification) when it is asked for:
what is not installed is not named, and nothing is known here about any one package.
"""

import contextlib
import json
import os
import platform
import re
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from importlib import metadata
from pathlib import Path

from msgspec import Struct
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from gallery_search import __version__, paths
from gallery_search.embedding.backbones import BACKBONES
from gallery_search.language import mark, tr
from gallery_search.paths import APP_NAME

NOT_STATED = mark("not stated")
_LONGEST_LICENCE = 120  # characters; the field License of older packages may hold a whole text
_LICENCE_FILE = re.compile(r"(LICEN[CS]E|COPYING|NOTICE)", re.IGNORECASE)
# Those that come with the program, for parts that bring only their name; as SPDX names them.
_STANDARD = re.compile(r"(?<![\w.-])(Apache-2\.0|L?GPL-3\.0)(?![\w.])")
_CLASSIFIER = "License :: "
_APACHE_2 = re.compile(r"Licensed under the Apache License,\s+Version 2\.0")
_HOMES = ("homepage", "home", "repository", "source", "source code", "documentation")


class Part(Struct, frozen=True):
    """One part.

    Attributes:
        name: what it is called.
        version: of it; "" where there is none.
        licence: in a few words, an SPDX expression where it states one.
        source: address of a page about it, or "".
        package: under which its metadata are found, or "".
        file: with its licence, for what is no package, or None.
    """

    name: str
    version: str
    licence: str
    source: str = ""
    package: str = ""
    file: Path | None = None


def own_part() -> Part:
    """This program itself; quick."""
    built = Part("Gallery Search", __version__, "MIT", file=_own_licence())
    return next(iter(_packages([APP_NAME])), built)


def collected() -> list[Part]:
    """This program first, then all others by name; reads the metadata of all: not for the window.

    Those are the packages that this one requires, whatever these require and so on, as far as they
    are installed; where this program has no metadata, all that are found, which are what was built
    in. The weights that come along, and Python, are parts too.
    """
    own = own_part()
    names = _closure() if own.package else {_name(found) for found in metadata.distributions()}
    others = [*_packages(sorted(names - {APP_NAME})), *_weights(), _python(), *_built_in()]
    return [own, *sorted(others, key=lambda part: part.name.casefold())]


def text(part: Part) -> str:
    """The whole licence, all its files; or a sentence that says where to look. Reads files."""
    texts = list(_texts(part)) or list(_standard_texts(part.licence))
    if not texts:
        where = tr("See {address}.", address=part.source) if part.source else ""
        licence = tr("Licence: {licence}.", licence=part.licence)
        return f"{licence}\n\n{tr('Its text does not come with this part.')} {where}".rstrip()
    if len(texts) == 1:
        return texts[0][1]
    return "\n\n".join(f"{name}\n{'-' * len(name)}\n\n{content}" for name, content in texts)


def all_texts() -> str:
    """The parts one after the other, each with its whole licence. Reads files."""
    blocks = []
    for part in collected():
        title = f"{part.name} {part.version}".rstrip()
        lines = (title, "=" * len(title), "", f"Licence: {part.licence}", part.source, "")
        blocks.append("\n".join((*lines, text(part).strip(), "")))
    return "\n\n".join(blocks)


# --- which packages ---------------------------------------------------------------------------


def _closure() -> set[str]:
    """The names of this package, of what it requires with all extras, and so on."""
    extras = metadata.distribution(APP_NAME).metadata.get_all("Provides-Extra", [])
    # What its tests need is no part of it.
    waiting = [(APP_NAME, frozenset({"", *extras} - {"test"}))]
    seen: set[tuple[str, frozenset[str]]] = set()
    names = set()
    while waiting:
        entry = waiting.pop()
        if entry in seen:
            continue
        seen.add(entry)
        try:
            requirements = metadata.distribution(entry[0]).requires or []
        except metadata.PackageNotFoundError:  # of an extra that was not installed
            continue
        names.add(entry[0])
        waiting += _required(requirements, entry[1])
    return names


def _required(texts: Iterable[str], extras: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    """Names that are required here with some extras, each with the extras wanted of it."""
    for line in texts:
        try:
            requirement = Requirement(line)
        except InvalidRequirement:
            continue
        marker = requirement.marker
        if marker is None or any(marker.evaluate({"extra": extra}) for extra in extras):
            yield canonicalize_name(requirement.name), frozenset({"", *requirement.extras})


def _name(found: metadata.Distribution) -> str:
    return canonicalize_name(_field(found.metadata, "Name"))


# --- what they say of themselves --------------------------------------------------------------


def _packages(names: Iterable[str]) -> Iterator[Part]:
    for name in names:
        try:
            found = metadata.distribution(name)
        except (metadata.PackageNotFoundError, ValueError):
            continue
        about = found.metadata
        shown = "Gallery Search" if name == APP_NAME else _field(about, "Name") or name
        licence = _licence(about) or _licence_in_text(found) or tr(NOT_STATED)
        yield Part(shown, found.version, licence, _home(about), package=name)


def _licence(about: "metadata.PackageMetadata") -> str:
    """What the metadata say, or ""."""
    expression = _field(about, "License-Expression")
    if expression:
        return expression
    field = _field(about, "License").strip()
    if field and "\n" not in field and len(field) <= _LONGEST_LICENCE and field != "UNKNOWN":
        return field
    classifiers = [
        line.rpartition(" :: ")[2]
        for line in about.get_all("Classifier", [])
        if line.startswith(_CLASSIFIER) and line.count(" :: ") > 1
    ]
    return ", ".join(classifiers)


def _licence_in_text(found: metadata.Distribution) -> str:
    """A licence that a file beside the metadata calls by its name, or ""; reads files."""
    for name in _licence_files(found):
        if _APACHE_2.search(_read(found, name) or ""):
            return "Apache-2.0"
    return ""


def _field(about: "metadata.PackageMetadata", name: str) -> str:
    return str(about[name]) if name in about else ""


def _home(about: "metadata.PackageMetadata") -> str:
    """An address: the one that it calls its home or nearest to that, or its first."""
    pairs = [line.partition(", ")[::2] for line in about.get_all("Project-URL", [])]
    addresses = {label.strip().casefold(): address for label, address in pairs}
    homes = [addresses[label] for label in _HOMES if label in addresses]
    return _field(about, "Home-page") or next(iter([*homes, *addresses.values()]), "")


def _python() -> Part:
    folders = (sysconfig.get_path("stdlib"), sys.base_prefix)
    names = ("LICENSE.txt", "LICENSE")
    files = (Path(folder) / name for folder in folders if folder for name in names)
    return Part(
        "Python",
        platform.python_version(),
        "PSF-2.0",
        "https://docs.python.org/3/license.html",
        file=next((file for file in files if file.is_file()), None),
    )


def _built_in() -> Iterator[Part]:
    """What a built program holds beyond packages; `packaging/bundle_licences.py` lists it."""
    folder = paths.resource("licences")
    try:
        listed = json.loads((folder / "parts.json").read_text("utf-8"))
    except FileNotFoundError:  # a checkout or a wheel
        return
    for entry in listed:
        yield Part(
            entry["name"],
            entry["version"],
            entry["licence"],
            entry["source"],
            file=folder / entry["file"],
        )


def _weights() -> Iterator[Part]:
    """The networks whose weights are installed with the program."""
    for entry in BACKBONES:
        if entry.weights is None:
            yield Part(tr("Weights of {name}", name=entry.name), "", entry.licence, entry.source)


# --- their texts ------------------------------------------------------------------------------


def _texts(part: Part) -> Iterator[tuple[str, str]]:
    """The files of a licence, each with its name."""
    if part.file is not None:
        try:
            yield part.file.name, part.file.read_text("utf-8", "replace")
        except OSError:
            return
    if not part.package:
        return
    found = metadata.distribution(part.package)
    names = found.metadata.get_all("License-File", [])
    is_found = False
    for name in dict.fromkeys(names or _licence_files(found)):
        content = _read(found, name)
        if content is not None:
            is_found = True
            yield name, content
    whole = _field(found.metadata, "License")
    if not is_found and "\n" in whole:
        yield "License", whole


def _standard_texts(licence: str) -> Iterator[tuple[str, str]]:
    """The texts of those licences of an SPDX expression that come with this program."""
    named = {found[0] for found in _STANDARD.finditer(licence)}
    if "LGPL-3.0" in named:
        named.add("GPL-3.0")  # which that one adds to
    for name in sorted(named, reverse=True):
        file = paths.resource("licences") / f"{name}.txt"
        with contextlib.suppress(OSError):
            yield file.name, file.read_text("utf-8")


def _licence_files(found: metadata.Distribution) -> list[str]:
    """Files beside the metadata that are called as licences are, for want of better knowledge."""
    return [
        "/".join(file.parts[1:])
        for file in found.files or ()
        if file.parts[0].endswith((".dist-info", ".egg-info")) and _LICENCE_FILE.match(file.name)
    ]


def _read(found: metadata.Distribution, name: str) -> str | None:
    """A file of the metadata; packages after PEP 639 have their licences in a folder."""
    for place in (f"licenses/{name}", name):
        try:
            content = found.read_text(place)
        except (OSError, UnicodeDecodeError):
            continue
        if content is not None:
            return content
    return None


def _own_licence() -> Path | None:
    file = Path(__file__).resolve().parents[1] / "LICENSE"
    return file if os.path.isfile(file) else None
