# SPDX-License-Identifier: MIT
"""Pictures for the viewer through the real pool: what answers, and what is overtaken."""

import queue
import threading
from pathlib import Path

import pytest
from PIL import Image

from gallery_search.imaging.pool import DecoderPool
from gallery_search.pictures import (
    CLIPBOARD_PANE,
    COMPARED_PANES,
    VIEWER_PANE,
    PictureFailed,
    PictureLoaded,
    PictureRequest,
)
from gallery_search.pipeline.serving.pictures import Pictures
from gallery_search.records import PhotoRow

WAIT_S = 60


class Viewed:
    """Asks for pictures of files, and takes the answers; `hold` keeps the decoders' threads."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.offline: set[int] = set()
        self.hold = threading.Event()
        self.hold.set()
        self.holds: dict[int, threading.Event] = {}  # for single photos, in place of that
        self.answers: queue.Queue = queue.Queue()
        self.pool = DecoderPool(1)
        self.pictures = Pictures(self.pool, self._take, self.offline)

    def _take(self, event) -> None:
        self.answers.put(event)
        self.holds.get(event.photo_id, self.hold).wait(WAIT_S)

    def ask(
        self, number: int, *, is_ahead: bool = False, side_px: int = 50, pane: int = VIEWER_PANE
    ) -> None:
        row = PhotoRow(number, str(self.folder / f"{number}.png"), folder_id=number % 10)
        request = PictureRequest(100 + number, number, side_px, side_px, is_ahead, pane)
        self.pictures.request(request, row)

    def next(self):
        return self.answers.get(timeout=WAIT_S)


@pytest.fixture
def viewed(tmp_path):
    for number in range(8):
        Image.new("RGB", (80 + number, 40), (number, 0, 0)).save(tmp_path / f"{number}.png")
    viewed = Viewed(tmp_path)
    yield viewed
    for hold in (viewed.hold, *viewed.holds.values()):
        hold.set()
    viewed.pool.close()


def test_a_picture_is_decoded_in_a_child(viewed):
    viewed.ask(3)
    answer = viewed.next()
    assert isinstance(answer, PictureLoaded)
    assert (answer.request_id, answer.photo_id) == (103, 3)
    picture = answer.picture
    assert (picture.width_px, picture.height_px) == (50, 24)
    assert (picture.full_width, picture.full_height) == (83, 40)
    assert picture.pixels == bytes((0, 0, 3, 255)) * (50 * 24)
    assert picture.details.image_format == "PNG"
    assert picture.details.size_bytes == (viewed.folder / "3.png").stat().st_size


def test_what_fails_is_a_sentence(viewed):
    (viewed.folder / "1.png").write_bytes((viewed.folder / "1.png").read_bytes()[:60])
    viewed.ask(1)
    damaged = viewed.next()
    assert isinstance(damaged, PictureFailed)
    assert (damaged.request_id, damaged.photo_id) == (101, 1)
    assert "damaged" in damaged.reason
    viewed.ask(77)
    assert viewed.next() == PictureFailed(177, 77, "The file does not exist.")


def test_a_photo_on_a_drive_that_is_away_is_not_touched(viewed):
    viewed.offline.add(4)
    viewed.ask(4)
    assert viewed.next() == PictureFailed(104, 4, "The drive of this photo is offline.")
    assert viewed.pool.pids() == []


def test_photos_that_were_leafed_past_are_not_decoded(viewed):
    viewed.hold.clear()  # both decoders are kept busy by the first two photos
    viewed.ask(0)
    viewed.ask(1)
    for number in range(2, 7):
        viewed.ask(number)
    viewed.hold.set()
    assert {viewed.next().photo_id for _ in range(3)} == {0, 1, 6}
    viewed.ask(7)
    assert viewed.next().photo_id == 7


def test_what_is_made_ahead_waits_for_what_is_shown(viewed):
    viewed.ask(0)
    viewed.ask(1, is_ahead=True)
    assert [viewed.next().photo_id for _ in range(2)] == [0, 1]


def test_a_photo_that_is_shown_takes_the_place_of_what_was_to_be_made_ahead(viewed):
    viewed.ask(0)
    viewed.ask(1, is_ahead=True)
    viewed.ask(2)
    assert {viewed.next().photo_id for _ in range(2)} == {0, 2}
    viewed.ask(3)
    assert viewed.next().photo_id == 3  # and photo 1 has not come before


def test_all_photos_that_are_compared_come(viewed):
    viewed.hold.clear()  # both decoders are kept busy by the first two photos
    for number, pane in enumerate(COMPARED_PANES):
        viewed.ask(number, pane=pane)
    viewed.ask(7, pane=COMPARED_PANES[3])  # in the place of the fourth
    viewed.hold.set()
    assert {viewed.next().photo_id for _ in range(4)} == {0, 1, 2, 7}


def test_the_viewer_comes_first_and_the_clipboard_last(viewed):
    viewed.holds[0] = threading.Event()  # one decoder is kept busy, so that the other does all
    viewed.hold.clear()
    viewed.ask(0)
    viewed.ask(1)
    assert {viewed.next().photo_id for _ in range(2)} == {0, 1}
    viewed.ask(2, pane=CLIPBOARD_PANE)
    viewed.ask(3, pane=COMPARED_PANES[1])
    viewed.ask(4, pane=COMPARED_PANES[0])
    viewed.ask(5)
    viewed.hold.set()
    assert [viewed.next().photo_id for _ in range(4)] == [5, 4, 3, 2]


def test_no_more_than_two_are_decoded_at_a_time(viewed):
    viewed.hold.clear()
    for number, pane in enumerate(COMPARED_PANES):
        viewed.ask(number, pane=pane)
    assert {viewed.next().photo_id for _ in range(2)} == {0, 1}
    assert viewed.pool.backlog == 0  # the others wait where a query does not meet them
    assert viewed.answers.empty()


def test_after_the_end_there_is_a_sentence(viewed):
    viewed.pool.close()
    viewed.ask(0)
    assert viewed.next() == PictureFailed(100, 0, "The program is closing.")
