"""``connect --update``: what changes, and what stays."""

from __future__ import annotations

from typing import Any

SECRET = "kWq81-fYzMexo2JdT5uHvBn0RcLaPs3G"
STANDARD = ("connect", "standard", "--name", "shop")


def test_settings_change_and_mode_and_secret_stay(terminal: Any) -> None:
    terminal.works(*STANDARD, "--secret-env", "DESK", DESK=SECRET)
    terminal.works("connection", "live", "shop", "--only", "share=10%")
    told = terminal.works(*STANDARD, "--update", "--currency", "SEK", "--language", "sv")
    assert "stays in live" in told
    shown = terminal.works("connection", "show", "shop")
    assert "SEK" in shown
    assert "share=10%" in shown
    assert "live" in shown
    again = terminal.works(*STANDARD, "--update", "--url", "https://desk.example/hook", "--no-remote")
    assert "Webhook secret" not in again


def test_what_is_not_connected_cannot_be_changed(terminal: Any) -> None:
    assert "connection list" in terminal.refuses(*STANDARD, "--update")


def test_a_connection_cannot_become_another_helpdesks(terminal: Any) -> None:
    terminal.works(*STANDARD)
    other = ("connect", "request_tracker", "--name", "shop", "--url", "https://rt.example", "--no-remote", "--update")
    assert "connected to standard" in terminal.refuses(*other, "--token-env", "RT", RT="1-14-abcdefgh")


def test_after_a_lost_key_the_secrets_are_given_again(terminal: Any) -> None:
    terminal.works(*STANDARD, "--secret-env", "DESK", DESK=SECRET)
    key = {"HELPDESK_RECOVERY_SECRET_KEY": "another-key-0123456789-zyxwvutsrqponmlkjih"}
    assert "--update" in terminal.refuses("connection", "list", **key)
    terminal.works(*STANDARD, "--update", "--secret-env", "DESK", DESK=SECRET, **key)
    assert "shop" in terminal.works("connection", "list", **key)
