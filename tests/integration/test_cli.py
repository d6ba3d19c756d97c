# SPDX-License-Identifier: MIT
"""The commands through real processes: JSON, exit statuses, texts, and ends of all kinds."""

import datetime
import json
import os
import signal
import sqlite3
import subprocess
import sys

import generated_weights
import numpy as np
import psutil
import pytest
from command_line import CommandLine, finish, is_sentence
from drawn_photos import draw, draw_gallery, edited_copy, listing, make_older, write, write_backlog
from open_library import assert_intact, revisions, wait_until

from gallery_search.embedding.backbones import backbone

pytestmark = pytest.mark.network_model
on_posix = pytest.mark.skipif(os.name != "posix", reason="signals and bytes as POSIX has them")


@pytest.fixture
def cli(library_root):
    """Commands on an empty library whose network is converted."""
    return CommandLine(library_root)


@pytest.fixture
def filled_cli(indexed):
    """Commands on a library of 60 photos."""
    return CommandLine(indexed.root)


def indexed_count(root):
    """Photos that a command at work has written down so far."""
    try:
        return len(revisions(root))
    except sqlite3.OperationalError:  # it has not made the tables yet
        return 0


# --- index ----------------------------------------------------------------------------------------


def test_index_tells_what_it_did(cli, tmp_path):
    folder = tmp_path / "photos"
    photos = draw_gallery(folder, 6)
    (folder / "bad.jpg").write_bytes(b"nothing")
    make_older(folder / "bad.jpg", 60)
    before = listing(folder)

    first = cli.run("index", folder, "--json")
    assert first.status == 0
    told = first.object
    assert set(told) == {
        *("indexed", "unchanged", "moved", "removed", "failed"),
        *("seconds", "images_per_second", "failures"),
    }
    assert (told["indexed"], told["unchanged"], told["failed"]) == (6, 0, 1)
    assert [failure["path"] for failure in told["failures"]] == [str(folder / "bad.jpg")]
    assert is_sentence(told["failures"][0]["reason"])
    assert told["images_per_second"] == pytest.approx(6 / told["seconds"], rel=0.05)
    assert listing(folder) == before

    (folder / "later").mkdir()
    photos[0].rename(folder / "later" / "moved.jpg")
    photos[1].unlink()
    write(folder / "new.jpg", draw(50))
    second = cli.run("index", folder, "--json").object
    counts = {key: second[key] for key in ("indexed", "unchanged", "moved", "removed", "failed")}
    assert counts == {"indexed": 1, "unchanged": 4, "moved": 1, "removed": 1, "failed": 1}

    third = cli.run("index", folder)
    assert third.status == 0
    assert "0 photos indexed" in third.output
    assert "bad.jpg" in third.output


def test_index_of_a_directory_within_a_folder(cli, tmp_path):
    draw_gallery(tmp_path / "photos" / "2020", 2)
    assert cli.run("index", tmp_path / "photos", "--json").object["indexed"] == 2
    draw_gallery(tmp_path / "photos" / "2021", 3, first_seed=30)
    outcome = cli.run("index", tmp_path / "photos" / "2021", "--json")
    assert (outcome.status, outcome.object["indexed"]) == (0, 3)


def test_index_of_a_missing_folder(cli, tmp_path):
    outcome = cli.run("index", tmp_path / "nowhere", "--json")
    assert (outcome.status, outcome.output) == (1, "")
    assert is_sentence(outcome.messages)


# --- search ---------------------------------------------------------------------------------------


def test_search_answers_each_image_in_order(filled_cli, indexed, tmp_path):
    bad = tmp_path / "letter.jpg"
    bad.write_text("Dear reader")
    edited = edited_copy(indexed.photos[4], tmp_path / "edited.jpg")
    missing = tmp_path / "missing.jpg"
    outcome = filled_cli.run(
        *("search", indexed.photos[0], bad, edited, missing, indexed.photos[1]),
        *("-n", "3", "--json"),
    )
    assert outcome.status == 0  # single files failed
    first, failed, third, absent, last = outcome.objects
    assert set(first) == {"query", "seconds", "searched", "total", "results"}
    assert (first["query"], first["searched"], first["total"]) == (str(indexed.photos[0]), 60, 60)
    assert len(first["results"]) == 3
    assert set(first["results"][0]) == {"path", "similarity", "photo_id"}
    assert first["results"][0]["path"] == str(indexed.photos[0])
    assert first["results"][0]["similarity"] == pytest.approx(1.0, abs=1e-3)
    assert set(failed) == {"query", "error"}
    assert failed["query"] == str(bad)
    assert is_sentence(failed["error"])
    assert third["results"][0]["path"] == str(indexed.photos[4])
    assert absent["query"] == str(missing)
    assert is_sentence(absent["error"])
    assert last["results"][0]["path"] == str(indexed.photos[1])


