"""What the in-process engine needs from storage: a table of jobs that are claimed by leases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol


class ClaimedJob(Protocol):
    """A job leased to this worker."""

    @property
    def id(self) -> int:
        """Number in the table, never used twice."""
        ...

    @property
    def kind(self) -> str:
        """What the job wakes."""
        ...

    @property
    def ids(self) -> tuple[str, ...]:
        """The rows it wakes."""
        ...

    @property
    def attempts(self) -> int:
        """How often it was started, this time included."""
        ...


class Claim(Protocol):
    """Jobs leased now; when there were fewer than asked for, also when the next falls due."""

    @property
    def jobs(self) -> Sequence[ClaimedJob]:
        """Oldest first."""
        ...

    @property
    def next_run_at(self) -> datetime | None:
        """UTC; None when there is nothing more, or perhaps something at once."""
        ...


class JobTable(Protocol):
    """Jobs on disk. A lease that runs out makes its job due again; results of a lost lease change nothing."""

    def insert(self, connection: Any, kind: str, ids: tuple[str, ...], run_at: datetime, dedupe: str | None) -> None:
        """Add a job in the transaction of *connection*, or let it melt into the waiting one of the same key."""
        ...

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
        """Hand in results and claim at most *limit* due jobs, in one transaction.

        *finished* jobs are gone; *released* ones come back at the moment given.
        """
        ...

    async def extend(self, worker: str, ids: Sequence[int], lease_until: datetime) -> None:
        """Keep the leases on *ids* until *lease_until*."""
        ...
