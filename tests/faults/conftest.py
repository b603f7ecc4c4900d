"""Installations for the fault tests: the real commands on each database, and a home-made desk's receiver."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpdesk_recovery.domain.connection import Connection, Mode
from installation.home import Installation
from installation.receiver import Receiver

_OPTIONS = {"settle_seconds": "1", "writes_per_minute": "100000"}


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.close()


@pytest.fixture
def home(database_url: str, tmp_path: Path, receiver: Receiver) -> Iterator[Installation]:
    """On each database: connected to *receiver* as ``desk``, live, nothing started yet."""
    yield from _connected(Installation(tmp_path, database_url), receiver)


@pytest.fixture
def home_on_sqlite(tmp_path: Path, receiver: Receiver) -> Iterator[Installation]:
    yield from _connected(Installation(tmp_path, f"sqlite:///{tmp_path / 'recovery.sqlite3'}"), receiver)


@pytest.fixture
def home_on_postgres(postgres_url: str, tmp_path: Path, receiver: Receiver) -> Iterator[Installation]:
    yield from _connected(Installation(tmp_path, postgres_url), receiver)


def _connected(made: Installation, receiver: Receiver) -> Iterator[Installation]:
    connection = Connection("conn", "", "standard", "desk", receiver.url, mode=Mode.LIVE, options=_OPTIONS)
    asyncio.run(made.store(connection))
    yield made
    made.close()
