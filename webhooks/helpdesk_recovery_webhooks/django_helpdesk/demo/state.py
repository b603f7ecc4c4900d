"""What the demonstration remembers between two runs."""

from __future__ import annotations

import json
import os
import secrets
import signal
import time
from dataclasses import asdict, dataclass
from pathlib import Path

_FILE = "desk.json"
MODULE = "helpdesk_recovery_webhooks.django_helpdesk.demo.project"


@dataclass(frozen=True, slots=True)
class State:
    """The folder of one demonstration helpdesk, with the secrets made on its first run (mode 0600)."""

    folder: Path
    secret_key: str
    token: str
    agent_password: str

    @classmethod
    def of(cls, folder: Path) -> State:
        """Read the state of *folder*, or make a new one there."""
        folder = folder.resolve()
        for name in ("inbox", "mail", "media"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        path = folder / _FILE
        if path.exists():
            return cls(folder=folder, **json.loads(path.read_text("utf-8")))
        state = cls(folder, secrets.token_urlsafe(40), secrets.token_hex(20), secrets.token_urlsafe(9))
        state._write(path)
        return state

    @property
    def database(self) -> Path:
        """The helpdesk's SQLite file."""
        return self.folder / "db.sqlite3"

    @property
    def inbox(self) -> Path:
        """The mailbox folder that ``get_email`` reads."""
        return self.folder / "inbox"

    def port(self) -> int:
        """Return the port of the run before, or 0."""
        path = self.folder / "port"
        return int(path.read_text()) if path.exists() else 0

    def take_over(self) -> None:
        """End a server that an earlier run left behind in this folder, and nothing else."""
        path = self.folder / "pid"
        pid = int(path.read_text()) if path.exists() else 0
        if pid and self._is_ours(pid):
            os.kill(pid, signal.SIGTERM)
            _wait_until_gone(pid)
        path.unlink(missing_ok=True)

    def _is_ours(self, pid: int) -> bool:
        try:
            command = Path(f"/proc/{pid}/cmdline").read_bytes().decode("utf-8", "replace").split("\0")
        except OSError:
            return False
        return f"{MODULE}.serve" in command and str(self.folder) in command

    def _write(self, path: Path) -> None:
        content = {key: value for key, value in asdict(self).items() if key != "folder"}
        path.touch(mode=0o600)
        path.write_text(json.dumps(content), "utf-8")


def _wait_until_gone(pid: int, seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while Path(f"/proc/{pid}").exists() and time.monotonic() < end:
        time.sleep(0.05)
