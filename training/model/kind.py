"""Which one of many codes is likeliest."""

from __future__ import annotations

from collections.abc import Sequence

from helpdesk_recovery.assess.tally import softmax
from helpdesk_recovery.domain.assessment import Coded
from training.model.table import Scores


def likeliest(scores: Scores, task: str, codes: Sequence[str]) -> Coded:
    """Return the likeliest of *codes*, whose tasks are called ``task:code``, and its probability among all."""
    odds = softmax([scores.logit(f"{task}:{code}") for code in codes])
    best = max(range(len(codes)), key=odds.__getitem__)
    return Coded(codes[best], odds[best])
