"""The real django-helpdesk: one note per changed decision, with the service killed and deliveries missed."""

from __future__ import annotations

import pytest

from installation.desk_suite import DeskSuite

pytestmark = [pytest.mark.real, pytest.mark.faults]


class TestDjangoHelpdesk(DeskSuite):
    helpdesk = "django_helpdesk"
