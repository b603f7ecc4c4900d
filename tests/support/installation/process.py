"""One of our commands as a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from installation.waiting import until

START_SECONDS = 60.0


class Process:
    """A command that runs until it is ended; what it logs stands in *log*, also over restarts."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
        self._command = [sys.executable, *command]
        self._environment = dict(environment)
        self.log = log
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start it, and return at once."""
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                self._command,
                env=self._environment,
                cwd=self.log.parent,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )

    def kill(self) -> None:
        """End it as a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def terminate(self) -> None:
        """Ask it to end."""
        assert self._process is not None
        self._process.terminate()

    def ended(self, seconds: float) -> int:
        """Wait until it has ended; return its exit code."""
        assert self._process is not None
        return self._process.wait(seconds)

    def starved_seconds(self) -> float:
        """Return for how long its main thread could have run, had the machine been free; 0 where nobody counts."""
        try:
            return int(Path(f"/proc/{self.pid}/schedstat").read_text().split()[1]) / 1e9
        except OSError:
            return 0.0

    def said(self, event: str) -> list[dict[str, Any]]:
        """Return the log lines about *event*; a line that a kill cut off is left out."""
        lines = self.log.read_text("utf-8", "replace").splitlines()
        found = [json.loads(line) for line in lines if line.startswith("{") and line.endswith("}")]
        return [line for line in found if line.get("event") == event]

    def tail(self) -> str:
        return self.log.read_text("utf-8", "replace")[-3000:]


class Server(Process):
    """``serve``, and what it answers."""

    def __init__(self, port: int, environment: Mapping[str, str], log: Path, *command: str) -> None:
        super().__init__(command or ("-m", "helpdesk_recovery", "serve", "--port", str(port)), environment, log)
        self.port = port
        self.url = f"http://127.0.0.1:{port}"

    def start_and_wait(self) -> float:
        """Start it; return the seconds until it was ready, less those in which others had the processor."""
        started = time.monotonic()
        self.start()
        self.wait()
        return time.monotonic() - started - self.starved_seconds()

    def wait(self) -> None:
        """Wait until it is ready."""
        until(lambda: self.status("/readyz") == 200 or not self.running, START_SECONDS, f"ready at {self.url}")
        assert self.running, self.tail()

    def status(self, path: str) -> int | None:
        """Return the status that GET *path* is answered with, or None when nobody answers."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=5) as answer:
                status: int = answer.status
                return status
        except urllib.error.HTTPError as error:
            with error:
                return error.code
        except OSError:
            return None
