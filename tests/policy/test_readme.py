from __future__ import annotations

import re
import tomllib
from pathlib import Path

from helpdesk_recovery.bundled import bundled
from helpdesk_recovery.policy.condition import When
from helpdesk_recovery.policy.load import bundled_names, load_pack


def readme() -> str:
    return (bundled("policies") / "README.md").read_text("utf-8")


def test_the_rule_in_the_readme_loads(tmp_path: Path) -> None:
    block = re.findall(r"```toml\n(.*?)```", readme(), re.DOTALL)[0]
    starter = (bundled("policies") / "starter.toml").read_text("utf-8")
    head = starter[: starter.index("[[rule]]")]
    file = tmp_path / "mine.toml"
    file.write_text(head + block, encoding="utf-8")
    [rule] = load_pack(file).rule
    assert [give.remedy for give in rule.gives] == ["apology", "voucher", "replacement", "refund"]


def test_the_conditions_in_the_readme_read() -> None:
    rows = re.findall(r"^\| `when\.(\w+)(?:\.\w+)? = ", readme(), re.MULTILINE)
    assert set(rows) <= set(When.model_fields)
    first_column = re.findall(r"^\| (.*?) \| ", readme(), re.MULTILINE)
    values = [value for cell in first_column for value in re.findall(r"`when\.([^`…]*)`", cell)]
    assert len(values) >= 3
    for text in values:
        assert not When.model_validate(tomllib.loads(text)).is_empty


def test_every_pack_stands_in_the_readme() -> None:
    assert all(f"`{name}.toml`" in readme() for name in bundled_names())
