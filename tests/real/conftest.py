"""The tests of one real helpdesk run in one process, one after the other: it is started once, and never twice."""

from __future__ import annotations

from pathlib import Path

import pytest

HERE = Path(__file__).parent


@pytest.hookimpl(tryfirst=True)  # before xdist looks at the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.xdist_group(_helpdesk(item.path.relative_to(HERE))))


def _helpdesk(path: Path) -> str:
    """Return ``request_tracker`` of ``test_request_tracker_desk.py`` and of anything in ``request_tracker/``."""
    return path.parts[0].removesuffix(".py").removeprefix("test_").removesuffix("_desk")
