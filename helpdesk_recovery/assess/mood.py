"""How the customer feels about us in this message."""

from __future__ import annotations

from collections.abc import Sequence

from helpdesk_recovery.assess.events import Event
from helpdesk_recovery.assess.polarity import polarity
from helpdesk_recovery.assess.reading import Reading
from helpdesk_recovery.assess.tally import Tally, softmax
from helpdesk_recovery.domain.assessment import Sentiment

NEGATIVE_BIAS, POSITIVE_BIAS = -0.2, -1.2
_POLARITY_NEGATIVE, _POLARITY_POSITIVE = -0.8, 1.2

_NEGATIVE_SHARE = 0.9  # of what speaks for a complaint speaks against us
_POSITIVE: dict[tuple[str, str], tuple[float, int]] = {
    ("said", "praise"): (1.2, 3),
    ("said", "thanks"): (0.4, 1),
    ("said", "solved"): (0.8, 1),
    ("said", "reproach"): (-0.6, 2),
    ("said", "friction"): (-0.15, 3),
    ("tone", "annoyed"): (-0.6, 1),
    ("tone", "angry"): (-1.0, 1),
    ("tone", "abusive"): (-1.2, 1),
}
_POSITIVE_HAPPENED = -0.8


def word_polarity(reading: Reading) -> float:
    """Return TextBlob's polarity -1 to 1 of an English text; 0 for all others, where it knows nothing."""
    return polarity(reading.text)[0] if reading.pack.language == "en" else 0.0


def negative(complaint: Tally, words: float) -> Tally:
    """Weigh what speaks for "negative" against "neutral"; *words* is the word polarity."""
    tally = Tally("negative", NEGATIVE_BIAS)
    tally.weighed = [(start, end, _NEGATIVE_SHARE * weight) for start, end, weight in complaint.weighed]
    tally.add(None, _POLARITY_NEGATIVE * words)
    return tally


def positive(reading: Reading, happened: Sequence[Event], words: float) -> Tally:
    """Weigh what speaks for "positive" against "neutral"; *words* is the word polarity."""
    tally = Tally("positive", POSITIVE_BIAS)
    for (group, key), (weight, most) in _POSITIVE.items():
        tally.add_all(reading.of(group, key), weight, most, fading=0.8)
    tally.add_all([event.hit for event in happened], _POSITIVE_HAPPENED, 3)
    tally.add(None, _POLARITY_POSITIVE * words)
    return tally


def sentiment(against: Tally, favour: Tally) -> Sentiment:
    """Put both together: the logits are those against "neutral"."""
    p_negative, p_neutral, p_positive = softmax([against.logit, 0.0, favour.logit])
    label = max((p_neutral, "neutral"), (p_negative, "negative"), (p_positive, "positive"))[1]
    return Sentiment(label, p_positive - p_negative, p_negative, p_neutral, p_positive)
