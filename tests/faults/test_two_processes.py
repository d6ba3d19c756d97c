# SPDX-License-Identifier: MIT
"""The window and commands on one library: an answer or a sentence why not, never a hang."""

import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import CommandLine, Outcome, finish, is_sentence, kill_with_children
from drawn_photos import draw_gallery, write_backlog
from open_library import OpenLibrary, assert_intact, revisions, wait_until

from gallery_search.errors import LibraryInUseError
from gallery_search.paths import LibraryPaths
from gallery_search.pipeline.sharing import calling, owner
from gallery_search.pipeline.sharing.addresses import addresses

pytestmark = [
    pytest.mark.skipif(os.name != "posix", reason="signals and sockets as POSIX has them"),
    pytest.mark.network_model,
]

PHOTOS = 12
PROMPT_S = 12.0  # for a command of two seconds and an answer of two, beside other work
START_S = 60.0  # of a window, beside other work
OFFSCREEN = os.environ | {"QT_QPA_PLATFORM": "offscreen"}


@pytest.fixture(scope="module")
def template(tmp_path_factory, converted_models) -> Path:
    """A library of drawn photos, and their folder beside it."""
    place = tmp_path_factory.mktemp("two")
    draw_gallery(place / "photos", PHOTOS)
    shutil.copytree(converted_models, place / "library" / "models")
    with OpenLibrary(place / "library") as library:
        library.add(place / "photos")
        library.wait_idle(PHOTOS, timeout_s=START_S)
    return place


@pytest.fixture
def cli(template, tmp_path) -> CommandLine:
    """Commands on a copy of that library."""
    shutil.copytree(template / "library", tmp_path / "library")
    return CommandLine(tmp_path / "library")


@pytest.fixture
def photos(template) -> list[Path]:
    return sorted((template / "photos").iterdir())


@pytest.fixture
def window(cli) -> Iterator[subprocess.Popen[bytes]]:
    """The window, without a screen, on the library; it answers commands by now."""
    process = cli.start(env=OFFSCREEN)
    wait_until(lambda: is_listening(cli.library), START_S)
    yield process
    if process.poll() is None:
        process.send_signal(signal.SIGCONT)
        kill_with_children(process)
    else:
        process.communicate()


def is_listening(library: Path) -> bool:
    return any(os.path.exists(address) for address in addresses(LibraryPaths(library)))


def connected(library: Path) -> socket.socket:
    """A bare connection to the owner."""
    for address in addresses(LibraryPaths(library)):
        if os.path.exists(address):
            other = socket.socket(socket.AF_UNIX)
            other.connect(address)
            other.settimeout(PROMPT_S)
            return other
    raise AssertionError("nobody listens")


def framed(content: bytes) -> bytes:
    return struct.pack("!i", len(content)) + content


# --- together -------------------------------------------------------------------------------------


def test_commands_beside_the_window(cli, window, photos, tmp_path):
    draw_gallery(tmp_path / "more", 5, first_seed=700)
    commands = [
        cli.start("status", "--json"),
        cli.start("search", photos[2], "--json"),
        cli.start("index", tmp_path / "more", "--json"),
        cli.start("backbones", "--json"),
        cli.start(env=OFFSCREEN),  # a second window: the first comes to the front
    ]
    status, search, index, backbones, second = [finish(process) for process in commands]
    for outcome in (status, search, index, backbones, second):
        assert outcome.status == 0, outcome.messages
    assert search.object["results"][0]["path"] == str(photos[2])
    assert index.object["indexed"] == 5
    assert [entry["name"] for entry in backbones.objects]
    assert window.poll() is None
    assert cli.run("status", "--json").object["indexed"] == PHOTOS + 5
    window.terminate()
    window.communicate()
    assert_intact(cli.library)


def test_ten_commands_at_once_on_one_library(cli, photos, tmp_path):
    folders = [tmp_path / "a", tmp_path / "b"]
    for number, folder in enumerate(folders):
        draw_gallery(folder, 4, first_seed=800 + 10 * number)
    indexing = [cli.start("index", folder, "--json") for folder in (*folders, *folders)]
    searching = [cli.start("search", photo, "--json") for photo in photos[:4]]
    asking = [cli.start("status", "--json") for _ in range(2)]
    for process, photo in zip(searching, photos, strict=False):
        outcome = finish(process)
        assert outcome.status == 0, outcome.messages
        assert outcome.object["results"][0]["path"] == str(photo)
    for process in (*indexing, *asking):
        outcome = finish(process)
        assert outcome.status == 0, outcome.messages
    assert_intact(cli.library)
    assert len(revisions(cli.library)) == PHOTOS + 8  # each photo once
    assert cli.run("status", "--json").object["indexed"] == PHOTOS + 8


