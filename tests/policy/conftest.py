from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from helpdesk_recovery.domain.assessment import Assessment
from helpdesk_recovery.domain.decision import Decision
from helpdesk_recovery.domain.ticket import Ticket
from helpdesk_recovery.policy.cases import CaseAssessment
from helpdesk_recovery.policy.decide import decide
from helpdesk_recovery.policy.document import Pack
from helpdesk_recovery.policy.load import find_pack, load_pack

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def starter() -> Pack:
    return find_pack("starter")


@pytest.fixture(scope="session")
def tariff() -> Pack:
    """A tiny pack with entitlements, facts of every type and low caps."""
    return load_pack(HERE / "tariff.toml")


@pytest.fixture(scope="session")
def ticket() -> Ticket:
    return Ticket("7", "Broken", (), datetime(2026, 11, 2, tzinfo=UTC), channel="email", tags=("vip",))


@pytest.fixture(scope="session")
def assessed() -> Callable[..., Assessment]:
    """Make an assessment as the golden cases do."""

    def make(**said: Any) -> Assessment:
        return CaseAssessment(**said).to_domain()

    return make


@pytest.fixture(scope="session")
def decided(ticket: Ticket, assessed: Callable[..., Assessment]) -> Callable[..., Decision]:
    """Decide on an assessment said in keywords: ``decided([pack], harm=2, facts={...}, currency="EUR")``."""

    def run(packs: list[Pack], *, facts: dict[str, Any] | None = None, currency: str = "EUR", **said: Any) -> Decision:
        return decide(packs, ticket, assessed(**said), currency=currency, facts=facts or {})

    return run
