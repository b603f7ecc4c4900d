"""What every helpdesk folder must prove, and what it needs to prove it. Needs pytest and hypothesis.

Subclass :class:`HelpdeskContract` in a test module, fill in its attributes, and run pytest.
"""

import pytest

# Before the modules below are imported, so that their assertions explain themselves.
_WITH_ASSERTIONS = ("subject", "signature_contract", "reading_contract", "desk_contract", "folder_contract")
pytest.register_assert_rewrite(*(f"{__name__}.{name}" for name in _WITH_ASSERTIONS))

from helpdesk_recovery.sdk.testing.fake_server import FakeHelpdesk, Fault, Served, Wrote, serve  # noqa: E402
from helpdesk_recovery.sdk.testing.helpdesk_contract import HelpdeskContract  # noqa: E402
from helpdesk_recovery.sdk.testing.recorded import (  # noqa: E402
    Recorded,
    as_json,
    golden,
    read_delivery,
    recorded_deliveries,
)

__all__ = [
    "FakeHelpdesk",
    "Fault",
    "HelpdeskContract",
    "Recorded",
    "Served",
    "Wrote",
    "as_json",
    "golden",
    "read_delivery",
    "recorded_deliveries",
    "serve",
]
