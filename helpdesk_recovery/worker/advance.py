"""Advance one case: lease it, walk the line for its new events, send its effects, give it back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from helpdesk_recovery.bootstrap import Services
from helpdesk_recovery.bundled import version
from helpdesk_recovery.domain.connection import Connection
from helpdesk_recovery.domain.effect import EffectState
from helpdesk_recovery.domain.ticket import EventKind, TicketEvent
from helpdesk_recovery.errors import (
    HelpdeskRefused,
    HelpdeskUnavailable,
    RecoveryError,
    StoreUnavailable,
    TicketGone,
    TicketNotVisible,
)
from helpdesk_recovery.pipeline.line import Walked, walk
from helpdesk_recovery.pipeline.observe import observe
from helpdesk_recovery.pipeline.propose import Earlier
from helpdesk_recovery.pipeline.receive import wants_work
from helpdesk_recovery.pipeline.write_back import GIVE_UP_AFTER, TOKEN_RETRY, backoff, intend
from helpdesk_recovery.storage import cases, connections, effects, records
from helpdesk_recovery.storage.cases import Case
from helpdesk_recovery.storage.ids import new_id
from helpdesk_recovery.telemetry import CASES, log
from helpdesk_recovery.worker.desks import Desks
from helpdesk_recovery.worker.outbox import send_effects
from helpdesk_recovery.worker.packs import Packs

VISIBLE_WITHIN = timedelta(minutes=10)
"""How long a ticket may stay invisible before the case is closed: hooks fire before commit, not minutes before."""


@dataclass(frozen=True, slots=True)
class Bench:
    """What a worker works with."""

    services: Services
    desks: Desks
    packs: Packs
    worker: str
    in_hand: set[str] = field(default_factory=set)


async def advance(bench: Bench, case_id: str) -> None:
    """Work *case_id* until nothing is due; a case that somebody has in hand already is left to them."""
    if case_id in bench.in_hand:
        return
    bench.in_hand.add(case_id)
    try:
        while (due := await _once(bench, case_id)) is not None:
            if due > bench.services.clock():
                await _come_back(bench, case_id, due)
                return
    finally:
        bench.in_hand.discard(case_id)


async def _come_back(bench: Bench, case_id: str, due: datetime) -> None:
    await bench.services.database.write(lambda sql: bench.services.enqueue_cases(sql, (case_id,), due))
    bench.services.engine.wake()


async def _once(bench: Bench, case_id: str) -> datetime | None:
    services = bench.services
    now = services.clock()
    taken = await services.database.write(lambda sql: _take(sql, bench, case_id, now))
    if taken is None:
        return None
    case, connection, events = taken
    retry_at = await _work(bench, case, connection, events)
    now = services.clock()
    return await services.database.write(lambda sql: cases.release(sql, case.id, bench.worker, now, retry_at))


async def _work(bench: Bench, case: Case, connection: Connection, events: Sequence[TicketEvent]) -> datetime | None:
    """Walk and send; a defect or a broken policy must not lose the case: it is tried again, and said."""
    try:
        retry_at = await _walk_events(bench, case, connection, events) if events else None
        await send_effects(bench.services, bench.desks, connection, case.id)
    except StoreUnavailable:
        raise
    except Exception as error:
        words = str(error) if isinstance(error, RecoveryError) else f"defect: {type(error).__name__}"
        log().error("case failed", case=case.id, error=type(error).__name__)
        await bench.services.database.write(lambda sql: connections.set_trouble(sql, connection.id, words[:500]))
        return bench.services.clock() + timedelta(seconds=max(30.0, backoff(case.tries)))
    return retry_at


def _take(sql: Any, bench: Bench, case_id: str, now: datetime) -> tuple[Case, Connection, list[TicketEvent]] | None:
    case = cases.lease(sql, case_id, bench.worker, now)
    if case is None:
        return None
    return case, connections.by_id(sql, case.connection_id, bench.services.sealer), cases.events(sql, case)


async def _walk_events(
    bench: Bench, case: Case, connection: Connection, events: Sequence[TicketEvent]
) -> datetime | None:
    """Walk the line for *events*; return when to try again if the helpdesk could not answer now."""
    now = bench.services.clock()
    if any(event.kind is EventKind.DELETED for event in events):
        await _close(bench, case, "the ticket was deleted")
        return None
    walked = None
    if any(map(wants_work, events)):
        try:
            walked = await _walk(bench, case, connection, events, now)
        except TicketGone as error:
            await _close(bench, case, str(error))
            return None
        except (HelpdeskUnavailable, HelpdeskRefused) as error:
            return await _later(bench, case, error, now)
    await bench.services.database.write(lambda sql: _keep(sql, case, connection, events, walked, now))
    CASES.labels(str(walked.decision.outcome) if walked else "observed").inc()
    return None


async def _walk(
    bench: Bench, case: Case, connection: Connection, events: Sequence[TicketEvent], now: datetime
) -> Walked:
    desk = await bench.desks.desk(connection)
    packs = bench.packs.of(connection)
    earlier = Earlier(case.action, case.reference, case.noted_at)
    return await walk(case.id, connection, desk, packs, case.ticket_id, events, earlier, now)


def _keep(
    sql: Any, case: Case, connection: Connection, events: Sequence[TicketEvent], walked: Walked | None, now: datetime
) -> None:
    """Store every stage's result and the intended note in one transaction with the events being worked."""
    for event in events:
        records.keep(sql, case.id, "observation", _MADE_BY, observe(case.id, event), now)
    changes: dict[str, Any] = {}
    if walked is not None:
        changes = _keep_walk(sql, case, connection, walked, now)
    cases.worked(sql, case, updated_at=now, **changes)


