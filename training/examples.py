"""Tickets of the corpus as the features that the product reads of them."""

from __future__ import annotations

from pathlib import Path

from helpdesk_recovery.assess.body import read_body
from helpdesk_recovery.assess.events import events
from helpdesk_recovery.assess.pack import load_pack
from helpdesk_recovery.assess.reading import Reading, read
from training.corpus import Labelled
from training.corpus import read as read_author
from training.model.features import Feature, features

HERE = Path(__file__).parent
VALIDATION = frozenset({"ellen", "sofia", "mette", "jurgita", "jitka"})
"""The authors that choose settings and thresholds; nobody else's stories are in their files."""


def corpus() -> list[Labelled]:
    """Return everything that may be trained on."""
    return _folder(HERE / "corpus")


def gold() -> list[Labelled]:
    """Return what is only ever measured."""
    return _folder(HERE / "gold")


def _folder(path: Path) -> list[Labelled]:
    return [ticket for file in sorted(path.glob("*/*.txt")) for ticket in read_author(file)]


def reading_of(ticket: Labelled) -> Reading:
    """Read a ticket as the product would; one that is all subject is read as a body."""
    subject = ticket.subject if ticket.body else ""
    body = read_body(ticket.body or ticket.subject)
    return read(body, subject, load_pack(ticket.language))


def features_of(ticket: Labelled) -> list[Feature]:
    """Return the ticket's features."""
    reading = reading_of(ticket)
    return features(reading, events(reading))