def test_an_owner_that_starts_while_commands_start(cli, photos):
    for number in range(4):
        first = cli.start("search", photos[0], "--json")
        others = [cli.start("search", photo, "--json") for photo in photos[1:3]]
        if number % 2:  # with the socket of one that was killed
            wait_until(lambda p=first: is_listening(cli.library) or p.poll() is not None)
            kill_with_children(first)
        for process, photo in zip(others, photos[1:], strict=False):
            outcome = finish(process)
            if outcome.status == 0:
                assert outcome.object["results"][0]["path"] == str(photo)
            else:  # it was answered by the one that was killed
                assert number % 2
                assert is_sentence(outcome.messages), outcome.messages
        if not number % 2:
            assert finish(first).status == 0
    assert_intact(cli.library)


# --- an owner that does not answer ----------------------------------------------------------------


def in_time(cli: CommandLine, *arguments: object, **options: object) -> Outcome:
    """Run a command that is to fail soon, with a sentence."""
    started_s = time.monotonic()
    outcome = cli.run(*arguments, "--json", **options)
    assert time.monotonic() - started_s < PROMPT_S
    assert (outcome.status, outcome.output) == (1, "")
    assert all(map(is_sentence, outcome.messages.splitlines())), outcome.messages
    return outcome


def test_a_window_that_was_stopped_is_not_waited_for(cli, window, photos):
    window.send_signal(signal.SIGSTOP)
    for arguments in (("status",), ("search", photos[0]), ("search", *["x" * 200] * 4_000)):
        assert "does not answer" in in_time(cli, *arguments).messages
    window.send_signal(signal.SIGCONT)
    wait_until(lambda: cli.run("status", "--json").status == 0)


def test_an_owner_that_stops_within_an_answer_is_left(cli, window, tmp_path, monkeypatch):
    monkeypatch.setattr(calling, "SILENCE_TIMEOUT_S", 3.0)
    write_backlog(tmp_path / "backlog", 2_000)
    request = {"command": "index", "folders": [str(tmp_path / "backlog")]}
    answer = calling.ask(LibraryPaths(cli.library), request)
    assert "progress" in next(answer)
    window.send_signal(signal.SIGSTOP)
    started_s = time.monotonic()
    with pytest.raises(LibraryInUseError, match="does not answer"):
        list(answer)
    assert time.monotonic() - started_s < PROMPT_S


def test_an_owner_that_is_killed_within_an_answer(cli, window, photos, tmp_path):
    write_backlog(tmp_path / "backlog", 2_000)
    index = cli.start("index", tmp_path / "backlog", "--json")
    wait_until(lambda: len(revisions(cli.library)) > PHOTOS)
    window.kill()
    outcome = finish(index, PROMPT_S)
    assert (outcome.status, outcome.output) == (1, "")
    assert is_sentence(outcome.messages)
    assert "ended before" in outcome.messages
    found = cli.run("search", photos[3], "--json")  # the next one owns the library
    assert found.object["results"][0]["path"] == str(photos[3])
    assert_intact(cli.library)


def test_a_caller_that_takes_no_answer_holds_nobody_up(cli, window, photos):
    images = [str(photo) for photo in photos * 40]
    request = {"command": "search", "images": images, "n": PHOTOS, "filters": {}}
    with connected(cli.library) as caller:
        caller.sendall(framed(json.dumps(request).encode()))  # and never reads
        assert cli.run("status", "--json", timeout_s=PROMPT_S).status == 0
        found = cli.run("search", photos[0], "--json", timeout_s=PROMPT_S)
        assert found.object["results"][0]["path"] == str(photos[0])


def test_an_owner_ends_though_a_caller_takes_no_answer(tmp_path, monkeypatch):
    monkeypatch.setattr(owner, "_TAKING_TIMEOUT_S", 1)
    paths = LibraryPaths(tmp_path / "library")
    owning = owner.Ownership(paths)
    owning.serve(lambda _: iter([{"much": "x" * (8 << 20)}] * 2))
    with connected(paths.root) as caller:
        caller.sendall(framed(b"{}"))
        assert caller.recv(4)  # it has begun to answer
        started_s = time.monotonic()
        owning.finish()
        assert time.monotonic() - started_s < PROMPT_S
    owning.release()


# --- callers that speak nonsense ------------------------------------------------------------------

