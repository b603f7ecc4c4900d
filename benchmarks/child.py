"""A process that we start, watch and end by its id."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from os import environ
from pathlib import Path
from typing import IO, Any

import psutil

ROOT = Path(__file__).parent.parent
_STOP_SECONDS = 15.0


class Child:
    """A running server that said on its first line, as JSON, where it listens."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.port = port
        self._process = process
        self._watched = psutil.Process(process.pid)

    def cpu_seconds(self) -> float:
        """Return the user and system time of the process and its children so far."""
        family = [self._watched, *self._watched.children(recursive=True)]
        return sum(float(times.user + times.system) for times in (one.cpu_times() for one in family))

    def rss_bytes(self) -> int:
        """Return the resident memory of the process and its children."""
        family = [self._watched, *self._watched.children(recursive=True)]
        return sum(int(one.memory_info().rss) for one in family)


@contextmanager
def server(module: str, *arguments: str, env: Mapping[str, str] | None = None) -> Iterator[Child]:
    """Run ``python -m module`` while the block lasts."""
    with _running(module, arguments, env) as process:
        yield Child(process, int(_first_line(process)["port"]))


def answer(module: str, *arguments: str, env: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Run ``python -m module`` to its end and return the JSON object it printed."""
    with _running(module, arguments, env) as process:
        return _first_line(process)


@contextmanager
def _running(module: str, arguments: tuple[str, ...], env: Mapping[str, str] | None) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**environ, **(env or {})},
    )
    try:
        yield process
    finally:
        end(process)


def end(process: subprocess.Popen[str]) -> None:
    """Ask the process to stop, and insist when it does not."""
    process.terminate()
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    with contextlib.suppress(OSError):
        _stdout(process).close()


def _first_line(process: subprocess.Popen[str]) -> dict[str, Any]:
    for line in _stdout(process):
        if line.startswith("{"):
            found: dict[str, Any] = json.loads(line)
            return found
    raise RuntimeError(f"{process.args!r} ended with {process.wait()} before it said anything")


def _stdout(process: subprocess.Popen[str]) -> IO[str]:
    assert process.stdout is not None
    return process.stdout
