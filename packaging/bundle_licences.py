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
from typing import NamedTuple

from setup_environment import SetUpError


class SystemLibrary(NamedTuple):
    """A library that PyInstaller takes from the build machine.

    Attributes:
        pattern: matches the start of its file name.
        name: of the project.
        licence: an SPDX expression.
        source: the project's page.
    """

    pattern: str
    name: str
    licence: str
    source: str


SYSTEM_LIBRARIES = (
    SystemLibrary("libbz2", "bzip2", "bzip2-1.0.6", "https://sourceware.org/bzip2/"),
    SystemLibrary("lib(crypto|ssl)", "OpenSSL", "Apache-2.0", "https://www.openssl.org/"),
    SystemLibrary("libexpat", "Expat", "MIT", "https://libexpat.github.io/"),
    SystemLibrary("libffi", "libffi", "MIT", "https://sourceware.org/libffi/"),
    SystemLibrary("liblzma", "liblzma", "0BSD", "https://tukaani.org/xz/"),
    SystemLibrary("libsqlite3", "SQLite", "blessing", "https://www.sqlite.org/"),
    SystemLibrary("libuuid", "libuuid", "BSD-3-Clause", "https://github.com/util-linux/util-linux"),
    SystemLibrary("libxcb-", "xcb-util", "X11", "https://xcb.freedesktop.org/"),
    SystemLibrary("libxkbcommon", "libxkbcommon", "MIT", "https://xkbcommon.org/"),
    SystemLibrary("libz", "zlib", "Zlib", "https://zlib.net/"),
)
_FOLDER = ("_internal", "gallery_search", "resources", "licences")
_LIST = "parts.json"


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
    return next((e for e in SYSTEM_LIBRARIES if re.match(e.pattern, name)), None)


def add_system_libraries(bundle: str) -> None:
    """Add the libraries of the build machine to the list, and Python's own licence.

    Raises:
        SetUpError: one is bundled that is not known here.
    """
    folder = os.path.join(bundle, *_FOLDER)
    with open(os.path.join(folder, _LIST), encoding="utf-8") as file:
        entries = json.load(file)
    known = {entry["name"] for entry in entries}
    for name in system_libraries(bundle):
        library = library_of(name)
        if library is None:
            raise SetUpError(
                f"{name} would be bundled, but its licence is not known. Leave it out in "
                "bundle_contents.py or add it to bundle_licences.py."
            )
        if library.name not in known:
            known.add(library.name)
            entries.append(_of_system(library, name, folder))
    _write(folder, entries)


def _of_system(library: SystemLibrary, name: str, folder: str) -> dict[str, str]:
    package, version = _package_of(name)
    notice = f"/usr/share/doc/{package}/copyright"
    if not package or not os.path.exists(notice):
        raise SetUpError(f"The licence of {name} was not found on this computer.")
    file = f"{library.name.lower()}.txt"
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


def _write(folder: str, entries: list[dict[str, str]]) -> None:
    with open(os.path.join(folder, _LIST), "w", encoding="utf-8") as file:
        json.dump(entries, file, indent=1)
