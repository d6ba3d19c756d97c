# SPDX-License-Identifier: MIT
"""The pool with its real children, and real hostile situations."""

import contextlib
import io
import os
import queue
import signal
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from open_library import wait_until
from PIL import Image

from gallery_search.imaging.child import DecoderChild
from gallery_search.imaging.decode import decode
from gallery_search.imaging.formats import is_photo_name
from gallery_search.imaging.pool import DecoderPool
from gallery_search.records import BytesSource, DecodedImage, DecodeFailure, InputSpec, PathSource

SPEC = InputSpec("crop", 64, 72, "bilinear")
SHARED = Path(__file__).parents[3] / "shared"
CLOSING = DecodeFailure("The program is closing.", is_transient=True)

needs_signals = pytest.mark.skipif(sys.platform == "win32", reason="SIGSTOP is POSIX")
needs_memory_limit = pytest.mark.skipif(sys.platform != "linux", reason="RLIMIT_AS holds on Linux")


def pool_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name.startswith("decode-")]


@pytest.fixture
def make_pool():
    pools = []

    def make(size: int = 1, **options) -> DecoderPool:
        pools.append(DecoderPool(size, **options))
        return pools[-1]

    yield make
    for pool in pools:
        pool.close()
    assert not pool_threads()


class Answers:
    """Collects what a pool answers, with the name that each job was given."""

    def __init__(self, pool: DecoderPool) -> None:
        self._pool = pool
        self._queue: queue.Queue[tuple[object, DecodedImage | DecodeFailure]] = queue.Queue()

    def ask(self, source, name: object = None, *, urgent: bool = False) -> None:
        self._pool.submit(
            source,
            SPEC,
            lambda result: self._queue.put((name, result)),
            urgency="query" if urgent else "ordinary",
        )

    def next(self) -> tuple[object, DecodedImage | DecodeFailure]:
        return self._queue.get(timeout=60)

    def of(self, source, *, urgent: bool = False) -> DecodedImage | DecodeFailure:
        self.ask(source, urgent=urgent)
        return self.next()[1]

    def is_empty(self) -> bool:
        return self._queue.empty()


@pytest.fixture
def photo(tmp_path) -> PathSource:
    path = tmp_path / "photo.jpg"
    Image.linear_gradient("L").resize((300, 200)).convert("RGB").save(path)
    return PathSource(str(path))


def stop(pool: DecoderPool) -> int:
    """Halt the pool's one child, as a decode without end would hold it; returns its pid."""
    (pid,) = pool.pids()
    os.kill(pid, signal.SIGSTOP)
    return pid


def wait_until_taken_up(pool: DecoderPool, *, left: int = 0) -> None:
    deadline = time.monotonic() + 30
    while pool.backlog > left:
        assert time.monotonic() < deadline
        threading.Event().wait(0.002)


def wait_until_alone(pool: DecoderPool) -> None:
    """Until one child is left."""
    deadline = time.monotonic() + 30
    while len(pool.pids()) > 1:
        assert time.monotonic() < deadline
        threading.Event().wait(0.002)


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


# --- what works -------------------------------------------------------------------------------


def test_children_decode_as_this_process_does(make_pool, photo):
    answers = Answers(make_pool())
    here = decode(photo, SPEC)
    there = answers.of(photo)
    assert isinstance(there, DecodedImage)
    assert np.array_equal(there.network_input, here.network_input)
    assert there.network_input.flags.writeable
    for field in ("thumbnail", "width", "height", "content_hash", "image_format", "taken_at",
                  "size_bytes", "mtime_ns"):  # fmt: skip
        assert getattr(there, field) == getattr(here, field)
    with open(photo.path, "rb") as file:
        pasted = answers.of(BytesSource(file.read(), "Pasted image"), urgent=True)
    assert np.array_equal(pasted.network_input, here.network_input)
    assert pasted.mtime_ns == 0


def test_names_with_undecodable_bytes(make_pool, photo, tmp_path):
    odd = os.fsencode(tmp_path) + b"/caf\xe9 \xf0\x9f\x90\xb1 \n\xff.jpg"
    try:
        os.rename(photo.path, odd)
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    answer = Answers(make_pool()).of(PathSource(os.fsdecode(odd)))
    assert isinstance(answer, DecodedImage)


def test_no_more_children_than_asked_for(make_pool, photo):
    pool = make_pool(2)
    answers = Answers(pool)
    for _ in range(30):
        answers.ask(photo)
    for _ in range(30):
        assert isinstance(answers.next()[1], DecodedImage)
        assert len(pool.pids()) <= 2


