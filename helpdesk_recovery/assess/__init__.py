"""From a ticket to what it says: how bad, what was lost, what is asked, each with its evidence.

The way through: body (what the customer wrote) -> language -> reading (what a pack finds) -> judge (model).
Packs are data: ``packs/<language>.toml``, ``happenings.toml`` and ``reply.toml``.
"""

from helpdesk_recovery.assess.judge import BIAS, MODEL
from helpdesk_recovery.assess.message import assess_text
from helpdesk_recovery.assess.ticket import assess

__all__ = ["BIAS", "MODEL", "assess", "assess_text"]
