"""Help is there for everything, is true, and comes at once."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from helpdesk_recovery.bundled import version
from helpdesk_recovery.cli.app import Commands, app
from helpdesk_recovery.cli.lazy import load

HEAVY = (
    "aiohttp", "alembic", "asyncpg", "babel", "jose", "pgqueuer", "prometheus_client", "py3langid", "pydantic",
    "rich.console", "selectolax", "sqlalchemy", "structlog", "textblob", "uvloop",
)  # fmt: skip


def everything() -> Iterator[tuple[str, Any]]:
    """Every command with its full name, groups too."""
    for name, lazy in Commands.lazy.items():
        command = load(name, lazy.where)
        yield name, command
        for sub, one in getattr(command, "commands", {}).items():
            yield f"{name} {sub}", one


@pytest.mark.parametrize("arguments", [("--help",), ("--version",), ()])
def test_help_and_version_load_nothing_heavy(arguments: tuple[str, ...]) -> None:
    script = (
        "import sys, json\n"
        "from helpdesk_recovery.cli import main\n"
        "try: main()\n"
        "finally: print(json.dumps(sorted(sys.modules)), file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": ":".join(filter(None, sys.path))},
    )
    loaded = set(json.loads(done.stderr.splitlines()[-1]))
    assert "helpdesk_recovery.cli.app" in loaded
    assert [name for name in HEAVY if name in loaded] == []
    assert not any(name.startswith("helpdesk_recovery.storage") for name in loaded)


def test_the_version_is_the_one_of_the_manifest(terminal: Any) -> None:
    assert terminal.works("--version").strip() == version()


def test_every_command_is_listed_and_loads(terminal: Any) -> None:
    listed = terminal.works("--help")
    for name in Commands.lazy:
        assert f"\n  {name} " in listed
        assert f"Usage: root {name}" in terminal.works(name, "--help")


@pytest.mark.parametrize("name", Commands.lazy)
def test_the_line_in_the_list_is_how_the_commands_own_help_begins(name: str) -> None:
    """The list is written by hand so that nothing is imported for it."""
    lazy = Commands.lazy[name]
    told = " ".join(load(name, lazy.where).help.split())
    assert told.startswith(lazy.summary.removesuffix(".")), told


def test_every_command_argument_and_option_has_words() -> None:
    silent = [name for name, command in everything() if not (command.help or "").strip()]
    silent += [
        f"{name} {parameter.name}"
        for name, command in everything()
        for parameter in command.params
        if not (getattr(parameter, "help", None) or "").strip()
    ]
    assert silent == []


def test_a_slip_of_the_finger_is_told_what_was_meant(terminal: Any) -> None:
    found = terminal.run("conection")
    assert found.code == 2
    assert "Did you mean 'connection'" in found.err


def test_without_arguments_help_is_shown(terminal: Any) -> None:
    assert "Usage:" in terminal.run().out + terminal.run().err


def test_the_command_is_the_one_that_is_installed() -> None:
    from importlib.metadata import entry_points

    (script,) = entry_points(group="console_scripts", name="helpdesk-recovery")
    assert script.value == "helpdesk_recovery.cli:main"
    assert app.registered_callback is not None
