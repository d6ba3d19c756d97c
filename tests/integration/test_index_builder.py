# SPDX-License-Identifier: MIT
"""The child that builds an index: its limit of memory, and what is told where it is too little."""

import queue
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from gallery_search.catalogue.embeddings import EmbeddingStore
from gallery_search.embedding.backbones import BACKBONES
from gallery_search.pipeline.storing.index_builder import IndexBuilder

BACKBONE = BACKBONES[0]

IN_A_CHILD = """
import re
import sys
from pathlib import Path
from gallery_search.pipeline.storing import index_builder
from gallery_search.processes import Message
taken_kb = re.search(r"VmData:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]
index_builder.MEMORY_BYTES = int(sys.argv[1]) + 1024 * int(taken_kb)
print(index_builder._handle(Message({
    "backbone": sys.argv[2], "embeddings": sys.argv[3], "folder": sys.argv[4]
})).head)
"""


@pytest.fixture
def embeddings(tmp_path: Path) -> Path:
    path = tmp_path / "embeddings.db"
    store = EmbeddingStore.open(path, BACKBONE.name, BACKBONE.recipe)
    rng = np.random.default_rng(1)
    with store.transaction():
        for photo_id in range(1, 3_001):
            row = rng.standard_normal(BACKBONE.dimension).astype(np.float32)
            store.put(photo_id, row / np.linalg.norm(row), bytes(16))
    store.close()
    return path


def test_a_build_by_a_child(embeddings, tmp_path):
    folder = tmp_path / "index"
    builder = IndexBuilder(BACKBONE, embeddings, folder)
    outcome: queue.SimpleQueue[bool] = queue.SimpleQueue()
    builder.start(outcome.put)
    assert outcome.get(timeout=110)
    builder.finish()
    assert (folder / "manifest.json").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="RLIMIT_DATA holds on Linux")
@pytest.mark.parametrize(("free_bytes", "is_enough"), [(1 << 20, False), (1 << 30, True)])
def test_a_build_stays_within_its_memory(embeddings, tmp_path, free_bytes, is_enough):
    """What the process has taken by then is not counted, as that differs between computers."""
    folder = tmp_path / "index"
    done = subprocess.run(
        [sys.executable, "-c", IN_A_CHILD, str(free_bytes), BACKBONE.name, embeddings, folder],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert ("error" not in done.stdout) == is_enough, done.stdout
    assert (folder / "manifest.json").exists() == is_enough
    if not is_enough:
        assert "it needs more memory than" in done.stdout
