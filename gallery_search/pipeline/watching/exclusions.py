# SPDX-License-Identifier: MIT
"""What the user wants to be left out of the watched folders: whole folders, and names by patterns.

A pattern such as "*.tmp.jpg" or "Screenshots" is compared with each name below a watched folder,
of photos and of directories, without regard to case.
"""

import fnmatch
import os
import re
import unicodedata
from collections.abc import Iterable
from typing import Self

from gallery_search.catalogue.rows import join_path
from gallery_search.errors import FolderError
from gallery_search.language import mark


class Exclusions:
    """Folders and names to be left out; immutable.

    Attributes:
        folders: absolute paths without links.
        patterns: of names, as `fnmatch` has them.
    """

    def __init__(self, folders: Iterable[str] = (), patterns: Iterable[str] = ()) -> None:
        self.folders = tuple(dict.fromkeys(folders))
        self.patterns = tuple(dict.fromkeys(patterns))
        self._prefixes = tuple(os.path.join(folder, "") for folder in self.folders)
        globs = [fnmatch.translate(_comparable(pattern)) for pattern in self.patterns]
        self._names = re.compile("|".join(globs)).match if globs else None

    @classmethod
    def checked(cls, folders: Iterable[str], patterns: Iterable[str]) -> Self:
        """What a person has given; raises FolderError where a pattern leaves nothing out."""
        patterns = [pattern.strip() for pattern in patterns]
        for pattern in patterns:
            if not pattern or is_path(pattern):
                raise FolderError(
                    mark(
                        "“{pattern}” is no pattern for names. Give one such as *.tmp.jpg, or a "
                        "folder."
                    ).format(pattern=pattern)
                )
        return cls(map(os.path.realpath, folders), patterns)

    def changed(self, add: Iterable[str], remove: Iterable[str]) -> Self:
        """These with some more, and without others; a text with a "/" in it is a folder's path.

        Raises:
            FolderError: a text is neither folder nor pattern, or what is removed is not there.
        """
        folders, patterns = list(self.folders), list(self.patterns)
        for text in add:
            (folders if is_path(text) else patterns).append(text)
        for text in remove:
            some = folders if is_path(text) else patterns
            # As it is kept, first: what was a folder may be a link by now.
            given = text if text in some or some is patterns else os.path.realpath(text)
            if given not in some:
                raise FolderError(
                    mark("{text} is not left out, so it cannot be taken back in.").format(
                        text=_shown(text)
                    )
                )
            some.remove(given)
        return self.checked(folders, patterns)

    @property
    def settings(self) -> dict[str, tuple[str, ...]]:
        """How they are kept in the settings."""
        return {"excluded_folders": self.folders, "excluded_patterns": self.patterns}

    def has_name(self, name: str) -> bool:
        """Whether the name of a photo or directory matches a pattern."""
        return self._names is not None and self._names(_comparable(name)) is not None

    def has_folder(self, path: str) -> bool:
        """Whether an absolute path is one of the excluded folders, or inside of one."""
        return os.path.join(path, "").startswith(self._prefixes)

    def has_photo(self, folder: str, directory: str, name: str) -> bool:
        """Whether a photo is left out that lies in a directory below a watched folder."""
        if self._names is not None and any(map(self.has_name, (*directory.split("/"), name))):
            return True
        return bool(self._prefixes) and self.has_folder(join_path(folder, directory, ""))


def is_path(text: str) -> bool:
    """Whether a text means a folder, and no pattern."""
    return "/" in text or os.sep in text or text in (os.curdir, os.pardir)


def _comparable(name: str) -> str:
    # macOS stores names decomposed; typed patterns are composed.
    return unicodedata.normalize("NFC", name.casefold())


def _shown(path: str) -> str:
    return os.fsencode(path).decode("utf-8", "replace")
