"""The house keeps its shape: small files, small functions, folders that match their entry points."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = (ROOT / "helpdesk_recovery", ROOT / "webhooks" / "helpdesk_recovery_webhooks")
LONGEST_FILE = 250
LONGEST_FUNCTION = 40


def source_files() -> list[Path]:
    return [path for room in SOURCES for path in sorted(room.rglob("*.py")) if "versions" not in path.parts]


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_no_file_is_longer_than_a_person_reads_at_once() -> None:
    lengths = {str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines()) for path in source_files()}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_no_function_is_longer_than_a_screen() -> None:
    long = [
        f"{path.relative_to(ROOT)}:{function.name}"
        for path in source_files()
        for function in functions(path)
        if (function.end_lineno or 0) - function.lineno + 1 > LONGEST_FUNCTION
    ]
    assert long == []


def test_the_import_rules_hold() -> None:
    done = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_every_helpdesk_folder_has_its_entry_point() -> None:
    folders = {path.parent.name for path in SOURCES[1].glob("*/__init__.py")}
    points = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["entry-points"]
    assert folders == set(points["helpdesk_recovery.helpdesks"]), "then run: pip install -e ."


@pytest.mark.parametrize("kind", ["private", "tool"])
def test_the_project_speaks_of_itself_alone(kind: str) -> None:
    """No path of anybody's machine stands in a file of the project."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    homes = {"private": ("/ho" + "me/", "/wo" + "rk/"), "tool": ("/ro" + "ot/",)}[kind]
    found = [
        name
        for name in listed.splitlines()
        if (path := ROOT / name).is_file()
        and path.stat().st_size < 1_000_000
        and any(home in path.read_text("utf-8", "replace") for home in homes)
    ]
    assert found == []
