# SPDX-License-Identifier: MIT
"""Whether somebody uses the computer: how long ago keyboard or mouse were last touched.

Each system has its own way to tell. On Linux it is the X server; on Wayland only GNOME tells any
program, through D-Bus. `org.freedesktop.ScreenSaver.GetSessionIdleTime` is not asked: desktops are
said to differ in its unit, and one that cannot tell and answers 0 would keep photos waiting for
ever.
"""

import ctypes
import ctypes.util
import functools
import logging
import os
import re
import subprocess
import sys

log = logging.getLogger(__name__)

_ANSWER_S = 2.0  # D-Bus answers in milliseconds, unless the desktop hangs
_IDLE_MONITOR = (
    "gdbus", "call", "--session", "--timeout", "1",
    "--dest", "org.gnome.Mutter.IdleMonitor",
    "--object-path", "/org/gnome/Mutter/IdleMonitor/Core",
    "--method", "org.gnome.Mutter.IdleMonitor.GetIdletime",
)  # fmt: skip


def idle_s() -> float | None:
    """Seconds since keyboard or mouse were last used, or None where that cannot be told.

    It may take some milliseconds, and seconds where the desktop does not answer. One thread at a
    time.
    """
    try:
        return _idle_s()
    except (OSError, AttributeError, ValueError, subprocess.SubprocessError) as error:
        log.debug("nobody tells whether the computer is in use: %s", error)
        return None


if sys.platform == "win32":

    class _LastInput(ctypes.Structure):
        """LASTINPUTINFO of winuser.h."""

        _fields_ = [("size", ctypes.c_uint32), ("tick_ms", ctypes.c_uint32)]

    def _idle_s() -> float | None:
        last = _LastInput(size=ctypes.sizeof(_LastInput))
        if not ctypes.windll.user32.GetLastInputInfo(ctypes.byref(last)):
            return None
        now_ms = ctypes.windll.kernel32.GetTickCount() & 0xFFFFFFFF
        return ((now_ms - last.tick_ms) & 0xFFFFFFFF) / 1000  # it begins anew after 49 days

elif sys.platform == "darwin":
    _COMBINED_SESSION, _ANY_INPUT = 0, 0xFFFFFFFF  # CGEventSource.h, CGEventTypes.h

    def _idle_s() -> float | None:
        services = ctypes.CDLL(
            "/System/Library/Frameworks/ApplicationServices.framework/ApplicationServices"
        )
        ask = services.CGEventSourceSecondsSinceLastEventType
        ask.argtypes, ask.restype = (ctypes.c_int32, ctypes.c_uint32), ctypes.c_double
        return float(ask(_COMBINED_SESSION, _ANY_INPUT))

else:

    def _idle_s() -> float | None:
        # The X server that a Wayland desktop runs for older programs sees little of the input.
        if os.environ.get("WAYLAND_DISPLAY") or os.environ.get("XDG_SESSION_TYPE") == "wayland":
            return _of_gnome()
        return _of_x11(os.environ["DISPLAY"]) if os.environ.get("DISPLAY") else None

    def _of_gnome() -> float | None:
        answer = subprocess.run(
            _IDLE_MONITOR,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_ANSWER_S,
            check=True,
        )
        milliseconds = re.fullmatch(rb"\(uint64 (\d+),\)\s*", answer.stdout)
        return None if milliseconds is None else int(milliseconds[1]) / 1000

    class _ScreenSaverInfo(ctypes.Structure):
        """XScreenSaverInfo of X11/extensions/scrnsaver.h."""

        _fields_ = [
            ("window", ctypes.c_ulong),
            ("state", ctypes.c_int),
            ("kind", ctypes.c_int),
            ("til_or_since", ctypes.c_ulong),
            ("idle_ms", ctypes.c_ulong),
            ("event_mask", ctypes.c_ulong),
        ]

    @functools.cache
    def _libraries() -> tuple[ctypes.CDLL, ctypes.CDLL]:
        """Of X and its screen saver extension; raises OSError where one is not installed."""
        x11, saver = ctypes.CDLL("libX11.so.6"), ctypes.CDLL("libXss.so.1")
        x11.XOpenDisplay.argtypes, x11.XOpenDisplay.restype = (ctypes.c_char_p,), ctypes.c_void_p
        x11.XDefaultRootWindow.argtypes = (ctypes.c_void_p,)
        x11.XDefaultRootWindow.restype = ctypes.c_ulong
        x11.XCloseDisplay.argtypes = (ctypes.c_void_p,)
        saver.XScreenSaverQueryInfo.argtypes = (
            ctypes.c_void_p,
            ctypes.c_ulong,
            ctypes.POINTER(_ScreenSaverInfo),
        )
        return x11, saver

    def _of_x11(display_name: str) -> float | None:
        x11, saver = _libraries()
        # Opened anew each time: Xlib ends the process when a connection that it holds breaks.
        display = x11.XOpenDisplay(os.fsencode(display_name))
        if not display:
            return None
        info = _ScreenSaverInfo()
        try:
            is_told = saver.XScreenSaverQueryInfo(
                display, x11.XDefaultRootWindow(display), ctypes.byref(info)
            )
        finally:
            x11.XCloseDisplay(display)
        return info.idle_ms / 1000 if is_told else None
