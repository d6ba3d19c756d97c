# SPDX-License-Identifier: MIT
"""The harness itself: two small programs, a real mouse between them, and what can be read."""

import functools
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from desktop import Desktop
from PIL import Image
from requirements import require_desktop, require_tools
from session import missing_tools
from started import StartedProgram

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="virtual desktops are X servers")

HERE = Path(__file__).parent
FIRST_TILE = (0xE6, 0x7A, 0x7A)  # QColor.fromHsv(0, 120, 230)


@pytest.fixture
def image(tmp_path: Path) -> Path:
    path = tmp_path / "a photo, 100 % größer.png"
    Image.new("RGB", (300, 200), "red").save(path)
    return path


def start_sample(desktop: Desktop, *, rows: int = 10) -> StartedProgram:
    program = desktop.start(
        [sys.executable, str(HERE / "sample_window.py"), str(rows)], name="sample_window"
    )
    desktop.wait_for(
        lambda: desktop.accessibility.find(program.pid, "frame", "^Sample window$"),
        "sample window",
    )
    return program


def start_source(desktop: Desktop, image: Path, *options: str, y: int) -> StartedProgram:
    script = str(HERE / "drag_source.py")
    return desktop.start(
        [sys.executable, script, str(image), "--at", "20", str(y), *options],
        name=f"drag_source_{y}",
    )


def has_text(desktop: Desktop, program: StartedProgram, text: str) -> bool:
    return text in desktop.accessibility.texts(program.pid)


