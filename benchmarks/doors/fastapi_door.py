"""The peer: what a good developer writes with FastAPI, pydantic and SQLAlchemy; one commit per request.

    python -m benchmarks.doors.fastapi_door DATABASE_URL [POOL]

It verifies the same signatures over the same bytes, stores as durably (WAL and ``synchronous=FULL`` on SQLite),
keeps an event once, and runs on uvicorn with uvloop and httptools. POOL is how many connections it may hold; without
it SQLAlchemy's own choice, 5 and up to 10 more.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hmac
import json
import socket
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Annotated, Any

import uvicorn
from fastapi import Depends, FastAPI, Header, HTTPException, Request
from pydantic import BaseModel, ValidationError
from sqlalchemy import LargeBinary, event
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from benchmarks.deliveries import SECRET

PATH = "/webhooks"
_KEY = base64.b64decode(SECRET.removeprefix("whsec_"))
_WINDOW_SECONDS = 300


class Base(DeclarativeBase):
    """The peer's one table."""


class Delivery(Base):
    """A delivery as it came."""

    __tablename__ = "deliveries"
    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    ticket_id: Mapped[str]
    received_at: Mapped[float]
    body: Mapped[bytes] = mapped_column(LargeBinary)


class Ticket(BaseModel):
    """The part of a ticket that the handler needs."""

    id: str
    subject: str
    status: str


class EventData(BaseModel):
    """What an event is about."""

    ticket: Ticket


class Event(BaseModel):
    """A ticket event."""

    type: str
    timestamp: datetime
    data: EventData


def verify(body: bytes, message_id: str, stamp: str, signatures: str) -> None:
    """Raise HTTPException 401 unless one of the signatures is right and new."""
    if not stamp.isdigit() or abs(time.time() - int(stamp)) > _WINDOW_SECONDS:
        raise HTTPException(401)
    expected = hmac.digest(_KEY, f"{message_id}.{stamp}.".encode() + body, "sha256")
    for signature in signatures.split(" "):
        version, _, encoded = signature.partition(",")
        try:
            if version == "v1" and hmac.compare_digest(expected, base64.b64decode(encoded)):
                return
        except binascii.Error:
            continue
    raise HTTPException(401)


async def session(request: Request) -> AsyncIterator[AsyncSession]:
    """Open a session for one request."""
    async with request.app.state.sessions() as opened:
        yield opened


async def receive(
    request: Request,
    opened: Annotated[AsyncSession, Depends(session)],
    webhook_id: Annotated[str, Header()],
    webhook_timestamp: Annotated[str, Header()],
    webhook_signature: Annotated[str, Header()],
) -> dict[str, str]:
    """Take one delivery; the same event again is kept once."""
    body = await request.body()
    verify(body, webhook_id, webhook_timestamp, webhook_signature)
    try:
        told = Event.model_validate_json(body)
    except ValidationError:
        raise HTTPException(422) from None
    opened.add(_delivery(webhook_id, told, body))
    try:
        await opened.commit()
    except IntegrityError:
        await opened.rollback()
    return {"status": "accepted"}


def create_app(url: str, pool: int | None) -> FastAPI:
    """Make the application over the database at *url*."""
    engine = open_engine(url, pool)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
        yield
        await engine.dispose()

    app = FastAPI(lifespan=lifespan)
    app.state.sessions = async_sessionmaker(engine, expire_on_commit=False)
    app.post(PATH, status_code=202)(receive)
    return app


def _delivery(event_id: str, told: Event, body: bytes) -> Delivery:
    return Delivery(
        event_id=event_id,
        kind=told.type,
        ticket_id=told.data.ticket.id,
        received_at=datetime.now(UTC).timestamp(),
        body=body,
    )


def open_engine(url: str, pool: int | None) -> AsyncEngine:
    """Open the database as durably as ours."""
    options: dict[str, Any] = {} if pool is None else {"pool_size": pool, "max_overflow": 0}
    if not url.startswith("sqlite"):
        return create_async_engine(url.replace("postgresql:", "postgresql+asyncpg:"), **options)
    options["connect_args"] = {"timeout": 30}
    engine = create_async_engine(url.replace("sqlite:", "sqlite+aiosqlite:"), **options)

    @event.listens_for(engine.sync_engine, "connect")
    def configure(connection: Any, _: Any) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.close()

    return engine


async def _main(url: str, pool: int | None) -> None:
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind(("127.0.0.1", 0))
    config = uvicorn.Config(
        create_app(url, pool), loop="uvloop", http="httptools", access_log=False, log_level="warning"
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    while not server.started and not serving.done():
        await asyncio.sleep(0.01)
    print(json.dumps({"port": listening.getsockname()[1]}), flush=True)
    await serving


if __name__ == "__main__":
    import uvloop

    uvloop.run(_main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else None))
