# SPDX-License-Identifier: MIT
"""The real program on a real desktop: what a person does with it, and what they get."""

import os
import re
import shutil
import sys
import time
from pathlib import Path

import pytest
from desktop import Desktop
from gallery_window import (
    COMMAND,
    INDEX_LIMIT_S,
    START_LIMIT_S,
    GalleryWindow,
    edited_copy,
    make_dark,
)
from make_pictures import MAX_BYTES, save_small, take_pictures
from PIL import Image
from requirements import require_desktop

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="virtual desktops are X servers"),
    pytest.mark.timeout(240),
    pytest.mark.network_model,
]

DOCS = Path(__file__).parents[2] / "docs"
SHARED_PHOTOS = Path(__file__).parents[3] / "shared" / "photos"
SEEN_LIMIT_S = 8.0  # 3 s on an idle machine


@pytest.fixture
def window(desktop: Desktop, library: Path, photos: Path) -> GalleryWindow:
    """A window on 24 indexed photos in the folder "Holidays"."""
    window = GalleryWindow(desktop, library)
    window.drop(photos)
    window.wait_searchable(24)
    return window


def test_from_nothing_to_the_photos_that_look_like_it(
    desktop: Desktop, drawn: Path, tmp_path: Path
) -> None:
    folder = SHARED_PHOTOS if SHARED_PHOTOS.is_dir() else drawn
    originals = sorted(path for path in folder.iterdir() if path.is_file())
    original = originals[len(originals) // 3]
    query = edited_copy(original, tmp_path / "from a friend.jpg")
    before = query.read_bytes(), query.stat().st_mtime_ns

    window = GalleryWindow(desktop, tmp_path / "library")
    assert window.wait("label", "^Add the folder with your photos")
    buttons = desktop.accessibility.find_all(window.pid, "push button")
    assert [button.name for button in buttons] == ["Add a photo folder…"]
    desktop.screenshot("1 first start.png")

    window.click("push button", "^Add a photo folder")
    window.wait("dialog", "^Add a photo folder")
    field = window.wait("text", "^Directory:$")
    desktop.click(field.center)
    desktop.type(str(folder))
    desktop.key("Return")
    window.wait("progress bar", "^Indexing progress$")
    window.wait("list item", f"^{folder.name}, ")
    desktop.screenshot("2 preparing.png")
    window.wait("label", r"^Indexing: \d+ of ", timeout_s=INDEX_LIMIT_S)
    desktop.screenshot("3 indexing.png")
    window.wait_searchable(len(originals))
    desktop.screenshot("4 indexed.png")

    library_tiles = window.tiles()
    window.drop(query)
    assert window.results("from a friend.jpg")[0][0] == original.name
    if folder == SHARED_PHOTOS:  # enough photos to tell which ones are not alike at all
        window.click("push button", r"^Show \d+ more$")
        window.wait_gone("push button", r"^Show \d+ more$")
    results = window.results("from a friend.jpg")
    similarities = [similarity for _, similarity in results]
    assert len(results) >= 10
    assert similarities == sorted(similarities, reverse=True)
    assert window.wait("label", f"^Searched all {len(originals)} photos$")
    assert window.wait("image", "^Image searched for$")
    assert (query.read_bytes(), query.stat().st_mtime_ns) == before
    desktop.move((desktop.size[0] - 5, desktop.size[1] - 5))
    desktop.screenshot("5 results.png")

    window.click("push button", "^Back to library$")
    window.wait_gone("label", "^Searched all")
    desktop.wait_for(lambda: window.tiles() == library_tiles, "library as it was")
    assert sorted(path for path in folder.iterdir() if path.is_file()) == originals


def test_all_ways_to_ask(
    desktop: Desktop, window: GalleryWindow, photos: Path, tmp_path: Path
) -> None:
    query = edited_copy(photos / "flower 2.jpg", tmp_path / "query.jpg")
    for option in ("--as-image", "--as-octet-stream"):
        window.drop(query, option)
        assert window.results("Dropped image")[0][0] == "flower 2.jpg"
        window.press("Escape")
        window.wait_gone("label", "^Searched all")

    copied = window.copied("--text", str(query))
    window.press("ctrl+v")
    assert window.results("query.jpg")[0][0] == "flower 2.jpg"
    copied.stop()

    copied = window.copied("--image", str(photos / "sea 1.jpg"))
    window.press("ctrl+v")
    assert window.results("Pasted image")[0] == ("sea 1.jpg", 100)
    copied.stop()

    tile = window.tile("sea 2.jpg")
    assert tile is not None, "the other seas are in view"
    desktop.click(tile.center, 3)
    time.sleep(0.5)  # Qt shows no pop-up menu in the tree, so it cannot be waited for
    desktop.screenshot("menu.png")
    desktop.key("Down", "Return")
    results = window.results("sea 2.jpg")
    assert results[0] == ("sea 2.jpg", 100)
    assert {name for name, _ in results[1:3]} == {"sea 1.jpg", "sea 3.jpg"}

    text = tmp_path / "letter.jpg"
    text.write_text("Dear friend, this is no image.", "utf-8")
    window.drop(text)
    window.wait("label", "letter.jpg.*(image|read)")
    desktop.screenshot("no image.png")
    assert window.results("sea 2.jpg")[0] == ("sea 2.jpg", 100)

    more = tmp_path / "Garden"
    more.mkdir()
    shutil.copy(photos / "flower 1.jpg", more / "rose.jpg")
    window.drop(more)
    window.wait("label", "^Watch the folder “Garden”")
    desktop.screenshot("folder offered.png")
    window.click("push button", "^Add$")
    window.wait("list item", "^Garden, 1 photo · watching$")
    window.press("Escape")
    window.wait_searchable(25)
    desktop.wait_for(lambda: window.tile("rose.jpg"), "the new photo in view")


def test_folder_is_watched(
    desktop: Desktop, window: GalleryWindow, photos: Path, drawn: Path, tmp_path: Path
) -> None:
    new = photos / "new.jpg"
    shutil.copyfile(edited_copy(drawn / "fruit 1.jpg", tmp_path / "edited.jpg"), new)
    started = time.monotonic()
    desktop.wait_for(lambda: window.tile("new.jpg"), "new photo", timeout_s=SEEN_LIMIT_S)
    shown_s = time.monotonic() - started
    window.wait_searchable(25)
    assert window.tiles()[0] == "new.jpg"
    copied = window.copied("--text", str(tmp_path / "edited.jpg"))
    window.press("ctrl+v")
    assert window.results("edited.jpg")[0] == ("new.jpg", 100)
    copied.stop()

    new.unlink()
    started = time.monotonic()
    desktop.wait_for(lambda: window.tile("new.jpg") is None, "end of it", timeout_s=SEEN_LIMIT_S)
    gone_s = time.monotonic() - started
    window.press("Escape")
    window.wait_searchable(24)
    assert window.tile("new.jpg") is None
    (desktop.artifacts / "times.txt").write_text(
        f"shown after {shown_s:.1f} s, gone after {gone_s:.1f} s\n", "utf-8"
    )


def test_second_start_brings_the_window_to_the_front_and_closing_ends_all(
    desktop: Desktop, window: GalleryWindow
) -> None:
    (own_window,) = desktop.windows("Gallery Search$")
    desktop.xdotool("windowminimize", "--sync", own_window)
    assert desktop.windows("Gallery Search$") == []

    second = desktop.start([*COMMAND, str(window.library)], name="second_start")
    assert second.wait(START_LIMIT_S) == 0, second.output()
    assert second.output() == ""
    desktop.wait_for(lambda: desktop.windows("Gallery Search$") == [own_window], "window")
    desktop.wait_for(
        lambda: desktop.xdotool("getactivewindow").strip() == str(own_window), "active window"
    )

    services = set(desktop.running()) - _processes_of(desktop)
    assert services
    window.close()
    assert window.program.wait(10) == 0, window.program.output()
    desktop.wait_for(lambda: not _processes_of(desktop), "end of all processes", timeout_s=5)


def test_killed_at_work_it_goes_on_where_it_stopped(
    desktop: Desktop, library: Path, many: Path
) -> None:
    total = len(list(many.iterdir()))
    window = GalleryWindow(desktop, library)
    window.drop(many)
    window.wait("label", rf"^Indexing: [1-9]\d* of {total} photos", timeout_s=INDEX_LIMIT_S)
    window.program.kill()
    desktop.wait_for(lambda: not _processes_of(desktop), "end of its children", timeout_s=10)

    again = GalleryWindow(desktop, library, name="again")
    again.wait("list item", f"^{many.name}, ")
    again.wait_searchable(total)
    assert len(again.tiles()) >= 10


def test_pause_and_resume_and_what_failed(
    desktop: Desktop, library: Path, many: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(many, tmp_path / "Pictures"))
    (folder / "broken.jpg").write_bytes(next(many.iterdir()).read_bytes()[:900])
    (folder / "empty.png").touch()
    total = len(list(folder.iterdir()))
    for name in ("broken.jpg", "empty.png"):
        os.utime(folder / name)  # the newest, so read first

    window = GalleryWindow(desktop, library)
    window.drop(folder)
    window.wait("label", r"^Indexing: [1-9]", timeout_s=INDEX_LIMIT_S)
    window.click("push button", "^Pause$")
    paused = window.wait("label", r"^Paused · \d+ photos waiting$")
    resume = window.wait("push button", "^Resume$")
    desktop.screenshot("paused.png")
    time.sleep(1)  # a second in which nothing may happen
    still = desktop.accessibility.read(paused)
    assert still is not None
    assert still.name == window.wait("label", "^Paused").name

    desktop.click(resume.center)
    window.wait("label", f"^{total - 2} of {total} photos searchable$", timeout_s=INDEX_LIMIT_S)
    window.click("push button", "^2 problems$")
    window.wait("dialog", "^Files that could not be read")
    cells = desktop.wait_for(lambda: _failure_cells(desktop, window), "list of failures")
    assert set(cells) == {"broken.jpg", "empty.png"}
    for folder_name, reason in cells.values():
        assert folder_name == str(folder)
        assert re.match(r"[A-Z].{10,}\.$", reason), reason
    desktop.screenshot("failures.png")


@pytest.mark.parametrize("look", ["small", "dark", "dense"])
def test_window_fits_every_screen(
    look: str, artifacts: Path, library: Path, photos: Path, tmp_path: Path
) -> None:
    require_desktop()
    query = edited_copy(
        photos / "mountains 2.jpg", tmp_path / ("a long name of a photo " * 5 + ".jpg")
    )
    is_dense = look == "dense"
    size = (2000, 1400) if is_dense else (1280, 900)
    with Desktop(artifacts, size=size, scale=2 if is_dense else None) as desktop:
        if look == "dark":
            make_dark(desktop)
        window = GalleryWindow(desktop, library)
        (number,) = desktop.windows("Gallery Search$")
        if look != "dark":
            width, height = (1800, 1200) if is_dense else (700, 500)
            desktop.xdotool("windowsize", "--sync", number, width, height)
        window.drop(photos)
        window.wait_searchable(24)
        desktop.screenshot("library.png")
        window.drop(query)
        window.wait("label", "^Searched all 24 photos$")
        assert window.tiles()[0].startswith("mountains 2.jpg, ")
        desktop.screenshot("results.png")

        frame = window.wait("frame", "Gallery Search$")
        for role in ("push button", "label", "progress bar"):
            for part in desktop.accessibility.find_all(window.pid, role):
                assert frame.x <= part.x, part
                assert part.x + part.width <= frame.x + frame.width, part
                assert part.y + part.height <= frame.y + frame.height, part
        corner = desktop.image().getpixel((frame.x + 20, frame.y + frame.height // 2))
        assert isinstance(corner, tuple)
        assert (max(corner) < 90) == (look == "dark")


def test_pictures_of_the_guide(desktop: Desktop, library: Path, photos: Path) -> None:
    guide = (DOCS / "guide.md").read_text("utf-8")
    pictures = take_pictures(desktop, library, photos)
    assert set(re.findall(r"\(images/([^)]+)\)", guide)) == set(pictures)
    for name, picture in pictures.items():
        path = desktop.artifacts / name
        save_small(picture, path)
        assert path.stat().st_size < MAX_BYTES
        with Image.open(path) as kept:
            assert kept.size == picture.size


def _failure_cells(desktop: Desktop, window: GalleryWindow) -> dict[str, tuple[str, str]]:
    """Folder and reason of each file in the list, by the file's name."""
    lines: dict[int, list[str]] = {}
    for cell in desktop.accessibility.find_all(window.pid, "table cell"):
        lines.setdefault(cell.y, []).append(cell.name)
    return {
        line[0]: (line[1], line[2])
        for line in lines.values()
        if len(line) == 3 and line[0] in ("broken.jpg", "empty.png")
    }


def _processes_of(desktop: Desktop) -> set[int]:
    """The program's own processes on this desktop, helpers included."""
    return {pid for pid, words in desktop.running().items() if "gallery_search" in words}
