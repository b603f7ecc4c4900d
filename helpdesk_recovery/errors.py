"""Errors, named by who must act.

RecoveryError
├── DeliveryRejected      the sender: the signature, its time or the request is wrong (401, 400, …)
├── Unreadable            the operator: authentic, but we cannot read it (quarantined, replayable)
├── HelpdeskUnavailable   nobody: later (time-out, 429, 5xx, connection refused before sending)
│   └── TicketNotVisible  nobody: the helpdesk has not committed the ticket yet; later
├── WriteUncertain        nobody: a write may or may not have happened; read back before anything else
├── HelpdeskRefused       the operator: token, scope, deleted ticket; trying again changes nothing
│   └── TicketGone        nobody: the ticket was deleted or merged away; the case is closed
├── StoreUnavailable      the operator: the database is down or full; the sender is told to come back
├── ConfigurationInvalid  the operator: a setting, secret or option is missing or unsafe
├── PolicyInvalid         the admin: a policy file is wrong, with file, place and what to do
├── NotFound              the caller: no such thing in this account
└── PluginBroken          the operator: a plugin does not load

Each has a ``reason``: one word for metrics and audit, never personal data.
"""

from __future__ import annotations


class RecoveryError(Exception):
    """Root of everything we raise on purpose; ``reason`` is one word for metrics and audit."""

    reason = "error"

    def __init__(self, message: str = "", *, reason: str | None = None) -> None:
        super().__init__(message or self.__class__.__doc__)
        if reason is not None:
            self.reason = reason


class DeliveryRejected(RecoveryError):
    """The delivery is not authentic, or its frame is wrong."""

    reason = "unsigned"


class Unreadable(RecoveryError):
    """The delivery is authentic, but its payload cannot be read."""

    reason = "unreadable"


class HelpdeskUnavailable(RecoveryError):
    """The helpdesk cannot answer now; ``retry_after`` is in seconds when the helpdesk named it."""

    reason = "unavailable"

    def __init__(self, message: str = "", *, reason: str | None = None, retry_after: float | None = None) -> None:
        super().__init__(message, reason=reason)
        self.retry_after = retry_after


class TicketNotVisible(HelpdeskUnavailable):
    """The helpdesk does not show this ticket yet: hooks can fire before it commits."""

    reason = "not_visible"


class WriteUncertain(RecoveryError):
    """A write was sent and its answer was lost or a 5xx: it may have happened. ``retry_after`` is in seconds."""

    reason = "uncertain"

    def __init__(self, message: str = "", *, reason: str | None = None, retry_after: float | None = None) -> None:
        super().__init__(message, reason=reason)
        self.retry_after = retry_after


class HelpdeskRefused(RecoveryError):
    """The helpdesk refused for good until somebody changes something; the message says what."""

    reason = "refused"


class TicketGone(HelpdeskRefused):
    """The ticket was deleted or merged into another."""

    reason = "gone"


class StoreUnavailable(RecoveryError):
    """The database is down, full or behind; nothing was accepted."""

    reason = "store"


class ConfigurationInvalid(RecoveryError):
    """A setting, secret or option is missing or unsafe; the message says which and what to do."""

    reason = "configuration"


class PolicyInvalid(RecoveryError):
    """A policy file is wrong; the message names the file, the place in it and what to do."""

    reason = "policy"


class NotFound(RecoveryError):
    """There is no such thing in this account."""

    reason = "not_found"


class PluginBroken(RecoveryError):
    """A plugin is installed but does not load; the message names it and its origin."""

    reason = "plugin"