def test_search_names_the_query_as_it_was_given(filled_cli, indexed):
    outcome = filled_cli.run("search", indexed.photos[2].name, "--json", cwd=indexed.folder)
    assert outcome.object["query"] == indexed.photos[2].name
    assert outcome.object["results"][0]["path"] == str(indexed.photos[2])
    text = filled_cli.run("search", indexed.photos[2].name, "-n", "2", cwd=indexed.folder)
    assert "searched 60 of 60 photos" in text.output
    assert len(text.output.splitlines()) == 3


def test_search_when_nothing_can_be_read(filled_cli, tmp_path):
    outcome = filled_cli.run("search", tmp_path / "missing.jpg", "--json")
    assert outcome.status == 1
    assert set(outcome.object) == {"query", "error"}


def test_search_in_an_empty_library(cli, tmp_path):
    outcome = cli.run("search", write(tmp_path / "a.jpg", draw(1)), "--json")
    assert outcome.status == 0
    assert (outcome.object["total"], outcome.object["results"]) == (0, [])


def test_similarity_is_the_cosine_of_the_embeddings(filled_cli, indexed, tmp_path):
    edited = edited_copy(indexed.photos[8], tmp_path / "edited.jpg")
    result = filled_cli.run("search", edited, "-n", "5", "--json").object
    paths = [edited, *(hit["path"] for hit in result["results"])]
    embedded = filled_cli.run("embed", *paths, "--json").objects
    assert [entry["path"] for entry in embedded] == [str(path) for path in paths]
    assert {entry["backbone"] for entry in embedded} == {"efficientnet-lite0"}
    embeddings = np.array([entry["embedding"] for entry in embedded])
    assert embeddings.shape == (6, 1024)
    np.testing.assert_allclose(np.linalg.norm(embeddings, axis=1), 1, atol=1e-4)
    cosines = embeddings[1:] @ embeddings[0]
    np.testing.assert_allclose([h["similarity"] for h in result["results"]], cosines, atol=5e-4)


# --- embed and status -------------------------------------------------------------------------


def test_embed_of_an_unreadable_image(cli, tmp_path):
    good = write(tmp_path / "good.jpg", draw(1))
    outcome = cli.run("embed", tmp_path / "none.jpg", good, "--json")
    assert outcome.status == 0
    failed, embedded = outcome.objects
    assert set(failed) == {"path", "error"}
    assert embedded["path"] == str(good)
    assert cli.run("embed", tmp_path / "none.jpg").status == 1


def test_status(filled_cli, cli, indexed):
    told = filled_cli.run("status", "--json").object
    assert told == {
        "photos": 60,
        "indexed": 60,
        "failed": 0,
        "pending": 0,
        "offline": 0,
        "backbone": "efficientnet-lite0",
        "device": told["device"],
        "folders": [{"path": str(indexed.folder), "state": "watching"}],
        "excluded": [],
        "last_backup": told["last_backup"],
    }
    filled_cli.run("index", indexed.folder)
    time = datetime.datetime.fromisoformat(filled_cli.run("status", "--json").object["last_backup"])
    assert abs(datetime.datetime.now(datetime.UTC) - time) < datetime.timedelta(hours=1)
    assert "60 indexed" in filled_cli.run("status").output


def test_status_of_a_folder_that_is_away(cli, tmp_path):
    draw_gallery(tmp_path / "photos", 2)
    cli.run("index", tmp_path / "photos")
    (tmp_path / "photos").rename(tmp_path / "elsewhere")
    told = cli.run("status", "--json").object
    assert (told["photos"], told["offline"]) == (2, 2)
    assert told["folders"] == [{"path": str(tmp_path / "photos"), "state": "offline"}]


