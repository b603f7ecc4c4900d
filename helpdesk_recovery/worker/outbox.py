"""Send what a case intends: claim, write, settle; after an uncertain write, read back first."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from helpdesk_recovery.bootstrap import Services
from helpdesk_recovery.domain.connection import Connection
from helpdesk_recovery.domain.effect import Effect, EffectState
from helpdesk_recovery.pipeline.ports import Desk
from helpdesk_recovery.pipeline.write_back import GIVE_UP_AFTER, Wrote, reconcile, write
from helpdesk_recovery.storage import cases, connections, effects
from helpdesk_recovery.telemetry import EFFECTS, log
from helpdesk_recovery.worker.desks import Desks


async def send_effects(services: Services, desks: Desks, connection: Connection, case_id: str) -> None:
    """Do everything that is due for this case, in order; stop at the first that has to wait."""
    for effect in await services.database.read(lambda sql: effects.open_of_case(sql, case_id)):
        settled = await _send(services, await desks.desk(connection), connection, effect)
        if not settled:
            return


async def _send(services: Services, desk: Desk, connection: Connection, effect: Effect) -> bool:
    """Bring one effect as far as it goes now; return whether it is final."""
    settle = timedelta(seconds=settle_seconds(services, connection))
    effect = await _after_a_crash(services, effect, settle)
    if effect.due_at > services.clock():
        return False
    if effect.state is EffectState.UNKNOWN:
        wrote = await reconcile(effect, desk, services.clock())
        if await _settle(services, connection, effect, wrote):
            return True
        if wrote.state is not EffectState.INTENDED:
            return False
    claim = await services.database.write(lambda sql: effects.claim(sql, effect, services.clock()))
    if not claim.granted:
        return claim.wait_until is None
    wrote = await write(effect, desk, settle, services.clock())
    return await _settle(services, connection, effect, wrote)


def settle_seconds(services: Services, connection: Connection) -> float:
    """Return how long that helpdesk may still be committing a write whose answer was lost.

    Its folder declares it; the connection's option ``settle_seconds`` overrides it where the operator knows
    that this installation answers or gives up sooner.
    """
    declared = services.plugins.helpdesk(connection.helpdesk).info.settle_seconds
    return float(connection.options.get("settle_seconds", declared))


async def _after_a_crash(services: Services, effect: Effect, settle: timedelta) -> Effect:
    """A write that was under way when its worker died may have happened: it becomes UNKNOWN."""
    if effect.state is not EffectState.SENDING:
        return effect
    due = (effect.sent_at or services.clock()) + settle
    await services.database.write(
        lambda sql: effects.again(sql, effect.id, EffectState.UNKNOWN, due, "the worker stopped while writing")
    )
    return replace(effect, state=EffectState.UNKNOWN, due_at=due)


async def _settle(services: Services, connection: Connection, effect: Effect, wrote: Wrote) -> bool:
    now = services.clock()
    final = await services.database.write(lambda sql: _store(sql, connection, effect, wrote, now))
    EFFECTS.labels(connection.helpdesk, str(wrote.state)).inc()
    log().info("effect", effect=effect.id, case=effect.case_id, state=str(wrote.state), connection=connection.name)
    return final


def _store(sql: Any, connection: Connection, effect: Effect, wrote: Wrote, now: datetime) -> bool:
    """Store what became of one try; return whether the effect is final."""
    if wrote.state is EffectState.DONE:
        _store_done(sql, connection, effect, wrote, now)
        return True
    if wrote.trouble:
        effects.connection_failed(sql, connection.id, now, wrote.trouble, wrote.retry_after)
    if wrote.gone:
        cases.close(sql, effect.case_id, wrote.reason or "the ticket is gone")
    if wrote.state is EffectState.REFUSED or wrote.due_at is None:
        effects.settle(sql, effect.id, EffectState.REFUSED, now, reason=wrote.reason)
        return True
    if now - effect.created_at > GIVE_UP_AFTER:
        effects.settle(sql, effect.id, EffectState.DEAD, now, reason=wrote.reason)
        return True
    effects.again(sql, effect.id, wrote.state, wrote.due_at, wrote.reason or "")
    return False


def _store_done(sql: Any, connection: Connection, effect: Effect, wrote: Wrote, now: datetime) -> None:
    written = wrote.written
    external = written.external_id if written else None
    effects.settle(sql, effect.id, EffectState.DONE, now, reason=wrote.reason, external_id=external)
    effects.connection_worked(sql, connection.id)
    if written and written.author_id:
        connections.learn_option(sql, connection.id, "bot_user", written.author_id)
