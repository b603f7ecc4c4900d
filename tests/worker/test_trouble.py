"""Helpdesks that are down, slow, strict or gone: nothing is lost and nothing is doubled."""

from __future__ import annotations

from datetime import timedelta

import pytest

from helpdesk_recovery.domain.effect import EffectState
from helpdesk_recovery.errors import HelpdeskRefused, HelpdeskUnavailable, TicketGone, WriteUncertain
from helpdesk_recovery.storage import cases, connections

BROKEN = "The kettle I ordered arrived broken, and I am very disappointed. I want a replacement, please."


class Once:
    """Raises an error the first *times* it is called."""

    def __init__(self, error: Exception, times: int = 1) -> None:
        self.error, self.left, self.calls = error, times, 0

    def __call__(self) -> None:
        self.calls += 1
        if self.left:
            self.left -= 1
            raise self.error


async def trouble(hand) -> str | None:  # type: ignore[no-untyped-def]
    (health,) = await hand.services.database.read(connections.health)
    found: str | None = health.trouble
    return found


async def test_a_ticket_that_is_not_visible_yet_is_fetched_again(hand) -> None:  # type: ignore[no-untyped-def]
    body = hand.memory.write("7", BROKEN)
    hidden = hand.memory.tickets.pop("7")
    await hand.work(await hand.deliver(body))
    assert await hand.effects() == []
    hand.memory.tickets["7"] = hidden
    hand.clock.ahead = timedelta(seconds=5)
    await hand.work_what_is_due()
    assert len(hand.memory.notes("7")) == 1


async def test_a_ticket_that_never_appears_closes_its_case(hand) -> None:  # type: ignore[no-untyped-def]
    body = hand.memory.write("7", BROKEN)
    del hand.memory.tickets["7"]
    await hand.work(await hand.deliver(body))
    hand.clock.ahead = timedelta(minutes=11)
    await hand.work_what_is_due()
    ((_, ticket, reason),) = await hand.services.database.read(lambda sql: cases.ended(sql, "closed"))
    assert (ticket, reason) == ("7", "the helpdesk does not know this ticket")


async def test_retry_after_is_obeyed(hand) -> None:  # type: ignore[no-untyped-def]
    hand.memory.before_write = Once(HelpdeskUnavailable("answered 429", retry_after=120.0))
    await hand.writes("7", BROKEN)
    hand.clock.ahead = timedelta(seconds=100)
    await hand.work_what_is_due()
    assert hand.memory.notes("7") == []
    hand.clock.ahead = timedelta(seconds=125)
    await hand.work_what_is_due()
    assert len(hand.memory.notes("7")) == 1


async def test_a_helpdesk_that_is_down_gets_its_note_when_it_is_back(hand) -> None:  # type: ignore[no-untyped-def]
    hand.memory.before_write = Once(HelpdeskUnavailable("cannot reach it"), times=3)
    await hand.writes("7", BROKEN)
    assert await trouble(hand) == "cannot reach it"
    for minute in range(1, 5):
        hand.clock.ahead = timedelta(minutes=minute)
        await hand.work_what_is_due()
    assert len(hand.memory.notes("7")) == 1
    assert await trouble(hand) is None


async def test_a_lost_answer_after_a_write_is_read_back_and_never_repeated(hand) -> None:  # type: ignore[no-untyped-def]
    hand.memory.after_write = Once(WriteUncertain("no answer"))
    await hand.writes("7", BROKEN)
    hand.clock.ahead = timedelta(seconds=1)
    await hand.work_what_is_due()
    (effect,) = await hand.effects()
    assert (effect.state, effect.tries) == (EffectState.DONE, 1)
    assert len(hand.memory.notes("7")) == 1


async def test_a_lost_answer_of_a_write_that_never_happened_is_written_again(hand) -> None:  # type: ignore[no-untyped-def]
    hand.memory.before_write = Once(WriteUncertain("no answer"))
    await hand.writes("7", BROKEN)
    hand.clock.ahead = timedelta(seconds=1)
    await hand.work_what_is_due()
    (effect,) = await hand.effects()
    assert (effect.state, effect.tries) == (EffectState.DONE, 2)
    assert len(hand.memory.notes("7")) == 1


async def test_after_an_uncertain_write_the_thread_is_read_no_sooner_than_it_settles(hand) -> None:  # type: ignore[no-untyped-def]
    await hand.services.database.write(
        lambda sql: connections.learn_option(sql, hand.connection.id, "settle_seconds", "30")
    )
    hand.memory.after_write = Once(WriteUncertain("no answer"))
    await hand.writes("7", BROKEN)
    reads = Once(HelpdeskUnavailable(), times=0)
    hand.memory.before_read = reads
    hand.clock.ahead = timedelta(seconds=29)
    await hand.work_what_is_due()
    assert reads.calls == 0
    hand.clock.ahead = timedelta(seconds=31)
    await hand.work_what_is_due()
    assert reads.calls == 1
    assert len(hand.memory.notes("7")) == 1


async def test_a_refused_token_is_told_and_the_note_goes_out_once_it_is_right(hand) -> None:  # type: ignore[no-untyped-def]
    hand.memory.before_write = Once(HelpdeskRefused("answered 401. Check the API token.", reason="token"))
    await hand.writes("7", BROKEN)
    assert "API token" in (await trouble(hand) or "")
    hand.clock.ahead = timedelta(minutes=16)
    await hand.work_what_is_due()
    assert len(hand.memory.notes("7")) == 1


async def test_a_ticket_gone_at_write_back_closes_the_case_with_the_reason(hand) -> None:  # type: ignore[no-untyped-def]
    hand.memory.before_write = Once(TicketGone("ticket 7 was merged into 3"))
    await hand.writes("7", BROKEN)
    (effect,) = await hand.effects()
    assert effect.state is EffectState.REFUSED
    ((_, _, reason),) = await hand.services.database.read(lambda sql: cases.ended(sql, "closed"))
    assert "merged into 3" in reason


@pytest.mark.parametrize("after", [True, False])
async def test_a_worker_that_dies_while_writing_leaves_one_note(hand, after: bool) -> None:  # type: ignore[no-untyped-def]
    """Between claim and answer the process ends: whether the note was written or not, there is one in the end."""

    class Killed(BaseException):
        """Nothing catches it, like a SIGKILL."""

    def die() -> None:
        hand.memory.before_write = hand.memory.after_write = lambda: None
        raise Killed

    setattr(hand.memory, "after_write" if after else "before_write", die)
    with pytest.raises(Killed):
        await hand.writes("7", BROKEN)
    hand.clock.ahead = timedelta(seconds=10)
    await hand.work_what_is_due()
    await hand.work_what_is_due()
    assert len(hand.memory.notes("7")) == 1


async def test_what_cannot_be_read_is_quarantined_and_others_flow_on(hand) -> None:  # type: ignore[no-untyped-def]
    ids = [await hand.deliver(b"not json"), await hand.deliver(hand.memory.write("7", BROKEN))]
    await hand.work(*ids)
    assert len(hand.memory.notes("7")) == 1
    assert sorted(state for state, _ in await hand.delivery_states()) == ["done", "quarantined"]


async def test_a_full_day_of_failure_is_given_up_and_said(hand) -> None:  # type: ignore[no-untyped-def]
    hand.memory.before_read = Once(HelpdeskUnavailable("down"), times=1000)
    await hand.writes("7", BROKEN)
    hand.clock.ahead = timedelta(hours=25)
    await hand.work_what_is_due()
    ((_, ticket, reason),) = await hand.services.database.read(lambda sql: cases.ended(sql, "stuck"))
    assert (ticket, reason) == ("7", "down")
