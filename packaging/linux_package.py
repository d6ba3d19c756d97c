# SPDX-License-Identifier: MIT
"""Makes the Debian package, the portable archive and the AppImage from a built program."""

import gzip
import os
import platform
import shutil
import subprocess
import tarfile
import time

import appimage_package
import bundle_libraries
import draw_icons
from build_bundle import NAME, Bundle, run
from setup_environment import SetUpError

COMPONENT = "io.github.gallery_search.gallery_search"
_MAINTAINER = "The Gallery Search developers <gallery-search@example.org>"
_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
_LARGEST_ICON_PX = 512  # of the icon theme's folders
_README = """\
Gallery Search {version}

Start ./gallery-search; nothing needs to be installed. All that it keeps lies in
~/.local/share/gallery-search. To remove it, delete this folder and that one.

The files in share/ put it into the menus of your desktop: copy them into ~/.local/share, with a
link to ./gallery-search somewhere in your PATH.
"""


def make(root: str, bundle: Bundle, work: str, out: str) -> list[str]:
    """Write the files into `out`; returns their paths.

    Raises:
        SetUpError: a tool is missing or failed.
    """
    tree = os.path.join(work, "package")
    shutil.rmtree(tree, ignore_errors=True)
    share = os.path.join(tree, "usr", "share")
    _put_share(root, bundle, share)
    portable = _make_archive(bundle, share, work, out)
    images = appimage_package.make(bundle, share, work, out)  # before the tree has more in it
    return [_make_deb(root, bundle, tree, out), portable, *images]


def _put_share(root: str, bundle: Bundle, share: str) -> None:
    """What the desktop reads: the menu entry, icons, metadata, entries in file managers' menus."""
    source = os.path.join(root, "packaging", "linux")
    places = {
        "gallery-search.desktop": ("applications", "gallery-search.desktop"),
        "service-menu.desktop": ("kio/servicemenus", "gallery-search.desktop"),
        "gallery-search.nemo_action": ("nemo/actions", "gallery-search.nemo_action"),
    }
    for name, (folder, target) in places.items():
        _copy(os.path.join(source, name), os.path.join(share, folder, target))
    # KDE starts a menu file only if it is executable or lies in a system folder; both hold then.
    os.chmod(os.path.join(share, "kio/servicemenus/gallery-search.desktop"), 0o755)  # noqa: S103
    icons = os.path.join(share, "icons", "hicolor")
    for size in draw_icons.SIZES_PX:
        if size <= _LARGEST_ICON_PX:
            target = os.path.join(icons, f"{size}x{size}", "apps", f"{NAME}.png")
            _copy(os.path.join(bundle.icons, f"{size}.png"), target)
    drawing = os.path.join(root, "resources", f"{NAME}.svg")
    _copy(drawing, os.path.join(icons, "scalable", "apps", f"{NAME}.svg"))
    with open(os.path.join(source, "metainfo.xml.in"), encoding="utf-8") as file:
        text = file.read()
    date = time.strftime("%Y-%m-%d", time.gmtime(_build_time()))
    text = text.replace("@VERSION@", bundle.version).replace("@DATE@", date)
    os.makedirs(os.path.join(share, "metainfo"))
    with open(
        os.path.join(share, "metainfo", f"{COMPONENT}.metainfo.xml"), "w", encoding="utf-8"
    ) as file:
        file.write(text)


def _make_archive(bundle: Bundle, share: str, work: str, out: str) -> str:
    name = f"{bundle.edition.file_name}-{bundle.version}-linux-{platform.machine()}"
    path = os.path.join(out, f"{name}.tar.gz")
    readme = os.path.join(work, "README.txt")
    with open(readme, "w", encoding="utf-8") as file:
        file.write(_README.format(version=bundle.version))
    with tarfile.open(path, "w:gz", compresslevel=6) as archive:
        archive.add(bundle.folder, name, filter=_as_root)
        archive.add(share, f"{name}/share", filter=_as_root)
        archive.add(readme, f"{name}/README.txt", filter=_as_root)
    return path


def _as_root(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = "root"
    return entry


def _make_deb(root: str, bundle: Bundle, tree: str, out: str) -> str:
    if shutil.which("dpkg-deb") is None:
        raise SetUpError("The Debian package needs the program dpkg-deb, of the package dpkg.")
    library = os.path.join(tree, "usr", "lib", NAME)
    shutil.copytree(bundle.folder, library, symlinks=True)
    os.makedirs(os.path.join(tree, "usr", "bin"))
    os.symlink(f"../lib/{NAME}/{NAME}", os.path.join(tree, "usr", "bin", NAME))
    _put_documents(root, bundle, os.path.join(tree, "usr", "share", "doc", NAME))
    for folder, _, _ in os.walk(tree):
        os.chmod(folder, 0o755)  # noqa: S103 - everybody may use the program
    machine = platform.machine()
    architecture = _ARCHITECTURES.get(machine, machine)
    control = os.path.join(tree, "DEBIAN")
    os.makedirs(control)
    with open(os.path.join(control, "control"), "w", encoding="utf-8") as file:
        file.write(_control(bundle, tree, architecture))
    path = os.path.join(out, f"{bundle.edition.file_name}_{bundle.version}_{architecture}.deb")
    # xz took two minutes of the processor. Wherever the program's glibc is, dpkg knows zstd.
    pack = ["dpkg-deb", "--root-owner-group", "-Zzstd", "-z10", "-b", tree, path]
    run("packing the Debian package", pack)
    return path


def _control(bundle: Bundle, tree: str, architecture: str) -> str:
    depends, suggests = bundle_libraries.dependencies(bundle.folder)
    size_kib = sum(
        os.lstat(os.path.join(folder, name)).st_size
        for folder, _, names in os.walk(tree)
        for name in names
    ) // 1024  # fmt: skip
    lines = [
        f"Package: {NAME}",
        f"Version: {bundle.version}",
        f"Architecture: {architecture}",
        f"Maintainer: {_MAINTAINER}",
        f"Installed-Size: {size_kib}",
        "Section: graphics",
        "Priority: optional",
        f"Depends: {', '.join(depends)}",
        *([f"Suggests: {', '.join(suggests)}"] if suggests else []),
        "Description: find the photos of yours that look like an image",
        " Gallery Search watches photo folders. Drop any image on its window, and it",
        " shows the photos that look like it. It also finds duplicates, exact and near",
        " ones. Photos, thumbnails and searches stay on the computer.",
    ]
    return "\n".join(lines) + "\n"


def _put_documents(root: str, bundle: Bundle, folder: str) -> None:
    os.makedirs(folder)
    # The texts themselves are asked of the built program, which shows the same under About.
    licences = subprocess.run(
        [os.path.join(bundle.folder, NAME), "--licences"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    with open(os.path.join(folder, "copyright"), "w", encoding="utf-8") as file:
        file.write(licences)
    with (
        open(os.path.join(root, "CHANGELOG.md"), "rb") as source,
        gzip.GzipFile(os.path.join(folder, "changelog.gz"), "wb", mtime=_build_time()) as target,
    ):
        shutil.copyfileobj(source, target)


def _build_time() -> int:
    """Seconds since 1970: as the convention SOURCE_DATE_EPOCH has it, or now."""
    return int(os.environ.get("SOURCE_DATE_EPOCH", time.time()))


def _copy(source: str, target: str) -> None:
    os.makedirs(os.path.dirname(target), exist_ok=True)
    shutil.copyfile(source, target)
