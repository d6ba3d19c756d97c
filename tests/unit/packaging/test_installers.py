# SPDX-License-Identifier: MIT
"""What the building of installers decides without building: contents, names, notes, scripts."""

import codecs
import hashlib
import importlib.util
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import build_bundle
import build_environment
import bundle_contents
import lowest_versions
import macos_package
import pytest
import release_notes
import windows_package
from build_bundle import Bundle
from editions import Edition
from setup_environment import SetUpError

import gallery_search

ROOT = Path(__file__).resolve().parents[3]


def load(script: str) -> ModuleType:
    """A script of `packaging/` whose name others have, too."""
    spec = importlib.util.spec_from_file_location(script, ROOT / "packaging" / f"{script}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("name", "is_wanted"),
    [
        ("PySide6/QtWidgets.abi3.so", True),
        ("PySide6/Qt/lib/libQt6Gui.so.6", True),
        ("PySide6/Qt/lib/libQt6Qml.so.6", False),
        ("PySide6/Qt/lib/libQt6VirtualKeyboard.so.6", False),
        ("libQt6Svg.so.6", True),
        ("libQt6Quick.so.6", False),
        ("PySide6/Qt/plugins/platforms/libqxcb.so", True),
        ("PySide6/Qt/plugins/imageformats/libqpdf.so", False),
        ("PySide6/Qt/plugins/platforminputcontexts/libqtvirtualkeyboardplugin.so", False),
        ("PySide6/plugins/platforms/qwindows.dll", True),
        ("PySide6/Qt6Network.dll", False),
        ("PySide6\\plugins\\sqldrivers\\qsqlite.dll", False),
        ("PySide6/Qt/translations/qtbase_de.qm", True),
        ("PySide6/Qt/translations/qtbase_fr.qm", False),
        ("openvino/libs/libopenvino_intel_cpu_plugin.so", True),
        ("openvino/libs/libopenvino_ir_frontend.so.2641", True),
        ("openvino/libs/libopenvino_intel_npu_plugin.so", False),
        ("openvino/libs/libopenvino_onnx_frontend.so.2641", False),
        ("openvino/libs/openvino_intel_cpu_plugin.dll", True),
        ("libX11.so.6", False),
        ("libxcb-cursor.so.0", True),
        ("pillow.libs/libfreetype-57f805ba.so.6.20.6", True),
        ("gallery_search/resources/icons/back.svg", True),
    ],
)
def test_only_what_can_be_reached_is_bundled(name: str, is_wanted: bool) -> None:
    assert bundle_contents.is_wanted(name) == is_wanted
    assert bundle_contents.is_wanted(name, with_torch=True) == is_wanted


@pytest.mark.parametrize(
    ("name", "is_wanted"),
    [
        ("openvino/libs/libopenvino_pytorch_frontend.so.2641", True),
        ("openvino/libs/libopenvino_tensorflow_frontend.so.2641", False),
        ("torch/lib/libtorch_cpu.so", True),
        ("torch/lib/libjitbackend_test.so", False),
        ("torch\\lib\\torchbind_test.dll", False),
        ("torch\\lib\\dnnl.lib", False),
        ("torch/bin/torch_shm_manager", True),
        ("torch/bin/protoc", False),
        ("torch/include/ATen/ATen.h", False),
        ("torch/testing/__init__.py", True),
        ("torch/testing/_internal/common_utils.py", False),
        ("torch/testing/_internal/opinfo/core.py", False),
        ("torch/testing/_internal/__init__.py", True),
        ("torch/testing/_internal/logging_tensor.py", True),
        ("torch/testing/_internal/distributed/fake_pg.py", True),
        ("torchvision/models/densenet.py", True),
    ],
)
def test_the_full_edition_has_of_pytorch_what_can_be_reached(name: str, is_wanted: bool) -> None:
    assert bundle_contents.is_wanted(name, with_torch=True) == is_wanted


@pytest.mark.parametrize(
    ("words", "edition", "file_name"),
    [
        ([], Edition.STANDARD, "gallery-search"),
        (["--with-torch"], Edition.FULL, "gallery-search-full"),
        (["--with-torch", "cpu", "--fresh"], Edition.FULL, "gallery-search-full"),
        (["--with-torch", "gpu"], Edition.FULL_GPU, "gallery-search-full-gpu"),
    ],
)
def test_the_edition_is_chosen_by_one_option(
    words: list[str], edition: Edition, file_name: str
) -> None:
    options = load("build")._read_arguments(words)
    assert Edition.of_option(options.with_torch) is edition
    assert options.fresh == ("--fresh" in words)
    assert edition.file_name == file_name
    assert edition.has_torch == (edition is not Edition.STANDARD)


