"""What becomes of a job whose handler raises."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from helpdesk_recovery.engine.port import Job


def _job(number: object, **more: Any) -> Job:
    return Job("advance", (str(number),), **more)


@pytest.mark.parametrize("error", [ValueError("boom"), asyncio.CancelledError()])
async def test_a_job_whose_handler_raises_comes_back_after_a_pause(
    place: Any, seen: Any, running: Any, error: BaseException
) -> None:
    failed: list[datetime] = []

    async def handler(job: Job) -> None:
        if job.ids == ("1",) and not failed:
            failed.append(datetime.now(UTC))
            raise error
        await seen(job)

    await place.enqueue(_job(1), _job(2))
    async with running(place.engine(), handler):
        await seen.until("1", "2")
    assert seen.ids == ["2", "1"]
    assert datetime.now(UTC) - failed[0] >= timedelta(seconds=1)


async def test_a_failure_is_told_without_its_message(
    place: Any, seen: Any, running: Any, caplog: pytest.LogCaptureFixture
) -> None:
    async def handler(job: Job) -> None:
        if not seen.ids:
            await seen.add("failed")
            raise ValueError("my name is Alice")
        await seen(job)

    caplog.set_level(logging.INFO)
    await place.enqueue(_job(1))
    async with running(place.engine(), handler):
        await seen.until("1")
    assert "job 'advance' failed with ValueError at" in caplog.text
    assert len(caplog.records) == 1
    assert "Alice" not in caplog.text
