"""Thinking in slices: the loop also answers webhooks and heartbeats, so it gets a turn after every few tickets."""

from __future__ import annotations

import asyncio
from collections import deque

A_SLICE = 8
"""Tickets thought about between two turns of the loop: some 25 ms, and few enough turns for the groups to fill."""


class Slices:
    """Lets *most* tasks through at once, and the next ones after the loop has had its turn."""

    def __init__(self, most: int = A_SLICE) -> None:
        self._most = most
        self._left = most
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._refilling = False

    async def turn(self) -> None:
        """Wait for one's turn, first come, first served; what follows must not await anything to be one's own."""
        loop = asyncio.get_running_loop()
        if not self._refilling:
            self._refilling = True
            loop.call_soon(self._refill, loop)
        if self._left and not self._waiting:
            self._left -= 1
            return
        place: asyncio.Future[None] = loop.create_future()
        self._waiting.append(place)
        await place

    def _refill(self, loop: asyncio.AbstractEventLoop) -> None:
        self._left = self._most
        while self._left and self._waiting:
            place = self._waiting.popleft()
            if not place.done():  # else its task was cancelled
                place.set_result(None)
                self._left -= 1
        self._refilling = self._left < self._most
        if self._refilling:
            loop.call_soon(self._refill, loop)
