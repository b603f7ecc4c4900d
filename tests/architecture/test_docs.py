"""What the documentation says is so: settings, metrics, commands, names, links, units."""

from __future__ import annotations

import ast
import re
import shlex
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.metrics import MetricWrapperBase
from typer.main import get_command

from helpdesk_recovery import sdk, telemetry
from helpdesk_recovery.cli.app import app
from helpdesk_recovery.settings import PREFIX, Settings

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("docs", "policies", "webhooks", "helpdesk_recovery", "benchmarks", "tests")
PAGES = sorted([*ROOT.glob("*.md"), *(page for room in ROOMS for page in (ROOT / room).rglob("*.md"))])
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]
UNITS = sorted((ROOT / "docs").glob("*.service"))
KNOWN = {
    "make", "helpdesk-recovery", "git", "apt-get", "adduser", "python3", "pip", "install", "openssl", "cp",
    "systemctl", "journalctl", "curl", "pytest", "export", "rt-setup-database-5", "recovery",
}  # fmt: skip


def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def rows(name: str) -> list[list[str]]:
    """Return every table row of a page as its cells."""
    lines = [line.strip() for line in read(name).splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line[1:-1].split("|")] for line in lines]


def blocks(name: str, kind: str) -> list[str]:
    return re.findall(rf"^[ ]*```{kind}\n(.*?)^[ ]*```", read(name), re.MULTILINE | re.DOTALL)


def test_every_setting_has_a_row_with_its_default_and_no_row_has_no_setting() -> None:
    found = {cells[0].strip("`"): cells[1] for cells in rows("docs/operating.md") if cells[0].startswith(f"`{PREFIX}")}
    assert set(found) == {PREFIX + field.upper() for field in Settings.model_fields}
    for name, field in Settings.model_fields.items():
        if isinstance(field.default, int) or name in ("public_url", "log_level", "data_dir"):
            assert found[PREFIX + name.upper()] == f"`{field.default}`"


@pytest.mark.parametrize("name", NAMES)
def test_every_variable_that_a_page_names_is_a_setting(name: str) -> None:
    known = {PREFIX + field.upper() for field in Settings.model_fields}
    named = set(re.findall(rf"{PREFIX}[A-Z_]+[A-Z]", read(name)))
    assert {one.removesuffix("_FILE") for one in named} <= known


def collectors() -> list[Any]:
    return [one for one in vars(telemetry).values() if isinstance(one, MetricWrapperBase)]


def exposed_name(collector: Any) -> str:
    [metric] = collector.describe()
    return f"{metric.name}_total" if metric.type == "counter" else str(metric.name)


def test_every_metric_has_a_row_with_its_labels() -> None:
    table = {cells[0].strip("`"): cells[1] for cells in rows("docs/operating.md") if cells[0].startswith("`recovery_")}
    exposed = {exposed_name(one): ", ".join(f"`{label}`" for label in one._labelnames) for one in collectors()}
    assert table == exposed


def refusals() -> set[str]:
    """Return the words with which a delivery can be refused, as they stand in the code."""
    frame = ast.parse(read("helpdesk_recovery/sdk/frame.py"))
    door = ast.parse(read("helpdesk_recovery/web/door.py"))
    checks = [node for node in ast.walk(frame) if isinstance(node, ast.FunctionDef) and "refus" in node.name]
    words = {text for check in checks for text in constants(check) if re.fullmatch(r"[a-z_]+", text)}
    calls = [
        node for node in ast.walk(door) if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_refuse"
    ]
    return words | {call.args[2].value for call in calls if isinstance(call.args[2], ast.Constant)}  # type: ignore[misc]


def constants(node: ast.AST) -> Iterator[str]:
    for one in ast.walk(node):
        if isinstance(one, ast.Constant) and isinstance(one.value, str):
            yield one.value


def test_every_reason_of_a_refused_delivery_is_explained() -> None:
    assert len(refusals()) >= 8
    explained = {word for cells in rows("docs/operating.md") for word in re.findall(r"`([a-z_]+)`", cells[0])}
    assert refusals() <= explained


def test_every_name_of_the_sdk_has_one_row() -> None:
    named = [cells[0].strip("`") for cells in rows("docs/sdk.md") if cells[0].startswith("`")]
    assert sorted(named) == sorted(sdk.__all__)


