"""Finding what a hook missed: a walk back through the follow-ups to where the last walk ended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pydantic import BaseModel, ConfigDict

from helpdesk_recovery.sdk import Polled, TicketEvent
from helpdesk_recovery_webhooks.django_helpdesk.api import PAGE, Api
from helpdesk_recovery_webhooks.django_helpdesk.thread import created, event_of
from helpdesk_recovery_webhooks.django_helpdesk.wire import FollowUp

WINDOW = 2 * PAGE
"""How many numbers back we look again: a slow request may commit its follow-up after later ones were seen."""

_A_FEW = 5
_FARTHEST = 20


class Cursor(BaseModel):
    """The highest numbers seen, and which follow-ups of the window below the highest."""

    model_config = ConfigDict(frozen=True)

    ticket: int = 0
    followup: int = 0
    seen: frozenset[int] = frozenset()

    @property
    def floor(self) -> int:
        """The number up to which all is seen."""
        return self.followup - WINDOW

    def is_new(self, followup: FollowUp) -> bool:
        """Tell whether an earlier poll has not reported it."""
        return followup.id > self.floor and followup.id not in self.seen

    def moved(self, found: Iterable[FollowUp]) -> Cursor:
        """Return the cursor after *found*. Where the highest is gone (a restored backup) it starts from there."""
        numbers = {one.id: one.ticket for one in found}
        highest = max(numbers, default=0)
        seen = frozenset(number for number in numbers if number > highest - WINDOW)
        return Cursor(ticket=max(self.ticket, *numbers.values(), 0), followup=highest, seen=seen)


async def poll(api: Api, cursor: str | None, options: Mapping[str, str]) -> Polled:
    """Return what happened since *cursor*: three requests, and one more for every 25 follow-ups missed."""
    if cursor is None:
        start = Cursor(ticket=int(next(iter(await recent(api, _A_FEW)), 0)))
        return Polled((), start.moved(await _back_to(api, None)).model_dump_json())
    before = Cursor.model_validate_json(cursor)
    found = await _back_to(api, before)
    fresh = sorted((one for one in found if before.is_new(one)), key=lambda one: (one.date, one.id))
    return Polled(tuple(_events(fresh, before.ticket, options)), before.moved(found).model_dump_json())


async def recent(api: Api, last: int) -> tuple[str, ...]:
    """Return the numbers of the *last* newest tickets, newest first.

    They are met on a walk back through the follow-ups, which ends when the highest numbers met leave no gap. Where
    tickets were deleted the gap never closes, and the walk ends after 20 pages.
    """
    numbers: set[int] = set()
    walked = 0
    async for page in api.pages():
        numbers.update(one.ticket for one in page.results)
        walked += 1
        if walked >= _FARTHEST or _without_gap(numbers, last):
            break
    return tuple(str(number) for number in sorted(numbers, reverse=True)[:last])


def _without_gap(numbers: set[int], last: int) -> bool:
    highest = max(numbers, default=0)
    return all(number in numbers for number in range(highest, max(highest - last, 0), -1))


async def _back_to(api: Api, cursor: Cursor | None) -> list[FollowUp]:
    """Walk back until a page lies wholly below the window of *cursor*; without one, until a window is full."""
    found: dict[int, FollowUp] = {}
    async for page in api.pages():
        found.update({one.id: one for one in page.results})
        lowest = min((one.id for one in page.results), default=0)
        if lowest <= (cursor.floor if cursor else max(found, default=0) - WINDOW):
            break
    return list(found.values())


def _events(fresh: list[FollowUp], known: int, options: Mapping[str, str]) -> Iterable[TicketEvent]:
    """Name what happened. The first follow-up of a ticket above *known* is its opening."""
    opened: set[int] = set()
    for one in fresh:
        if one.ticket > known and one.ticket not in opened:
            opened.add(one.ticket)
            yield created(one.ticket, one.date)
            continue
        event = event_of(one, options)
        if isinstance(event, TicketEvent):
            yield event
