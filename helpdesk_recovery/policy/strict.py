"""The base of every table in a policy file."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Table(BaseModel):
    """A table that never changes after loading and knows every key it may hold."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)
