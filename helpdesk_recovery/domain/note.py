"""An internal note, rendered."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Note:
    """One note in both dresses: plain text and HTML, both ending with the reference."""

    text: str
    html: str
    reference: str
