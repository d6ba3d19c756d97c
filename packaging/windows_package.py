# SPDX-License-Identifier: MIT
"""Makes the Windows installer from a built program, with Inno Setup. Not yet run on Windows."""

import os
import shutil

from build_bundle import Bundle, run
from setup_environment import SetUpError


def make(root: str, bundle: Bundle, work: str, out: str) -> list[str]:  # noqa: ARG001 - as others
    """Write the installer into `out`; returns its path.

    Where the environment has `GALLERY_SEARCH_SIGN_COMMAND`, a command of signtool's with `$f` for
    the file, the installer and the uninstaller are signed with it.

    Raises:
        SetUpError: Inno Setup is missing or failed.
    """
    compiler = _find_compiler()
    name = f"{bundle.edition.file_name}-{bundle.version}-windows-x64"
    defines = {
        "Version": bundle.version,
        "Bundle": bundle.folder,
        "Icon": os.path.join(bundle.icons, "icon.ico"),
        "Licence": os.path.join(root, "LICENSE"),
        "Out": out,
        "FileName": name,
    }
    command = [compiler, "/Q", *(f"/D{key}={value}" for key, value in defines.items())]
    sign = os.environ.get("GALLERY_SEARCH_SIGN_COMMAND")
    if sign:
        command += ["/DSignTool=gallerysearch", f"/Sgallerysearch={sign}"]
    script = os.path.join(root, "packaging", "windows", "installer.iss")
    run("making the installer", [*command, script])
    return [os.path.join(out, f"{name}.exe")]


def _find_compiler() -> str:
    found = shutil.which("ISCC")
    if found:
        return found
    # Windows has variables of this spelling.
    for variable in ("ProgramFiles(x86)", "ProgramFiles", "LOCALAPPDATA"):
        for version in ("6", "7"):
            folder = os.environ.get(variable, "")
            programs = "Programs" if variable == "LOCALAPPDATA" else ""
            path = os.path.join(folder, programs, f"Inno Setup {version}", "ISCC.exe")
            if folder and os.path.isfile(path):
                return path
    raise SetUpError(
        "The installer needs Inno Setup 6 or newer (https://jrsoftware.org/isinfo.php). Install "
        "it, then start again."
    )
