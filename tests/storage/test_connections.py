"""Secrets are sealed, wrong keys are said, and what the helpdesk tells us is remembered."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from helpdesk_recovery.bootstrap import Services
from helpdesk_recovery.domain.connection import Connection
from helpdesk_recovery.errors import ConfigurationInvalid, NotFound
from helpdesk_recovery.storage import connections
from helpdesk_recovery.storage.seal import Sealer
from helpdesk_recovery.storage.tables import connections as table

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


async def test_no_secret_stands_in_the_database(services: Services, connection: Connection) -> None:
    kept = replace(connection, token="canary-token-1234567890", secrets=("canary-secret-1234567890",))
    await services.database.write(lambda sql: connections.save(sql, kept, services.sealer))
    row = await services.database.read(lambda sql: sql.execute(select(table)).mappings().one())
    assert "canary" not in repr(dict(row))
    found = await services.database.read(lambda sql: connections.named(sql, "shop", services.sealer))
    assert (found.token, found.secrets) == (kept.token, kept.secrets)
    assert "canary" not in repr(found)


async def test_another_key_is_said_in_words(services: Services, connection: Connection) -> None:
    other = Sealer("another-key-0123456789-abcdefghijklmnop")
    with pytest.raises(ConfigurationInvalid, match="SECRET_KEY is not the key"):
        await services.database.read(lambda sql: connections.named(sql, "shop", other))


async def test_a_sealed_secret_cannot_be_moved_to_another_connection(services: Services) -> None:
    sealed = services.sealer.seal("secret", "conn_a")
    with pytest.raises(ConfigurationInvalid):
        services.sealer.open(sealed, "conn_b")


async def test_at_most_two_secrets_are_live(services: Services, connection: Connection) -> None:
    three = replace(connection, secrets=("a" * 30, "b" * 30, "c" * 30))
    with pytest.raises(ConfigurationInvalid, match="two live secrets"):
        await services.database.write(lambda sql: connections.save(sql, three, services.sealer))


async def test_a_name_is_taken_once(services: Services, connection: Connection) -> None:
    with pytest.raises(ConfigurationInvalid, match="already a connection called 'shop'"):
        await services.database.write(
            lambda sql: connections.add(sql, replace(connection, id="conn_2"), services.sealer, NOW)
        )


async def test_an_unknown_name_says_where_to_look(services: Services) -> None:
    with pytest.raises(NotFound, match="connection list"):
        await services.database.read(lambda sql: connections.named(sql, "nope", services.sealer))


async def test_a_due_poll_is_taken_by_one_worker(services: Services, connection: Connection) -> None:
    polled = replace(connection, id="conn_polled", name="polled", poll_seconds=60)
    await services.database.write(lambda sql: connections.add(sql, polled, services.sealer, NOW))

    async def take(now: datetime) -> list[tuple[str, str | None]]:
        return await services.database.write(lambda sql: connections.claim_due_polls(sql, now))

    assert await take(NOW) == [("conn_polled", None)]
    assert await take(NOW) == []
    assert await take(NOW + timedelta(seconds=61)) == [("conn_polled", None)]


async def test_removing_a_connection_leaves_nothing_of_it(services: Services, connection: Connection) -> None:
    await services.database.write(lambda sql: connections.remove(sql, connection.id))
    assert await services.database.read(lambda sql: connections.everything(sql, services.sealer)) == []