# --- backbones and benchmark ----------------------------------------------------------------------


def test_backbones_are_listed(filled_cli):
    told = {entry["name"]: entry for entry in filled_cli.run("backbones", "--json").objects}
    assert told["efficientnet-lite0"] == {
        "name": "efficientnet-lite0",
        "state": "ready",
        "d": 1024,
        "bytes": 0,
        "licence": "Apache-2.0",
        "images_per_second": told["efficientnet-lite0"]["images_per_second"],
        "role": "active",
    }
    assert told["efficientnet-lite0"]["images_per_second"] > 0
    assert (told["vgg16"]["state"], told["vgg16"]["d"]) == ("available", 4096)
    text = filled_cli.run("backbones").output
    assert len(text.splitlines()) == len(told)
    assert "528 MB" in text


def test_a_backbone_is_imported_and_used(filled_cli, tmp_path):
    entry = backbone("mobilenet-v3-small")
    file = generated_weights.write(entry, tmp_path)
    imported = filled_cli.run("backbones", "import", entry.name, file, "--json")
    assert (imported.status, imported.object["state"]) == (0, "ready")
    used = filled_cli.run("backbones", "use", entry.name, "--json")
    assert (used.status, used.object["role"]) == (0, "active")
    assert filled_cli.run("status", "--json").object["backbone"] == entry.name
    refused = filled_cli.run("backbones", "import", "vgg16", file)
    assert refused.status == 1
    assert "features.0.weight" in refused.messages  # the first entry that differs
    assert len(refused.messages.splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("backbones", "use", "abacus"), 1),
        (("backbones", "use", "resnet152"), 1),
        (("backbones", "download", "efficientnet-lite0"), 0),  # it is here already
        (("backbones", "import", "vgg16", "none.pth"), 1),
        (("backbones", "import", "vgg16"), 2),
        (("backbones", "dance"), 2),
    ],
)
def test_backbones_that_cannot_be_had(cli, arguments, status):
    outcome = cli.run(*arguments)
    assert outcome.status == status
    assert bool(outcome.output) == (status == 0)
    assert bool(outcome.messages) == (status != 0)


def test_benchmark(filled_cli, tmp_path):
    *rates, last = filled_cli.run("benchmark", "-n", "20", "--json").objects
    assert [rate["stage"] for rate in rates] == ["disk", "decoding", "network", "together"]
    assert all(rate["images_per_second"] > 0 for rate in rates)
    slowest = min(rates[:3], key=lambda rate: rate["images_per_second"])
    assert last == {"bottleneck": slowest["stage"]}
    assert "bottleneck" in filled_cli.run("benchmark", "-n", "5").output
    empty = CommandLine(tmp_path / "empty").run("benchmark")
    assert empty.status == 1
    assert "gallery-search index" in empty.messages


# --- names, usage and what stands in the way ------------------------------------------------------


@on_posix
def test_undecodable_names_are_surrogate_escapes(cli, tmp_path):
    folder = tmp_path / "photos"
    photo = draw_gallery(folder, 3)[0]
    try:
        os.rename(os.fsencode(photo), os.fsencode(folder) + b"/caf\xe9.jpg")
    except OSError:
        pytest.skip("this file system takes only valid names")
    name = os.fsdecode(os.fsencode(folder) + b"/caf\xe9.jpg")
    assert cli.run("index", folder, "--json").object["indexed"] == 3
    found = cli.run("search", os.fsencode(name), "--json")
    assert "\\udce9" in found.output
    assert found.object["query"] == name
    assert found.object["results"][0]["path"] == name
    text = cli.run("search", os.fsencode(name))
    assert "caf�.jpg" in text.output


@pytest.mark.parametrize(
    "arguments",
    [
        ("index",),
        ("search",),
        ("search", "x.jpg", "-n", "0"),
        ("search", "x.jpg", "-n", "many"),
        ("status", "--device", "abacus"),
        ("dance",),
    ],
)
def test_wrong_usage(cli, arguments):
    outcome = cli.run(*arguments)
    assert (outcome.status, outcome.output) == (2, "")
    assert "usage:" in outcome.messages


def test_an_unknown_backbone(cli):
    outcome = cli.run("status", "--backbone", "abacus")
    assert (outcome.status, outcome.output) == (1, "")
    assert is_sentence(outcome.messages.replace(". Choose", ", choose"))


