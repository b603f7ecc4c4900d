"""The HTTP client: what a helpdesk answers becomes the error that says who must act."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port

from helpdesk_recovery.errors import (
    HelpdeskRefused,
    HelpdeskUnavailable,
    RecoveryError,
    TicketNotVisible,
    WriteUncertain,
)
from helpdesk_recovery.sdk import HelpdeskClient
from helpdesk_recovery.sdk.client import AT_ONCE, MAX_ANSWER, MAX_RETRY_AFTER, retry_after


@dataclass
class Answers:
    """A server that answers as told; status 0 drops the connection. ``asked`` is what came."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b"{}"
    asked: list[tuple[str, str, bytes, str | None]] = field(default_factory=list)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        token = request.headers.get("Authorization")
        self.asked.append((request.method, request.path_qs, await request.read(), token))
        if self.status == 0 and request.transport is not None:
            request.transport.abort()
        return web.Response(status=self.status or 200, headers=self.headers, body=self.body)


@asynccontextmanager
async def client_of(answers: Answers, base: str = "/desk") -> AsyncIterator[HelpdeskClient]:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answers.handle)
    async with TestServer(app) as server:
        client = HelpdeskClient(str(server.make_url(base)), {"Authorization": "Token t"})
        try:
            yield client
        finally:
            await client.close()


async def error_of(answers: Answers, *, writing: bool) -> RecoveryError:
    async with client_of(answers) as client:
        with pytest.raises(RecoveryError) as caught:
            if writing:
                await client.write("POST", "notes", {})
            else:
                (await client.get("tickets/1")).json()
        return caught.value


async def test_asks_below_the_base_url_with_the_token() -> None:
    answers = Answers(body=b'{"id": 1}')
    async with client_of(answers) as client:
        assert (await client.get("tickets/1", {"q": "a b"})).json() == {"id": 1}
        assert (await client.write("PATCH", "tickets/1", {"a": "å"})).status == 200
    assert answers.asked == [
        ("GET", "/desk/tickets/1?q=a+b", b"", "Token t"),
        ("PATCH", "/desk/tickets/1", b'{"a": "\\u00e5"}', "Token t"),
    ]


@pytest.mark.parametrize(
    ("status", "reading", "writing"),
    [
        (301, HelpdeskRefused, HelpdeskRefused),
        (302, HelpdeskRefused, HelpdeskRefused),
        (400, HelpdeskRefused, HelpdeskRefused),
        (401, HelpdeskRefused, HelpdeskRefused),
        (403, HelpdeskRefused, HelpdeskRefused),
        (404, TicketNotVisible, TicketNotVisible),
        (422, HelpdeskRefused, HelpdeskRefused),
        (429, HelpdeskUnavailable, HelpdeskUnavailable),
        (500, HelpdeskUnavailable, WriteUncertain),
        (502, HelpdeskUnavailable, WriteUncertain),
        (503, HelpdeskUnavailable, WriteUncertain),
        (504, HelpdeskUnavailable, WriteUncertain),
        (0, HelpdeskUnavailable, WriteUncertain),
    ],
)
async def test_each_answer_has_its_error(
    status: int, reading: type[RecoveryError], writing: type[RecoveryError]
) -> None:
    headers = {"Location": "/elsewhere"} if status in (301, 302) else {}
    for is_write, expected in ((False, reading), (True, writing)):
        answers = Answers(status, headers)
        assert type(await error_of(answers, writing=is_write)) is expected
        assert not any(path == "/elsewhere" for _, path, _, _ in answers.asked), "a redirect was followed"
        if is_write:
            assert len(answers.asked) == 1, "a write is sent once"


async def test_a_refused_token_says_what_to_do() -> None:
    error = await error_of(Answers(401, body=b'{"detail": "Invalid token."}'), writing=False)
    assert error.reason == "token"
    assert "Invalid token." in str(error) and "Check the API token" in str(error)


async def test_nobody_listening_is_later_even_for_a_write() -> None:
    client = HelpdeskClient(f"http://127.0.0.1:{unused_port()}", {})
    with pytest.raises(HelpdeskUnavailable) as caught:
        await client.write("POST", "notes", {})
    await client.close()
    assert caught.value.reason == "connect"


@pytest.mark.parametrize("body", [b"<html>", b"", b"\xff", b"[" * 100_000], ids=["page", "nothing", "bytes", "deep"])
async def test_an_answer_that_is_no_json_is_later(body: bytes) -> None:
    error = await error_of(Answers(body=body), writing=False)
    assert type(error) is HelpdeskUnavailable


async def test_a_write_answered_with_no_json_may_have_happened() -> None:
    async with client_of(Answers(body=b"<html>")) as client:
        answer = await client.write("POST", "notes", {})
        with pytest.raises(WriteUncertain):
            answer.json()


async def test_a_huge_answer_is_cut_off() -> None:
    huge = b"x" * (MAX_ANSWER + 1)
    assert type(await error_of(Answers(body=huge), writing=False)) is HelpdeskUnavailable
    assert type(await error_of(Answers(body=huge), writing=True)) is WriteUncertain


async def test_an_answer_that_ends_early_is_lost() -> None:
    async def half(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "100"})
        await response.prepare(request)
        await response.write(b"{")
        assert request.transport is not None
        request.transport.abort()
        return response

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", half)
    async with TestServer(app) as server:
        client = HelpdeskClient(str(server.make_url("/")), {})
        with pytest.raises(HelpdeskUnavailable):
            await client.get("tickets/1")
        with pytest.raises(WriteUncertain):
            await client.write("POST", "notes", {})
        await client.close()


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("7", 7.0),
        ("0", 0.0),
        ("0.5", 0.5),
        ("-3", 0.0),
        ("999999", MAX_RETRY_AFTER),
        ("inf", MAX_RETRY_AFTER),
        ("nan", 0.0),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0),
        ("Wed, 21 Oct 2065 07:28:00 GMT", MAX_RETRY_AFTER),
        ("soon", 60.0),
        ("", 60.0),
    ],
)
def test_retry_after_is_bounded_whatever_it_says(value: str, seconds: float) -> None:
    assert retry_after({"Retry-After": value}) == seconds


async def test_retry_after_reaches_the_error() -> None:
    error = await error_of(Answers(429, {"Retry-After": "7"}), writing=True)
    assert isinstance(error, HelpdeskUnavailable) and error.retry_after == 7
    without = await error_of(Answers(429), writing=False)
    assert isinstance(without, HelpdeskUnavailable) and without.retry_after is None


async def test_a_helpdesk_never_gets_more_calls_at_a_time_than_it_bears() -> None:
    under_way = most = 0
    full, go_on = asyncio.Event(), asyncio.Event()

    class Slow(Answers):
        async def handle(self, request: web.Request) -> web.StreamResponse:
            nonlocal under_way, most
            under_way += 1
            most = max(most, under_way)
            if under_way == AT_ONCE:
                full.set()
            await go_on.wait()
            under_way -= 1
            return web.Response(body=b"{}")

    async with client_of(Slow()) as client:
        calls = [asyncio.create_task(client.get(f"tickets/{number}")) for number in range(3 * AT_ONCE)]
        await full.wait()
        go_on.set()
        await asyncio.gather(*calls)
    assert most == AT_ONCE
