"""The notes as an agent sees them. ``UPDATE_GOLDEN=1`` writes them anew; read every one aloud afterwards."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from helpdesk_recovery.wording.catalogue import LANGUAGES

NAMES = ("broken_choice", "late_delivery", "charged_twice", "grave_safety", "unsure", "no_rule", "replaces")
GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_the_note_reads_as_agreed(name: str, language: str, case: Callable[[str, str], Any]) -> None:
    note = case(name, language).note()
    for dress, written in (("txt", note.text), ("html", note.html)):
        agreed = GOLDEN / f"{name}.{language}.{dress}"
        if os.environ.get("UPDATE_GOLDEN") == "1":
            agreed.write_text(written + "\n", "utf-8")
        assert written + "\n" == agreed.read_text("utf-8")


def test_every_golden_note_is_compared() -> None:
    compared = {f"{name}.{language}.{dress}" for name in NAMES for language in LANGUAGES for dress in ("txt", "html")}
    assert {path.name for path in GOLDEN.iterdir()} == compared
