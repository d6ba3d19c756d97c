# SPDX-License-Identifier: MIT
"""What is inside the installers: nothing that does not belong there, and nothing too large."""

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import build_environment
import bundle_libraries
import bundle_licences
import pytest
from editions import Edition

pytestmark = pytest.mark.timeout(1200)

MB = 10**6
# The Debian package, the portable archive, unpacked.
MOST_MB = {Edition.STANDARD: (200, 200, 600), Edition.FULL: (450, 450, 1200)}
# Qt's modules that are under the GPL alone, or a commercial licence (Qt's page of licences).
GPL_QT = (
    "Charts|DataVisualization|Graphs|Lottie|NetworkAuth|Quick3D|QuickTimeline|VirtualKeyboard|"
    "WaylandCompositor|HttpServer|Grpc|Protobuf|ShaderTools|CanvasPainter"
)
GPL_LIBRARIES = "readline|history|gdbm|x264|x265|fftw3|gsl|poppler|mad|cdio"
# Asked of the environment that it was built in: whose modules are inside.
PACKAGES_INSIDE = """
import importlib.metadata, json, os, sys
from PyInstaller.archive.readers import CArchiveReader
program, folder = sys.argv[1:]
modules = {name.partition(".")[0] for name in os.listdir(folder)}
archive = CArchiveReader(program)
for name in archive.toc:
    if name.endswith(".pyz"):
        modules |= {module.partition(".")[0] for module in archive.open_embedded_archive(name).toc}
owners = importlib.metadata.packages_distributions()
print(json.dumps(sorted({owner for module in modules for owner in owners.get(module, ())})))
"""
# AVX-512 has registers of its own; AVX has another way to write instructions, seen in their names.
AVX_512 = re.compile(r"%(zmm\d|[xy]mm(1[6-9]|2\d|3[01])|k[1-7]\b)")
AVX = re.compile(r"\t(v[a-z0-9]+)\s.*%[xy]mm")


def test_they_are_as_small_as_promised(installers) -> None:
    unpacked = sum(
        os.lstat(os.path.join(folder, name)).st_size
        for folder, _, names in os.walk(installers.bundle)
        for name in names
    )
    most = MOST_MB[installers.edition]
    assert installers.deb.stat().st_size <= most[0] * MB
    assert installers.archive.stat().st_size <= most[1] * MB
    assert unpacked <= most[2] * MB


def test_annoy_runs_on_other_computers_than_the_one_that_built_it(installers) -> None:
    (library,) = (installers.bundle / "_internal" / "annoy").glob("annoylib*.so")
    code = subprocess.run(
        ["objdump", "-d", str(library)], capture_output=True, text=True, check=True
    ).stdout
    assert len(code.splitlines()) > 10_000  # it was read
    assert "%xmm0" in code
    assert AVX_512.search(code) is None
    assert AVX.search(code) is None  # x86-64-v2 ends at SSE 4.2


def test_no_library_is_under_the_gpl_alone(installers) -> None:
    names = [os.path.basename(path) for path in bundle_libraries.elf_files(str(installers.bundle))]
    assert len(names) > 50
    gpl = re.compile(rf"(lib)?(Qt6?({GPL_QT})|({GPL_LIBRARIES})\b)|_gdbm|_dbm|readline")
    assert [name for name in names if gpl.match(name)] == []
    for name in bundle_licences.system_libraries(str(installers.bundle)):
        library = bundle_licences.library_of(name)
        assert library is not None, name
        assert "GPL" not in library.licence, name


def test_every_part_tells_its_licence_in_the_program_itself(installers) -> None:
    listing = subprocess.run(
        [str(installers.bundle / "gallery-search"), "--licences"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    heads = list(re.finditer(r"^(\S.*)\n=+\n\nLicence: (.+)$", listing, re.MULTILINE))
    ends = [head.start() for head in heads[1:]] + [len(listing)]
    parts = [head.groups() for head in heads]
    texts = {
        head[1].partition(" ")[0].casefold(): listing[head.end() : end]
        for head, end in zip(heads, ends, strict=True)
    }
    named = {name.partition(" ")[0].casefold(): licence for name, licence in parts}
    inside = packages_inside(installers)
    assert {"numpy", "scipy", "scikit-learn", "joblib", "pyside6_essentials"} <= inside
    assert inside <= set(named)
    for name, text in texts.items():
        assert "Its text does not come" not in text, name
        assert len(text) > 500, name
    assert {"python", "openssl", "sqlite", "pyinstaller", "pi_heif"} <= set(named)
    assert "not stated" not in named.values()
    # Those under the GPL alone; of a choice, another licence is taken, and exceptions allow it.
    for name, licence in named.items():
        choices = re.split(r"\bOR\b|,", licence)
        assert any(
            "GPL" not in choice or "LGPL" in choice or "exception" in choice for choice in choices
        ), f"{name}: {licence}"
    assert "Bootloader" in listing
    assert "Enthought" in texts["scipy"]
    for name in ("pyside6_essentials", "shiboken6"):
        assert re.search(
            r"GNU LESSER GENERAL PUBLIC LICENSE\s+Version 3, 29 June 2007", texts[name]
        )


def packages_inside(installers: Any) -> set[str]:
    """The packages that modules inside belong to, in lower case."""
    python = build_environment.python_of(str(installers.bundle.parents[1] / "venv"))
    program, folder = installers.bundle / "gallery-search", installers.bundle / "_internal"
    answer = subprocess.run(
        [python, "-c", PACKAGES_INSIDE, str(program), str(folder)],
        capture_output=True,
        text=True,
        check=True,
    )
    return {name.casefold() for name in json.loads(answer.stdout)}


def test_what_the_desktop_reads_is_valid(installers, tmp_path: Path) -> None:
    subprocess.run(["dpkg-deb", "-x", str(installers.deb), str(tmp_path)], check=True)
    share = tmp_path / "usr" / "share"
    entry = share / "applications" / "gallery-search.desktop"
    subprocess.run(["desktop-file-validate", str(entry)], check=True)
    assert "image/jpeg;" in entry.read_text()
    (metadata,) = (share / "metainfo").iterdir()
    subprocess.run(["appstreamcli", "validate", "--no-net", str(metadata)], check=True)
    icons = {path.parent.parent.name for path in share.glob("icons/hicolor/*/apps/*")}
    assert icons >= {"16x16", "48x48", "128x128", "512x512", "scalable"}
    assert (tmp_path / "usr/bin/gallery-search").resolve().is_file()
    listed = subprocess.run(
        ["dpkg-deb", "-c", str(installers.deb)], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert all(line.split()[1] == "root/root" for line in listed)
    files = [line for line in listed if not line.startswith("l")]
    assert not [line for line in files if "w" in (line[5], line[8])]  # for their owner alone


def test_the_network_inside_is_whole(installers) -> None:
    folder = installers.bundle / "_internal" / "gallery_search" / "resources" / "models"
    (sums,) = folder.glob("*.sums")
    assert {path.name for path in folder.iterdir()} == {sums.name, *json.loads(sums.read_text())}
