# SPDX-License-Identifier: MIT
"""How many faults a campaign injects, and the ledger of what became of the photos.

CI runs a small number of faults; `packaging/test.py --long` the full one, and `--long 20` twenty
times that, for hours.
"""

import os
from dataclasses import dataclass, field

FACTOR = int(os.environ.get("GALLERY_SEARCH_LONG") or 0)


def size(ci: int, full: int) -> int:
    """The number of faults to inject, or of seconds to go on."""
    return full * FACTOR if FACTOR else ci


@dataclass(slots=True)
class Entry:
    """What one campaign did.

    Attributes:
        faults: how many were injected.
        at_risk: photos that each of them could have lost, summed over the faults.
        lost: photos of which the library knew less after a fault than it must.
        repeated: embeddings computed again beyond the batch that was in flight.
        notes: measured figures by name, with their units.
    """

    faults: int = 0
    at_risk: int = 0
    lost: int = 0
    repeated: int = 0
    notes: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Ledger:
    """The entries of a run, by campaign."""

    entries: dict[str, Entry] = field(default_factory=dict)

    def entry(self, campaign: str) -> Entry:
        """The entry of a campaign, to be added to."""
        return self.entries.setdefault(campaign, Entry())

    def lines(self) -> list[str]:
        """The ledger as a table."""
        head = f"{'campaign':<28}{'faults':>10}{'at risk':>12}{'lost':>8}{'repeated':>10}"
        rows = [
            f"{name:<28}{e.faults:>10,}{e.at_risk:>12,}{e.lost:>8,}{e.repeated:>10,}"
            + "".join(f"  {what}: {figure}" for what, figure in e.notes.items())
            for name, e in self.entries.items()
        ]
        return [head, *rows] if rows else []
