# SPDX-License-Identifier: MIT
"""The experiments as commands, with the real network: rows, files, resuming and stopping."""

import json
import os
import shutil
import signal
import threading
from pathlib import Path

import numpy as np
import pytest
from command_line import CommandLine, finish, is_sentence
from drawn_photos import draw, draw_gallery, listing, write
from open_library import wait_until

from gallery_search.embedding.backbones import BACKBONES
from gallery_search.errors import ExperimentStoppedError, ExternalError
from gallery_search.experiments import copies, photos, runs
from gallery_search.experiments.copier_pool import CopierPool
from gallery_search.experiments.runs import Surroundings
from gallery_search.paths import LibraryPaths

pytestmark = pytest.mark.network_model

PHOTOS = 10


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten drawn photos, each with a smaller twin, and a file that is none."""
    place = tmp_path_factory.mktemp("experiments") / "photos"
    draw_gallery(place, PHOTOS)
    for number in range(PHOTOS):
        write(place / f"twin-{number:04}.png", draw(number).resize((120, 120)))
    (place / "bad.jpg").write_bytes(b"nothing")
    return place


@pytest.fixture
def cli(library_root):
    return CommandLine(library_root)


def files(root: Path) -> list[str]:
    return sorted(name.name for name in (root / "experiments").iterdir())


def result(root: Path, experiment: str):
    (file,) = (root / "experiments").glob(f"{experiment}-*.json")
    return json.loads(file.read_bytes())


# --- neighbours -------------------------------------------------------------------------------


def test_neighbours_of_a_folder(cli, folder):
    before = listing(folder)
    outcome = cli.run("experiment", "neighbours", folder, "-n", "3", "--json")
    assert outcome.status == 0
    rows = outcome.objects
    assert len(rows) == 2 * PHOTOS
    for row in rows:
        assert set(row) == {"backbone", "path", "neighbours"}
        assert len(row["neighbours"]) == 3
        similarities = [each["similarity"] for each in row["neighbours"]]
        assert similarities == sorted(similarities, reverse=True)
        assert row["path"] not in [each["path"] for each in row["neighbours"]]
        number = Path(row["path"]).stem[-4:]
        assert Path(row["neighbours"][0]["path"]).stem[-4:] == number  # its twin
        assert os.path.isfile(row["neighbours"][0]["path"])
    assert "bad.jpg" in outcome.messages
    assert listing(folder) == before

    kept = result(cli.library, "neighbours")
    assert kept["about"]["counts"] == {"photos": 2 * PHOTOS, "unreadable": 1}
    assert [row["path"] for row in kept["rows"]] == [os.path.basename(r["path"]) for r in rows]
    assert kept["unreadable"][0]["path"] == "bad.jpg"
    (page,) = (cli.library / "experiments").glob("*.html")
    text = page.read_text("utf-8")
    assert text.count("data:image/jpeg") == 2 * PHOTOS
    assert str(folder) not in text  # it is to be shared
    assert len(files(cli.library)) == 2  # nothing unfinished is left


def test_neighbours_for_people(cli, tmp_path):
    draw_gallery(tmp_path / "few", 2)
    outcome = cli.run("experiment", "neighbours", tmp_path / "few")
    assert outcome.status == 0
    assert "2 photos" in outcome.output
    assert all(name in outcome.output for name in files(cli.library))


def test_neighbours_of_nothing(cli, tmp_path):
    for place in (tmp_path, tmp_path / "nowhere"):
        outcome = cli.run("experiment", "neighbours", place, "--json")
        assert (outcome.status, outcome.output) == (1, "")
        assert is_sentence(outcome.messages)


def test_a_network_without_weights_is_told_before_anything_is_done(cli, folder):
    outcome = cli.run("experiment", "recovery", folder, "--backbone", "vgg16", "--json")
    assert outcome.status == 1
    assert "backbones download vgg16" in outcome.messages


@pytest.mark.parametrize("experiment", ["neighbours", "recovery"])
def test_a_librarys_path_tells_the_terminal_nothing(library_root, tmp_path, experiment):
    root = tmp_path / "red\x1b[31m"
    try:
        root.mkdir()
    except OSError:
        pytest.skip("this file system takes no such names")
    shutil.copytree(library_root / "models", root / "models")
    draw_gallery(tmp_path / "few", 2, side_px=64)
    outcome = CommandLine(root).run("experiment", experiment, tmp_path / "few")
    assert outcome.status == 0
    assert "\x1b" not in outcome.output
    assert "red\ufffd[31m" in outcome.output


# --- recovery ---------------------------------------------------------------------------------


def test_recovery_says_the_same_in_json_table_and_files(cli, folder):
    before = listing(folder)
    told = cli.run("experiment", "recovery", folder, "--queries", "6", "--seed", "5", "--json")
    assert told.status == 0
    rows = told.objects
    assert len(rows) == (6 + 11) * 2 * 3
    firsts = [(r["set"], r["profile"], r["search"], r["k"]) for r in rows[:3]]
    assert firsts == [("original", None, "index", k) for k in (1, 3, 5)]
    assert listing(folder) == before
    kept = result(cli.library, "recovery")
    assert kept["rows"] == rows
    about = kept["about"]
    assert (about["seed"], about["counts"]["queries_asked_for"]) == (5, 6)
    assert about["backbones"][0]["recipe"] == BACKBONES[0].recipe
    nearest = kept["nearest"]  # of every photo, whether all was found or not
    assert len(nearest) == about["counts"]["queries"]
    lost = [answer for answer in nearest if answer["missed"]]
    assert lost == [failure for failure in kept["failures"] if failure["set"] == "original"]
    endings = {name.partition(".")[2] for name in files(cli.library)}
    assert endings == {"json", "svg", "png", "failures.html"}

    for name in files(cli.library):
        (cli.library / "experiments" / name).unlink()
    shown = cli.run("experiment", "recovery", folder, "--queries", "6", "--seed", "5")
    again = result(cli.library, "recovery")
    assert again["rows"] == rows  # the same seed gives the same figures
    assert again["failures"] == kept["failures"]
    (svg,) = (cli.library / "experiments").glob("*.svg")
    drawn = svg.read_text("utf-8")
    for row in rows[:3]:
        for measure, title in (("precision", "precision"), ("recall", "recall"), ("f1", "F1")):
            figure = f"{row[measure]:.4f} ± {row[f'{measure}_std']:.4f}"
            assert figure in shown.output
            assert f"{title} at {row['k']} is {figure}" in drawn


def test_copies_are_the_same_for_the_same_seed_only(folder):
    path, spec = str(folder / "photo-0001.jpg"), BACKBONES[0].network_input
    pool = CopierPool(2)
    try:
        first, again, other = (
            pool.inputs(path, spec, ["noise", "greyscale"], seed).result() for seed in (1, 1, 2)
        )
    finally:
        pool.close()
    np.testing.assert_array_equal(first, again)
    assert (first[0] != other[0]).any()
    np.testing.assert_array_equal(first[1], other[1])
    grey = first[1].astype(int)
    assert np.abs(grey - grey[..., :1]).max() <= 2


def embedded(root: Path, folder: Path, told, stop=None) -> runs.Run:
    """The photos of a folder with their copies, as `recovery` embeds them."""
    surroundings = Surroundings(
        LibraryPaths(root), "cpu", told, threading.Event() if stop is None else stop
    )
    pool = runs.new_pool()
    try:
        names = ["", *copies.names(["original", "hard"])]
        return runs.embed(
            "recovery", BACKBONES[0], photos.find(str(folder)), names, 0, surroundings, pool
        )
    finally:
        pool.close()


def test_a_stopped_experiment_goes_on_where_it_was(library_root, tmp_path):
    draw_gallery(tmp_path / "photos", 20, side_px=64)
    told, stop = [], threading.Event()

    def on_progress(progress):
        told.append(progress)
        if progress.done >= 12:
            stop.set()

    with pytest.raises(ExperimentStoppedError):
        embedded(library_root, tmp_path / "photos", on_progress, stop)
    assert told[-1].done < 20
    told.clear()
    resumed = embedded(library_root, tmp_path / "photos", told.append)
    counted = [progress for progress in told if progress.total]
    assert (counted[0].done, counted[-1].done) == (8, 20)  # a part of eight photos was kept
    resumed.unfinished.remove()
    whole = embedded(library_root, tmp_path / "photos", told.append)
    np.testing.assert_array_equal(resumed.embedded.embeddings, whole.embedded.embeddings)
    assert whole.embedded.embeddings.shape == (20, 16, 1024)


def test_the_same_experiment_twice_at_once(library_root, tmp_path):
    draw_gallery(tmp_path / "photos", 2, side_px=64)
    refused = []

    def on_progress(progress):
        if progress.total and not refused:
            with pytest.raises(ExternalError, match="runs on these photos already") as caught:
                embedded(library_root, tmp_path / "photos", lambda _: None)
            refused.append(caught)

    run = embedded(library_root, tmp_path / "photos", on_progress)
    assert refused
    assert run.unfinished.folder.is_dir()  # the other one has left it alone
    run.unfinished.remove()


def test_photos_of_which_none_can_be_read_leave_nothing_behind(library_root, tmp_path):
    (tmp_path / "photos").mkdir()
    for name in ("a.jpg", "b.jpg"):
        (tmp_path / "photos" / name).write_bytes(b"nothing")
    with pytest.raises(ExternalError, match="not two photos that can be read"):
        embedded(library_root, tmp_path / "photos", lambda _: None)
    assert files(library_root) == []


def test_a_changed_photo_is_embedded_anew(library_root, tmp_path):
    draw_gallery(tmp_path / "photos", 2)
    first = embedded(library_root, tmp_path / "photos", lambda _: None)
    write(tmp_path / "photos" / "photo-0001.jpg", draw(50), age_s=30)
    second = embedded(library_root, tmp_path / "photos", lambda _: None)
    before, after = first.embedded.embeddings, second.embedded.embeddings
    np.testing.assert_array_equal(before[0], after[0])
    assert float(before[1, 0].astype(np.float32) @ after[1, 0].astype(np.float32)) < 0.9


def test_the_embedding_of_the_photo_itself_is_that_of_the_program(cli, library_root, tmp_path):
    photo = draw_gallery(tmp_path / "photos", 2)[1]
    run = embedded(library_root, tmp_path / "photos", lambda _: None)
    told = cli.run("embed", photo, "--json").object["embedding"]
    found = run.embedded.embeddings[1, 0].astype(np.float32)
    assert float(found @ np.array(told, np.float32)) == pytest.approx(1, abs=1e-3)


@pytest.mark.skipif(os.name != "posix", reason="sends the signal of Ctrl-C")
def test_ctrl_c_keeps_what_was_done_and_says_how_to_go_on(cli, tmp_path):
    draw_gallery(tmp_path / "photos", 40, side_px=64)
    process = cli.start("experiment", "recovery", tmp_path / "photos", "--json")
    parts = cli.library / "experiments" / "unfinished"
    wait_until(lambda: any(parts.glob("*/*.npz")), timeout_s=60)
    process.send_signal(signal.SIGINT)
    outcome = finish(process)
    assert (outcome.status, outcome.output) == (130, "")
    assert is_sentence(outcome.messages.strip().splitlines()[-1])
    assert "same command again" in outcome.messages
    assert any(parts.glob("*/*.npz"))
    assert files(cli.library) == ["unfinished"]
