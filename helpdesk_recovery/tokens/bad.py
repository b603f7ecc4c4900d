"""The one error of this room."""

from __future__ import annotations

from helpdesk_recovery.errors import RecoveryError


class BadToken(RecoveryError):
    """The token is not ours, not of this kind, or not valid now.

    ``reason`` is shape | header | malformed | claims | expired | early | revoked: for metrics, never for the sender.
    """

    reason = "malformed"

    def __init__(self, reason: str) -> None:
        super().__init__("The token is not valid here, or no longer.", reason=reason)
