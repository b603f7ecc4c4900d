"""Recorded deliveries: read one from a file, and send it as it was."""

from __future__ import annotations

from pathlib import Path

from helpdesk_recovery.errors import ConfigurationInvalid

Headers = list[tuple[str, str]]

# Of the connection that it came over, not of the delivery.
_OF_THE_CONNECTION = frozenset({"host", "content-length", "connection", "accept-encoding", "transfer-encoding"})
_ADDED_BY_AIOHTTP = ("Content-Type", "User-Agent", "Accept")
_PATIENCE_SECONDS = 30.0


def read_recorded(path: Path) -> tuple[Headers, bytes]:
    """Return the headers and the exact body of a recorded delivery; a request line before them is left out."""
    try:
        recorded = path.read_bytes()
    except OSError as error:
        raise ConfigurationInvalid(f"{path} cannot be read: {error.strerror}.") from None
    ends = [(recorded.find(end), end) for end in (b"\r\n\r\n", b"\n\n") if end in recorded]
    if not ends:
        raise ConfigurationInvalid(f"{path} needs header lines, an empty line and the body.")
    at, end = min(ends)
    return _headers(recorded[:at].decode("latin-1")), recorded[at + len(end) :]


def _headers(head: str) -> Headers:
    pairs = [(name.strip(), value.strip()) for name, colon, value in _split(head) if colon and " " not in name.strip()]
    return [(name, value) for name, value in pairs if name.lower() not in _OF_THE_CONNECTION]


def _split(head: str) -> list[tuple[str, str, str]]:
    return [line.partition(":") for line in head.splitlines()]


async def post(url: str, headers: Headers, body: bytes) -> tuple[int, str]:
    """Send it to *url*; return the status and the text of the answer."""
    import aiohttp

    patience = aiohttp.ClientTimeout(total=_PATIENCE_SECONDS)
    try:
        async with (
            aiohttp.ClientSession(timeout=patience, skip_auto_headers=_ADDED_BY_AIOHTTP) as session,
            session.post(url, data=body, headers=headers, allow_redirects=False) as answer,
        ):
            return answer.status, (await answer.read()).decode("utf-8", "replace")
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        raise ConfigurationInvalid(f"Nothing answers at {url}: {str(error) or 'no answer in time'}") from None
