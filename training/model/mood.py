"""How the customer feels about us in this message."""

from __future__ import annotations

from helpdesk_recovery.domain.assessment import Sentiment
from training.model.tally import softmax


def sentiment(against: float, favour: float) -> Sentiment:
    """Put the logits of "negative" and "positive" against "neutral" together."""
    p_negative, p_neutral, p_positive = softmax([against, 0.0, favour])
    label = max((p_neutral, "neutral"), (p_negative, "negative"), (p_positive, "positive"))[1]
    return Sentiment(label, p_positive - p_negative, p_negative, p_neutral, p_positive)
