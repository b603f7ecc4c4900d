"""Small joints of sentences."""

from __future__ import annotations


def stop(text: str) -> str:
    """End *text* with a full stop, unless it has one already (150 kr.)."""
    return text if text.endswith((".", "!", "?", "…")) else text + "."


def capital(text: str) -> str:
    """Begin *text* with a capital, leaving the rest as it is."""
    return text[:1].upper() + text[1:]
