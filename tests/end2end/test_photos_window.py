# SPDX-License-Identifier: MIT
"""What is done with photos in the real window, by a real mouse: dragged out, trashed, cut."""

import re
import sys
from pathlib import Path

import pytest
from desktop import Desktop
from gallery_window import GalleryWindow

HERE = Path(__file__).parent

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="virtual desktops are X servers"),
    pytest.mark.timeout(240),
    pytest.mark.network_model,
]


@pytest.fixture
def window(desktop: Desktop, library: Path, photos: Path) -> GalleryWindow:
    window = GalleryWindow(desktop, library)
    window.drop(photos)
    window.wait_searchable(24)
    return window


def click_with(desktop: Desktop, key: str, window: GalleryWindow, photo: str) -> None:
    tile = window.tile(photo)
    assert tile is not None
    desktop.move(tile.center)
    desktop.xdotool("keydown", key, "click", 1, "keyup", key)


def test_several_photos_are_dragged_out_trashed_and_brought_back(
    desktop: Desktop, window: GalleryWindow, photos: Path
) -> None:
    first, second, third = window.tiles()[:3]
    contents = {name: (photos / name).read_bytes() for name in (first, second, third)}
    tile = window.tile(first)
    assert tile is not None
    desktop.click(tile.center)
    click_with(desktop, "ctrl", window, second)
    click_with(desktop, "shift", window, third)
    desktop.screenshot("1 selected.png")

    target = desktop.start(
        [sys.executable, str(HERE / "sample_window.py"), "10"], name="another_program"
    )
    find = desktop.accessibility.find
    desktop.wait_for(lambda: find(target.pid, "table", "^Photos$"), "another program")
    (gallery,), (sample,) = desktop.windows("Gallery Search$"), desktop.windows("^Sample window$")
    # Side by side, as a press brings a window to the front.
    desktop.xdotool("windowsize", "--sync", gallery, 700, 600, "windowmove", gallery, 0, 20)
    desktop.xdotool("windowmove", "--sync", sample, 710, 150)
    table = desktop.wait_for(
        lambda: (found := find(target.pid, "table", "^Photos$")) and found.x > 705 and found,
        "the other program beside the window",
    )
    tile = window.tile(second)
    assert tile is not None
    desktop.drag(
        tile.center,
        table.center,
        hold_s=0,
        before_release=lambda: desktop.wait_for(
            lambda: find(target.pid, "label", "^Drop it here$"), "answer to the drag"
        ),
    )
    dropped = f"^Dropped {re.escape(str(photos / first))}"  # it tells the first of all
    desktop.wait_for(lambda: find(target.pid, "label", dropped), "the photo in the other program")
    assert {name: (photos / name).read_bytes() for name in contents} == contents
    target.stop()

    window.press("Delete")
    window.wait("label", r"^Move \d photos to the trash\?$")
    desktop.screenshot("2 question.png")
    desktop.key("Return")
    window.wait("push button", "^Undo$")
    desktop.wait_for(lambda: window.tile(second) is None, "end of the photo")
    assert not (photos / second).exists()
    desktop.screenshot("3 trashed.png")
    window.click("push button", "^Undo$")
    desktop.wait_for(lambda: window.tile(second), "the photo again")
    window.wait_searchable(24)
    assert {name: (photos / name).read_bytes() for name in contents} == contents
    desktop.screenshot("4 brought back.png")


def test_a_part_of_the_query_is_marked_by_mouse(
    desktop: Desktop, window: GalleryWindow, photos: Path
) -> None:
    photo = window.tiles()[5]
    tile = window.tile(photo)
    assert tile is not None
    desktop.click(tile.center)
    window.press("s")
    window.results(photo)
    window.click("push button", "^Search a part")
    canvas = window.wait("filler", "^Image with the part to search for$")
    x, y = canvas.center
    desktop.drag((x - 60, y - 50), (x + 50, y + 60))
    desktop.screenshot("1 part.png")
    desktop.key("Return")
    window.results(f"Part of {photo}")
    desktop.screenshot("2 results.png")


def test_everything_that_is_kept_is_shown_and_removed(
    desktop: Desktop, window: GalleryWindow, library: Path, photos: Path
) -> None:
    before = {path: path.read_bytes() for path in photos.iterdir()}
    window.to_front()
    window.click("menu item", "^Help$")
    window.click("menu item", "^Privacy")
    window.wait("label", "^catalogue.db$")
    desktop.wait_for(lambda: window.find("label", "^…$") is None, "sizes")
    desktop.screenshot("1 privacy.png")
    window.click("push button", "^Remove everything…$")
    window.wait("label", "^Remove all that Gallery Search keeps")
    desktop.screenshot("2 question.png")
    window.click("push button", "^Remove everything$")
    assert window.program.wait(30) == 0
    assert not library.exists()
    assert {path: path.read_bytes() for path in photos.iterdir()} == before


def test_the_slider_says_how_similar_photos_are_to_be(
    desktop: Desktop, window: GalleryWindow
) -> None:
    photo = window.tiles()[0]
    tile = window.tile(photo)
    assert tile is not None
    desktop.click(tile.center)
    window.press("s")
    window.results(photo)
    window.press("ctrl+shift+f")
    window.wait("label", "^24 of 24 shown")  # so few photos have no scale, and nothing is hidden
    slider = window.wait("slider", "similar")
    y = slider.center[1]
    desktop.drag((slider.x + 6, y), (slider.x + slider.width - 2, y))
    window.wait("label", "^1 of 24 shown")
    desktop.wait_for(lambda: len(window.tiles()) == 1, "one photo left")
    desktop.screenshot("1 one.png")
    desktop.drag((slider.x + slider.width - 6, y), (slider.x + 1, y))
    window.wait("label", "^24 of 24 shown")