def test_another_size_holds_for_what_comes_and_what_waits(make_pool, photo):
    pool = make_pool(3, reserved=0)
    answers = Answers(pool)

    def decode_some() -> None:
        for _ in range(12):
            answers.ask(photo)
        for _ in range(12):
            assert isinstance(answers.next()[1], DecodedImage)

    decode_some()
    assert len(pool_threads()) == 3
    for _ in range(12):
        answers.ask(photo)
    pool.resize(1)  # while they are at work
    for _ in range(12):
        assert isinstance(answers.next()[1], DecodedImage)
    wait_until_alone(pool)
    pool.resize(1)
    decode_some()
    assert len(pool.pids()) == 1
    pool.resize(2)
    decode_some()
    assert len(pool.pids()) == 2


@pytest.mark.skipif(not hasattr(os, "getpriority"), reason="no niceness here")
def test_somebody_waits_for_the_reserved_child(make_pool, photo):
    pool = make_pool()
    pool.warm_up()
    answers = Answers(pool)
    answers.of(photo, urgent=True)
    (reserved,) = pool.pids()
    assert os.getpriority(os.PRIO_PROCESS, reserved) == os.nice(0)
    answers.of(photo)
    (ordinary,) = set(pool.pids()) - {reserved}
    assert os.getpriority(os.PRIO_PROCESS, ordinary) == min(19, os.nice(0) + 10)


def test_the_time_of_the_processor_is_told_of_failures_too(make_pool, photo, tmp_path):
    answers = Answers(make_pool())
    (tmp_path / "broken.jpg").write_bytes(b"\xff\xd8\xff" + bytes(100_000))
    for path in (photo.path, str(tmp_path / "broken.jpg")):
        assert 0 < answers.of(PathSource(path)).processor_s < 30


def test_children_end_when_idle_and_come_back(make_pool, photo):
    pool = make_pool(idle_s=0.05)
    assert pool.pids() == []
    answers = Answers(pool)
    for _ in range(2):
        assert isinstance(answers.of(photo), DecodedImage)
        for thread in pool_threads():
            thread.join(10)
        assert not pool_threads()
        assert pool.pids() == []


def test_warming_up_starts_the_child_that_an_urgent_job_takes(make_pool, photo):
    pool = make_pool()
    pool.warm_up()
    pool.warm_up()
    (thread,) = pool_threads()
    assert thread.name == "decode-reserved"
    assert isinstance(Answers(pool).of(photo, urgent=True), DecodedImage)
    assert pool_threads() == [thread]


def test_an_urgent_job_takes_an_idle_ordinary_child(make_pool, photo):
    pool = make_pool(reserved=0)
    answers = Answers(pool)
    assert isinstance(answers.of(photo), DecodedImage)
    assert isinstance(answers.of(photo, urgent=True), DecodedImage)
    assert len(pool.pids()) == 1


# --- what goes wrong --------------------------------------------------------------------------


@pytest.mark.timeout(60)
def test_what_is_no_photo_costs_one_sentence_each(make_pool, photo, tmp_path):
    answers = Answers(make_pool())
    (tmp_path / "empty.jpg").touch()
    (tmp_path / "text.jpg").write_text("hello")
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.jpg")
        failure = answers.of(PathSource(str(tmp_path / "pipe.jpg")))
        assert failure.reason == "This is not an ordinary file."
        assert not failure.is_transient
    for name, reason in (
        ("", "This is a folder, not an image."),
        ("gone.jpg", "The file does not exist."),
        ("empty.jpg", "The file is empty."),
        ("text.jpg", "This is not an image in a format that the program reads."),
    ):
        assert answers.of(PathSource(str(tmp_path / name))).reason == reason
    assert isinstance(answers.of(photo), DecodedImage)


@needs_signals
def test_a_child_that_dies_is_replaced_and_its_image_tried_again(make_pool, photo):
    pool = make_pool()
    answers = Answers(pool)
    answers.of(photo)
    pid = stop(pool)
    answers.ask(photo)
    os.kill(pid, signal.SIGKILL)
    assert isinstance(answers.next()[1], DecodedImage)
    assert pool.pids() != [pid]


def test_a_child_that_ends_while_the_processes_are_counted_is_not_counted(
    make_pool, photo, monkeypatch
):
    pool = make_pool()
    Answers(pool).of(photo)
    pids = iter([4242, None])  # it ends right after the first look
    monkeypatch.setattr(DecoderChild, "pid", property(lambda _: next(pids)))
    assert pool.pids() == [4242]
    monkeypatch.setattr(DecoderChild, "pid", None)
    assert pool.pids() == []


