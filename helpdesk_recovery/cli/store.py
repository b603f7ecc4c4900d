"""Keep a connection in the default account."""

from __future__ import annotations

from dataclasses import replace

from helpdesk_recovery.bootstrap import Services
from helpdesk_recovery.domain.connection import Connection
from helpdesk_recovery.errors import ConfigurationInvalid, NotFound
from helpdesk_recovery.storage import connections, staff

ACCOUNT = "default"


async def add_connection(services: Services, connection: Connection) -> None:
    """Store a new connection; the account is made on first use."""
    now = services.clock()
    account = await services.database.write(lambda sql: staff.ensure_account(sql, ACCOUNT))
    made = replace(connection, account=account)
    await services.database.write(lambda sql: connections.add(sql, made, services.sealer, now))


async def change_connection(services: Services, connection: Connection, *, keep_secrets: bool) -> Connection:
    """Change the connection that has this name; its id, cases, mode and learnt options stay.

    With *keep_secrets* the webhook secrets stay too, where SECRET_KEY still opens them. Raise NotFound without
    such a connection, ConfigurationInvalid when it is one to another helpdesk.
    """
    known = await _known(services, connection.name)
    if known.helpdesk != connection.helpdesk:
        raise ConfigurationInvalid(f"{connection.name} is connected to {known.helpdesk}, not {connection.helpdesk}.")
    changed = replace(
        connection,
        id=known.id,
        account=known.account,
        mode=known.mode,
        pilot=known.pilot,
        options={**known.options, **connection.options},
        secrets=known.secrets if keep_secrets and known.secrets else connection.secrets,
    )
    await services.database.write(lambda sql: connections.save(sql, changed, services.sealer))
    return changed


async def _known(services: Services, name: str) -> Connection:
    try:
        return await services.database.read(lambda sql: connections.named(sql, name, services.sealer))
    except ConfigurationInvalid:  # another SECRET_KEY: what was sealed with the old one is lost
        return await services.database.read(lambda sql: connections.without_secrets(sql, name))


async def put_connection(services: Services, name: str, connection: Connection) -> None:
    """Store *connection*, or change the one that has its name already and keep its id and learnt options."""
    try:
        known = await services.database.read(lambda sql: connections.named(sql, name, services.sealer))
    except NotFound:
        await add_connection(services, connection)
        return
    changed = replace(connection, id=known.id, account=known.account, options={**known.options, **connection.options})
    await services.database.write(lambda sql: connections.save(sql, changed, services.sealer))
