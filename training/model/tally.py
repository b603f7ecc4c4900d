"""Add up evidence: every probability is the logistic of its bias and the weights shown beside it."""

from __future__ import annotations

import math
from collections.abc import Iterable

from helpdesk_recovery.assess.lexicon import Hit

Weighed = tuple[int, int, float]
"""Start and end in the body's text, and the weight; 0, 0 stands for the message as a whole."""


class Tally:
    """The evidence for one question, ``signal``, such as "complaint" or "legal"."""

    def __init__(self, signal: str, bias: float) -> None:
        self.signal = signal
        self.bias = bias
        self.weighed: list[Weighed] = []

    def add(self, hit: Hit | None, weight: float) -> None:
        """Let *hit*, or the message as a whole, speak for (above 0) or against the question."""
        if weight:
            self.weighed.append((hit.start, hit.end, weight) if hit else (0, 0, weight))

    def most_telling(self, most: int) -> list[Weighed]:
        """Return the *most* strongest pieces in the order of the text, and all others as one of the whole message."""
        ranked = sorted(self.weighed, key=lambda piece: (-abs(piece[2]), piece))
        rest = math.fsum(weight for _, _, weight in ranked[most:])
        return sorted(ranked[:most]) + ([(0, 0, rest)] if rest else [])

    @property
    def logit(self) -> float:
        """Bias plus weights, exactly rounded."""
        return math.fsum([self.bias, *(weight for _, _, weight in self.weighed)])

    @property
    def p(self) -> float:
        """The probability, 0-1."""
        return logistic(self.logit)


def logistic(logit: float) -> float:
    """Return 1 / (1 + e^-logit)."""
    return 1.0 / (1.0 + math.exp(-logit))


def softmax(logits: Iterable[float]) -> list[float]:
    """Return probabilities that sum to 1, in the order given."""
    powers = [math.exp(logit) for logit in logits]
    whole = math.fsum(powers)
    return [power / whole for power in powers]
