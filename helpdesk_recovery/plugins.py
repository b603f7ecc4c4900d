"""What is installed: helpdesks and demos, found by entry point. One broken plugin never stops the others."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from helpdesk_recovery.errors import NotFound, PluginBroken
from helpdesk_recovery.pipeline.ports import Helpdesk, HelpdeskInfo
from helpdesk_recovery.sdk.demo import Demo

HELPDESKS = "helpdesk_recovery.helpdesks"
DEMOS = "helpdesk_recovery.demos"


@dataclass(frozen=True, slots=True)
class Plugins:
    """The helpdesks that load, by name, and what is wrong with those that don't."""

    helpdesks: dict[str, Helpdesk] = field(default_factory=dict)
    broken: tuple[PluginBroken, ...] = ()

    def helpdesk(self, name: str) -> Helpdesk:
        """Return the helpdesk called *name*; raise NotFound with the names there are."""
        if name not in self.helpdesks:
            known = ", ".join(sorted(self.helpdesks))
            raise NotFound(f"There is no helpdesk called {name!r}. Installed: {known}.")
        return self.helpdesks[name]


@cache
def installed() -> Plugins:
    """Load every helpdesk there is, once."""
    helpdesks: dict[str, Helpdesk] = {}
    broken = []
    for point in sorted(entry_points(group=HELPDESKS)):
        try:
            if point.name in helpdesks:
                raise PluginBroken(f"{_called(point)} has the name of one that is loaded already.")
            helpdesks[point.name] = _helpdesk(point)
        except PluginBroken as error:
            broken.append(error)
    return Plugins(helpdesks, tuple(broken))


def demo_names() -> tuple[str, ...]:
    """Return the names of helpdesks that have a demo."""
    return tuple(sorted(entry_points(group=DEMOS).names))


def demo(name: str) -> Demo:
    """Return the demo of the helpdesk called *name*."""
    for point in entry_points(group=DEMOS, name=name):
        found: Demo = _load(point)
        return found
    raise NotFound(f"{name!r} has no demo. There are demos of: {', '.join(demo_names())}.")


def _helpdesk(point: EntryPoint) -> Helpdesk:
    found: Helpdesk = _load(point)
    if not isinstance(getattr(found, "info", None), HelpdeskInfo):
        raise PluginBroken(f"{_called(point)} is no helpdesk: it has no `info`.")
    return found


def _load(point: EntryPoint) -> Any:
    try:
        return point.load()
    except Exception as error:
        raise PluginBroken(f"{_called(point)} does not load: {type(error).__name__}: {error}") from error


def _called(point: EntryPoint) -> str:
    return f"Plugin {point.name!r} of the package {point.dist.name if point.dist else '?'}"
