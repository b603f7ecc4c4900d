from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from helpdesk_recovery.bundled import bundled
from helpdesk_recovery.policy.load import bundled_names
from helpdesk_recovery.policy.schema import json_schema, schema_text


def test_the_file_is_what_the_models_say() -> None:
    kept = (bundled("policies") / "policy.schema.json").read_text("utf-8")
    advice = "run: python -m helpdesk_recovery.policy.schema > policies/policy.schema.json"
    assert kept == schema_text(), advice
    assert json.loads(kept) == json_schema()


def test_every_pack_points_its_editor_at_it() -> None:
    for name in bundled_names():
        text = (bundled("policies") / f"{name}.toml").read_text("utf-8")
        assert text.startswith("#:schema ./policy.schema.json\n")


def validator() -> Any:
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")
    return jsonschema.Draft202012Validator(json_schema())


def data(text: str) -> Any:
    return json.loads(json.dumps(tomllib.loads(text), default=str))


def test_an_editor_finds_nothing_wrong_in_our_packs() -> None:
    tariff = Path(__file__).parent / "tariff.toml"
    packs = [bundled("policies") / f"{name}.toml" for name in bundled_names()]
    for pack in (*packs, tariff):
        assert [error.message for error in validator().iter_errors(data(pack.read_text("utf-8")))] == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('when.category = "outage"', 'when.category = "outaeg"'),
        ("when.harm = 2", "when.tone = 2"),
        ('"correction"', '"corection"'),
        ("at_least = 3", "atleast = 3"),
        ("sure = 0.7", "sure = 7"),
        ("EUR = 10,", 'EUR = "10",'),
        ('kind = "goodwill"', 'kind = "gift"'),
    ],
)
def test_an_editor_marks_a_slip(old: str, new: str) -> None:
    text = (bundled("policies") / "starter.toml").read_text("utf-8")
    assert old in text
    assert list(validator().iter_errors(data(text.replace(old, new, 1))))
