"""Fit log-linear models on the corpus and print their figures: ``python -m training.fit [validation|gold]``.

One model for each question, over the same features. For ``validation`` the validation authors are left out of
training; for ``gold`` all of the corpus is trained on. Nothing of it is shipped yet.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from helpdesk_recovery.domain.assessment import GRAVE_SIGNALS, SIGNALS
from training.corpus import MOST_HARM, Labelled
from training.examples import VALIDATION, corpus, features_of, gold
from training.harmless import harm_may_weigh
from training.measure import Said, report

LEAST_SEEN = 3
"""Tickets in which a word must stand to be weighed."""
WORDS = 0.4
"""How much a word counts beside a phrase of a pack: a smaller value shrinks its weight more."""
STRENGTH = 0.7
REPORTED, GRAVE_REPORTED = 0.4, 0.25

Row = Mapping[str, float]


class Rows:
    """Tickets as rows of numbers: one column for each feature that the trained-on tickets have often enough."""

    def __init__(self, rows: Sequence[Row]) -> None:
        seen = Counter(name for row in rows for name in row)
        self.names = sorted(name for name, count in seen.items() if count >= LEAST_SEEN)
        self._index = {name: number for number, name in enumerate(self.names)}

    def matrix(self, rows: Sequence[Row]) -> Any:
        """Return *rows* as a matrix."""
        known = ((r, name, value) for r, row in enumerate(rows) for name, value in row.items() if name in self._index)
        cells = [(r, self._index[name], value * _scale(name)) for r, name, value in known]
        at, to, values = zip(*cells, strict=True)
        return csr_matrix((values, (at, to)), (len(rows), len(self.names)))


def _scale(name: str) -> float:
    return WORDS if "|" in name else 1.0


def row_of(ticket: Labelled) -> Row:
    """Return the ticket's features, those of one name added up."""
    row: dict[str, float] = {}
    for feature in features_of(ticket):
        row[feature.name] = row.get(feature.name, 0.0) + feature.value
    return row


class Models:
    """What was learnt of the tickets that were trained on."""

    def __init__(self, tickets: Sequence[Labelled]) -> None:
        rows = [row_of(ticket) for ticket in tickets]
        self._rows = Rows(rows)
        self._may = harm_may_weigh(self._rows.names, tickets)
        x = self._rows.matrix(rows)
        self._complaint = _model().fit(x, [one.complaint for one in tickets])
        self._mood = _model().fit(x, [one.sentiment for one in tickets])
        self._category = _model().fit(x, [one.category for one in tickets])
        self._remedy = _model().fit(x, [one.remedy for one in tickets])
        self._signals = {code: _model().fit(x, [code in one.signals for one in tickets]) for code in SIGNALS}
        levels, facts = range(1, MOST_HARM + 1), x.multiply(self._may).tocsr()
        self._harm = [_model().fit(facts, [one.harm >= level for one in tickets]) for level in levels]

    def say(self, tickets: Sequence[Labelled]) -> list[Said]:
        """Return what the models say of *tickets*."""
        x = self._rows.matrix([row_of(ticket) for ticket in tickets])
        facts = x.multiply(self._may).tocsr()
        negative = self._mood.predict_proba(x)[:, list(self._mood.classes_).index("negative")]
        harm = sum(model.predict_proba(facts)[:, 1] for model in self._harm)
        signals = {code: model.predict_proba(x)[:, 1] for code, model in self._signals.items()}
        complaint = self._complaint.predict_proba(x)[:, 1]
        category, remedy = self._category.predict(x), self._remedy.predict(x)
        return [
            Said(complaint[i], negative[i], int(harm[i] + 0.5), category[i], remedy[i], _told(signals, i))
            for i in range(len(tickets))
        ]


def _told(signals: Mapping[str, Any], row: int) -> frozenset[str]:
    return frozenset(code for code, p in signals.items() if p[row] >= _least(code))


def _least(code: str) -> float:
    return GRAVE_REPORTED if code in GRAVE_SIGNALS else REPORTED


def _model() -> Any:
    return LogisticRegression(C=STRENGTH, max_iter=1000)


def main(part: str) -> None:
    """Fit and print the figures of *part*."""
    everything = corpus()
    held_back = [one for one in everything if one.author in VALIDATION]
    trained_on = everything if part == "gold" else [one for one in everything if one.author not in VALIDATION]
    measured = gold() if part == "gold" else held_back
    report(part, measured, Models(trained_on).say(measured))


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "validation")
