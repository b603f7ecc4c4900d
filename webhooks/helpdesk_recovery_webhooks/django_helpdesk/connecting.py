"""What connecting needs on the helpdesk's side."""

from __future__ import annotations

from urllib.parse import quote, urlsplit, urlunsplit

from helpdesk_recovery.sdk import Connection, Setup
from helpdesk_recovery_webhooks.django_helpdesk.inbound import USER


def webhook_url(public_url: str, connection: Connection) -> str:
    """Return the door's URL with the secret as its password, since the hooks of the helpdesk sign nothing."""
    parts = urlsplit(f"{public_url.rstrip('/')}/webhooks/{connection.helpdesk}/{connection.name}")
    if not connection.secrets:
        return urlunsplit(parts)
    return urlunsplit(parts._replace(netloc=f"{USER}:{quote(connection.secrets[0], safe='')}@{parts.netloc}"))


def setup(url: str) -> Setup:
    """Say what a person must do in the helpdesk so that it calls *url*."""
    return Setup(
        seat=f"a staff user '{USER}' (is_staff, no superuser), whose token we use",
        steps=(
            f"Make the staff user '{USER}', and its token: python manage.py drf_create_token {USER}",
            "Let the API accept tokens: rest_framework.authtoken and TokenAuthentication (see the README).",
            f"In the helpdesk's environment: HELPDESK_NEW_TICKET_WEBHOOK_URLS='{url}'",
            f"In the helpdesk's environment: HELPDESK_FOLLOWUP_WEBHOOK_URLS='{url}'",
            "Where these name other URLs already: the first takes 'a,b', the second 'a , b' with blanks.",
            "Restart the helpdesk and its mail reader (get_email).",
        ),
        options={
            "bot_user": f"the number of the user '{USER}' (its page in /admin/ shows it); so we know our own notes",
            "staff_domains": "optional, 'acme.example,acme.test': mail from there is an agent's, not a customer's",
        },
    )
