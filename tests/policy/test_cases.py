from __future__ import annotations

from pathlib import Path

import pytest

from helpdesk_recovery.bundled import bundled
from helpdesk_recovery.errors import PolicyInvalid
from helpdesk_recovery.policy.cases import load_cases, run_cases
from helpdesk_recovery.policy.load import bundled_names, find_pack

CASES = [
    pytest.param(name, index, id=f"{name}: {case.name}")
    for name in bundled_names()
    for index, case in enumerate(load_cases(bundled("policies") / "cases" / f"{name}.toml"))
]


@pytest.mark.parametrize(("name", "index"), CASES)
def test_golden_case(name: str, index: int) -> None:
    result = run_cases(find_pack(name))[index]
    assert result.passed, "\n".join(result.differences)


@pytest.mark.parametrize("name", bundled_names())
def test_every_rule_has_a_case(name: str) -> None:
    pack = find_pack(name)
    matched = {tried.rule for result in run_cases(pack) for tried in result.decision.trace if tried.matched}
    assert {rule.id for rule in pack.rule if not rule.is_off} == matched


def test_a_wrong_expectation_is_told(tmp_path: Path) -> None:
    cases = tmp_path / "starter.toml"
    cases.write_text(
        '[[case]]\nname = "outage"\nassessment = { category = "outage", harm = 2 }\n'
        'expect = { lines = ["apology"], requested = "met" }\n'
    )
    [result] = run_cases(find_pack("starter"), cases)
    assert not result.passed
    assert result.differences == (
        "lines: expected ('apology',), got ('apology', 'explanation', 'correction', 'bill_discount 10.00 EUR')",
        "requested: expected met, got none",
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[case]]\nname = "x"\nassessment = { category = "outaeg" }\nexpect = {}\n', 'did you mean "outage"'),
        ("[[case]]\nname = \n", "line 2"),
        ("", "case"),
        (None, "there are no cases"),
    ],
)
def test_unreadable_cases_say_where(tmp_path: Path, text: str | None, said: str) -> None:
    source = tmp_path / "cases.toml"
    if text is not None:
        source.write_text(text)
    with pytest.raises(PolicyInvalid, match=said):
        run_cases(find_pack("starter"), source)
