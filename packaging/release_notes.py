# SPDX-License-Identifier: MIT
"""What goes beside the installers of a release: checksums, a bill of materials, the changes.

    python3 packaging/release_notes.py FOLDER

writes `latest.json`, which tells the programs out there of this version
(`gallery_search/updates.py`), and `SHA256SUMS` over the files in FOLDER, and prints the section of
CHANGELOG.md about the present version. `--bill PYTHON FILE` writes the bill of materials instead:
what is installed in the environment of a Python, as CycloneDX 1.5. With `--tag` it stops where the
tag is not that of the version; and while an address of the project is still a placeholder, or that
of its repository is not filled in, it stops as well.
"""

import argparse
import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence

import build_bundle
from setup_environment import SetUpError, say

SUMS = "SHA256SUMS"
LATEST = "latest.json"
_PLACEHOLDER = "example.org"
_LIST = """
import importlib.metadata as m, json
print(json.dumps([
    {
        "name": d.metadata["Name"],
        "version": d.version,
        "licence": d.metadata.get("License-Expression") or d.metadata.get("License") or "",
    }
    for d in m.distributions()
]))
"""
_LONGEST_LICENCE = 120  # some packages have the whole text in the field


def write_sums(folder: str) -> str:
    """Write the checksums, as `sha256sum -c` reads them; returns the path."""
    lines = []
    for name in sorted(os.listdir(folder)):
        path = os.path.join(folder, name)
        if name != SUMS and os.path.isfile(path):
            with open(path, "rb") as file:
                lines.append(f"{hashlib.file_digest(file, 'sha256').hexdigest()}  {name}\n")
    path = os.path.join(folder, SUMS)
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.writelines(lines)
    return path


def write_latest(folder: str, changelog: str, version: str, repository: str) -> str:
    """Write which version this release is, and when it was made; returns the path.

    Raises:
        SetUpError: CHANGELOG.md has no section about the version.
    """
    heading = rf"^## \[{re.escape(version)}\](?: - (\d{{4}}-\d{{2}}-\d{{2}}))?"
    found = re.search(heading, changelog, re.MULTILINE)
    if found is None:
        raise SetUpError(f"CHANGELOG.md has no section [{version}]. Write it first.")
    said = {"version": version, "date": found[1] or ""}
    if repository:
        said["page"] = f"{repository}/releases/tag/v{version}"
    path = os.path.join(folder, LATEST)
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write(json.dumps(said) + "\n")
    return path


def read_repository(root: str) -> str:
    """Where the program is released, read from its source; "" while that is not filled in."""
    with open(os.path.join(root, "gallery_search", "__init__.py"), encoding="utf-8") as file:
        found = re.search(r'__repository__ = "([^"]*)"', file.read())
    return found[1] if found else ""


def changes(changelog: str, version: str) -> str:
    """The section about a version.

    Raises:
        SetUpError: there is none.
    """
    pattern = rf"^## \[{re.escape(version)}\][^\n]*\n(.*?)(?=^## \[|\Z)"
    found = re.search(pattern, changelog, re.MULTILINE | re.DOTALL)
    if found is None:
        raise SetUpError(f"CHANGELOG.md has no section [{version}]. Write it first.")
    return found[1].strip()


def check_publishable(tag: str | None, version: str, packager: str, repository: str) -> None:
    """Raise SetUpError where a release would be wrong.

    Args:
        tag: which it is made of; None asks nothing of it.
        version: of the program.
        packager: the text of `linux_package.py`, which names whom to write to.
        repository: where the program is released.
    """
    if tag is not None and tag != f"v{version}":
        raise SetUpError(f"The tag {tag} is not v{version}. Set __version__, or tag it so.")
    if _PLACEHOLDER in packager:
        raise SetUpError(
            f"packaging/linux_package.py still names {_PLACEHOLDER}. Put the project's own address "
            "there (docs/release.md)."
        )
    if not re.fullmatch(r"https://[^/\s]+/\S*[^/\s]", repository):
        raise SetUpError(
            "__repository__ in gallery_search/__init__.py is no address such as "
            "https://host/owner/name. Put the project's own there (docs/release.md)."
        )


def bill(python: str, version: str) -> dict[str, object]:
    """The packages of an environment as a CycloneDX document."""
    answer = subprocess.run([python, "-c", _LIST], capture_output=True, text=True, check=True)
    components = []
    for entry in sorted(json.loads(answer.stdout), key=lambda e: e["name"].lower()):
        name = re.sub(r"[-_.]+", "-", entry["name"]).lower()
        component = {
            "type": "library",
            "name": entry["name"],
            "version": entry["version"],
            "purl": f"pkg:pypi/{name}@{entry['version']}",
        }
        licence = entry["licence"]
        if licence and "\n" not in licence and len(licence) <= _LONGEST_LICENCE:
            component["licenses"] = [{"license": {"name": licence}}]
        components.append(component)
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "component": {"type": "application", "name": "gallery-search", "version": version}
        },
        "components": components,
    }


def main(arguments: Sequence[str]) -> int:
    """Do what the arguments say; returns the exit status."""
    parser = argparse.ArgumentParser(description="Write what goes beside the installers.")
    parser.add_argument("folder", nargs="?", metavar="FOLDER")
    parser.add_argument("--bill", nargs=2, metavar=("PYTHON", "FILE"))
    parser.add_argument("--tag", metavar="TAG", help="of which the release is made")
    options = parser.parse_args(arguments)
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    try:
        version = build_bundle.read_version(root)
        if options.bill:
            with open(options.bill[1], "w", encoding="utf-8") as file:
                json.dump(bill(options.bill[0], version), file, indent=1)
        if options.folder:
            with open(
                os.path.join(root, "packaging", "linux_package.py"), encoding="utf-8"
            ) as file:
                repository = read_repository(root)
                check_publishable(options.tag, version, file.read(), repository)
            with open(os.path.join(root, "CHANGELOG.md"), encoding="utf-8") as file:
                changelog = file.read()
            text = changes(changelog, version)
            write_latest(options.folder, changelog, version, repository)
            write_sums(options.folder)
            print(text)
    except SetUpError as error:
        say(str(error))
        return 1
    except (OSError, subprocess.CalledProcessError) as error:
        say(f"This could not be written: {error}.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
