# SPDX-License-Identifier: MIT
"""Results as the analysis view reads them: sources, words, order, and what is right or wrong."""

import json
import shutil
from pathlib import Path

import pytest
from drawn_photos import draw_gallery

from gallery_search.errors import ExternalError
from gallery_search.experiments import analysis_sources, datasets
from gallery_search.experiments.analysis import Analysis, opened
from gallery_search.experiments.analysis_host import NOTHING_OPEN, ROWS, AnalysisHost
from gallery_search.experiments.artworks import Artwork
from gallery_search.experiments.results import About, UsedBackbone, write
from gallery_search.paths import LibraryPaths
from gallery_search.processes import Message

NAMES = ("a.jpg", "b.jpg", "c.jpg", "below/d.jpg")


def used(*networks: str) -> tuple[UsedBackbone, ...]:
    return tuple(UsedBackbone(name, 1, 32, "installed", "cpu") for name in networks)


def write_neighbours(root: Path, stem: str, folder: str, made_at: str, **found: str) -> Path:
    """A result in which each picture has the letters' pictures as neighbours, by network."""
    by_letter = {name.rpartition("/")[2][0]: name for name in NAMES}
    about = About("neighbours", None, {}, 1.0, used(*found), {"folder": folder}, made_at)
    rows = [
        {
            "backbone": network,
            "path": name,
            "neighbours": [
                {"path": by_letter[letter], "similarity": 0.9 - 0.1 * place}
                for place, letter in enumerate(letters)
            ],
        }
        for network, letters in found.items()
        for name in NAMES
    ]
    root.mkdir(parents=True, exist_ok=True)
    return write(root / stem, about, {"rows": rows, "unreadable": []})


def write_recovery(root: Path, stem: str, *, has_nearest: bool = True) -> Path:
    """Photo a found a wrong one among its copies; b found its own; an edit of a was lost."""

    def answer(path: str, found: list[tuple[str, str | None]], missed: list[str], **more: object):
        profile = more.get("profile")
        return {
            "backbone": "net",
            "set": "hard" if profile else "original",
            "query": {"path": path, "profile": profile},
            "missed": missed,
            "found": [
                {"path": p, "profile": f, "similarity": 0.5, "is_right": p == path}
                for p, f in found
            ],
        }

    wrong = answer("a.jpg", [("a.jpg", "scale"), ("b.jpg", None)], ["greyscale"])
    lost = answer("a.jpg", [("b.jpg", None), ("a.jpg", None), ("c.jpg", None)], [], profile="blur")
    content = {"rows": [], "failures": [wrong, lost]}
    if has_nearest:
        content["nearest"] = [wrong, answer("b.jpg", [("b.jpg", "scale"), ("b.jpg", "colour")], [])]
    about = About("recovery", 7, {}, 1.0, used("net"), {"folder": "/photos"}, "2026-02-02T00:00:00")
    root.mkdir(parents=True, exist_ok=True)
    return write(root / stem, about, content)


def keys(*names: str) -> list[tuple[str, None]]:
    return [(name, None) for name in names]


# --- sources ----------------------------------------------------------------------------------


def test_results_of_one_folder_are_one_source_with_the_newest_of_each_network(tmp_path):
    paths = LibraryPaths(tmp_path)
    write_neighbours(paths.experiments, "old", "/photos", "2026-01-01", one="b", two="b")
    write_neighbours(paths.experiments, "new", "/photos", "2026-01-03", two="c", three="d")
    write_neighbours(paths.experiments, "other", "/else", "2026-01-02", one="a")
    write_recovery(paths.experiments, "recovery")
    (paths.experiments / "recovery-1.failures.json").write_text("{}")
    (paths.experiments / "broken.json").write_text('{"about": {')
    found = analysis_sources.sources(paths)
    assert [(s.kind, s.folder) for s in found] == [
        ("recovery", "/photos"),
        ("neighbours", "/photos"),
        ("neighbours", "/else"),
    ]
    joined = found[1]
    assert joined.networks == ("two", "three", "one")
    analysis = Analysis(joined)
    assert analysis.networks == ("two", "three", "one")
    (near,) = analysis.nearest(("a.jpg", None), "two").found
    assert near.key == ("c.jpg", None)  # of the newer result
    assert analysis.path(("below/d.jpg", None)) == str(Path("/photos", "below", "d.jpg"))


