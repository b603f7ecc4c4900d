"""The draft of a reply, in the customer's language: at most three sentences, and no sum but the decision's."""

from __future__ import annotations

from math import ceil

from helpdesk_recovery.domain.assessment import Category
from helpdesk_recovery.domain.decision import Outcome
from helpdesk_recovery.domain.ticket import Author
from helpdesk_recovery.wording.catalogue import Catalogue
from helpdesk_recovery.wording.context import Group, NoteContext
from helpdesk_recovery.wording.lines import role
from helpdesk_recovery.wording.person import first_name, form_of_address
from helpdesk_recovery.wording.remedy_words import joined, parts
from helpdesk_recovery.wording.sentence import capital

_MINUTES_UP_TO = 59


def draft(note: NoteContext) -> str:
    """Return the whole draft in one line, addressed by first name and signed by the agent where both are known."""
    sentences = {
        Outcome.CARE: _caring,
        Outcome.UNSURE: _asking,
        Outcome.REMEDY: _offering,
        Outcome.NOTHING: _looking,
    }[note.decision.outcome](note)
    first, *rest = sentences
    body = " ".join([f"{_greeting(note)}, {first}", *(capital(sentence) for sentence in rest)])
    return f"{body}{_signature(note)}"


def _greeting(note: NoteContext) -> str:
    texts = note.customer
    name = form_of_address(note.ticket.requester.name, texts.language)
    return texts.say("draft.dear", name=name) if name else texts.say("draft.hello")


def _signature(note: NoteContext) -> str:
    for message in reversed(note.ticket.messages):
        is_assignee = note.ticket.assignee in (message.author_id, message.author_name)
        if message.author is Author.AGENT and note.ticket.assignee and is_assignee:
            name = first_name(message.author_name)
            return f" {note.customer.say('draft.signed', agent=name)}" if name else ""
    return ""


def _apology(note: NoteContext) -> str:
    is_ours = note.assessment.attribution.code == "us" and "attribution" not in note.decision.unclear
    family = "sorry.us" if is_ours else "sorry.unclear"
    key = f"{family}.{note.assessment.category.code}"
    return note.customer.say(key if key in note.customer else f"{family}.other")


def _offering(note: NoteContext) -> list[str]:
    choices = [words for choice in note.decision.choices if (words := _given(note.customer, choice))]
    if len(choices) > 1:
        return [_apology(note), *_choosing(note, choices)]
    offer = _given(note.customer, note.groups()[0]) if note.groups() else ""
    if offer:
        return [_apology(note), note.customer.say("draft.offer", remedies=offer), note.customer.say("draft.reply")]
    return [_apology(note), note.customer.say("draft.more" if note.groups() else "draft.looking")]


def _choosing(note: NoteContext, choices: list[str]) -> list[str]:
    either = joined(note.customer, "draft.either", choices)
    common = _given(note.customer, note.common())
    then = note.customer.say("draft.either_way", remedies=common) if common else note.customer.say("draft.your_choice")
    return [note.customer.say("draft.choose", remedies=either), then]


def _given(texts: Catalogue, group: Group) -> str:
    """The apology is the first sentence, and what has no text in the customer's language is left to the agent."""
    worded = [line for line in group if f"give.{line.remedy}" in texts]
    return joined(texts, "draft.both", parts(texts, "give", worded))


def _caring(note: NoteContext) -> list[str]:
    is_unsafe = note.assessment.has_signal("safety") or note.assessment.category.code == Category.SAFETY
    first_aid = [note.customer.say("care.safety")] if is_unsafe else []
    return [note.customer.say("care.sorry"), *first_aid, _will_call(note)]


def _will_call(note: NoteContext) -> str:
    call = note.decision.call
    if call is None:
        return note.customer.say("care.call_now")
    return note.customer.say(
        "care.call", role=role(note.customer, call.role), within=_within(note.customer, call.within_minutes)
    )


def _within(texts: Catalogue, minutes: int) -> str:
    """Say a time to wait in whole hours from an hour on, never shorter than what staff are told."""
    if minutes <= _MINUTES_UP_TO:
        return texts.count("within.minutes", minutes)
    return texts.count("within.hours", ceil(minutes / 60))


def _asking(note: NoteContext) -> list[str]:
    """Ask what only the customer knows; who caused it is ours to find out."""
    unclear = note.decision.unclear
    first = note.customer.say("draft.thanks") if "category" in unclear else _apology(note)
    known = [key for key in unclear if f"question.{key}" in note.customer]
    if not known:
        return [first, note.customer.say("draft.finding")]
    question = note.customer.say(f"question.{known[0]}")
    return [first, note.customer.say("draft.ask", question=question)]


def _looking(note: NoteContext) -> list[str]:
    return [_apology(note), note.customer.say("draft.looking")]
