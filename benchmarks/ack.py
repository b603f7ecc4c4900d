"""How much a durable acknowledgement costs: our door beside FastAPI with one commit per request.

Every round loads each server in turn, so that what else the machine does hits all alike. CPU is that of the server
process; PostgreSQL's own is in nobody's figure. On SQLite the peer is measured with SQLAlchemy's default pool, which is
what one writes, and with a single connection, which serves it best.
"""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from benchmarks import child
from benchmarks.child import Child
from benchmarks.claim import Claim, figure
from benchmarks.doors import fastapi_door, ours
from benchmarks.load import Load, load
from benchmarks.postgres import Postgres, postgres
from benchmarks.stored import count_deliveries

_WARM_SECONDS = 1


@dataclass(frozen=True, slots=True)
class Door:
    """One server under load, and what each round said of it."""

    name: str
    server: Child
    path: str
    url: str
    rounds: list[Load]


def run(console: Console, *, rounds: int, seconds: int) -> list[Claim]:
    """Measure *rounds* rounds of *seconds* for every door."""
    with ExitStack() as stack:
        doors = _open_doors(stack)
        warm = {door.name: load(door.server, door.path, _WARM_SECONDS).requests for door in doors}
        for number in range(rounds):
            for door in doors:
                done = load(door.server, door.path, seconds)
                door.rounds.append(done)
                console.print(f"round {number + 1}/{rounds} {door.name:<22} {_words(done)}", highlight=False)
        for door in doors:
            _must_be_stored(door, warm[door.name])
    return _claims({door.name: door.rounds for door in doors})


def _open_doors(stack: ExitStack) -> list[Door]:
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-ack-")))
    server = stack.enter_context(postgres())
    our, peer = ours.__name__, fastapi_door.__name__
    return [
        _door(stack, "ours forgetting", our, f"sqlite:///{folder}/forget.sqlite3", "--forget"),
        _door(stack, "ours sqlite", our, f"sqlite:///{folder}/ours.sqlite3"),
        _door(stack, "fastapi sqlite", peer, f"sqlite:///{folder}/fastapi.sqlite3"),
        _door(stack, "fastapi sqlite, tuned", peer, f"sqlite:///{folder}/tuned.sqlite3", "1"),
        _door(stack, "ours postgresql", our, _database(stack, server)),
        _door(stack, "fastapi postgresql", peer, _database(stack, server), "16"),
    ]


def _database(stack: ExitStack, server: Postgres) -> str:
    return stack.enter_context(server.database())


def _door(stack: ExitStack, name: str, module: str, url: str, *options: str) -> Door:
    running = stack.enter_context(child.server(module, url, *options))
    path = ours.PATH if module == ours.__name__ else fastapi_door.PATH
    return Door(name, running, path, url, [])


def _must_be_stored(door: Door, warm: int) -> None:
    """An answer counts only if its delivery lies in the database: raise RuntimeError otherwise."""
    if "forgetting" in door.name:
        return
    answered, stored = warm + sum(done.requests for done in door.rounds), count_deliveries(door.url)
    if stored < answered:
        raise RuntimeError(f"{door.name}: {answered} answered, but only {stored} stored")


def _claims(found: dict[str, list[Load]]) -> list[Claim]:
    claims = []
    for store, least in (("sqlite", 10.0), ("postgresql", 8.0)):
        our, peer = found[f"ours {store}"], found[f"fastapi {store}"]
        title = "SQLite" if store == "sqlite" else "PostgreSQL"
        claims += [
            Claim(f"durable ack, {title}, against FastAPI + SQLAlchemy", "requests/s", _rate(our), _rate(peer), least),
            Claim(f"durable ack, {title}, CPU of the server", "µs/request", _cpu(our), _cpu(peer), 1 / 15, True),
            Claim(f"durable ack, {title}, 99th percentile", "ms", _p99(our), _p99(peer)),
        ]
    forgetting = found["ours forgetting"]
    our, tuned = found["ours sqlite"], found["fastapi sqlite, tuned"]
    claims += [
        Claim("durable ack, SQLite, the peer with one connection", "requests/s", _rate(our), _rate(tuned)),
        Claim("durable ack, SQLite, the peer with one connection, CPU", "µs/request", _cpu(our), _cpu(tuned)),
    ]
    words = "durable ack, {}, against our own handler without a database"
    claims += [
        Claim(words.format("SQLite"), "requests/s", _rate(found["ours sqlite"]), _rate(forgetting), 0.6),
        Claim(words.format("PostgreSQL"), "requests/s", _rate(found["ours postgresql"]), _rate(forgetting)),
    ]
    return claims


def _rate(rounds: list[Load]) -> list[float]:
    return [done.per_second for done in rounds]


def _cpu(rounds: list[Load]) -> list[float]:
    return [done.cpu_per_request * 1e6 for done in rounds]


def _p99(rounds: list[Load]) -> list[float]:
    return [done.p99 * 1e3 for done in rounds]


def _words(done: Load) -> str:
    cpu, p50, p99 = done.cpu_per_request * 1e6, done.p50 * 1e3, done.p99 * 1e3
    return f"{figure(done.per_second)} requests/s, {figure(cpu)} µs CPU, p50 {figure(p50)} ms, p99 {figure(p99)} ms"
