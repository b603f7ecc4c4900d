"""Figures on realistic tickets do not fall below their floors."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from helpdesk_recovery.assess.message import assess_message
from helpdesk_recovery.assess.pack import SCORED
from helpdesk_recovery.domain.assessment import Assessment

TICKETS = Path(__file__).resolve().parents[3] / "shared" / "data" / "tickets_dev.jsonl"
GRAVE = {"legal", "safety", "vulnerability"}
Rows = list[tuple[dict[str, Any], Assessment]]


@pytest.fixture(scope="module")
def rows() -> Rows:
    if not TICKETS.is_file():
        pytest.skip("the labelled tickets are not beside this checkout")
    tickets = [json.loads(line) for line in TICKETS.read_text("utf-8").splitlines()]
    return [(t, assess_message(t["body"], subject=t["subject"])[0]) for t in tickets if t["lang"] in SCORED]


def f1(truth: Sequence[bool], said: Sequence[bool], of: bool) -> float:
    both = sum(a == b == of for a, b in zip(truth, said, strict=True))
    return 2 * both / (truth.count(of) + list(said).count(of))


def auc(above: list[float], below: list[float]) -> float:
    return sum((a > b) + 0.5 * (a == b) for a in above for b in below) / (len(above) * len(below))


@pytest.mark.parametrize("language", SCORED)
def test_floors(rows: Rows, language: str) -> None:
    mine = [(t, a) for t, a in rows if t["lang"] == language]
    truth, said = [t["complaint"] for t, _ in mine], [a.complaint >= 0.5 for _, a in mine]
    negative = [a.sentiment.p_negative for t, a in mine if t["sentiment"] == "negative"]
    others = [a.sentiment.p_negative for t, a in mine if t["sentiment"] != "negative"]
    grave = [(code, a) for t, a in mine for code in GRAVE.intersection(t["signals"])]
    assert (f1(truth, said, True) + f1(truth, said, False)) / 2 >= 0.70
    assert auc(negative, others) >= 0.70
    assert sum(a.category.code == t["category"] for t, a in mine) / len(mine) >= 0.45
    assert sum(a.has_signal(code) for code, a in grave) / len(grave) >= 0.75
    assert sum(abs(a.harm.level - t["harm"]) <= 1 for t, a in mine) / len(mine) >= 0.75