@pytest.mark.skipif(sys.platform == "win32", reason="needs a script that starts by itself")
@pytest.mark.parametrize(
    ("cuda", "fits", "other"),
    [("13.0", Edition.FULL_GPU, Edition.FULL), ("", Edition.FULL, Edition.FULL_GPU)],
)
def test_pytorch_of_another_build_than_the_editions_stops_the_build(
    tmp_path: Path, cuda: str, fits: Edition, other: Edition
) -> None:
    python = tmp_path / "python"  # one whose PyTorch has this CUDA
    python.write_text(f"#!/bin/sh\necho {cuda}\n")
    python.chmod(0o755)
    build_environment._check_torch(str(python), fits)
    with pytest.raises(SetUpError, match=f"not that of the edition {other.value}"):
        build_environment._check_torch(str(python), other)


def test_the_network_of_another_build_is_taken(tmp_path: Path) -> None:
    made, taken = tmp_path / "made", tmp_path / "data" / "models"
    made.mkdir()
    with pytest.raises(SetUpError, match="holds no converted network"):
        build_bundle.take_network(str(made), str(taken))
    for ending in ("xml", "bin", "npy", "sums"):
        (made / f"network.{ending}").write_text(ending, "utf-8")
    build_bundle.take_network(str(made), str(taken))
    assert sorted(file.read_text("utf-8") for file in taken.iterdir()) == [
        *("bin", "npy", "sums", "xml")
    ]


def test_a_program_that_fails_costs_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    script = "import sys; print('no such section', file=sys.stderr); sys.exit(3)"

    def fail(*_: object) -> None:
        subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)

    monkeypatch.setattr(build_bundle, "build", fail)
    assert load("build").main(["--torch-python", sys.executable]) == 1
    told = capsys.readouterr().err.splitlines()
    assert told[0] == "no such section"
    assert told[1].startswith("The installer cannot be built: `")
    assert told[1].endswith("ended with status 3.")
    assert len(told) == 2


def test_the_standard_edition_is_built_without_torch() -> None:
    standard = build_environment.requirements(str(ROOT), Edition.STANDARD)
    full = build_environment.requirements(str(ROOT), Edition.FULL)
    names = {build_environment.name_of(line) for line in standard}
    assert {"numpy", "openvino", "annoy", "PySide6-Essentials"} <= names
    assert {build_environment.name_of(line) for line in full} - names == {
        *build_environment.TORCH_PACKAGES
    }


# --- a release ----------------------------------------------------------------------------------


def test_checksums_are_as_sha256sum_reads_them(tmp_path: Path) -> None:
    (tmp_path / "b.deb").write_bytes(b"b")
    (tmp_path / "a.deb").write_bytes(b"a")
    text = Path(release_notes.write_sums(str(tmp_path))).read_text()
    release_notes.write_sums(str(tmp_path))  # again: it does not count itself
    assert Path(release_notes.write_sums(str(tmp_path))).read_text() == text
    digests = [hashlib.sha256(name).hexdigest() for name in (b"a", b"b")]
    assert text == f"{digests[0]}  a.deb\n{digests[1]}  b.deb\n"


def test_notes_are_the_section_of_the_version() -> None:
    text = "# C\n\n## [Unreleased]\n\n## [1.1.0] - 2027-01-02\n\n- one\n\n## [1.0.0]\n\n- old\n"
    assert release_notes.changes(text, "1.1.0") == "- one"
    assert release_notes.changes(text, "1.0.0") == "- old"
    with pytest.raises(SetUpError, match=r"no section \[1\.1\]"):
        release_notes.changes(text, "1.1")


def test_nothing_is_published_under_another_version_or_with_a_placeholder() -> None:
    home = "https://forge.invalid/us/it"
    release_notes.check_publishable("v1.2.0", "1.2.0", "", home)
    release_notes.check_publishable(None, "1.2.0", "", home)
    with pytest.raises(SetUpError, match=r"v1\.2 is not v1\.2\.0"):
        release_notes.check_publishable("v1.2", "1.2.0", "", home)
    with pytest.raises(SetUpError, match="Put the project's own address"):
        release_notes.check_publishable("v1.2.0", "1.2.0", "<a@example.org>", home)
    for none in ("", "http://forge.invalid/us/it", "https://forge.invalid", f"{home}/"):
        with pytest.raises(SetUpError, match="__repository__"):
            release_notes.check_publishable("v1.2.0", "1.2.0", "", none)


def test_a_release_says_of_itself_what_the_programs_out_there_look_for(tmp_path: Path) -> None:
    text = "## [Unreleased]\n\n## [99.1.0] - 2027-01-31\n\n- one\n\n## [99.0.0]\n"
    home = "https://forge.invalid/us/it"
    said = Path(release_notes.write_latest(str(tmp_path), text, "99.1.0", home))
    page = f"{home}/releases/tag/v99.1.0"
    assert json.loads(said.read_text()) == {
        "version": "99.1.0",
        "date": "2027-01-31",
        "page": page,
    }
    assert said.name in Path(release_notes.write_sums(str(tmp_path))).read_text()
    undated = Path(release_notes.write_latest(str(tmp_path), text, "99.0.0", ""))
    assert json.loads(undated.read_text()) == {"version": "99.0.0", "date": ""}
    with pytest.raises(SetUpError, match="no section"):
        release_notes.write_latest(str(tmp_path), text, "99", home)


