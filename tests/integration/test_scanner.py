# SPDX-License-Identifier: MIT
"""The scanner with the system's real events, on real directories."""

import ctypes
import errno
import os
import shutil
import subprocess
import sys
import threading
import time

import pytest

from gallery_search.pipeline.watching.scanner import Scanner

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="drives inotify")

SHOWN_S = 3.0  # how soon a closed file is reported; leaves nothing to the rest of the pipeline
PATIENCE_S = 30.0


class Seen:
    """Runs a scanner, and keeps what it reports."""

    def __init__(self, **options):
        self._changed = threading.Condition()
        self.listings = []  # (time, listing)
        self.states = []
        self.on_listing = lambda _listing: None
        self.scanner = Scanner(self._take_listing, self._take_state, **options)

    def _take_listing(self, listing):
        self.on_listing(listing)
        with self._changed:
            self.listings.append((time.monotonic(), listing))
            self._changed.notify_all()

    def _take_state(self, folder_id, state):
        with self._changed:
            self.states.append((folder_id, state))
            self._changed.notify_all()

    def wait(self, condition, timeout_s=PATIENCE_S):
        with self._changed:
            assert self._changed.wait_for(condition, timeout_s), (self.states, self.names())

    def wait_idle(self):
        deadline = time.monotonic() + PATIENCE_S
        while not self.scanner.is_idle or not self.states:
            assert time.monotonic() < deadline
            threading.Event().wait(0.01)

    def names(self, directory=None):
        """What all directories, or one, hold as far as the listings tell."""
        there = {}
        for _, listing in self.listings:
            found = {facts.name for facts in listing.files}
            if listing.names is not None:
                found |= there.get(listing.directory, set()) - listing.names
            there[listing.directory] = found
        if directory is not None:
            return there.get(directory, set())
        return {f"{where}/{name}".lstrip("/") for where, names in there.items() for name in names}

    def when(self, directory, name):
        """When a file was first reported."""
        return next(
            moment
            for moment, listing in self.listings
            if listing.directory == directory and name in {facts.name for facts in listing.files}
        )

    def clear(self):
        with self._changed:
            self.listings.clear()


@pytest.fixture
def root(tmp_path):
    made = tmp_path / "photos"
    made.mkdir()
    return made


@pytest.fixture
def make_seen():
    before, made = set(threading.enumerate()), []

    def make(*, is_watching=True, **options):
        options = {"root_check_s": 0.1} | options
        made.append(Seen(is_watching=is_watching, **options))
        return made[-1]

    yield make
    for seen in made:
        seen.scanner.stop()
    assert not [thread for thread in threading.enumerate() if thread not in before]


@pytest.fixture
def watch(make_seen, root):
    """Starts a scanner on `root`, once all is quiet."""

    def run(**options):
        seen = make_seen(**options)
        seen.scanner.add(1, str(root))
        seen.scanner.start()
        seen.wait_idle()
        return seen

    return run


def write(path, age_s=100.0):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x")
    os.utime(path, (time.time() - age_s,) * 2)
    return path


# --- scanning ---------------------------------------------------------------------------------


@pytest.mark.parametrize("is_watching", [True, False])
def test_all_directories_are_scanned(watch, root, is_watching):
    names = {"a.jpg", "sub/b.jpg", "sub/deep/er/c.jpg", "caf\udce9/line\nbreak.jpg"}
    for name in names | {".hidden/x.jpg", "sub/@eaDir/x.jpg", "sub/.x.jpg"}:
        write(root / name)
    (root / "sub/loop").symlink_to("..")
    seen = watch(is_watching=is_watching)
    assert seen.names() == names
    assert seen.states == [(1, "watching")]
    assert seen.scanner.state(1) == "watching"
    directories = [listing.directory for _, listing in seen.listings]
    assert len(directories) == len(set(directories))


