"""Speak to the person at the terminal, or to the program that reads us."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NoReturn

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

console = Console(highlight=False, soft_wrap=True, markup=False)
errors = Console(stderr=True, highlight=False, soft_wrap=True, markup=False)
_for_programs = Console(highlight=False, soft_wrap=True, markup=False, width=10_000)

# Strangers' words are printed too: without these they cannot steer a terminal or turn the reading direction.
_STEERING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def plain(words: object) -> str:
    """Return *words* as text that a terminal only shows; None is empty."""
    return "" if words is None else _STEERING.sub("", str(words))


def say(words: object) -> None:
    """Print *words* as they are."""
    console.print(plain(words))


def heading(words: str) -> None:
    """Print a line with *words* in it, between two parts."""
    console.rule(Text(plain(words)), align="left")


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table; long cells wrap on a terminal and stay whole where a program reads."""
    made = Table(title=Text(plain(title)), title_justify="left", show_edge=False)
    for column in columns:
        made.add_column(column, overflow="fold")
    for row in rows:
        made.add_row(*(Text(plain(cell)) for cell in row))
    (console if console.is_terminal else _for_programs).print(made)


def fail(message: str) -> NoReturn:
    """Say what is wrong and what to do, on standard error, and end with 1."""
    errors.print(plain(message))
    raise typer.Exit(1)
