# SPDX-License-Identifier: MIT
"""Hostile files: whatever is in a folder, each file becomes a photo or a reason.

The decoders are the real ones, in their child processes, with the limits that users have.
"""

import contextlib
import io
import os
import queue
import socket
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import raw_files
from bombs import BOMBS
from campaign import size
from drawn_photos import draw_gallery
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mutations import Fuzzer
from open_library import OpenLibrary, assert_intact, query
from PIL import Image

from gallery_search.imaging import limits
from gallery_search.imaging.pool import DecoderPool
from gallery_search.records import (
    BytesSource,
    DecodedImage,
    DecodeFailure,
    InputSpec,
    PathSource,
)

SHARED = Path(__file__).parents[3] / "shared"
SPEC = InputSpec("squash", 224, 224, "bilinear", max_cut=0.2)
STARTS = [
    b"\xff\xd8\xff\xe0",
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    b"GIF89a",
    b"II*\0\x08\0\0\0",
    b"MM\0*\0\0\0\x08",
    b"RIFF\x24\0\0\0WEBPVP8 ",
    b"BM" + bytes(12) + b"\x28\0\0\0",
    b"\0\0\0\x18ftypheic\0\0\0\0mif1heic\0\0\0\x10meta",
    b"\0\0\0\x18ftypavif\0\0\0\0mif1avif\0\0\0\x10meta",
    b"\0\0\0\x18ftypcrx \0\0\0\x01crx isom\0\0\0\x10moov",
    b"II*\0\x10\0\0\0CR\2\0",
    b"IIU\0\x18\0\0\0",
    b"IIRO\x08\0\0\0",
    b"FUJIFILMCCD-RAW 0201",
]

needs_linux = pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")


@pytest.fixture
def pool():
    pool = DecoderPool(2, timeout_s=10.0)
    yield pool
    pool.close()


@pytest.fixture
def sources(tmp_path) -> list[Path]:
    """Folders of real and broken files; where those are missing, drawn ones. RAW files are made."""
    folder = tmp_path / "drawn"
    folder.mkdir()
    picture = Image.linear_gradient("L").resize((96, 64)).convert("RGB")
    for name, data in {
        "a.dng": raw_files.dng(picture, orientation=6, thumbnail=picture.resize((24, 16))),
        "b.dng": raw_files.dng(None, thumbnail=picture, start=b"MM\0*"),
        "c.cr2": raw_files.cr2(picture),
        "d.raf": raw_files.raf(raw_files.jpeg(picture)),
        "e.nef": raw_files.nef(picture),
    }.items():
        (folder / name).write_bytes(data)
    if SHARED.is_dir():
        return [SHARED / "formats", SHARED / "damaged", folder]
    for image_format in ("JPEG", "PNG", "GIF", "TIFF", "BMP", "WEBP", "AVIF"):
        picture.save(folder / f"a.{image_format.lower()}", image_format)
    return [folder]


class Children:
    """Remembers every decoder of a pool, and the most memory that one of them took."""

    def __init__(self, pool: DecoderPool) -> None:
        self._pool = pool
        self.pids: set[int] = set()
        self.peak_bytes = 0

    def look(self) -> None:
        for pid in self._pool.pids():
            self.pids.add(pid)
            try:
                status = Path(f"/proc/{pid}/status").read_text()
            except OSError:
                continue  # it has just ended
            for line in status.splitlines():
                if line.startswith("VmHWM"):
                    self.peak_bytes = max(self.peak_bytes, int(line.split()[1]) * 1024)


def check(result: DecodedImage | DecodeFailure) -> None:
    """It is a photo, whole, or a sentence."""
    if isinstance(result, DecodeFailure):
        assert result.reason.endswith("."), result
        assert "Traceback" not in result.reason
        assert "Error" not in result.reason
        assert len(result.reason) < 200
    else:
        assert result.network_input.shape == (SPEC.size_px, SPEC.size_px, 3)
        assert len(result.content_hash) == 16
        assert result.width * result.height > 0
        assert max(Image.open(io.BytesIO(result.thumbnail)).size) <= 512


# --- mutations --------------------------------------------------------------------------------


