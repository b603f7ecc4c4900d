"""From what a customer writes to a note on the ticket: each changed decision is said once, and only that."""

from __future__ import annotations

from helpdesk_recovery.domain.connection import Mode, Pilot
from helpdesk_recovery.domain.effect import EffectState
from helpdesk_recovery.domain.ticket import Author
from helpdesk_recovery.sdk.testing.memory_helpdesk import BOT
from helpdesk_recovery.storage import connections, records

BROKEN = "The kettle I ordered arrived broken, and I am very disappointed. I want a replacement, please."
WORSE = (
    "The replacement arrived broken as well and now the third one too. It has been three weeks, I have paid 180 EUR "
    "and still have no kettle that works. I want my money back."
)
NEWS = "Any news?"
QUESTION = "Hello, what are your opening hours on Saturday?"


async def test_a_complaint_gets_one_note_with_its_reference(hand) -> None:  # type: ignore[no-untyped-def]
    await hand.writes("7", BROKEN)
    (note,) = hand.memory.notes("7")
    (effect,) = await hand.effects()
    assert effect.state is EffectState.DONE
    assert effect.key in note.splitlines()[-1]
    assert len(note.splitlines()) <= 12


async def test_a_plain_question_gets_none(hand) -> None:  # type: ignore[no-untyped-def]
    await hand.writes("7", QUESTION)
    assert hand.memory.notes("7") == []
    assert await hand.effects() == []


async def test_a_reply_that_worsens_the_harm_gets_a_second_note_and_any_news_gets_none(hand) -> None:  # type: ignore[no-untyped-def]
    await hand.writes("7", BROKEN)
    await hand.writes("7", NEWS)
    assert len(hand.memory.notes("7")) == 1
    await hand.writes("7", WORSE)
    first, second = hand.memory.notes("7")
    assert first != second
    await hand.writes("7", NEWS)
    assert len(hand.memory.notes("7")) == 2


async def test_our_own_note_and_reply_coming_back_are_no_work(hand) -> None:  # type: ignore[no-untyped-def]
    await hand.writes("7", BROKEN)
    note = hand.memory.notes("7")[0]
    await hand.writes("7", note, Author.BOT, public=False)
    await hand.writes("7", "We are sorry. Your replacement is on its way.", Author.BOT)
    assert len(await hand.effects()) == 1
    assert [state for state, _ in await hand.delivery_states()][:2] == ["ignored", "ignored"]


async def test_an_agents_words_start_no_case_and_are_observed_on_one(hand) -> None:  # type: ignore[no-untyped-def]
    await hand.writes("8", "Everything is broken, I want a refund!", Author.AGENT)
    assert await hand.effects() == []
    await hand.writes("7", BROKEN)
    await hand.writes("7", "Your replacement is on its way.", Author.AGENT)
    (effect,) = await hand.effects()
    life = await hand.services.database.read(lambda sql: records.of_case(sql, effect.case_id))
    assert [one["content"]["what"] for one in life if one["stage"] == "observation"] == [
        "ticket.created",
        "ticket.agent_replied",
    ]
    assert len(hand.memory.notes("7")) == 1


async def test_every_stage_is_kept_with_the_version_of_what_made_it(hand) -> None:  # type: ignore[no-untyped-def]
    await hand.writes("7", BROKEN)
    (effect,) = await hand.effects()
    life = await hand.services.database.read(lambda sql: records.of_case(sql, effect.case_id))
    assert [one["stage"] for one in life] == ["observation", "ticket", "assessment", "decision", "offer"]
    made_by = {one["stage"]: one["made_by"] for one in life}
    assert made_by["decision"].startswith("starter ")
    assert all(made_by.values())


async def test_shadow_writes_nothing_and_says_so(hand) -> None:  # type: ignore[no-untyped-def]
    await hand.services.database.write(lambda sql: connections.set_mode(sql, "shop", Mode.SHADOW, Pilot()))
    await hand.writes("7", BROKEN)
    assert hand.memory.notes("7") == []
    (effect,) = await hand.effects()
    assert (effect.state, effect.reason) == (EffectState.WITHHELD, "shadow")


async def test_a_pilot_writes_only_on_its_tickets(hand) -> None:  # type: ignore[no-untyped-def]
    await hand.services.database.write(lambda sql: connections.set_mode(sql, "shop", Mode.LIVE, Pilot(tag="pilot")))
    await hand.writes("7", BROKEN)
    assert hand.memory.notes("7") == []
    (effect,) = await hand.effects()
    assert (effect.state, effect.reason) == (EffectState.WITHHELD, "outside the pilot")


async def test_we_learn_who_we_are_in_the_helpdesk(hand) -> None:  # type: ignore[no-untyped-def]
    await hand.writes("7", BROKEN)
    found = await hand.services.database.read(lambda sql: connections.named(sql, "shop", hand.services.sealer))
    assert found.options["bot_user"] == BOT


async def test_the_same_delivery_five_times_in_any_order_is_worked_once(hand) -> None:  # type: ignore[no-untyped-def]
    bodies = [hand.memory.write("7", BROKEN), hand.memory.write("7", NEWS)]
    ids = [await hand.deliver(body) for body in bodies * 5]
    await hand.work(*reversed([one for one in ids if one]))
    await hand.work(*[one for one in ids if one])
    assert len(hand.memory.notes("7")) == 1
