"""Two accounts with a connection, cases and offers each, behind the real application, with a clock of our own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer
from pydantic import SecretStr

from helpdesk_recovery.bootstrap import Services, build
from helpdesk_recovery.domain.connection import Connection
from helpdesk_recovery.domain.decision import Decision, Line, Outcome, RuleTried
from helpdesk_recovery.domain.effect import Effect, EffectKind, EffectState
from helpdesk_recovery.domain.money import Money
from helpdesk_recovery.domain.offer import Offer, OfferState, reference
from helpdesk_recovery.domain.staff import Role
from helpdesk_recovery.domain.ticket import Author, EventKind, Message, Ticket, TicketEvent
from helpdesk_recovery.plugins import Plugins
from helpdesk_recovery.settings import Settings
from helpdesk_recovery.storage import attach, connections, migrate, outbox, records, staff
from helpdesk_recovery.storage.records import Record
from helpdesk_recovery.tokens.door import Door
from helpdesk_recovery.tokens.kind import API, Scope
from helpdesk_recovery.web.app import create_app

START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
SECRET_KEY = "test-key-0123456789-abcdefghijklmnopqrst"
CANARIES = ("canary-helpdesk-token-4711", "canary-webhook-secret-4712", "canary-option-4713")


@dataclass
class Tenant:
    """One account and the ids of what it has, oldest first."""

    account: str
    connection: str
    case_ids: list[str] = field(default_factory=list)
    references: list[str] = field(default_factory=list)


class Api:
    """The application with its clients. ``now`` may be moved."""

    start = START
    secret_key = SECRET_KEY
    canaries = CANARIES

    def __init__(self) -> None:
        self.now = START

    services: Services
    client: TestClient[Any, Any]
    ours: Tenant
    theirs: Tenant

    async def token(self, tenant: Tenant, scopes: Iterable[str] = tuple(Scope), days: int = 30) -> str:
        """A new API token of *tenant*, every scope unless said otherwise."""
        ends, wanted = self.now + timedelta(days=days), list(scopes) or ["nothing:read"]
        kept = await self.services.database.write(
            lambda sql: staff.create_token(sql, tenant.account, "test", wanted, self.now, ends)
        )
        return self.signed(tenant.account, kept.id)

    def signed(self, subject: str, token_id: str) -> str:
        return Door(SECRET_KEY, API).sign(subject, token_id, self.now, timedelta(days=30))

    async def get(self, path: str, token: str | None = None, **headers: str) -> ClientResponse:
        authorization = {} if token is None else {"Authorization": f"Bearer {token}"}
        return await self.client.get(path, headers={**authorization, **headers})

    async def read(self, path: str, tenant: Tenant | None = None) -> Any:
        """The JSON of a 200, asked with every scope by *tenant* (ours unless said otherwise)."""
        answer = await self.get(path, await self.token(tenant or self.ours))
        assert answer.status == 200, await answer.text()
        return await answer.json()

    async def add_case(self, tenant: Tenant, ticket_id: str, at: datetime) -> str:
        case_id = await self.services.database.write(lambda sql: put_case(sql, tenant, ticket_id, at))
        tenant.case_ids.append(case_id)
        return case_id

    async def add_offer(self, tenant: Tenant, case_id: str, ticket_id: str, at: datetime) -> str:
        mark = await self.services.database.write(lambda sql: put_offer(sql, tenant, case_id, ticket_id, at))
        tenant.references.append(mark)
        return mark


def put_case(sql: Any, tenant: Tenant, ticket_id: str, at: datetime) -> str:
    event = TicketEvent(EventKind.CREATED, ticket_id, f"{tenant.connection}/{ticket_id}", at, Author.REQUESTER)
    [attached] = attach.attach(sql, [attach.Arrival(tenant.account, f"conn_{tenant.connection}", event, True)], at)
    case_id = str(attached.case_id)
    message = Message("m1", Author.REQUESTER, f"My parcel of {tenant.connection} is late.", at)
    records.keep(
        sql, [Record(case_id, tenant.account, "ticket", "test 1", Ticket(ticket_id, "Late", (message,), at))], at
    )
    return case_id


def put_offer(sql: Any, tenant: Tenant, case_id: str, ticket_id: str, at: datetime) -> str:
    lines = (Line("goodwill", "credit", "late", Money(1550, "EUR")),)
    decision = Decision(Outcome.REMEDY, "starter", 1, lines, trace=(RuleTried("late", True),))
    mark = reference(tenant.connection, ticket_id, at.isoformat())
    offer = Offer(case_id, mark, decision, OfferState.SUGGESTED, at)
    made = [
        Record(case_id, tenant.account, "decision", "starter 1", decision),
        Record(case_id, tenant.account, "offer", "test 1", offer),
    ]
    records.keep(sql, made, at)
    effect = Effect(
        id=f"eff_{tenant.connection}_{len(tenant.references):04}",
        case_id=case_id,
        connection=f"conn_{tenant.connection}",
        ticket_id=ticket_id,
        kind=EffectKind.NOTE,
        key=mark,
        text=f"Suggested: 15.50 EUR. {mark}",
        html="",
        state=EffectState.WITHHELD,
        tries=0,
        created_at=at,
        due_at=at,
        reason="shadow",
    )
    outbox.intend(sql, [effect], at)
    return mark


def put_tenant(sql: Any, services: Services, name: str, connection: str) -> Tenant:
    account = staff.ensure_account(sql, name)
    made = Connection(
        id=f"conn_{connection}",
        account=account,
        helpdesk="memory",
        name=connection,
        url="https://desk.example",
        options={"password": CANARIES[2]},
        token=CANARIES[0],
        secrets=(CANARIES[1],),
    )
    connections.add(sql, made, services.sealer, START)
    staff.add_user(sql, account, f"ada@{connection}.example", "Ada", [Role.ADMIN, Role.AGENT], START)
    return Tenant(account, connection)


@asynccontextmanager
async def opened(url: str, folder: Path) -> AsyncIterator[Api]:
    settings = Settings(secret_key=SecretStr(SECRET_KEY), data_dir=folder, database_url=SecretStr(url))
    api = Api()
    api.services = build(settings, plugins=Plugins({}), clock=lambda: api.now)
    await api.services.database.write(migrate.upgrade)
    put: Callable[[str, str], Awaitable[Tenant]] = lambda name, connection: api.services.database.write(  # noqa: E731
        lambda sql: put_tenant(sql, api.services, name, connection)
    )
    api.ours, api.theirs = await put("default", "shop"), await put("other", "rival")
    for tenant in (api.ours, api.theirs):
        case_id = await api.add_case(tenant, "1", START)
        await api.add_offer(tenant, case_id, "1", START)
    async with TestClient(TestServer(create_app(api.services), host="127.0.0.1")) as api.client:
        yield api
    await api.services.close()


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[Api]:
    """The application on a SQLite file."""
    async with opened(f"sqlite:///{tmp_path / 'api.sqlite3'}", tmp_path) as found:
        yield found


@pytest.fixture
async def api_on_both(database_url: str, tmp_path: Path) -> AsyncIterator[Api]:
    """The application on SQLite, and once more on PostgreSQL."""
    async with opened(database_url, tmp_path) as found:
        yield found
