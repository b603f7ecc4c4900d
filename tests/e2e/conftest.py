"""A real helpdesk, started once for the suite that a file runs on it: one file, one process, one helpdesk."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

pytest.register_assert_rewrite("installation.desk_suite", "installation.outcome")

from helpdesk_recovery.plugins import demo  # noqa: E402
from installation.desk import RealDesk  # noqa: E402
from installation.home import Installation  # noqa: E402


@pytest.fixture(scope="class")
def desk(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealDesk]:
    """The real helpdesk of the suite; its hooks call ``desk.port``."""
    maker = demo(request.cls.helpdesk)
    if missing := maker.missing():
        pytest.skip(missing)
    started = RealDesk(maker, tmp_path_factory.mktemp(maker.helpdesk))
    yield started
    started.stop()


@pytest.fixture
def homes() -> Iterator[list[Installation]]:
    """The installations that a test makes; they end with it."""
    made: list[Installation] = []
    yield made
    for home in made:
        home.close()
