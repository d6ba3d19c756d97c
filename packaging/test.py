# SPDX-License-Identifier: MIT
"""Sets Gallery Search up in `.venv` with what the tests need, and runs the whole test suite.

    python3 packaging/test.py [--quick | --long [N]] [-- arguments of pytest]

The stages run in order and the first that fails ends the run with its exit status. Their output
goes to standard output; what this program has to say goes to standard error.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - this file is what an older Python is given to read
    sys.exit("Gallery Search needs Python 3.11 or newer; this is Python " + sys.version.split()[0])

import argparse
import os
import re
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import setup_environment
from setup_environment import Environment, SetUpError, say

# Without a screen; the stages after these bring a virtual screen of their own.
OFFSCREEN = {"QT_QPA_PLATFORM": "offscreen"}
PYTEST_FOUND_NO_TESTS = 5

# Not for those that share a screen, measure the clock, or take all cores by themselves.
IN_TWO_PROCESSES = ("--numprocesses=2", "--dist=loadfile")


class Stage(NamedTuple):
    """One command of the run.

    Attributes:
        name: what to call it in the summary.
        command: without the report option where `is_pytest`; empty where there is nothing to run.
        variables: what the command gets beyond this program's environment variables.
        is_pytest: whether it runs tests, to be counted.
    """

    name: str
    command: Sequence[str]
    variables: Mapping[str, str]
    is_pytest: bool


class Outcome(NamedTuple):
    """What became of a stage; `executed` counts tests that ran, `skipped` those that did not."""

    name: str
    status: int
    is_pytest: bool
    executed: int
    skipped: int
    seconds: float

    def __str__(self) -> str:
        if self.status != 0:
            result = f"FAILED (exit status {self.status})"
        elif self.executed or self.skipped:
            result = f"passed, {self.executed} tests"
            result += f", {self.skipped} skipped" if self.skipped else ""
        else:
            result = "no tests" if self.is_pytest else "passed"
        return f"{self.name:<24}{self.seconds / 60:6.1f} min  {result}"


def main(arguments: Sequence[str]) -> int:
    """Set up, run the stages, print the summary, and give the exit status."""
    options, for_pytest = read_arguments(arguments)
    environment = Environment.of_this_checkout()
    try:
        setup_environment.ensure(environment, extras=("test",))
        stages = list_stages(
            environment, is_quick=options.quick, long_factor=options.long, for_pytest=for_pytest
        )
        return run_stages(list(stages), environment.root)
    except SetUpError as error:
        say(str(error))
        return 1
    except OSError as error:
        environment.forget()
        say(f"The tests cannot be started: {error}. Starting again sets up anew.")
        return 1
    except KeyboardInterrupt:
        say("Stopped.")
        return 130


def read_arguments(arguments: Sequence[str]) -> tuple[argparse.Namespace, Sequence[str]]:
    """Our own options, and what follows `--` for pytest; ends the program on wrong usage."""
    parser = argparse.ArgumentParser(
        usage="python3 packaging/test.py [--quick | --long [N]] [-- arguments of pytest]",
        description="Set up and run the whole test suite.",
    )
    length = parser.add_mutually_exclusive_group()
    length.add_argument("--quick", action="store_true", help="stop after the GUI tests")
    length.add_argument(
        "--long",
        type=_positive,
        nargs="?",
        const=1,
        default=0,
        metavar="N",
        help="run all tests in full, which takes hours, and inject N times as many faults",
    )
    split = arguments.index("--") if "--" in arguments else len(arguments)
    return parser.parse_args(arguments[:split]), arguments[split + 1 :]


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return value


def list_stages(
    environment: Environment, *, is_quick: bool, long_factor: int, for_pytest: Sequence[str]
) -> Iterator[Stage]:
    """The stages of a run in their order."""
    variables = {"GALLERY_SEARCH_LONG": str(long_factor)} if long_factor else {}
    options = [*(["--timeout=0"] if long_factor else []), *for_pytest]

    def tests(
        name: str, folder: str, how: Sequence[str] = (), *, variables: Mapping[str, str]
    ) -> Stage:
        # Git keeps no empty folders, so a folder without tests may be missing.
        is_there = os.path.isdir(os.path.join(environment.root, folder))
        command = [environment.python, "-m", "pytest", folder, *how, *options] if is_there else []
        return Stage(name, command, variables, is_pytest=True)

    def check(name: str, *command: str) -> Stage:
        return Stage(name, [environment.program(command[0]), *command[1:]], {}, is_pytest=False)

    yield check("style", "ruff", "check", ".")
    yield check("formatting", "ruff", "format", "--check", ".")
    yield check("types", "mypy")
    yield check("imports", "lint-imports")
    offscreen = {**variables, **OFFSCREEN}
    yield tests("unit", "tests/unit", IN_TWO_PROCESSES, variables=offscreen)
    yield tests("integration", "tests/integration", variables=offscreen)
    yield tests("GUI", "tests/gui", IN_TWO_PROCESSES, variables=offscreen)
    if not is_quick:
        yield tests("end to end", "tests/end2end", variables=variables)
        # Its fixtures build for minutes, and what is installed is installed once.
        yield tests("installer", "tests/installer", variables=variables)
        yield tests("faults", "tests/faults", IN_TWO_PROCESSES, variables=variables)
        yield tests("benchmarks", "tests/benchmarks", ["--capture=no"], variables=variables)


def run_stages(stages: Sequence[Stage], folder: str) -> int:
    """Run the stages in a folder up to the first that fails; print how each went.

    Returns:
        The exit status of the stage that failed, 1 if nothing failed but no test was executed at
        all, else 0.
    """
    outcomes = []
    for stage in stages:
        say(f"== {stage.name} ==")
        outcome = _run_stage(stage, folder)
        outcomes.append(outcome)
        say(f"== {outcome} ==")
        if outcome.status != 0:
            break
    say("\nSummary\n" + "\n".join(f"  {outcome}" for outcome in outcomes))
    status = outcomes[-1].status if outcomes else 0
    if status == 0 and not any(outcome.executed for outcome in outcomes):
        say("No test was executed.")
        return 1
    say("Everything passed." if status == 0 else f"The stage {outcomes[-1].name!r} failed.")
    return status


def _run_stage(stage: Stage, folder: str) -> Outcome:
    started = time.monotonic()
    if not stage.command:
        return Outcome(stage.name, 0, stage.is_pytest, 0, 0, 0.0)
    with tempfile.TemporaryDirectory() as report_folder:
        report = os.path.join(report_folder, "report.xml")
        command = [*stage.command, *(["--junit-xml", report] if stage.is_pytest else [])]
        status = setup_environment.run_and_wait(command, folder=folder, variables=stage.variables)
        if stage.is_pytest and status == PYTEST_FOUND_NO_TESTS:
            status = 0
        executed, skipped = _read_report(report)
    seconds = time.monotonic() - started
    return Outcome(stage.name, status, stage.is_pytest, executed, skipped, seconds)


def _read_report(path: str) -> tuple[int, int]:
    """How many tests a JUnit report counts as executed and as skipped; 0, 0 without a report."""
    try:
        with open(path, encoding="utf-8") as file:
            head = file.read(1000)
    except FileNotFoundError:
        return 0, 0
    counts = dict(re.findall(r'\b(tests|skipped)="(\d+)"', head.partition("<testcase")[0]))
    total, skipped = int(counts.get("tests", 0)), int(counts.get("skipped", 0))
    return total - skipped, skipped


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
