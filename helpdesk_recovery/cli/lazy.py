"""Commands that are imported when they are run: ``--help`` and ``--version`` answer at once."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any, ClassVar, NamedTuple

import typer
from typer.core import TyperGroup
from typer.main import get_group

from helpdesk_recovery.errors import RecoveryError


class Lazy(NamedTuple):
    """Where a command is (``module:function``, or ``module:app`` for a group of them), and its one line of help."""

    where: str
    summary: str


class LazyGroup(TyperGroup):
    """A group that knows its commands by name and one line, and loads the one that is run."""

    lazy: ClassVar[Mapping[str, Lazy]] = {}

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = dict.fromkeys(self.lazy)  # type: ignore[assignment] # the names, also for "did you mean"

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Import the command called *cmd_name*; None when there is none."""
        return load(cmd_name, self.lazy[cmd_name].where) if cmd_name in self.lazy else None

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, one.summary) for name, one in self.lazy.items()])

    def invoke(self, ctx: Any) -> Any:
        """Run the command; an error of ours ends it with its words and 1, never with a traceback."""
        try:
            return super().invoke(ctx)
        except RecoveryError as error:
            from helpdesk_recovery.cli.say import fail

            fail(str(error))


def load(name: str, where: str) -> Any:
    """Import *where* and make the command called *name* of it."""
    module, _, attribute = where.partition(":")
    found = getattr(import_module(f"{__package__}.{module}"), attribute)
    host = typer.Typer(rich_markup_mode=None)
    if isinstance(found, typer.Typer):
        host.add_typer(found, name=name)
    else:
        host.command(name)(found)
    return get_group(host).commands[name]
