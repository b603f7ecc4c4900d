"""The model: a table of weights, read once. Every probability is a sum of what its features weigh."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from helpdesk_recovery.assess.tally import Tally, logistic
from training.model.features import Feature


@dataclass(frozen=True, slots=True)
class Table:
    """``number`` is each task's place in ``bias``. ``weights`` are by feature and a task's number.

    ``reported`` is the probability from which on a signal is told.
    """

    model: str
    number: Mapping[str, int]
    bias: Sequence[float]
    weights: Mapping[str, Mapping[int, float]]
    reported: Mapping[str, float]


class Scores:
    """What the table makes of one message's features: a logit for every task, and on demand what it is made of."""

    def __init__(self, table: Table, found: Sequence[Feature]) -> None:
        self._table = table
        self._weighed = [(feature, table.weights[feature.name]) for feature in found if feature.name in table.weights]
        self._logits = list(table.bias)
        for feature, row in self._weighed:
            value = feature.value
            for task, weight in row.items():
                self._logits[task] += weight * value

    def logit(self, task: str) -> float:
        """Return the logit of *task*."""
        return self._logits[self._table.number[task]]

    def p(self, task: str) -> float:
        """Return the probability of *task*, 0-1."""
        return logistic(self.logit(task))

    def tally(self, task: str) -> Tally:
        """Return everything that speaks for *task* or against it."""
        number = self._table.number[task]
        tally = Tally(task, self._table.bias[number])
        for (_, value, start, end), row in self._weighed:
            if number in row:
                tally.weighed.append((start, end, row[number] * value))
        return tally


def read_table(source: str) -> Table:
    """Read a table from its JSON."""
    data = json.loads(source)
    weights = {name: dict(zip(row[::2], row[1::2], strict=True)) for name, row in data["weights"].items()}
    number = {task: place for place, task in enumerate(data["tasks"])}
    return Table(data["model"], number, data["bias"], weights, data["reported"])
