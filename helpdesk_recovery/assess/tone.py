"""How it is said, 0 calm to 3 abusive or threatening: sets speed and wording of our answer, never money."""

from __future__ import annotations

from helpdesk_recovery.assess.manner import manner
from helpdesk_recovery.assess.reading import Reading
from helpdesk_recovery.assess.tally import Tally
from helpdesk_recovery.domain.assessment import Graded

BIAS = -1.5
HIGHEST = 3
_WORDS = {"annoyed": (0.6, 2), "angry": (1.2, 2), "abusive": (2.4, 1)}
_REPROACH, _WEARY = 0.25, 0.35
_SHOUTING, _LOUD = 1.0, 0.25


def tone(reading: Reading) -> Tally:
    """Weigh the words of anger and the loudness."""
    tally = Tally("tone", BIAS)
    for key, (weight, most) in _WORDS.items():
        tally.add_all(reading.of("tone", key), weight, most)
    tally.add_all(reading.of("said", "reproach"), _REPROACH, 2)
    for signal in ("repeated_contact", "broken_promise", "public_escalation", "regulator"):
        tally.add_all(reading.of("signal", signal), _WEARY, 1)
    look = manner(reading.text)
    tally.add(None, _SHOUTING * look.shouting)
    tally.add(None, _LOUD * look.loud)
    return tally


def graded_tone(tally: Tally) -> Graded:
    """Return the level: one unit of logit above the bias is one level, rounded."""
    points = tally.logit - BIAS
    level = max(0, min(HIGHEST, int(points + 0.5)))
    return Graded(level, tally.p, 0.7)
