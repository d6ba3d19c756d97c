# SPDX-License-Identifier: MIT
"""The programs of a Linux desktop that open files of a type. No Qt; the calls read many files.

By freedesktop.org's "Desktop Entry Specification" 1.5 and "Association between MIME types and
applications" 1.0.
"""

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

_ENTRY = "Desktop Entry"
_OF_FILES, _OF_URLS = ("%f", "%F"), ("%u", "%U")
_OBSOLETE = ("%d", "%D", "%n", "%N", "%v", "%m")

_Group = dict[str, str]


class Program(Struct, frozen=True):
    """A program that opens files.

    Attributes:
        name: for people, in their language.
        command: its `Exec` line, with field codes.
        icon: the name or path of its icon, or "".
        file: the desktop file that tells of it.
        folder: where it wants to be started, or "".
        types: of files that it says it opens.
    """

    name: str
    command: str
    icon: str
    file: str
    folder: str
    types: frozenset[str]


def programs_for(types: Sequence[str], environment: Mapping[str, str]) -> list[Program]:
    """The programs that open files of a type: the user's own choices first, then by name.

    Args:
        types: the MIME type, its other names, and those that it is a special case of.
        environment: the variables of the process.
    """
    installed = _installed(environment)
    chosen, removed = _chosen(types, environment)
    able = sorted(
        (
            (program.name.casefold(), program_id)
            for program_id, program in installed.items()
            if not program.types.isdisjoint(types) and program_id not in removed
        ),
    )
    order = dict.fromkeys([*chosen, *(program_id for _, program_id in able)])
    return [installed[program_id] for program_id in order if program_id in installed]


def arguments_of(program: Program, path: str, url: str) -> list[str]:
    """What to start so that a program opens a file; raises ValueError for a broken `Exec` line.

    Args:
        program: the program.
        path: of the file.
        url: likewise.
    """
    arguments: list[str] = []
    has_file = False
    for part in _split(program.command):
        if part == "%i":
            arguments += ["--icon", program.icon] if program.icon else []
        elif part not in _OBSOLETE:
            has_file = has_file or any(code in part for code in (*_OF_FILES, *_OF_URLS))
            arguments.append(_filled(part, program, path, url))
    if not arguments:
        raise ValueError("nothing to start")
    return arguments if has_file else [*arguments, path]


def _split(command: str) -> list[str]:
    """The arguments of an `Exec` line: parted by spaces, and quoted as by a shell.

    `shlex` would not do: it leaves the backslash before a dollar in double quotes.
    """
    arguments: list[str] = []
    argument: str | None = None
    quote, is_escaped = "", False
    for character in command:
        if is_escaped:
            keeps = quote and character not in '"`$\\'
            argument = (argument or "") + ("\\" if keeps else "") + character
            is_escaped = False
        elif character == "\\" and quote != "'":
            is_escaped = True
        elif character == quote or (character in "'\"" and not quote):
            quote = "" if quote else character
            argument = argument or ""
        elif character.isspace() and not quote:
            arguments += [] if argument is None else [argument]
            argument = None
        else:
            argument = (argument or "") + character
    if quote or is_escaped:
        raise ValueError("a quotation without end")
    return arguments if argument is None else [*arguments, argument]


def _filled(part: str, program: Program, path: str, url: str) -> str:
    values = {"%%": "%", "%c": program.name, "%k": program.file}
    values |= dict.fromkeys(_OF_FILES, path) | dict.fromkeys(_OF_URLS, url)
    filled, place = "", 0
    while place < len(part):
        code = part[place : place + 2]
        is_code = code in values or code in _OBSOLETE
        filled += values.get(code, "") if is_code else part[place]
        place += 2 if is_code else 1
    return filled


# --- desktop files ------------------------------------------------------------------------------


def _installed(environment: Mapping[str, str]) -> dict[str, Program]:
    """All programs by the names of their desktop files, those of the user before the system's."""
    found: dict[str, Program | None] = {}
    for folder in _data_folders(environment):
        for program_id, file in _desktop_files(os.path.join(folder, "applications")):
            if program_id not in found:
                found[program_id] = _program(file, environment)
    return {program_id: program for program_id, program in found.items() if program is not None}


def _desktop_files(folder: str) -> Iterator[tuple[str, str]]:
    for place, _, names in os.walk(folder):
        for name in sorted(names):
            if name.endswith(".desktop"):
                file = os.path.join(place, name)
                yield os.path.relpath(file, folder).replace(os.sep, "-"), file


