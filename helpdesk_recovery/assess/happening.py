"""What can happen to a customer, in any language: how bad it is, what is lost and whose doing it is."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from helpdesk_recovery.domain.assessment import ATTRIBUTIONS, LOSS_TYPES, Category
from helpdesk_recovery.errors import ConfigurationInvalid

_FILE = "happenings.toml"


@dataclass(frozen=True, slots=True)
class Happening:
    """One kind of event.

    ``harm`` is 0-5 before anything makes it worse; after ``days`` days (0: never) it is at least ``worse``.
    ``money`` tells that a sum named beside it is the loss. ``sure`` is how strongly it speaks for its category.
    """

    name: str
    harm: int
    category: str
    loss: str
    attribution: str = "us"
    days: int = 0
    worse: int = 3
    money: bool = False
    sure: float = 2.6


@cache
def happenings() -> Mapping[str, Happening]:
    """Return all happenings by name. Raise ConfigurationInvalid when the file is wrong."""
    source = files("helpdesk_recovery.assess").joinpath(_FILE).read_text("utf-8")
    return {name: read_happening(name, row) for name, row in tomllib.loads(source).items()}


def read_happening(name: str, row: Mapping[str, Any]) -> Happening:
    """Read one row of the file; raise ConfigurationInvalid naming the row and what is wrong in it."""
    try:
        happening = Happening(name, **row)
    except TypeError as error:
        raise ConfigurationInvalid(f"{_FILE}: [{name}] {error}. See the other rows for the keys.") from error
    allowed = {"category": tuple(Category), "loss": LOSS_TYPES, "attribution": ATTRIBUTIONS}
    for key, codes in allowed.items():
        if getattr(happening, key) not in codes:
            raise ConfigurationInvalid(f"{_FILE}: [{name}] {key} must be one of {', '.join(codes)}.")
    if not (0 <= happening.harm <= 5 and 0 <= happening.worse <= 5):
        raise ConfigurationInvalid(f"{_FILE}: [{name}] harm and worse must lie between 0 and 5.")
    return happening
