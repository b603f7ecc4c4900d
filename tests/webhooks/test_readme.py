"""The overview says what the helpdesks say of themselves."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

import helpdesk_recovery_webhooks
from helpdesk_recovery.sdk import Helpdesk, signatures

FOLDER = Path(helpdesk_recovery_webhooks.__path__[0])
README = (FOLDER.parent / "README.md").read_text("utf-8")
NAMES = sorted(path.parent.name for path in FOLDER.glob("*/quality.toml"))


def test_every_helpdesk_has_a_row() -> None:
    assert re.findall(r"^\| \[(\w+)\]\(", README, re.MULTILINE) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_the_row_is_right(name: str) -> None:
    helpdesk: Helpdesk = importlib.import_module(f"helpdesk_recovery_webhooks.{name}").HELPDESK
    can = helpdesk.info.capabilities
    yes = ["yes" if one else "no" for one in (can.internal_notes, can.public_replies, can.html_notes)]
    found_by = "polling" if can.poll else "the desk sending again"
    (row,) = re.findall(rf"^\| \[{name}\]\((.*?)\) \| (.*) \|$", README, re.MULTILINE)
    assert row == (f"{FOLDER.name}/{name}/README.md", " | ".join([*yes, found_by]))


def test_every_signature_it_names_exists() -> None:
    named = set(re.findall(r"`((?:sign|verify)_\w+)`", README))
    assert named == {name for name in signatures.__all__ if name.startswith(("sign_", "verify_"))}
