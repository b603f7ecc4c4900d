from __future__ import annotations

from typing import Any

import pytest

from helpdesk_recovery.policy.condition import When
from helpdesk_recovery.policy.fact import FactDeclaration, usable
from helpdesk_recovery.policy.plan import Labels
from helpdesk_recovery.policy.verdict import Known, judge

DECLARED = {
    "days": FactDeclaration(type="number"),
    "plan": FactDeclaration(type="text"),
    "gift": FactDeclaration(type="bool"),
}
LABELS: Labels = {
    "category": "outage", "harm": 2, "attribution": "us", "loss_type": "time", "requested_remedy": "none",
    "channel": "", "group": "east", "tags": ("vip", "new"),
}  # fmt: skip

YES, NO, CANNOT_SAY = True, False, None


@pytest.mark.parametrize(
    ("when", "holds", "why"),
    [
        ({"harm": {"above": 2}}, NO, "harm is 2, needs more than 2"),
        ({"harm": {"at_least": 1, "below": 3}}, YES, ""),
        ({"harm": {"below": 2}}, NO, "harm is 2, needs less than 2"),
        ({"loss_type": ["money", "product"]}, NO, "loss type is time, needs money or product"),
        ({"category": {"not": ["outage", "other"]}}, NO, "category is outage, needs anything but other or outage"),
        ({"channel": "email"}, NO, "channel is not known, needs email"),
        ({"group": {"not": "west"}}, YES, ""),
        ({"tags": "vip"}, YES, ""),
        ({"tags": {"not": "vip"}}, NO, "tags is vip, new, needs anything but vip"),
        ({"facts": {"days": 3}}, YES, ""),
        ({"facts": {"days": {"at_most": 2}}}, NO, "days is 3, needs 2 or less"),
        ({"facts": {"plan": "pro"}}, CANNOT_SAY, "needs plan"),
        ({"facts": {"gift": True, "plan": ["pro"]}}, CANNOT_SAY, "needs gift; needs plan"),
        ({"facts": {"plan": "pro", "days": 9}}, NO, "days is 3, needs exactly 9"),
        ({"facts": {"plan": "pro"}, "harm": 1}, NO, "harm is 2, needs exactly 1"),
        ({"any": [{"facts": {"plan": "pro"}}, {"harm": 2}]}, YES, ""),
        ({"any": [{"facts": {"plan": "pro"}}, {"harm": 1}]}, CANNOT_SAY, "needs plan"),
        ({"any": [{"harm": 0}, {"harm": 1}]}, NO, "harm is 2, needs exactly 0; harm is 2, needs exactly 1"),
        ({"none": [{"facts": {"plan": "pro"}}]}, CANNOT_SAY, "needs plan"),
        ({"none": [{"facts": {"plan": "pro"}, "harm": 1}]}, YES, ""),
        ({"none": [{"harm": 2, "group": "east"}]}, NO, "left out because harm is exactly 2 and group is east"),
        ({"all": [{"harm": 2}, {"facts": {"gift": False}}]}, CANNOT_SAY, "needs gift"),
    ],
)
def test_a_clear_no_beats_cannot_say_which_beats_yes(when: dict[str, Any], holds: bool | None, why: str) -> None:
    known = Known(LABELS, usable(DECLARED, {"days": 3}))
    verdict = judge(When.model_validate(when), known)
    assert (verdict.holds, verdict.why) == (holds, why)
    assert bool(verdict.missing) == (holds is CANNOT_SAY)
