"""Send what a case intends: claim, write, settle; after an uncertain write, read back first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from helpdesk_recovery.domain.connection import Connection
from helpdesk_recovery.domain.effect import Effect, EffectState
from helpdesk_recovery.pipeline.ports import Desk
from helpdesk_recovery.pipeline.write_back import Wrote, reconcile, write
from helpdesk_recovery.telemetry import EFFECTS, log
from helpdesk_recovery.worker.bench import Bench
from helpdesk_recovery.worker.settle import Sent


async def send_effects(bench: Bench, connection: Connection, effects: Iterable[Effect]) -> None:
    """Do everything that is due, in order; stop at the first that has to wait."""
    for effect in effects:
        if not await _send(bench, bench.desks.desk(connection), connection, effect):
            return


async def _send(bench: Bench, desk: Desk, connection: Connection, effect: Effect) -> bool:
    """Bring one effect as far as it goes now; return whether it is final."""
    settle = timedelta(seconds=settle_seconds(bench, connection))
    now = bench.services.clock()
    if effect.state is EffectState.SENDING:  # its worker died while writing: it may have happened
        doubt = Wrote(EffectState.UNKNOWN, (effect.sent_at or now) + settle, "the worker stopped while writing")
        await _settle(bench, connection, effect, doubt)
        effect = replace(effect, state=EffectState.UNKNOWN, due_at=doubt.due_at or now)
    if effect.due_at > now:
        return False
    if effect.state is EffectState.UNKNOWN:
        found = await reconcile(effect, desk, now)
        final = await _settle(bench, connection, effect, found)
        if final or found.state is not EffectState.INTENDED:
            return final
    claim = await bench.claim.do(effect)
    if not claim.granted:
        return claim.wait_until is None
    return await _settle(bench, connection, effect, await write(effect, desk, settle, bench.services.clock()))


async def send_claimed(bench: Bench, connection: Connection, effect: Effect) -> Sent:
    """Write one effect that is claimed; what became of it is still to be settled."""
    settle = timedelta(seconds=settle_seconds(bench, connection))
    wrote = await write(effect, bench.desks.desk(connection), settle, bench.services.clock())
    return _said(connection, effect, wrote)


def settle_seconds(bench: Bench, connection: Connection) -> float:
    """Return how long that helpdesk may still be committing a write whose answer was lost.

    Its folder declares it; the connection's option ``settle_seconds`` overrides it where the operator knows
    that this installation answers or gives up sooner.
    """
    declared = bench.services.plugins.helpdesk(connection.helpdesk).info.settle_seconds
    return float(connection.options.get("settle_seconds", declared))


async def _settle(bench: Bench, connection: Connection, effect: Effect, wrote: Wrote) -> bool:
    return await bench.settle.do(_said(connection, effect, wrote))


def _said(connection: Connection, effect: Effect, wrote: Wrote) -> Sent:
    EFFECTS.labels(connection.helpdesk, str(wrote.state)).inc()
    log().info("effect", effect=effect.id, case=effect.case_id, state=str(wrote.state), connection=connection.name)
    return Sent(connection, effect, wrote)
