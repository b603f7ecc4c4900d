"""The commands as an operator types them, on a database of its own."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import structlog
from typer.testing import CliRunner

from helpdesk_recovery.cli.app import app

KEY = "test-key-0123456789-abcdefghijklmnopqrst"
SECRET = "kWq81-fYzMexo2JdT5uHvBn0RcLaPs3G"


@dataclass(frozen=True)
class Answer:
    """What a command printed and how it ended."""

    code: int
    out: str
    err: str


@dataclass
class Terminal:
    """Runs commands with the environment of one installation; an error that is not ours fails the test."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)

    def run(self, *arguments: str, answer: str = "", **environment: str | None) -> Answer:
        """Type a command; *answer* is what is typed when it asks, None takes a variable away."""
        return self._run(arguments, answer, environment)

    def _run(self, arguments: Sequence[str], answer: str, environment: Mapping[str, str | None]) -> Answer:
        found = CliRunner().invoke(app, arguments, input=answer, env={**self.environment, **environment})
        if found.exception is not None and not isinstance(found.exception, SystemExit):
            raise found.exception
        return Answer(found.exit_code, found.stdout, found.stderr)

    def works(self, *arguments: str, answer: str = "", **environment: str | None) -> str:
        """Type a command that must succeed; return what it printed."""
        found = self._run(arguments, answer, environment)
        assert found.code == 0, found.out + found.err
        return found.out

    def refuses(self, *arguments: str, **environment: str | None) -> str:
        """Type a command that must end with 1 and words on standard error; return these words."""
        found = self._run(arguments, "", environment)
        assert found.code == 1, found.out + found.err
        assert found.err.strip()
        return found.err

    def connect(self, name: str = "shop", *more: str) -> None:
        """Connect a home-made desk whose webhook secret is SECRET."""
        self.works("connect", "standard", "--name", name, "--secret-env", "DESK", *more, DESK=SECRET)

    @property
    def database(self) -> Path:
        return self.folder / "helpdesk-recovery.sqlite3"

    @property
    def database_url(self) -> str:
        return f"sqlite:///{self.database}"


@pytest.fixture(autouse=True)
def _quiet_again() -> Iterator[None]:
    """A command sets logging up for its process; the next test is another one."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture
def empty_terminal(tmp_path: Path) -> Terminal:
    """An installation whose database was not made yet."""
    folder = tmp_path / "data"
    return Terminal(
        folder,
        {
            "HELPDESK_RECOVERY_SECRET_KEY": KEY,
            "HELPDESK_RECOVERY_DATA_DIR": str(folder),
            "HELPDESK_RECOVERY_PUBLIC_URL": "https://recovery.example",
            "HELPDESK_RECOVERY_LOG_LEVEL": "error",
        },
    )


@pytest.fixture
def terminal(empty_terminal: Terminal, sqlite_with_tables: Path) -> Terminal:
    """An installation with its tables."""
    empty_terminal.folder.mkdir()
    shutil.copy(sqlite_with_tables, empty_terminal.database)
    return empty_terminal
