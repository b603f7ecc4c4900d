"""The webhook door: only what is signed, small and whole gets in, and 202 means that it is kept."""

from __future__ import annotations

import asyncio
import gzip
import io
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from helpdesk_recovery.bootstrap import Services
from helpdesk_recovery.domain.connection import Connection
from helpdesk_recovery.domain.delivery import Delivery
from helpdesk_recovery.errors import StoreUnavailable
from helpdesk_recovery.sdk.testing.memory_helpdesk import SECRET
from helpdesk_recovery.storage import deliveries
from helpdesk_recovery.storage.inbox import MAX_WAITING, Inbox
from helpdesk_recovery.web.app import create_app

Client = TestClient[Any, Any]
SIGNED = {"X-Secret": SECRET}
PATH = "/webhooks/memory/shop"


@pytest.fixture
async def client(services: Services, connection: Connection) -> AsyncIterator[Client]:
    server = TestServer(create_app(services), skip_url_asserts=True)
    async with TestClient(server, auto_decompress=False) as made:
        yield made


async def kept(services: Services) -> list[dict[str, Any]]:
    return await services.database.read(lambda sql: deliveries.listed(sql, None, 1000))


async def test_a_signed_delivery_is_kept_as_it_came_and_answered_202(client: Client, services: Services) -> None:
    body = b'{"x": "\xc3\xa5 \xe2\x82\xac"}  \n'
    answer = await client.post(PATH, data=body, headers={**SIGNED, "X-Kind": "ticket"})
    assert answer.status == 202
    (row,) = await kept(services)
    assert bytes(row["body"]) == body
    assert ["x-kind", "ticket"] in [list(pair) for pair in row["headers"]]
    assert row["state"] == "pending"


async def test_credentials_in_headers_are_not_kept(client: Client, services: Services) -> None:
    headers = {**SIGNED, "Authorization": "Basic canary", "Cookie": "canary"}
    await client.post(PATH, data=b"{}", headers=headers)
    (row,) = await kept(services)
    assert "canary" not in str(row["headers"])


@pytest.mark.parametrize(
    "headers",
    [{}, {"X-Secret": "wrong"}, {"X-Secret": ""}, {"x-secret": SECRET.upper()}],
    ids=["none", "wrong", "empty", "case"],
)
async def test_what_is_not_signed_is_refused_and_leaves_nothing(
    client: Client, services: Services, headers: dict[str, str]
) -> None:
    answer = await client.post(PATH, data=b"{}", headers=headers)
    assert answer.status == 401
    assert await kept(services) == []


async def test_a_doubled_signature_is_refused(client: Client, services: Services) -> None:
    answer = await client.post(PATH, data=b"{}", headers=[("X-Secret", SECRET), ("X-Secret", SECRET)])
    assert answer.status == 401
    assert await kept(services) == []


async def test_unknown_helpdesk_and_unknown_connection_look_the_same(client: Client) -> None:
    answers = [
        await client.post(path, data=b"{}", headers=SIGNED)
        for path in ("/webhooks/nothing/shop", "/webhooks/memory/nothing", "/webhooks/nothing/nothing")
    ]
    assert {(one.status, await one.text()) for one in answers} == {(404, await answers[0].text())}


async def test_a_body_over_the_limit_is_refused_by_its_length_and_by_its_bytes(
    client: Client, services: Services
) -> None:
    limit = services.settings.max_body_bytes
    declared = await client.post(PATH, data=io.BytesIO(b"x" * (limit + 1)), headers=SIGNED)

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(limit // 65536 + 1):
            yield b"x" * 65536

    chunked = await client.post(PATH, data=chunks(), headers=SIGNED)
    assert (declared.status, chunked.status) == (413, 413)
    assert await kept(services) == []


async def test_a_compressed_body_is_refused_unread(client: Client, services: Services) -> None:
    bomb = gzip.compress(b"0" * 10_000_000)
    answer = await client.post(PATH, data=bomb, headers={**SIGNED, "Content-Encoding": "gzip"})
    assert answer.status == 415
    assert await kept(services) == []


async def test_a_body_that_ends_too_soon_is_not_kept(client: Client, services: Services) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", client.server.port)
    head = f"POST {PATH} HTTP/1.1\r\nHost: x\r\nX-Secret: {SECRET}\r\nContent-Length: 100\r\n\r\n"
    writer.write(head.encode() + b"only this")
    writer.write_eof()
    answer = await reader.read()
    writer.close()
    assert not answer or b" 400 " in answer.split(b"\r\n")[0]
    assert await kept(services) == []


async def test_the_same_event_many_times_at_once_is_kept_once(client: Client, services: Services) -> None:
    answers = await asyncio.gather(*(client.post(PATH, data=b'{"same": 1}', headers=SIGNED) for _ in range(50)))
    assert {one.status for one in answers} == {202}
    assert len(await kept(services)) == 1


async def test_the_same_signed_id_with_other_bytes_is_kept_once(client: Client, services: Services) -> None:
    for body in (b"{}", b"{ }"):
        answer = await client.post(PATH, data=body, headers={**SIGNED, "X-Id": "event-1"})
        assert answer.status == 202
    assert len(await kept(services)) == 1


class Down:
    """A database that does not take anything."""

    dialect = "sqlite"

    async def write(self, work: object) -> None:
        raise StoreUnavailable("down")

    read = write

    async def close(self) -> None:
        return None


async def test_while_the_store_is_down_the_sender_is_told_to_come_back(
    services: Services, connection: Connection
) -> None:
    inbox = Inbox(Down(), lambda sql, ids: None, wake=lambda: None)  # type: ignore[arg-type]
    async with TestClient(TestServer(create_app(replace(services, inbox=inbox)))) as client:
        answer = await client.post(PATH, data=b"{}", headers=SIGNED)
    assert answer.status == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert await kept(services) == []


async def test_a_full_inbox_sheds_what_it_cannot_keep(services: Services, connection: Connection) -> None:
    """More at once than may wait: each is either kept and acknowledged or told to come back, none is lost."""
    count = 2 * MAX_WAITING + 100
    made = [services.inbox.put(connection.id, _delivery(n), n.to_bytes(8, "big"), None) for n in range(count)]
    results = await asyncio.gather(*made, return_exceptions=True)
    refused = [one for one in results if isinstance(one, StoreUnavailable)]
    held = await services.database.read(deliveries.counts)
    assert refused
    assert held["pending"] == count - len(refused)


def _delivery(number: int) -> Delivery:
    return Delivery("shop", (), str(number).encode(), datetime(2026, 11, 21, tzinfo=UTC))


async def test_other_methods_are_refused(client: Client) -> None:
    for method in ("get", "put", "delete", "patch"):
        answer = await getattr(client, method)(PATH)
        assert answer.status == 405
        assert "POST" in answer.headers["Allow"]


async def test_errors_are_problem_json_and_say_nothing_of_the_inside(client: Client) -> None:
    answer = await client.post(PATH, data=b"{}")
    assert answer.content_type == "application/problem+json"
    body = await answer.json()
    assert body["status"] == 401
    assert "Traceback" not in str(body)


async def test_alive_ready_and_metrics(client: Client) -> None:
    assert (await client.get("/healthz")).status == 200
    assert (await client.get("/readyz")).status == 200
    await client.post(PATH, data=b"{}", headers={"X-Secret": "wrong"})
    metrics = await (await client.get("/metrics")).text()
    assert 'recovery_deliveries_total{answer="401",helpdesk="memory",reason="wrong"}' in metrics
