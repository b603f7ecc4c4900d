"""What happens to a job whose handler raised: when it comes back, and what the operator reads about it."""

from __future__ import annotations

import asyncio
import logging
import traceback
from datetime import timedelta

_LONGEST = timedelta(seconds=60)
_DOUBLINGS = 6

logger = logging.getLogger("helpdesk_recovery.engine")


def after_failure(kind: str, error: BaseException, attempts: int) -> timedelta:
    """Report that the *attempts*-th start of a job failed; return the pause before the next.

    That is 1, 2, 4 … seconds and never more than a minute, or nothing when it was us who cancelled the job.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        return timedelta()
    pause = min(timedelta(seconds=2 ** min(attempts - 1, _DOUBLINGS)), _LONGEST)
    report(f"job {kind!r}", error, pause)
    return pause


def report(what: str, error: BaseException, again_in: timedelta) -> None:
    """Log kind and place of *error*; its message stays out, since it may quote a ticket."""
    logger.warning(
        "%s failed with %s at %s; again in %.0f s",
        what,
        type(error).__name__,
        _place(error),
        again_in.total_seconds(),
    )


def _place(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "an unknown place"