def test_datasets_without_neighbours_come_first(tmp_path):
    paths = LibraryPaths(tmp_path)
    for name in ("moma-1", "moma-2"):
        folder = paths.datasets / name
        folder.mkdir(parents=True)
        datasets.write(folder, datasets.Dataset((), {}, 0, 0, 0))
    write_neighbours(
        paths.experiments, "one", str(paths.datasets / "moma-1"), "2026-01-01", net="b"
    )
    assert [(s.kind, Path(s.folder).name) for s in analysis_sources.sources(paths)] == [
        ("dataset", "moma-2"),
        ("neighbours", "moma-1"),
    ]


@pytest.mark.parametrize(
    "content",
    [
        "",
        "no json",
        "[1, 2]",
        '{"rows": []}',
        '{"about": 5}',
        '{"about": {"experiment": "moma", "backbones": [], "options": {"folder": ""}}}',
        '{"about": {"experiment": "neighbours", "backbones": [], "options": {}}}',
    ],
)
def test_a_file_that_is_no_result_is_told_in_a_sentence(tmp_path, content):
    file = tmp_path / "some.json"
    file.write_text(content)
    with pytest.raises(ExternalError, match=r"Choose another file: some\.json"):
        opened(str(file))


def test_a_result_that_is_cut_off_is_told_in_a_sentence(tmp_path):
    file = write_neighbours(tmp_path, "some", "/photos", "2026-01-01", net="bc")
    file.write_bytes(file.read_bytes()[:-40])
    with pytest.raises(ExternalError, match="Choose another file"):
        opened(str(file))
    with pytest.raises(ExternalError, match="Check"):
        opened(str(tmp_path / "absent.json"))


# --- words and order --------------------------------------------------------------------------


def test_words_of_titles_and_names_in_any_order_and_case(tmp_path):
    folder = tmp_path / "moma"
    draw_gallery(folder, 3, side_px=32)
    texts = ("Paul Klee", "Oil", "12 cm", "1920", "https://example.org")
    works = tuple(
        Artwork(number, title, *texts)
        for number, title in enumerate(("Night in a Garden", "Garden", ""), 1)
    )
    for number, photo in enumerate(sorted(folder.iterdir()), 1):
        shutil.move(photo, folder / datasets.image_name(number))
    datasets.write(folder, datasets.Dataset(works, {}, 3, 3, 0))
    about = About("neighbours", None, {}, 1.0, used("net"), {"folder": str(folder)}, "2026-01-01")
    names = [datasets.image_name(number) for number in (1, 2, 3)]
    rows = [{"backbone": "net", "path": name, "neighbours": []} for name in names]
    _, analysis = opened(str(write(tmp_path / "result", about, {"rows": rows})))
    for words, found in (
        ("", names),
        ("garden", names[:2]),
        ("GARDEN night", names[:1]),
        ("moma-3", names[2:]),
        ("klee", []),  # who made it is no title
    ):
        assert analysis.find(words, "name", ["net"]) == keys(*found)
    assert analysis.title((names[2], None)) == names[2]
    assert analysis.work((names[0], None)) == works[0]


def test_where_networks_differ_most_comes_first(tmp_path):
    file = write_neighbours(tmp_path, "some", "/photos", "2026-01-01", one="bc", two="bc")
    content = json.loads(file.read_bytes())
    for row in content["rows"]:
        near = {"below/d.jpg": ["x"], "c.jpg": ["b.jpg", "x"]}.get(row["path"])
        if row["backbone"] == "two" and near is not None:
            row["neighbours"] = [{"path": path, "similarity": 0.5} for path in near]
    file.write_text(json.dumps(content))
    _, analysis = opened(str(file))
    both = ["one", "two"]
    assert analysis.find("", "disagreement", both) == keys("below/d.jpg", "c.jpg", "a.jpg", "b.jpg")
    assert [analysis.disagreement((name, None), both) for name in NAMES] == [
        *(0, 0),
        pytest.approx(2 / 3),
        1,
    ]
    assert analysis.disagreement(("below/d.jpg", None), ["one"]) == 0


# --- right and wrong --------------------------------------------------------------------------