_MADE_BY = f"helpdesk-recovery {version()}"


def _keep_walk(sql: Any, case: Case, connection: Connection, walked: Walked, now: datetime) -> dict[str, Any]:
    decision = walked.decision
    records.keep(sql, case.id, "ticket", _MADE_BY, walked.ticket, now)
    records.keep(sql, case.id, "assessment", walked.assessment.model, walked.assessment, now)
    records.keep(sql, case.id, "decision", f"{decision.policy} {decision.version}", decision, now)
    if walked.offer is None or walked.note is None:
        return {}
    records.keep(sql, case.id, "offer", _MADE_BY, walked.offer, now)
    records.keep(sql, case.id, "note", _MADE_BY, walked.note, now)
    effect = intend(case.id, connection, walked.ticket, walked.note, new_id("eff"), now)
    effects.intend(sql, effect, now)
    noted = {"noted_at": now} if effect.state is not EffectState.WITHHELD else {}
    return {"action": decision.action(), "reference": walked.offer.reference, **noted}


async def _close(bench: Bench, case: Case, reason: str) -> None:
    log().info("case closed", case=case.id, reason="gone")
    await bench.services.database.write(lambda sql: cases.close(sql, case.id, reason))


async def _later(
    bench: Bench, case: Case, error: HelpdeskUnavailable | HelpdeskRefused, now: datetime
) -> datetime | None:
    """Decide whether and when the case is tried again, and tell the operator."""
    waited = now - case.created_at
    if isinstance(error, TicketNotVisible):
        if waited > VISIBLE_WITHIN:
            await _close(bench, case, "the helpdesk does not know this ticket")
            return None
        return now + timedelta(seconds=min(backoff(case.tries) / 4, 60.0))
    await bench.services.database.write(lambda sql: connections.set_trouble(sql, case.connection_id, str(error)[:500]))
    if case.tries and waited > GIVE_UP_AFTER:
        await bench.services.database.write(lambda sql: cases.stick(sql, case, str(error)[:500]))
        return None
    if isinstance(error, HelpdeskRefused):
        return now + TOKEN_RETRY
    wait = error.retry_after if error.retry_after is not None else backoff(case.tries)
    return now + timedelta(seconds=wait)
