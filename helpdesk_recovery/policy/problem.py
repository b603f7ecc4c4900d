"""What is wrong in a policy file, and where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from helpdesk_recovery.errors import PolicyInvalid

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem: the file, the place in it (line and column from 1) and what to do about it."""

    file: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message}"


class PackInvalid(PolicyInvalid):
    """A policy file with ``problems``, one a mistake, in file order; the text shows the first twenty."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda p: (p.line, p.column)))
        shown = [str(problem) for problem in self.problems[:_SHOWN]]
        rest = len(self.problems) - len(shown)
        super().__init__("\n".join([*shown, f"… and {rest} more"] if rest else shown))
