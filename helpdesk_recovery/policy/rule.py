"""One rule of a pack: when it applies and what it gives."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StrictBool, StringConstraints, WithJsonSchema

from helpdesk_recovery.domain.decision import Source
from helpdesk_recovery.domain.remedy import MONEY_REMEDIES, REMEDIES
from helpdesk_recovery.policy.among import known_word
from helpdesk_recovery.policy.condition import When
from helpdesk_recovery.policy.number import Amount
from helpdesk_recovery.policy.strict import Table

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=60)]
CheckKey = Literal["order", "stock", "refunded_so_far", "address", "photo", "promise"]
ApprovalRole = Literal["supervisor", "admin"]


class Price(Table):
    """An own table of amounts by currency, or the name of one of the pack's ``[amounts]``."""

    table: Amount | None = None
    name: str | None = None


def _price(value: Any) -> Any:
    if isinstance(value, str):
        return {"name": value}
    return {"table": value} if isinstance(value, dict) else value


_AMOUNTS = {
    "type": "object",
    "propertyNames": {"pattern": "^[A-Z]{3}$"},
    "additionalProperties": {"type": "number", "exclusiveMinimum": 0},
}
Prices = Annotated[Price, BeforeValidator(_price), WithJsonSchema({"anyOf": [{"type": "string"}, _AMOUNTS]})]
Remedy = Annotated[
    str,
    AfterValidator(lambda code: known_word(code, REMEDIES)),
    WithJsonSchema({"type": "string", "enum": list(REMEDIES)}),
]


class Give(Table):
    """One remedy; money comes with an amount, except a refund in full, whose sum the order tells."""

    remedy: Remedy
    amount: Prices | None = None

    @property
    def is_money(self) -> bool:
        """Whether the customer gets money or something worth a sum of it."""
        return self.remedy in MONEY_REMEDIES


def _give(value: Any) -> Any:
    return {"remedy": value} if isinstance(value, str) else value


_GIVE = {
    "anyOf": [
        {"type": "string", "enum": list(REMEDIES)},
        {
            "type": "object",
            "properties": {
                "remedy": {"type": "string", "enum": list(REMEDIES)},
                "amount": {"anyOf": [{"type": "string"}, _AMOUNTS]},
            },
            "required": ["remedy"],
            "additionalProperties": False,
        },
    ]
}
Gives = Annotated[Give, BeforeValidator(_give), WithJsonSchema(_GIVE)]


class RuleSource(Table):
    """Where an entitlement stands: ``primary`` was read at the source, ``memory`` was not read and is off."""

    title: Annotated[str, Field(min_length=1)]
    url: Annotated[str, StringConstraints(pattern=r"^https?://\S+$")]
    checked_on: date
    status: Literal["primary", "secondary", "memory"]

    def to_domain(self) -> Source:
        """Return it as decisions carry it."""
        return Source(self.title, self.url, self.checked_on, self.status)


class Rule(Table):
    """One rule. ``give`` comes together; of the sets in ``choose`` the customer picks one."""

    id: Slug
    kind: Literal["entitlement", "goodwill"] = Field(
        description="entitlement: due by law or tariff, all collect. goodwill: the first that matches."
    )
    about: str = Field("", description="For people: what this rule is for.")
    when: When
    give: tuple[Gives, ...] = ()
    choose: tuple[tuple[Gives, ...], ...] = ()
    check: tuple[CheckKey, ...] = Field((), description="What the agent looks at before giving.")
    approval: ApprovalRole | None = Field(None, description="Who must approve, whatever the amount.")
    care: StrictBool = Field(False, description="A person calls first; no money is shown.")
    source: RuleSource | None = None

    @property
    def gives(self) -> tuple[Give, ...]:
        """Every remedy that it can give, choices included."""
        return self.give + tuple(give for option in self.choose for give in option)

    @property
    def is_off(self) -> bool:
        """Whether it is switched off because nobody has read its source."""
        return self.source is not None and self.source.status == "memory"
