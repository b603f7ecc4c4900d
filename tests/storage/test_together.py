"""Callers side by side share a transaction; one bad item fails alone."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from helpdesk_recovery.errors import StoreUnavailable
from helpdesk_recovery.storage.together import Together


class Plain:
    """A database without tables that counts its transactions."""

    dialect = "none"

    def __init__(self) -> None:
        self.groups: list[int] = []
        self.down = False

    async def write(self, work: Any) -> Any:
        if self.down:
            raise StoreUnavailable("down")
        return work(self)

    read = write

    async def close(self) -> None:
        return None


def halve(database: Any, items: Sequence[int]) -> list[int]:
    database.groups.append(len(items))
    if any(item % 2 for item in items):
        raise ValueError("odd")
    return [item // 2 for item in items]


async def test_callers_that_are_ready_share_one_transaction_and_get_their_own_result() -> None:
    database = Plain()
    together: Together[int, int] = Together(database, halve)
    assert await asyncio.gather(*map(together.do, range(0, 40, 2))) == list(range(20))
    assert database.groups == [20]


async def test_one_bad_item_fails_alone() -> None:
    together: Together[int, int] = Together(Plain(), halve)
    results = await asyncio.gather(*map(together.do, (2, 3, 4)), return_exceptions=True)
    assert (results[0], results[2]) == (1, 2)
    assert isinstance(results[1], ValueError)


async def test_a_store_that_is_down_fails_all_at_once() -> None:
    database = Plain()
    database.down = True
    together: Together[int, int] = Together(database, halve)
    results = await asyncio.gather(*map(together.do, (2, 4)), return_exceptions=True)
    assert [type(one) for one in results] == [StoreUnavailable, StoreUnavailable]
