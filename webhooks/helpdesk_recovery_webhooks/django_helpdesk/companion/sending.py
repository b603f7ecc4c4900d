"""Signing and sending, on threads of its own: at most 100 waiting, 5 seconds each, then dropped with a log line."""

from __future__ import annotations

import hashlib
import hmac
import logging
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import requests
from django.conf import settings

log = logging.getLogger(__name__)

WAITING = 100
TIMEOUT = (2.0, 3.0)
"""Seconds to connect, and to wait for the answer. The receiver answers in milliseconds."""

# The pool makes its threads when there is work, so after a server has forked; at exit it finishes what waits.
_pool = ThreadPoolExecutor(max_workers=4, thread_name_prefix="recovery-companion")
_room = threading.BoundedSemaphore(WAITING)


def send(event: str, body: bytes) -> None:
    """Queue a delivery and return at once."""
    if not _room.acquire(blocking=False):
        log.error("%s was not sent: %d deliveries wait already; polling will find it", event, WAITING)
        return
    _pool.submit(_deliver, event, body)


def signed(secret: str, body: bytes, now: float) -> dict[str, str]:
    """Return the headers of a delivery: hex HMAC-SHA256 of the time in seconds, a full stop and the body."""
    stamp = str(int(now))
    mac = hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256)
    return {"X-Helpdesk-Timestamp": stamp, "X-Helpdesk-Signature": f"sha256={mac.hexdigest()}"}


def _deliver(event: str, body: bytes) -> None:
    try:
        _post(event, body)
    except Exception as problem:
        log.error("%s was not delivered, polling will find it: %s", event, type(problem).__name__)
    finally:
        _room.release()


def _post(event: str, body: bytes) -> None:
    headers = {
        "Content-Type": "application/json",
        "X-Helpdesk-Event": event,
        "X-Helpdesk-Delivery": str(uuid.uuid4()),
        **signed(settings.RECOVERY_WEBHOOK_SECRET, body, time.time()),
    }
    url = settings.RECOVERY_WEBHOOK_URL
    answer = requests.post(url, data=body, headers=headers, timeout=TIMEOUT, allow_redirects=False)
    if answer.status_code >= 300:
        log.error("%s was answered with %d; polling will find it", event, answer.status_code)
