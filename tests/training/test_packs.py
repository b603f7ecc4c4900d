"""Packs of the languages to come read without a fault, and are not switched on."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpdesk_recovery.assess.pack import read_pack

PACKS = sorted((Path(__file__).resolve().parents[2] / "training" / "packs").glob("*.toml"))


@pytest.mark.parametrize("path", PACKS, ids=lambda path: path.stem)
def test_it_reads(path: Path) -> None:
    assert read_pack(path.read_text("utf-8"), path.name).language == path.stem


def test_nine_languages_wait() -> None:
    assert {path.stem for path in PACKS} == {"de", "es", "fi", "fr", "it", "nl", "no", "pl", "pt"}
