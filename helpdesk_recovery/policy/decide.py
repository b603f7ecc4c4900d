"""What the policy says is fair for one ticket: pure, and the same for the same inputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from helpdesk_recovery.domain.assessment import Assessment
from helpdesk_recovery.domain.decision import Call, Decision, Outcome
from helpdesk_recovery.domain.remedy import MONEY_REMEDIES
from helpdesk_recovery.domain.ticket import Ticket
from helpdesk_recovery.errors import PolicyInvalid
from helpdesk_recovery.policy import limits
from helpdesk_recovery.policy.document import Pack
from helpdesk_recovery.policy.fact import FactValue
from helpdesk_recovery.policy.plan import Labels
from helpdesk_recovery.policy.reading import Frame, Reading, doubts, frame, read
from helpdesk_recovery.policy.requested import met


def decide(
    packs: Sequence[Pack],
    ticket: Ticket,
    assessment: Assessment,
    *,
    currency: str,
    facts: Mapping[str, FactValue | None],
) -> Decision:
    """Return the decision of *packs*, in their order of precedence, with every rule tried.

    *currency* (ISO 4217) is the only one that amounts are given in. *facts* the packs do not declare are
    ignored; one that is missing, or of the wrong type, makes the rules that ask for it "cannot say".
    ``missing`` holds such facts, and *currency* itself where a rule has no amount in it. With several packs
    a rule is called pack/rule, and ``version`` is that of the first. ``requested`` stays "none" unless there
    is an offer to compare. Raise PolicyInvalid when there are no packs.
    """
    if not packs:
        raise PolicyInvalid("No policy is in force for this connection; name one, such as starter.")
    now = frame(packs, assessment, currency, facts)
    if assessment.is_grave:
        return _care(now)
    if not assessment.scored:
        return _nothing(now, unclear=("language",))
    if not assessment.complaint >= max(pack.complaint_at for pack in packs):  # NaN offers nothing
        return _nothing(now)
    return _weigh(now, _labels(ticket, assessment))


def _labels(ticket: Ticket, assessment: Assessment) -> Labels:
    return {
        "category": assessment.category.code,
        "harm": assessment.harm.level,
        "attribution": assessment.attribution.code,
        "loss_type": assessment.loss_type,
        "requested_remedy": assessment.requested_remedy,
        "channel": ticket.channel,
        "group": ticket.group or "",
        "tags": ticket.tags,
    }


def _weigh(now: Frame, labels: Labels) -> Decision:
    base = read(now, labels)
    if base.plan.care:
        return _care(now, base)
    unclear, others = doubts(now, labels, base)
    if unclear:
        return _unsure(now, base, others, unclear)
    return _remedy(now, base) if base.options else _nothing(now, base)


def _remedy(now: Frame, base: Reading) -> Decision:
    return Decision(
        Outcome.REMEDY,
        *_policy(now),
        lines=base.lines,
        choices=base.choices,
        approval=limits.approver(now.packs, now.currency, base.options, base.plan.approvals),
        requested=met(now.assessment, base.options, customer_picks=True),
        missing=tuple(base.plan.missing),
        to_check=base.plan.checks,
        trace=base.trace,
    )


def _unsure(now: Frame, base: Reading, others: list[Reading], unclear: tuple[str, ...]) -> Decision:
    """Offer the two likeliest to pick from; each is whole, with the first of its own choices."""
    different = {reading.shape: reading for reading in (base, *others) if reading.options}
    shown = list(different.values())[:2]
    choices = tuple(reading.options[0] for reading in shown)
    roles = [role for reading in shown for role in reading.plan.approvals]
    return Decision(
        Outcome.UNSURE,
        *_policy(now),
        choices=choices,
        approval=limits.approver(now.packs, now.currency, choices, roles),
        requested=met(now.assessment, choices, customer_picks=False),
        unclear=unclear,
        missing=tuple(base.plan.missing),
        to_check=tuple(dict.fromkeys(key for reading in shown for key in reading.plan.checks)),
        trace=base.trace,
    )


def _care(now: Frame, base: Reading | None = None) -> Decision:
    soonest = min((pack.care for pack in now.packs), key=lambda care: care.within_minutes)
    return Decision(
        Outcome.CARE,
        *_policy(now),
        lines=tuple(line for line in base.lines if line.remedy not in MONEY_REMEDIES) if base else (),
        call=Call(soonest.role, soonest.within_minutes),
        trace=base.trace if base else (),
    )


def _nothing(now: Frame, base: Reading | None = None, unclear: tuple[str, ...] = ()) -> Decision:
    return Decision(
        Outcome.NOTHING,
        *_policy(now),
        unclear=unclear,
        missing=tuple(base.plan.missing) if base else (),
        trace=base.trace if base else (),
    )


def _policy(now: Frame) -> tuple[str, int]:
    return " + ".join(pack.name for pack in now.packs), now.packs[0].version
