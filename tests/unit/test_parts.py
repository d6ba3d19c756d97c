# SPDX-License-Identifier: MIT
"""The licences of all parts: found for what is installed, and for packages of every form."""

import json
import sys
import sysconfig
from pathlib import Path

import pytest

from gallery_search import __version__, parts
from gallery_search.embedding.backbones import BACKBONES
from gallery_search.parts import Part


@pytest.fixture(scope="module")
def collected() -> list[Part]:
    return parts.collected()


def named(collected: list[Part], name: str) -> Part:
    (part,) = [part for part in collected if part.name == name]
    return part


def test_this_program_comes_first_with_its_licence(collected: list[Part]) -> None:
    own = collected[0]
    assert (own.name, own.licence) == ("Gallery Search", "MIT")
    assert "Permission is hereby granted" in parts.text(own)


def test_what_it_requires_is_there_and_what_that_requires(collected: list[Part]) -> None:
    names = {part.package for part in collected}
    assert {"numpy", "torch", "pyside6-essentials", "timm"} <= names
    assert {"huggingface-hub", "shiboken6"} <= names  # of timm, of PySide6
    assert not {"pytest", "ruff", "hypothesis"} & names
    assert len(names) == len([p for p in collected if p.package]) + 1  # each once, and ""


def test_every_part_states_something_and_has_a_text(collected: list[Part]) -> None:
    for part in collected:
        assert part.name
        assert part.licence
        assert len(parts.text(part)) > 20
    assert "Copyright" in parts.text(named(collected, "numpy"))
    qt = parts.text(named(collected, "PySide6_Essentials"))
    assert "GNU LESSER GENERAL PUBLIC LICENSE\n                       Version 3, 29 June 2007" in qt
    assert "GNU GENERAL PUBLIC LICENSE\n                       Version 3, 29 June 2007" in qt


def test_python_and_the_weights_are_parts(collected: list[Part]) -> None:
    python = named(collected, "Python")
    assert python.version == ".".join(map(str, sys.version_info[:3]))
    assert "PYTHON SOFTWARE FOUNDATION" in parts.text(python).upper() or python.file is None
    (installed,) = [entry for entry in BACKBONES if entry.weights is None]
    weights = named(collected, f"Weights of {installed.name}")
    assert (weights.licence, weights.source) == (installed.licence, installed.source)
    assert "Apache License" in parts.text(weights)


@pytest.mark.parametrize(
    ("expression", "files"),
    [
        ("Apache-2.0", ["Apache-2.0.txt"]),
        ("LGPL-3.0-or-later", ["LGPL-3.0.txt", "GPL-3.0.txt"]),
        ("MIT OR GPL-3.0-only", ["GPL-3.0.txt"]),
        ("GPL-2.0-only", []),
        ("AGPL-3.0", []),
    ],
)
def test_a_part_that_only_names_a_known_licence_has_its_text(
    expression: str, files: list[str]
) -> None:
    assert [name for name, _ in parts._standard_texts(expression)] == files


