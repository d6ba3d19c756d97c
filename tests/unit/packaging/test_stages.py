# SPDX-License-Identifier: MIT
"""The stages of `packaging/test.py`: their order, what stops them, and what they add up to."""

import importlib.util
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import setup_environment
from setup_environment import Environment

# Not `import test`, which is a package of Python itself.
_spec = importlib.util.spec_from_file_location(
    "packaging_test_command", Path(setup_environment.__file__).with_name("test.py")
)
command = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(command)

PLAIN_PYTEST = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}


def python_stage(name, script):
    return command.Stage(name, [sys.executable, "-c", script], {}, is_pytest=False)


def pytest_stage(folder, source):
    folder.mkdir()
    (folder / "test_it.py").write_text(source)
    run = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(folder)]
    return command.Stage(folder.name, run, PLAIN_PYTEST, is_pytest=True)


PASSING = "def test_it():\n    pass\n"
SKIPPED = "import pytest\ndef test_it():\n    pytest.skip('why')\n"


def stages(tmp_path, *arguments):
    for name in (*("unit", "integration", "gui", "end2end", "installer", "faults", "benchmarks"),):
        (tmp_path / "tests" / name).mkdir(parents=True)
    options, for_pytest = command.read_arguments(arguments)
    return list(
        command.list_stages(
            Environment(str(tmp_path)),
            is_quick=options.quick,
            long_factor=options.long,
            for_pytest=for_pytest,
        )
    )


def test_order_of_the_whole_run(tmp_path):
    listed = stages(tmp_path)
    checks = [Path(stage.command[0]).stem for stage in listed if not stage.is_pytest]
    assert checks == ["ruff", "ruff", "mypy", "lint-imports"]
    assert [stage.is_pytest for stage in listed] == [False] * 4 + [True] * 7
    folders = [part for stage in listed for part in stage.command if part.startswith("tests/")]
    assert folders == [
        "tests/" + name
        for name in (
            *("unit", "integration", "gui", "end2end", "installer", "faults", "benchmarks"),
        )
    ]


def test_quick_stops_after_the_gui_tests(tmp_path):
    names = [stage.name for stage in stages(tmp_path, "--quick")]
    assert names == ["style", "formatting", "types", "imports", "unit", "integration", "GUI"]


def test_only_the_stages_without_a_screen_are_told_so(tmp_path):
    offscreen = [s.name for s in stages(tmp_path) if "QT_QPA_PLATFORM" in s.variables]
    assert offscreen == ["unit", "integration", "GUI"]


@pytest.mark.parametrize(("options", "factor"), [(["--long"], "1"), (["--long", "20"], "20")])
def test_long_lifts_the_limits(tmp_path, options, factor):
    for stage in stages(tmp_path, *options):
        if stage.is_pytest:
            assert stage.variables["GALLERY_SEARCH_LONG"] == factor
            assert "--timeout=0" in stage.command


def test_what_follows_two_dashes_goes_to_pytest(tmp_path):
    for stage in stages(tmp_path, "--quick", "--", "-k", "name", "--", "x"):
        if stage.is_pytest:
            assert stage.command[-4:] == ["-k", "name", "--", "x"]
        else:
            assert "name" not in stage.command


@pytest.mark.parametrize("factor", ["0", "-3", "many"])
def test_the_factor_of_long_is_a_number(capsys, factor):
    with pytest.raises(SystemExit) as caught:
        command.read_arguments(["--long", factor])
    assert caught.value.code == 2


def test_wrong_usage_has_status_2(capsys):
    with pytest.raises(SystemExit) as caught:
        command.read_arguments(["--quick", "--long"])
    assert caught.value.code == 2
    assert "not allowed with" in capsys.readouterr().err


def test_a_folder_that_is_missing_has_no_tests(tmp_path):
    (tmp_path / "tests" / "unit").mkdir(parents=True)
    listed = list(
        command.list_stages(Environment(str(tmp_path)), is_quick=True, long_factor=0, for_pytest=())
    )
    assert "tests/unit" in listed[-3].command
    assert [stage.command for stage in listed[-2:]] == [[], []]


def test_first_failure_ends_the_run_with_its_status(tmp_path, capfd):
    status = command.run_stages(
        [
            python_stage("one", "print('first output')"),
            python_stage("two", "raise SystemExit(9)"),
            python_stage("three", "print('never')"),
        ],
        str(tmp_path),
    )
    out, err = capfd.readouterr()
    assert status == 9
    assert out == "first output\n"
    assert "FAILED (exit status 9)" in err
    assert "three" not in err


def test_tests_are_counted_and_their_output_stays_on_stdout(tmp_path, capfd):
    empty = pytest_stage(tmp_path / "empty", "")
    skipped = pytest_stage(tmp_path / "skipped", SKIPPED)
    passing = pytest_stage(tmp_path / "passing", PASSING)
    assert command.run_stages([empty, skipped, passing], str(tmp_path)) == 0
    out, err = capfd.readouterr()
    assert "1 passed" in out
    summary = err.partition("Summary")[2].splitlines()
    assert summary[1].endswith("no tests")
    assert summary[2].endswith("passed, 0 tests, 1 skipped")
    assert summary[3].endswith("passed, 1 tests")


@pytest.mark.parametrize("source", ["", SKIPPED])
def test_a_run_without_a_single_executed_test_fails(tmp_path, capfd, source):
    stage = pytest_stage(tmp_path / "stage", source)
    assert command.run_stages([python_stage("style", ""), stage], str(tmp_path)) == 1
    assert "No test was executed." in capfd.readouterr().err


def test_a_failing_test_fails_the_run(tmp_path):
    stage = pytest_stage(tmp_path / "stage", PASSING + "def test_other():\n    assert False\n")
    assert command.run_stages([stage], str(tmp_path)) == 1


@pytest.mark.skipif(os.name != "posix", reason="Windows has no SIGTERM to pass on")
def test_sigterm_is_passed_on_and_its_status_given(tmp_path):
    script = (
        "import setup_environment, sys\n"
        "child = 'import signal; print(1, flush=True); signal.pause()'\n"
        "print(setup_environment.run_and_wait([sys.executable, '-c', child]))"
    )
    environment = {**os.environ, "PYTHONPATH": os.path.dirname(setup_environment.__file__)}
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdout.readline() == "1\n"
        process.send_signal(signal.SIGTERM)
        out, _ = process.communicate(timeout=30)
    assert out == f"{128 + signal.SIGTERM}\n"
