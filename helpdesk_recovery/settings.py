"""The environment, read once: ``HELPDESK_RECOVERY_*``; any of them may come from a file by ``…_FILE``."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator

from helpdesk_recovery.errors import ConfigurationInvalid

PREFIX = "HELPDESK_RECOVERY_"
_MIN_SECRET_KEY = 32
_LOG_LEVELS = ("debug", "info", "warning", "error", "critical")
_MAKE_ONE = "Make one and keep it: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"


class Settings(BaseModel):
    """All settings of one installation."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    secret_key: SecretStr
    """Encrypts stored secrets and signs tokens; at least 32 characters."""
    data_dir: Path = Path(".data")
    """Where the SQLite database lies, unless DATABASE_URL says otherwise."""
    database_url: SecretStr = SecretStr("")
    """``sqlite:///path`` or ``postgresql://…``; empty means a file in DATA_DIR."""
    public_url: str = "http://127.0.0.1:8080"
    """How helpdesks and browsers reach us, without a slash at the end."""
    max_body_bytes: int = Field(default=1_048_576, ge=1024, le=64 * 1024 * 1024)
    """The largest webhook delivery we take."""
    keep_deliveries_days: int = Field(default=30, ge=1)
    """How long raw deliveries are kept; their dedupe keys are kept for ever."""
    log_level: str = "info"
    """debug, info, warning, error or critical."""

    @field_validator("secret_key")
    @classmethod
    def _long_enough(cls, value: SecretStr) -> SecretStr:
        secret = value.get_secret_value()
        if len(secret) < _MIN_SECRET_KEY or len(set(secret)) < 10:
            raise ValueError(f"needs at least {_MIN_SECRET_KEY} random characters. {_MAKE_ONE}")
        return value

    @field_validator("database_url")
    @classmethod
    def _is_database(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() and not _names_a_database(value.get_secret_value()):
            raise ValueError("use sqlite:///path/to/file or postgresql://user:password@host:port/name")
        return value

    @field_validator("public_url")
    @classmethod
    def _is_url(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")) or not urlsplit(value).hostname:
            raise ValueError("must begin with http:// or https:// and name a host")
        return value.rstrip("/")

    @field_validator("log_level")
    @classmethod
    def _is_level(cls, value: str) -> str:
        if value.lower() not in _LOG_LEVELS:
            raise ValueError(f"must be one of {' '.join(_LOG_LEVELS)}")
        return value.lower()

    @property
    def database(self) -> str:
        """The database URL in force, password and all."""
        return self.database_url.get_secret_value() or f"sqlite:///{self.data_dir / 'helpdesk-recovery.sqlite3'}"


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the environment; raise ConfigurationInvalid naming each wrong variable and what to do."""
    values = _values(os.environ if environ is None else environ)
    if "secret_key" not in values:
        raise ConfigurationInvalid(f"{PREFIX}SECRET_KEY is not set. {_MAKE_ONE}")
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        raise ConfigurationInvalid("\n".join(map(_words, error.errors(include_input=False)))) from None


def read_named(environ: Mapping[str, str], name: str) -> str | None:
    """Return what *name* holds, or what the file holds that *name*_FILE names; None when both are unset or empty.

    Raise ConfigurationInvalid when that file can't be read.
    """
    if value := environ.get(name, "").strip():
        return value
    path = environ.get(f"{name}_FILE")
    return _content(f"{name}_FILE", path) if path else None


def _values(environ: Mapping[str, str]) -> dict[str, str]:
    found = {field: read_named(environ, PREFIX + field.upper()) for field in Settings.model_fields}
    return {field: value for field, value in found.items() if value is not None}


def _content(name: str, path: str) -> str:
    try:
        return Path(path).read_text("utf-8").strip()
    except OSError as error:
        raise ConfigurationInvalid(f"{name} names {path}, which cannot be read: {error.strerror}.") from None
    except ValueError:
        raise ConfigurationInvalid(f"{name} names {path}, which is not text in UTF-8.") from None


def _names_a_database(url: str) -> bool:
    """Tell whether *url* is of a kind that we can open; whether it is there is seen when it is opened."""
    scheme, _, path = url.partition("://")
    if scheme == "sqlite":
        return len(path) > 1 and path.startswith("/")
    try:
        parts = urlsplit(url)
        return scheme.partition("+")[0] == "postgresql" and parts.port != 0 and len(parts.path) > 1
    except ValueError:
        return False


def _words(error: Mapping[str, object]) -> str:
    location = error["loc"]
    field = str(location[0]) if isinstance(location, tuple) and location else "?"
    return f"{PREFIX}{field.upper()}: {str(error['msg']).removeprefix('Value error, ')}"
