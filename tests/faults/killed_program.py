# SPDX-License-Identifier: MIT
"""The program as a process that marks the phases of its work, and may kill itself between two.

    killed_program.py MARKS MOMENT ARGUMENTS...

runs `gallery_search ARGUMENTS...`, or with `watch LIBRARY` a library that watches its folders,
`remove LIBRARY` one that forgets its first folder, `use LIBRARY NAME` one that switches to another
network. MOMENT is a boundary of `phases`, or "" for none. Only marks are added to the program, and
indices are built after a few changes already.
"""

import functools
import importlib
import os
import signal
import sys
import threading
from pathlib import Path

from phases import Marks, boundary

from gallery_search import __main__
from gallery_search.index import annoy_index

IDLE_CHANGES = 12  # instead of 256 photos, so that every start may build an index

# Where each phase begins and ends: module, class or "", function.
STEPS = {
    "migrating": ("catalogue.database", "", "open_database"),
    "opening": ("pipeline.storing.space", "Space", "load"),
    "scanning": ("pipeline.watching.listing", "", "list_directory"),
    "comparing": ("pipeline.intake.reconcile", "", "reconcile"),
    "decoding": ("imaging.child", "DecoderChild", "decode"),
    "embedding": ("pipeline.backbones.network", "Network", "embed"),
    "writing": ("pipeline.storing.shelf", "Shelf", "put"),
    "embeddings written": ("pipeline.storing.space", "Space", "put"),
    "building": ("pipeline.storing.index_builder", "IndexBuilder", "_build"),
    "swapping": ("index.annoy_index", "AnnoyIndex", "swap_in"),
    "backing up": ("pipeline.upkeep.caretaker", "Caretaker", "_run"),
    "saving settings": ("settings", "", "save"),
    "replacing a file": ("durable", "", "replace"),
    "switching": ("pipeline.backbones.switching", "Switching", "_take_over"),
    "sweeping": ("pipeline.storing.shelf", "Shelf", "sweep"),
    "converting": ("embedding.conversion", "", "_prepare"),
    "importing": ("embedding.weights", "", "import_file"),
}


def mark(marks: Marks, moment: str) -> None:
    """Wrap the functions of all phases."""
    importlib.import_module("gallery_search.pipeline.commands")  # brings all of the pipeline

    def wrap(phase: str, function):
        @functools.wraps(function)
        def marked(*arguments, **options):
            if moment == boundary(phase, marks.enter(phase), is_end=False):
                os.kill(os.getpid(), signal.SIGKILL)
            try:
                result = function(*arguments, **options)
            finally:
                if moment == boundary(phase, marks.left(phase) + 1, is_end=True):
                    os.kill(os.getpid(), signal.SIGKILL)
                marks.leave(phase)
            if phase == "embedding":
                marks.note_embedded(len(result))
            return result

        return marked

    for phase, (module_name, class_name, name) in STEPS.items():
        place = importlib.import_module(f"gallery_search.{module_name}")
        if class_name:
            place = getattr(place, class_name)
        function = getattr(place, name)
        marked = wrap(phase, function)
        setattr(place, name, marked)
        for module in [m for n, m in sys.modules.items() if n.startswith("gallery_search.")]:
            if getattr(module, name, None) is function:  # where it was imported by name
                setattr(module, name, marked)


def work(root: Path, task: str, arguments: list[str]) -> None:
    """Open a library as the window does, have it do something, and stay until killed."""
    from gallery_search.paths import LibraryPaths
    from gallery_search.pipeline.library import Library
    from gallery_search.pipeline.sharing.owner import Ownership

    _ownership = Ownership(LibraryPaths(root))
    library = Library(root, device="cpu")
    library.start()
    if task == "remove":
        library.remove_folder(1)
    elif task == "use":
        library.use_backbone(arguments[0])
    threading.Event().wait()


if __name__ == "__main__":
    _, marks_file, moment, *arguments = sys.argv
    mark(Marks(Path(marks_file)), moment)
    annoy_index._IDLE_CHANGES = IDLE_CHANGES
    if arguments[0] in ("watch", "remove", "use"):
        work(Path(arguments[1]), arguments[0], arguments[2:])
    sys.exit(__main__.main(arguments))
