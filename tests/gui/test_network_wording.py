# SPDX-License-Identifier: MIT
from typing import Any

import pytest
from msgspec import structs
from network_samples import CLIP, LITE, MB, VGG
from PySide6.QtCore import QLocale

from gallery_search.backbone_status import BackboneStatus
from gallery_search.gui import wording
from gallery_search.gui.networks import network_wording
from gallery_search.records import (
    Bottleneck,
    IndexProgress,
)

UK = QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom)
GERMAN = QLocale(QLocale.Language.German, QLocale.Country.Germany)
FRENCH = QLocale(QLocale.Language.French, QLocale.Country.France)


def changed(status: BackboneStatus, **changes: Any) -> BackboneStatus:
    return structs.replace(status, **changes)


@pytest.mark.parametrize(
    ("size_bytes", "locale", "words"),
    [
        (0, UK, "0 bytes"),
        (900 << 10, UK, "900 kB"),
        (int(5.24 * MB), UK, "5.2 MB"),
        (553_433_881, UK, "528 MB"),
        (1300 * MB, UK, "1.3 GB"),
        (12 << 30, UK, "12 GB"),
        (1300 * MB, GERMAN, "1,3 GB"),
    ],
)
def test_size(size_bytes: int, locale: QLocale, words: str) -> None:
    assert wording.size(size_bytes, locale) == words


def test_part_of_a_size_names_the_unit_once_where_it_is_the_same() -> None:
    assert wording.part_of_size(312 * MB, 528 * MB, UK) == "312 of 528 MB"
    assert wording.part_of_size(900 << 10, 528 * MB, UK) == "900 kB of 528 MB"
    grouped = wording.part_of_size(1023 << 10, 2 * MB, FRENCH)  # with a space among the digits
    assert grouped.endswith(" of 2,0 Mo")
    assert grouped.startswith("1")


@pytest.mark.parametrize(
    ("left", "answering", "sentence"),
    [
        (
            7_200.0,
            "efficientnet-lite0",
            "Preparing vgg16: 1,200 of 60,000 photos, about 2 hours left. "
            "efficientnet-lite0 answers until then.",
        ),
        (
            None,
            None,
            "Preparing vgg16: 1,200 of 60,000 photos. The network before it answers until then.",
        ),
    ],
)
def test_switching_names_both_networks(
    left: float | None, answering: str | None, sentence: str
) -> None:
    progress = IndexProgress("switching", 1_198, 2, 60_000, 8.2, left, "network", "vgg16")
    assert wording.progress_sentence(progress, UK, answering) == sentence


@pytest.mark.parametrize(
    ("bottleneck", "sentence"),
    [
        ("decoding", "Reading the photos sets the pace"),
        ("network", "The network sets the pace"),
        ("disk", "The disk sets the pace"),
        (None, ""),
    ],
)
def test_bottleneck(bottleneck: Bottleneck | None, sentence: str) -> None:
    progress = IndexProgress("indexing", 1, 0, 2, None, None, bottleneck)
    assert wording.bottleneck(progress) == sentence


def test_a_long_text_is_shortened_for_a_sentence() -> None:
    assert wording.shortened("snow", 10) == "snow"
    assert wording.shortened("snowy mountain", 10) == "snowy mou…"
    assert wording.shortened("snowy mountain", 7) == "snowy…"


def test_badges() -> None:
    incoming = changed(VGG, role="incoming", embedded=1_200)
    assert network_wording.badges(LITE, UK) == ("answers your searches",)
    assert network_wording.badges(VGG, UK) == ()
    assert network_wording.badges(CLIP, UK) == ("searches by words",)
    assert network_wording.badges(incoming, UK, 7_200) == (
        "taking over: 1,200 of 60,000 photos, about 2 hours left",
    )
    one = changed(incoming, embedded=0, total=1)
    assert network_wording.badges(one, UK) == ("taking over: 0 of 1 photo",)


@pytest.mark.parametrize(
    ("status", "facts"),
    [
        (
            LITE,
            "170 photos a second on the CPU · all 60,000 photos prepared · 310 MB on the disk · "
            "comes with the program · licence: Apache-2.0",
        ),
        (VGG, "speed not measured yet · licence: BSD-3-Clause"),
        (
            CLIP,
            "900 photos a second on the graphics card (CUDA) · 1,200 of 60,000 photos prepared · "
            "at least 1 minute to prepare 58,800 photos · 640 MB on the disk · licence: MIT",
        ),
        (
            changed(VGG, images_per_second=6.3, device="cpu", role="incoming"),
            "6.3 photos a second on the CPU · licence: BSD-3-Clause",
        ),
        (
            changed(VGG, images_per_second=0.2, device="tpu", total=0),
            "5 seconds a photo on tpu · licence: BSD-3-Clause",
        ),
        (changed(VGG, images_per_second=40, total=0), "40 photos a second · licence: BSD-3-Clause"),
    ],
)
def test_facts(status: BackboneStatus, facts: str) -> None:
    assert network_wording.facts(status, UK).replace("\N{NO-BREAK SPACE}", " ") == facts


def test_the_size_stands_on_the_button_before_anything_is_fetched() -> None:
    assert network_wording.download_label(VGG, UK) == ("Download 528 MB",) * 2
    broken_off = changed(VGG, received_bytes=312 * MB)
    assert network_wording.download_label(broken_off, UK) == (
        "Go on with the download (312 of 528 MB)",
        "Go on (312 of 528 MB)",
    )


@pytest.mark.parametrize(
    ("received", "rate", "left", "line"),
    [
        (0, None, None, "Starting…"),
        (312 * MB, None, None, "312 of 528 MB"),
        (312 * MB, 5.24 * MB, 41.0, "312 of 528 MB · 5.2 MB/s · about 40 seconds left"),
        (528 * MB, 5.24 * MB, 0.0, "Checking the weights…"),
    ],
)
def test_download_line(received: int, rate: float | None, left: float | None, line: str) -> None:
    status = changed(
        VGG,
        state="downloading",
        received_bytes=received,
        bytes_per_second=rate,
        seconds_left=left,
    )
    assert network_wording.download_line(status, UK) == line


@pytest.mark.parametrize(
    ("status", "can"),
    [
        (CLIP, True),
        (VGG, False),  # there is nothing
        (changed(VGG, received_bytes=3), True),
        (changed(VGG, received_bytes=3, state="downloading"), False),
        (changed(CLIP, state="unavailable"), True),
        (LITE, False),
        (changed(CLIP, role="incoming"), False),
    ],
)
def test_what_is_in_use_is_never_deleted(status: BackboneStatus, can: bool) -> None:
    assert network_wording.can_delete(status) is can


def test_deletion_says_what_goes_and_what_it_takes_to_have_it_again() -> None:
    assert network_wording.deletion(CLIP, UK) == (
        "640 MB on the disk will be freed, and what it learned about 1,200 photos is forgotten. "
        "To use it again, 340 MB have to be downloaded and all photos have to be prepared once "
        "more. Your photos stay untouched."
    )
    installed = changed(LITE, role="idle", data_bytes=0, embedded=1)
    assert network_wording.deletion(installed, UK) == (
        "What was kept for it goes, and what it learned about 1 photo is forgotten. "
        "To use it again, all photos have to be prepared once more. Your photos stay untouched."
    )
