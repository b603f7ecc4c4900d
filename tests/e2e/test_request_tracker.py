"""The real Request Tracker 5: one note per changed decision, with the service killed and deliveries missed."""

from __future__ import annotations

import pytest

from installation.desk_suite import DeskSuite

pytestmark = [pytest.mark.real, pytest.mark.faults]


class TestRequestTracker(DeskSuite):
    helpdesk = "request_tracker"
