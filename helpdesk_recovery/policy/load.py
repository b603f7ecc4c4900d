"""Read a pack from its file, whole or not at all."""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal
from difflib import get_close_matches
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from helpdesk_recovery.bundled import bundled
from helpdesk_recovery.policy.document import Pack
from helpdesk_recovery.policy.explain import explain
from helpdesk_recovery.policy.place import line_and_column, place
from helpdesk_recovery.policy.problem import PackInvalid, Problem
from helpdesk_recovery.policy.sound import unsound

MOST_BYTES = 1_000_000


def find_pack(name_or_path: str) -> Pack:
    """Load the bundled pack of that name, or the file at that path; raise PolicyInvalid when there is neither."""
    return load_pack(find_source(name_or_path))


def find_source(name_or_path: str) -> Traversable:
    """Return the file that *name_or_path* means; raise PolicyInvalid when there is none."""
    if re.fullmatch(r"[a-z0-9][a-z0-9-]*", name_or_path):
        packed = bundled("policies") / f"{name_or_path}.toml"
        if packed.is_file():
            return packed
    if Path(name_or_path).is_file():
        return Path(name_or_path)
    raise PackInvalid([Problem(name_or_path, 1, 1, _not_found(name_or_path))])


def bundled_names() -> tuple[str, ...]:
    """Return the names of the packs that ship with the product."""
    files = (entry.name for entry in bundled("policies").iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in files if name.endswith(".toml")))


def load_pack(source: Traversable | Path) -> Pack:
    """Load one pack; raise PolicyInvalid that names every problem with file, line, column and what to do."""
    text = _text(source)
    pack, problems = _model(str(source), text, _parsed(str(source), text))
    problems += [_at(str(source), text, path, words) for path, words in (unsound(pack) if pack else ())]
    if pack is None or problems:
        raise PackInvalid(problems)
    return pack


def _not_found(name: str) -> str:
    near = get_close_matches(name, bundled_names(), 1)
    advice = f"did you mean {near[0]}?" if near else f"there is: {', '.join(bundled_names())}"
    return f"there is no such policy; {advice} Or give the path of a .toml file."


def _text(source: Traversable | Path) -> str:
    try:
        with source.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
        if len(raw) > MOST_BYTES:
            raise PackInvalid([Problem(str(source), 1, 1, f"over {MOST_BYTES:,} bytes; split it into packs")])
        return raw.decode("utf-8-sig")  # Windows editors put a mark in front
    except OSError as error:
        raise PackInvalid([Problem(str(source), 1, 1, f"cannot be read ({error.strerror})")]) from error
    except UnicodeDecodeError as error:
        line, column = raw[: error.start].count(b"\n") + 1, error.start - raw.rfind(b"\n", 0, error.start)
        raise PackInvalid([Problem(str(source), line, column, "not UTF-8; save the file as UTF-8")]) from error


def _parsed(file: str, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except RecursionError as error:
        raise PackInvalid([Problem(file, 1, 1, "nested too deeply; use fewer brackets inside brackets")]) from error
    except (ValueError, ArithmeticError) as error:
        raise PackInvalid([_syntax(file, text, str(error))]) from error


def _syntax(file: str, text: str, message: str) -> Problem:
    found = re.search(r" \(at (?:line (\d+), column (\d+)|end of document)\)$", message)
    words = message[: found.start()] if found else message
    line, column = (int(found[1]), int(found[2])) if found and found[1] else (1, 1)
    if found and not found[1]:
        line, column = line_and_column(text, len(text))
    return Problem(file, line, column, f"not valid TOML: {words}; mend this place")


def _model(file: str, text: str, data: dict[str, Any]) -> tuple[Pack | None, list[Problem]]:
    try:
        return Pack.model_validate(data), []
    except ValidationError as error:
        return None, [_at(file, text, path, words) for path, words in explain(error)]


def _at(file: str, text: str, path: tuple[str | int, ...], words: str) -> Problem:
    line, column = place(text, path)
    return Problem(file, line, column, f"{_rule_name(path)}{words}")


def _rule_name(path: tuple[str | int, ...]) -> str:
    return f"rule {path[1] + 1}: " if len(path) > 1 and path[0] == "rule" and isinstance(path[1], int) else ""
