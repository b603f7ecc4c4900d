"""What ``doctor`` looks at, with real calls that change nothing."""

from __future__ import annotations

from helpdesk_recovery.sdk import Check, HelpdeskRefused, HelpdeskUnavailable, TicketNotVisible
from helpdesk_recovery_webhooks.django_helpdesk.api import Api

_AUTHENTICATE = (
    "Make a token with 'python manage.py drf_create_token recovery', and let the API accept tokens: "
    "rest_framework.authtoken in INSTALLED_APPS, TokenAuthentication in REST_FRAMEWORK."
)
_STAFF = "The bot's user needs staff status (is_staff); it need not be a superuser."
_NO_API = "Is the URL where the helpdesk's start page is, without /api/? HELPDESK_API_ENABLED must not be False."


async def check(api: Api) -> tuple[Check, ...]:
    """Check reach, token and rights; stop at the first that is not fine."""
    try:
        return await _look(api)
    except TicketNotVisible:
        return (Check("There is an API at this URL", ok=False, advice=_NO_API),)
    except HelpdeskUnavailable as problem:
        return (Check("The helpdesk answers", ok=False, advice=f"{problem}. Is it running, is the URL right?"),)
    except HelpdeskRefused as problem:
        return (_refused(str(problem)),)


async def _look(api: Api) -> tuple[Check, ...]:
    async for page in api.pages():
        count = page.count
        break
    reads = Check("The API answers, and the token is a staff user's", ok=True)
    if count:
        return (reads, Check(f"Tickets are visible ({count} follow-ups)", ok=True))
    advice = "With permissions per queue (HELPDESK_ENABLE_PER_QUEUE_STAFF_PERMISSION) give the bot its queues."
    return (reads, Check("No ticket is visible yet", ok=True, advice=advice))


def _refused(words: str) -> Check:
    if "answered 401" in words:
        return Check("The token is accepted", ok=False, advice=_AUTHENTICATE)
    if "answered 403" in words:
        return Check("The token's user is staff", ok=False, advice=_STAFF)
    return Check("The API answers", ok=False, advice=words)
