"""The stable public door: everything a helpdesk folder, ours or a third party's, may use.

A helpdesk is an object with the methods of :class:`Helpdesk`, named by an entry point of the group
``helpdesk_recovery.helpdesks`` and proven by subclassing ``sdk.testing.HelpdeskContract``.
"""

from helpdesk_recovery.domain.connection import Connection
from helpdesk_recovery.domain.delivery import Delivery, Ignored
from helpdesk_recovery.domain.note import Note
from helpdesk_recovery.domain.ticket import Author, EventKind, Message, Requester, Ticket, TicketEvent
from helpdesk_recovery.errors import (
    ConfigurationInvalid,
    DeliveryRejected,
    HelpdeskRefused,
    HelpdeskUnavailable,
    TicketGone,
    TicketNotVisible,
    Unreadable,
    WriteUncertain,
)
from helpdesk_recovery.pipeline.ports import (
    Capabilities,
    Check,
    Desk,
    Helpdesk,
    HelpdeskInfo,
    Polled,
    Setup,
    Written,
)
from helpdesk_recovery.sdk.client import HelpdeskClient
from helpdesk_recovery.sdk.demo import Demo, DemoDesk, Sample
from helpdesk_recovery.sdk.payload import strict_json

__all__ = [
    "Author",
    "Capabilities",
    "Check",
    "ConfigurationInvalid",
    "Connection",
    "Delivery",
    "DeliveryRejected",
    "Demo",
    "DemoDesk",
    "Desk",
    "EventKind",
    "Helpdesk",
    "HelpdeskClient",
    "HelpdeskInfo",
    "HelpdeskRefused",
    "HelpdeskUnavailable",
    "Ignored",
    "Message",
    "Note",
    "Polled",
    "Requester",
    "Sample",
    "Setup",
    "Ticket",
    "TicketEvent",
    "TicketGone",
    "TicketNotVisible",
    "Unreadable",
    "WriteUncertain",
    "Written",
    "strict_json",
]