NONSENSE = {
    "nothing": b"",
    "half a length": b"\x00\x00",
    "half a message": framed(b'{"command": "status"}')[:-4],
    "a huge length": struct.pack("!i", 2**31 - 1) + b"x",
    "a negative length": struct.pack("!i", -5) + b"x",
    "a very huge length": struct.pack("!iQ", -1, 2**63) + b"x",
    "a web browser": b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "no JSON": framed(b"status\n"),
    "no text": framed(b"\xff\xfe\x00status"),
    "no object": framed(b"[1, 2, 3]"),
    "a number": framed(b"1e999"),
    "deep nesting": framed(b"[" * 200_000),
    "deep objects": framed(b'{"a":' * 100_000 + b"1" + b"}" * 100_000),
    "a huge line": framed(b" " * (8 << 20) + b"{}"),
    "no command": framed(b"{}"),
    "an unknown command": framed(b'{"command": "format"}'),
    "a command that is no text": framed(b'{"command": ["status"]}'),
    "images that are numbers": framed(
        b'{"command": "search", "images": [1, null], "n": 3, "filters": {}}'
    ),
    "images that are no list": framed(b'{"command": "search", "images": "abc", "n": 3}'),
    "an image with a null byte": framed(
        b'{"command": "search", "images": ["a\\u0000b"], "n": 3, "filters": {}}'
    ),
    "a negative number": framed(
        b'{"command": "search", "images": ["/x.jpg"], "n": -3, "filters": {}}'
    ),
    "a number that is none": framed(
        b'{"command": "search", "images": ["/x.jpg"], "n": true, "filters": {}}'
    ),
    "too large a number": framed(
        b'{"command": "search", "images": ["/x.jpg"], "n": 1' + b"0" * 400 + b', "filters": {}}'
    ),
    "filters that are none": framed(
        b'{"command": "search", "images": ["/x.jpg"], "n": 3, "filters": {"a": [1]}}'
    ),
    "folders that are numbers": framed(b'{"command": "index", "folders": [1]}'),
    "a folder with a null byte": framed(b'{"command": "index", "folders": ["a\\u0000b"]}'),
    "a network that is none": framed(
        b'{"command": "backbones", "action": "use", "name": "x", "file": ""}'
    ),
    "an action that is none": framed(
        b'{"command": "backbones", "action": "burn", "name": "sscd", "file": ""}'
    ),
    "images to show that are none": framed(b'{"command": "show", "images": 5}'),
}


def test_nonsense_does_not_disturb_the_window(cli, window, photos):
    for what, content in NONSENSE.items():
        with connected(cli.library) as caller:
            caller.sendall(content)
            if content.startswith(struct.pack("!i", len(content) - 4)):  # a whole message
                *before, last = received(caller)
                assert last.keys() & {"refused", "done"}, (what, last)
                assert all("results" not in told for told in before), what
    assert window.poll() is None
    found = cli.run("search", photos[1], "--json", timeout_s=PROMPT_S)
    assert found.object["results"][0]["path"] == str(photos[1])
    assert "uncaught" not in log_of(cli.library)


def received(caller: socket.socket) -> list[dict]:
    """All that the owner says until it hangs up."""
    content = bytearray()
    while part := caller.recv(1 << 16):
        content += part
    told = []
    while content:
        (length,) = struct.unpack_from("!i", content)
        told.append(json.loads(content[4 : 4 + length]))
        del content[: 4 + length]
    return told


def test_callers_that_say_nothing_do_not_disturb_the_window(cli, window, photos):
    silent = [connected(cli.library) for _ in range(50)]
    found = cli.run("search", photos[1], "--json", timeout_s=PROMPT_S)
    assert found.object["results"][0]["path"] == str(photos[1])
    for caller in silent:
        assert caller.recv(1) == b""  # after two seconds they are turned away
        caller.close()


# --- whose library, and which ---------------------------------------------------------------------


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root is others")
@pytest.mark.parametrize("mode", [0o700, 0o777])
def test_another_user_cannot_ask(cli, tmp_path, mode):
    for folder in (cli.library, *[p for p in cli.library.parents if p.stat().st_mode & 0o005 != 5]):
        if folder == Path("/tmp") or not folder.is_relative_to("/tmp"):
            continue
        os.chmod(folder, mode if folder == cli.library else 0o755)
    former = os.umask(0)
    try:
        window = cli.start(env=OFFSCREEN)
    finally:
        os.umask(former)
    try:
        wait_until(lambda: is_listening(cli.library))
        address = next(a for a in addresses(LibraryPaths(cli.library)) if os.path.exists(a))
        other = socket.socket(socket.AF_UNIX)
        os.seteuid(65534)
        try:
            with pytest.raises(PermissionError):
                other.connect(address)
        finally:
            os.seteuid(0)
        other.connect(address)
        other.close()
    finally:
        kill_with_children(window)


