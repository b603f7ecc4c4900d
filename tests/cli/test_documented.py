"""``docs/commands.md`` is made from the commands themselves: UPDATE_GOLDEN=1 writes it again."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from helpdesk_recovery.cli.app import Commands
from helpdesk_recovery.cli.lazy import load

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "commands.md"
HEAD = """# Commands

Made from the commands' own help; `helpdesk-recovery COMMAND --help` says the same. Every command ends with 0 when
it did what it says, with 1 and words on standard error when it did not, and with 2 when it was typed wrong.
Secrets are never typed: an option that ends in `-env` names a variable of the environment, and where that is not
set, the same name with `_FILE` names a file.
"""


def page() -> str:
    """The whole page."""
    return "\n".join([HEAD, *(part for name, lazy in Commands.lazy.items() for part in _parts(name, lazy.where))])


def _parts(name: str, where: str) -> Iterator[str]:
    command = load(name, where)
    if not hasattr(command, "commands"):
        yield from _command(name, command, "##")
        return
    yield f"## {name}\n\n{_flat(command.help)}\n"
    for sub, one in command.commands.items():
        yield from _command(f"{name} {sub}", one, "###")


def _command(name: str, command: Any, level: str) -> Iterator[str]:
    usage = " ".join(["helpdesk-recovery", name, *_usage(command.params)])
    yield f"{level} {name}\n\n    {usage}\n\n{_flat(command.help)}\n"
    rows = [_row(parameter) for parameter in command.params]
    if rows:
        yield "\n".join(["| | |", "|---|---|", *rows, ""])


def _usage(parameters: Iterable[Any]) -> Iterator[str]:
    for parameter in parameters:
        if _is_argument(parameter):
            word = _argument(parameter)
            yield word if parameter.required else f"[{word}]"
        elif parameter.required:
            yield f"{parameter.opts[0]} {_takes(parameter)}"
    if any(not _is_argument(parameter) and not parameter.required for parameter in parameters):
        yield "[OPTIONS]"


def _row(parameter: Any) -> str:
    named = _argument(parameter) if _is_argument(parameter) else f"{parameter.opts[0]} {_takes(parameter)}".strip()
    return f"| `{named}` | {_flat(parameter.help)}{_default(parameter)} |"


def _is_argument(parameter: Any) -> bool:
    return bool(parameter.param_type_name == "argument")


def _argument(parameter: Any) -> str:
    name = (parameter.metavar or parameter.name).upper().strip("{}")
    return f"{name}…" if parameter.nargs == -1 else name


def _takes(parameter: Any) -> str:
    """What stands after an option: nothing, or a word for what it is."""
    return "" if parameter.is_flag else str(parameter.name).upper()


def _default(parameter: Any) -> str:
    value = parameter.default
    if _is_argument(parameter) or parameter.is_flag or callable(value) or value in (None, "", [], ()):
        return ""
    return f" Without it: `{value}`."


def _flat(words: str | None) -> str:
    return " ".join((words or "").split())


@pytest.fixture(scope="module")
def written() -> str:
    """The page as it is in the repository."""
    if not (ROOT / "docs").is_dir():
        pytest.skip("the documentation is not beside these tests")
    if os.environ.get("UPDATE_GOLDEN") == "1":
        PAGE.write_text(page(), "utf-8")
    return PAGE.read_text("utf-8")


def test_the_page_is_what_the_commands_say(written: str) -> None:
    assert written == page(), "run UPDATE_GOLDEN=1 pytest tests/cli/test_documented.py"


def test_every_command_and_option_stands_on_the_page(written: str, terminal: Any) -> None:
    """Taken from what ``--help`` prints, not from how the page is made."""
    for name in Commands.lazy:
        told = terminal.works(name, "--help")
        subs = re.findall(r"^  ([a-z]+) ", told.partition("Commands:")[2], re.MULTILINE)
        for full in [f"{name} {sub}" for sub in subs] or [name]:
            section = written.partition(f"# {full}\n")[2].partition("\n#")[0]
            options = set(re.findall(r"--[a-z-]+", terminal.works(*full.split(), "--help").partition("Options:")[2]))
            assert [one for one in options - {"--help"} if f"`{one}" not in section] == [], full
            assert section, full
