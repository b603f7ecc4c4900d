"""Jobs that wait, for the in-process engine. A claimed job is due again when its lease runs out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Connection,
    Identity,
    Index,
    Integer,
    Table,
    Text,
    bindparam,
    case,
    delete,
    func,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from helpdesk_recovery.storage.database import Database
from helpdesk_recovery.storage.schema import Instant, metadata

jobs = Table(
    "jobs",
    metadata,
    Column("id", BigInteger().with_variant(Integer(), "sqlite"), Identity(), primary_key=True),
    Column("kind", Text, nullable=False),
    Column("ids", JSON, nullable=False),
    Column("run_at", Instant, nullable=False),  # of a leased job: when the lease runs out
    Column("dedupe", Text, unique=True),  # empty once the job has been claimed
    Column("leased_by", Text),
    Column("attempts", Integer, nullable=False),
    Index(None, "run_at", "id"),
    sqlite_autoincrement=True,  # an id is never used again, so a late result cannot hit another job
)


@dataclass(frozen=True, slots=True)
class ClaimedJob:
    """A job leased to a worker; ``attempts`` counts this start."""

    id: int
    kind: str
    ids: tuple[str, ...]
    attempts: int


@dataclass(frozen=True, slots=True)
class Claim:
    """Jobs leased now, oldest first; when there were fewer than asked for, also when the next falls due."""

    jobs: tuple[ClaimedJob, ...] = ()
    next_run_at: datetime | None = None


def _upsert(insert: Any) -> Any:
    statement = insert(jobs)
    earlier = case((statement.excluded.run_at < jobs.c.run_at, statement.excluded.run_at), else_=jobs.c.run_at)
    return statement.on_conflict_do_update(index_elements=[jobs.c.dedupe], set_={"run_at": earlier})


_INSERT = {"sqlite": _upsert(sqlite.insert), "postgresql": _upsert(postgresql.insert)}
_DUE = (
    select(jobs.c.id)
    .where(jobs.c.run_at <= bindparam("now", type_=Instant))
    .order_by(jobs.c.run_at, jobs.c.id)
    .limit(bindparam("most", type_=Integer))
    .with_for_update(skip_locked=True)
)
_CLAIM = (
    update(jobs)
    .where(jobs.c.id.in_(_DUE))
    .values(
        run_at=bindparam("lease_until"),
        leased_by=bindparam("worker"),
        dedupe=None,
        attempts=jobs.c.attempts + 1,
    )
    .returning(jobs.c.id, jobs.c.kind, jobs.c.ids, jobs.c.attempts)
)
_NEXT = select(func.min(jobs.c.run_at))
_held = jobs.c.leased_by == bindparam("worker")
_listed = jobs.c.id.in_(bindparam("held", expanding=True))
_FINISH = delete(jobs).where(_listed, _held)
_EXTEND = update(jobs).where(_listed, _held).values(run_at=bindparam("lease_until"))
_RELEASE = update(jobs).where(jobs.c.id == bindparam("job"), _held).values(run_at=bindparam("again_at"), leased_by=None)


def insert(connection: Connection, kind: str, ids: tuple[str, ...], run_at: datetime, dedupe: str | None) -> None:
    """Add a job; one with the key of a job that nobody has claimed yet only brings that one forward."""
    row = {"kind": kind, "ids": list(ids), "run_at": run_at, "dedupe": dedupe, "attempts": 0}
    connection.execute(_INSERT[connection.dialect.name], row)


def claim(connection: Connection, worker: str, now: datetime, limit: int, lease_until: datetime) -> Claim:
    """Lease at most *limit* due jobs to *worker*."""
    if limit <= 0:
        return Claim()
    bound = {"now": now, "most": limit, "worker": worker, "lease_until": lease_until}
    rows = sorted(connection.execute(_CLAIM, bound).all())
    claimed = tuple(ClaimedJob(row.id, row.kind, tuple(row.ids), row.attempts) for row in rows)
    return Claim(claimed, connection.scalar(_NEXT) if len(claimed) < limit else None)


def finish(connection: Connection, worker: str, ids: Sequence[int]) -> None:
    """Delete jobs that are done, as far as *worker* still holds them."""
    if ids:
        connection.execute(_FINISH, {"held": list(ids), "worker": worker})


def release(connection: Connection, worker: str, again_at: Mapping[int, datetime]) -> None:
    """Give jobs back, each to be due at its moment, as far as *worker* still holds them."""
    rows = [{"job": job, "again_at": moment, "worker": worker} for job, moment in again_at.items()]
    if rows:
        connection.execute(_RELEASE, rows)


def extend(connection: Connection, worker: str, ids: Sequence[int], lease_until: datetime) -> None:
    """Keep the leases that *worker* still holds among *ids*."""
    connection.execute(_EXTEND, {"held": list(ids), "worker": worker, "lease_until": lease_until})


class JobTable:
    """The same, bound to a database: what the in-process engine works on."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def insert(self, connection: Any, kind: str, ids: tuple[str, ...], run_at: datetime, dedupe: str | None) -> None:
        """Add a job in the transaction of *connection*."""
        insert(connection, kind, ids, run_at, dedupe)

    async def turn(
        self,
        worker: str,
        finished: Sequence[int],
        released: Mapping[int, datetime],
        *,
        now: datetime,
        limit: int,
        lease_until: datetime,
    ) -> Claim:
        """Hand in results and claim due jobs, in one transaction."""

        def work(connection: Connection) -> Claim:
            finish(connection, worker, finished)
            release(connection, worker, released)
            return claim(connection, worker, now, limit, lease_until)

        return await self._database.write(work)

    async def extend(self, worker: str, ids: Sequence[int], lease_until: datetime) -> None:
        """Keep the leases on *ids*."""
        await self._database.write(lambda connection: extend(connection, worker, ids, lease_until))
