"""``assess``: what a text says, as a table or as JSON lines."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from helpdesk_recovery.cli.say import console, fail, table


def assess(
    text: Annotated[str, typer.Argument(help="The text of a ticket.")] = "",
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help="Read JSON lines on standard input, write JSON lines.")
    ] = False,
    locale: Annotated[str, typer.Option(help="The requester's locale, if known.")] = "",
) -> None:
    """Say how bad it is, what was lost and what is asked, with the words that moved each score."""
    if bool(text) == jsonl:
        fail('Say helpdesk-recovery assess "text", or --jsonl with lines on standard input.')
    if jsonl:
        from helpdesk_recovery.assess.jsonl import run

        for line in run(sys.stdin):
            sys.stdout.write(line.rstrip("\n") + "\n")
        return
    _show(text, locale or None)


def _show(text: str, locale: str | None) -> None:
    from helpdesk_recovery.assess import assess_text

    found = assess_text(text, locale=locale)
    if not found.scored:
        console.print(f"Not scored: {found.reason}. A person decides.")
        return
    rows = [
        ("language", found.language.code),
        ("complaint", f"{found.complaint:.0%}"),
        ("sentiment", found.sentiment.label),
        ("harm (0-5)", found.harm.level),
        ("tone (0-3)", found.tone.level),
        ("category", f"{found.category.code} ({found.category.p:.0%})"),
        ("lost", found.loss_type),
        ("asked for", found.requested_remedy),
        ("signals", ", ".join(signal.code for signal in found.signals) or "none"),
    ]
    table("Assessment", ("what", "value"), rows)
    evidence = [(one.signal, one.text, f"{one.weight:+.2f}") for one in found.evidence]
    table("Because of", ("score", "words", "weight"), evidence)
