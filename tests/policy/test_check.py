from __future__ import annotations

from pathlib import Path

import pytest

from helpdesk_recovery.bundled import bundled
from helpdesk_recovery.policy.check import check
from helpdesk_recovery.policy.load import bundled_names


@pytest.mark.parametrize("name", bundled_names())
def test_what_ships_is_clean(name: str) -> None:
    checked = check(bundled("policies") / f"{name}.toml")
    assert (checked.problems, checked.warnings) == ((), ())
    assert checked.pack is not None and checked.pack.name == name


def test_warnings_name_the_rule_and_the_reason() -> None:
    checked = check(Path(__file__).parent / "tariff.toml")
    assert checked.pack is not None
    assert checked.warnings == (
        "rule repair-late rests on a second-hand source: check it before use.",
        "rule from-memory is off: nobody has read its source yet.",
    )


def test_an_amount_over_the_cap_or_without_a_currency_is_told(tmp_path: Path) -> None:
    text = bundled("policies").joinpath("starter.toml").read_text("utf-8")
    file = tmp_path / "mine.toml"
    file.write_text(text.replace("small = { EUR = 10, GBP = 9,", "small = { EUR = 60,"), encoding="utf-8")
    warnings = check(file).warnings
    assert "rule late gives 60.00 EUR, over the cap of 50.00 EUR: it will always be cut." in warnings
    assert "rule late has no amount in GBP: it will never apply there." in warnings


def test_problems_come_back_with_their_place(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text("version = [1\n")
    checked = check(file)
    assert checked.pack is None
    assert [(p.file, p.line) for p in checked.problems] == [(str(file), 2)]
