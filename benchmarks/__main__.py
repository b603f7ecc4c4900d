"""Measure every claim, or some: ``python -m benchmarks [ack] [engine] [startup] [--rounds 5]``."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from rich.console import Console

from benchmarks import claim
from benchmarks.claim import Claim


def _ack(console: Console, options: argparse.Namespace) -> list[Claim]:
    from benchmarks import ack

    return ack.run(console, rounds=options.rounds, seconds=options.seconds)


def _engine(console: Console, options: argparse.Namespace) -> list[Claim]:
    from benchmarks import engine

    return engine.run(console, rounds=options.rounds, tickets=options.tickets)


def _startup(console: Console, options: argparse.Namespace) -> list[Claim]:
    from benchmarks import startup

    return startup.run(console, rounds=options.rounds)


BENCHMARKS: dict[str, Callable[[Console, argparse.Namespace], list[Claim]]] = {
    "ack": _ack,
    "engine": _engine,
    "startup": _startup,
}


def main() -> None:
    """Run what was asked for; print a table and write ``results/<name>.json`` for each."""
    options = _options()
    console = Console()
    if not console.is_terminal:
        console.width = 160
    for name in options.names or BENCHMARKS:
        console.rule(name)
        claims = BENCHMARKS[name](console, options)
        claim.show(console, name, claims)
        console.print(f"written to {claim.keep(name, claims)}\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=f"which: {', '.join(BENCHMARKS)}; all without")
    parser.add_argument("--rounds", type=int, default=5, help="rounds of each; medians of them are shown")
    parser.add_argument("--seconds", type=int, default=4, help="of load a round (ack)")
    parser.add_argument("--tickets", type=int, default=2000, help="a round (engine)")
    options = parser.parse_args()
    unknown = set(options.names) - set(BENCHMARKS)
    if unknown:
        parser.error(f"there is no benchmark called {', '.join(sorted(unknown))}")
    return options


if __name__ == "__main__":
    main()
