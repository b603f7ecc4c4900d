"""A ticket is judged by its newest message and by the worst that happened."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from helpdesk_recovery.assess import assess, assess_text
from helpdesk_recovery.domain.assessment import Category
from helpdesk_recovery.domain.ticket import Author, Message, Ticket

Build = Callable[..., Ticket]
NOW = datetime(2026, 11, 3, tzinfo=UTC)
LATE = "My boots are 11 days late and I have written twice without an answer. I want my money back."


def test_any_news_undoes_nothing(ticket_of: Build) -> None:
    first, later = assess(ticket_of(LATE)), assess(ticket_of(LATE, "Any news?"))
    assert later.harm == first.harm
    assert later.complaint == first.complaint
    assert later.category == first.category
    assert later.requested_remedy == "refund"
    assert later.signals == first.signals
    assert later.quote == first.quote
    assert later.sentiment != first.sentiment


def test_a_reply_that_is_worse_takes_over(ticket_of: Build) -> None:
    worse = "Now the charger caught fire and my hand is burned."
    found = assess(ticket_of("The charger is broken.", worse))
    assert found.harm.level == 5
    assert found.category.code == Category.SAFETY
    assert found.quote == worse
    assert found.has_signal("safety")


def test_solved_with_thanks_counts_alone(ticket_of: Build) -> None:
    found = assess(ticket_of(LATE, "They arrived today, thank you!"))
    assert found.harm.level == 0
    assert found.complaint < 0.5
    assert found.has_signal("repeated_contact")


def test_thanks_alone_settles_but_thanks_with_a_question_does_not(ticket_of: Build) -> None:
    assert assess(ticket_of(LATE, "Thank you so much!")).harm.level == 0
    assert assess(ticket_of(LATE, "Thanks, but when will they come?")).harm.level == 3


def test_only_the_customers_public_words_count(ticket_of: Build) -> None:
    note = Message("a", Author.AGENT, "He says his hand is burned, hospital.", NOW)
    private = Message("b", Author.REQUESTER, "The house is on fire.", NOW, public=False)
    assert assess(ticket_of("What are your opening hours?", note, private)).harm.level == 0


def test_a_ticket_without_customer_words_abstains(ticket_of: Build) -> None:
    assert not assess(ticket_of()).scored
    assert not assess(ticket_of("")).scored


def test_an_attachment_after_a_complaint_takes_nothing_back(ticket_of: Build) -> None:
    assert assess(ticket_of(LATE, "")).harm.level == 3


def test_a_reply_in_an_unscored_language_needs_a_person(ticket_of: Build) -> None:
    found = assess(ticket_of(LATE, "Odotan edelleen vastausta ja haluan rahani takaisin heti.", locale=None))
    assert not found.scored
    assert found.language.code == "fi"


def test_the_subject_counts_for_the_first_message_only(ticket_of: Build) -> None:
    found = assess(ticket_of("See the photo.", subject="Lamp arrived broken"))
    assert found.category.code == Category.DAMAGED_OR_DEFECTIVE
    assert assess(ticket_of("See the photo.", subject="Re: Lamp arrived broken")).harm.level == 0
    later = assess(ticket_of("See the photo.", "Any news?", subject="Lamp arrived broken"))
    assert later.sentiment == assess_text("Any news?", locale="en").sentiment


def test_the_html_flag_is_respected(ticket_of: Build) -> None:
    found = assess(ticket_of("<p>The lamp arrived <b>broken</b>.</p>", html=True))
    assert found.quote == "The lamp arrived broken."
    as_typed = assess(ticket_of("The <p>lamp</p> arrived broken."))
    assert as_typed.quote == "The <p>lamp</p> arrived broken."


def test_the_quote_is_short_verbatim_and_without_personal_data(ticket_of: Build) -> None:
    text = (
        "Hello, my name is Jane. Write to jane@example.com, the lamp arrived broken. "
        "I called +44 20 7946 0958 about it. The box was full of glass because the lamp was broken when it came, "
        "and that is the second time that it happens to me with your shop, which I have used for ten years."
    )
    quote = assess(ticket_of(text)).quote
    assert quote is not None
    assert len(quote) <= 90
    assert quote in text
    assert "@" not in quote and "7946" not in quote and "Hello" not in quote


def test_there_is_no_quote_without_a_happening(ticket_of: Build) -> None:
    assert assess(ticket_of("Hello, do you sell blue lamps?")).quote is None