# --- packages of every form ---------------------------------------------------------------------


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of packages in which nothing but what a test writes is found."""
    sysconfig.get_path("stdlib")  # imports a module of Python's at the first call
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    return tmp_path


def install(site: Path, name: str, *headers: str, **files: str) -> None:
    folder = site / f"{name.replace('-', '_')}-1.0.dist-info"
    metadata = ("Metadata-Version: 2.1", f"Name: {name}", "Version: 1.0", *headers)
    contents = {"METADATA": "\n".join(metadata) + "\n", **files}
    for file, content in contents.items():
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text(content, "utf-8")
    record = [f"{folder.name}/{file},," for file in contents]
    (folder / "RECORD").write_text("\n".join(record), "utf-8")


def only(name: str) -> Part:
    return named(parts.collected(), name)


def test_where_the_program_has_no_metadata_all_that_was_built_in_is_a_part(
    site: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    licences = tmp_path / "resources" / "licences"
    licences.mkdir(parents=True)
    entry = {"name": "libthree", "version": "3", "licence": "MIT", "source": "", "file": "3.txt"}
    (licences / "parts.json").write_text(json.dumps([entry]))
    (licences / "3.txt").write_text("Permission for three")
    monkeypatch.setattr(parts.paths, "resource", lambda name: tmp_path / "resources" / name)
    install(site, "one")
    install(site, "two")
    found = parts.collected()
    assert found[0].name == "Gallery Search"
    assert {"one", "two", "Python"} <= {part.name for part in found}
    assert found[0].version == __version__
    assert "Permission is hereby granted" in parts.text(found[0])  # of this checkout
    assert parts.text(named(found, "libthree")) == "Permission for three"
    listing = parts.all_texts()
    assert listing.startswith("Gallery Search")
    assert "libthree 3\n==========\n\nLicence: MIT" in listing


def test_markers_and_extras_decide_what_is_required(site: Path) -> None:
    install(
        site,
        "gallery-search",
        "Provides-Extra: more",
        "Provides-Extra: test",
        "Requires-Dist: plain",
        "Requires-Dist: Spelt.Otherwise>=1; python_version >= '3'",
        "Requires-Dist: elsewhere; sys_platform == 'plan9'",
        "Requires-Dist: with-extra[deep]",
        "Requires-Dist: optional; extra == 'more'",
        "Requires-Dist: tester; extra == 'test'",
        "Requires-Dist: not installed at all >>",
        "Requires-Dist: missing",
    )
    install(site, "with-extra", "Requires-Dist: deeper; extra == 'deep'")
    install(site, "deeper", "Requires-Dist: with-extra", "Requires-Dist: never; extra == 'other'")
    for name in ("plain", "spelt-otherwise", "elsewhere", "optional", "tester", "never", "loose"):
        install(site, name)
    packages = {part.package for part in parts.collected()} - {""}
    wanted = {"plain", "spelt-otherwise", "with-extra", "deeper", "optional"}
    assert packages == {"gallery-search", *wanted}


@pytest.mark.parametrize(
    ("headers", "licence"),
    [
        (("License-Expression: MIT OR Apache-2.0", "License: other"), "MIT OR Apache-2.0"),
        (("License: BSD",), "BSD"),
        (("License: UNKNOWN", "Classifier: License :: OSI Approved :: MIT License"), "MIT License"),
        (
            (
                "License: A whole text\n        of several lines",
                "Classifier: License :: OSI Approved :: ISC License",
            ),
            "ISC License",
        ),
        (("Classifier: License :: OSI Approved",), "not stated"),
        ((), "not stated"),
    ],
)
def test_how_a_licence_is_stated(site: Path, headers: tuple[str, ...], licence: str) -> None:
    install(site, "one", *headers)
    assert only("one").licence == licence


def test_a_licence_that_only_its_file_names_is_found_there(site: Path) -> None:
    notice = 'Licensed under the Apache License,\nVersion 2.0 (the "License")'
    install(site, "silent", "License: UNKNOWN", LICENSE=notice)
    install(site, "other", LICENSE="Do as you like.")
    install(site, "loud", "License: MIT", LICENSE=notice)
    assert only("silent").licence == "Apache-2.0"
    assert only("other").licence == "not stated"
    assert only("loud").licence == "MIT"


def test_where_its_text_is(site: Path) -> None:
    install(site, "new", "License-File: LICENSE", **{"licenses/LICENSE": "the new way"})
    install(site, "old", "License-File: LICENSE.txt", **{"LICENSE.txt": "the old way"})
    install(site, "unnamed", COPYING="not named", AUTHORS="somebody")
    install(
        site,
        "two",
        "License-File: A",
        "License-File: B",
        **{"licenses/A": "one", "licenses/B": "two"},
    )
    install(site, "field", "License: First line\n        second line")
    install(site, "gone", "License-File: LICENSE", "Home-page: https://example.org/gone")
    install(
        site, "none", "Project-URL: Changes, https://x.org/c", "Project-URL: Home, https://x.org"
    )
    assert parts.text(only("new")) == "the new way"
    assert parts.text(only("old")) == "the old way"
    assert parts.text(only("unnamed")) == "not named"
    assert parts.text(only("two")) == "A\n-\n\none\n\nB\n-\n\ntwo"
    assert "second line" in parts.text(only("field"))
    for name, address in (("gone", "https://example.org/gone"), ("none", "https://x.org")):
        assert parts.text(only(name)) == (
            f"Licence: not stated.\n\nIts text does not come with this part. See {address}."
        )
