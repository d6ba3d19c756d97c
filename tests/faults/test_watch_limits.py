# SPDX-License-Identifier: MIT
"""What the system does not tell is found by polling, and the state of a folder says so.

Watch limits: "45,190 of 45,296 inotify watches taken"; a watcher that silently misses changes.
The other ways to polling (no instance left, a dead observer) are in `test_scanner.py`.
"""

import os
import subprocess
import sys
import threading

import pytest

from gallery_search.pipeline.drives import mountinfo
from gallery_search.pipeline.drives.shares import is_shared, is_shared_among
from gallery_search.pipeline.watching.scanner import Scanner

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="drives inotify")

# Runs in a user namespace of its own, whose limit of watches is its own as well.
LIMITED = """
import ctypes, os, pathlib, sys, threading
from gallery_search.pipeline.watching.scanner import Scanner

root = pathlib.Path(sys.argv[1])
changed = threading.Condition()
states, names = [], set()

def limit(count):
    pathlib.Path("/proc/sys/user/max_inotify_watches").write_text(str(count))

def on_state(folder_id, state):
    with changed:
        states.append(state)
        changed.notify_all()

def on_listing(listing):
    with changed:
        names.update(facts.name for facts in listing.files)
        changed.notify_all()

def wait(condition):
    with changed:
        assert changed.wait_for(condition, 30), (states, names)

def free():
    '''How many watches another program of this user could have, up to 20.'''
    libc = ctypes.CDLL(None)
    instance = libc.inotify_init()
    there = [
        libc.inotify_add_watch(instance, os.fsencode(directory), 0x100) >= 0
        for directory in list(root.iterdir())[:20]
    ]
    os.close(instance)
    return sum(there)

def write(name):
    (root / name).parent.mkdir(exist_ok=True)
    (root / name).write_bytes(b"x")
    os.utime(root / name, (10**9, 10**9))

limit(20)
scanner = Scanner(on_listing, on_state, is_watching=True, root_check_s=0.1, poll_s=0.2)
scanner.add(1, str(root))
scanner.start()
"""

SHORT = """
wait(lambda: states == ["polling"])
print("free", free())
write("29/later.jpg")
wait(lambda: "later.jpg" in names)
limit(100)
wait(lambda: states[-1] == "watching")
write("30/seen.jpg")
wait(lambda: "seen.jpg" in names)
assert free() == 20
"""

GROWING = """
wait(lambda: states == ["watching"])
for number in range(100, 130):
    (root / str(number)).mkdir()
wait(lambda: states[-1] == "polling")
print("free", free())
write("129/later.jpg")
wait(lambda: "later.jpg" in names)
"""


def run_limited(root, scenario):
    done = subprocess.run(
        ["unshare", "--user", "--map-root-user", sys.executable, "-c",
         f"{LIMITED}{scenario}\nscanner.stop()\nprint(*states)", str(root)],
        capture_output=True, text=True, timeout=100, check=False,
    )  # fmt: skip
    if "unshare" in done.stderr or "max_inotify_watches" in done.stderr:
        pytest.skip(f"no limit of its own can be set for a process here: {done.stderr[-200:]}")
    assert done.returncode == 0, done.stderr
    free, states = done.stdout.splitlines()
    assert int(free.split()[1]) == 20  # all of them: other programs need some too
    return states.split()


def test_watches_that_are_used_up_and_that_are_there_again(tmp_path):
    for number in range(30):
        (tmp_path / str(number)).mkdir()
    assert run_limited(tmp_path, SHORT) == ["polling", "watching"]


def test_a_folder_that_outgrows_the_watches_while_it_is_watched(tmp_path):
    for number in range(10):
        (tmp_path / str(number)).mkdir()
    states = run_limited(tmp_path, GROWING)
    assert states[:2] == ["watching", "polling"]


# --- network shares -------------------------------------------------------------------------------

MOUNTS = b"""\
22 1 8:1 / / rw - ext4 /dev/sda1 rw
30 22 0:50 / /mnt/nas rw - nfs4 nas:/export rw
31 22 0:51 / /mnt/windows rw - cifs //server/share rw
32 22 0:52 / /home/me/far\\040away rw - fuse.sshfs me@far:/ rw
33 22 8:17 / /mnt/stick rw - fuseblk /dev/sdb1 rw
34 22 0:53 / /mnt/c rw - 9p drvfs rw
35 22 0:54 / /run/user/1000/gvfs rw - fuse.gvfsd-fuse gvfsd-fuse rw
36 22 0:55 / /mnt/smb rw - smb3 //server/other rw
37 30 8:33 / /mnt/nas/local rw - ext4 /dev/sdc1 rw
"""


@pytest.mark.parametrize(
    ("folder", "expected"),
    [
        ("/home/me/photos", False),
        ("/mnt/nas", True),
        ("/mnt/nas/photos", True),
        ("/mnt/nas/local/photos", False),
        ("/mnt/nasty", False),
        ("/mnt/windows/photos", True),
        ("/home/me/far away/photos", True),
        ("/home/me", True),  # a part of it
        ("/mnt/stick", False),
        ("/mnt/c/Users", True),
        ("/run/user/1000/gvfs/smb-share:server=nas", True),
        ("/mnt/smb", True),
        ("/", True),
    ],
)
def test_folders_on_network_shares_are_known(folder, expected):
    assert is_shared_among(folder, mountinfo.parse(MOUNTS)) is expected


def test_a_folder_on_a_disk_is_not_on_a_share(tmp_path):
    assert not is_shared(str(tmp_path))


def test_a_share_is_polled_and_yet_tells_of_changes_made_here(tmp_path, monkeypatch):
    """The system is asked what is mounted by reading a text, which here says that it is a share."""
    root = tmp_path / "share"
    root.mkdir()
    monkeypatch.setattr(mountinfo, "mounts", lambda: mountinfo.parse(share_at(root)))
    states, listed, changed = [], [], threading.Condition()

    def on_state(_folder_id, state):
        with changed:
            states.append(state)
            changed.notify_all()

    def on_listing(listing):
        with changed:
            listed.append(listing)
            changed.notify_all()

    scanner = Scanner(on_listing, on_state, is_watching=True, root_check_s=0.05, poll_s=0.2)
    scanner.add(1, str(root))
    scanner.start()
    try:
        with changed:
            assert changed.wait_for(lambda: states == ["polling"], 20)
            # Whole looks at the folder, although nothing happened that the system could tell.
            polls = [entry for entry in listed if entry.names is None]
            assert changed.wait_for(
                lambda: sum(entry.names is None for entry in listed) > len(polls) + 3, 20
            )
        (root / "here.jpg").write_bytes(b"x")
        with changed:
            assert changed.wait_for(
                lambda: any(entry.names == {"here.jpg"} for entry in listed), 20
            )
        assert states == ["polling"]
    finally:
        scanner.stop()


def share_at(root):
    """What /proc says of the machine, if the folder were a share."""
    text = mountinfo._MOUNTINFO.read_bytes()
    line = b"9999 1 0:999 / %s rw - nfs4 nas:/export rw\n" % os.fsencode(root)
    return text + line
