"""What a transaction of Request Tracker means to us: the one set of rules for webhook and poll."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from helpdesk_recovery.sdk import Author, Connection, EventKind, Ignored, TicketEvent

BOT_OPTION = "bot_user"
DEFAULT_BOT = "recoverybot"
SYSTEM = "RT_System"
KEY_FIELD = "RecoveryKey"
_REFERENCE = re.compile(r"HR-[2-9A-HJ-NP-Z]{8}")


def bot_user(connection: Connection) -> str:
    """Return the name of our own user in Request Tracker."""
    return connection.options.get(BOT_OPTION) or DEFAULT_BOT


@dataclass(frozen=True, slots=True)
class Happening:
    """One transaction. ``requestors`` are names and e-mail addresses of the ticket's customers.

    ``privileged`` is RT's word for staff. ``reference`` is our marker, when the text is ours.
    """

    id: str
    ticket_id: str
    type: str
    created: datetime
    creator: str
    email: str = ""
    privileged: bool = False
    requestors: tuple[str, ...] = ()
    new_value: str = ""
    reference: str = ""

    def by_requester(self) -> bool:
        """Tell whether a customer acted: a requestor of the ticket, or anybody who is no staff."""
        mine = {name.casefold() for name in (self.creator, self.email) if name}
        return bool(mine & {name.casefold() for name in self.requestors}) or not self.privileged


def read_happening(what: Happening, bot: str) -> TicketEvent | Ignored:
    """Read *what*, *bot* being our own user there.

    A ticket that an agent opens for a customer still is the customer's complaint. What RT_System does follows
    from what somebody else did, which was told by itself.
    """
    if is_ours(what, bot):
        return Ignored("own", "written by our own user, or carrying our reference")
    if what.creator == SYSTEM:
        return Ignored("cascade", f"{what.type} by {SYSTEM}, following from what somebody else did")
    reader = _READERS.get(what.type)
    return reader(what) if reader else Ignored("unhandled", f"a transaction of type {what.type}")


def is_ours(what: Happening, bot: str) -> bool:
    """Tell whether we wrote this: by our user, or by our reference where no customer could be quoting it."""
    if what.creator.casefold() == bot.casefold():
        return True
    return _REFERENCE.fullmatch(what.reference) is not None and not what.by_requester()


def _created(what: Happening) -> TicketEvent:
    return _event(what, EventKind.CREATED, Author.REQUESTER, next(iter(what.requestors), None))


def _corresponded(what: Happening) -> TicketEvent:
    return _event(what, EventKind.REPLIED if what.by_requester() else EventKind.AGENT_REPLIED)


def _commented(what: Happening) -> TicketEvent:
    return _event(what, EventKind.NOTED)


def _status_set(what: Happening) -> TicketEvent:
    kind = EventKind.DELETED if what.new_value == "deleted" else EventKind.STATUS_CHANGED
    return _event(what, kind, value=what.new_value)


def _event(
    what: Happening,
    kind: EventKind,
    author: Author | None = None,
    author_id: str | None = None,
    value: str | None = None,
) -> TicketEvent:
    author = author or (Author.REQUESTER if what.by_requester() else Author.AGENT)
    return TicketEvent(
        kind, what.ticket_id, f"txn:{what.id}", what.created, author, author_id or what.creator, value=value
    )


_READERS: dict[str, Callable[[Happening], TicketEvent]] = {
    "Create": _created,
    "Correspond": _corresponded,
    "Comment": _commented,
    "Status": _status_set,
}
