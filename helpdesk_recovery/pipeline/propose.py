"""Decision → offer, when it asks the agent for something new."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from helpdesk_recovery.domain.assessment import Assessment
from helpdesk_recovery.domain.decision import Decision, Outcome
from helpdesk_recovery.domain.offer import Offer, OfferState, reference

COMPLAINT_AT = 0.5


@dataclass(frozen=True, slots=True)
class Earlier:
    """What the agent was asked before on this case: the action, its reference and when the note was written."""

    action: str | None = None
    reference: str | None = None
    noted_at: datetime | None = None


def propose(
    case_id: str, place: tuple[str, str], assessment: Assessment, decision: Decision, earlier: Earlier, now: datetime
) -> Offer | None:
    """Return a new offer, or None when nothing is to be said or nothing new.

    *place* is (connection id, ticket id). The reference depends on the place, the offer before and the action
    alone, so that a restored backup makes the same one and finds what was written already.
    """
    if not _worth_a_note(assessment, decision) or decision.action() == earlier.action:
        return None
    mark = reference(*place, earlier.reference or "", decision.action())
    return Offer(case_id, mark, decision, OfferState.SUGGESTED, now)


def _worth_a_note(assessment: Assessment, decision: Decision) -> bool:
    """A complaint that no rule fits is worth a note too: a person must decide."""
    if decision.outcome is not Outcome.NOTHING:
        return True
    return assessment.scored and assessment.complaint >= COMPLAINT_AT