@needs_linux
@pytest.mark.timeout(0)
def test_mutated_files_are_each_answered(pool, sources, ledger):
    fuzzer = Fuzzer(sources)
    count, seed = size(1_000, 10_000), 0
    answers: queue.Queue[tuple[int, DecodedImage | DecodeFailure]] = queue.Queue()
    children = Children(pool)
    read, crashed, slow = 0, [], []

    def submit(number: int) -> None:
        source = BytesSource(fuzzer.mutation(seed + number), f"mutation {number}")
        pool.submit(source, SPEC, lambda result: answers.put((number, result)))

    started = 0
    for done in range(count):
        while started < min(count, done + 8):
            submit(started)
            started += 1
        number, result = answers.get(timeout=60)
        check(result)
        children.look()
        if isinstance(result, DecodedImage):
            read += 1
        elif "made the decoder stop" in result.reason:
            crashed.append(number)
        elif "longer than" in result.reason:
            slow.append(number)
    entry = ledger.entry("mutated image files")
    entry.faults += count
    entry.notes |= {
        "read all the same": f"{read:,}",
        "made a decoder stop": str(len(crashed)),
        "too slow": str(len(slow)),
        "most memory of a decoder": f"{children.peak_bytes / 2**20:.0f} MiB",
    }
    assert 0 < read < count  # the damage is neither harmless nor total
    assert children.peak_bytes < limits.MEMORY_LIMIT_BYTES
    # Crashes and hangs cost their own photo only; many would mean a limit that does not hold.
    assert len(crashed) + len(slow) <= count // 100, (crashed, slow)


def test_a_mutation_is_the_same_each_time(sources):
    fuzzer = Fuzzer(sources)
    assert len(fuzzer) > 5
    assert fuzzer.mutation(7) == Fuzzer(sources).mutation(7)
    assert len({fuzzer.mutation(number) for number in range(100)}) > 95


