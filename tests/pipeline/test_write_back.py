"""A note is written once; whatever a helpdesk answers, it is known what to do next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_recovery.domain.connection import Connection, Mode, Pilot
from helpdesk_recovery.domain.effect import OPEN_STATES, Effect, EffectState
from helpdesk_recovery.domain.note import Note
from helpdesk_recovery.domain.ticket import Author, Message, Ticket
from helpdesk_recovery.errors import (
    HelpdeskRefused,
    HelpdeskUnavailable,
    TicketGone,
    TicketNotVisible,
    WriteUncertain,
)
from helpdesk_recovery.pipeline.ports import Written
from helpdesk_recovery.pipeline.write_back import TOKEN_RETRY, backoff, in_pilot, intend, reconcile, write

SETTLE = timedelta(seconds=30)
Make = Callable[..., Ticket]


class OneAnswer:
    """A desk that answers every call alike."""

    def __init__(self, answer: Written | Exception | None) -> None:
        self._answer = answer
        self.notes: list[Note] = []

    async def add_note(self, ticket_id: str, note: Note) -> Any:
        self.notes.append(note)
        return self._give()

    async def find_written(self, ticket_id: str, reference: str) -> Any:
        return self._give()

    def _give(self) -> Any:
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer


FAILURES = [
    (HelpdeskUnavailable("down"), EffectState.INTENDED, timedelta(seconds=4)),
    (HelpdeskUnavailable("429", retry_after=90.0), EffectState.INTENDED, timedelta(seconds=90)),
    (HelpdeskUnavailable("429", retry_after=0.0), EffectState.INTENDED, timedelta(0)),
    (TicketNotVisible("not yet"), EffectState.INTENDED, timedelta(seconds=4)),
    (HelpdeskRefused("401. Check the token.", reason="token"), EffectState.INTENDED, TOKEN_RETRY),
    (HelpdeskRefused("no right to comment"), EffectState.REFUSED, None),
    (TicketGone("merged into 3"), EffectState.REFUSED, None),
]


@pytest.mark.parametrize(("error", "state", "wait"), FAILURES)
async def test_every_failure_of_a_write_has_its_way_on(
    effect: Effect, now: datetime, error: Exception, state: EffectState, wait: timedelta | None
) -> None:
    wrote = await write(effect, OneAnswer(error), SETTLE, now)  # type: ignore[arg-type]
    assert wrote.state is state
    assert wrote.reason == str(error)
    assert wrote.due_at == (None if wait is None else now + wait)
    assert (wrote.due_at is not None) == (wrote.state in OPEN_STATES)


@pytest.mark.parametrize(("error", "state", "wait"), FAILURES)
async def test_reading_back_that_fails_leaves_it_in_doubt(
    effect: Effect, now: datetime, error: Exception, state: EffectState, wait: timedelta | None
) -> None:
    """Never intended again without having looked: that could write twice."""
    wrote = await reconcile(effect, OneAnswer(error), now)  # type: ignore[arg-type]
    assert wrote.state is (EffectState.REFUSED if wait is None else EffectState.UNKNOWN)
    assert wrote.due_at == (None if wait is None else now + wait)


async def test_a_lost_answer_is_doubt_until_the_helpdesk_has_settled(effect: Effect, now: datetime) -> None:
    wrote = await write(effect, OneAnswer(WriteUncertain("no answer")), SETTLE, now)  # type: ignore[arg-type]
    assert (wrote.state, wrote.due_at) == (EffectState.UNKNOWN, now + SETTLE)
    assert wrote.trouble == "no answer"


async def test_what_was_written_is_done_and_the_note_is_what_was_intended(effect: Effect, now: datetime) -> None:
    desk = OneAnswer(Written("n1", "bot"))
    wrote = await write(effect, desk, SETTLE, now)  # type: ignore[arg-type]
    assert (wrote.state, wrote.written, wrote.trouble) == (EffectState.DONE, Written("n1", "bot"), None)
    assert desk.notes == [Note(effect.text, effect.html, effect.key)]


async def test_reading_back_finds_it_or_lets_it_be_written(effect: Effect, now: datetime) -> None:
    found = await reconcile(effect, OneAnswer(Written("n1")), now)  # type: ignore[arg-type]
    missing = await reconcile(effect, OneAnswer(None), now)  # type: ignore[arg-type]
    assert (found.state, found.due_at) == (EffectState.DONE, None)
    assert (missing.state, missing.due_at) == (EffectState.INTENDED, now)


async def test_only_a_ticket_that_is_gone_closes_its_case_and_is_no_trouble(effect: Effect, now: datetime) -> None:
    gone = await write(effect, OneAnswer(TicketGone("deleted")), SETTLE, now)  # type: ignore[arg-type]
    refused = await write(effect, OneAnswer(HelpdeskRefused("no")), SETTLE, now)  # type: ignore[arg-type]
    assert (gone.gone, gone.trouble) == (True, None)
    assert (refused.gone, refused.trouble) == (False, "no")


async def test_a_defect_in_a_helpdesk_is_not_swallowed(effect: Effect, now: datetime) -> None:
    with pytest.raises(ZeroDivisionError):
        await write(effect, OneAnswer(ZeroDivisionError()), SETTLE, now)  # type: ignore[arg-type]


@given(st.integers(min_value=0, max_value=10**6))
def test_waiting_doubles_and_never_exceeds_a_quarter_of_an_hour(tries: int) -> None:
    assert 2.0 <= backoff(tries) <= 900.0
    assert backoff(tries) <= backoff(tries + 1) <= 2 * backoff(tries)


def test_the_first_waits_are_short() -> None:
    assert [backoff(tries) for tries in range(4)] == [2.0, 4.0, 8.0, 16.0]


@given(st.text(min_size=1), st.integers(1, 100))
def test_a_share_takes_the_same_tickets_every_time_and_a_larger_one_keeps_them(ticket_id: str, share: int) -> None:
    ticket = Ticket(ticket_id, "", (), datetime(2026, 1, 1))
    taken = in_pilot(Pilot(share=share), ticket)
    assert taken == in_pilot(Pilot(share=share), replace(ticket, subject="other", tags=("x",), group="y"))
    assert not taken or in_pilot(Pilot(share=min(share + 7, 100)), ticket)
    assert in_pilot(Pilot(share=100), ticket)


@pytest.mark.parametrize("share", [1, 10, 50, 90])
@pytest.mark.parametrize("name", ["{0}", "TICKET-{0:06}", "00u{0:x}"])
def test_a_share_is_that_share_however_a_helpdesk_numbers(share: int, name: str) -> None:
    tickets = [Ticket(name.format(number), "", (), datetime(2026, 1, 1)) for number in range(10_000)]
    taken = sum(in_pilot(Pilot(share=share), one) for one in tickets)
    assert abs(taken / 100 - share) < 2.0


@pytest.mark.parametrize(
    ("pilot", "more", "taken"),
    [
        (Pilot(), {}, True),
        (Pilot(group="Returns"), {"group": "Returns"}, True),
        (Pilot(group="Returns"), {"group": "returns"}, False),
        (Pilot(group="Returns"), {}, False),
        (Pilot(tag="pilot"), {"tags": ("vip", "pilot")}, True),
        (Pilot(tag="pilot"), {"tags": ("pilots",)}, False),
    ],
)
def test_a_pilot_is_a_group_or_a_tag(ticket: Make, pilot: Pilot, more: dict[str, Any], taken: bool) -> None:
    assert in_pilot(pilot, ticket("text", **more)) is taken


def test_live_intends_and_shadow_or_the_pilot_withhold(
    connection: Connection, ticket: Make, note: Note, now: datetime
) -> None:
    def made(changed: Connection) -> tuple[EffectState, str | None]:
        effect = intend("case_1", changed, ticket("text"), note, "eff_1", now)
        assert (effect.key, effect.text, effect.html) == (note.reference, note.text, note.html)
        return effect.state, effect.reason

    assert made(connection) == (EffectState.INTENDED, None)
    assert made(replace(connection, mode=Mode.SHADOW)) == (EffectState.WITHHELD, "shadow")
    assert made(replace(connection, pilot=Pilot(tag="x"))) == (EffectState.WITHHELD, "outside the pilot")


@pytest.mark.parametrize("mode", Mode)
def test_what_stands_on_the_ticket_already_is_done(
    connection: Connection, ticket: Make, note: Note, now: datetime, mode: Mode
) -> None:
    ours = Message("n1", Author.BOT, f"…\nRef {note.reference}", now, public=False)
    noted = replace(ticket("text"), messages=(*ticket("text").messages, ours))
    effect = intend("case_1", replace(connection, mode=mode), noted, note, "eff_1", now)
    assert effect.state is EffectState.DONE
