"""A policy pack as it stands in its file."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StrictInt

from helpdesk_recovery.policy.fact import FactDeclaration
from helpdesk_recovery.policy.number import Amount, Currency, Limit, Share
from helpdesk_recovery.policy.rule import ApprovalRole, Give, Rule, Slug
from helpdesk_recovery.policy.strict import Table

FactName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]


class Limits(Table):
    """The most that goodwill may come to in one offer, and above which sum somebody must approve, by currency."""

    cap: Limit = Field(default_factory=dict)
    approve_above: Limit = Field(default_factory=dict)
    approver: ApprovalRole = "supervisor"


class Care(Table):
    """Who calls the customer in a grave case, and within how many minutes."""

    role: ApprovalRole = "supervisor"
    within_minutes: Annotated[StrictInt, Field(ge=1, le=7 * 24 * 60)] = 60


class Pack(Table):
    """A whole pack. ``load_pack`` also checks what one table cannot know of another."""

    name: Slug
    version: Annotated[StrictInt, Field(ge=1)]
    title: str = ""
    about: str = ""
    currencies: tuple[Currency, ...] = Field(json_schema_extra={"minItems": 1})
    sure: Share = Field(0.8, description="How probable a label must be before it may set money.")
    complaint_at: Share = Field(0.5, description="How probable a complaint must be before anything is offered.")
    limits: Limits = Limits()
    care: Care = Care()
    amounts: dict[str, Amount] = Field(default_factory=dict, description="Amounts that rules call by name.")
    facts: dict[FactName, FactDeclaration] = Field(default_factory=dict)
    rule: tuple[Rule, ...] = Field(max_length=500, json_schema_extra={"minItems": 1})

    def amount(self, give: Give) -> Amount | None:
        """Return the table of amounts of *give* by currency, in major units; None when it has no sum."""
        price = give.amount
        if price is None:
            return None
        return self.amounts[price.name] if price.name is not None else price.table
