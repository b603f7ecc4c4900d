"""What the rest of the service sees of the engine: jobs go in with a transaction and come out at a handler."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Job:
    """A wake-up for rows of our own: "look at these *ids* again". It carries no state.

    ``run_at`` (UTC) is the earliest start, None means now. A job with the ``dedupe`` key of one that nobody has
    started yet melts into it, and the earlier ``run_at`` counts; once started, the key is free again, so that
    whatever is written while a job runs gets a run of its own. Handlers see neither of the two.
    """

    kind: str
    ids: tuple[str, ...]
    run_at: datetime | None = None
    dedupe: str | None = None


Handler = Callable[[Job], Awaitable[None]]


class Engine(Protocol):
    """Runs every committed job at least once, oldest first, on whichever process is free.

    It neither orders nor excludes jobs that run side by side: a ticket is guarded by the lease on its case.
    """

    async def prepare(self) -> None:
        """Create what the engine needs in the database; again, or in several processes at once, does no harm."""
        ...

    def enqueue(self, connection: Any, job: Job) -> None:
        """Put *job* in the caller's transaction of *connection*; a rollback takes it back.

        Callers that enqueue several keyed jobs in one transaction do so in sorted order, or they may deadlock.
        """
        ...

    def wake(self) -> None:
        """Say that a transaction with jobs has committed in this process; without it they start a poll later."""
        ...

    async def run(self, handler: Handler, *, concurrency: int) -> None:
        """Hand jobs to *handler*, *concurrency* at a time, until ``stop``.

        A job whose handler raises comes back after a growing pause; one whose process dies goes to another
        process within the lease (5 seconds) and 2 more.
        """
        ...

    def stop(self) -> None:
        """Take no new jobs; ``run`` returns when those under way are done."""
        ...
