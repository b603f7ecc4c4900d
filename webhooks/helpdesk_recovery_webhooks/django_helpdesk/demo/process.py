"""The helpdesk's processes: the server, and management commands beside it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from http.client import HTTPConnection
from pathlib import Path

from helpdesk_recovery_webhooks.django_helpdesk.demo.state import MODULE, State

_PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT", "VIRTUAL_ENV")
_ROOTS = 3  # demo → django_helpdesk → helpdesk_recovery_webhooks → where that package lies


class DeskProcess:
    """A threaded django-helpdesk; it ends by itself when the process that started it does."""

    def __init__(self, state: State, environment: dict[str, str]) -> None:
        self._state = state
        self._environment = {**_inherited(), **environment}
        self._server: subprocess.Popen[bytes] | None = None
        self.base_url = ""

    def start(self, seconds: float = 60.0) -> None:
        """Start the server and wait until it answers; raise RuntimeError after *seconds*."""
        folder = self._state.folder
        (folder / "ready").unlink(missing_ok=True)
        with (folder / "server.log").open("ab") as log:
            self._server = subprocess.Popen(  # noqa: S603 - our own module, no shell
                [sys.executable, "-m", f"{MODULE}.serve", str(folder), str(self._state.port())],
                env=self._environment,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        (folder / "pid").write_text(str(self._server.pid))
        self._wait(self._server, time.monotonic() + seconds)
        self.base_url = f"http://127.0.0.1:{self._state.port()}"

    def manage(self, *arguments: str) -> str:
        """Run a Django management command and return what it printed; raise RuntimeError where it fails."""
        done = subprocess.run(  # noqa: S603 - our own module, no shell
            [sys.executable, "-m", f"{MODULE}.manage", str(self._state.folder), *arguments],
            env=self._environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"django-helpdesk: {arguments[0]} failed: {done.stderr.strip()[-600:]}")
        return done.stdout

    def stop(self) -> None:
        """Close the server's standard input, on which it ends; terminate it when it does not."""
        if self._server is None:
            return
        if self._server.stdin is not None:
            self._server.stdin.close()
        try:
            self._server.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._server.kill()
            self._server.wait()
        (self._state.folder / "pid").unlink(missing_ok=True)
        self._server = None

    def _wait(self, server: subprocess.Popen[bytes], end: float) -> None:
        while not (self._state.folder / "ready").exists():
            if server.poll() is not None or time.monotonic() > end:
                self.stop()
                raise RuntimeError(f"django-helpdesk did not start:\n{self._log_tail()}")
            time.sleep(0.1)

    def _log_tail(self) -> str:
        return "\n".join((self._state.folder / "server.log").read_text("utf-8", "replace").splitlines()[-15:])


def _inherited() -> dict[str, str]:
    """Return the little environment a Django process needs; none of our own settings."""
    kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    kept["PYTHONPATH"] = os.pathsep.join(dict.fromkeys([_root_of_webhooks(), *_root_of_core()]))
    kept["PYTHONUNBUFFERED"] = "1"
    return kept


def _root_of_webhooks() -> str:
    return str(Path(__file__).resolve().parents[_ROOTS])


def _root_of_core() -> list[str]:
    """Return where ``helpdesk_recovery`` lies: our package's parents import its sdk."""
    origin = sys.modules["helpdesk_recovery"].__file__
    return [str(Path(origin).resolve().parents[1])] if origin else []


def exchange(
    base_url: str, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
) -> tuple[int, dict[str, str], str]:
    """Make one HTTP request to the demonstration desk; return status, headers in lower case, and text."""
    connection = HTTPConnection(base_url.removeprefix("http://"), timeout=30)
    try:
        connection.request(method, path, body or None, headers or {})
        response = connection.getresponse()
        found = {name.lower(): value for name, value in response.getheaders()}
        return response.status, found, response.read().decode("utf-8", "replace")
    finally:
        connection.close()
