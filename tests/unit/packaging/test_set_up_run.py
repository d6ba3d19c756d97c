# SPDX-License-Identifier: MIT
"""`packaging/run.py` as a person meets it: real processes, a real environment, no network."""

import ast
import os
import signal
import subprocess
import sys
from pathlib import Path

import install_environment
import pytest
import setup_environment
from setup_environment import Environment, SetUpError

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the stand-ins speak POSIX")


def test_second_run_starts_at_once_and_says_nothing(checkout):
    before = checkout.installs
    result = checkout.run("--json", "-n", "1", "a b", "*")
    assert result.stdout == '["--json", "-n", "1", "a b", "*"]\n'
    assert result.stderr == ""
    assert result.returncode == 7
    assert checkout.installs == before


def test_a_ready_start_imports_nothing_that_only_a_set_up_needs(checkout):
    script = (
        f"import sys; sys.path.append({str(checkout.root / 'packaging')!r})\n"
        "import setup_environment as s\n"
        "assert s.Environment.of_this_checkout().is_ready(())\n"
        "s.ensure(s.Environment.of_this_checkout(), ())\n"
        "print(*(set(sys.modules) & {'subprocess', 'tomllib', 'urllib.request', 'ctypes',"
        " 'install_environment', 'typing', 'shutil', 'argparse', 'dataclasses'}))"
    )
    answer = subprocess.run(
        [sys.executable, "-I", "-S", "-c", script],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert answer.stdout == "\n"


def test_changed_pyproject_installs_once_more(checkout):
    before = checkout.installs
    checkout.pyproject.write_text(checkout.pyproject.read_text() + "# changed\n")
    changed = checkout.run()
    assert changed.returncode == 7
    assert changed.stdout == "[]\n"
    assert "up to date" in changed.stderr
    assert checkout.run().stderr == ""
    assert checkout.installs == before + 1


def test_lost_stamp_heals(checkout):
    (checkout.venv / "set-up.json").write_text("{ half")
    before = checkout.installs
    assert checkout.run().returncode == 7
    assert checkout.installs == before + 1
    assert checkout.run().stderr == ""


def test_lost_program_heals(checkout):
    (checkout.venv / "bin" / "gallery-search").unlink()
    assert checkout.run().stdout == "[]\n"


def test_environment_whose_python_is_gone_is_made_anew(checkout):
    left_over = checkout.venv / "left over"
    left_over.write_text("")
    (checkout.venv / "bin" / "python").unlink()  # as after an upgrade of the system's Python
    (checkout.venv / "bin" / "python").symlink_to(checkout.root / "gone")
    result = checkout.run()
    assert result.returncode == 7, result.stderr
    assert result.stdout == "[]\n"
    assert not left_over.exists()
    assert checkout.run().stderr == ""


def test_moved_environment_is_of_no_use(checkout):
    environment = Environment(str(checkout.root))
    assert not install_environment._must_be_remade(environment)
    stamp = checkout.venv / "set-up.json"
    stamp.write_text(stamp.read_text().replace(str(checkout.root), "/elsewhere"))
    assert not environment.is_ready(())
    assert install_environment._must_be_remade(environment)
    stamp.unlink()


def test_test_extras_are_added_once_and_kept(checkout):
    environment = Environment(str(checkout.root))
    (checkout.venv / "set-up.json").unlink()
    checkout.run()
    assert environment.is_ready(())
    assert not environment.is_ready(("test",))
    before = checkout.installs
    setup_environment.ensure(environment, ("test",))
    assert environment.is_ready(("test",))
    assert checkout.run().stderr == ""
    assert checkout.installs == before + 1
    checkout.pyproject.write_text(checkout.pyproject.read_text() + "# changed\n")
    checkout.run()
    assert environment.is_ready(("test",))


def test_failing_pip_gives_its_last_lines_and_a_sentence_and_heals(checkout):
    left_over = checkout.venv / "left over"
    left_over.write_text("")
    checkout.pyproject.write_text(checkout.pyproject.read_text() + "# changed\n")
    (checkout.root / "needs.txt").write_text("Requires-Dist: no-such-package-anywhere\n")
    failed = checkout.run()
    assert failed.returncode == 1
    assert failed.stdout == ""
    assert "no-such-package-anywhere" in failed.stderr
    assert "The set-up failed" in failed.stderr.splitlines()[-1]
    assert "Traceback" not in failed.stderr
    (checkout.root / "needs.txt").write_text("")
    assert checkout.run().returncode == 7
    assert left_over.exists()  # nothing had been installed, so nothing had to be made anew


def test_waits_for_another_set_up(checkout):
    (checkout.venv / "set-up.json").unlink()
    before = checkout.installs
    with install_environment._only_one_at_a_time(str(checkout.venv / "set-up.lock")):
        second = checkout.start()
        assert "waiting" in second.stderr.readline()
        assert checkout.installs == before
    out, _ = second.communicate(timeout=60)
    assert out == "[]\n"
    assert checkout.installs == before + 1


def test_ctrl_c_while_waiting_ends_without_a_traceback(checkout):
    (checkout.venv / "set-up.json").unlink()
    with install_environment._only_one_at_a_time(str(checkout.venv / "set-up.lock")):
        second = checkout.start()
        second.stderr.readline()
        second.send_signal(signal.SIGINT)
        _, err = second.communicate(timeout=60)
    assert (second.returncode, err) == (130, "Stopped.\n")


def test_ctrl_c_during_pip_ends_without_a_traceback_and_the_next_start_begins_anew(checkout):
    left_over = checkout.venv / "left over"
    left_over.write_text("")
    (checkout.venv / "set-up.json").unlink()
    os.mkfifo(checkout.root / "stall")
    process = checkout.start()
    (checkout.root / "stall").read_text()  # returns once pip builds the project
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert out == ""
    assert err.splitlines()[-1] == "Stopped."
    assert "Traceback" not in err
    (checkout.root / "stall").unlink()
    assert checkout.run().returncode == 7
    assert not left_over.exists()


def test_ctrl_c_is_the_programs_own_affair(checkout):
    process = checkout.start("wait")
    assert process.stdout.readline() == '["wait"]\n'
    process.send_signal(signal.SIGINT)  # to this one process, which has become the program
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (42, "")


def test_a_folder_that_is_no_environment_is_left_alone(tmp_path):
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "photo.jpg").write_text("mine")
    with pytest.raises(SetUpError, match="no Python environment"):
        setup_environment.ensure(Environment(str(tmp_path)), ())
    assert os.listdir(tmp_path / ".venv") == ["photo.jpg"]


@pytest.mark.parametrize("name", ["run.py", "test.py"])
def test_an_older_python_gets_as_far_as_the_sentence(name):
    source = (Path(setup_environment.__file__).parent / name).read_text()
    body = ast.parse(source, feature_version=(3, 7)).body
    assert [type(node) for node in body[1:3]] == [ast.Import, ast.If]
    assert ast.unparse(body[2].test) == "sys.version_info < (3, 11)"


def test_ci_runs_the_whole_suite(tmp_path):
    root = Path(setup_environment.__file__).parents[1]
    stand_in = tmp_path / "python3"
    stand_in.write_text('#!/bin/sh\necho "$PWD" "$@"\nexit 3\n')
    stand_in.chmod(0o755)
    result = subprocess.run(
        [root / ".ci" / "run", "--quick", "--", "-k", "a b"],
        env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"},
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert result.stdout == f"{root} packaging/test.py --quick -- -k a b\n"
    assert result.returncode == 3
