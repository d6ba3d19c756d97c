# SPDX-License-Identifier: MIT
"""Any byte of an index, a converted network or a note of measurements changed or cut."""

import contextlib
import logging
import os
import shutil
import signal
import subprocess
import sys

import numpy as np
import pytest
from campaign import size
from file_damage import harm
from kept_library import PHOTOS, build_index
from open_library import OpenLibrary, assert_intact, query, revisions, wait_until

from gallery_search.catalogue.embeddings import EmbeddingStore
from gallery_search.embedding import measurements, prepared
from gallery_search.embedding.backbones import BACKBONES
from gallery_search.index import manifest
from gallery_search.index.annoy_index import AnnoyIndex
from gallery_search.pipeline.upkeep import checks
from gallery_search.processes import Message

LITE0 = BACKBONES[0]
MUTATIONS = size(1000, 10_000) // 5


def open_index(folder):
    return AnnoyIndex.open(folder, LITE0.name, LITE0.recipe, LITE0.dimension)


@pytest.fixture
def queries(kept):
    with contextlib.closing(
        EmbeddingStore.open(kept.paths.embeddings, LITE0.name, LITE0.recipe)
    ) as store:
        (rows,) = list(store.live_by_id())
    return rows.embeddings[:3].astype(np.float32)


@pytest.fixture
def only_ends_are_read(monkeypatch):
    """A start takes every file for a large one."""
    monkeypatch.setattr(manifest, "_WHOLE_BYTES", 0)
    monkeypatch.setattr(manifest, "_END_BYTES", 16)


def index_files(folder):
    return sorted(path for path in folder.iterdir() if path.stat().st_size and path.suffix)


# --- the index ------------------------------------------------------------------------------------


def test_any_damage_to_an_index(kept, queries, tmp_path, ledger):
    """It is as it was, or it is none, and then made anew."""
    folder = kept.paths.index(LITE0.name)
    with contextlib.closing(open_index(folder)) as index:
        expected = [index.search(query, PHOTOS).photo_ids.tolist() for query in queries]
        assert len(index) == PHOTOS
    files = index_files(folder)
    assert len(files) == len(manifest.PARTS) + 1
    copy, found = tmp_path / "copy", 0
    for number in range(MUTATIONS):
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(folder, copy)
        harm(copy / files[number % len(files)].name, number)
        with contextlib.closing(open_index(copy)) as index:
            if len(index) == 0:
                found += 1
                continue
            assert [index.search(q, PHOTOS).photo_ids.tolist() for q in queries] == expected
    entry = ledger.entry("damaged indexes")
    entry.faults += MUTATIONS
    entry.notes["found"] = str(found)
    assert found > 0.95 * MUTATIONS  # the rest changed the spaces of the manifest


