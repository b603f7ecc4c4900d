"""Figures of an assessment beside the labels: ``python -m training.measure [validation|gold]`` for what is shipped."""

from __future__ import annotations

import math
import sys
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from helpdesk_recovery.assess import assess_text
from helpdesk_recovery.domain.assessment import GRAVE_SIGNALS, Assessment, Language
from training.corpus import Labelled
from training.examples import VALIDATION, corpus, gold, reading_of
from training.model.judge import judge
from training.model.table import Table

LANGUAGES = ("en", "sv", "da", "lt", "cs")
_BINS = 10


@dataclass(frozen=True, slots=True)
class Said:
    """What an assessment says of one ticket, as far as it is measured."""

    complaint: float
    negative: float
    harm: int
    category: str
    remedy: str
    signals: frozenset[str]


def shipped(ticket: Labelled) -> Said:
    """Return what the product says today."""
    subject = ticket.subject if ticket.body else ""
    return _said(assess_text(ticket.body or ticket.subject, subject=subject, locale=ticket.language))


def judged(ticket: Labelled, table: Table) -> Said:
    """Return what the product would say with *table*."""
    return _said(judge(reading_of(ticket), Language(ticket.language, 1.0), ticket.body or ticket.subject, table))


def _said(found: Assessment) -> Said:
    signals = frozenset(signal.code for signal in found.signals)
    p_negative = found.sentiment.p_negative
    return Said(found.complaint, p_negative, found.harm.level, found.category.code, found.requested_remedy, signals)


def report(title: str, tickets: Sequence[Labelled], said: Sequence[Said]) -> None:
    """Print one line of figures a language."""
    print(f"{title:<12} {'n':>4} {'neg AUC':>8} {'compl F1':>8} {'harm rho':>8} {'category':>8} {'remedy':>8}", end="")
    print(f" {'sig P':>6} {'sig R':>6} {'grave R':>7} {'ECE':>5} {'notes P':>7}")
    for language in LANGUAGES:
        rows = [(t, s) for t, s in zip(tickets, said, strict=True) if t.language == language]
        if rows:
            print(f"{language:<12} {len(rows):>4}" + "".join(f"{value:>8.2f}" for value in _figures(rows)))


Rows = Sequence[tuple[Labelled, Said]]


def _figures(rows: Rows) -> list[float]:
    truth = [ticket.complaint for ticket, _ in rows]
    p = [said.complaint for _, said in rows]
    noted = [ticket.complaint for ticket, said in rows if said.complaint >= 0.5]
    precision, recall = _signals(rows, lambda codes: codes)
    return [
        auc([t.sentiment == "negative" for t, _ in rows], [s.negative for _, s in rows]),
        macro_f1(truth, [one >= 0.5 for one in p]),
        spearman([t.harm for t, _ in rows], [s.harm for _, s in rows]),
        _share(rows, lambda t, s: t.category == s.category),
        _share(rows, lambda t, s: t.remedy == s.remedy),
        precision,
        recall,
        _signals(rows, lambda codes: codes & GRAVE_SIGNALS)[1],
        expected_calibration_error(truth, p),
        sum(noted) / max(1, len(noted)),
    ]


def _share(rows: Rows, right: Callable[[Labelled, Said], bool]) -> float:
    return sum(right(ticket, said) for ticket, said in rows) / len(rows)


def _signals(rows: Rows, only: Callable[[frozenset[str]], frozenset[str]]) -> tuple[float, float]:
    hits = sum(len(only(t.signals & s.signals)) for t, s in rows)
    told = sum(len(only(s.signals)) for _, s in rows)
    true = sum(len(only(t.signals)) for t, _ in rows)
    return hits / max(1, told), hits / max(1, true)


def auc(truth: Sequence[bool], scores: Sequence[float]) -> float:
    """Return how often a true one scores above a false one."""
    ranks = ranked(scores)
    positive = sum(truth)
    total = sum(rank for rank, one in zip(ranks, truth, strict=True) if one)
    return (total - positive * (positive - 1) / 2) / max(1, positive * (len(truth) - positive))


def macro_f1(truth: Sequence[bool], said: Sequence[bool]) -> float:
    """Return the mean of both classes' F1."""
    return (_f1(truth, said, True) + _f1(truth, said, False)) / 2


def _f1(truth: Sequence[bool], said: Sequence[bool], of: bool) -> float:
    both = sum(a == b == of for a, b in zip(truth, said, strict=True))
    return 2 * both / max(1, list(truth).count(of) + list(said).count(of))


def ranked(values: Sequence[float]) -> list[float]:
    """Return each value's rank from 0; equal ones share the mean of theirs."""
    places: defaultdict[float, list[int]] = defaultdict(list)
    for place, value in enumerate(sorted(values)):
        places[value].append(place)
    return [sum(places[value]) / len(places[value]) for value in values]


def spearman(one: Sequence[float], other: Sequence[float]) -> float:
    """Return the rank correlation; 0 where one of them is constant."""
    a, b = ranked(one), ranked(other)
    mean = (len(a) - 1) / 2
    both = sum((x - mean) * (y - mean) for x, y in zip(a, b, strict=True))
    spread = math.sqrt(sum((x - mean) ** 2 for x in a) * sum((y - mean) ** 2 for y in b))
    return both / spread if spread else 0.0


def expected_calibration_error(truth: Sequence[bool], p: Sequence[float]) -> float:
    """Return how far probabilities are off, in ten bins."""
    bins: defaultdict[int, list[float]] = defaultdict(list)
    for one, probability in zip(truth, p, strict=True):
        bins[min(_BINS - 1, int(probability * _BINS))].append(one - probability)
    return sum(abs(sum(each)) for each in bins.values()) / len(p)


if __name__ == "__main__":
    part = sys.argv[1] if len(sys.argv) > 1 else "validation"
    chosen = gold() if part == "gold" else [ticket for ticket in corpus() if ticket.author in VALIDATION]
    report(part, chosen, [shipped(ticket) for ticket in chosen])
