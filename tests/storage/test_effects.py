"""The outbox decides in the claiming transaction: kill switch, shadow, rate limit, breaker."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from helpdesk_recovery.bootstrap import Services
from helpdesk_recovery.domain.connection import Connection, Mode, Pilot
from helpdesk_recovery.domain.effect import Effect, EffectKind, EffectState
from helpdesk_recovery.domain.ticket import Author, EventKind, TicketEvent
from helpdesk_recovery.storage import cases, connections, outbox, sending, switch
from helpdesk_recovery.storage.attach import Arrival, attach
from helpdesk_recovery.storage.cases import Release, Worked
from helpdesk_recovery.storage.outbox import Move
from helpdesk_recovery.storage.sending import Claim

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


async def intend(services: Services, connection: Connection, number: int = 1) -> Effect:
    event = TicketEvent(EventKind.CREATED, "7", "message:1", NOW, Author.REQUESTER)
    arrival = Arrival(connection.account, connection.id, event, starts=True)
    (found,) = await services.database.write(lambda sql: attach(sql, [arrival], NOW))
    assert found.case_id is not None
    effect = Effect(
        f"eff_{number}", found.case_id, connection.id, "7", EffectKind.NOTE, f"HR-{number}", "text", "<p>text</p>",
        EffectState.INTENDED, 0, NOW, NOW,
    )  # fmt: skip
    await services.database.write(lambda sql: outbox.intend(sql, [effect], NOW))
    return effect


async def claim(services: Services, effect: Effect, now: datetime = NOW) -> Claim:
    (found,) = await services.database.write(lambda sql: sending.claim(sql, [effect], now))
    return found


async def state(services: Services, effect: Effect) -> Effect:
    return next(
        one
        for one in await services.database.read(lambda sql: outbox.of_case(sql, effect.case_id))
        if one.id == effect.id
    )


async def test_a_live_connection_may_write(services: Services, connection: Connection) -> None:
    effect = await intend(services, connection)
    assert (await claim(services, effect)).granted
    assert (await state(services, effect)).tries == 1


async def test_shadow_withholds_at_once_and_for_good(services: Services, connection: Connection) -> None:
    effect = await intend(services, connection)
    await services.database.write(lambda sql: connections.set_mode(sql, "shop", Mode.SHADOW, Pilot()))
    assert not (await claim(services, effect)).granted
    assert (await state(services, effect)).state is EffectState.WITHHELD


async def test_the_kill_switch_makes_everything_wait(services: Services, connection: Connection) -> None:
    effect = await intend(services, connection)
    await services.database.write(lambda sql: switch.pause(sql, "drill"))
    waiting = await claim(services, effect)
    assert not waiting.granted
    assert waiting.wait_until is not None
    await services.database.write(switch.resume)
    assert (await claim(services, effect)).granted


async def test_retry_after_is_obeyed_by_every_effect_of_the_connection(
    services: Services, connection: Connection
) -> None:
    first, second = await intend(services, connection, 1), await intend(services, connection, 2)
    await claim(services, first)
    await services.database.write(lambda sql: sending.connection_failed(sql, connection.id, NOW, "429", 120.0))
    assert await claim(services, second, NOW + timedelta(seconds=119)) == Claim(False, NOW + timedelta(seconds=120))
    assert (await claim(services, second, NOW + timedelta(seconds=121))).granted


async def test_after_a_pause_one_probe_goes_first(services: Services, connection: Connection) -> None:
    probe, other = await intend(services, connection, 1), await intend(services, connection, 2)
    await services.database.write(lambda sql: sending.connection_failed(sql, connection.id, NOW, "429", 10.0))
    later = NOW + timedelta(seconds=11)
    assert (await claim(services, probe, later)).granted
    assert not (await claim(services, other, later)).granted
    await services.database.write(lambda sql: sending.connections_worked(sql, [connection.id]))
    assert (await claim(services, other, later)).granted


async def test_the_breaker_opens_after_five_failures_in_a_row(services: Services, connection: Connection) -> None:
    effect = await intend(services, connection)
    for _ in range(4):
        await services.database.write(lambda sql: sending.connection_failed(sql, connection.id, NOW, "500", None))
    assert (await claim(services, effect)).granted
    await services.database.write(lambda sql: sending.connection_failed(sql, connection.id, NOW, "500", None))
    assert (await claim(services, effect)).wait_until == NOW + timedelta(minutes=1)


async def test_no_more_writes_a_minute_than_the_limit(services: Services, connection: Connection) -> None:
    made = [await intend(services, connection, number) for number in range(62)]
    granted = [(await claim(services, effect)).granted for effect in made]
    assert granted.count(True) == connections.DEFAULT_WRITES_PER_MINUTE
    assert (await claim(services, made[-1], NOW + timedelta(seconds=61))).granted


async def test_the_same_note_is_intended_once(services: Services, connection: Connection) -> None:
    effect = await intend(services, connection)
    again = replace(effect, id="eff_again")
    await services.database.write(lambda sql: outbox.intend(sql, [again], NOW))
    found = await services.database.read(lambda sql: outbox.of_case(sql, effect.case_id))
    assert [one.id for one in found] == [effect.id]


async def test_a_new_note_is_written_down_and_claimed_in_one_step(services: Services, connection: Connection) -> None:
    first = await intend(services, connection)
    effect = replace(first, id="eff_2", key="HR-2")
    assert await intend_and_claim(services, effect) == {"eff_2"}
    kept = await state(services, effect)
    assert (kept.state, kept.tries, kept.sent_at) == (EffectState.SENDING, 1, NOW)


async def test_a_note_whose_key_is_known_is_not_claimed_again(services: Services, connection: Connection) -> None:
    first = await intend(services, connection)
    assert await intend_and_claim(services, replace(first, id="eff_2")) == set()
    assert (await state(services, first)).state is EffectState.INTENDED


async def test_a_new_note_waits_while_writing_is_paused(services: Services, connection: Connection) -> None:
    first = await intend(services, connection)
    await services.database.write(lambda sql: switch.pause(sql, "drill"))
    effect = replace(first, id="eff_2", key="HR-2")
    assert await intend_and_claim(services, effect) == set()
    kept = await state(services, effect)
    assert kept.state is EffectState.INTENDED
    assert kept.due_at > NOW


async def intend_and_claim(services: Services, effect: Effect) -> set[str]:
    return await services.database.write(lambda sql: sending.intend_and_claim(sql, [effect], NOW))


async def test_a_case_is_due_when_its_oldest_effect_is(services: Services, connection: Connection) -> None:
    first = await intend(services, connection)
    later = NOW + timedelta(minutes=5)
    await services.database.write(
        lambda sql: outbox.move(sql, [Move(first.id, EffectState.UNKNOWN, later, "no answer")], NOW)
    )
    await services.database.write(lambda sql: outbox.intend(sql, [replace(first, id="eff_2", key="HR-2")], NOW))

    (case,) = await services.database.write(lambda sql: cases.lease(sql, [first.case_id], "w", NOW))
    assert case is not None
    await services.database.write(lambda sql: cases.worked(sql, [Worked(case, at=NOW)]))
    (due,) = await services.database.write(lambda sql: cases.release(sql, [Release(case.id)], "w", NOW))
    assert due == later
