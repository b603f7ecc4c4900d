"""Find the line and column of a setting in the text of a TOML file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

Path = tuple[str | int, ...]

_KEY = r"""(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')"""
_DOTTED = rf"{_KEY}(?:\s*\.\s*{_KEY})*"
_HEADER = re.compile(rf"^[ \t]*(\[\[?)[ \t]*({_DOTTED})[ \t]*\]", re.MULTILINE)
_SETTING = re.compile(rf"^[ \t]*({_DOTTED})[ \t]*=", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _Mark:
    path: Path
    start: int
    end: int


def place(text: str, path: Sequence[str | int]) -> tuple[int, int]:
    """Return the line and column, from 1, of the setting at *path*, or of the nearest thing around it."""
    wanted = tuple(path)
    best = max(_marks(text), key=lambda mark: _shared(mark.path, wanted), default=None)
    if best is None or not _shared(best.path, wanted):
        return 1, 1
    rest = wanted[_shared(best.path, wanted) :]
    return line_and_column(text, _inside(text, best, rest))


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """Return the line and column, from 1, of the character at *offset*."""
    return text.count("\n", 0, offset) + 1, offset - (text.rfind("\n", 0, offset) + 1) + 1


def _marks(text: str) -> list[_Mark]:
    found = sorted(
        [*_HEADER.finditer(text), *_SETTING.finditer(text)], key=lambda match: match.start()
    )  # fmt: skip
    ends = [match.start() for match in found[1:]] + [len(text)]
    marks: list[_Mark] = []
    table: Path = ()
    seen = Counter[Path]()
    for match, end in zip(found, ends, strict=True):
        if match.re is _HEADER:
            table = path = _table(match, seen)
        else:
            path = (*table, *_keys(match[1]))
        marks.append(_Mark(path, _first_letter(match), end))
    return marks


def _table(match: re.Match[str], seen: Counter[Path]) -> Path:
    """Give the path of a header; the parts of ``[rule.when]`` that are lists point at their last item."""
    path: Path = ()
    keys = _keys(match[2])
    for depth, key in enumerate(keys, 1):
        path = (*path, key)
        if match[1] == "[[" and depth == len(keys):
            seen[path] += 1
        if seen[path]:
            path = (*path, seen[path] - 1)
    return path


def _keys(dotted: str) -> Path:
    return tuple(key.strip("\"'") for key in re.findall(_KEY, dotted))


def _first_letter(match: re.Match[str]) -> int:
    return match.start() + len(match[0]) - len(match[0].lstrip())


def _shared(path: Path, wanted: Path) -> int:
    """Count how many parts of *wanted* a mark covers; a mark of something else counts only if it is above."""
    return len(path) if wanted[: len(path)] == path else 0


def _inside(text: str, mark: _Mark, rest: Path) -> int:
    offset = mark.start
    for key in rest:
        if isinstance(key, str):
            found = re.compile(rf"(?<![\w-])[\"']?{re.escape(key)}[\"']?(?![\w-])").search(text, offset, mark.end)
            offset = found.start() if found else offset
    return offset
