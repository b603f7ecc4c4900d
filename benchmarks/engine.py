"""What an engine costs a ticket: CPU of the worker process, less that of the same three steps in a bare loop.

Each round runs every engine once on an empty database, all tickets waiting, until every note is written. The bare
loop runs in the same process, once before and once after. A machine that others use as well is now twice as fast and
now half: so a run is first told in bare loops of its own process, and then in microseconds by the median bare loop of
all. PostgreSQL's own CPU is in nobody's figure.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from statistics import mean, median

from rich.console import Console

from benchmarks import child
from benchmarks.claim import Claim, figure
from benchmarks.postgres import Postgres, postgres

OURS, SQLITE = "ours postgresql", "ours sqlite"
PEERS = {
    "pgqueuer": ("benchmarks.engines.pgqueuer_jobs", 3),
    "procrastinate": ("benchmarks.engines.procrastinate_jobs", 10),
    "DBOS": ("benchmarks.engines.dbos_jobs", 20),
}
"""Each peer's script, and how many times less than it we want to cost."""


def run(console: Console, *, rounds: int, tickets: int) -> list[Claim]:
    """Measure *rounds* rounds of *tickets* for every engine."""
    modules = {OURS: "benchmarks.engines.ours", SQLITE: "benchmarks.engines.ours"}
    modules |= {name: module for name, (module, _) in PEERS.items()}
    said: dict[str, list[tuple[float, float]]] = {name: [] for name in modules}
    with postgres() as server:
        for number in range(rounds):
            for name, module in modules.items():
                total, bare = _measure(server, name, module, tickets)
                said[name].append((total, bare))
                words = f"{figure(total)} µs a ticket, the steps alone {figure(bare)}"
                console.print(f"round {number + 1}/{rounds} {name:<16} {words}", highlight=False)
    steps = [bare for runs in said.values() for _, bare in runs]
    usual = median(steps)
    found = {name: [(total / bare - 1) * usual for total, bare in runs] for name, runs in said.items()}
    return _claims(found, steps)


def _measure(server: Postgres, name: str, module: str, tickets: int) -> tuple[float, float]:
    """Return CPU microseconds a ticket: in all, and of the steps in a bare loop."""
    with _database(server, name) as url:
        said = child.answer(module, url, str(tickets))
    return said["total"] / said["tickets"] * 1e6, mean(said["bare"]) / said["tickets"] * 1e6


def _database(server: Postgres, name: str) -> AbstractContextManager[str]:
    return _sqlite() if name == SQLITE else server.database()


@contextmanager
def _sqlite() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="bench-engine-") as folder:
        yield f"sqlite:///{Path(folder) / 'bench.sqlite3'}"


def _claims(found: dict[str, list[float]], bare: list[float]) -> list[Claim]:
    words, unit = "engine CPU a ticket", "µs"
    claims = [
        Claim(f"{words}, PostgreSQL, against {name}", unit, found[OURS], found[name], 1 / times, True)
        for name, (_, times) in PEERS.items()
    ]
    return [
        *claims,
        Claim(f"{words}, SQLite", unit, found[SQLITE], None),
        Claim("the three steps themselves, in a bare loop", unit, bare, None),
    ]
