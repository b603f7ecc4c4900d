"""The first lines of a note: what to do and who may do it."""

from __future__ import annotations

from helpdesk_recovery.domain.decision import Outcome
from helpdesk_recovery.wording.context import NoteContext
from helpdesk_recovery.wording.dress import NoteLine
from helpdesk_recovery.wording.lines import role
from helpdesk_recovery.wording.person import first_name
from helpdesk_recovery.wording.remedy_words import in_words, material, remedies
from helpdesk_recovery.wording.sentence import stop

_LETTERS = ("A", "B")


def head(note: NoteContext) -> list[NoteLine]:
    """Return the line that says what to do, and below it what to choose from."""
    outcome = note.decision.outcome
    if outcome is Outcome.CARE:
        return [_call(note)]
    if outcome is Outcome.UNSURE:
        return _unsure(note)
    return _suggested(note) if note.groups() else [_by_hand(note)]


def _suggested(note: NoteContext) -> list[NoteLine]:
    best, *others = note.groups()
    first = f"{stop(remedies(note.staff, best))} {_who_may(note, 'give.yourself')}"
    lines = [NoteLine(note.staff.say("label.suggested"), first)]
    if others:
        words = "; ".join(remedies(note.staff, material(group)) for group in others)
        lines.append(NoteLine(note.staff.say("label.or"), f"{stop(words)} {note.staff.say('customer_chooses')}"))
    return lines


def _who_may(note: NoteContext, yourself: str) -> str:
    approval = note.decision.approval
    if approval is None:
        return note.staff.say(yourself)
    return note.staff.say("give.approval", role=role(note.staff, approval))


def _call(note: NoteContext) -> NoteLine:
    label, call = note.staff.say("label.call"), note.decision.call
    if call is None:
        return NoteLine(label, note.staff.say("call.now"))
    name = first_name(note.ticket.requester.name)
    key = "call.named" if name else "call.customer"
    words = {"role": role(note.staff, call.role), "name": name or "", "by": note.call_by()}
    return NoteLine(label, note.staff.say(key, **words))


def _unsure(note: NoteContext) -> list[NoteLine]:
    options = note.options()
    what = ", ".join(in_words(note.staff, "unclear", key) for key in note.decision.unclear)
    pick = note.staff.say(("pick.none", "pick.one", "pick.two")[len(options)])
    words = [stop(what) if what else "", pick, _who_may(note, "give.picked") if options else ""]
    first = NoteLine(note.staff.say("label.unsure"), " ".join(filter(None, words)))
    lettered = zip(_LETTERS, options, strict=False)
    return [first, *(NoteLine(f"{letter}:", stop(remedies(note.staff, material(group)))) for letter, group in lettered)]


def _by_hand(note: NoteContext) -> NoteLine:
    return NoteLine(note.staff.say("label.nothing"), note.staff.say("decide_by_hand"))
