"""A claim, what was measured for it, and how both are shown and kept."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True, slots=True)
class Claim:
    """One figure of ours beside its peer's; each list holds one value a round, in *unit*, in the same order.

    *target* is the ratio ours/peer that we hold ourselves to (without a peer: the figure itself), as a least
    value or, with *at_most*, as the most.
    """

    words: str
    unit: str
    ours: Sequence[float]
    peer: Sequence[float] | None
    target: float | None = None
    at_most: bool = False

    def ratio(self) -> float | None:
        """Return the median of ours over the median of the peer's, or None without a peer."""
        return median(self.ours) / median(self.peer) if self.peer else None

    def met(self) -> bool | None:
        """Tell whether the target is met, or None when there is none."""
        figure = self.ratio() if self.peer else median(self.ours)
        if self.target is None or figure is None:
            return None
        return figure <= self.target if self.at_most else figure >= self.target

    def row(self) -> dict[str, Any]:
        """Return the claim as it stands in ``results/``; ``runs`` is how many rounds the medians are of."""
        ratio = self.ratio()
        return {
            "claim": self.words,
            "ours": round(median(self.ours), 4),
            "peer": round(median(self.peer), 4) if self.peer else None,
            "ratio": None if ratio is None else round(ratio, 4),
            "unit": self.unit,
            "runs": len(self.ours),
        }


def keep(name: str, claims: Sequence[Claim]) -> Path:
    """Write the claims to ``results/<name>.json``."""
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{name}.json"
    path.write_text(json.dumps([claim.row() for claim in claims], indent=2) + "\n", "utf-8")
    return path


def show(console: Console, title: str, claims: Sequence[Claim]) -> None:
    """Print the claims as a table: medians, their ratio, its spread over the rounds, and the target."""
    table = Table(title=title, title_justify="left")
    for name in ("claim", "unit", "ours", "peer", "ratio", "each round", "target"):
        table.add_column(name, justify="left" if name in ("claim", "unit") else "right")
    for claim in claims:
        table.add_row(claim.words, claim.unit, *_cells(claim))
    console.print(table)


def _cells(claim: Claim) -> tuple[str, str, str, str, str]:
    ratio = claim.ratio()
    return (
        figure(median(claim.ours)),
        figure(median(claim.peer)) if claim.peer else "–",
        "–" if ratio is None else figure(ratio),
        _spread(claim),
        _target(claim),
    )


def _spread(claim: Claim) -> str:
    peer = claim.peer or [1.0] * len(claim.ours)
    each = [ours / theirs for ours, theirs in zip(claim.ours, peer, strict=True)]
    return f"{figure(min(each))} … {figure(max(each))}"


def _target(claim: Claim) -> str:
    if claim.target is None:
        return ""
    sign, met = ("≤" if claim.at_most else "≥"), claim.met()
    return f"[{'green' if met else 'red'}]{sign} {figure(claim.target)} {'met' if met else 'missed'}[/]"


def figure(value: float) -> str:
    """Write a number with three or so significant digits."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.2f}" if abs(value) >= 1 else f"{value:.3f}"