def has_ended(pid: int) -> bool:
    """A dead process may stay in the table where the machine's first process collects none."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8").rsplit(")", 1)[1].split()[0] == "Z"
    except FileNotFoundError:
        return True


def test_real_drag_from_another_program_is_read_back(desktop: Desktop, image: Path) -> None:
    offers = (
        ((), f"Dropped {image}"),
        (("--as-image",), "Dropped image 300 x 200"),
        (("--as-octet-stream",), f"Dropped {image.stat().st_size} bytes"),
    )
    sources = [
        start_source(desktop, image, *options, y=40 + 260 * number)
        for number, (options, _) in enumerate(offers)
    ]
    sample = start_sample(desktop)
    tree = desktop.accessibility
    table = tree.find(sample.pid, "table", "^Photos$")
    assert table is not None
    for source, (_, told) in zip(sources, offers, strict=True):
        shown = desktop.wait_for(
            functools.partial(tree.find, source.pid, "image", "^a photo"), "image to drag"
        )
        desktop.drag(
            shown.center,
            table.center,
            steps=5,
            hold_s=0,
            before_release=lambda: desktop.wait_for(
                lambda: tree.find(sample.pid, "label", "^Drop it here$"), "answer to the drag"
            ),
        )
        desktop.wait_for(functools.partial(has_text, desktop, sample, told), told)
        assert source.is_alive

    cells = tree.find_all(sample.pid, "table cell")
    assert [cell.name for cell in cells[:2]] == ["photo 0.jpg", "photo 1.jpg"]
    assert cells[1].description == "similarity 0.50"
    with Image.open(desktop.screenshot()) as picture:
        assert picture.size == desktop.size
        assert picture.getpixel((cells[0].x + 5, cells[0].y + 5)) == FIRST_TILE

    assert {sample.pid, sources[0].pid} <= set(desktop.running())
    everything = desktop.running()
    desktop.close()
    assert desktop.running() == {}
    assert all(map(has_ended, everything))
    assert not desktop.home.exists()


def test_mouse_and_keyboard_reach_the_program(desktop: Desktop) -> None:
    sample = start_sample(desktop)
    tree = desktop.accessibility
    field = tree.find(sample.pid, "text", "^Search$")
    assert field is not None
    desktop.click(field.center)
    desktop.type("red car")
    desktop.wait_for(lambda: tree.find(sample.pid, "label", "^red car$"), "typed text")
    desktop.key("ctrl+a", "ctrl+c", "End", "ctrl+v")
    desktop.wait_for(lambda: tree.find(sample.pid, "label", "^red carred car$"), "pasted text")
    desktop.click(field.center, double=True)
    desktop.key("Delete")
    desktop.wait_for(lambda: tree.find(sample.pid, "label", "^red carred $"), "text less a word")

    button = tree.find(sample.pid, "push button", "^Pause$")
    assert button is not None
    desktop.click(button.center)
    desktop.wait_for(lambda: tree.find(sample.pid, "push button", "^Resume$"), "new name")
    tree.press(button)
    again = desktop.wait_for(lambda: tree.find(sample.pid, "push button", "^Pause$"), "old name")
    assert again.is_enabled
    now = tree.read(button)
    assert now is not None
    assert now.name == "Pause"

    assert [item.name for item in tree.find_all(sample.pid, "list item")] == ["Holidays", "Cats"]
    progress = tree.find(sample.pid, "progress bar", "^Indexing$")
    assert progress is not None
    assert progress.value == 40
    assert len(desktop.windows("^Sample window$")) == 1
    assert desktop.windows("^No such window$") == []


def test_large_table_gives_the_cells_in_view(desktop: Desktop) -> None:
    sample = start_sample(desktop, rows=25_000)
    tree = desktop.accessibility
    table = tree.find(sample.pid, "table", "^Photos$")
    assert table is not None
    assert table.child_count > 100_000
    started = time.monotonic()
    cells = tree.find_all(sample.pid, "table cell")
    assert time.monotonic() - started < 3
    assert [cell.name for cell in cells] == [f"photo {number}.jpg" for number in range(len(cells))]
    assert 16 <= len(cells) <= 24

    desktop.wheel(table.center, 40)
    desktop.wait_for(
        lambda: tree.find(sample.pid, "table cell", r"^photo [1-9]\d\d\.jpg$"), "scrolled cells"
    )
    assert tree.find(sample.pid, "table cell", r"^photo 0\.jpg$") is None


def test_failure_says_what_the_programs_do_and_show(desktop: Desktop) -> None:
    sample = start_sample(desktop)
    broken = desktop.start([sys.executable, "-c", "raise SystemExit('no such photo')"], name="bad")
    assert broken.wait(10) == 1
    with pytest.raises(AssertionError, match=r"^no miracle within") as failure:
        desktop.wait_for(lambda: None, "miracle", timeout_s=0.2)
    message = str(failure.value)
    assert "bad (process" in message
    assert "no such photo" in message
    assert "push button 'Pause'" in message
    assert (desktop.artifacts / "failure.png").stat().st_size > 1000
    assert str(desktop.artifacts / "failure.png") in message

    sample.kill()
    assert sample.status == -9
    desktop.wait_for(lambda: sample.pid not in desktop.accessibility.applications(), "end")


def test_programs_get_a_home_and_buses_of_their_own(
    desktop: Desktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://192.0.2.1:3128")
    printer = desktop.start(["env"], name="env")
    assert printer.wait(10) == 0
    variables = dict(line.split("=", 1) for line in printer.output().splitlines())
    assert variables["HOME"] == str(desktop.home) != os.environ.get("HOME")
    assert variables["DISPLAY"] != os.environ.get("DISPLAY")
    assert not {name for name in variables if "proxy" in name.lower()}
    for name, value in variables.items():
        if name.startswith("XDG_") and name.endswith(("HOME", "DIR")):
            assert Path(value).is_relative_to(desktop.home.parent), name


def test_look_keeps_a_picture(artifacts: Path, image: Path) -> None:
    require_desktop()
    picture = artifacts / "look.png"
    options = ["--tree", "--wait=0", "--pause=0.2", "--scale=1.5", "--size=1600x1200"]
    steps = ["on 'push button' Pause", f"drop {str(image)!r} 1000 400"]
    done = subprocess.run(
        [sys.executable, str(HERE / "look.py"), str(picture), *options]
        + [word for step in steps for word in ("--step", step)]
        + ["--", sys.executable, str(HERE / "sample_window.py")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "push button 'Resume'" in done.stdout
    assert f"label 'Dropped {image}'" in done.stdout
    with Image.open(picture) as kept:
        assert kept.size == (1600, 1200)


def test_missing_tools_are_named_and_fail_in_ci(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    missing = missing_tools.__wrapped__()
    assert {"dbus", "openbox", "xdotool", "xvfb"} <= set(missing)
    with pytest.raises(pytest.skip.Exception, match="xvfb"):
        require_tools(missing, is_ci=False)
    with pytest.raises(pytest.fail.Exception, match="xvfb"):
        require_tools(missing, is_ci=True)
    require_tools((), is_ci=True)
