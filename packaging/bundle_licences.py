# SPDX-License-Identifier: MIT
"""Licences of what a built program holds beyond Python packages, which carry their own.

The program shows them under About (`gallery_search/parts.py`). A library of the build machine is
bundled only if it is listed here: nothing whose licence nobody has looked at gets in.
"""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from setup_environment import SetUpError


class SystemLibrary(NamedTuple):
    """A library that PyInstaller takes from the build machine, or that a package hides in itself.

    Attributes:
        pattern: matches the start of its file name, in any case.
        name: of the project; several files of one project are one part.
        licence: an SPDX expression.
        source: the project's page.
        text: file with the licence in `licences/` beside this one, for systems that keep no
            notices; of what is only met on Linux, "".
    """

    pattern: str
    name: str
    licence: str
    source: str
    text: str = ""


_XCB = "https://xcb.freedesktop.org/"
# The first that matches holds: of xcb, each source package has a notice of its own.
SYSTEM_LIBRARIES = (
    SystemLibrary("(lib)?bz2", "bzip2", "bzip2-1.0.6", "https://sourceware.org/bzip2/", "bzip2"),
    SystemLibrary(
        "lib(crypto|ssl)", "OpenSSL", "Apache-2.0", "https://www.openssl.org/", "Apache-2.0"
    ),
    SystemLibrary("(lib)?expat", "Expat", "MIT", "https://libexpat.github.io/", "expat"),
    SystemLibrary("libffi", "libffi", "MIT", "https://sourceware.org/libffi/", "libffi"),
    SystemLibrary("(lib)?lzma", "liblzma", "0BSD", "https://tukaani.org/xz/", "liblzma"),
    SystemLibrary("(lib)?sqlite3", "SQLite", "blessing", "https://www.sqlite.org/", "sqlite"),
    SystemLibrary("libuuid", "libuuid", "BSD-3-Clause", "https://github.com/util-linux/util-linux"),
    SystemLibrary(
        r"(vcruntime|msvcp|concrt)\d|ucrtbase|api-ms-win-",
        "Microsoft Visual C++ runtime",
        "LicenseRef-Microsoft-Distributable-Code",
        "https://visualstudio.microsoft.com/license-terms/",
        "microsoft-runtime",
    ),
    SystemLibrary("libxcb-cursor", "xcb-util-cursor", "X11", _XCB),
    SystemLibrary("libxcb-(ewmh|icccm)", "xcb-util-wm", "X11", _XCB),
    SystemLibrary("libxcb-image", "xcb-util-image", "X11", _XCB),
    SystemLibrary("libxcb-keysyms", "xcb-util-keysyms", "X11", _XCB),
    SystemLibrary("libxcb-render-util", "xcb-util-renderutil", "X11", _XCB),
    SystemLibrary("libxcb-util", "xcb-util", "X11", _XCB),
    SystemLibrary("libxcb-", "libxcb", "X11", _XCB),
    SystemLibrary("libxkbcommon", "libxkbcommon", "MIT", "https://xkbcommon.org/"),
    SystemLibrary(r"(libz|zlib1)\.", "zlib", "Zlib", "https://zlib.net/", "zlib"),
)
# Inside PyTorch's own folder of libraries, of which its licences do not speak.
_GOMP = SystemLibrary(
    r"libgomp\b",
    "libgomp",
    "GPL-3.0-or-later WITH GCC-exception-3.1",
    "https://gcc.gnu.org/onlinedocs/libgomp/",
    "gcc-runtime",
)
_OF_PYTHON = re.compile(r"(lib)?python3|Python$", re.IGNORECASE)  # Python's licence is shown anyway
_FOLDER = ("_internal", "gallery_search", "resources", "licences")
_LIST = "parts.json"
_TEXTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "licences")
_STANDARD_TEXTS = os.path.join(os.path.dirname(os.path.dirname(_TEXTS)), "resources", "licences")


def write_of_pyinstaller(python: str, folder: str) -> None:
    """Start the list with PyInstaller, whose bootloader is the program's own executable."""
    script = (
        "import importlib.metadata as m, json\n"
        "d = m.distribution('pyinstaller')\n"
        "f = [x for x in d.files if x.name == 'COPYING.txt']\n"
        "print(json.dumps([d.version, f[0].read_text('utf-8') if f else '']))"
    )
    answer = subprocess.run([python, "-c", script], capture_output=True, text=True, check=True)
    version, text = json.loads(answer.stdout)
    if not text:
        raise SetUpError("PyInstaller's licence is not where it is expected.")
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "pyinstaller.txt"), "w", encoding="utf-8") as file:
        file.write(text)
    licence = "GPL-2.0-or-later WITH Bootloader-exception"
    _write(folder, [_entry("PyInstaller bootloader", version, licence, "https://pyinstaller.org/",
                           "pyinstaller.txt")])  # fmt: skip


