# SPDX-License-Identifier: MIT
"""Makes the AppImage from a built program: one file that is started as it is downloaded.

Its folder is an "AppDir" as docs.appimage.org describes it; appimagetool packs it. What of this has
been run is in docs/release.md.
"""

import os
import platform
import shutil

from build_bundle import NAME, Bundle, run
from setup_environment import say

# The tool, where it is not called appimagetool in PATH; and a file with the start of AppImages,
# which the tool otherwise downloads each time.
TOOL_VARIABLE = "GALLERY_SEARCH_APPIMAGETOOL"
RUNTIME_VARIABLE = "GALLERY_SEARCH_APPIMAGE_RUNTIME"
_ARCHITECTURES = {"x86_64": "x86_64", "aarch64": "aarch64"}


def make(bundle: Bundle, share: str, work: str, out: str) -> list[str]:
    """Write the AppImage into `out` where its tool is at hand; returns its path, or nothing.

    Args:
        bundle: the built program.
        share: folder of what the desktop reads, as in /usr/share.
        work: folder for what is made on the way.
        out: where the file goes.

    Raises:
        SetUpError: the tool failed.
    """
    folder = make_folder(bundle, share, work)
    tool = os.environ.get(TOOL_VARIABLE) or shutil.which("appimagetool")
    if not tool:
        say(
            f"No AppImage is made: the program appimagetool is not in PATH, nor named by "
            f"{TOOL_VARIABLE}."
        )
        return []
    machine = platform.machine()
    path = os.path.join(out, f"{bundle.edition.file_name}-{bundle.version}-{machine}.AppImage")
    runtime = os.environ.get(RUNTIME_VARIABLE)
    options = ["--runtime-file", runtime] if runtime else []
    variables = {
        "ARCH": _ARCHITECTURES.get(machine, machine),
        "VERSION": bundle.version,
        # The tool is an AppImage itself, and a computer that builds may lack FUSE.
        "APPIMAGE_EXTRACT_AND_RUN": "1",
    }
    run("packing the AppImage", [tool, *options, folder, path], variables)
    return [path]


def make_folder(bundle: Bundle, share: str, work: str) -> str:
    """Put the AppDir together; returns its path. Large files are links to the built ones."""
    folder = os.path.join(work, "AppDir")
    shutil.rmtree(folder, ignore_errors=True)
    usr = os.path.join(folder, "usr")
    shutil.copytree(
        bundle.folder, os.path.join(usr, "lib", NAME), symlinks=True, copy_function=_link
    )
    shutil.copytree(share, os.path.join(usr, "share"))
    os.makedirs(os.path.join(usr, "bin"))
    links = {
        f"usr/bin/{NAME}": f"../lib/{NAME}/{NAME}",
        "AppRun": f"usr/bin/{NAME}",
        f"{NAME}.desktop": f"usr/share/applications/{NAME}.desktop",
        f"{NAME}.svg": f"usr/share/icons/hicolor/scalable/apps/{NAME}.svg",
        ".DirIcon": f"usr/share/icons/hicolor/256x256/apps/{NAME}.png",
    }
    for place, target in links.items():
        os.symlink(target, os.path.join(folder, place))
    return folder


def _link(source: str, target: str) -> str:
    """Like `shutil.copy2`, without a second copy on the disk where the system can do that."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
    return target