def _program(file: str, environment: Mapping[str, str]) -> Program | None:
    """What a desktop file tells; None where it is no program for this desktop, or none any more."""
    entry = _groups(file).get(_ENTRY, {})
    is_other = entry.get("Type") != "Application" or not entry.get("Exec")
    if is_other or "true" in (entry.get("Hidden"), entry.get("Terminal")):
        return None
    needed = entry.get("TryExec")
    if needed and shutil.which(needed, path=environment.get("PATH")) is None:
        return None
    desktops = set(environment.get("XDG_CURRENT_DESKTOP", "").split(":"))
    only, never = _listed(entry.get("OnlyShowIn")), _listed(entry.get("NotShowIn"))
    if (only and desktops.isdisjoint(only)) or not desktops.isdisjoint(never):
        return None
    return Program(
        name=_localised(entry, "Name", environment) or os.path.basename(file),
        command=_unescaped(entry["Exec"]),
        icon=entry.get("Icon", ""),
        file=file,
        folder=entry.get("Path", ""),
        types=frozenset(_listed(entry.get("MimeType"))),
    )


def _localised(entry: _Group, key: str, environment: Mapping[str, str]) -> str:
    named = (environment.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    language = next(filter(None, named), "").split(".")[0].split("@")[0]
    for wanted in (language, language.split("_")[0]):
        if wanted and f"{key}[{wanted}]" in entry:
            return _unescaped(entry[f"{key}[{wanted}]"])
    return _unescaped(entry.get(key, ""))


def _groups(file: str) -> dict[str, _Group]:
    """The groups of a file with keys and values; none of what cannot be read."""
    groups: dict[str, _Group] = {}
    try:
        with open(file, encoding="utf-8", errors="replace") as lines:
            group: _Group = {}
            for line in map(str.strip, lines):
                if line.startswith("[") and line.endswith("]"):
                    group = groups.setdefault(line[1:-1], {})
                elif "=" in line and not line.startswith("#"):
                    key, value = line.split("=", 1)
                    group[key.rstrip()] = value.lstrip()
    except OSError:
        return {}
    return groups


def _listed(value: str | None) -> list[str]:
    return [] if value is None else [part for part in value.split(";") if part]


def _unescaped(value: str) -> str:
    r"""A value as it is meant: `\s` is a space, `\\` a backslash, and so on."""
    meant = {"s": " ", "n": "\n", "t": "\t", "r": "\r", "\\": "\\"}
    parts, escaped = [], False
    for character in value:
        if escaped:
            parts.append(meant.get(character, f"\\{character}"))
            escaped = False
        elif character == "\\":
            escaped = True
        else:
            parts.append(character)
    return "".join(parts)


# --- what the user chose ------------------------------------------------------------------------


def _chosen(
    types: Sequence[str], environment: Mapping[str, str]
) -> tuple[list[str], frozenset[str]]:
    """Desktop files that were chosen for a type, the default first, and those taken from it."""
    chosen: list[str] = []
    removed: set[str] = set()
    for groups in map(_groups, _association_files(environment)):
        for type_ in types:
            chosen += _listed(groups.get("Default Applications", {}).get(type_))
            added = _listed(groups.get("Added Associations", {}).get(type_))
            chosen += [program_id for program_id in added if program_id not in removed]
            removed.update(_listed(groups.get("Removed Associations", {}).get(type_)))
    return chosen, frozenset(removed)


def _association_files(environment: Mapping[str, str]) -> Iterator[str]:
    """The files with associations, what is more the user's own first."""
    config = environment.get("XDG_CONFIG_HOME") or os.path.join(_home(environment), ".config")
    folders = [config, *(environment.get("XDG_CONFIG_DIRS") or "/etc/xdg").split(":")]
    folders += [os.path.join(folder, "applications") for folder in _data_folders(environment)]
    desktops = environment.get("XDG_CURRENT_DESKTOP", "").lower().split(":")
    for folder in filter(None, folders):
        for desktop in filter(None, desktops):
            yield os.path.join(folder, f"{desktop}-mimeapps.list")
        yield os.path.join(folder, "mimeapps.list")


def _data_folders(environment: Mapping[str, str]) -> list[str]:
    home = environment.get("XDG_DATA_HOME") or os.path.join(_home(environment), ".local/share")
    system = environment.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
    return [home, *filter(None, system.split(":"))]


def _home(environment: Mapping[str, str]) -> str:
    return environment.get("HOME") or os.path.expanduser("~")
