# SPDX-License-Identifier: MIT
"""In which order photos go to the decoders, and which of them may be decoded by their preview."""

from types import SimpleNamespace

import numpy as np
import pytest

from gallery_search.catalogue.photos import Catalogue, FileFacts
from gallery_search.pipeline.intake.indexing import Indexer
from gallery_search.pipeline.pace.throttle import Throttle
from gallery_search.pipeline.tally import Tally
from gallery_search.records import DecodedImage, DecodeFailure, InputSpec

SPEC = InputSpec("squash", 8, 8, "bicubic")
DAMAGED = DecodeFailure("The image is damaged.", is_transient=False)
NO_MEMORY = DecodeFailure("There was not enough memory to decode the image.", is_transient=True)


def decoded(content: str, taken_at: int = 0, *, is_preview: bool = False) -> DecodedImage:
    pixels = np.zeros((8, 8, 3), np.uint8)
    content_hash = content.encode().ljust(16)
    return DecodedImage(
        pixels,
        b"",
        1,
        1,
        content_hash,
        "HEIF",
        taken_at,
        1,
        taken_at * 10**9,
        is_preview=is_preview,
    )


class Pool:
    """Decoders that answer when the test says so."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, bool]] = []  # names, and whether a preview was accepted
        self._waiting: list = []

    def submit(self, source, _spec, on_done, *, urgency="ordinary", accepts_preview=False) -> None:
        assert urgency == "ordinary"
        self.asked.append((source.path.rpartition("/")[2], accepts_preview))
        self._waiting.append(on_done)

    def answer(self, result) -> None:
        self._waiting.pop(0)(result)


class Feeding:
    """An indexer with one decoder, of which only the feeding and the failures are of interest."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.pool = Pool()
        self.tally = Tally()
        space = SimpleNamespace(store=SimpleNamespace(by_content=lambda *_, **__: None))
        shelf = SimpleNamespace(catalogue=catalogue, space=space, take_out=lambda _: None)
        network = SimpleNamespace(
            backbone=SimpleNamespace(network_input=SPEC),
            batch_size=1,
            embed=lambda pictures: np.ones((len(pictures), 2), np.float32),
        )
        self.indexer = Indexer(
            shelf, network, self.pool, Throttle(1), lambda task: task(), lambda _: True,
            lambda _: None, self.tally,
        )  # fmt: skip
        self.folder_id = catalogue.add_folder("/photos").folder_id

    def add(self, name: str, taken_at: int = 0) -> int:
        return self.catalogue.add_photo(
            self.folder_id, "", FileFacts(name, 1, taken_at * 10**9, None)
        )

    def add_preview(self, name: str, taken_at: int) -> int:
        photo_id = self.add(name, taken_at)
        self.catalogue.set_indexed(photo_id, decoded(name, taken_at, is_preview=True))
        return photo_id

    def asked(self, *, may_refine: bool = True) -> list[tuple[str, bool]]:
        """What the decoders are newly given."""
        before = len(self.pool.asked)
        self.indexer.feed(set(), may_refine=may_refine)
        return self.pool.asked[before:]


@pytest.fixture
def feeding(tmp_path):
    catalogue = Catalogue.open(tmp_path / "catalogue.db")
    yield Feeding(catalogue)
    catalogue.close()


def test_photo_that_waits_and_is_preferred_is_read_once(feeding):
    ids = [feeding.add(f"{number}.jpg") for number in range(10)]
    feeding.asked()  # by now, all ten are known to wait
    feeding.indexer.prefer(ids)
    for _ in ids:
        feeding.pool.answer(DAMAGED)
        feeding.asked()
    assert sorted(name for name, _ in feeding.pool.asked) == [f"{n}.jpg" for n in range(10)]
    assert feeding.indexer.is_idle


def test_new_photos_first_then_whole_ones_for_previews(feeding):
    for number in range(4):
        feeding.add_preview(f"known-{number}.heic", 100 + number)
    feeding.add("new.heic")
    assert feeding.asked() == [("new.heic", True), ("known-3.heic", False)]
    feeding.pool.answer(DAMAGED)
    assert feeding.asked() == [("known-2.heic", False)]
    # A photo that comes now finds room beside the whole ones.
    feeding.indexer.prefer([feeding.add("newer.heic")])
    assert feeding.asked() == [("newer.heic", True)]


def test_no_whole_photos_before_they_may(feeding):
    feeding.add_preview("known.heic", 1)
    assert feeding.asked(may_refine=False) == []
    assert feeding.asked() == [("known.heic", False)]
    assert feeding.asked() == []


@pytest.mark.parametrize("failure", [DAMAGED, NO_MEMORY])
def test_whole_photo_that_fails_is_kept_and_not_read_again(feeding, failure):
    photo_id = feeding.add_preview("known.heic", 1)
    feeding.asked()
    feeding.pool.answer(failure)
    assert feeding.catalogue.photo(photo_id).state == "indexed"
    assert feeding.asked() == []
    assert feeding.indexer.is_idle
    feeding.catalogue.retry_failed(only_transient=True)
    again = [("known.heic", False)] if failure.is_transient else []
    assert feeding.asked() == again


def test_preferring_a_photo_that_is_known_by_its_preview_changes_nothing(feeding):
    photo_id = feeding.add_preview("known.heic", 1)
    feeding.indexer.prefer([photo_id])
    assert feeding.asked(may_refine=False) == []


def test_answer_for_a_photo_that_changed_meanwhile_is_heeded_for_the_new_state(feeding):
    """It waits anew, and may be decoded by its preview again."""
    photo_id = feeding.add_preview("known.heic", 1)
    feeding.asked()
    feeding.catalogue.set_gone([photo_id])
    feeding.pool.answer(DAMAGED)
    assert feeding.catalogue.photo(photo_id).state == "gone"
    feeding.catalogue.set_back(photo_id, has_embedding=False)
    assert feeding.asked() == [("known.heic", True)]


def test_photo_that_is_moved_before_it_is_written_down_is_embedded_once(feeding):
    """A scan misses it at its old place before it comes by the new one."""
    photo_id = feeding.add("new.heic")
    feeding.asked()
    feeding.pool.answer(decoded("new.heic"))
    feeding.indexer.embed()
    feeding.catalogue.set_gone([photo_id])
    feeding.indexer.flush(is_forced=True)
    assert feeding.indexer.is_idle
    feeding.catalogue.set_back(photo_id, has_embedding=False)
    assert feeding.asked() == [("new.heic", True)]
    feeding.pool.answer(decoded("new.heic"))
    assert not feeding.indexer.has_decoded  # its embedding is still known
    assert feeding.tally.embedded == 1
