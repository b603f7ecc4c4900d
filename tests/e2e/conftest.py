"""The two real helpdesks, each started once for all tests here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from helpdesk_recovery.plugins import demo
from helpdesk_recovery.sdk.demo import Demo
from helpdesk_recovery_webhooks.request_tracker.demo import RequestTrackerDemo
from installation.desk import RealDesk
from installation.home import Installation


@pytest.fixture(
    scope="session",
    params=[pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in ("django_helpdesk", "request_tracker")],
)
def desk(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealDesk]:
    """A real helpdesk whose hooks call ``desk.port``."""
    maker = _maker(request.param, tmp_path_factory.getbasetemp())
    if missing := maker.missing():
        pytest.skip(missing)
    started = RealDesk(maker, tmp_path_factory.mktemp(request.param))
    yield started
    started.stop()


def _maker(name: str, shared: Path) -> Demo:
    """Return the demo of *name*; Request Tracker's database, which takes long to make, is shared with other tests."""
    return RequestTrackerDemo(shared / "request-tracker-template") if name == "request_tracker" else demo(name)


@pytest.fixture
def homes() -> Iterator[list[Installation]]:
    """The installations that a test makes; they end with it."""
    made: list[Installation] = []
    yield made
    for home in made:
        home.close()