def test_one_library_by_two_paths(cli, window, photos, tmp_path):
    (tmp_path / "other name").symlink_to(cli.library)
    found = CommandLine(tmp_path / "other name").run("search", photos[4], "--json")
    assert found.object["results"][0]["path"] == str(photos[4])
    log = (cli.library / "logs" / "gallery-search.log").read_text()
    assert log.count("index in") <= 1  # one process opened it


def test_a_copied_library_is_another_one(cli, window, photos, tmp_path):
    copy = tmp_path / "copy"
    subprocess.run(["cp", "-a", cli.library, copy], check=True)  # with lock and socket
    other = CommandLine(copy)
    draw_gallery(tmp_path / "more", 3, first_seed=900)
    assert other.run("index", tmp_path / "more", "--json").object["indexed"] == 3
    assert other.run("status", "--json").object["indexed"] == PHOTOS + 3
    assert cli.run("status", "--json").object["indexed"] == PHOTOS


def test_a_library_whose_path_is_too_long_for_a_socket(cli, photos, tmp_path):
    place = tmp_path / ("long" * 30)
    place.mkdir()
    shutil.move(cli.library, place / "library")
    far = CommandLine(place / "library")
    window = far.start(env=OFFSCREEN)
    try:
        wait_until(lambda: is_listening(far.library))
        assert far.run("status", "--json", timeout_s=PROMPT_S).object["indexed"] == PHOTOS
        assert window.poll() is None
    finally:
        kill_with_children(window)


# --- file systems that lack something -------------------------------------------------------------

SHIM = r"""
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <dlfcn.h>

/* As a file system without locks has it. */
int flock(int file, int operation) {
    const char *wanted = getenv("NO_LOCKS");
    if (wanted) { errno = atoi(wanted); return -1; }
    return ((int (*)(int, int))dlsym(RTLD_NEXT, "flock"))(file, operation);
}

/* As a file system without sockets has it. */
int bind(int fd, const struct sockaddr *address, socklen_t length) {
    if (getenv("NO_SOCKETS") && address->sa_family == AF_UNIX
        && strstr(((const struct sockaddr_un *)address)->sun_path, getenv("NO_SOCKETS"))) {
        errno = EPERM;
        return -1;
    }
    return ((int (*)(int, const struct sockaddr *, socklen_t))dlsym(RTLD_NEXT, "bind"))(
        fd, address, length);
}
"""


@pytest.fixture(scope="module")
def lacking(tmp_path_factory):
    """Environment of a process whose file systems lack what is named."""
    if sys.platform != "linux" or shutil.which("cc") is None:
        pytest.skip("needs Linux and a C compiler")
    folder = tmp_path_factory.mktemp("shim")
    (folder / "shim.c").write_text("#define _GNU_SOURCE\n" + SHIM)
    command = ["cc", "-shared", "-fPIC", "-o", folder / "shim.so", folder / "shim.c", "-ldl"]
    subprocess.run(command, check=True)
    return lambda **names: OFFSCREEN | {"LD_PRELOAD": str(folder / "shim.so")} | names


def test_a_file_system_without_sockets(cli, photos, lacking):
    window = cli.start(env=lacking(NO_SOCKETS="owner.sock"))
    try:
        wait_until(lambda: is_listening(cli.library))
        found = cli.run("search", photos[5], "--json", timeout_s=PROMPT_S)
        assert found.object["results"][0]["path"] == str(photos[5])
        assert window.poll() is None
    finally:
        kill_with_children(window)


def test_nowhere_a_socket(cli, photos, lacking):
    window = cli.start(env=lacking(NO_SOCKETS="/"))
    try:
        wait_until(lambda: "other processes cannot" in log_of(cli.library))
        in_time(cli, "search", photos[5])
        assert window.poll() is None
    finally:
        kill_with_children(window)


def log_of(library: Path) -> str:
    file = library / "logs" / "gallery-search.log"
    return file.read_text() if file.exists() else ""


@pytest.mark.parametrize("errno", [37, 95])  # ENOLCK, EOPNOTSUPP
def test_a_file_system_that_refuses_locks(cli, lacking, errno):
    outcome = in_time(cli, "status", env=lacking(NO_LOCKS=str(errno)))
    assert "--library" in outcome.messages


def test_a_file_system_without_locks(cli, photos, lacking):
    """The lock file itself then stands for the lock; that of a killed owner counts for nothing."""
    environment = lacking(NO_LOCKS="38")  # ENOSYS
    window = cli.start(env=environment)
    try:
        wait_until(lambda: is_listening(cli.library))
        assert cli.run("status", "--json", env=environment).status == 0
        assert window.poll() is None
    finally:
        kill_with_children(window)
    assert cli.run("search", photos[0], "--json", env=environment).status == 0