@settings(
    max_examples=200,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(start=st.sampled_from(STARTS), body=st.binary(max_size=2_000))
def test_anything_that_begins_like_an_image_is_answered(pool, start, body):
    answers: queue.Queue[DecodedImage | DecodeFailure] = queue.Queue()
    pool.submit(BytesSource(start + body, "anything"), SPEC, answers.put)
    check(answers.get(timeout=60))


# --- bombs ------------------------------------------------------------------------------------


@needs_linux
@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_costs_little(pool, name):
    data = BOMBS[name]()
    answers: queue.Queue[DecodedImage | DecodeFailure] = queue.Queue()
    children = Children(pool)
    started = time.monotonic()
    pool.submit(BytesSource(data, name), SPEC, answers.put)
    result = answers.get(timeout=60)
    check(result)
    children.look()
    assert len(data) < 3_000_000
    assert children.peak_bytes < 400 << 20
    if name == "scans.jpg":  # each of its scans is work, which only the time limit ends
        assert isinstance(result, DecodeFailure)
        assert "longer than" in result.reason
    else:
        assert time.monotonic() - started < 8.0
    if name.startswith("header") or name in ("scans.jpg", "nested.heic", "references.heic"):
        assert isinstance(result, DecodeFailure), result
    if name in ("endless.gif", "pages.tif", "exif.jpg", "rows.png"):
        assert isinstance(result, DecodedImage), result


@needs_linux
def test_a_file_of_a_gigabyte_of_nothing_stays_within_the_limit(pool, tmp_path):
    """A sparse file: next to nothing on the disk, and all of it to be read."""
    path = tmp_path / "sparse.jpg"
    Image.new("RGB", (64, 64)).save(path)
    with path.open("r+b") as file:
        file.truncate(limits.MAX_FILE_BYTES - 1)
    answers: queue.Queue[DecodedImage | DecodeFailure] = queue.Queue()
    children = Children(pool)
    pool.submit(PathSource(str(path)), SPEC, answers.put)
    check(answers.get(timeout=60))
    children.look()
    assert children.peak_bytes < limits.MEMORY_LIMIT_BYTES


# --- files that change while they are read ----------------------------------------------------


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be cut on Windows")
def test_files_that_grow_and_shrink_while_they_are_read(pool, tmp_path):
    path = tmp_path / "restless.png"
    whole = io.BytesIO()
    Image.effect_noise((1200, 900), 80).save(whole, "PNG")
    content = whole.getvalue()
    path.write_bytes(content)
    is_over = threading.Event()

    def rewrite() -> None:
        with path.open("r+b") as file:
            while not is_over.is_set():
                for length in (0, len(content) // 3, len(content), len(content) * 2):
                    file.truncate(length)
                    file.seek(0)
                    file.write(content[:length])
                    file.flush()

    writer = threading.Thread(target=rewrite)
    writer.start()
    answers: queue.Queue[DecodedImage | DecodeFailure] = queue.Queue()
    try:
        for _ in range(40):
            pool.submit(PathSource(str(path)), SPEC, answers.put)
        for _ in range(40):
            check(answers.get(timeout=60))
    finally:
        is_over.set()
        writer.join()
    path.write_bytes(content)
    pool.submit(PathSource(str(path)), SPEC, answers.put)
    assert isinstance(answers.get(timeout=60), DecodedImage)


# --- all of it in a library -------------------------------------------------------------------


@needs_linux
@pytest.mark.timeout(0)
def test_a_folder_full_of_them_is_indexed_to_its_end(tmp_path, sources, library_root, ledger):
    """Sound photos are found, the others have a reason, and nothing waits for ever."""
    folder = tmp_path / "photos"
    sound = draw_gallery(folder / "sound", 12)
    fuzzer, count = Fuzzer(sources), size(100, 1_000)
    damaged = folder / "damaged"
    damaged.mkdir()
    for number in range(count):
        (damaged / f"{number}.jpg").write_bytes(fuzzer.mutation(1_000_000 + number))
    for name, make in BOMBS.items():
        if name != "scans.jpg":  # has its own test, as it takes all of the 30 s that it may
            (damaged / name).write_bytes(make())
    strange = _make_strange_files(folder / "strange")
    with OpenLibrary(library_root, is_watching=False) as opened:
        opened.library.index([str(folder)])
        failures = {failure.path: failure.reason for failure in opened.failures()}
        for path in sound:
            assert opened.search(path).hits[0].path == str(path)
    files = count + len(BOMBS) - 1 + len(sound)
    states = dict(
        query(library_root / "catalogue.db", "SELECT state, count(*) FROM photos GROUP BY state")
    )
    assert states["failed"] == len(failures)
    assert states == {"indexed": files - len(failures), "failed": len(failures)}
    assert all(reason.endswith(".") for reason in failures.values())
    assert not set(failures) & {*map(str, sound), *map(str, strange)}
    assert_intact(library_root)
    entry = ledger.entry("hostile files in a library")
    entry.faults += files - len(sound)
    entry.at_risk += len(sound)


def _make_strange_files(folder: Path) -> list[Path]:
    """What is no file at all, with the names of photos."""
    folder.mkdir()
    os.mkfifo(folder / "pipe.jpg")
    with socket.socket(socket.AF_UNIX) as server:
        here = os.getcwd()
        os.chdir(folder)  # the name of a socket may be no longer than 107 bytes
        try:
            server.bind("socket.jpg")
        finally:
            os.chdir(here)
    (folder / "folder.jpg").mkdir()
    (folder / "itself.jpg").symlink_to("itself.jpg")
    (folder / "nowhere.jpg").symlink_to("missing.jpg")
    (folder / "endless.jpg").symlink_to("/dev/zero")
    (folder / "terminal.jpg").symlink_to("/dev/tty")
    with contextlib.suppress(PermissionError):  # only root may, and not in every container
        os.mknod(folder / "device.jpg", stat.S_IFCHR | 0o600, os.makedev(1, 5))
    return list(folder.iterdir())


@needs_linux
def test_a_query_with_a_device_or_a_bomb_gets_a_sentence(tmp_path, library_root):
    bomb = tmp_path / "header.png"
    bomb.write_bytes(BOMBS["header.png"]())
    command = [sys.executable, "-m", "gallery_search", "search"]
    options = ["--library", str(library_root), "--json"]
    answer = subprocess.run(
        [*command, *options, "/dev/zero", "/dev/null", str(bomb)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "Traceback" not in answer.stderr
    lines = answer.stdout.splitlines()
    assert len(lines) == 3
    assert all('"error"' in line for line in lines)
    assert "ordinary file" in lines[0]
    assert "ordinary file" in lines[1]
    assert "too large" in lines[2]
