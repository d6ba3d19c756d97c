# SPDX-License-Identifier: MIT
"""`export --embeddings`: what NumPy reads from the file, alone and beside an open library."""

import contextlib
import os
import shutil
import sqlite3

import numpy as np
import pytest
from command_line import CommandLine, is_sentence
from drawn_photos import draw, write
from open_library import OpenLibrary

from gallery_search.catalogue.embeddings import EmbeddingStore
from gallery_search.embedding.backbones import BACKBONES
from gallery_search.errors import ExternalError
from gallery_search.paths import LibraryPaths
from gallery_search.pipeline import commands
from gallery_search.pipeline.export import export_embeddings
from gallery_search.pipeline.sharing.owner import Ownership

pytestmark = pytest.mark.network_model


def read(file):
    with np.load(file, allow_pickle=False) as stored:
        return {name: stored[name] for name in stored.files}


def stored(root, photo_id):
    spec = BACKBONES[0]
    store = EmbeddingStore.open_for_reading(root / "embeddings.db", spec.name, spec.recipe)
    try:
        return store.get(photo_id)
    finally:
        store.close()


@pytest.mark.parametrize("precision", ["float16", "float32"])
def test_all_embeddings_with_their_paths(indexed, tmp_path, precision):
    file = tmp_path / "out.npz"
    cli = CommandLine(indexed.root)
    told = cli.run("export", "--embeddings", file, "--precision", precision, "--json").object
    assert told == {
        "file": str(file),
        "photos": 60,
        "d": 1024,
        "dtype": precision,
        "backbone": "efficientnet-lite0",
        "recipe": BACKBONES[0].recipe,
        "bytes": file.stat().st_size,
    }
    found = read(file)
    assert set(found) == {
        *("embeddings", "paths", "photo_ids", "backbone", "recipe", "version", "made_at"),
    }
    assert found["embeddings"].dtype == precision
    assert sorted(found["paths"].tolist()) == sorted(map(str, indexed.photos))
    np.testing.assert_allclose(
        np.linalg.norm(found["embeddings"].astype(np.float32), axis=1), 1, atol=2e-3
    )
    for row in (0, 59):
        expected = stored(indexed.root, int(found["photo_ids"][row]))
        np.testing.assert_array_equal(found["embeddings"][row], expected.astype(precision))
    assert (str(found["backbone"]), int(found["recipe"])) == (told["backbone"], told["recipe"])
    assert not list(tmp_path.glob("*.part"))


def test_a_program_that_has_the_library_open_answers(indexed, tmp_path):
    ownership = Ownership(LibraryPaths(indexed.root))
    try:
        with OpenLibrary(indexed.root) as library:
            library.wait_idle(60)
            ownership.serve(lambda request: commands.run(library.library, request))
            outcome = CommandLine(indexed.root).run(
                "export", "--embeddings", "out.npz", "--backbone", BACKBONES[0].name, cwd=tmp_path
            )
            ownership.finish()
    finally:
        ownership.release()
    assert (outcome.status, outcome.messages) == (0, "")
    assert "60 photos by efficientnet-lite0" in outcome.output
    assert len(read(tmp_path / "out.npz")["paths"]) == 60


def test_progress_is_told(indexed, tmp_path):
    exported = export_embeddings(
        LibraryPaths(indexed.root), BACKBONES[0], str(tmp_path / "out.npz"), "float16"
    )
    assert next(exported)["progress"] == {"activity": "exporting", "done": 60, "total": 60}
    assert [answer["photos"] for answer in exported] == [60]


def test_paths_that_are_no_text(library_root, tmp_path):
    folder = tmp_path / "photos"
    folder.mkdir()
    name = os.fsdecode(b"caf\xe9.jpg")
    try:
        write(folder / "plain.jpg", draw(1))
        shutil.copy2(folder / "plain.jpg", folder / name)
    except OSError:
        pytest.skip("this file system takes no such names")
    cli = CommandLine(library_root)
    cli.run("index", folder)
    assert cli.run("export", "--embeddings", tmp_path / "out.npz").status == 0
    paths = read(tmp_path / "out.npz")["paths"].tolist()
    assert sorted(paths) == sorted([str(folder / "plain.jpg"), str(folder / name)])


def test_what_cannot_be_written_leaves_what_was_there(indexed, tmp_path):
    paths = LibraryPaths(indexed.root)
    with pytest.raises(ExternalError, match="was not written"):
        list(export_embeddings(paths, BACKBONES[0], str(tmp_path / "no" / "a.npz"), "float16"))
    before = tmp_path / "before.npz"
    before.write_bytes(b"mine")
    begun = export_embeddings(paths, BACKBONES[0], str(before), "float16")
    next(begun)
    begun.close()  # as when whoever asked is gone
    assert before.read_bytes() == b"mine"
    assert not list(tmp_path.glob("*.part"))


def test_two_exports_at_once_and_a_file_of_the_users_beside(indexed, tmp_path):
    paths, file, mine = LibraryPaths(indexed.root), tmp_path / "a.npz", tmp_path / "a.npz.part"
    mine.write_bytes(b"mine")
    first = export_embeddings(paths, BACKBONES[0], str(file), "float16")
    next(first)
    second = list(export_embeddings(paths, BACKBONES[0], str(file), "float16"))
    assert list(first)[-1]["photos"] == second[-1]["photos"] == len(read(file)["paths"]) == 60
    assert mine.read_bytes() == b"mine"
    assert sorted(tmp_path.glob("a.*")) == [file, mine]


def test_a_damaged_embedding_is_left_out(indexed, tmp_path):
    database = sqlite3.connect(indexed.root / "embeddings.db")
    with contextlib.closing(database), database:
        (photo_id,) = database.execute("SELECT max(photo_id) FROM embeddings").fetchone()
        database.execute(
            "UPDATE embeddings SET checksum = checksum + 1 WHERE photo_id = ?", (photo_id,)
        )
    exported = list(
        export_embeddings(
            LibraryPaths(indexed.root), BACKBONES[0], str(tmp_path / "a.npz"), "float16"
        )
    )
    assert "damaged: 1." in exported[0]["warning"]
    assert exported[-1]["photos"] == 59
    found = read(tmp_path / "a.npz")
    assert len(found["paths"]) == len(found["photo_ids"]) == 59
    assert photo_id not in found["photo_ids"]
    np.testing.assert_allclose(
        np.linalg.norm(found["embeddings"].astype(np.float32), axis=1), 1, atol=2e-3
    )


def test_a_network_that_has_embedded_nothing(indexed, tmp_path):
    file = tmp_path / "out.npz"
    outcome = CommandLine(indexed.root).run(
        "export", "--embeddings", file, "--backbone", "vgg16", "--json"
    )
    assert (outcome.status, outcome.output) == (1, "")
    assert is_sentence(outcome.messages)
    assert not file.exists()
