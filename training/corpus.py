"""Read the corpus: plain text files, one author each, that a person can read and correct.

    ## email | complaint negative 3 1 | delivery product us refund 49.90 EUR | repeated_contact, broken_promise
    Where is my parcel?
    The body as received, until the next line that begins with two number signs.

The head says channel; complaint or no, sentiment, harm, tone; category, loss, attribution, requested remedy and the
amount when one is named; signals or a dash. The first line after it is the subject and may be empty.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from helpdesk_recovery.domain.assessment import ATTRIBUTIONS, LOSS_TYPES, REQUESTED_REMEDIES, SIGNALS, Category

CHANNELS = frozenset({"email", "web", "chat", "social", "review", "phone_note"})
SENTIMENTS = ("negative", "neutral", "positive")
CATEGORIES = frozenset(code.value for code in Category)
MOST_HARM, MOST_TONE = 5, 3


@dataclass(frozen=True, slots=True)
class Labelled:
    """One ticket of the corpus with its labels; ``author`` is the file's name, ``amount`` in major units."""

    language: str
    author: str
    channel: str
    subject: str
    body: str
    complaint: bool
    sentiment: str
    harm: int
    tone: int
    category: str
    loss: str
    attribution: str
    remedy: str
    amount: tuple[str, str] | None
    signals: frozenset[str]


def read(path: Path) -> Iterator[Labelled]:
    """Read one author's file; raise ValueError naming file and line when a head is wrong."""
    lines = path.read_text(encoding="utf-8").splitlines()
    heads = [number for number, line in enumerate(lines) if line.startswith("## ")]
    for start, end in zip(heads, [*heads[1:], len(lines)], strict=True):
        try:
            yield _ticket(path, lines[start][3:], lines[start + 1 : end])
        except (ValueError, IndexError) as error:
            raise ValueError(f"{path}:{start + 1}: {error}") from error


def _ticket(path: Path, head: str, text: list[str]) -> Labelled:
    channel, feeling, what, signals = (part.strip() for part in head.split("|"))
    complaint, sentiment, harm, tone = feeling.split()
    category, loss, attribution, remedy, *amount = what.split()
    named = frozenset(one.strip() for one in signals.split(",")) - {"-"}
    _one_of("channel", channel, CHANNELS)
    _one_of("complaint", complaint, frozenset({"complaint", "no"}))
    _one_of("sentiment", sentiment, frozenset(SENTIMENTS))
    _one_of("harm", harm, frozenset(map(str, range(MOST_HARM + 1))))
    _one_of("tone", tone, frozenset(map(str, range(MOST_TONE + 1))))
    _one_of("category", category, CATEGORIES)
    _one_of("loss", loss, frozenset(LOSS_TYPES))
    _one_of("attribution", attribution, frozenset(ATTRIBUTIONS))
    _one_of("remedy", remedy, frozenset(REQUESTED_REMEDIES))
    for signal in named:
        _one_of("signal", signal, frozenset(SIGNALS))
    body = "\n".join(text[1:]).strip("\n")
    if not body and not text[0].strip():
        raise ValueError("the ticket has no text")
    return Labelled(
        path.parent.name, path.stem, channel, text[0].strip(), body, complaint == "complaint", sentiment, int(harm),
        int(tone), category, loss, attribution, remedy, _amount(amount), named,
    )  # fmt: skip


def _amount(words: list[str]) -> tuple[str, str] | None:
    if not words:
        return None
    amount, currency = words
    float(amount)
    return amount, currency


def _one_of(what: str, found: str, known: frozenset[str]) -> None:
    if found not in known:
        raise ValueError(f"{what} is {found!r}: use one of {', '.join(sorted(known))}")


def _table(paths: list[Path]) -> None:
    tickets = [one for path in paths for one in read(path)]
    bodies = Counter(one.body for one in tickets)
    print(len(tickets), "tickets;", sum(n > 1 for n in bodies.values()), "bodies more than once")
    for name in ("channel", "complaint", "sentiment", "harm", "tone", "category", "loss", "attribution", "remedy"):
        print(f"{name}: ", dict(Counter(getattr(one, name) for one in tickets).most_common()))
    print("signals: ", dict(Counter(signal for one in tickets for signal in one.signals).most_common()))
    print("amounts: ", sum(one.amount is not None for one in tickets))


if __name__ == "__main__":
    _table([path for name in sys.argv[1:] for path in (sorted(Path(name).glob("*.txt")) or [Path(name)])])