def test_a_library_that_cannot_be_a_folder(tmp_path):
    (tmp_path / "file").write_text("in the way")
    for library in (tmp_path / "file", tmp_path / "file" / "below"):
        outcome = CommandLine(library).run("status", "--json")
        assert (outcome.status, outcome.output) == (1, "")
        assert "\n" not in outcome.messages.strip()
        assert str(library) in outcome.messages


def test_a_damaged_catalogue_gets_a_sentence(cli):
    content = b"no database " * 1000
    cli.library.joinpath("catalogue.db").write_bytes(content)
    outcome = cli.run("status", "--json")
    assert outcome.status == 0
    assert outcome.object["photos"] == 0
    assert "\n" not in outcome.messages.strip()
    assert "damaged" in outcome.messages
    (kept,) = cli.library.glob("catalogue-damaged-*.db")
    assert kept.read_bytes() == content
    assert cli.run("status", "--json").messages == ""


# --- ends of all kinds --------------------------------------------------------------------------


@on_posix
def test_interrupted_by_the_user(cli, tmp_path):
    write_backlog(tmp_path / "photos", 1200)
    # A terminal sends Ctrl+C to the whole group: the program and all that it has started.
    process = cli.start("index", tmp_path / "photos", "--json", start_new_session=True)
    wait_until(lambda: indexed_count(cli.library) >= 50)
    children = psutil.Process(process.pid).children(recursive=True)
    os.killpg(process.pid, signal.SIGINT)
    outcome = finish(process, 15)
    assert (outcome.status, outcome.output) == (130, "")
    assert outcome.messages == "Stopped. What was indexed is kept; start again to go on.\n"
    assert not [child for child in children if child.is_running()]
    assert_intact(cli.library)
    kept = indexed_count(cli.library)
    assert 50 <= kept < 1200
    again = cli.run("index", tmp_path / "photos", "--json").object
    assert (again["indexed"], again["unchanged"], again["failed"]) == (1200 - kept, kept, 0)


@on_posix
def test_killed_while_indexing(cli, tmp_path):
    write_backlog(tmp_path / "photos", 600)
    process = cli.start("index", tmp_path / "photos", "--json")
    wait_until(lambda: indexed_count(cli.library) >= 50)
    children = psutil.Process(process.pid).children(recursive=True)
    assert children
    process.kill()
    process.communicate()
    _, alive = psutil.wait_procs(children, timeout=5)
    assert not alive
    kept = indexed_count(cli.library)
    again = cli.run("index", tmp_path / "photos", "--json").object
    assert again["indexed"] + again["unchanged"] == 600
    assert 600 - kept <= again["indexed"] < 600
    assert again["failed"] == 0
    assert_intact(cli.library)


@on_posix
def test_a_reader_that_has_seen_enough(filled_cli, indexed):
    process = filled_cli.start("search", *indexed.photos, "--json")
    line = process.stdout.readline()
    process.stdout.close()
    process.stdout = None
    _, messages = process.communicate(timeout=30)
    assert json.loads(line)["query"] == str(indexed.photos[0])
    assert messages == b""
    assert process.returncode == 0


# --- what is imported ---------------------------------------------------------------------------

REPORT = """
import sys
from gallery_search.__main__ import main
status = main(sys.argv[1:])
heavy = ("torch", "torchvision", "timm", "PySide6", "PIL", "annoy")
print(*(name for name in heavy if name in sys.modules), file=sys.stderr)
sys.exit(status)
"""


def test_search_imports_no_torch_and_no_qt(indexed):
    outcome = subprocess.run(
        [
            sys.executable,
            "-c",
            REPORT,
            "--json",
            "--library",
            indexed.root,
            "search",
            indexed.photos[0],
        ],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert json.loads(outcome.stdout)["results"]
    assert outcome.stderr.split() == ["annoy"] or outcome.stderr.split() == []


def test_the_pipeline_imports_nothing_heavy():
    code = "import sys, gallery_search.pipeline.library; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    ).stdout.split()
    assert "gallery_search.pipeline.worker" in loaded
    assert not {"torch", "torchvision", "timm", "PySide6", "PIL", "openvino"} & set(loaded)
