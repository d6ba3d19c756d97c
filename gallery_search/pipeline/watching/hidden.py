# SPDX-License-Identifier: MIT
"""What the system or another program hides: hidden files, bins, snapshots and thumbnails.

Names are compared without regard to case. General names such as "thumbnails" are not here: people
have photos in folders of that name, and can leave them out by a pattern.
"""

import os
import stat

_SYSTEM_DIRECTORIES = frozenset(
    {
        # Windows
        "$recycle.bin", "recycler", "recycled", "system volume information", "found.000",
        # macOS, and what it and netatalk leave on other disks
        "__macosx", "backups.backupdb", "network trash folder", "temporary items",
        # Linux
        "lost+found",
        # Synology: thumbnails, bin, snapshots, temporary files
        "@eadir", "#recycle", "#snapshot", "@tmp", "@sharebin",
        # QNAP (its thumbnails in ".@__thumb" have a dot) and NetApp
        "@recycle", "@recently-snapshot", "~snapshot",
        # ACDSee: what a photo was before it was edited
        "[originals]",
        # iTunes, and Sony's cameras: thumbnails
        "ipod photo cache", "thmbnl",
        # Nextcloud: bin and older versions
        "files_trashbin", "files_versions",
    }
)  # fmt: skip

# Lightroom's previews, as JPEG too; and the previews and bins of Nextcloud's own data.
_SYSTEM_ENDINGS = (".lrdata", ".lrcat-data")
_SYSTEM_BEGINNINGS = ("appdata_oc",)

# Photos, iPhoto and Aperture show these directories as one file. What the user took lies in one
# of two directories in them; all others hold previews, thumbnails and faces cut out.
_PACKAGE_ENDINGS = (".photoslibrary", ".photolibrary", ".migratedphotolibrary", ".aplibrary")
_ORIGINALS_IN_PACKAGES = ("originals", "masters")


def is_hidden_name(name: str) -> bool:
    """Whether a name says that a file or directory is hidden."""
    return name.startswith(".")


def is_system_directory(name: str, parent: str) -> bool:
    """Whether a directory is hidden, the system's or another program's own, by its name.

    Args:
        name: of the directory.
        parent: the name of the directory it lies in.
    """
    lower = name.lower()
    return (
        is_hidden_name(name)
        or lower in _SYSTEM_DIRECTORIES
        or lower.endswith(_SYSTEM_ENDINGS)
        or lower.startswith(_SYSTEM_BEGINNINGS)
        or (parent.lower().endswith(_PACKAGE_ENDINGS) and lower not in _ORIGINALS_IN_PACKAGES)
    )


def has_hidden_mark(status: os.stat_result) -> bool:
    """Whether the file system marks it as hidden, as Windows and macOS can."""
    attributes: int = getattr(status, "st_file_attributes", 0)
    flags: int = getattr(status, "st_flags", 0)
    return bool(attributes & stat.FILE_ATTRIBUTE_HIDDEN or flags & _UF_HIDDEN)


_UF_HIDDEN = 0x8000  # sys/stat.h of macOS; Python has the name from 3.13 on
