# SPDX-License-Identifier: MIT
"""Makes the disk image for macOS from a built app. Not yet run on macOS.

PyInstaller has made the app and signed it, with the identity in `GALLERY_SEARCH_SIGN_IDENTITY`
where there is one. For each of Apple silicon and Intel it is built on such a Mac.
"""

import os
import platform
import shutil

from build_bundle import Bundle, run


def make(root: str, bundle: Bundle, work: str, out: str) -> list[str]:  # noqa: ARG001 - as others
    """Write the image into `out`, notarised where `GALLERY_SEARCH_NOTARY_PROFILE` names a profile.

    The profile is one that `xcrun notarytool store-credentials` has kept.

    Raises:
        SetUpError: a step failed.
    """
    app = os.path.join(os.path.dirname(bundle.folder), "Gallery Search.app")
    image_folder = os.path.join(work, "image")
    shutil.rmtree(image_folder, ignore_errors=True)
    os.makedirs(image_folder)
    shutil.copytree(app, os.path.join(image_folder, "Gallery Search.app"), symlinks=True)
    os.symlink("/Applications", os.path.join(image_folder, "Applications"))
    machine = "apple-silicon" if platform.machine() == "arm64" else "intel"
    path = os.path.join(out, f"{bundle.edition.file_name}-{bundle.version}-macos-{machine}.dmg")
    if os.path.exists(path):
        os.remove(path)
    run(
        "making the disk image",
        [
            *("hdiutil", "create", "-volname", "Gallery Search", "-format", "UDZO"),
            *("-srcfolder", image_folder, path),
        ],
    )
    identity = os.environ.get("GALLERY_SEARCH_SIGN_IDENTITY")
    if identity:
        run("signing the disk image", ["codesign", "--sign", identity, "--timestamp", path])
    profile = os.environ.get("GALLERY_SEARCH_NOTARY_PROFILE")
    if profile:
        submit = ["xcrun", "notarytool", "submit", path, "--keychain-profile", profile, "--wait"]
        run("having Apple check the disk image", submit)
        run("attaching Apple's answer", ["xcrun", "stapler", "staple", path])
    return [path]
