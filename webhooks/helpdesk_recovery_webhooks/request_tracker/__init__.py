"""Request Tracker 5: deliveries by a scrip of ours, everything else by REST 2.0."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from helpdesk_recovery.sdk import (
    Capabilities,
    Connection,
    Delivery,
    EventKind,
    HelpdeskInfo,
    Ignored,
    Setup,
    TicketEvent,
)
from helpdesk_recovery_webhooks.request_tracker import inbound
from helpdesk_recovery_webhooks.request_tracker.happening import BOT_OPTION, KEY_FIELD, bot_user
from helpdesk_recovery_webhooks.request_tracker.outbound import RequestTrackerDesk

_RIGHTS = ("SeeQueue", "ShowTicket", "ShowTicketComments", "CommentOnTicket", "ReplyToTicket")


class RequestTracker:
    """Request Tracker 5 as the line sees it."""

    info = HelpdeskInfo(
        name="request_tracker",
        title="Request Tracker 5",
        signature="X-RT-Signature: sha256= + hex HMAC-SHA256 of X-RT-Timestamp, a dot and the raw body",
        events=frozenset(
            {
                EventKind.CREATED,
                EventKind.REPLIED,
                EventKind.AGENT_REPLIED,
                EventKind.NOTED,
                EventKind.STATUS_CHANGED,
                EventKind.DELETED,
            }
        ),
        capabilities=Capabilities(html_notes=True, poll=True),
        # The usual limit of a request in front of RT (nginx 60 s, mod_fcgid 40 s); rt-server has none of its own.
        settle_seconds=60.0,
        retries=False,
        poll_seconds=60,
        token_help="In RT: Admin, Users, recoverybot, Auth Tokens. The file initialdata makes one, too.",  # noqa: S106
    )

    def verify(self, delivery: Delivery, secrets: Sequence[str], now: datetime) -> None:
        """Check the signature and the time it was made at."""
        inbound.verify(delivery, secrets, now)

    def read(self, delivery: Delivery, connection: Connection) -> TicketEvent | Ignored:
        """Read what our scrip told."""
        return inbound.read(delivery, connection)

    def open(self, connection: Connection) -> RequestTrackerDesk:
        """Open the connection; raise ConfigurationInvalid without a URL or a token."""
        return RequestTrackerDesk(connection)

    def setup(self, connection: Connection, webhook_url: str) -> Setup:
        """Say what an administrator of RT does once: REST 2.0 can make neither scrips nor rights."""
        bot = bot_user(connection)
        return Setup(
            scopes=_RIGHTS,
            seat=f"a privileged user {bot}; Request Tracker counts no seats",
            steps=(
                "Write RT_SiteConfig.d/60-helpdesk-recovery.pm on the RT host, with "
                f"Set($HelpdeskRecoveryURL, '{webhook_url}'); and Set($HelpdeskRecoverySecret, '…');",
                "Copy initialdata, applies.pm and scrip.pm there and run: "
                "rt-setup-database-5 --action insert --datafile ./initialdata "
                f"(makes {bot}, its rights, the custom field {KEY_FIELD}, the scrip and an API token)",
                "Restart RT, then run: helpdesk-recovery doctor",
            ),
            options={BOT_OPTION: f"the name of our user in RT, whose token we use ({bot})"},
        )

    def webhook_url(self, public_url: str, connection: Connection) -> str:
        """Return the URL that the scrip calls; the secret is not in it."""
        return f"{public_url.rstrip('/')}/webhooks/request_tracker/{connection.name}"


HELPDESK = RequestTracker()
