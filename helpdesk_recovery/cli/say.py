"""Speak to the person at the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NoReturn

import typer
from rich.console import Console
from rich.table import Table

console = Console(highlight=False, soft_wrap=True)
errors = Console(stderr=True, highlight=False, soft_wrap=True)


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table; long cells wrap."""
    made = Table(title=title, title_justify="left", show_edge=False)
    for column in columns:
        made.add_column(column, overflow="fold")
    for row in rows:
        made.add_row(*("" if cell is None else str(cell) for cell in row))
    console.print(made)


def fail(message: str) -> NoReturn:
    """Say what is wrong and what to do, on standard error, and end with 1."""
    errors.print(message, markup=False)
    raise typer.Exit(1)
