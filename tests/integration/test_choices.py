# SPDX-License-Identifier: MIT
"""What the user chooses for a library at work: told at once, kept, given up where it fails."""

import os

import pytest
from drawn_photos import draw_gallery
from open_library import wait_until

from gallery_search import settings
from gallery_search.choices import DevicesChanged, ExclusionsChanged
from gallery_search.embedding.devices import available
from gallery_search.pipeline import commands
from gallery_search.processes import Child
from gallery_search.records import Notice

pytestmark = pytest.mark.network_model


def kept(library):
    return settings.load(library.library.paths.settings)


def wait_for_device(library, wanted, running):
    library.events.wait_for(
        lambda events: any(
            isinstance(e, DevicesChanged) and (e.wanted, e.running) == (wanted, running)
            for e in events
        )
    )


def test_what_is_left_out_is_told_at_the_start_and_after_each_change(open_library, tmp_path):
    photos = tmp_path / "photos"
    draw_gallery(photos, 2)
    draw_gallery(photos / "private", 2, first_seed=10)
    library = open_library()
    assert library.events.newest(ExclusionsChanged) == ExclusionsChanged()
    library.add(photos)
    library.wait_idle(4)
    choices, folder = library.library.choices, str(photos / "private")
    told = library.events.after(
        ExclusionsChanged, lambda: choices.change_exclusions([folder, " *.tmp.jpg "], [])
    )
    assert told == ExclusionsChanged((folder,), ("*.tmp.jpg",))
    library.wait_idle(2)
    assert len(os.listdir(folder)) == 2  # the files are as they were
    # By a command, which the window is told as well.
    told = library.events.after(
        ExclusionsChanged,
        lambda: list(commands.index(library.library, [str(photos)], [], ["*.tmp.jpg"])),
    )
    assert told == ExclusionsChanged((folder,), ())
    library.library.close()
    again = open_library()
    assert again.events.newest(ExclusionsChanged) == told
    again.events.after(
        ExclusionsChanged, lambda: again.library.choices.change_exclusions([], [folder])
    )
    again.wait_idle(4)


def test_what_cannot_be_left_out_is_a_sentence(open_library):
    library = open_library()
    choices = library.library.choices
    for add, remove, part in (
        (["some/where"], [], "“some/where” is no pattern"),
        ([" "], [], "is no pattern"),
        ([], ["*.never"], "*.never is not left out"),
    ):
        notice = library.events.after(
            Notice, lambda add=add, remove=remove: choices.change_exclusions(add, remove)
        )
        assert part in notice.text
    assert kept(library).excluded_patterns == ()


def test_changes_at_the_same_time_all_count(open_library):
    library = open_library()
    names = [f"name {number}" for number in range(8)]
    for name in names:
        library.library.choices.change_exclusions([name], [])
    wait_until(lambda: sorted(kept(library).excluded_patterns) == names)


def test_the_devices_are_those_of_this_computer(open_library):
    library = open_library()
    told = library.events.after(DevicesChanged, library.library.choices.request_devices)
    assert told.wanted == "cpu"  # as this library was opened
    assert told.available == tuple(available(library.library.paths.models, Child))
    assert told.available[0] == "cpu"


def test_another_device_holds_at_once_and_searches_go_on(open_library, indexed):
    library = open_library()
    assert library.search(indexed.photos[3]).hits[0].path == str(indexed.photos[3])
    # The CPU is where it is already; "auto" is opened anew, and comes to the same here.
    library.library.choices.use_device("auto")
    assert library.search(indexed.photos[4]).hits[0].path == str(indexed.photos[4])
    wait_for_device(library, "auto", "cpu")
    assert kept(library).device == "auto"
    moved = library.events.after(DevicesChanged, lambda: library.library.choices.use_device("cpu"))
    assert (moved.wanted, moved.running) == ("cpu", "cpu")
    assert library.search(indexed.photos[5]).hits[0].path == str(indexed.photos[5])
    assert kept(library).device == "cpu"
    assert library.notices == []


def test_a_device_that_is_not_here_is_given_up_with_a_sentence(open_library, indexed):
    library = open_library()
    assert library.search(indexed.photos[3]).hits
    missing = next(d for d in ("mps", "xpu", "cuda") if d not in available(indexed.root, Child))
    notice = library.events.after(Notice, lambda: library.library.choices.use_device(missing))
    assert notice.text.endswith(".")
    library.events.wait_for(
        lambda events: [e.wanted for e in events if isinstance(e, DevicesChanged)][-1:] == ["cpu"]
    )
    assert library.search(indexed.photos[6]).hits[0].path == str(indexed.photos[6])
    assert kept(library).device == "auto"  # what was kept before; the CPU is of this start alone


def test_the_last_of_several_devices_counts(open_library, indexed):
    library = open_library()
    assert library.search(indexed.photos[3]).hits
    for device in ("auto", "mps", "auto", "cpu"):
        library.library.choices.use_device(device)
    wait_until(lambda: kept(library).device == "cpu")
    wait_for_device(library, "cpu", "cpu")
    assert library.search(indexed.photos[7]).hits[0].path == str(indexed.photos[7])
