"""Read models and word lists before the first ticket needs them."""

from __future__ import annotations

import gc
from datetime import UTC, datetime

from helpdesk_recovery.assess import assess
from helpdesk_recovery.domain.ticket import Author, Message, Requester, Ticket

_SAYINGS = {
    "en": "The lamp I ordered arrived broken.",
    "sv": "Lampan som jag beställde kom fram trasig.",
    "da": "Lampen, som jeg bestilte, kom frem i stykker.",
    "lt": "Mano užsakyta lempa atkeliavo sudužusi.",
    "cs": "Lampa, kterou jsem objednal, dorazila rozbitá.",
}


def warm_up() -> None:
    """Assess a sentence in each language: a second of loading that would keep the door of this process waiting."""
    for language, saying in _SAYINGS.items():
        message = Message("1", Author.REQUESTER, saying, datetime.now(UTC))
        assess(Ticket("1", "", (message,), message.created_at, Requester(locale=language)))
    gc.set_threshold(20_000, 20, 20)
    gc.freeze()  # what is loaded now stays for good: later collections need not walk it again