def system_libraries(bundle: str) -> list[str]:
    """The files in a bundle that come from the build machine; what packages bring are links."""
    folder = os.path.join(bundle, "_internal")
    return sorted(
        entry.name
        for entry in os.scandir(folder)
        if re.match(r"lib[\w.+-]*\.so", entry.name)
        and not entry.name.startswith("libpython")
        and not entry.is_symlink()
    )


def library_of(name: str) -> SystemLibrary | None:
    """What is known of a library by its file name."""
    return next((e for e in SYSTEM_LIBRARIES if re.match(e.pattern, name, re.IGNORECASE)), None)


def add_system_libraries(bundle: str) -> None:
    """Add the libraries of the build machine to the list, on Linux, each with the system's notice.

    Raises:
        SetUpError: one is bundled that is not known here.
    """
    folder = os.path.join(bundle, *_FOLDER)
    entries = _read(folder)
    known = {entry["name"] for entry in entries}
    for name in system_libraries(bundle):
        library = _require_library(name)
        if library.name not in known:
            known.add(library.name)
            entries.append(_of_system(library, name, folder))
    if any(_of_gomp(bundle)):
        entries.append(_with_own_text(_GOMP, folder))
    _write(folder, entries)


def add_by_name(names: Iterable[str], folder: str) -> list[str]:
    """Add libraries of the build machine to the list in `folder`, where systems keep no notices.

    Args:
        names: file names of the libraries.
        folder: with the list, before PyInstaller copies it.

    Returns:
        The files that were written beside the list.

    Raises:
        SetUpError: one is not known here.
    """
    entries = _read(folder)
    libraries = {_require_library(name) for name in names if not _OF_PYTHON.match(name)}
    for library in sorted(libraries):
        if not library.text:
            raise SetUpError(f"The text of the licence of {library.name} is not at hand.")
        entries.append(_with_own_text(library, folder))
    _write(folder, entries)
    return [os.path.join(folder, _file_of(library)) for library in sorted(libraries)]


def _require_library(name: str) -> SystemLibrary:
    library = library_of(name)
    if library is None:
        raise SetUpError(
            f"{name} would be bundled, but its licence is not known. Leave it out in "
            "bundle_contents.py or add it to bundle_licences.py."
        )
    return library


def _of_gomp(bundle: str) -> Iterator[str]:
    folder = os.path.join(bundle, "_internal", "torch", "lib")
    if os.path.isdir(folder):
        yield from (name for name in os.listdir(folder) if re.match(_GOMP.pattern, name))


def _with_own_text(library: SystemLibrary, folder: str) -> dict[str, str]:
    """An entry whose text comes from this checkout; no version, as none can be asked for."""
    parts = [os.path.join(_TEXTS, f"{library.text}.txt")]
    if not os.path.isfile(parts[0]):
        parts = [os.path.join(_STANDARD_TEXTS, f"{library.text}.txt")]
    if library.licence.startswith("GPL-3.0"):
        parts.append(os.path.join(_STANDARD_TEXTS, "GPL-3.0.txt"))
    with open(os.path.join(folder, _file_of(library)), "w", encoding="utf-8") as target:
        for part in parts:
            with open(part, encoding="utf-8") as source:
                target.write(source.read() + "\n")
    return _entry(library.name, "", library.licence, library.source, _file_of(library))


def _file_of(library: SystemLibrary) -> str:
    return f"{library.name.lower().replace(' ', '-')}.txt"


def _of_system(library: SystemLibrary, name: str, folder: str) -> dict[str, str]:
    package, version = _package_of(name)
    notice = f"/usr/share/doc/{package}/copyright"
    if not package or not os.path.exists(notice):
        raise SetUpError(f"The licence of {name} was not found on this computer.")
    file = _file_of(library)
    shutil.copyfile(notice, os.path.join(folder, file))
    return _entry(library.name, version, library.licence, library.source, file)


def _package_of(name: str) -> tuple[str, str]:
    """The system's package of a library, and its version; empty where dpkg does not know it."""
    found = subprocess.run(
        ["dpkg", "-S", f"*/{name}"], capture_output=True, text=True, check=False
    ).stdout
    package = found.partition(":")[0]
    if not package:
        return "", ""
    version = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Version}\n", package],
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    return package, version.partition("\n")[0]


def _entry(name: str, version: str, licence: str, source: str, file: str) -> dict[str, str]:
    return {"name": name, "version": version, "licence": licence, "source": source, "file": file}


def _read(folder: str) -> list[dict[str, str]]:
    with open(os.path.join(folder, _LIST), encoding="utf-8") as file:
        entries: list[dict[str, str]] = json.load(file)
    return entries


def _write(folder: str, entries: list[dict[str, str]]) -> None:
    with open(os.path.join(folder, _LIST), "w", encoding="utf-8") as file:
        json.dump(entries, file, indent=1)
