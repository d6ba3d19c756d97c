# SPDX-License-Identifier: MIT
"""Indexing out of the way of whoever uses the computer: battery, presence and share."""

import json
import os
import shutil
import threading
import time

import psutil
from drawn_photos import draw, write, write_backlog
from open_library import OpenLibrary, wait_until

from gallery_search.manners import Manners, MannersChanged, Pace
from gallery_search.pipeline import commands
from gallery_search.pipeline.pace.politeness import Senses
from gallery_search.pipeline.pace.power import Battery
from gallery_search.records import IndexProgress

_MEASURED_S = 5
PLUGGED = Battery(18, is_plugged=True)


class Surroundings:
    """Battery and presence as a test sets them."""

    def __init__(self, battery: Battery | None = None, idle_s: float | None = None) -> None:
        self.battery = battery
        self.idle_s = idle_s
        self.looks = 0

    @property
    def senses(self) -> Senses:
        return Senses(self._look, lambda: self.idle_s, interval_s=0.2)

    def _look(self) -> Battery | None:
        self.looks += 1
        return self.battery


def on_battery(percent: int) -> Battery:
    return Battery(percent, is_plugged=False)


def is_waiting(reason: str, charge_percent: int | None = None):
    def check(progress: IndexProgress) -> bool:
        pace = progress.pace
        return (progress.activity, pace.is_waiting, pace.reason, pace.charge_percent) == (
            "waiting", True, reason, charge_percent,
        )  # fmt: skip

    return check


def test_a_low_battery_stops_indexing_until_it_is_plugged_in(open_library, indexed, tmp_path):
    surroundings = Surroundings(on_battery(80))
    write_backlog(tmp_path / "backlog", 600)
    library = open_library(senses=surroundings.senses)
    library.add(tmp_path / "backlog")
    library.wait_progress(
        lambda p: p.indexed > 60 and p.pace == Pace("half", False, "on-battery", 80)
    )
    surroundings.battery = on_battery(18)
    library.wait_progress(is_waiting("battery-low", 18))
    assert library.search(indexed.photos[3]).hits[0].path == str(indexed.photos[3])
    surroundings.battery = on_battery(33)  # not yet enough
    waiting = library.wait_progress(is_waiting("battery-low", 33))
    assert waiting.indexed < waiting.total == 660
    assert waiting.photos_per_second is None
    surroundings.battery = PLUGGED
    library.wait_progress(lambda p: p.activity == "indexing" and p.pace == Pace())
    library.wait_idle(660)


def test_photos_are_found_but_not_read_while_somebody_is_there(
    open_library, library_root, tmp_path
):
    surroundings = Surroundings(idle_s=1.0)
    write_backlog(tmp_path / "backlog", 30)
    library = open_library(senses=surroundings.senses)
    library.library.set_manners(Manners(is_idle_only=True))
    library.add(tmp_path / "backlog")
    waiting = library.wait_progress(lambda p: is_waiting("in-use")(p) and p.total == 30)
    assert waiting.indexed == 0
    write_backlog(tmp_path / "backlog" / "more", 5)  # and watching goes on
    waiting = library.wait_progress(lambda p: is_waiting("in-use")(p) and p.total == 35)
    assert waiting.indexed == 0
    surroundings.idle_s = 1000.0
    library.wait_idle(35)


def test_where_nobody_can_tell_photos_are_indexed_and_it_is_said(
    open_library, library_root, tmp_path
):
    library = open_library(senses=Surroundings(idle_s=None).senses)
    library.library.set_manners(Manners("half", is_idle_only=True))
    write_backlog(tmp_path / "backlog", 200)
    library.add(tmp_path / "backlog")
    library.wait_progress(
        lambda p: p.activity == "indexing" and p.pace == Pace("half", False, "presence-unknown")
    )
    library.wait_idle(200)


def test_a_command_waits_for_nothing(open_library, library_root, tmp_path):
    """Whoever gives it is there, and looks at it."""
    surroundings = Surroundings(on_battery(9), idle_s=0.0)
    write_backlog(tmp_path / "folder", 20)
    library = open_library(senses=surroundings.senses)
    library.library.set_manners(Manners(is_idle_only=True))
    library.add(tmp_path / "folder")
    library.wait_progress(lambda p: is_waiting("battery-low", 9)(p) and p.total == 20)
    library.library.index([str(tmp_path / "folder")])
    library.wait_idle(20)
    write(tmp_path / "folder" / "later.jpg", draw(7))  # which nobody waits for
    library.wait_progress(lambda p: is_waiting("battery-low", 9)(p) and p.total == 21)


