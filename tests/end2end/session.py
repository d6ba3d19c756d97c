# SPDX-License-Identifier: MIT
"""What a desktop is made of: D-Bus, an X server, a window manager, the accessibility bus.

All of it is new for each `Session` and gone after it, and so is the home folder of its programs.
"""

import contextlib
import functools
import os
import select
import shutil
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from accessible import SYSTEM_PYTHON
from started import StartedProgram, end_marked_processes, marked_processes

_START_LIMIT_S = 20.0
_LAUNCHERS = (
    "/usr/libexec/at-spi-bus-launcher",
    "/usr/lib/at-spi2-core/at-spi-bus-launcher",
    "/usr/lib/at-spi-bus-launcher",
)
# No service folders: nothing of the machine (portals, virtual file systems) is started by name.
_SESSION_BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={folder}/bus</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""
# No shortcuts and no menus, so every key and click but those on frames reaches the program.
_OPENBOX = """<?xml version="1.0" encoding="UTF-8"?>
<openbox_config xmlns="http://openbox.org/3.4/rc">
  <focus><focusNew>yes</focusNew><followMouse>no</followMouse></focus>
  <placement><policy>Smart</policy></placement>
  <desktops><number>1</number><popupTime>0</popupTime></desktops>
  <keyboard/>
  <mouse>
    <context name="Titlebar">
      <mousebind button="Left" action="Press">
        <action name="Focus"/><action name="Raise"/>
      </mousebind>
      <mousebind button="Left" action="Drag"><action name="Move"/></mousebind>
    </context>
    <context name="Client">
      <mousebind button="Left" action="Press">
        <action name="Focus"/><action name="Raise"/>
      </mousebind>
    </context>
    <context name="Close">
      <mousebind button="Left" action="Click"><action name="Close"/></mousebind>
    </context>
  </mouse>
  <menu/>
</openbox_config>
"""


@functools.cache
def missing_tools() -> tuple[str, ...]:
    """What this machine lacks for a `Desktop`, as Debian calls the packages."""
    tools = {"Xvfb": "xvfb", "xdotool": "xdotool", "openbox": "openbox"}
    tools |= {"dbus-daemon": "dbus", "dbus-send": "dbus"}
    missing = {package for tool, package in tools.items() if shutil.which(tool) is None}
    if not any(map(os.path.exists, _LAUNCHERS)):
        missing.add("at-spi2-core")
    check = "import gi; gi.require_version('Atspi', '2.0'); from gi.repository import Atspi"
    if (
        not os.path.exists(SYSTEM_PYTHON)
        or subprocess.run([SYSTEM_PYTHON, "-c", check], capture_output=True, check=False).returncode
    ):
        missing.add("python3-pyatspi")
    return tuple(sorted(missing))


