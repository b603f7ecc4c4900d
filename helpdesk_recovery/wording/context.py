"""What a note is written from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain

from helpdesk_recovery.domain.assessment import Assessment
from helpdesk_recovery.domain.decision import Decision, Line
from helpdesk_recovery.domain.ticket import Ticket
from helpdesk_recovery.wording import dates
from helpdesk_recovery.wording.catalogue import Catalogue

Group = tuple[Line, ...]
_OPTIONS_WHEN_UNSURE = 2


@dataclass(frozen=True, slots=True)
class NoteContext:
    """One ticket, judged and decided, and the languages, time and zone of the note about it."""

    ticket: Ticket
    assessment: Assessment
    decision: Decision
    staff: Catalogue
    customer: Catalogue
    now: datetime
    zone: str

    def groups(self) -> tuple[Group, ...]:
        """Return the sets of lines of which one is given, best first, each with what comes with all of them."""
        if not self.decision.choices:
            return (self.decision.lines,) if self.decision.lines else ()
        return tuple(choice + self.common() for choice in self.decision.choices)

    def common(self) -> Group:
        """Return the lines that come with every choice."""
        in_choices = set(chain.from_iterable(self.decision.choices))
        return tuple(line for line in self.decision.lines if line not in in_choices)

    def options(self) -> tuple[Group, ...]:
        """Return the likeliest sets of an unsure case, at most two."""
        return self.groups()[:_OPTIONS_WHEN_UNSURE]

    def lines(self, kind: str) -> tuple[Line, ...]:
        """Return the lines of *kind* (entitlement | goodwill) over all sets, each once."""
        found = chain.from_iterable(self.groups())
        return tuple(dict.fromkeys(line for line in found if line.kind == kind))

    def call_by(self) -> str:
        """Return by when the customer is called, in the staff language."""
        call = self.decision.call
        deadline = self.now + timedelta(minutes=call.within_minutes if call else 0)
        return dates.by(deadline, self.now, self.staff.language, self.zone)
