"""All tables of the service's own state. Everything but installation-wide rows carries its account."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from helpdesk_recovery.storage.schema import Instant, metadata

_Serial = BigInteger().with_variant(Integer(), "sqlite")

installation = Table(
    "installation",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

accounts = Table(
    "accounts",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("created_at", Instant, nullable=False),
)

users = Table(
    "users",
    metadata,
    Column("id", Text, primary_key=True),
    Column("account_id", Text, ForeignKey("accounts.id"), nullable=False),
    Column("email", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("roles", JSON, nullable=False),
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("account_id", "email"),
)

user_links = Table(
    "user_links",
    metadata,
    Column("user_id", Text, ForeignKey("users.id"), primary_key=True),
    Column("connection_id", Text, ForeignKey("connections.id"), primary_key=True),
    Column("helpdesk_user", Text, nullable=False),
    UniqueConstraint("connection_id", "helpdesk_user"),
)

api_tokens = Table(
    "api_tokens",
    metadata,
    Column("id", Text, primary_key=True),
    Column("account_id", Text, ForeignKey("accounts.id"), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("scopes", JSON, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("revoked_at", Instant),
)

connections = Table(
    "connections",
    metadata,
    Column("id", Text, primary_key=True),
    Column("account_id", Text, ForeignKey("accounts.id"), nullable=False, index=True),
    Column("helpdesk", Text, nullable=False),
    Column("name", Text, nullable=False, unique=True),
    Column("url", Text),
    Column("mode", Text, nullable=False),
    Column("pilot", JSON, nullable=False),
    Column("staff_language", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("policies", JSON, nullable=False),
    Column("options", JSON, nullable=False),
    Column("token_sealed", LargeBinary),
    Column("secrets_sealed", JSON, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("last_delivery_at", Instant),
    # Reconciliation poll: how often, where it stands, when it is due.
    Column("poll_seconds", Integer),
    Column("poll_cursor", Text),
    Column("poll_due_at", Instant),
    # Read in the transaction that claims an effect: rate limit, breaker, what went wrong last.
    Column("writes_per_minute", Integer, nullable=False),
    Column("window_at", Instant),
    Column("window_writes", Integer, nullable=False, server_default=text("0")),
    Column("paused_until", Instant),
    Column("failures", Integer, nullable=False, server_default=text("0")),
    Column("trouble", Text),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Text, primary_key=True),
    Column("connection_id", Text, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("content_key", LargeBinary, nullable=False),
    Column("signed_id", Text),
    Column("headers", JSON(none_as_null=True)),
    Column("body", LargeBinary),
    Column("state", Text, nullable=False, server_default=text("'pending'")),
    Column("reason", Text),
    Column("case_id", Text),
    UniqueConstraint("connection_id", "content_key"),
    UniqueConstraint("connection_id", "signed_id"),
    Index("ix_deliveries_open", "id", postgresql_where=text("state IN ('pending', 'quarantined')"),
          sqlite_where=text("state IN ('pending', 'quarantined')")),
)  # fmt: skip

cases = Table(
    "cases",
    metadata,
    Column("id", Text, primary_key=True),
    Column("account_id", Text, nullable=False),
    Column("connection_id", Text, ForeignKey("connections.id"), nullable=False),
    Column("ticket_id", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    # Every new event raises `generation`; the case is worked until `worked` has caught up.
    Column("generation", Integer, nullable=False),
    Column("worked", Integer, nullable=False),
    Column("leased_by", Text),
    Column("tries", Integer, nullable=False, server_default=text("0")),
    Column("due_at", Instant),
    # What the agent was asked to do last, and when: a new note only when this changes.
    Column("action", Text),
    Column("reference", Text),
    Column("noted_at", Instant),
    UniqueConstraint("connection_id", "ticket_id"),
    Index("ix_cases_open", "due_at", postgresql_where=text("due_at IS NOT NULL"),
          sqlite_where=text("due_at IS NOT NULL")),
    Index("ix_cases_account", "account_id", "updated_at", "id"),
    Index("ix_cases_account_state", "account_id", "state", "updated_at", "id"),
)  # fmt: skip

case_events = Table(
    "case_events",
    metadata,
    Column("number", _Serial, Identity(), primary_key=True),
    Column("case_id", Text, ForeignKey("cases.id"), nullable=False),
    Column("connection_id", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("event", JSON, nullable=False),
    UniqueConstraint("connection_id", "key"),
    Index("ix_case_events_case", "case_id", "generation"),
)

case_records = Table(
    "case_records",
    metadata,
    Column("number", _Serial, Identity(), primary_key=True),
    Column("case_id", Text, ForeignKey("cases.id"), nullable=False),
    Column("account_id", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("content", JSON, nullable=False),
    Index("ix_case_records_case", "case_id", "stage", "number"),
    Index("ix_case_records_offers", "account_id", "number", postgresql_where=text("stage = 'offer'"),
          sqlite_where=text("stage = 'offer'")),
)  # fmt: skip

effects = Table(
    "effects",
    metadata,
    Column("id", Text, primary_key=True),
    Column("case_id", Text, ForeignKey("cases.id"), nullable=False),
    Column("connection_id", Text, ForeignKey("connections.id"), nullable=False),
    Column("ticket_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("html", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("sent_at", Instant),
    Column("settled_at", Instant),
    Column("reason", Text),
    Column("external_id", Text),
    UniqueConstraint("connection_id", "ticket_id", "key"),
    Index("ix_effects_case", "case_id"),
    Index("ix_effects_key", "key"),
    Index("ix_effects_open", "due_at",
          postgresql_where=text("state IN ('intended', 'sending', 'unknown')"),
          sqlite_where=text("state IN ('intended', 'sending', 'unknown')")),
    Index("ix_effects_trouble", "connection_id", postgresql_where=text("state IN ('refused', 'dead')"),
          sqlite_where=text("state IN ('refused', 'dead')")),
)  # fmt: skip

workers = Table(
    "workers",
    metadata,
    Column("id", Text, primary_key=True),
    Column("started_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
)
