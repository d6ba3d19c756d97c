# SPDX-License-Identifier: MIT
"""The framing of messages, and real child processes that misbehave."""

import contextlib
import io
import json
import os
import signal
import struct
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import psutil
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gallery_search.errors import ChildError, ChildTimeoutError
from gallery_search.processes import Child, Message, read_message, write_message

posix = pytest.mark.skipif(os.name != "posix", reason="signals are POSIX")

# A child that does as its request says.
CHILD = """
import json, os, sys, time
from gallery_search.processes import Message, serve

def handle(request):
    head = request.head
    match head["do"]:
        case "echo":
            return Message({"head": head, "argv": sys.argv[1:]}, request.parts)
        case "print":
            print("noise " * 10_000, flush=True)
            os.write(1, b"more noise")
            return Message({"read": sys.stdin.read(5)})
        case "raise":
            raise ValueError("a bug")
        case "exit":
            os._exit(7)
        case "hang":
            open(head.get("file", os.devnull), "w").close()
            time.sleep(600)
        case "allocate":
            return Message({"bytes": len(bytearray(head["bytes"]))})
        case "environment":
            return Message({"value": os.environ.get("OF_THE_TEST"), "nice": os.nice(0)})
        case "nonsense":
            return Message({}, [NONSENSE])
serve(handle)
"""


@pytest.fixture
def start(tmp_path, monkeypatch):
    """Starts children of the module above."""
    (tmp_path / "modules").mkdir()
    (tmp_path / "modules" / "child_of_the_test.py").write_text(CHILD)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "modules"), prepend=os.pathsep)
    children = []

    def run(*arguments, **options):
        children.append(Child("child_of_the_test", arguments, **options))
        return children[-1]

    yield run
    for child in children:
        child.close()
        assert not child.is_alive


# --- framing ----------------------------------------------------------------------------------

TEXTS = st.text(alphabet=st.characters(exclude_categories=()))
HEADS = st.dictionaries(TEXTS, TEXTS | st.integers() | st.booleans() | st.none(), max_size=5)


def framed(*messages):
    stream = io.BytesIO()
    for message in messages:
        write_message(stream, message)
    stream.seek(0)
    return stream


@given(HEADS, st.lists(st.binary(max_size=100), max_size=5))
@settings(deadline=None)
def test_a_message_comes_back(head, parts):
    stream = framed(Message(head, parts), Message({"next": 1}))
    assert read_message(stream) == Message(head, parts)
    assert read_message(stream) == Message({"next": 1}, [])
    assert read_message(stream) is None


def test_surrogates_and_big_and_odd_parts_come_back():
    array = np.arange(12, dtype=np.float32).reshape(3, 4)
    parts = [b"", bytes(5_000_000), bytearray(b"ab"), array, np.empty((0, 3), np.uint8)]
    message = read_message(framed(Message({"path": "caf\udce9\ud800"}, parts)))
    assert message.head == {"path": "caf\udce9\ud800"}
    assert [len(part) for part in message.parts] == [0, 5_000_000, 2, 48, 0]
    assert message.parts[3] == array.tobytes()


@given(st.integers(min_value=0))
@settings(deadline=None)
def test_a_message_that_is_cut_off_is_the_end(cut):
    whole = framed(Message({"a": 1}, [b"part", b"", b"x" * 20])).getvalue()
    assert read_message(io.BytesIO(whole[: cut % len(whole)])) is None


@pytest.mark.parametrize(
    "data",
    [
        b"Traceback (most recent call last):\n",
        struct.pack("<II", 2**31, 0),
        struct.pack("<II", 2, 2**31),
        struct.pack("<IIQ", 2, 1, 2**60) + b"{}",
        struct.pack("<II", 2, 0) + b"[]",
        struct.pack("<II", 3, 0) + b"\xff{}",
    ],
)
def test_nonsense_is_told_from_a_message(data):
    with pytest.raises(ValueError):  # noqa: PT011  one kind for all nonsense
        read_message(io.BytesIO(data))


@given(st.binary(max_size=200))
@settings(deadline=None)
def test_no_other_error_comes_from_any_bytes(data):
    with contextlib.suppress(ValueError, MemoryError):
        read_message(io.BytesIO(data))


# --- children ---------------------------------------------------------------------------------


def test_a_child_answers_in_order(start):
    child = start("one", "two")
    for number in range(3):
        part = bytes([number]) * 1_000_000
        answer = child.ask({"do": "echo", "number": number}, [part, b""], timeout_s=30)
        assert answer.head == {"head": {"do": "echo", "number": number}, "argv": ["one", "two"]}
        assert answer.parts == [part, b""]
    assert child.is_alive
    child.close()
    assert not child.is_alive


def test_what_a_library_prints_does_not_come_between(start):
    child = start()
    answer = child.ask({"do": "print"}, timeout_s=30)
    assert answer.head == {"read": ""}  # nor does it read what is not for it
    assert child.ask({"do": "echo"}, timeout_s=30).head["argv"] == []


@pytest.mark.parametrize(("do", "status"), [("exit", "7"), ("raise", "1")])
def test_a_crash_is_told(start, do, status):
    child = start()
    with pytest.raises(ChildError, match=f"ended with status {status}"):
        child.ask({"do": do}, timeout_s=30)
    assert not child.is_alive
    with pytest.raises(ChildError):
        child.ask({"do": "echo"}, timeout_s=30)


def test_a_module_that_does_not_exist(start):
    child = Child("gallery_search.no_such_module")
    with pytest.raises(ChildError):
        child.ask({}, [bytes(1_000_000)], timeout_s=30)
    child.close()


