# SPDX-License-Identifier: MIT
"""What the system lacks is named in words that help, and PyTorch's index gets no more than 3 s."""

import http.server
import shutil
import socket
import subprocess
import sys
import threading
import time

import pip_install
import pytest
import system_needs
from setup_environment import SetUpError
from system_needs import Need

MISSING = [
    Need("g++", "g++", "gcc-c++", "gcc"),
    Need("libxcb-randr.so.0", "libxcb-randr0", "libxcb", "libxcb"),
    Need("libxcb-xkb.so.1", "libxcb-xkb1", "libxcb", "libxcb"),
]


@pytest.fixture
def as_user(monkeypatch):
    monkeypatch.setattr(system_needs, "is_root", lambda: False)


@pytest.mark.parametrize(
    ("manager", "command"),
    [
        ("apt", "sudo apt-get install -y --no-install-recommends g++ libxcb-randr0 libxcb-xkb1"),
        ("dnf", "sudo dnf install -y gcc-c++ libxcb"),
        ("pacman", "sudo pacman -S --needed gcc libxcb"),
    ],
)
def test_one_command_brings_everything(as_user, manager, command):
    assert system_needs.advice(MISSING, manager).splitlines()[1:] == ["    " + command]


def test_root_needs_no_sudo(monkeypatch):
    monkeypatch.setattr(system_needs, "is_root", lambda: True)
    assert "    dnf install -y gcc-c++ libxcb" in system_needs.advice(MISSING, "dnf")


def test_other_systems_get_one_sentence_with_the_names():
    advice = system_needs.advice(MISSING, "")
    assert advice.endswith(": g++, libxcb-randr.so.0, libxcb-xkb.so.1.")
    assert "\n" not in advice


def test_what_no_package_brings_comes_with_its_own_sentence(as_user):
    compiler = Need("a C++ compiler", how="Install it so.")
    assert system_needs.advice([compiler], "") == "Install it so."
    lines = system_needs.advice([*MISSING, compiler], "apt").splitlines()
    assert "apt-get" in lines[1]
    assert lines[2] == "Install it so."


def test_a_user_is_told_and_nothing_is_run(as_user, monkeypatch):
    monkeypatch.setattr(system_needs, "missing", lambda *_, **__: MISSING)
    monkeypatch.setattr(system_needs, "package_manager", lambda: "apt")
    monkeypatch.setattr(system_needs, "_run_apt_get", lambda *_: pytest.fail("not as a user"))
    with pytest.raises(SetUpError, match="sudo apt-get install"):
        system_needs.provide(["annoy"], is_for_tests=False)


def test_root_gets_it_installed(monkeypatch):
    lacks, commands = list(MISSING), []

    def run_apt_get(*arguments):
        commands.append(arguments)
        if arguments[0] == "install":
            lacks.clear()

    monkeypatch.setattr(system_needs, "missing", lambda *_, **__: list(lacks))
    monkeypatch.setattr(system_needs, "package_manager", lambda: "apt")
    monkeypatch.setattr(system_needs, "is_root", lambda: True)
    monkeypatch.setattr(system_needs, "_run_apt_get", run_apt_get)
    system_needs.provide(["annoy"], is_for_tests=False)
    packages = ("g++", "libxcb-randr0", "libxcb-xkb1")
    assert commands == [("update",), ("install", "--no-install-recommends", *packages)]


@pytest.mark.skipif(sys.platform != "linux", reason="these are Linux's libraries")
def test_a_library_that_cannot_be_loaded_is_missing(monkeypatch):
    absent = Need("libnowhere-to-be-found.so.9", "libnowhere9")
    monkeypatch.setattr(system_needs, "QT_LIBRARIES", (absent,))
    assert absent in system_needs.missing(["PySide6-Essentials>=6.7"], is_for_tests=False)
    assert absent not in system_needs.missing(["pillow"], is_for_tests=True)


@pytest.mark.skipif(shutil.which("g++") is None, reason="there is no g++ to hide")
def test_a_missing_compiler_is_noticed(monkeypatch, tmp_path):
    assert "g++" not in [n.what for n in system_needs.missing(["annoy>=1"], is_for_tests=False)]
    if sys.platform == "linux":
        monkeypatch.setenv("PATH", str(tmp_path))
        assert "g++" in [n.what for n in system_needs.missing(["annoy>=1"], is_for_tests=False)]


@pytest.mark.skipif(shutil.which("dpkg-query") is None, reason="needs Debian's package database")
@pytest.mark.parametrize("need", system_needs.QT_LIBRARIES, ids=lambda need: need.what)
def test_debian_package_holds_the_library(need):
    listing = subprocess.run(
        ["dpkg-query", "--listfiles", need.apt], capture_output=True, text=True, check=False
    )
    if listing.returncode != 0:
        pytest.skip(f"{need.apt} is not installed")
    assert any(line.endswith("/" + need.what) for line in listing.stdout.splitlines())


# --- PyTorch's index --------------------------------------------------------------------------


def test_limit_is_the_promised_one():
    assert pip_install.INDEX_LIMIT_S == 3.0


def test_silent_index_is_given_up_in_time():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        started = time.monotonic()
        assert not pip_install.index_answers(url, limit_s=0.3)
        assert time.monotonic() - started < 2


def test_a_name_whose_look_up_hangs_is_given_up_in_time(monkeypatch):
    release = threading.Event()

    def hang(*_, **__):
        release.wait(60)
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    threads = set(threading.enumerate())
    started = time.monotonic()
    assert not pip_install.index_answers("http://index.invalid/", limit_s=0.3)
    assert time.monotonic() - started < 10
    release.set()
    for thread in set(threading.enumerate()) - threads:
        thread.join(10)


@pytest.mark.parametrize(("status", "expected"), [(200, True), (403, False)])
def test_an_index_counts_when_it_answers_with_success(status, expected):
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_):
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        url = f"http://127.0.0.1:{server.server_port}/"
        assert pip_install.index_answers(url) is expected
        thread.join(10)


def test_an_index_that_refuses_is_no_index():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert not pip_install.index_answers(f"http://127.0.0.1:{port}/")