def test_copies_are_right_and_others_wrong(tmp_path):
    _, analysis = opened(str(write_recovery(tmp_path, "recovery")))
    assert analysis.is_judged
    assert analysis.seed == 7
    assert analysis.keys == (("a.jpg", None), ("b.jpg", None), ("a.jpg", "blur"))
    first = analysis.nearest(("a.jpg", None), "net")
    assert [(near.key[1], near.is_right) for near in first.found] == [
        ("scale", True),
        (None, False),
    ]
    assert first.missed == ("greyscale",)
    # of an edit, its photo is to come first: what comes later is nobody's mistake
    edit = analysis.nearest(("a.jpg", "blur"), "net")
    assert [near.is_right for near in edit.found] == [False, True, None]
    assert analysis.find("", "mistakes", ["net"])[-1] == ("b.jpg", None)
    assert [analysis.mistakes(key, ["net"]) for key in analysis.keys] == [1, 0, 1]


def test_results_of_before_have_only_what_was_not_found(tmp_path):
    _, analysis = opened(str(write_recovery(tmp_path, "recovery", has_nearest=False)))
    assert analysis.keys == (("a.jpg", None), ("a.jpg", "blur"))


# --- the child's answers ----------------------------------------------------------------------


def ask(host: AnalysisHost, ask: str, generation: int = 1, **head: object):
    return host.handle(Message({"ask": ask, "generation": generation, **head})).head


def test_what_the_window_is_told(tmp_path):
    file = write_neighbours(tmp_path, "some", "/photos", "2026-01-01", one="bcd", two="cb")
    host = AnalysisHost()
    assert "error" in ask(host, "find", words="", order="name", networks=[])  # nothing is open
    told = ask(host, "open", file=str(file))
    assert (told["networks"], told["pictures"], told["is_judged"]) == (["one", "two"], 4, False)
    assert ask(host, "open", source=told["source"]) == told
    listed = ask(host, "find", words="jpg", order="name", networks=["one", "two"])
    assert listed["total"] == 4
    assert [row["title"] for row in listed["rows"]] == ["a.jpg", "b.jpg", "c.jpg", "d.jpg"]
    shown = ask(host, "picture", number=0, networks=["two"])
    assert shown["picture"]["path"] == str(Path("/photos", "a.jpg"))
    (row,) = shown["rows"]
    assert [near["title"] for near in row["neighbours"]] == ["c.jpg", "b.jpg"]
    assert [near["number"] for near in row["neighbours"]] == [2, 1]
    assert row["neighbours"][0]["similarity"] == pytest.approx(0.9)
    some = {ask(host, "random", words="a.jpg", order="name", networks=["one"])["number"]}
    assert some == {0}
    assert ask(host, "random", words="zebra", order="name", networks=["one"]) == {"number": None}
    assert "error" in ask(host, "open", file=str(tmp_path / "absent.json"))


def test_a_long_list_is_cut(tmp_path):
    names = [f"{number:05}.jpg" for number in range(ROWS + 5)]
    about = About("neighbours", None, {}, 1.0, used("net"), {"folder": "/p"}, "2026-01-01")
    rows = [{"backbone": "net", "path": name, "neighbours": []} for name in names]
    host = AnalysisHost()
    ask(host, "open", file=str(write(tmp_path / "long", about, {"rows": rows})))
    listed = ask(host, "find", words="", order="name", networks=["net"])
    assert (listed["total"], len(listed["rows"])) == (len(names), ROWS)


def test_what_was_asked_of_another_source_is_not_answered(tmp_path):
    first = write_neighbours(tmp_path, "first", "/photos", "2026-01-01", one="bcd", two="cb")
    other = write_neighbours(tmp_path, "other", "/others", "2026-01-01", one="bc")
    host = AnalysisHost()
    ask(host, "open", 1, file=str(first))
    ask(host, "open", 2, file=str(other))
    both = ["one", "two"]
    for late in (
        ask(host, "find", 1, words="", order="disagreement", networks=both),
        ask(host, "random", 1, words="", order="name", networks=both),
        ask(host, "picture", 1, number=3, networks=both),
    ):
        assert late["is_closed"]
        assert late["error"] == NOTHING_OPEN
    assert ask(host, "find", 2, words="", order="name", networks=["one"])["total"] == 4
    assert "error" in ask(host, "open", 3, file=str(tmp_path / "none.json"))
    assert ask(host, "find", 2, words="", order="name", networks=["one"])["total"] == 4
