"""Kills at moments drawn by lot."""

from __future__ import annotations

import random
import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from installation.process import Process, Server

_SHORT_LIFE = (0.2, 2.0)
_LONG_LIFE = (2.5, 6.0)
"""Some live to take over what the one before had in hand: its lease is 5 seconds long."""
_LONGEST_DEATH = 0.7


class Killer:
    """Kills one of *processes* with SIGKILL *kills* times, each at a moment drawn by lot, and starts it again.

    A block that fails stops the killing; one that ends well may ``finish`` it first.
    """

    def __init__(self, processes: Sequence[Process], kills: int, seed: int) -> None:
        self.moments: list[float] = []
        self._processes = processes
        self._kills = kills
        self._lot = random.Random(seed)  # noqa: S311
        self._stop = threading.Event()
        self._pool = ThreadPoolExecutor(1)
        self._done: Future[None] | None = None

    def __enter__(self) -> Killer:
        self._done = self._pool.submit(self._run)
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._pool.shutdown()

    @property
    def busy(self) -> bool:
        return self._done is not None and not self._done.done()

    def finish(self) -> None:
        """Wait until the last kill is over and all run again; raise what went wrong in between."""
        assert self._done is not None
        self._done.result()

    def _run(self) -> None:
        for _ in range(self._kills):
            life = self._lot.uniform(*self._lot.choice([_SHORT_LIFE, _LONG_LIFE]))
            if self._stop.wait(life):
                return
            self.moments.append(round(life, 2))
            self._kill_one()

    def _kill_one(self) -> None:
        victim = self._lot.choice(self._processes)
        victim.kill()
        self._stop.wait(self._lot.uniform(0.0, _LONGEST_DEATH))
        if isinstance(victim, Server):
            victim.start_and_wait()
        else:
            victim.start()