class Session:
    """The services of a desktop, and the programs that were started on it.

    Attributes:
        artifacts: folder for logs and screenshots; made if needed, and kept.
        environment: what programs on this desktop are started with.
        home: the programs' home folder; gone at the end, like all but `artifacts`.
        programs: all that were started, the services first.
        size: of the screen, width and height in pixels.
    """

    def __init__(self, artifacts: Path, *, size: tuple[int, int], scale: float | None) -> None:
        self.artifacts = artifacts
        self.size = size
        self.programs: list[StartedProgram] = []
        self._mark = f"TEST_DESKTOP={uuid.uuid4().hex}"
        self._exit = contextlib.ExitStack()
        # A short path, because the names of Unix sockets end at 107 bytes.
        self._folder = Path(tempfile.mkdtemp(prefix="desktop-"))
        self.home = self._folder / "home"
        self.environment = self._new_environment(scale)

    def __enter__(self) -> Self:
        self._exit.callback(shutil.rmtree, self._folder, ignore_errors=True)
        self._exit.callback(end_marked_processes, self._mark)
        try:
            self.artifacts.mkdir(parents=True, exist_ok=True)
            self._start_session_bus()
            self._start_screen()
            self._start_window_manager()
            self._start_accessibility()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End all that was started here, the latest first, and whatever that has started."""
        while self.programs:
            self.programs.pop().stop()
        self._exit.close()

    def running(self) -> dict[int, str]:
        """Every process of this desktop, children's children included: id and command line."""
        return marked_processes(self._mark)

    def start(
        self, command: Sequence[str], *, name: str | None = None, folder: Path | None = None
    ) -> StartedProgram:
        """Start a program on this desktop; its output goes to `artifacts/NAME.log`."""
        name = name or Path(command[0]).name
        return self._start(name, command, folder=folder)

    def _start(
        self,
        name: str,
        command: Sequence[str],
        *,
        pass_fds: Sequence[int] = (),
        folder: Path | None = None,
    ) -> StartedProgram:
        program = StartedProgram(
            name,
            command,
            environment=self.environment,
            log=self.artifacts / f"{name}.log",
            folder=folder or self.home,
            pass_fds=pass_fds,
        )
        self.programs.append(program)
        return program

    # --- the services -------------------------------------------------------------------------

    def _new_environment(self, scale: float | None) -> dict[str, str]:
        folders = {
            "HOME": self.home,
            "XDG_CONFIG_HOME": self.home / ".config",
            "XDG_DATA_HOME": self.home / ".local/share",
            "XDG_STATE_HOME": self.home / ".local/state",
            "XDG_CACHE_HOME": self.home / ".cache",
            "XDG_RUNTIME_DIR": self._folder / "run",
            "TMPDIR": self._folder / "tmp",
        }
        for folder in folders.values():
            folder.mkdir(parents=True, mode=0o700)
        mark, _, value = self._mark.partition("=")
        environment = {name: str(folder) for name, folder in folders.items()} | {
            mark: value,
            "PATH": os.environ.get("PATH", os.defpath),
            "LANG": "C.UTF-8",
            "DBUS_SESSION_BUS_ADDRESS": f"unix:path={self._folder}/bus",
            "GSETTINGS_BACKEND": "memory",
            "PYTHONFAULTHANDLER": "1",
            "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
            "QT_QPA_PLATFORM": "xcb",
            "XDG_SESSION_TYPE": "x11",
        }
        if scale is not None:
            environment["QT_SCALE_FACTOR"] = f"{scale:g}"
        if "LD_LIBRARY_PATH" in os.environ:
            environment["LD_LIBRARY_PATH"] = os.environ["LD_LIBRARY_PATH"]
        return environment

    def _start_session_bus(self) -> None:
        config = self._folder / "session.conf"
        config.write_text(_SESSION_BUS.format(folder=self._folder), "utf-8")
        bus = self._start("dbus-daemon", ["dbus-daemon", "--nofork", f"--config-file={config}"])
        self._await(bus, (self._folder / "bus").exists)

    def _start_screen(self) -> None:
        reading, writing = os.pipe()
        try:
            width, height = self.size
            screen = self._start(
                "Xvfb",
                f"Xvfb -displayfd {writing} -screen 0 {width}x{height}x24 -dpi 96 -noreset"
                f" -nolisten tcp -fbdir {self._folder}".split(),
                pass_fds=[writing],
            )
            self._await(screen, lambda: select.select([reading], [], [], 0)[0])
            self.environment["DISPLAY"] = f":{os.read(reading, 16).decode().strip()}"
        finally:
            os.close(reading)
            os.close(writing)

    def _start_window_manager(self) -> None:
        config = self._folder / "openbox.xml"
        config.write_text(_OPENBOX, "utf-8")
        command = ["openbox", "--sm-disable", "--config-file", str(config)]
        # Only a window manager tells the number of desktops.
        self._await(
            self._start("openbox", command), lambda: self._succeeds("xdotool", "get_num_desktops")
        )

    def _start_accessibility(self) -> None:
        launcher = next(filter(os.path.exists, _LAUNCHERS))
        ask = ["dbus-send", "--session", "--print-reply", "--dest=org.a11y.Bus", "/org/a11y/bus"]
        self._await(
            self._start("at-spi", [launcher, "--launch-immediately"]),
            lambda: self._succeeds(*ask, "org.a11y.Bus.GetAddress"),
        )

    def _succeeds(self, *command: str) -> bool:
        done = subprocess.run(
            command,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=_START_LIMIT_S,
        )
        return done.returncode == 0

    def _await(self, service: StartedProgram, is_ready: Callable[[], object]) -> None:
        deadline = time.monotonic() + _START_LIMIT_S
        while not is_ready():
            if not service.is_alive or time.monotonic() > deadline:
                raise RuntimeError(f"{service} and is not ready:\n{service.output()}")
            time.sleep(0.02)
