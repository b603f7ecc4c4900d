"""Is it a complaint: does the customer say that we did something wrong or failed to."""

from __future__ import annotations

from collections.abc import Sequence

from helpdesk_recovery.assess.events import Event
from helpdesk_recovery.assess.manner import manner
from helpdesk_recovery.assess.reading import Reading
from helpdesk_recovery.assess.tally import Tally

BIAS = -1.3
_HAPPENED, _HAPPENED_MOST = 2.4, 5

# Weight, how many hits count: by table and code of the packs.
_WEIGHTS: dict[tuple[str, str], tuple[float, int]] = {
    ("said", "reproach"): (0.9, 3),
    ("said", "friction"): (0.3, 4),
    ("said", "praise"): (-0.8, 3),
    ("said", "thanks"): (-0.3, 1),
    ("said", "solved"): (-1.5, 1),
    ("said", "question"): (-0.7, 2),
    ("said", "own_fault"): (-2.5, 1),
    ("said", "not_a_complaint"): (-3.0, 2),
    ("tone", "annoyed"): (0.7, 2),
    ("tone", "angry"): (1.1, 2),
    ("tone", "abusive"): (1.3, 2),
    ("signal", "legal"): (0.8, 1),
    ("signal", "regulator"): (0.9, 1),
    ("signal", "safety"): (0.6, 1),
    ("signal", "public_escalation"): (0.5, 1),
    ("signal", "repeated_contact"): (0.8, 2),
    ("signal", "broken_promise"): (0.8, 1),
    ("signal", "staff_conduct"): (0.6, 1),
    ("signal", "data_breach"): (0.6, 1),
    ("signal", "fraud"): (0.8, 1),
    ("worse", "repeated"): (0.6, 1),
    ("remedy", "refund"): (0.5, 1),
    ("remedy", "compensation"): (0.6, 1),
    ("remedy", "apology"): (0.6, 1),
    ("remedy", "repair"): (0.4, 1),
    ("remedy", "explanation"): (0.3, 1),
}
_SHOUTING, _LOUD = 0.5, 0.2


def complaint(reading: Reading, happened: Sequence[Event]) -> Tally:
    """Weigh what happened, what is said about it and how."""
    tally = Tally("complaint", BIAS)
    tally.add_all([event.hit for event in happened], _HAPPENED, _HAPPENED_MOST)
    for (group, key), (weight, most) in _WEIGHTS.items():
        tally.add_all(reading.of(group, key), weight, most, fading=0.8)
    look = manner(reading.text)
    tally.add(None, _SHOUTING * look.shouting)
    tally.add(None, _LOUD * look.loud)
    return tally
