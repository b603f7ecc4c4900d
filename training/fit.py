"""Fit the table and write it: ``python -m training.fit``; or measure it: ``python -m training.fit validation|gold``.

Log-linear models over the features that the product reads, one for each question. For ``validation`` the validation
authors are left out; else all of the corpus is trained on, and written to ``training/model.json``. The
same corpus and packs give the same bytes.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from helpdesk_recovery.domain.assessment import ATTRIBUTIONS, GRAVE_SIGNALS, LOSS_TYPES, REQUESTED_REMEDIES, SIGNALS
from training.corpus import MOST_HARM, MOST_TONE, SENTIMENTS, Labelled
from training.examples import VALIDATION, corpus, features_of, gold
from training.harmless import harm_may_weigh
from training.measure import judged, report
from training.model.features import FACT, MANNER
from training.model.judge import CATEGORIES
from training.model.levels import step_name
from training.model.table import read_table

MODEL = "table-1"
FILE = Path(__file__).parent / "model.json"
LEAST_SEEN = 3
"""Tickets in which a word must stand to be weighed."""
WORDS = 0.4
"""How much a word counts beside a phrase of a pack: a smaller value shrinks its weight more."""
STRENGTH, HARM, GRAVE = 0.7, 1.0, 1.0
SMALLEST = 0.08
REPORTED = 0.4
GRAVE_REPORTED = 0.25

Rows = Sequence[Mapping[str, float]]


class Fit:
    """Rows of numbers for the same features, and models over them that end up in one table."""

    def __init__(self, rows: Rows, tickets: Sequence[Labelled]) -> None:
        seen = Counter(name for row in rows for name in row)
        self.names = sorted(name for name, count in seen.items() if count >= LEAST_SEEN)
        self.scale = np.array([WORDS if FACT in name or MANNER in name else 1.0 for name in self.names])
        self._index = {name: number for number, name in enumerate(self.names)}
        self.matrix = self._matrix(rows)
        self.tickets = tickets
        self.tasks: list[str] = []
        self.bias: list[float] = []
        self.columns: list[Any] = []

    def _matrix(self, rows: Rows) -> Any:
        cells = [(r, self._index[n], v) for r, row in enumerate(rows) for n, v in row.items() if n in self._index]
        at, to, values = zip(*cells, strict=True)
        return csr_matrix((np.array(values) * self.scale[list(to)], (at, to)), (len(rows), len(self.names)))

    def add(self, task: str, weights: Any, bias: float) -> None:
        """Put one task into the table."""
        self.tasks.append(task)
        self.bias.append(round(float(bias), 3))
        self.columns.append(np.asarray(weights) * self.scale)

    def binary(self, task: str, truth: Sequence[bool], strength: float = STRENGTH) -> None:
        """Fit a yes or no."""
        model = LogisticRegression(C=strength, max_iter=1000).fit(self.matrix, truth)
        self.add(task, model.coef_[0], model.intercept_[0])

    def one_of(self, task: str, truth: Sequence[str], codes: Sequence[str]) -> None:
        """Fit one of many; a code that nobody has gets a bias that keeps it away."""
        model = LogisticRegression(C=STRENGTH, max_iter=1000).fit(self.matrix, truth)
        known = list(model.classes_)
        for code in codes:
            if code in known:
                self.add(f"{task}:{code}", model.coef_[known.index(code)], model.intercept_[known.index(code)])
            else:
                self.add(f"{task}:{code}", np.zeros(len(self.names)), -20.0)

    def against(self, truth: Sequence[str], middle: str, sides: Sequence[str]) -> None:
        """Fit *sides* as logits against *middle*."""
        model = LogisticRegression(C=STRENGTH, max_iter=1000).fit(self.matrix, truth)
        known = list(model.classes_)
        for side in sides:
            a, b = known.index(side), known.index(middle)
            self.add(side, model.coef_[a] - model.coef_[b], model.intercept_[a] - model.intercept_[b])

    def levels(self, task: str, truth: Sequence[int], levels: int, allowed: Any, strength: float) -> None:
        """Fit "at least 1", "at least 2" and so on, each by itself, with what is *allowed* to weigh."""
        matrix = self.matrix.multiply(allowed).tocsr()
        for level in range(1, levels + 1):
            model = LogisticRegression(C=strength, max_iter=1000).fit(matrix, [value >= level for value in truth])
            self.add(step_name(task, level, levels), model.coef_[0] * allowed, model.intercept_[0])

    def table(self) -> dict[str, Any]:
        """Return everything as the file holds it; weights too small to matter are left out."""
        weights: dict[str, list[float]] = {}
        for number, column in enumerate(self.columns):
            for feature in np.flatnonzero(np.abs(column) >= SMALLEST):
                row = weights.setdefault(self.names[feature], [])
                row += [number, round(float(column[feature]), 2)]
        reported = {code: GRAVE_REPORTED if code in GRAVE_SIGNALS else REPORTED for code in SIGNALS}
        return {
            "model": MODEL, "tasks": self.tasks, "bias": self.bias,
            "reported": reported, "weights": dict(sorted(weights.items())),
        }  # fmt: skip


def rows_of(tickets: Sequence[Labelled]) -> list[dict[str, float]]:
    """Return each ticket's features, those of one name added up."""
    rows = []
    for ticket in tickets:
        row: dict[str, float] = {}
        for feature in features_of(ticket):
            row[feature.name] = row.get(feature.name, 0.0) + feature.value
        rows.append(row)
    return rows


def fit(tickets: Sequence[Labelled]) -> dict[str, Any]:
    """Return the table for *tickets*."""
    made = Fit(rows_of(tickets), tickets)
    made.binary("complaint", [one.complaint for one in tickets])
    made.against([one.sentiment for one in tickets], SENTIMENTS[1], (SENTIMENTS[0], SENTIMENTS[2]))
    may = harm_may_weigh(made.names, tickets)
    made.levels("harm", [one.harm for one in tickets], MOST_HARM, may, HARM)
    made.levels("tone", [one.tone for one in tickets], MOST_TONE, np.ones(len(made.names)), STRENGTH)
    made.one_of("category", [one.category for one in tickets], CATEGORIES)
    made.one_of("loss", [one.loss for one in tickets], LOSS_TYPES)
    made.one_of("attribution", [one.attribution for one in tickets], ATTRIBUTIONS)
    made.one_of("remedy", [one.remedy for one in tickets], REQUESTED_REMEDIES)
    for code in SIGNALS:
        made.binary(code, [code in one.signals for one in tickets], GRAVE)
    return made.table()


def main() -> None:
    """Write the table, or measure one that has not seen what it is measured on."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", nargs="?", choices=("validation", "gold"), help="measure on this; write nothing")
    part = parser.parse_args().part
    everything = corpus()
    seen = everything if part != "validation" else [one for one in everything if one.author not in VALIDATION]
    source = json.dumps(fit(seen), ensure_ascii=False, separators=(",", ":")).replace('],"', '],\n"') + "\n"
    if part is None:
        FILE.write_text(source, encoding="utf-8")
        return
    unseen = gold() if part == "gold" else [one for one in everything if one.author in VALIDATION]
    table = read_table(source)
    report(part, unseen, [judged(ticket, table) for ticket in unseen])


if __name__ == "__main__":
    main()
