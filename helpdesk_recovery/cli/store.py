"""Keep a connection in the default account."""

from __future__ import annotations

from dataclasses import replace

from helpdesk_recovery.bootstrap import Services
from helpdesk_recovery.domain.connection import Connection
from helpdesk_recovery.errors import NotFound
from helpdesk_recovery.storage import connections, staff

ACCOUNT = "default"


async def add_connection(services: Services, connection: Connection) -> None:
    """Store a new connection; the account is made on first use."""
    now = services.clock()
    account = await services.database.write(lambda sql: staff.ensure_account(sql, ACCOUNT))
    made = replace(connection, account=account)
    await services.database.write(lambda sql: connections.add(sql, made, services.sealer, now))


async def put_connection(services: Services, name: str, connection: Connection) -> None:
    """Store *connection*, or change the one that has its name already and keep its id and learnt options."""
    try:
        known = await services.database.read(lambda sql: connections.named(sql, name, services.sealer))
    except NotFound:
        await add_connection(services, connection)
        return
    changed = replace(connection, id=known.id, account=known.account, options={**known.options, **connection.options})
    await services.database.write(lambda sql: connections.save(sql, changed, services.sealer))