def test_a_hang_ends_at_the_time_limit(start):
    child = start()
    child.ask({"do": "echo"}, timeout_s=30)
    before = time.monotonic()
    with pytest.raises(ChildTimeoutError, match=r"longer than 0\.2 seconds"):
        child.ask({"do": "hang"}, timeout_s=0.2)
    assert time.monotonic() - before < 5
    assert not child.is_alive


@posix
def test_a_child_that_is_killed_meanwhile(start):
    child = start()
    child.ask({"do": "echo"}, timeout_s=30)
    os.kill(child.pid, signal.SIGSTOP)
    os.kill(child.pid, signal.SIGKILL)
    with pytest.raises(ChildError, match="status -9"):
        child.ask({"do": "echo"}, [bytes(1_000_000)], timeout_s=30)


@posix
def test_ctrl_c_is_for_the_parent(start):
    child = start()
    child.ask({"do": "echo"}, timeout_s=30)
    os.kill(child.pid, signal.SIGINT)
    assert child.ask({"do": "echo"}, timeout_s=30).head["argv"] == []


@pytest.mark.skipif(sys.platform != "linux", reason="RLIMIT_AS holds on Linux")
def test_memory_is_limited(start):
    free, limited = start(), start(memory_limit_bytes=600 << 20)
    assert free.ask({"do": "allocate", "bytes": 700 << 20}, timeout_s=60).head
    assert limited.ask({"do": "allocate", "bytes": 10 << 20}, timeout_s=60).head
    with pytest.raises(ChildError):
        limited.ask({"do": "allocate", "bytes": 700 << 20}, timeout_s=60)


def test_environment_and_priority(start):
    child = start(environment={"OF_THE_TEST": "yes"})
    answer = child.ask({"do": "environment"}, timeout_s=30).head
    assert answer["value"] == "yes"
    if hasattr(os, "nice"):
        assert answer["nice"] >= min(19, os.nice(0) + 10)


@pytest.mark.skipif(not hasattr(psutil.Process, "ionice"), reason="the system does not tell")
def test_a_child_lets_others_have_the_disk_first_unless_somebody_waits_for_it(start):
    own = psutil.Process().ionice()
    background, foreground = start(), start(is_background=False)
    nice = [
        child.ask({"do": "environment"}, timeout_s=30).head["nice"]
        for child in (background, foreground)
    ]
    priority = psutil.Process(background.pid).ionice()
    if sys.platform == "linux":  # the lowest at which a process still gets its turn
        assert priority == (psutil.IOPRIO_CLASS_BE, 7)
        threads = os.listdir(f"/proc/{background.pid}/task")  # those that it has started since
        assert [psutil.Process(int(thread)).ionice() for thread in threads] == (
            [priority] * len(threads)
        )
        assert len(threads) > 1
    else:
        assert priority == psutil.IOPRIO_LOW
    assert psutil.Process(foreground.pid).ionice() == own
    if hasattr(os, "nice"):
        assert nice == [min(19, os.nice(0) + 10), os.nice(0)]


def test_modules_in_the_working_folder_are_not_run(start, tmp_path, monkeypatch):
    """It may be a folder of photos that came from somewhere else."""
    (tmp_path / "json.py").write_text("raise SystemExit(99)")
    monkeypatch.chdir(tmp_path)
    assert start().ask({"do": "echo"}, timeout_s=30).head["argv"] == []


PARENT = """
import sys, threading, time
from gallery_search.processes import Child
child = Child("child_of_the_test")
child.ask({"do": "echo"}, timeout_s=30)
print(child.pid, flush=True)
if sys.argv[1] == "busy":
    child.ask({"do": "hang", "file": sys.argv[2]}, timeout_s=600)
time.sleep(600)
"""


@posix
@pytest.mark.parametrize("state", ["idle", "busy"])
def test_a_child_ends_with_a_parent_that_was_killed(start, state, tmp_path):
    at_work = tmp_path / "at work"
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, state, at_work], stdout=subprocess.PIPE
    )
    pid = int(parent.stdout.readline())
    assert state == "idle" or comes_true(at_work.exists)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    assert comes_true(lambda: has_ended(pid))


@posix
def test_a_hang_that_outlives_its_parent_ends_at_its_limit(start, tmp_path):
    """Even where Python's own threads stand still, as a library in C holds their lock."""
    source = "import ctypes\nctypes.PyDLL(None).sleep(600)"  # PyDLL keeps the lock of all threads
    module = tmp_path / "modules" / "stuck_of_the_test.py"
    module.write_text(
        "from gallery_search import processes\n"
        "processes._LIMIT_GRACE_S = 0.2\n"
        f"def handle(request):\n    exec({source!r})\n"
        "processes.serve(handle)\n"
    )
    request = io.BytesIO()
    write_message(request, Message({"time limit of the request": 0.2}))
    stuck = subprocess.Popen(
        [sys.executable, "-m", "stuck_of_the_test"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    stuck.stdin.write(request.getvalue())
    stuck.stdin.flush()
    assert stuck.wait(20) == 1
    stuck.stdin.close()
    stuck.stdout.close()


def comes_true(condition) -> bool:
    """Whether a condition on another process, which sends us no events, is met soon."""
    deadline = time.monotonic() + 15
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def has_ended(pid: int) -> bool:
    """Whether a process that is no child of ours has ended."""
    with contextlib.suppress(OSError):  # no /proc here
        if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
            return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_the_protocol_needs_ascii_json_only():
    stream = framed(Message({"ü": "\udcff"}))
    head_bytes, parts = struct.unpack("<II", stream.read(8))
    head = stream.read(head_bytes)
    assert (parts, json.loads(head.decode("ascii"))) == (0, {"ü": "\udcff"})