def test_a_folder_that_is_added_and_one_that_is_removed(watch, root, tmp_path):
    seen = watch()
    write(tmp_path / "other/b.jpg")
    seen.scanner.add(2, str(tmp_path / "other"))
    seen.wait(lambda: (2, "watching") in seen.states and seen.names("") == {"b.jpg"})
    seen.scanner.remove(2)
    seen.wait_idle()
    seen.clear()
    write(tmp_path / "other/c.jpg")
    write(root / "a.jpg")
    seen.wait(lambda: "a.jpg" in seen.names(""))
    assert {listing.folder_id for _, listing in seen.listings} == {1}


def test_a_look_at_a_folder_that_is_not_known(make_seen, root):
    seen = make_seen()
    seen.scanner.look(9, "", is_recursive=True)
    seen.scanner.start()
    seen.scanner.add(1, str(root))
    seen.wait_idle()
    assert {listing.folder_id for _, listing in seen.listings} == {1}


# --- watching ---------------------------------------------------------------------------------


def test_a_new_file_is_reported_in_time(watch, root):
    seen = watch()
    for name in ("a.jpg", "caf\udce9 \n.jpg"):
        (root / name).write_bytes(b"x")
        closed = time.monotonic()
        seen.wait(lambda name=name: name in seen.names(""))
        assert seen.when("", name) - closed < SHOWN_S


def test_a_copy_that_keeps_its_times_is_reported_in_time(watch, root, tmp_path):
    source = write(tmp_path / "source.jpg")
    seen = watch()
    shutil.copy2(source, root / "a.jpg")
    os.chmod(root / "a.jpg", 0o600)
    closed = time.monotonic()
    seen.wait(lambda: "a.jpg" in seen.names(""))
    assert seen.when("", "a.jpg") - closed < SHOWN_S


def test_new_files_overtake_a_scan(make_seen, root):
    for number in range(1000):
        (root / f"{number}" / "below").mkdir(parents=True)
    seen = make_seen()
    seen.on_listing = lambda _listing: threading.Event().wait(0.01)  # a slow disk
    seen.scanner.add(1, str(root))
    seen.scanner.start()
    seen.wait(lambda: len(seen.listings) > 2)
    write(root / "999/below/a.jpg")
    write(root / "fresh/deep/b.jpg")
    closed = time.monotonic()
    seen.scanner.look_soon(1, "998", is_recursive=True, delay_s=0.0)
    seen.wait(lambda: {"999/below/a.jpg", "fresh/deep/b.jpg"} <= seen.names())
    for directory, name in (("999/below", "a.jpg"), ("fresh/deep", "b.jpg")):
        assert seen.when(directory, name) - closed < SHOWN_S
    order = [listing.directory for _, listing in seen.listings]
    assert "998/below" in order  # what is below overtakes as well
    assert len(order) < 2000  # the scan is still under way


def test_a_file_that_is_being_written_is_waited_for(watch, root):
    seen = watch()
    with open(root / "a.jpg", "wb") as file:
        for pause_s in (1.3, 0.4, 1.3):  # the first before anything is written
            threading.Event().wait(pause_s)
            file.write(b"part")
            file.flush()
        threading.Event().wait(1.3)
        before_close = time.monotonic()
        assert any("a.jpg" in listing.unsettled for _, listing in seen.listings)
        assert "a.jpg" not in seen.names()
    seen.wait(lambda: "a.jpg" in seen.names(""))
    assert 0 < seen.when("", "a.jpg") - before_close < SHOWN_S
    listing = next(listing for _, listing in seen.listings if listing.files)
    assert listing.files[0].size_bytes == 12


def test_a_file_that_is_renamed_while_it_is_written(watch, root):
    (root / "sub").mkdir()
    seen = watch()
    with open(root / "sub/a.part", "wb") as file:
        file.write(b"part")
        file.flush()
        os.rename(root / "sub/a.part", root / "sub/a.jpg")
        os.rename(root / "sub", root / "new")
        threading.Event().wait(2.5)
        assert "new/a.jpg" not in seen.names()
        assert any(
            "a.jpg" in listing.unsettled
            for _, listing in seen.listings
            if listing.directory == "new"
        )
    seen.wait(lambda: "new/a.jpg" in seen.names())


