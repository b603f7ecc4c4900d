"""Kills at moments drawn by lot."""

from __future__ import annotations

import random
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from installation.process import Process, Server
from installation.waiting import pause

_LONGEST_LIFE = 6.0  # longer than a lease, else nobody ever takes over what the one before had in hand
_LONGEST_DEATH = 0.7


class Killer:
    """Kills one of *processes* with SIGKILL *kills* times, each at a moment drawn by lot, and starts it again."""

    def __init__(self, processes: Sequence[Process], kills: int, seed: int) -> None:
        self.moments: list[float] = []
        self._processes = processes
        self._lot = random.Random(seed)  # noqa: S311
        self._pool = ThreadPoolExecutor(1)
        self._done: Future[None] = self._pool.submit(self._run, kills)

    @property
    def busy(self) -> bool:
        return not self._done.done()

    def finish(self) -> None:
        """Wait until the last kill is over and all run again; raise what went wrong in between."""
        self._done.result()
        self._pool.shutdown()

    def _run(self, kills: int) -> None:
        for _ in range(kills):
            self.moments.append(round(self._lot.uniform(0.2, _LONGEST_LIFE), 2))
            pause(self.moments[-1])
            victim = self._lot.choice(self._processes)
            victim.kill()
            pause(self._lot.uniform(0.0, _LONGEST_DEATH))
            if isinstance(victim, Server):
                victim.start_and_wait()
            else:
                victim.start()
