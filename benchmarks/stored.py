"""How many deliveries lie in a database, ours or the peer's."""

from __future__ import annotations

from sqlalchemy import create_engine, text


def count_deliveries(url: str) -> int:
    """Count the rows of ``deliveries`` at *url*."""
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    try:
        with engine.connect() as connection:
            return int(connection.execute(text("SELECT count(*) FROM deliveries")).scalar_one())
    finally:
        engine.dispose()