def test_every_dependency_says_why_it_is_there() -> None:
    project = tomllib.loads(read("pyproject.toml"))["project"]
    declared = [
        *project["dependencies"],
        *(one for extra in project["optional-dependencies"].values() for one in extra),
    ]
    names = {re.split(r"[\[><=;! ]", one)[0].lower() for one in declared}
    table = read("ARCHITECTURE.md").split("## What we build on")[1].split("\n## ")[0]
    explained = {line.split("|")[1].strip().lower() for line in table.splitlines() if line.startswith("| ")}
    assert names == explained - {"library"}


@pytest.mark.parametrize("name", NAMES)
def test_every_relative_link_leads_somewhere(name: str) -> None:
    prose = re.sub(r"```.*?```", "", read(name), flags=re.DOTALL)
    links = re.findall(r"\]\((?!https?://|mailto:)([^)\s]+)\)", prose)
    dead = [link for link in links if not leads_somewhere((ROOT / name).parent, link)]
    assert dead == []


def leads_somewhere(folder: Path, link: str) -> bool:
    path, _, heading = link.partition("#")
    target = (folder / path).resolve()
    if not heading or target.suffix != ".md" or not target.is_file():
        return target.exists()
    titles = re.findall(r"^#+ (.*)$", target.read_text("utf-8"), re.MULTILINE)
    return heading in {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def commands(name: str) -> list[list[str]]:
    """Return the command lines of a page's console blocks, as words; of ``NAME=$(command)`` the command."""
    lines = re.sub(r'^\w+="\$\((.*)\)"$', r"\1", "\n".join(blocks(name, "console")), flags=re.MULTILINE).splitlines()
    return [words for line in lines if (words := shlex.split(line.strip().removesuffix("&"), comments=True))]


@pytest.mark.parametrize("name", NAMES)
def test_shell_commands_begin_with_known_commands(name: str) -> None:
    assert {words[0].rpartition("/")[2] for words in commands(name)} <= KNOWN


def invocations(name: str) -> Iterator[list[str]]:
    """Yield what follows ``helpdesk-recovery`` wherever a page runs it, in a block or in a line."""
    for words in commands(name):
        if words[0].endswith("helpdesk-recovery"):
            yield words[1:]
    prose = re.sub(r"```.*?```", "", read(name), flags=re.DOTALL)
    for code in re.findall(r"`(?:\S*/)?helpdesk-recovery ([a-z][^`]*)`", prose):
        yield shlex.split(code.replace("…", ""))


@pytest.mark.parametrize("name", NAMES)
def test_every_command_that_a_page_runs_exists_with_these_options(name: str) -> None:
    unknown = [" ".join(words) for words in invocations(name) if not exists(words)]
    assert unknown == []


def exists(words: list[str]) -> bool:
    command: Any = get_command(app)
    for word in words:
        if hasattr(command, "list_commands"):
            command = command.get_command(None, word)
            if command is None:
                return word == "--help" or word == "--version"
        elif word.startswith("--") and word.partition("=")[0] not in {"--help", *options(command)}:
            return False
    return True


def options(command: Any) -> set[str]:
    return {option for parameter in command.params for option in parameter.opts}


def test_the_documented_targets_of_make_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE))
    named = {
        target for name in NAMES for target in re.findall(r"(?:^|`)make ([a-z]+)\b(?! [a-z])", read(name), re.MULTILINE)
    }
    assert "run" in named
    assert named <= targets


@pytest.mark.parametrize("unit", UNITS, ids=[unit.name for unit in UNITS])
def test_the_systemd_units_are_sound(unit: Path, tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    copy = tmp_path / unit.name
    text = unit.read_text("utf-8")
    copy.write_text(text.replace("/opt/helpdesk-recovery/bin/helpdesk-recovery", "/bin/true"), "utf-8")
    done = subprocess.run(["systemd-analyze", "verify", str(copy)], capture_output=True, text=True, check=False)
    about_us = [line for line in done.stderr.splitlines() if unit.name.partition("@")[0] in line]
    assert (done.returncode, about_us) == (0, [])


def test_the_units_start_commands_that_exist() -> None:
    started = [
        re.findall(r"^ExecStart=\S*/helpdesk-recovery (.*)$", unit.read_text("utf-8"), re.MULTILINE) for unit in UNITS
    ]
    assert len(started) == 2
    assert all(len(lines) == 1 and exists(shlex.split(lines[0])) for lines in started)


def test_the_readme_has_places_for_note_and_figures() -> None:
    for mark in ("note", "speed"):
        assert read("README.md").count(f"<!-- {mark} -->") == read("README.md").count(f"<!-- /{mark} -->") == 1