def test_the_address_is_read_as_the_program_has_it() -> None:
    root = str(Path(release_notes.__file__).parents[1])
    assert release_notes.read_repository(root) == gallery_search.__repository__


def test_the_bill_lists_what_is_installed() -> None:
    listed = release_notes.bill(sys.executable, "1.2.3")
    assert listed["bomFormat"] == "CycloneDX"
    (numpy,) = [c for c in listed["components"] if c["name"] == "numpy"]  # type: ignore[index]
    assert numpy["purl"] == f"pkg:pypi/numpy@{numpy['version']}"


def test_the_lowest_versions_are_those_of_the_project() -> None:
    text = '[project]\ndependencies = ["a>=1.2", "b>=2,<3; python_version < \'3.12\'", "c==4"]\n'
    assert list(lowest_versions.constraints(text)) == ["a==1.2", "b==2; python_version < '3.12'"]


# --- systems that are not at hand ---------------------------------------------------------------


def bundle(tmp_path: Path) -> Bundle:
    return Bundle(
        str(tmp_path / "dist" / "gallery-search"), str(tmp_path), "1.2.3", Edition.STANDARD
    )


def test_the_windows_installer_gets_all_that_its_script_names(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    commands: list[list[str]] = []
    monkeypatch.setattr(windows_package, "run", lambda _, command: commands.append(command))
    monkeypatch.setattr(windows_package, "_find_compiler", lambda: "ISCC")
    monkeypatch.setenv("GALLERY_SEARCH_SIGN_COMMAND", "")
    (made,) = windows_package.make(str(ROOT), bundle(tmp_path), str(tmp_path), "out")
    assert Path(made).name == "gallery-search-1.2.3-windows-x64.exe"
    content = (ROOT / "packaging" / "windows" / "installer.iss").read_bytes()
    assert content.startswith(codecs.BOM_UTF8)  # or Inno Setup may take it for the ANSI code page
    script = content.decode("utf-8-sig")
    wanted = set(re.findall(r"\{#(\w+)\}", script)) - {"Name", "Program", "SignTool"}
    defines = [word for word in commands[0][:-1] if word.startswith("/D")]
    given = {word.removeprefix("/D").partition("=")[0] for word in defines}
    assert wanted == given
    assert commands[0][-1].endswith("installer.iss")


def test_without_inno_setup_it_is_said_where_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("PATH", "ProgramFiles", "ProgramFiles(x86)", "LOCALAPPDATA"):
        monkeypatch.setenv(variable, "")
    with pytest.raises(SetUpError, match=r"needs Inno Setup 6"):
        windows_package._find_compiler()


@pytest.mark.skipif(sys.platform == "win32", reason="links take a privilege there")
@pytest.mark.parametrize("profile", ["", "kept"])
def test_a_disk_image_is_notarised_where_there_are_credentials(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, profile: str
) -> None:
    steps: list[str] = []
    monkeypatch.setattr(macos_package, "run", lambda _, command: steps.append(command[0]))
    monkeypatch.setenv("GALLERY_SEARCH_NOTARY_PROFILE", profile)
    monkeypatch.setenv("GALLERY_SEARCH_SIGN_IDENTITY", profile)
    (tmp_path / "dist" / "Gallery Search.app").mkdir(parents=True)
    (made,) = macos_package.make(str(ROOT), bundle(tmp_path), str(tmp_path), str(tmp_path))
    assert made.endswith(".dmg")
    assert (tmp_path / "image" / "Applications").is_symlink()
    assert steps == ["hdiutil", *(["codesign", "xcrun", "xcrun"] if profile else [])]


# --- the start of a built program ---------------------------------------------------------------


@pytest.fixture
def start() -> ModuleType:
    """The script that a built program begins with."""
    return load("frozen/start")


def test_a_built_program_without_a_console_can_write_all_the_same(
    monkeypatch: pytest.MonkeyPatch, start: ModuleType
) -> None:
    kept = io.StringIO()
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", kept)
    start.replace_missing_streams()
    with sys.stdout as stream:
        assert stream.name == os.devnull
        stream.write("nobody sees this")
        stream.flush()
    assert sys.stderr is kept


@pytest.mark.skipif(sys.platform == "win32", reason="PyInstaller sets none of these there")
def test_a_built_program_passes_on_the_environment_that_it_was_started_in(
    monkeypatch: pytest.MonkeyPatch, start: ModuleType
) -> None:
    monkeypatch.setenv("LD_LIBRARY_PATH", "/bundle")
    monkeypatch.setenv("LD_LIBRARY_PATH_ORIG", "/users/own")
    monkeypatch.setenv("DYLD_LIBRARY_PATH", "/bundle")
    monkeypatch.setenv("QT_PLUGIN_PATH", "/bundle/plugins")
    start.restore_environment()
    script = "import json, os; print(json.dumps(dict(os.environ)))"
    told = json.loads(
        subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, check=True
        ).stdout
    )
    assert told["LD_LIBRARY_PATH"] == "/users/own"
    assert not {"DYLD_LIBRARY_PATH", "QT_PLUGIN_PATH", "LD_LIBRARY_PATH_ORIG"} & told.keys()
