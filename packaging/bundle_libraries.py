# SPDX-License-Identifier: MIT
"""What the libraries of a built program need of the system, on Linux: read with `objdump`."""

import os
import re
import subprocess
from collections.abc import Iterator

import system_needs
from setup_environment import SetUpError

# OpenVINO and Qt do without these parts where the system lacks what they need: Intel's GPUs, and
# the looks of GTK.
OPTIONAL = {"libOpenCL.so.1": "ocl-icd-libopencl1"}
_OPTIONAL_FILES = ("libqgtk3.so",)
# Debian's packages of libraries that are not listed in `system_needs`, which lists those of Qt.
_PACKAGES = {
    "libexpat.so.1": "libexpat1",  # of Python itself, as Debian builds it
    "libstdc++.so.6": "libstdc++6",
    "libgcc_s.so.1": "libgcc-s1",
    "libglib-2.0.so.0": "libglib2.0-0 | libglib2.0-0t64",
    "libgthread-2.0.so.0": "libglib2.0-0 | libglib2.0-0t64",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
    "libxcb-glx.so.0": "libxcb-glx0",
    "libzstd.so.1": "libzstd1",
}
_OF_LIBC = re.compile(
    r"(lib(c|m|dl|rt|pthread|util|resolv|mvec|anl)\.so\.\d+|ld-linux-[\w-]+\.so\.\d+)"
)
_GLIBC = re.compile(rb"GLIBC_(\d+)\.(\d+)")


def elf_files(bundle: str) -> Iterator[str]:
    """All programs and libraries of a bundle."""
    for folder, _, names in os.walk(bundle):
        for name in names:
            path = os.path.join(folder, name)
            if os.path.islink(path):
                continue
            with open(path, "rb") as file:
                if file.read(4) == b"\x7fELF":
                    yield path


def needed(bundle: str) -> dict[str, list[str]]:
    """The libraries that the bundle needs and does not hold, each with the files that need it."""
    files = [f for f in elf_files(bundle) if os.path.basename(f) not in _OPTIONAL_FILES]
    held = {name for _, _, names in os.walk(bundle) for name in names}
    answer = subprocess.run(
        ["objdump", "-p", *files], capture_output=True, text=True, check=True
    ).stdout
    missing: dict[str, list[str]] = {}
    current = ""
    for line in answer.splitlines():
        if "file format" in line:
            current = line.partition(":")[0]
        elif line.lstrip().startswith("NEEDED"):
            name = line.split()[1]
            if name not in held and not _OF_LIBC.fullmatch(name):
                missing.setdefault(name, []).append(os.path.relpath(current, bundle))
    return missing


def package_of(library: str) -> str:
    """The package of Debian and Ubuntu that brings a library, or "" where it is not known."""
    if library in _PACKAGES:
        return _PACKAGES[library]
    return next((need.apt for need in system_needs.QT_LIBRARIES if need.what == library), "")


def check(bundle: str) -> None:
    """Raise SetUpError where the bundle needs a library of which no package is known here."""
    unknown = {
        name: files
        for name, files in needed(bundle).items()
        if name not in OPTIONAL and not package_of(name)
    }
    if unknown:
        lines = [f"{name} (by {', '.join(files)})" for name, files in unknown.items()]
        raise SetUpError("The program needs libraries that nobody brings: " + "; ".join(lines))


def dependencies(bundle: str) -> tuple[list[str], list[str]]:
    """What a Debian package of the bundle depends on, and what it suggests."""
    names = needed(bundle)
    depends = {package_of(name) for name in names if name not in OPTIONAL}
    suggests = {OPTIONAL[name] for name in names if name in OPTIONAL}
    return [f"libc6 (>= {glibc(bundle)})", *sorted(depends)], sorted(suggests)


def glibc(bundle: str) -> str:
    """The oldest glibc that has all symbols that the bundle uses."""
    found = set()
    for path in elf_files(bundle):
        with open(path, "rb") as file:
            found |= {(int(m[1]), int(m[2])) for m in _GLIBC.finditer(file.read())}
    return "{}.{}".format(*max(found))