def test_indexing_is_considerate_again_once_a_command_is_given_up(
    open_library, library_root, tmp_path
):
    """As by Ctrl+C in a terminal, while the window goes on."""
    surroundings = Surroundings(on_battery(9))
    write_backlog(tmp_path / "folder", 600)
    library = open_library(senses=surroundings.senses)
    answers = commands.index(library.library, [str(tmp_path / "folder")], [], [])
    next(answers)
    library.wait_progress(lambda p: p.indexed > 0)
    answers.close()
    waiting = library.wait_progress(is_waiting("battery-low", 9))
    assert waiting.indexed < waiting.total == 600
    wait_until(lambda: not [t for t in threading.enumerate() if t.name == "command"])


def test_a_command_without_a_window_waits_for_nothing(open_library, library_root, tmp_path):
    (library_root / "settings.json").write_text(json.dumps({"is_idle_only": True}))
    write_backlog(tmp_path / "folder", 20)
    surroundings = Surroundings(on_battery(9), idle_s=0.0)
    library = open_library(senses=surroundings.senses, is_watching=False)
    library.library.index([str(tmp_path / "folder")])
    library.wait_idle(20)


def test_manners_are_told_and_remembered(open_library, library_root):
    library = open_library()
    assert library.events.newest(MannersChanged).manners == Manners()
    chosen = Manners("little", is_idle_only=True, is_battery_saving=False)
    told = library.events.after(MannersChanged, lambda: library.library.set_manners(chosen))
    assert told.manners == chosen
    library.library.close()
    again = open_library()
    assert again.events.newest(MannersChanged).manners == chosen


def test_an_index_is_not_built_while_it_is_to_wait(open_library, library_root, tmp_path):
    """It takes a processor for minutes in a large library."""
    surroundings = Surroundings()
    write_backlog(tmp_path / "backlog", 300)
    library = open_library(senses=surroundings.senses)
    library.add(tmp_path / "backlog")
    library.wait_idle(300)
    library.library.close()
    shutil.rmtree(library_root / "index", ignore_errors=True)  # if it was built

    surroundings.battery = on_battery(9)
    library = open_library(senses=surroundings.senses)
    library.wait_idle(300)
    looks = surroundings.looks
    wait_until(lambda: surroundings.looks >= looks + 5)  # as it asks whether it may by now
    assert not list((library_root / "index").rglob("manifest.json"))
    assert library.similar(1).searched == 300
    surroundings.battery = PLUGGED
    wait_until(lambda: list((library_root / "index").rglob("manifest.json")))


def processor_s(process: psutil.Process) -> float:
    """What a process and its children have taken of the processors."""
    total_s = 0.0
    for part in (process, *process.children(recursive=True)):
        try:
            times = part.cpu_times()
        except psutil.Error:  # a child that has ended; then the parent's time has it
            continue
        total_s += times.user + times.system
    times = process.cpu_times()
    return total_s + times.children_user + times.children_system


def measured_share(library: OpenLibrary) -> float:
    """The share of all processors that indexing takes over some seconds and photos."""
    process, indexed = psutil.Process(), library.progress.indexed
    before_s, begun_s = processor_s(process), time.monotonic()
    threading.Event().wait(_MEASURED_S)  # it is time that is measured
    library.wait_progress(lambda progress: progress.indexed >= indexed + 5)  # and so it goes on
    took_s = time.monotonic() - begun_s
    return (processor_s(process) - before_s) / took_s / (os.cpu_count() or 1)


def test_indexing_takes_the_share_of_the_processors_that_it_may(
    open_library, library_root, tmp_path
):
    """A computer that is busy otherwise gives less than asked for, never more."""
    write_backlog(tmp_path / "photos", 100 * _MEASURED_S * (os.cpu_count() or 1), side_px=400)
    library = open_library(senses=Surroundings().senses)
    library.add(tmp_path / "photos")
    library.wait_progress(lambda p: p.activity == "indexing" and p.indexed >= 20)
    shares = {}
    for share in ("little", "half", "all"):
        library.library.set_manners(Manners(share))
        library.wait_progress(lambda p, share=share: p.pace.share == share)
        shares[share] = measured_share(library)
        activity = library.progress.activity
        assert activity == "indexing", f"not enough photos for this computer: {shares}"
    assert shares["half"] < 0.65, shares
    assert shares["little"] < 0.25, shares
    if shares["all"] > 0.5:  # it had the computer to itself, more or less
        assert shares["little"] < 0.5 * shares["all"], shares
