# SPDX-License-Identifier: MIT
"""What the system must provide before pip can install the project, and how to get it.

Qt's libraries are found by loading them, as Qt will. The list is what `readelf -d` names for Qt 6's
xcb and offscreen platforms, QtGui, QtWidgets and QtDBus beyond libc, libstdc++ and zlib.
"""

import ctypes
import importlib.util
import os
import platform
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from setup_environment import SetUpError, say

FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts")


class Need(NamedTuple):
    """Something that the system lacks.

    Attributes:
        what: its name, to be read by a person.
        apt: the package of Debian and Ubuntu that brings it, or ""; likewise `dnf` of Fedora and
            `pacman` of Arch.
        how: one sentence on how to get it where no package is named.
    """

    what: str
    apt: str = ""
    dnf: str = ""
    pacman: str = ""
    how: str = ""


QT_LIBRARIES = (
    Need("libEGL.so.1", "libegl1", "libglvnd-egl", "libglvnd"),
    Need("libGL.so.1", "libgl1", "libglvnd-glx", "libglvnd"),
    Need("libglib-2.0.so.0", "libglib2.0-0", "glib2", "glib2"),
    Need("libdbus-1.so.3", "libdbus-1-3", "dbus-libs", "dbus"),
    Need("libfontconfig.so.1", "libfontconfig1", "fontconfig", "fontconfig"),
    Need("libfreetype.so.6", "libfreetype6", "freetype", "freetype2"),
    Need("libX11.so.6", "libx11-6", "libX11", "libx11"),
    Need("libX11-xcb.so.1", "libx11-xcb1", "libX11-xcb", "libx11"),
    Need("libxkbcommon.so.0", "libxkbcommon0", "libxkbcommon", "libxkbcommon"),
    Need("libxkbcommon-x11.so.0", "libxkbcommon-x11-0", "libxkbcommon-x11", "libxkbcommon-x11"),
    Need("libxcb.so.1", "libxcb1", "libxcb", "libxcb"),
    Need("libxcb-cursor.so.0", "libxcb-cursor0", "xcb-util-cursor", "xcb-util-cursor"),
    Need("libxcb-icccm.so.4", "libxcb-icccm4", "xcb-util-wm", "xcb-util-wm"),
    Need("libxcb-image.so.0", "libxcb-image0", "xcb-util-image", "xcb-util-image"),
    Need("libxcb-keysyms.so.1", "libxcb-keysyms1", "xcb-util-keysyms", "xcb-util-keysyms"),
    Need("libxcb-randr.so.0", "libxcb-randr0", "libxcb", "libxcb"),
    Need("libxcb-render.so.0", "libxcb-render0", "libxcb", "libxcb"),
    Need("libxcb-render-util.so.0", "libxcb-render-util0", "xcb-util-renderutil",
         "xcb-util-renderutil"),
    Need("libxcb-shape.so.0", "libxcb-shape0", "libxcb", "libxcb"),
    Need("libxcb-shm.so.0", "libxcb-shm0", "libxcb", "libxcb"),
    Need("libxcb-sync.so.1", "libxcb-sync1", "libxcb", "libxcb"),
    Need("libxcb-util.so.1", "libxcb-util1", "xcb-util", "xcb-util"),
    Need("libxcb-xfixes.so.0", "libxcb-xfixes0", "libxcb", "libxcb"),
    Need("libxcb-xkb.so.1", "libxcb-xkb1", "libxcb", "libxcb"),
)  # fmt: skip

# Programs with which the tests show the window to a virtual screen and work it like a person, and
# look at the files for the desktop.
TEST_PROGRAMS = (
    Need("Xvfb", "xvfb", "xorg-x11-server-Xvfb", "xorg-server-xvfb"),
    Need("xdotool", "xdotool", "xdotool", "xdotool"),
    Need("openbox", "openbox", "openbox", "openbox"),
    Need("dbus-run-session", "dbus", "dbus-daemon", "dbus"),
    Need("desktop-file-validate", "desktop-file-utils", "desktop-file-utils", "desktop-file-utils"),
    Need("appstreamcli", "appstream", "appstream", "appstream"),
    Need("objdump", "binutils", "binutils", "binutils"),
    Need("debootstrap", "debootstrap", "debootstrap", "debootstrap"),
)
ACCESSIBILITY_BUS = Need("at-spi2-core", "at-spi2-core", "at-spi2-core", "at-spi2-core")
ACCESSIBILITY_READER = Need("pyatspi", "python3-pyatspi", "python3-pyatspi", "python-atspi")

APT_GET = ("apt-get", "-y", "-o", "DPkg::Lock::Timeout=120")


def provide(requirements: Sequence[str], *, is_for_tests: bool) -> None:
    """Return once the system has what these Python requirements take.

    On Debian and Ubuntu root gets it installed.

    Raises:
        SetUpError: something is missing; the text says how to get it.
    """
    needs = missing(requirements, is_for_tests=is_for_tests)
    if not needs:
        return
    if package_manager() == "apt" and is_root() and (packages := _packages(needs, "apt")):
        say("Installing system packages: " + " ".join(packages))
        _run_apt_get("update")  # where this fails, the lists may still be good enough
        _run_apt_get("install", "--no-install-recommends", *packages)
        needs = missing(requirements, is_for_tests=is_for_tests)
    if needs:
        raise SetUpError(advice(needs, package_manager()))


def missing(requirements: Sequence[str], *, is_for_tests: bool) -> list[Need]:
    """What the system lacks to install and run these requirements, in the order of the tables."""
    text = "\n".join(requirements).lower()
    needs = list(_unfit_python())
    if "annoy" in text:
        needs += _missing_compiler()
    if "pyside6" in text and sys.platform == "linux":
        needs += _missing_for_qt()
        if is_for_tests:
            needs += _missing_for_tests()
    return needs


