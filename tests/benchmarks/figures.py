# SPDX-License-Identifier: MIT
"""Measured figures beside their targets: a table for people, JSON for machines."""

import math
import os
import platform
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure.

    Attributes:
        name: what was measured.
        value: in `unit`.
        unit: "x" for a ratio within one run.
        at_least, at_most: the target; a figure without one is for information.
        parts: what the figure is made of, such as both sides of a ratio.
    """

    name: str
    value: float
    unit: str
    at_least: float | None = None
    at_most: float | None = None
    parts: dict[str, float] = field(default_factory=dict)

    @property
    def of_target(self) -> float | None:
        """How far the target is reached: 1 or more where it is met; None without one."""
        if self.at_least is not None:
            return self.value / self.at_least
        if self.at_most is not None:
            return self.at_most / self.value if self.value > 0 else math.inf
        return None

    def is_met(self, slack: float = 1.0) -> bool:
        """Whether the target is reached, or missed by no more than a factor."""
        return self.of_target is None or self.of_target * slack >= 1.0


def machine() -> dict[str, object]:
    """What the figures were measured on, and what else it had to do at their end."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "system": platform.platform(),
        "python": sys.version.split()[0],
        "load": load,
    }


def as_json(figures: Sequence[Figure]) -> dict[str, object]:
    """All figures, and the machine."""
    rows = [asdict(figure) | {"of_target": figure.of_target} for figure in figures]
    return {"machine": machine(), "figures": rows}


def table(figures: Iterable[Figure]) -> str:
    """The figures in Markdown."""
    lines = ["| figure | measured | target | of the target | made of |", "|---|---|---|---|---|"]
    for figure in figures:
        cells = (
            figure.name,
            f"{figure.value:.4g} {figure.unit}",
            _target(figure),
            "" if figure.of_target is None else f"{figure.of_target:.2f}",
            ", ".join(f"{name} {value:.4g}" for name, value in figure.parts.items()),
        )
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _target(figure: Figure) -> str:
    if figure.at_least is not None:
        return f"≥ {figure.at_least:g}"
    return "" if figure.at_most is None else f"≤ {figure.at_most:g}"


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="ascii") as file:
            fields = dict(line.split(":", 1) for line in file if ":" in line)
    except OSError:
        return platform.processor() or platform.machine()
    named = {name.strip(): value.strip() for name, value in fields.items()}
    avx = "AVX-512" if "avx512f" in named.get("flags", "") else "AVX2"
    return f"{named.get('model name', platform.machine())} with {avx}"
