"""Advance one case: lease it, walk the line for its new events, send its effects, give it back."""

from __future__ import annotations

from datetime import datetime, timedelta

from helpdesk_recovery.domain.connection import Connection
from helpdesk_recovery.domain.effect import Effect
from helpdesk_recovery.domain.ticket import EventKind
from helpdesk_recovery.errors import (
    HelpdeskRefused,
    HelpdeskUnavailable,
    RecoveryError,
    StoreUnavailable,
    TicketGone,
    TicketNotVisible,
)
from helpdesk_recovery.pipeline.gather import gather
from helpdesk_recovery.pipeline.line import Walked, think
from helpdesk_recovery.pipeline.propose import Earlier
from helpdesk_recovery.pipeline.receive import wants_work
from helpdesk_recovery.pipeline.write_back import GIVE_UP_AFTER, TOKEN_RETRY, backoff, intend
from helpdesk_recovery.storage import cases, connections
from helpdesk_recovery.storage.cases import Case, Release
from helpdesk_recovery.storage.ids import new_id
from helpdesk_recovery.telemetry import CASES, log
from helpdesk_recovery.worker.bench import Bench
from helpdesk_recovery.worker.keep import Kept
from helpdesk_recovery.worker.outbox import send_claimed, send_effects
from helpdesk_recovery.worker.settle import Turn

VISIBLE_WITHIN = timedelta(minutes=10)
"""How long a ticket may stay invisible before the case is closed: hooks fire before commit, not minutes before."""
_DEFECT_RETRY = 30.0


async def advance(bench: Bench, case_id: str) -> None:
    """Work *case_id* until nothing is due; a case that another task has in hand is left to that one."""
    if not bench.in_hand.take(case_id):
        return
    try:
        await _until_nothing_is_due(bench, case_id)
        while bench.in_hand.was_asked_again(case_id):
            await _until_nothing_is_due(bench, case_id)
    finally:
        bench.in_hand.give_back(case_id)


async def _until_nothing_is_due(bench: Bench, case_id: str) -> None:
    while (due := await _once(bench, case_id)) is not None:
        if due > bench.services.clock():
            await _come_back(bench, case_id, due)
            return


async def _come_back(bench: Bench, case_id: str, due: datetime) -> None:
    await bench.services.database.write(lambda sql: bench.services.enqueue_cases(sql, (case_id,), due))
    bench.services.engine.wake()


async def _once(bench: Bench, case_id: str) -> datetime | None:
    """Work the case once; return when it is due next, or None."""
    case = await bench.lease.do(case_id)
    if case is None:  # its holder may have died: the engine forgets this job now, so we look again ourselves
        return await bench.held.do(case_id)
    due: datetime | None = await bench.give_back.do(await _work(bench, case))
    return due


async def _work(bench: Bench, case: Case) -> Turn:
    """Walk and send; a defect or a broken policy must not lose the case: it is tried again, and said."""
    try:
        connection = await bench.book.get(case.connection_id)
        return await _walk_and_send(bench, case, connection)
    except StoreUnavailable:
        raise
    except Exception as error:
        words = str(error) if isinstance(error, RecoveryError) else f"defect: {type(error).__name__}"
        log().error("case failed", case=case.id, error=type(error).__name__)
        await bench.services.database.write(lambda sql: connections.set_trouble(sql, case.connection_id, words[:500]))
        wait = timedelta(seconds=max(_DEFECT_RETRY, backoff(case.tries)))
        return Turn(Release(case.id, bench.services.clock() + wait))


async def _walk_and_send(bench: Bench, case: Case, connection: Connection) -> Turn:
    note = None
    if any(event.kind is EventKind.DELETED for event in case.events):
        await _close(bench, case, "the ticket was deleted")
    elif case.events:
        try:
            note = await _walk_events(bench, case, connection)
        except TicketGone as error:
            await _close(bench, case, str(error))
        except (HelpdeskUnavailable, HelpdeskRefused) as error:
            return Turn(Release(case.id, await _later(bench, case, error)))
    await send_effects(bench, connection, case.effects)
    return Turn(Release(case.id), await send_claimed(bench, connection, note) if note else None)


async def _walk_events(bench: Bench, case: Case, connection: Connection) -> Effect | None:
    """Walk the line if the requester wrote; store what came of it; return the note that is claimed, if any."""
    walked = await _walk(bench, case, connection) if any(map(wants_work, case.events)) else None
    effect = _intend(bench, case, connection, walked) if walked else None
    claimed = await bench.keep.do(Kept(case, walked, effect))
    CASES.labels(str(walked.decision.outcome) if walked else "observed").inc()
    return effect if claimed else None


async def _walk(bench: Bench, case: Case, connection: Connection) -> Walked:
    desk = bench.desks.desk(connection)
    earlier = Earlier(case.action, case.reference, case.noted_at)
    packs = bench.packs.of(connection)
    ticket = await gather(desk, case.ticket_id, case.events)
    await bench.slices.turn()
    return think(case.id, connection, packs, ticket, earlier, bench.services.clock())


def _intend(bench: Bench, case: Case, connection: Connection, walked: Walked) -> Effect | None:
    if walked.note is None:
        return None
    return intend(case.id, connection, walked.ticket, walked.note, new_id("eff"), bench.services.clock())


async def _close(bench: Bench, case: Case, reason: str) -> None:
    log().info("case closed", case=case.id, reason="gone")
    await bench.services.database.write(lambda sql: cases.close(sql, case.id, reason))


async def _later(bench: Bench, case: Case, error: HelpdeskUnavailable | HelpdeskRefused) -> datetime | None:
    """Decide whether and when the case is tried again, and tell the operator."""
    now = bench.services.clock()
    waited = now - case.created_at
    if isinstance(error, TicketNotVisible):
        if waited <= VISIBLE_WITHIN:
            return now + timedelta(seconds=min(backoff(case.tries) / 4, 60.0))
        await _close(bench, case, "the helpdesk does not know this ticket")
        return None
    words = str(error)
    await bench.services.database.write(lambda sql: connections.set_trouble(sql, case.connection_id, words[:500]))
    if case.tries and waited > GIVE_UP_AFTER:
        await bench.services.database.write(lambda sql: cases.close(sql, case.id, words, state="stuck"))
        return None
    if isinstance(error, HelpdeskRefused):
        return now + TOKEN_RETRY
    wait = error.retry_after if error.retry_after is not None else backoff(case.tries)
    return now + timedelta(seconds=wait)