def test_changed_moved_and_deleted_files(watch, root):
    write(root / "a.jpg")
    write(root / "sub/b.jpg")
    seen = watch()
    (root / "a.jpg").write_bytes(b"longer")
    seen.wait(lambda: any(f.size_bytes == 6 for _, listing in seen.listings for f in listing.files))
    os.rename(root / "a.jpg", root / "sub/c.jpg")
    seen.wait(lambda: seen.names("sub") == {"b.jpg", "c.jpg"})
    seen.wait(lambda: seen.names("") == set())
    os.unlink(root / "sub/b.jpg")
    seen.wait(lambda: seen.names("sub") == {"c.jpg"})


def test_saving_by_renaming_is_noticed(watch, root):
    write(root / "a.jpg")
    seen = watch()
    seen.clear()
    (root / ".a.jpg.tmp").write_bytes(b"edited")
    os.replace(root / ".a.jpg.tmp", root / "a.jpg")
    seen.wait(lambda: any(f.size_bytes == 6 for _, listing in seen.listings for f in listing.files))


def test_a_tree_that_is_moved_into_within_and_out_of_the_folder(watch, root, tmp_path):
    for name in ("a.jpg", "deep/b.jpg", "deep/er/c.jpg"):
        write(tmp_path / "tree" / name)
    seen = watch()
    os.rename(tmp_path / "tree", root / "one")
    seen.wait(lambda: {"one/a.jpg", "one/deep/b.jpg", "one/deep/er/c.jpg"} <= seen.names())
    seen.wait_idle()
    seen.clear()
    os.rename(root / "one", root / "two")
    seen.wait(lambda: {"two/a.jpg", "two/deep/b.jpg", "two/deep/er/c.jpg"} <= seen.names())
    seen.wait(lambda: any(e.directory == "" and e.subdirectories == ("two",)
                          for _, e in seen.listings))  # fmt: skip
    write(root / "two/deep/er/d.jpg")  # it is still watched there
    seen.wait(lambda: "d.jpg" in seen.names("two/deep/er"))
    os.rename(root / "two", tmp_path / "out")
    seen.wait(lambda: seen.listings[-1][1].subdirectories == () and
              seen.listings[-1][1].directory == "")  # fmt: skip


def test_a_tree_that_is_copied_into_the_folder(watch, root, tmp_path):
    for number in range(40):
        write(tmp_path / f"tree/{number % 8}/{number}/a.jpg")
    seen = watch()
    shutil.copytree(tmp_path / "tree", root / "tree")
    seen.wait(lambda: len(seen.names()) == 40)
    shutil.rmtree(root / "tree")
    seen.wait(lambda: any(e.directory == "" and not e.subdirectories
                          for _, e in seen.listings[40:]))  # fmt: skip


def test_what_is_hidden_or_not_a_photo_causes_no_looks(watch, root):
    for name in (".hidden", "@eaDir/sub", "sub/.trash"):
        (root / name).mkdir(parents=True)
    seen = watch()
    seen.clear()
    for name in (".hidden/a.jpg", "@eaDir/a.jpg", "@eaDir/sub/a.jpg", "sub/.trash/a.jpg",
                 ".a.jpg", "notes.txt", ".new/a.jpg", "sub/#recycle/a.jpg"):  # fmt: skip
        write(root / name)
    write(root / "sub/end.jpg")
    seen.wait(lambda: "end.jpg" in seen.names("sub"))
    assert {listing.directory for _, listing in seen.listings} == {"sub"}


