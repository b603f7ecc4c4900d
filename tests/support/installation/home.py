"""A whole installation: its folder, its database, its commands and processes."""

from __future__ import annotations

import asyncio
import os
import random
import socket
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sqlalchemy import text

from helpdesk_recovery.bootstrap import build
from helpdesk_recovery.cli.store import put_connection
from helpdesk_recovery.domain.connection import Connection
from helpdesk_recovery.settings import read_settings
from helpdesk_recovery.storage import migrate
from helpdesk_recovery.storage.database import open_database
from installation.process import Process, Server

KEY = "test-key-0123456789-abcdefghijklmnopqrst"
SECRET = "a-secret-of-the-fault-tests-5f0c8e12b7"


def free_port() -> int:
    """Return a free port that no outgoing connection takes while our process is away for a moment."""
    lot = random.SystemRandom()
    while True:
        port = lot.randrange(15_000, 32_000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


@dataclass
class Installation:
    """Everything lies in *folder*; processes it started end with ``close``."""

    folder: Path
    database_url: str
    port: int = field(default_factory=free_port)
    processes: list[Process] = field(default_factory=list)

    @property
    def sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("HELPDESK_RECOVERY_")}
        return {
            **kept,
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
            "HELPDESK_RECOVERY_SECRET_KEY": KEY,
            "HELPDESK_RECOVERY_DATA_DIR": str(self.folder),
            "HELPDESK_RECOVERY_DATABASE_URL": self.database_url,
            "HELPDESK_RECOVERY_PUBLIC_URL": f"http://127.0.0.1:{self.port}",
        }

    def command(self, *arguments: str, **secrets: str) -> str:
        """Run a command of ours with *secrets* in its environment; return what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "helpdesk_recovery", *arguments],
            env={**self.environment, **secrets},
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, f"{' '.join(arguments)}: {done.stderr[-2000:]}"
        return done.stdout

    def connect(self, helpdesk: str, url: str, *options: str, token: str = "") -> None:
        """Connect a helpdesk as ``desk``, and go live."""
        self.command("database", "upgrade")
        named = [word for option in options for word in ("--option", option)]
        token_env = ("--token-env", "DESK_TOKEN") if token else ()
        where = ("--name", "desk", "--url", url, "--secret-env", "DESK_SECRET", *token_env)
        self.command("connect", helpdesk, *where, *named, DESK_SECRET=SECRET, DESK_TOKEN=token)
        self.command("connection", "live", "desk")

    async def store(self, connection: Connection) -> None:
        """Make the tables and store *connection* with our secret, as ``connect`` does, only sooner."""
        services = build(read_settings(self.environment))
        try:
            await services.database.write(migrate.upgrade)
            await services.engine.prepare()
            await put_connection(services, connection.name, replace(connection, secrets=(SECRET,)))
        finally:
            await services.close()

    def server(self, *command: str, port: int = 0) -> Server:
        """Return a ``serve`` (or another *command*) that is not started yet."""
        port = port or self.port
        made = Server(port, self.environment, self.folder / f"serve-{port}.log", *command)
        self.processes.append(made)
        return made

    def worker(self) -> Process:
        """Return a ``worker`` that is not started yet."""
        log = self.folder / f"worker-{len(self.processes)}.log"
        made = Process(("-m", "helpdesk_recovery", "worker"), self.environment, log)
        self.processes.append(made)
        return made

    def rows(self, query: str) -> Sequence[Any]:
        """Return what the database holds."""
        return asyncio.run(_rows(self.database_url, query))

    def close(self) -> None:
        for process in self.processes:
            process.kill()


async def _rows(url: str, query: str) -> Sequence[Any]:
    database = open_database(url)
    try:
        return await database.read(lambda connection: connection.execute(text(query)).all())
    finally:
        await database.close()
