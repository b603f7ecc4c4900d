"""The command's shape: one object in, one object out, bad lines told apart."""

from __future__ import annotations

import json

from helpdesk_recovery.assess import assess_text
from helpdesk_recovery.assess.jsonl import run, to_json

KEYS = [
    "language", "scored", "reason", "calibrated", "sentiment", "complaint", "harm", "tone", "category", "loss_type",
    "attribution", "requested_remedy", "named_amount", "signals", "evidence", "model",
]  # fmt: skip


def test_the_shape_is_the_documented_one() -> None:
    text = "You charged me twice. My lawyer will write. I want £34.50 back."
    data = json.loads(json.dumps(to_json(assess_text(text, locale="en"))))
    assert list(data) == KEYS
    assert set(data["language"]) == {"code", "confidence"}
    assert set(data["sentiment"]) == {"label", "polarity", "p_negative", "p_neutral", "p_positive"}
    assert set(data["complaint"]) == {"p"}
    assert set(data["harm"]) == set(data["tone"]) == {"level", "score"}
    assert set(data["category"]) == set(data["attribution"]) == {"code", "p"}
    assert data["named_amount"] == {"amount": 34.5, "currency": "GBP"}
    assert [set(signal) for signal in data["signals"]] == [{"code", "p"}]
    assert set(data["evidence"][0]) == {"signal", "start", "end", "text", "weight"}


def test_each_line_is_answered_and_bad_ones_are_told() -> None:
    lines = [
        '{"id": 1, "text": "The lamp arrived broken.", "locale": "en"}',
        "not json",
        "",
        '{"id": "b"}',
        '{"id": "c", "text": 5}',
        "[1]",
        "null",
        '{"text": "no id"}',
        "[" * 100_000,
        '{"id": 9, "text": "", "subject": null, "locale": null}',
    ]
    rows = [json.loads(line) for line in run(lines)]
    assert [row["id"] for row in rows] == [1, None, "b", "c", None, None, None, None, 9]
    assert rows[0]["harm"]["level"] == 2
    assert all("error" in row for row in rows[1:8])
    assert rows[8]["scored"] is False