def test_reading_photos_causes_no_looks(watch, root):
    write(root / "a.jpg")
    write(root / "sub/end.jpg")
    seen = watch()
    seen.clear()
    for _ in range(20):
        (root / "a.jpg").read_bytes()
    os.utime(root / "sub/end.jpg")
    os.unlink(root / "sub/end.jpg")
    seen.wait(lambda: seen.listings)
    seen.wait_idle()
    assert {listing.directory for _, listing in seen.listings} == {"sub"}


def test_lost_events_are_made_up_for(watch, root):
    """The kernel's queue of events ran over while the program had no time."""
    from watchdog.observers.inotify_c import InotifyConstants, InotifyEvent  # Linux only

    (root / "sub").mkdir()
    seen = watch()
    (watched,) = seen.scanner._watcher._watches.values()
    inotify = watched.observer._inotify_fd
    seen.clear()
    inotify.handle_event(InotifyEvent(-1, InotifyConstants.IN_Q_OVERFLOW, 0, b""))
    seen.wait(lambda: {listing.directory for _, listing in seen.listings} == {"", "sub"})


# --- folders that come and go -----------------------------------------------------------------


@pytest.mark.parametrize("is_watching", [True, False])
def test_a_root_that_goes_and_comes_back(watch, root, tmp_path, is_watching):
    write(root / "sub/a.jpg")
    seen = watch(is_watching=is_watching)
    os.rename(root, tmp_path / "away")
    seen.wait(lambda: seen.states[-1] == (1, "offline"))
    assert seen.scanner.state(1) == "offline"
    write(tmp_path / "away/sub/b.jpg")
    seen.clear()
    os.rename(tmp_path / "away", root)
    seen.wait(lambda: seen.states[-1] == (1, "watching"))
    seen.wait(lambda: seen.names() == {"sub/a.jpg", "sub/b.jpg"})
    if is_watching:
        write(root / "sub/c.jpg")
        seen.wait(lambda: "c.jpg" in seen.names("sub"))


def test_a_root_that_is_deleted_and_made_anew_at_once(watch, root):
    write(root / "a.jpg")
    seen = watch()
    shutil.rmtree(root)
    write(root / "b.jpg")
    seen.wait(lambda: seen.names("") == {"b.jpg"})
    seen.wait_idle()
    write(root / "c.jpg")
    seen.wait(lambda: seen.names("") == {"b.jpg", "c.jpg"})


def test_a_root_that_another_directory_takes_the_place_of(watch, root, tmp_path):
    write(tmp_path / "other/b.jpg")
    seen = watch()
    os.rename(root, tmp_path / "away")
    os.rename(tmp_path / "other", root)
    seen.wait(lambda: seen.names("") == {"b.jpg"})
    write(root / "c.jpg")
    seen.wait(lambda: "c.jpg" in seen.names(""))


def test_a_root_that_is_missing_at_the_start(make_seen, root):
    root.rmdir()
    seen = make_seen()
    seen.scanner.add(1, str(root))
    seen.scanner.start()
    seen.wait(lambda: seen.states == [(1, "offline")])
    write(root / "a.jpg")
    seen.wait(lambda: seen.states[-1] == (1, "watching") and seen.names("") == {"a.jpg"})


@pytest.mark.parametrize("part", ["observer", "emitter", "reader"])
def test_a_watcher_that_died_is_replaced(watch, root, part):
    seen = watch()
    (watched,) = seen.scanner._watcher._watches.values()
    (emitter,) = watched.observer.emitters
    threads = {"observer": watched.observer, "emitter": emitter}
    thread = threads.get(part, watched.observer._inotify_fd)
    thread.stop()
    thread.join(10)
    assert not thread.is_alive()
    seen.wait(lambda: seen.scanner._watcher.is_intact(1) or time.sleep(0.01))
    write(root / "a.jpg")
    seen.wait(lambda: seen.names("") == {"a.jpg"})


