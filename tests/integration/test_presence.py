# SPDX-License-Identifier: MIT
"""How long ago somebody used the computer: a real X server, and a stand-in for GNOME's answer."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from open_library import wait_until

from gallery_search.pipeline.pace import presence

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="X11 and Wayland are Linux's")

AWAY_S = 1.5


@pytest.fixture
def display(monkeypatch) -> Iterator[str]:
    """An X server of its own, without a window on it."""
    missing = [tool for tool in ("Xvfb", "xdotool") if shutil.which(tool) is None]
    if missing:
        pytest.skip(f"{' and '.join(missing)} are not installed")
    try:
        presence._libraries()
    except OSError as error:
        pytest.skip(f"a library of X is not installed: {error}")
    # Without -noreset it would begin anew whenever its last client, which is us, takes its leave.
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", "1", "-noreset", "-nolisten", "tcp"],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        name = f":{int(server.stdout.readline())}"
        monkeypatch.setenv("DISPLAY", name)
        monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
        monkeypatch.delenv("XDG_SESSION_TYPE", raising=False)
        yield name
    finally:
        server.terminate()
        server.wait()
        server.stdout.close()


@pytest.mark.parametrize("words", [("mousemove", "10", "20"), ("key", "a"), ("click", "1")])
def test_the_x_server_tells_when_mouse_or_keyboard_were_used(display, words):
    def away_s() -> float | None:
        idle_s = presence.idle_s()
        assert idle_s is not None
        return idle_s if idle_s > AWAY_S else None

    before_s = wait_until(away_s)
    subprocess.run(["xdotool", *words], check=True, timeout=60)
    assert presence.idle_s() < before_s


def test_no_display(monkeypatch):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "XDG_SESSION_TYPE"):
        monkeypatch.delenv(name, raising=False)
    assert presence.idle_s() is None
    monkeypatch.setenv("DISPLAY", ":no such display")
    assert presence.idle_s() is None


@pytest.fixture
def gdbus(monkeypatch, tmp_path):
    """On Wayland, with a stand-in for GLib's `gdbus` that answers as a desktop would."""
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")

    def install(script: str) -> None:
        tool = tmp_path / "gdbus"
        tool.write_text(f"#!/bin/sh\n{script}\n")
        tool.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")

    return install


@pytest.mark.parametrize(
    ("script", "idle_s"),
    [
        ("echo '(uint64 184250,)'", 184.25),
        ("echo '(uint64 0,)'", 0.0),
        ("echo '(true,)'", None),
        ("echo 'Error: The name is not activatable' >&2; exit 1", None),  # not GNOME
        ("kill -9 $$", None),
    ],
)
def test_gnome_tells_on_wayland(gdbus, script, idle_s):
    gdbus(script)
    assert presence.idle_s() == idle_s


def test_gnome_is_asked_for_the_right_thing(gdbus, tmp_path):
    gdbus(f'echo "$@" > {tmp_path}/asked; echo "(uint64 1,)"')
    assert presence.idle_s() == 0.001
    asked = (tmp_path / "asked").read_text().split()
    assert asked[asked.index("--method") + 1] == "org.gnome.Mutter.IdleMonitor.GetIdletime"
    assert asked[asked.index("--dest") + 1] == "org.gnome.Mutter.IdleMonitor"
    assert asked[asked.index("--object-path") + 1] == "/org/gnome/Mutter/IdleMonitor/Core"


def test_a_desktop_that_hangs_costs_two_seconds(gdbus, monkeypatch):
    monkeypatch.setattr(presence, "_ANSWER_S", 0.2)
    gdbus("exec sleep 600")
    assert presence.idle_s() is None


def test_wayland_without_the_tool(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_SESSION_TYPE", "wayland")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert presence.idle_s() is None


@pytest.mark.skipif(shutil.which("gdbus") is None, reason="gdbus is not installed")
def test_the_real_tool_where_no_desktop_answers(monkeypatch, tmp_path):
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={Path(tmp_path / 'none')}")
    assert presence.idle_s() is None
