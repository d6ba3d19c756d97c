# SPDX-License-Identifier: MIT
"""A minimal Debian in a folder, in which a package is installed and its program started."""

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

SUITE = "bookworm"


class CleanSystem:
    """One system; `begin` makes it, `wait` waits for that.

    Attributes:
        root: its root folder.
        files_before: all paths in it, as `files` gives them, before anything was installed.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.root = folder / "root"
        self.files_before: set[str] = set()
        self._shared: set[str] = set()
        self._making: subprocess.Popen[bytes] | None = None

    def begin(self) -> None:
        """Start to make it anew, beside what else is done."""
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir(parents=True, exist_ok=True)
        mirror = _mirror()
        with (self._folder / "debootstrap.log").open("wb") as log:
            self._making = subprocess.Popen(
                # Its mounts and processes end with it, also where it is killed.
                [
                    *("unshare", "--mount", "--mount-proc", "--pid", "--fork", "--kill-child"),
                    *("debootstrap", "--variant=minbase", SUITE, str(self.root)),
                    *([mirror] if mirror else []),
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def wait(self) -> None:
        """Return when it is there; raises AssertionError with the end of the log."""
        assert self._making is not None
        status = self._making.wait()
        assert status == 0, (self._folder / "debootstrap.log").read_text()[-2000:]
        shutil.copy("/etc/resolv.conf", self.root / "etc" / "resolv.conf")
        proxies = self.root / "etc" / "apt" / "apt.conf.d" / "90proxies"
        proxies.write_text(_apt_proxies())
        self.files_before = self.files()

    def close(self) -> None:
        """Remove it all."""
        if self._making is not None and self._making.poll() is None:
            self._making.terminate()
            self._making.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def command(self, *words: str, shared: Sequence[Path] = ()) -> list[str]:
        """A command that runs `words` in the system, in which some folders of this one are seen.

        The mounts are the process's own and end with it.
        """
        root = shlex.quote(str(self.root))
        lines = [f"mount -t proc proc {root}/proc"]
        for folder in shared:
            inside = Path(f"{self.root}{folder}")
            made = [p for p in (inside, *inside.parents) if not p.exists()]
            self._shared.update(str(path.relative_to(self.root)) for path in made)
            inside.mkdir(parents=True, exist_ok=True)
            lines.append(f"mount --bind {shlex.quote(str(folder))} {shlex.quote(str(inside))}")
        lines.append(f'exec chroot {root} "$@"')
        script = " && ".join(lines)
        return ["unshare", "--mount", "sh", "-c", script, "sh", *words]

    def run(
        self,
        *words: str,
        shared: Sequence[Path] = (),
        variables: Mapping[str, str] | None = None,
        check: bool = True,
    ) -> "subprocess.CompletedProcess[str]":
        """Run a command in the system to its end; its output is kept."""
        environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "LANG": "C.UTF-8"}
        environment |= {k: v for k, v in os.environ.items() if k.lower().endswith("_proxy")}
        done = subprocess.run(
            self.command(*words, shared=shared),
            env=environment | {"DEBIAN_FRONTEND": "noninteractive"} | dict(variables or {}),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0 or not check, (
            f"{words}: {done.stdout[-2000:]}{done.stderr[-2000:]}"
        )
        return done

    def files(self) -> set[str]:
        """All paths in it, from its root.

        Not what the system itself puts up while it runs, and not where folders were shared.
        """
        found = set()
        for folder, folders, names in os.walk(self.root):
            relative = os.path.relpath(folder, self.root)
            if relative == ".":
                folders[:] = [name for name in folders if name not in ("proc", "sys", "dev")]
            found.update(
                os.path.normpath(os.path.join(relative, name)) for name in [*folders, *names]
            )
        return found - self._shared


def _mirror() -> str:
    """Where this system has the same Debian from, or "" where it is another one."""
    done = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(SITE)\t$(RELEASE)"],
        capture_output=True,
        text=True,
        check=False,
    )
    lines = [line.split("\t") for line in done.stdout.splitlines()]
    return next((line[0] for line in lines if line[1:] == [SUITE]), "")


def _apt_proxies() -> str:
    """This system's settings of apt that say through what it reaches the mirror."""
    done = subprocess.run(["apt-config", "dump"], capture_output=True, text=True, check=False)
    lines = done.stdout.splitlines(keepends=True)
    proxy = re.compile(r"Acquire::https?::Proxy\b", re.IGNORECASE)
    return "".join(line for line in lines if proxy.match(line))
