"""The environment: what is missing or unsafe is named, with what to do, and never with a traceback."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from helpdesk_recovery.errors import ConfigurationInvalid
from helpdesk_recovery.settings import read_settings

KEY = "test-key-0123456789-abcdefghijklmnopqrst"
P = "HELPDESK_RECOVERY_"


def refused(**environment: str) -> str:
    with pytest.raises(ConfigurationInvalid) as caught:
        read_settings({P + "SECRET_KEY": KEY, **{P + name: value for name, value in environment.items()}})
    return str(caught.value)


@pytest.mark.parametrize("key", [None, "", "  ", "short", "a" * 40])
def test_a_missing_or_weak_key_says_how_to_make_one(terminal: Any, key: str | None) -> None:
    told = terminal.refuses("doctor", HELPDESK_RECOVERY_SECRET_KEY=key)
    assert "HELPDESK_RECOVERY_SECRET_KEY" in told
    assert "secrets.token_urlsafe(48)" in told


def test_the_key_that_the_words_make_is_good_enough() -> None:
    made = subprocess.run(
        [sys.executable, "-c", "import secrets; print(secrets.token_urlsafe(48))"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert read_settings({P + "SECRET_KEY": made.stdout}).secret_key.get_secret_value() == made.stdout.strip()


def test_every_setting_may_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(KEY + "\n")
    (tmp_path / "url").write_text("postgresql://u:p@db.example/recovery\n")
    names = {P + "SECRET_KEY_FILE": str(tmp_path / "key"), P + "DATABASE_URL_FILE": str(tmp_path / "url")}
    settings = read_settings(names)
    assert settings.secret_key.get_secret_value() == KEY
    assert settings.database == "postgresql://u:p@db.example/recovery"


def test_an_empty_variable_is_as_good_as_none(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(KEY)
    settings = read_settings({P + "SECRET_KEY": "", P + "SECRET_KEY_FILE": str(tmp_path / "key"), P + "DATA_DIR": ""})
    assert settings.data_dir == Path(".data")


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    told = refused(DATABASE_URL_FILE=str(tmp_path / "none"))
    assert "HELPDESK_RECOVERY_DATABASE_URL_FILE names" in told
    assert "No such file or directory" in told
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    assert "not text in UTF-8" in refused(DATABASE_URL_FILE=str(tmp_path / "binary"))


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("PUBLIC_URL", "recovery.example", "must begin with http:// or https://"),
        ("PUBLIC_URL", "https://", "name a host"),
        ("DATABASE_URL", "mysql://localhost/recovery", "sqlite:///path/to/file"),
        ("DATABASE_URL", "recovery.sqlite3", "sqlite:///path/to/file"),
        ("DATABASE_URL", "sqlite://", "sqlite:///path/to/file"),
        ("DATABASE_URL", "postgresql://db.example", "postgresql://user:password@host:port/name"),
        ("DATABASE_URL", "postgresql://db.example:port/x", "postgresql://user:password@host:port/name"),
        ("MAX_BODY_BYTES", "12", "greater than or equal to 1024"),
        ("MAX_BODY_BYTES", "much", "valid integer"),
        ("KEEP_DELIVERIES_DAYS", "0", "greater than or equal to 1"),
        ("LOG_LEVEL", "loud", "debug info warning error critical"),
    ],
)
def test_a_wrong_setting_is_named_with_what_it_takes(name: str, value: str, words: str) -> None:
    told = refused(**{name: value})
    assert f"HELPDESK_RECOVERY_{name}: " in told
    assert words in told


def test_all_wrong_settings_are_named_at_once() -> None:
    assert len(refused(PUBLIC_URL="x", LOG_LEVEL="loud", MAX_BODY_BYTES="1").splitlines()) == 3


def test_no_secret_is_repeated_in_an_error() -> None:
    told = refused(SECRET_KEY="too-short-a-key", DATABASE_URL="mysql://u:pa55word@db/x")
    assert "too-short-a-key" not in told
    assert "pa55word" not in told


@pytest.mark.parametrize(
    ("given", "kept"),
    [("https://r.example/", "https://r.example"), ("https://r.example/app/", "https://r.example/app")],
)
def test_the_public_url_has_no_slash_at_its_end(given: str, kept: str) -> None:
    assert read_settings({P + "SECRET_KEY": KEY, P + "PUBLIC_URL": given}).public_url == kept


def test_a_data_folder_that_cannot_be_is_said(terminal: Any, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    told = terminal.refuses("database", "status", HELPDESK_RECOVERY_DATA_DIR=str(tmp_path / "file" / "data"))
    assert "HELPDESK_RECOVERY_DATA_DIR" in told


def test_postgresql_without_its_extra_says_what_to_install(terminal: Any) -> None:
    script = "import sys; sys.modules['asyncpg'] = None\nfrom helpdesk_recovery.cli import main\nmain()"
    url = "postgresql://u@127.0.0.1:9/x"
    done = subprocess.run(
        [sys.executable, "-c", script, "doctor"],
        env={
            **terminal.environment,
            "PYTHONPATH": ":".join(filter(None, sys.path)),
            "HELPDESK_RECOVERY_DATABASE_URL": url,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "pip install 'helpdesk-recovery[postgres]'" in done.stderr
    assert "Traceback" not in done.stderr