@needs_signals
def test_an_image_that_stops_two_children_fails(make_pool, photo):
    pool = make_pool()
    answers = Answers(pool)
    answers.of(photo)
    stop(pool)
    answers.ask(photo)
    deadline = time.monotonic() + 30
    while answers.is_empty():
        for pid in pool.pids():  # no child lives for as long as it takes to start
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        assert time.monotonic() < deadline
    assert answers.next()[1] == DecodeFailure(
        "The image could not be decoded: it made the decoder stop.", is_transient=False
    )
    assert isinstance(answers.of(photo), DecodedImage)


@needs_signals
def test_an_image_that_takes_too_long_fails_alone(make_pool, photo):
    pool = make_pool(timeout_s=1.0)
    answers = Answers(pool)
    while not isinstance(answers.of(photo), DecodedImage):
        pass  # a busy computer may take a second to start the child
    pid = stop(pool)
    assert answers.of(photo).reason == "The image took longer than 1 seconds to decode."
    assert not is_running(pid)
    while not isinstance(answers.of(photo), DecodedImage):
        pass


@needs_memory_limit
def test_a_memory_bomb_fails_alone(make_pool, photo, tmp_path):
    file = tmp_path / "bomb.png"
    Image.new("RGB", (9000, 9000)).save(file, compress_level=1)  # 324 MB once decoded
    answers = Answers(make_pool(memory_limit_bytes=320 << 20))
    failure = answers.of(PathSource(str(file)))
    assert failure.reason == "There was not enough memory to decode the image."
    assert failure.is_transient
    assert isinstance(answers.of(photo), DecodedImage)


@needs_signals
def test_an_urgent_job_does_not_wait_for_a_hanging_one(make_pool, photo):
    pool = make_pool()
    answers = Answers(pool)
    answers.of(photo)
    pid = stop(pool)
    answers.ask(photo, "hanging")
    wait_until_taken_up(pool)
    answers.ask(photo, "waiting")
    answers.ask(photo, "urgent", urgent=True)
    name, result = answers.next()
    assert name == "urgent"
    assert isinstance(result, DecodedImage)
    os.kill(pid, signal.SIGCONT)
    assert {answers.next()[0] for _ in range(2)} == {"hanging", "waiting"}


@needs_signals
def test_queries_are_for_a_child_of_ordinary_priority(make_pool, photo):
    pool = make_pool(reserved=1)
    answers = Answers(pool)
    answers.of(photo)
    stop(pool)  # the one of low priority; whoever gave it a query would wait
    pool.warm_up()
    for _ in range(20):
        wait_until(lambda: pool._idle["reserved"] == 1)  # it hands over before it is idle again
        assert isinstance(answers.of(photo, urgent=True), DecodedImage)


@needs_signals
def test_urgent_jobs_overtake(make_pool, photo):
    pool = make_pool(reserved=0)
    answers = Answers(pool)
    answers.of(photo)
    pid = stop(pool)
    answers.ask(photo, "first")
    wait_until_taken_up(pool)
    answers.ask(photo, "second")
    answers.ask(photo, "urgent", urgent=True)
    os.kill(pid, signal.SIGCONT)
    assert [answers.next()[0] for _ in range(3)] == ["first", "urgent", "second"]


def test_a_failing_callback_costs_nothing_else(make_pool, photo, caplog):
    pool = make_pool()

    def fail(_result):
        raise RuntimeError("a bug")

    pool.submit(photo, SPEC, fail)
    assert isinstance(Answers(pool).of(photo), DecodedImage)
    assert "could not be handed over" in caplog.text


# --- pictures that somebody looks at ---------------------------------------------------------


def ask_for_picture(pool: DecoderPool, photo: PathSource, done: queue.Queue, name: str) -> None:
    pool.submit_picture(photo.path, 100, 100, lambda _result: done.put(name))


@needs_signals
def test_a_query_does_not_wait_for_pictures(make_pool, photo):
    pool = make_pool()
    done: queue.Queue[str] = queue.Queue()
    pool.warm_up()
    ask_for_picture(pool, photo, done, "first")
    assert done.get(timeout=60) == "first"
    Answers(pool).of(photo)
    pids = pool.pids()
    assert len(pids) == 2  # the two that take pictures
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    for name in ("third", "fourth", "fifth"):
        ask_for_picture(pool, photo, done, name)
    wait_until_taken_up(pool, left=1)
    answers = Answers(pool)
    assert isinstance(answers.of(photo, urgent=True), DecodedImage)
    assert done.empty()
    for pid in pids:
        os.kill(pid, signal.SIGCONT)
    assert {done.get(timeout=60) for _ in range(3)} == {"third", "fourth", "fifth"}


