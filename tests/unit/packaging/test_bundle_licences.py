# SPDX-License-Identifier: MIT
"""Whose libraries a built program holds and needs, and where their licences come from."""

import json
import sys
from pathlib import Path

import bundle_libraries
import bundle_licences
import pytest
from setup_environment import SetUpError


def test_libraries_of_the_system_are_known_by_package_and_licence() -> None:
    assert bundle_libraries.package_of("libX11.so.6") == "libx11-6"
    assert bundle_libraries.package_of("libstdc++.so.6") == "libstdc++6"
    assert bundle_libraries.package_of("libexpat.so.1") == "libexpat1"
    assert bundle_libraries.package_of("libunheardof.so.1") == ""
    assert bundle_libraries._OF_LIBC.fullmatch("ld-linux-x86-64.so.2")
    assert bundle_libraries._OF_LIBC.fullmatch("ld-linux-aarch64.so.1")
    known = bundle_licences.library_of("libcrypto.so.3")
    assert known is not None
    assert known.licence == "Apache-2.0"
    assert bundle_licences.library_of("libreadline.so.8") is None


def test_a_library_of_unknown_licence_stops_the_build(tmp_path: Path) -> None:
    folder = tmp_path / "_internal" / "gallery_search" / "resources" / "licences"
    folder.mkdir(parents=True)
    (folder / "parts.json").write_text("[]")
    (tmp_path / "_internal" / "libreadline.so.8").write_bytes(b"")
    with pytest.raises(SetUpError, match=r"libreadline\.so\.8 would be bundled"):
        bundle_licences.add_system_libraries(str(tmp_path))


@pytest.mark.parametrize(
    ("names", "parts"),
    [
        (
            ["python3.dll", "python311.dll", "libcrypto-3.dll", "libffi-8.dll", "sqlite3.dll"],
            {"OpenSSL", "libffi", "SQLite"},
        ),
        (["VCRUNTIME140.dll", "VCRUNTIME140_1.dll"], {"Microsoft Visual C++ runtime"}),
        (
            ["Python", "libssl.3.dylib", "liblzma.5.dylib", "libz.1.dylib", "libbz2.1.0.dylib"],
            {"OpenSSL", "liblzma", "zlib", "bzip2"},
        ),
    ],
)
def test_libraries_bring_their_licences_where_the_system_keeps_no_notices(
    tmp_path: Path, names: list[str], parts: set[str]
) -> None:
    (tmp_path / "parts.json").write_text("[]")
    files = bundle_licences.add_by_name(names, str(tmp_path))
    entries = json.loads((tmp_path / "parts.json").read_text())
    assert {entry["name"] for entry in entries} == parts
    assert {Path(file).name for file in files} == {entry["file"] for entry in entries}
    for entry in entries:
        assert len((tmp_path / entry["file"]).read_text("utf-8")) > 400, entry


@pytest.mark.parametrize("name", ["libzstd.1.dylib", "libreadline.8.dylib", "libxcb-util.so.1"])
def test_a_library_without_a_text_stops_the_build_there(tmp_path: Path, name: str) -> None:
    (tmp_path / "parts.json").write_text("[]")
    with pytest.raises(SetUpError, match="licence"):
        bundle_licences.add_by_name([name], str(tmp_path))


def test_each_source_package_of_xcb_is_a_part_of_its_own() -> None:
    sources = {
        "libxcb-cursor.so.0": "xcb-util-cursor",
        "libxcb-icccm.so.4": "xcb-util-wm",
        "libxcb-image.so.0": "xcb-util-image",
        "libxcb-keysyms.so.1": "xcb-util-keysyms",
        "libxcb-render-util.so.0": "xcb-util-renderutil",
        "libxcb-render.so.0": "libxcb",
        "libxcb-util.so.1": "xcb-util",
        "libxcb-xkb.so.1": "libxcb",
    }
    found = {name: bundle_licences.library_of(name) for name in sources}
    assert {name: library and library.name for name, library in found.items()} == sources


@pytest.mark.skipif(sys.platform == "win32", reason="links take a privilege there")
def test_libgomp_of_pytorch_is_a_part_with_its_exception(tmp_path: Path) -> None:
    folder = tmp_path / "_internal" / "gallery_search" / "resources" / "licences"
    folder.mkdir(parents=True)
    (folder / "parts.json").write_text("[]")
    (tmp_path / "_internal" / "torch" / "lib").mkdir(parents=True)
    bundle_licences.add_system_libraries(str(tmp_path))
    assert json.loads((folder / "parts.json").read_text()) == []
    (tmp_path / "_internal" / "torch" / "lib" / "libgomp.so.1").write_bytes(b"")
    bundle_licences.add_system_libraries(str(tmp_path))
    (entry,) = json.loads((folder / "parts.json").read_text())
    assert entry["licence"] == "GPL-3.0-or-later WITH GCC-exception-3.1"
    text = (folder / entry["file"]).read_text("utf-8")
    assert "GCC RUNTIME LIBRARY EXCEPTION" in text
    assert "GNU GENERAL PUBLIC LICENSE" in text