def test_a_system_that_gives_no_watch_is_polled(make_seen, root):
    """Takes all inotify instances that this user may have, for a moment."""
    libc, taken = ctypes.CDLL(None, use_errno=True), []
    seen = make_seen(poll_s=0.3)
    try:
        while (descriptor := libc.inotify_init1(os.O_CLOEXEC)) >= 0:
            taken.append(descriptor)
        if ctypes.get_errno() != errno.EMFILE or len(taken) > 900:
            pytest.skip("the system has no limit within reach")
        seen.scanner.add(1, str(root))
        seen.scanner.start()
        seen.wait(lambda: seen.states == [(1, "polling")])
        write(root / "a.jpg")
        seen.wait(lambda: seen.names("") == {"a.jpg"})
    finally:
        for descriptor in taken:
            os.close(descriptor)
    seen.wait(lambda: seen.states[-1] == (1, "watching"))


LIMITED = """
import sys, threading
open("/proc/sys/user/max_inotify_watches", "w").write("20")
from gallery_search.pipeline.watching.scanner import Scanner
told = threading.Event()
states = []
def on_state(folder_id, state):
    states.append(state)
    told.set()
scanner = Scanner(lambda listing: None, on_state, is_watching=True)
scanner.add(1, sys.argv[1])
scanner.start()
told.wait(20)
scanner.stop()
print(*states)
"""


@pytest.mark.parametrize(("directories", "state"), [(5, "watching"), (50, "polling")])
def test_a_tree_of_which_only_a_part_can_be_watched_is_polled(root, directories, state):
    for number in range(directories):
        (root / str(number)).mkdir()
    done = subprocess.run(
        ["unshare", "--user", "--map-root-user", sys.executable, "-c", LIMITED, str(root)],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    if done.returncode:
        pytest.skip(f"no limit of its own can be set for a process here: {done.stderr[-200:]}")
    assert done.stdout.split() == [state]


# --- ends -------------------------------------------------------------------------------------


def test_a_bug_in_a_callback_does_not_end_the_thread(make_seen, root, caplog):
    (root / "sub").mkdir()
    seen = make_seen()

    def fail(listing):
        if listing.directory == "sub":
            raise ValueError("a bug")

    seen.on_listing = fail
    seen.scanner.add(1, str(root))
    seen.scanner.start()
    seen.wait_idle()
    write(root / "a.jpg")
    seen.wait(lambda: "a.jpg" in seen.names(""))
    assert "a bug" in caplog.text


def test_stopping_in_the_middle_of_a_scan(make_seen, root):
    for number in range(2000):
        (root / f"{number}").mkdir()
    seen = make_seen()
    seen.scanner.add(1, str(root))
    seen.scanner.start()
    seen.wait(lambda: len(seen.listings) > 10)
    before = time.monotonic()
    seen.scanner.stop()
    assert time.monotonic() - before < 2
    assert len(seen.listings) < 2001


def test_stopping_what_was_never_started(make_seen, root):
    seen = make_seen()
    seen.scanner.add(1, str(root))
    seen.scanner.stop()
    assert seen.listings == []


def test_folders_come_and_go_while_files_change(make_seen, root, tmp_path):
    """Locks of ours and of watchdog, taken in either order, would stand still here."""
    roots = [tmp_path / f"folder {number}" for number in range(3)]
    for one in roots:
        one.mkdir()
    seen = make_seen(root_check_s=0.01)
    seen.scanner.add(99, str(root))
    seen.scanner.start()
    is_over = threading.Event()

    def change():
        number = 0
        while not is_over.is_set():
            number += 1
            for one in (*roots, root):
                write(one / f"{number % 50}/a.jpg")

    thread = threading.Thread(target=change)
    thread.start()
    try:
        for turn in range(30):
            for number, one in enumerate(roots):
                seen.scanner.add(number, str(one))
            for number in range(3):
                if turn % 2:
                    seen.scanner.state(number)
                seen.scanner.remove(number)
    finally:
        is_over.set()
        thread.join(PATIENCE_S)
    write(root / "end.jpg")
    seen.wait(lambda: "end.jpg" in seen.names(""))
