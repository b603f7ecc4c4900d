"""``connect``: what is asked, what is refused and with which words, and what is kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

SECRET = "kWq81-fYzMexo2JdT5uHvBn0RcLaPs3G"
STANDARD = ("connect", "standard", "--name", "shop")
DJANGO = ("connect", "django_helpdesk", "--name", "desk", "--url", "https://desk.example")
RT = ("connect", "request_tracker", "--name", "rt", "--url", "https://rt.example")


def test_a_dry_run_lists_what_is_needed_and_stores_nothing(empty_terminal: Any) -> None:
    told = empty_terminal.works(*RT, "--dry-run")
    assert "Webhook URL: https://recovery.example/webhooks/request_tracker/rt" in told
    assert "Needs the right to: CommentOnTicket" in told
    assert "Agent seat: a privileged user recoverybot" in told
    assert "Do this: " in told
    assert "Option bot_user: " in told
    assert "Nothing was stored or changed." in told
    assert "none (empty)" in empty_terminal.run("database", "status").out


def test_a_dry_run_on_an_installation_that_runs_stores_nothing_either(terminal: Any) -> None:
    terminal.works(*STANDARD, "--dry-run")
    assert "shop" not in terminal.works("connection", "list")


def test_a_dry_run_never_prints_the_secret_it_was_given(terminal: Any) -> None:
    told = terminal.works(*DJANGO, "--dry-run", "--secret-env", "DESK", DESK=SECRET)
    assert "https://recovery:SECRET@recovery.example/webhooks/django_helpdesk/desk" in told
    assert SECRET not in told


def test_a_new_connection_starts_in_shadow_and_says_how_to_go_on(terminal: Any) -> None:
    told = terminal.works(*STANDARD)
    assert "in shadow" in told
    assert "https://recovery.example/webhooks/standard/shop" in told
    assert "helpdesk-recovery connection live shop" in told
    assert "shadow" in terminal.works("connection", "show", "shop")


def test_a_secret_is_made_when_none_is_given_and_each_is_another(terminal: Any) -> None:
    def made(name: str) -> str:
        told: str = terminal.works("connect", "standard", "--name", name)
        return next(line.split(": ")[1] for line in told.splitlines() if line.startswith("Webhook secret"))

    first, second = made("one"), made("two")
    assert len(first) >= 32
    assert first != second


def test_a_secret_of_ones_own_is_not_printed(terminal: Any) -> None:
    assert SECRET not in terminal.works(*STANDARD, "--secret-env", "DESK", DESK=SECRET)


@pytest.mark.parametrize(
    ("secret", "why"),
    [
        (None, "it is empty"),
        ("", "it is empty"),
        ("   ", "it is empty"),
        ("hunter2", "shorter than 24 characters"),
        ("dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ==", "publicly known"),
        ("this_secret_is_for_testing_only", "publicly known"),
        ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "publicly known"),
        ("passwordpasswordpassword", "too easy to guess"),
        ("abcdefghijklmnopqrstuvwxyz", "too easy to guess"),
    ],
)
def test_an_unfit_secret_is_refused_and_told_how_to_make_one(terminal: Any, secret: str | None, why: str) -> None:
    told = terminal.refuses(*STANDARD, "--secret-env", "DESK", DESK=secret)
    assert why in told
    assert "DESK" in told
    assert "token_urlsafe" in told
    assert "shop" not in terminal.works("connection", "list")


def test_token_and_secret_may_come_from_files(terminal: Any, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("t0ken-of-the-helpdesk\n")
    (tmp_path / "secret").write_text(SECRET + "\n")
    files = {"TOKEN_FILE": str(tmp_path / "token"), "DESK_FILE": str(tmp_path / "secret")}
    told = terminal.works(*DJANGO, "--no-remote", "--token-env", "TOKEN", "--secret-env", "DESK", **files)
    assert f"https://recovery:{SECRET}@recovery.example" in told, "this helpdesk has the secret in its URL"
    assert "secrets live               │ 1" in terminal.works("connection", "show", "desk")


def test_a_file_that_is_not_there_is_named(terminal: Any, tmp_path: Path) -> None:
    told = terminal.refuses(*STANDARD, "--secret-env", "DESK", DESK_FILE=str(tmp_path / "none"))
    assert "DESK_FILE names" in told
    assert "No such file" in told


def test_a_missing_token_is_asked_for_with_how_to_make_it(terminal: Any) -> None:
    assert "--token-env is missing" in terminal.refuses(*DJANGO, "--no-remote")
    told = terminal.refuses(*DJANGO, "--no-remote", "--token-env", "TOKEN")
    assert "The variable TOKEN is empty" in told
    assert "drf_create_token" in told


def test_a_helpdesk_that_does_not_answer_is_not_connected(terminal: Any) -> None:
    told = terminal.run(
        "connect", "django_helpdesk", "--name", "desk", "--url", "http://127.0.0.1:9", "--token-env", "TOKEN",
        TOKEN="t0ken-of-the-helpdesk",
    )  # fmt: skip
    assert told.code == 1
    assert "NO  " in told.out
    assert "run connect again" in told.err
    assert "127.0.0.1:9" not in terminal.works("connection", "list")


def test_no_remote_touches_no_helpdesk(terminal: Any) -> None:
    terminal.works(
        "connect", "django_helpdesk", "--name", "desk", "--url", "http://127.0.0.1:9", "--token-env", "TOKEN",
        "--no-remote", TOKEN="t0ken-of-the-helpdesk",
    )  # fmt: skip
    assert "http://127.0.0.1:9" in terminal.works("connection", "show", "desk")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("connect", "zendesk", "--name", "shop"), "Installed: django_helpdesk, request_tracker, standard"),
        (("connect", "standard", "--name", "My Shop"), "small letters, digits and hyphens"),
        (("connect", "standard", "--name", "../etc"), "small letters, digits and hyphens"),
        (("connect", "standard", "--name", "a" * 64), "small letters, digits and hyphens"),
        (("connect", "django_helpdesk", "--name", "desk"), "where is your django-helpdesk"),
        ((*STANDARD, "--url", "desk.example"), "must begin with http:// or https://"),
        ((*STANDARD, "--url", "https://"), "must begin with http:// or https://"),
        ((*STANDARD, "--url", "https://desk.example:port"), "must begin with http:// or https://"),
        ((*STANDARD, "--url", "https://desk example"), "must begin with http:// or https://"),
        ((*STANDARD, "--url", "https://bot:pw@desk.example"), "secrets belong into --token-env"),
        ((*STANDARD, "--url", "https://desk.example/?key=1"), "secrets belong into --token-env"),
        ((*STANDARD, "--language", "de"), "one of en sv da lt cs"),
        ((*STANDARD, "--currency", "EURO"), "three-letter code such as EUR"),
        ((*STANDARD, "--currency", "ERU"), "not 'ERU'"),
        ((*STANDARD, "--policy", "nonsense"), "nonsense"),
        ((*STANDARD, "--option", "queue"), "KEY=VALUE, not 'queue'"),
        ((*STANDARD, "--option", "=1"), "KEY=VALUE, not '=1'"),
        ((*STANDARD, "--option", "writes_per_minute=many"), "whole number from 1 up"),
        ((*STANDARD, "--option", "writes_per_minute=0"), "whole number from 1 up"),
        ((*STANDARD, "--option", "settle_seconds=soon"), "number of seconds"),
        ((*STANDARD, "--option", "settle_seconds=nan"), "number of seconds"),
        ((*STANDARD, "--timezone", "Europe/Stokholm"), "Do you mean Europe/Stockholm?"),
        ((*STANDARD, "--timezone", "/etc/passwd"), "such as Europe/Stockholm"),
        ((*STANDARD, "--option", "timezone=CET+1"), "such as Europe/Stockholm"),
        ((*STANDARD, "--poll"), "cannot be polled"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(terminal: Any, arguments: tuple[str, ...], words: str) -> None:
    assert words in terminal.refuses(*arguments)
    assert len(terminal.works("connection", "list").splitlines()) == 3


def test_a_name_is_given_once(terminal: Any) -> None:
    terminal.works(*STANDARD)
    assert "already a connection called 'shop'" in terminal.refuses(*STANDARD)


def test_what_is_typed_is_what_is_kept(terminal: Any) -> None:
    terminal.works(
        *STANDARD, "--url", "https://desk.example/hook/", "--language", "sv", "--currency", "sek",
        "--timezone", "Europe/Stockholm", "--option", "settle_seconds=5", "--no-remote",
    )  # fmt: skip
    shown = terminal.works("connection", "show", "shop")
    rows = dict([cell.strip() for cell in line.split("│")] for line in shown.splitlines() if "│" in line)
    assert rows["url"] == "https://desk.example/hook"
    assert (rows["staff language"], rows["currency"], rows["time zone"]) == ("sv", "SEK", "Europe/Stockholm")
    assert rows["option settle_seconds"] == "5"


@pytest.mark.parametrize("typed", [("--timezone", "Europe/Vilnius"), ("--option", "timezone=Europe/Vilnius")])
def test_the_time_zone_is_typed_either_way(terminal: Any, typed: tuple[str, str]) -> None:
    terminal.works(*STANDARD, *typed)
    assert "Europe/Vilnius" in terminal.works("connection", "show", "shop")


def test_polling_is_more_frequent_when_it_is_asked_for(terminal: Any) -> None:
    environment = {"TOKEN": "t0ken-of-the-helpdesk"}
    terminal.works(*DJANGO, "--no-remote", "--token-env", "TOKEN", "--poll", **environment)
    assert "15 s" in terminal.works("connection", "show", "desk")


def test_without_tables_it_is_said_what_to_run(empty_terminal: Any) -> None:
    assert "helpdesk-recovery database upgrade" in empty_terminal.refuses(*STANDARD)


def test_how_often_we_look_ourselves_can_be_said_exactly(terminal: Any) -> None:
    rt = ("--token-env", "RT", "--no-remote", "--option", "poll_seconds=7")
    terminal.works(*RT, *rt, RT="1-14-abcdefgh")
    assert "7 s" in terminal.works("connection", "show", "rt")
    assert "cannot be polled" in terminal.refuses(*STANDARD, "--option", "poll_seconds=7")
    assert "whole number" in terminal.refuses(
        *DJANGO, "--token-env", "RT", "--option", "poll_seconds=soon", RT="x" * 20
    )
