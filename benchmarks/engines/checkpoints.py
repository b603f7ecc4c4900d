"""What a good developer keeps beside a queue so that a job resumes where it stopped: a row after each step."""

from __future__ import annotations

import asyncpg

from benchmarks.engines.steps import ManyTickets, Steps, packs

_TABLE = "CREATE TABLE checkpoints (ticket text, step int, result json, PRIMARY KEY (ticket, step))"
_DONE = "SELECT step, result FROM checkpoints WHERE ticket = $1"
_KEEP = "INSERT INTO checkpoints (ticket, step, result) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"


async def create(pool: asyncpg.Pool) -> None:
    """Create the table."""
    await pool.execute(_TABLE)


async def work(pool: asyncpg.Pool, helpdesk: ManyTickets, ticket_id: str) -> None:
    """Do the three steps of a ticket, each committed before the next; none of them ran before."""
    done = {row["step"] for row in await pool.fetch(_DONE, ticket_id)}
    if done:
        raise RuntimeError(f"ticket {ticket_id} was begun before")
    for number, result in enumerate(Steps(helpdesk, ticket_id, packs()).stored()):
        await pool.execute(_KEEP, ticket_id, number, result)
