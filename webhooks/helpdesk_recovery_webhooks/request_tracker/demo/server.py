"""The server process of one Request Tracker: three workers of Starlet on loopback."""

from __future__ import annotations

import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from helpdesk_recovery_webhooks.request_tracker.demo.site import SERVER, Site, tail

START_SECONDS = 90.0
STOP_SECONDS = 10.0


class Server:
    """Starts and stops rt-server by its own process id, which a file keeps for the next run."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._pid_file = site.folder / "server.pid"
        self._log = site.folder / "server.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start and wait until it answers; raise RuntimeError with the end of its log when it does not."""
        command = [SERVER, "--host", "127.0.0.1", "--port", str(self._site.port), "--max-workers", "3"]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - fixed program, our own arguments
                command,
                env=self._site.environment,
                cwd=self._site.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._pid_file.write_text(str(self._process.pid))
        self._wait_until_up()

    def stop(self) -> None:
        """End the server of this folder, also one that an earlier run left behind.

        By SIGTERM: on SIGINT rt-server, as root, changes the owner of RT's folder under /var.
        """
        pid = self._running()
        if pid is None:
            return
        os.kill(pid, signal.SIGTERM)
        if not self._gone(pid):
            os.killpg(pid, signal.SIGKILL)
            self._gone(pid)
        if self._pid_file.exists() and self._pid_file.read_text() == str(pid):
            self._pid_file.unlink()

    def _wait_until_up(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self._process is not None and self._process.poll() is not None:
                break
            if _answers(self._site.base_url):
                return
            time.sleep(0.1)
        self.stop()
        raise RuntimeError(f"Request Tracker did not start:\n{tail(self._log)}")

    def _running(self) -> int | None:
        """Return the process id of what to stop; one of ours that has ended may be somebody else's by now."""
        if self._process is None:
            return self._left_behind()
        return self._process.pid if self._process.poll() is None else None

    def _left_behind(self) -> int | None:
        """Return the process id when it still is a server of this very folder: numbers are used again."""
        if not self._pid_file.exists():
            return None
        pid = int(self._pid_file.read_text())
        try:
            environment = Path(f"/proc/{pid}/environ").read_bytes()
        except OSError:
            return None
        return pid if f"RT_SITE_CONFIG_DIR={self._site.folder}/conf.d".encode() in environment else None

    def _gone(self, pid: int) -> bool:
        deadline = time.monotonic() + STOP_SECONDS
        while time.monotonic() < deadline:
            if self._process is not None and self._process.poll() is not None:
                return True
            if not _runs(pid):
                return True
            time.sleep(0.05)
        return False


def _runs(pid: int) -> bool:
    """Tell whether a process runs; one that ended but was not waited for yet does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][:1] != "Z"
    except OSError:
        return False


def _answers(base_url: str) -> bool:
    try:
        with urllib.request.urlopen(base_url, timeout=30):  # noqa: S310 - our own loopback URL
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
