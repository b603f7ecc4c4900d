"""When a rule applies."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from pydantic import Field

from helpdesk_recovery.policy.among import Among, Attributions, Categories, LossTypes, Requests, Words
from helpdesk_recovery.policy.fact import FactTests
from helpdesk_recovery.policy.span import Numbers, Span
from helpdesk_recovery.policy.strict import Table

UNSURE_LABELS = ("category", "harm", "attribution")
"""The labels of an assessment that come with a probability."""

_LABELS = (*UNSURE_LABELS, "loss_type", "requested_remedy", "channel", "group", "tags")


class When(Table):
    """All that must hold at once; ``any`` needs one of its tables, ``all`` every one, ``none`` not a single one."""

    category: Categories | None = None
    harm: Numbers | None = Field(None, description="What really happened, 0-5; never how it is said.")
    attribution: Attributions | None = Field(None, description="Whose doing it was.")
    loss_type: LossTypes | None = Field(None, description="What was mainly lost.")
    requested_remedy: Requests | None = Field(None, description="What the customer asks for.")
    channel: Words | None = None
    group: Words | None = None
    tags: Words | None = Field(None, description="One of the ticket's tags is enough.")
    facts: dict[str, FactTests] = Field(default_factory=dict, description="Facts that the pack declares.")
    all: tuple[When, ...] = ()
    any: tuple[When, ...] = ()
    none: tuple[When, ...] = ()

    @cached_property
    def labels(self) -> tuple[tuple[str, Among | Span], ...]:
        """The tests on the assessment and the ticket, by field."""
        return tuple((name, test) for name in _LABELS if (test := getattr(self, name)) is not None)

    def may_fit(self, labels: Mapping[str, object]) -> bool:
        """Tell quickly, by the category alone, whether the rule is worth a full look."""
        return self.category is None or self.category.holds(str(labels["category"]))

    @cached_property
    def fact_names(self) -> frozenset[str]:
        """Every fact that is asked for, here or deeper."""
        deeper = (when.fact_names for when in (*self.all, *self.any, *self.none))
        return frozenset(self.facts).union(*deeper)

    @cached_property
    def is_empty(self) -> bool:
        """Whether nothing is asked, here or deeper."""
        return not self.labels and not self.fact_names and all(w.is_empty for w in self._deeper)

    @property
    def _deeper(self) -> tuple[When, ...]:
        return (*self.all, *self.any, *self.none)

    @cached_property
    def words(self) -> str:
        """The whole condition as an admin would say it."""
        parts = [f"{name.replace('_', ' ')} is {test.need}" for name, test in self.labels]
        parts += [f"{name} is {test.need}" for name, test in self.facts.items()]
        parts += [when.words for when in self.all]
        parts += [f"one of ({'; '.join(when.words for when in self.any)})"] if self.any else []
        parts += [f"not ({when.words})" for when in self.none]
        return " and ".join(parts)