def package_manager() -> str:
    """Which of "apt", "dnf" and "pacman" the system has, or "" where it has none of them."""
    for name, program in (("apt", "apt-get"), ("dnf", "dnf"), ("pacman", "pacman")):
        if sys.platform == "linux" and shutil.which(program):
            return name
    return ""


def is_root() -> bool:
    """Whether this process may install system packages by itself."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def advice(needs: Sequence[Need], manager: str) -> str:
    """What to tell the user: the one command that helps, and a sentence for what it cannot bring.

    Args:
        needs: what is missing, at least one.
        manager: as `package_manager` gives it.
    """
    start = {
        "apt": "apt-get install -y --no-install-recommends",
        "dnf": "dnf install -y",
        "pacman": "pacman -S --needed",
    }
    lines = []
    if packages := _packages(needs, manager):
        command = f"{start[manager]} {' '.join(packages)}"
        lines += [
            "Gallery Search needs some system packages. Install them with this command, then "
            "start again:",
            f"    {command if is_root() else 'sudo ' + command}",
        ]
    others = [need for need in needs if not (manager and getattr(need, manager))]
    lines += [need.how for need in others if need.how]
    if names := [need.what for need in others if not need.how]:
        lines.append(
            "Gallery Search needs these, which your system's package manager can install: "
            + ", ".join(names)
            + "."
        )
    return "\n".join(lines)


def _packages(needs: Sequence[Need], manager: str) -> list[str]:
    if not manager:
        return []
    return list(dict.fromkeys(name for need in needs if (name := getattr(need, manager))))


def _run_apt_get(*arguments: str) -> None:
    subprocess.run(
        [*APT_GET, *arguments],
        stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False,
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
    )  # fmt: skip


# --- what may be missing ----------------------------------------------------------------------


def _unfit_python() -> Iterator[Need]:
    if sys.maxsize <= 2**32:
        yield Need("64-bit Python", how="Gallery Search needs a 64-bit Python (python.org).")
    if sys.platform == "darwin" and platform.machine() != "arm64":
        yield Need(
            "Python for Apple silicon",
            how="Gallery Search needs a Mac with Apple silicon and a Python made for it "
            "(python.org): PyTorch is no longer made for Intel Macs.",
        )
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        yield _part_of_python("venv", "the module venv")


def _part_of_python(part: str, what: str) -> Need:
    """Something that distributions split off from Python; no package can add it to other builds."""
    if sys.base_prefix != "/usr":
        how = f"{sys.base_prefix} holds a Python without {what}: start with another Python."
        return Need(what, how=how)
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    return Need(what, apt=f"{name}-{part}", dnf="python3-devel", pacman="python")


def _missing_compiler() -> Iterator[Need]:
    """Annoy comes as source code."""
    if sys.platform == "win32":
        if not _has_visual_cpp():
            yield Need(
                "a C++ compiler",
                how="Gallery Search needs Microsoft's C++ compiler: install the Visual Studio "
                'Build Tools with the workload "Desktop development with C++" '
                "(https://visualstudio.microsoft.com/visual-cpp-build-tools/), then start again.",
            )
    elif sys.platform == "darwin":
        if subprocess.run(["xcode-select", "-p"], capture_output=True, check=False).returncode:
            yield Need(
                "a C++ compiler",
                how="Gallery Search needs Apple's compiler: run `xcode-select --install`, then "
                "start again.",
            )
    else:
        if shutil.which("g++") is None:
            yield Need("g++", "g++", "gcc-c++", "gcc")
        if not os.path.exists(os.path.join(sysconfig.get_path("include"), "Python.h")):
            yield _part_of_python("dev", "Python's headers")


def _has_visual_cpp() -> bool:
    if shutil.which("cl"):
        return True
    program_files = os.environ.get("ProgramFiles(x86)", r"C:\Program Files (x86)")  # noqa: SIM112
    vswhere = os.path.join(program_files, "Microsoft Visual Studio", "Installer", "vswhere.exe")
    component = "Microsoft.VisualStudio.Component.VC.Tools."
    try:
        found = subprocess.run(
            [vswhere, "-products", "*", "-requiresAny", "-property", "installationPath",
             "-requires", component + "x86.x64", component + "ARM64"],
            capture_output=True, check=False,
        )  # fmt: skip
    except OSError:
        return False
    return bool(found.stdout.strip())


def _missing_for_qt() -> Iterator[Need]:
    for need in QT_LIBRARIES:
        try:
            ctypes.CDLL(need.what)
        except OSError:
            yield need
    if not _has_font():
        yield Need("a font", "fonts-dejavu-core", "dejavu-sans-fonts", "ttf-dejavu")


def _has_font() -> bool:
    return any(
        name.lower().endswith((".ttf", ".otf", ".ttc"))
        for folder in FONT_FOLDERS
        for _, _, names in os.walk(os.path.expanduser(folder))
        for name in names
    )


def _missing_for_tests() -> Iterator[Need]:
    yield from (need for need in TEST_PROGRAMS if shutil.which(need.what) is None)
    buses = ("/usr/libexec/at-spi-bus-launcher", "/usr/lib/at-spi-bus-launcher")
    if not any(os.path.exists(bus) for bus in buses):
        yield ACCESSIBILITY_BUS
    # It works with the system's own Python alone, as does the library behind it.
    script = "import gi, pyatspi"
    try:
        subprocess.run(["/usr/bin/python3", "-c", script], capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        yield ACCESSIBILITY_READER