def test_any_damage_deep_inside_a_large_index_is_found_when_it_is_read(
    kept, tmp_path, only_ends_are_read, ledger
):
    folder = kept.paths.index(LITE0.name)
    build_index_here(kept)
    files = [path for path in index_files(folder) if path.name != "manifest.json"]
    assert manifest.damaged_part(folder) is None
    for number in range(MUTATIONS // 2):
        path = files[number % len(files)]
        content = bytearray(path.read_bytes())
        place = np.random.default_rng(number).integers(16, len(content) - 16)
        content[place] ^= 1 << number % 8
        copy = tmp_path / "copy"
        shutil.copytree(folder, copy)
        (copy / path.name).write_bytes(content)
        manifest.read(copy)  # a start does not see it
        assert manifest.damaged_part(copy) == f"{path.name} is damaged"
        shutil.rmtree(copy)
    ledger.entry("damage inside large indexes").faults += MUTATIONS // 2


def build_index_here(kept):
    """With the fingerprints of a large index, as the child process knows of no patch."""
    from gallery_search.index import build

    with contextlib.closing(
        EmbeddingStore.open(kept.paths.embeddings, LITE0.name, LITE0.recipe)
    ) as store:
        build.build(
            kept.paths.index(LITE0.name),
            backbone=LITE0.name,
            recipe=LITE0.recipe,
            dimension=LITE0.dimension,
            rows=((rows.photo_ids, rows.embeddings) for rows in store.live_by_id()),
            count=store.live_count(),
            revision=store.last_revision(),
        )


class ChildHere:
    """The work of the child in this process, where the limits are those of the test."""

    def __init__(self, module):
        assert module == checks.__name__

    def ask(self, head, parts=(), *, timeout_s):
        return checks._handle(Message(head, parts))

    def kill(self):
        pass

    def close(self):
        pass


@pytest.mark.parametrize("part", [manifest.MATRIX, manifest.FOREST])
def test_a_damaged_index_is_built_anew_while_searches_go_on(
    kept, part, only_ends_are_read, monkeypatch, caplog
):
    """The check soon after a start finds it, the forest is let go, and a build follows."""
    build_index_here(kept)
    folder = kept.paths.index(LITE0.name)
    before = manifest.read(folder)
    path = before.path(folder, part)
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 0x40
    path.write_bytes(content)
    monkeypatch.setattr("gallery_search.pipeline.upkeep.caretaker.Child", ChildHere)
    with caplog.at_level(logging.WARNING), OpenLibrary(kept.root) as opened:
        opened.wait_idle(PHOTOS)
        assert (folder / "unchecked").exists()
        opened.library.take_care()
        monkeypatch.undo()  # before the builder, which takes this index for a small one, is done
        for path in kept.photos[:3]:
            assert opened.search(path).hits[0].path == str(path)
        wait_until(lambda: not (folder / "unchecked").exists())  # the new one is in use
        for path in kept.photos[:3]:
            assert opened.search(path).hits[0].path == str(path)
    assert "is built anew" in caplog.text
    assert manifest.damaged_part(folder) is None
    assert manifest.read(folder).generation != before.generation


def test_after_a_kill_a_large_index_is_read_before_it_is_used(kept, tmp_path, only_ends_are_read):
    """As it may have been the index that ended the program."""
    build_index_here(kept)
    folder = kept.paths.index(LITE0.name)
    program = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from gallery_search.index import manifest\n"
        "from gallery_search.index.annoy_index import AnnoyIndex\n"
        "manifest._WHOLE_BYTES, manifest._END_BYTES = 0, 16\n"
        f"index = AnnoyIndex.open(Path({str(folder)!r}), {LITE0.name!r}, {LITE0.recipe},"
        f" {LITE0.dimension})\n"
        f"assert len(index) == {PHOTOS}\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    status = subprocess.run([sys.executable, "-c", program], check=False).returncode
    assert status == -signal.SIGKILL
    path = manifest.read(folder).path(folder, manifest.FOREST)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with contextlib.closing(open_index(folder)) as index:
        assert len(index) == 0
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with contextlib.closing(open_index(folder)) as index:
        assert len(index) == PHOTOS
    assert not (folder / "unchecked").exists()


def test_the_check_after_a_start_clears_the_index(kept, only_ends_are_read):
    build_index_here(kept)
    folder = kept.paths.index(LITE0.name)
    with contextlib.closing(open_index(folder)) as index:
        assert (folder / "unchecked").exists()
        index.trust()
        assert not (folder / "unchecked").exists()


# --- rows of the stores in the whole program ------------------------------------------------------


def replace_in(path, old, new):
    content = path.read_bytes()
    assert content.count(old) == 1
    path.write_bytes(content.replace(old, new))


def test_a_thumbnail_with_a_changed_byte_is_made_anew(kept, caplog):
    with OpenLibrary(kept.root) as opened:
        opened.wait_idle(PHOTOS)
        photo_id = opened.paths()[str(kept.photos[4])]
        jpeg = opened.thumbnail(photo_id)
    part = jpeg[800:840]  # within one page
    replace_in(kept.paths.thumbnails, part, part[:20] + bytes([part[20] ^ 8]) + part[21:])
    with OpenLibrary(kept.root) as opened:
        opened.wait_idle(PHOTOS)
        assert opened.thumbnail(photo_id) is None
        opened.events.wait_for(
            lambda events: any(photo_id in getattr(e, "changed", ()) for e in events)
        )
        assert opened.thumbnail(photo_id) == jpeg
    assert "is damaged and is made anew" in caplog.text


def test_an_embedding_with_a_changed_byte_is_made_anew(kept, caplog):
    with contextlib.closing(
        EmbeddingStore.open(kept.paths.embeddings, LITE0.name, LITE0.recipe)
    ) as store:
        (rows,) = list(store.live_by_id())
    before = revisions(kept.root)
    part = rows.embeddings[7].tobytes()[100:140]
    replace_in(kept.paths.embeddings, part, part[:20] + bytes([part[20] ^ 0x80]) + part[21:])
    shutil.rmtree(kept.paths.index(LITE0.name))
    kept.paths.backups.joinpath("last-check").unlink()
    photo_id = int(rows.photo_ids[7])
    with OpenLibrary(kept.root) as opened:
        opened.library.take_care()
        opened.wait_idle(PHOTOS)
        path = next(path for path, i in opened.paths().items() if i == photo_id)
        # Taking the damaged one out changes its revision, too.
        live = f"SELECT 1 FROM embeddings WHERE is_live AND photo_id = {photo_id}"
        newer = f"{live} AND revision > {max(before.values())}"
        opened.events.wait_for(lambda _: query(kept.root / "embeddings.db", newer))
        hit = opened.similar(photo_id).hits[0]
        assert (hit.path, hit.photo_id) == (path, photo_id)
        assert hit.similarity == pytest.approx(1.0, abs=1e-3)
    assert "are damaged" in caplog.text
    after = revisions(kept.root)
    assert {i for i in before if after[i] != before[i]} == {photo_id}
    assert_intact(kept.root)


# --- networks and measurements --------------------------------------------------------------------


def test_any_damage_to_a_converted_network_is_found(kept, ledger):
    """A changed weight would embed falsely for ever."""
    files = prepared.locate(LITE0, kept.paths.models)
    assert files.damaged() == []
    parts = [files.network, files.network.with_suffix(".bin"), files.references, files.sums]
    contents = {path: path.read_bytes() for path in parts}
    for number in range(MUTATIONS // 4):
        path = parts[number % len(parts)]
        harm(path, number)
        damaged = files.damaged()
        assert damaged == [path] or (path == files.sums and damaged), number
        path.write_bytes(contents[path])
    assert files.damaged() == []
    ledger.entry("damaged networks").faults += MUTATIONS // 4


@pytest.mark.network_model
def test_a_network_with_a_changed_weight_is_converted_anew(kept, caplog):
    files = prepared.locate(LITE0, kept.paths.models)
    weights = files.network.with_suffix(".bin")
    with weights.open("r+b") as file:
        file.seek(weights.stat().st_size // 2)
        byte = file.read(1)
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte[0] ^ 0x40]))
    shutil.rmtree(kept.paths.models / "compiled")  # from which the network is loaded otherwise
    with OpenLibrary(kept.root) as opened:
        photo = kept.photos[0]
        assert opened.search(photo, timeout_s=100).hits[0].similarity > 0.999
    assert f"damaged, and made anew: {weights}" in caplog.text
    assert files.damaged() == []


def test_any_damage_to_the_measurements(kept):
    path = kept.paths.models / "measurements.json"
    kept_before = measurements.measured(LITE0, kept.paths.models)
    assert kept_before
    content = path.read_bytes()
    for number in range(MUTATIONS):
        harm(path, number)
        found = measurements.measured(LITE0, kept.paths.models)
        assert found in (kept_before, ())
        path.write_bytes(content)


def test_an_index_as_a_child_builds_it_is_sound(kept):
    build_index(kept)
    assert manifest.damaged_part(kept.paths.index(LITE0.name)) is None
