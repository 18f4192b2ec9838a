"""What was measured, and the table of it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

MANY = 10
"""So many figures have a 95th percentile."""

TO_REACH = {
    "choose → painted": 1_000, "first paint": 2_000, "zoom → detail, p95": 150, "one zoom sends": 300,
    "pointer → painted, p95": 40, "gzipped": 450,
    "notebook gains, all rows of a room": 300, "notebook gains, its ratings": 300,
}  # fmt: skip


@dataclass
class Figures:
    """What was measured of one side: milliseconds, and kB."""

    name: str
    took: dict[str, list[float]] = field(default_factory=dict)

    def add(self, work: str, figure: float) -> None:
        self.took.setdefault(work, []).append(figure)


def report(work: str, sides: list[Figures]) -> None:
    """Print a table: each side, the ratio of the first two, and what is to be reached."""
    sides = [one for one in sides if one.took]
    print(f"\n{work}")
    names = "".join(f"{one.name:>18}" for one in sides)
    print(f"{'':44}{'':>10}{names}{'ratio':>8}{'to reach':>12}", flush=True)
    for name, first in sides[0].took.items():
        few = len(first) < MANY
        for label, share in (("", 50),) if len(first) == 1 else (("median", 50), ("p95", 95)):
            held = [one.took.get(name) for one in sides]
            figures = [float(np.percentile(one, share)) if one else None for one in held]
            ratio = f"{figures[0] / figures[1]:.2f}" if len(figures) > 1 and figures[1] else ""
            goal = TO_REACH.get(name) if label != "median" or few else None
            unit = "ms" if "→" in name or "paint" in name else "kB"
            cells = "".join(f"{'':>18}" if one is None else f"{one:>15,.0f} {unit}" for one in figures)
            reach = f"{goal:,} {unit}" if goal else ""
            print(f"{name.removesuffix(', p95'):44}{label:>10}{cells}{ratio:>8}{reach:>12}", flush=True)
