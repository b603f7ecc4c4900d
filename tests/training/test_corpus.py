"""The corpus is whole: it reads, it is large enough, and what measures is not in what is trained on."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from helpdesk_recovery.domain.assessment import SIGNALS
from training.corpus import read
from training.examples import VALIDATION, corpus, gold
from training.measure import LANGUAGES, auc, macro_f1, spearman


def test_every_language_has_enough_to_train_on_and_to_measure() -> None:
    trained, measured = (Counter(ticket.language for ticket in part) for part in (corpus(), gold()))
    for language in LANGUAGES:
        assert trained[language] >= 600
        assert measured[language] >= 60


def test_every_language_has_an_author_who_is_held_back() -> None:
    assert {ticket.language for ticket in corpus() if ticket.author in VALIDATION} == set(LANGUAGES)


def test_the_gold_set_has_every_signal_often_enough() -> None:
    told = Counter(signal for ticket in gold() for signal in ticket.signals)
    assert {signal: n for signal, n in told.items() if n < 20} == {}
    assert set(told) == set(SIGNALS)


def test_no_ticket_is_there_twice_and_none_is_both_trained_on_and_measured() -> None:
    bodies = Counter(ticket.body for ticket in (*corpus(), *gold()) if len(ticket.body) > 20)
    assert [body for body, count in bodies.items() if count > 1] == []


@pytest.mark.parametrize(
    ("head", "wrong"),
    [
        ("## fax | no neutral 0 0 | other none unclear none | -", "channel is 'fax'"),
        ("## web | no neutral 6 0 | other none unclear none | -", "harm is '6'"),
        ("## web | no neutral 0 0 | other none unclear refund ten EUR | -", "ten"),
        ("## web | no neutral 0 0 | other none unclear none | angry", "signal is 'angry'"),
        ("## web | no neutral 0 0 | other none unclear none", "unpack"),
    ],
)
def test_a_wrong_head_is_named_with_its_line(tmp_path: Path, head: str, wrong: str) -> None:
    file = tmp_path / "ann.txt"
    file.write_text(
        f"## web | no neutral 0 0 | other none unclear none | -\nHello\nWhen do you open?\n{head}\nHi\nText\n"
    )
    with pytest.raises(ValueError, match=wrong) as caught:
        list(read(file))
    assert f"{file}:4:" in str(caught.value)


def test_the_figures_are_what_they_say() -> None:
    assert auc([True, False, True, False], [0.9, 0.1, 0.8, 0.8]) == 0.875
    assert macro_f1([True, True, False, False], [True, False, False, False]) == pytest.approx((2 / 3 + 0.8) / 2)
    assert spearman([0, 1, 2, 3], [0, 1, 3, 2]) == pytest.approx(0.8)
    assert spearman([0, 1, 2], [5, 5, 5]) == 0.0
