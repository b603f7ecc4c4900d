"""Talking to a helpdesk over HTTP: time-outs, Retry-After, and errors named by who must act."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
from yarl import URL

from helpdesk_recovery.errors import (
    HelpdeskRefused,
    HelpdeskUnavailable,
    RecoveryError,
    TicketNotVisible,
    WriteUncertain,
)

MAX_ANSWER = 8 * 1024 * 1024
MAX_RETRY_AFTER = 3600.0
AT_ONCE = 16
"""Calls to one helpdesk under way at a time; the others wait before their time-out begins."""
_TIMEOUT = aiohttp.ClientTimeout(total=30, connect=5)


@dataclass(frozen=True, slots=True)
class Answer:
    """A successful answer: status, headers (any case) and body; ``writing`` when it answers a write."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    writing: bool = False

    def json(self) -> Any:
        """Parse the body; an answer that is not JSON means that something else answered.

        Raise HelpdeskUnavailable then; WriteUncertain for a write, which may have happened all the same.
        """
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            words = f"answered {self.status} with something that is not JSON"
        raise WriteUncertain(words) if self.writing else HelpdeskUnavailable(words, reason="not_json")


class HelpdeskClient:
    """An HTTP client of one connection: fixed host, no redirects, answers of at most 8 MB.

    ``get`` and other reading calls raise HelpdeskUnavailable when the answer is lost; writing calls raise
    WriteUncertain then and on every 5xx, since the helpdesk may have done it all the same.
    """

    def __init__(self, base_url: str, headers: Mapping[str, str]) -> None:
        self._base = URL(base_url.rstrip("/") + "/")
        self._headers = dict(headers)
        self._session: aiohttp.ClientSession | None = None
        self._free = asyncio.Semaphore(AT_ONCE)

    async def get(self, path: str, params: Mapping[str, str] | None = None) -> Answer:
        """Read *path*, relative to the base URL."""
        return await self._call("GET", path, params=params, writing=False)

    async def write(self, method: str, path: str, body: Any) -> Answer:
        """Write *body* as JSON."""
        return await self._call(method, path, data=json.dumps(body).encode(), writing=True)

    async def send(self, url: str, data: bytes, headers: Mapping[str, str]) -> Answer:
        """POST *data* as it is to an absolute *url* that an admin typed."""
        return await self._call("POST", url, data=data, writing=True, headers=headers)

    async def close(self) -> None:
        """Close the sockets."""
        if self._session is not None:
            await self._session.close()

    async def _call(
        self,
        method: str,
        path: str,
        *,
        writing: bool,
        params: Mapping[str, str] | None = None,
        data: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        url = URL(path) if path.startswith(("http://", "https://")) else self._base.join(URL(path))
        try:
            async with (
                self._free,
                self._open().request(
                    method, url, params=params, data=data, headers=headers, allow_redirects=False
                ) as response,
            ):
                body = await _read(response, writing)
        except aiohttp.ClientConnectorError as error:
            raise HelpdeskUnavailable(f"cannot reach {url.host}: {error.strerror or error}", reason="connect") from None
        except (aiohttp.ClientError, TimeoutError, ConnectionError) as error:
            raise _lost(writing, url, error) from None
        _raise_for(response.status, response.headers, body, writing)
        return Answer(response.status, response.headers, body, writing)

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            headers = {"Content-Type": "application/json", "Accept": "application/json", **self._headers}
            jar = aiohttp.DummyCookieJar()  # a session cookie beside the token could act as somebody else
            self._session = aiohttp.ClientSession(headers=headers, timeout=_TIMEOUT, cookie_jar=jar)
        return self._session


async def _read(response: aiohttp.ClientResponse, writing: bool) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_chunked(65536):
        body += chunk
        if len(body) > MAX_ANSWER:
            words = "answered more than 8 MB"
            raise WriteUncertain(words) if writing else HelpdeskUnavailable(words, reason="too_large")
    return bytes(body)


def _lost(writing: bool, url: URL, error: BaseException) -> RecoveryError:
    words = f"no answer from {url.host}: {type(error).__name__}"
    return WriteUncertain(words) if writing else HelpdeskUnavailable(words, reason="lost")


def _raise_for(status: int, headers: Mapping[str, str], body: bytes, writing: bool) -> None:
    """Turn anything but 2xx into the error that says who must act."""
    if 200 <= status < 300:
        return
    words = f"answered {status}: {body[:200].decode('utf-8', 'replace')}"
    if status >= 500 or status in _LATER:
        raise _unavailable(status, words, retry_after(headers), writing)
    if status == 404:
        raise TicketNotVisible(words)
    raise _refused(status, words)


_LATER = {408: "slow", 429: "busy"}


def _unavailable(status: int, words: str, wait: float | None, writing: bool) -> RecoveryError:
    """Nobody must act: a 5xx after a write may have done it all the same, a 408 or 429 has not."""
    if status >= 500 and writing:
        return WriteUncertain(words, retry_after=wait)
    return HelpdeskUnavailable(words, reason=_LATER.get(status, "server_error"), retry_after=wait)


def _refused(status: int, words: str) -> HelpdeskRefused:
    """The operator must act."""
    if status in (401, 403):
        return HelpdeskRefused(f"{words}. Check the API token and its rights.", reason="token")
    if status < 400:
        return HelpdeskRefused(f"{words}. It redirects: use its final URL in connect.", reason="redirect")
    return HelpdeskRefused(words, reason="refused")


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds that Retry-After asks for (a number or a date), at most an hour; None without one."""
    value = headers.get("Retry-After")
    if value is None:
        return None
    try:
        seconds = float(value)
    except ValueError:
        seconds = _until(value)
    return min(max(0.0, seconds), MAX_RETRY_AFTER)  # 0.0 first: max() then drops "nan"


def _until(value: str) -> float:
    try:
        when = parsedate_to_datetime(value)
    except ValueError:
        return 60.0
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return (when - datetime.now(UTC)).total_seconds()