@needs_signals
def test_a_picture_does_not_wait_for_ordinary_jobs(make_pool, photo):
    pool = make_pool()
    answers = Answers(pool)
    answers.of(photo)
    pid = stop(pool)
    answers.ask(photo, "hanging")
    wait_until_taken_up(pool)
    answers.ask(photo, "waiting")
    done: queue.Queue[str] = queue.Queue()
    for name in ("first", "second"):
        ask_for_picture(pool, photo, done, name)
        assert done.get(timeout=60) == name
    assert answers.is_empty()
    os.kill(pid, signal.SIGCONT)
    assert {answers.next()[0] for _ in range(2)} == {"hanging", "waiting"}


def test_the_child_for_pictures_is_for_queries_too(make_pool, photo):
    pool = make_pool()
    done: queue.Queue[str] = queue.Queue()
    ask_for_picture(pool, photo, done, "picture")
    done.get(timeout=60)
    assert isinstance(Answers(pool).of(photo, urgent=True), DecodedImage)
    assert [thread.name for thread in pool_threads()] == ["decode-reserved"]


# --- the end ----------------------------------------------------------------------------------


@needs_signals
def test_closing_ends_everything_at_once(make_pool, photo):
    pool = make_pool()
    answers = Answers(pool)
    answers.of(photo)
    pid = stop(pool)
    for name in range(5):
        answers.ask(photo, name)
    begin = time.monotonic()
    pool.close()
    assert time.monotonic() - begin < 2.0
    assert not pool_threads()
    assert not is_running(pid)
    assert sorted(answers.next() for _ in range(5)) == [(name, CLOSING) for name in range(5)]
    assert answers.is_empty()


def test_closing_while_children_start(make_pool, photo):
    pool = make_pool(2)
    answers = Answers(pool)
    pool.warm_up()
    for _ in range(3):
        answers.ask(photo)
    pool.close()
    assert not pool_threads()
    for _ in range(3):
        assert answers.next()[1] == CLOSING


def test_a_job_after_closing_fails(make_pool, photo):
    pool = make_pool()
    pool.close()
    pool.close()
    pool.warm_up()
    assert Answers(pool).of(photo) == CLOSING
    assert not pool_threads()


# --- real files -------------------------------------------------------------------------------


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared with real image files is not here")
@pytest.mark.timeout(300)
def test_real_and_damaged_files_of_all_kinds(make_pool):
    """All are answered, and what fails is what is damaged, or rare indeed."""
    answers = Answers(make_pool(2))
    paths = [
        path
        for folder in ("formats", "damaged")
        for path in sorted((SHARED / folder).rglob("*"))
        if path.is_file()
    ]
    for path in paths:
        answers.ask(PathSource(str(path)), path)
    failures = {}
    for _ in paths:
        path, result = answers.next()
        if isinstance(result, DecodeFailure):
            failures[path.relative_to(SHARED).as_posix()] = result
        else:
            thumbnail = Image.open(io.BytesIO(result.thumbnail))
            assert max(thumbnail.size) <= 512
            ratio = result.width / result.height
            assert abs(thumbnail.width - thumbnail.height * ratio) <= max(1.0, ratio) + 1.0
    assert all(failure.reason.endswith(".") for failure in failures.values())
    assert not [name for name, failure in failures.items() if failure.is_transient]
    unread = {name for name in failures if is_photo_name(name) and "damaged/" not in name}
    damaged = {f"formats/heif/{name}.heic" for name in ("corrupted", "empty", "truncated")}
    assert damaged <= unread
    bitmaps = "formats/image-rs/bmp/images"
    tiffs = "formats/image-rs/tiff/testsuite"
    assert unread - damaged <= {
        f"{bitmaps}/lenient/badpalettesize.bmp",
        f"{bitmaps}/lenient/pal8oversizepal.bmp",
        f"{bitmaps}/lenient/rle_overflow.bmp",
        f"{bitmaps}/pal4rlecut.bmp",
        f"{bitmaps}/pal2.bmp",  # of Windows CE, and the next of OS/2
        f"{bitmaps}/pal2color.bmp",
        f"{bitmaps}/rgb24rle24.bmp",
        f"{tiffs}/rgb32f_bw.tiff",  # Pillow reads no floats in three bands
        f"{tiffs}/rgb32f_color.tiff",
        f"{tiffs}/ycbcr_lzw_bt709.tif",  # Pillow 11 does not read these two, Pillow 13 does
        f"{tiffs}/ycbcr_lzw_broken.tif",
    }
    assert not [name for name in failures if "exif-odd" in name or "jpeg-invalid" in name]
