"""Levels, of harm and of tone: "at least 1", "at least 2" and so on are questions of their own."""

from __future__ import annotations

from helpdesk_recovery.domain.assessment import Graded
from training.model.table import Scores

HIGHEST_HARM, HIGHEST_TONE = 5, 3
_LIKELY = 0.5


def graded(scores: Scores, task: str, highest: int, least: int = 0) -> Graded:
    """Return the highest level of *task* that is likelier than not, but at least *least*.

    The score is the probability of the middle level or more.
    """
    reached = [1.0]
    for level in range(1, highest + 1):
        reached.append(min(reached[-1], scores.p(step_name(task, level, highest))))  # who has more has the level
    level = max(least, sum(p >= _LIKELY for p in reached) - 1)
    return Graded(level, scores.p(task), max(0.0, reached[level] - [*reached, 0.0][level + 1]))


def step_name(task: str, level: int, highest: int) -> str:
    """Return what "at least *level*" is called among the tasks: the middle one is the task itself."""
    return task if level == highest // 2 + 1 else f"{task}:{level}"
