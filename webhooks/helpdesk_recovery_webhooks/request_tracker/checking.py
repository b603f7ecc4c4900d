"""What ``doctor`` looks at in Request Tracker: reach, token and rights, by calls that change nothing."""

from __future__ import annotations

import json
from collections.abc import Awaitable

from helpdesk_recovery.sdk import Check, HelpdeskRefused, HelpdeskUnavailable
from helpdesk_recovery_webhooks.request_tracker.happening import BOT_OPTION, KEY_FIELD
from helpdesk_recovery_webhooks.request_tracker.rest import Rest
from helpdesk_recovery_webhooks.request_tracker.wire import About, IdRow
from helpdesk_recovery_webhooks.request_tracker.writing import Writer

_LOOKUP = "RT::Queue-RT::Ticket-RT::Transaction"
_REACH = "Request Tracker answers and takes the token"
_USER = "the token belongs to our own user"
_QUEUES = "our user sees a queue"
_FIELD = f"the custom field {KEY_FIELD} is there"
_RIGHTS = "our user may comment and reply"


async def look(rest: Rest, writer: Writer, bot: str) -> tuple[Check, ...]:
    """Look at everything; when RT cannot be reached, or refuses the token, only say that."""
    reach = await _asked(_REACH, _version(rest))
    if not reach.ok:
        return (reach,)
    return (
        reach,
        await _asked(_USER, _user(writer, bot)),
        await _asked(_QUEUES, _queues(rest, bot)),
        await _asked(_FIELD, _field(rest, bot)),
        await _asked(_RIGHTS, _rights(rest, bot)),
    )


async def _asked(title: str, advice: Awaitable[str]) -> Check:
    """Turn an error into a check that is not fine; *advice* is empty when all is well."""
    try:
        words = await advice
    except (HelpdeskUnavailable, HelpdeskRefused) as problem:
        words = str(problem)
    return Check(title, not words, words)


async def _version(rest: Rest) -> str:
    about = await rest.get(About, "rt")
    major = about.version.partition(".")[0]
    return "" if major.isdigit() and int(major) >= 5 else f"version {about.version} is too old: 5.0 is needed"


async def _user(writer: Writer, bot: str) -> str:
    name = await writer.own_name()
    if name.casefold() == bot.casefold():
        return ""
    return (
        f"the token is {name}'s, but the option {BOT_OPTION} says {bot}: our own notes would not be known as "
        f"ours. Connect again with a token of {bot}, or with {BOT_OPTION}={name}"
    )


async def _queues(rest: Rest, bot: str) -> str:
    return "" if await rest.queues() else f"give {bot} the rights SeeQueue and ShowTicket in the queues we work in"


async def _field(rest: Rest, bot: str) -> str:
    """RT writes a note all the same without this field, and says so nowhere but in the answer's text."""
    wanted = [{"field": "Name", "value": KEY_FIELD}, {"field": "LookupType", "value": _LOOKUP}]
    if await rest.rows(IdRow, "customfields", query=json.dumps(wanted)):
        return ""
    return (
        f"make a custom field {KEY_FIELD} that applies to ticket transactions and give {bot} the rights "
        "SeeCustomField and ModifyCustomField on it (the file initialdata does both). Without it notes are "
        "still written once, found by the reference in their text"
    )


async def _rights(rest: Rest, bot: str) -> str:
    """RT offers with each ticket what we may do with it; without any ticket there is nothing to ask."""
    tickets = await rest.rows(IdRow, "tickets", query="id > 0", orderby="id", order="DESC", per_page="1")
    if not tickets:
        return ""
    offered = {link.ref for link in (await rest.ticket(tickets[0].id)).links}
    needed = {"comment": "CommentOnTicket", "correspond": "ReplyToTicket"}
    missing = [right for ref, right in needed.items() if ref not in offered]
    if not missing:
        return ""
    return f"ticket {tickets[0].id} may not be answered by {bot}: give it {' and '.join(missing)} in that queue"
