"""How soon ``serve`` is ready, and how much memory it holds before its first ticket; there is no peer.

Ready is when ``/readyz`` answers 200: on the first start with the tables made, on later ones with them there.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from os import environ

import psutil
from rich.console import Console

from benchmarks.child import ROOT, end
from benchmarks.claim import Claim, figure
from benchmarks.postgres import free_port

_GIVE_UP_SECONDS = 30.0
_SETTLE_SECONDS = 1.0


def run(console: Console, *, rounds: int) -> list[Claim]:
    """Start ``serve`` twice a round: in an empty folder, and again in the same one."""
    first, again, memory = [], [], []
    for number in range(rounds):
        with tempfile.TemporaryDirectory(prefix="bench-startup-") as folder:
            seconds, _ = _start(folder)
            first.append(seconds)
            seconds, megabytes = _start(folder)
            again.append(seconds)
            memory.append(megabytes)
        words = f"ready after {figure(first[-1])} s, again after {figure(seconds)} s, {figure(megabytes)} MB"
        console.print(f"round {number + 1}/{rounds} {words}", highlight=False)
    return [
        Claim("serve is ready, tables there", "s", again, None, 1.5, True),
        Claim("serve is ready, first start", "s", first, None),
        Claim("serve before its first ticket, resident memory", "MB", memory, None, 150.0, True),
    ]


def _start(folder: str) -> tuple[float, float]:
    """Return the seconds until ready, and the resident megabytes a moment later."""
    port = free_port()
    settings = {
        "HELPDESK_RECOVERY_SECRET_KEY": "f3Qz8wLr1Vn6Xb0Ty5Km9Ch2Pd7Js4Ga",
        "HELPDESK_RECOVERY_DATA_DIR": folder,
        "HELPDESK_RECOVERY_LOG_LEVEL": "error",
    }
    command = [sys.executable, "-m", "helpdesk_recovery", "serve", "--port", str(port)]
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env={**environ, **settings})
    try:
        _wait_until_ready(f"http://127.0.0.1:{port}/readyz", process)
        seconds = time.perf_counter() - started
        time.sleep(_SETTLE_SECONDS)
        return seconds, psutil.Process(process.pid).memory_info().rss / 1e6
    finally:
        end(process)


def _wait_until_ready(url: str, process: subprocess.Popen[str]) -> None:
    until = time.perf_counter() + _GIVE_UP_SECONDS
    while time.perf_counter() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=1):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.02)
    raise RuntimeError("serve did not get ready")
