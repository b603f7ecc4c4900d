"""Load by wrk: one thread, 64 connections, distinct signed deliveries; and the CPU it cost the server."""

from __future__ import annotations

import json
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks.child import Child
from benchmarks.deliveries import write_pool

CONNECTIONS = 64
_SCRIPT = Path(__file__).with_name("wrk.lua")
_AT_MOST_PER_SECOND = 16_000


@dataclass(frozen=True, slots=True)
class Load:
    """What one round of load measured; times in seconds."""

    requests: int
    per_second: float
    cpu_per_request: float
    p50: float
    p99: float


def load(server: Child, path: str, seconds: float) -> Load:
    """Send distinct deliveries for *seconds*; raise RuntimeError when one is refused, lost or sent twice."""
    with tempfile.TemporaryDirectory(prefix="bench-pool-") as folder:
        pool, count = Path(folder) / "pool", int(seconds * _AT_MOST_PER_SECOND)
        write_pool(pool, count)
        before = server.cpu_seconds()
        said = _wrk(f"http://127.0.0.1:{server.port}{path}", pool, seconds)
        cpu = server.cpu_seconds() - before
    requests = int(said["requests"])
    if said["refused"] or said["broken"]:
        raise RuntimeError(f"{path}: {said['refused']:.0f} refused and {said['broken']:.0f} broken of {requests}")
    if requests + 2 * CONNECTIONS > count:
        raise RuntimeError(f"{path}: {requests} requests used up the pool of {count}: make it larger")
    return Load(requests, requests / said["seconds"], cpu / requests, said["p50"], said["p99"])


def _wrk(url: str, pool: Path, seconds: float) -> dict[str, float]:
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds:g}s", "--timeout", "10s"]
    ran = subprocess.run(
        [*command, "-s", str(_SCRIPT), url, "--", str(pool)], check=True, capture_output=True, text=True
    )
    line = next(line for line in ran.stdout.splitlines() if line.startswith("{"))
    said: dict[str, float] = json.loads(line)
    return said
