"""Logs and metrics: counts and codes, never personal data."""

from __future__ import annotations

import logging
import sys
from functools import cache
from typing import Any

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

METRICS = CollectorRegistry()

DELIVERIES = Counter(
    "recovery_deliveries", "Webhook deliveries by answer", ["helpdesk", "answer", "reason"], registry=METRICS
)
ACK_SECONDS = Histogram(
    "recovery_ack_seconds",
    "Time from request to durable answer",
    registry=METRICS,
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5),
)
EVENTS = Counter("recovery_events", "What was read from deliveries and polls", ["helpdesk", "what"], registry=METRICS)
CASES = Counter("recovery_cases", "Cases walked by outcome of the decision", ["outcome"], registry=METRICS)
EFFECTS = Counter(
    "recovery_effects", "Writes to helpdesks by what became of them", ["helpdesk", "state"], registry=METRICS
)
POLLS = Counter("recovery_polls", "Reconciliation polls", ["helpdesk", "result"], registry=METRICS)
WAITING = Gauge("recovery_deliveries_open", "Deliveries that wait or are quarantined", ["state"], registry=METRICS)


@cache
def answered(helpdesk: str, answer: str, reason: str) -> Counter:
    """Return the counter of one answer to deliveries; only our own words may be labels, or it grows without end."""
    return DELIVERIES.labels(helpdesk, answer, reason)


# Only these fields may stand in a log line: a name that is not here is dropped, so no ticket text can slip in.
_ALLOWED = frozenset(
    {
        "event", "level", "timestamp", "logger", "account", "connection", "helpdesk", "case", "delivery", "effect",
        "state", "reason", "outcome", "tries", "seconds", "count", "status", "worker", "port", "host", "version",
        "job", "kind", "error",
    }
)  # fmt: skip


def _only_allowed(_: Any, __: str, line: structlog.types.EventDict) -> structlog.types.EventDict:
    return {name: value for name, value in line.items() if name in _ALLOWED}


def start_logging(level: str = "info") -> None:
    """Log JSON lines to standard error: ours through the allow-list, libraries' from warnings up."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(message)s", force=True)
    logging.getLogger().handlers[0].setFormatter(_Json())
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _only_allowed,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )


class _Json(logging.Formatter):
    """Libraries' records as JSON: the kind of error, never its text, which may quote a payload."""

    def format(self, record: logging.LogRecord) -> str:
        """Say which library said something, how bad, and the class of its exception."""
        kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else ""
        line = {"event": "library", "logger": record.name, "level": record.levelname.lower(), "error": kind}
        return str(structlog.processors.JSONRenderer()(None, "", line))


def log() -> Any:
    """Return the logger; keyword arguments outside the allow-list are dropped."""
    return structlog.get_logger()
