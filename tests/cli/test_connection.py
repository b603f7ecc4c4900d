"""``connection``: what is shown, who gets notes, changing secrets, and taking a connection away."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from helpdesk_recovery.storage import connections
from helpdesk_recovery.storage.database import open_database
from helpdesk_recovery.storage.seal import Sealer

SECRET = "kWq81-fYzMexo2JdT5uHvBn0RcLaPs3G"
NEW = "r8TzQm4xVb2LkWc9Yd1HnJ7gFs5PeAu3"
NEWER = "Zb6Xc3Vn8Mk1Lj5Hg2Fd9Sa4Qw7Er0Ty"


def secrets_of(terminal: Any) -> tuple[str, ...]:
    """What the door would accept now."""

    async def read() -> tuple[str, ...]:
        database = open_database(terminal.database_url)
        sealer = Sealer(terminal.environment["HELPDESK_RECOVERY_SECRET_KEY"])
        found = await database.read(lambda sql: connections.named(sql, "shop", sealer))
        await database.close()
        return found.secrets

    return asyncio.run(read())


def row(terminal: Any, name: str) -> str:
    """One value of ``connection show``."""
    shown = terminal.works("connection", "show", "shop")
    line: str = next(line for line in shown.splitlines() if line.strip().startswith(name))
    return line.split("│")[1].strip()


def test_the_list_has_every_connection_by_name(terminal: Any) -> None:
    terminal.connect("zoo")
    terminal.connect("shop", "--url", "https://desk.example", "--no-remote")
    shown = terminal.works("connection", "list")
    assert shown.index("shop") < shown.index("zoo")
    assert "https://desk.example" in shown


def test_secrets_are_never_shown(terminal: Any) -> None:
    terminal.connect()
    terminal.works(
        "connect", "django_helpdesk", "--name", "desk", "--url", "https://desk.example", "--no-remote",
        "--token-env", "TOKEN", "--secret-env", "DESK", TOKEN="t0ken-of-the-helpdesk", DESK=NEW,
    )  # fmt: skip
    told = "".join(
        (
            terminal.works("connection", "list"),
            terminal.works("connection", "show", "shop"),
            terminal.works("connection", "show", "desk"),
            terminal.works("connection", "remove", "desk", "--dry-run"),
            terminal.run("doctor").out,
        )
    )
    assert "recovery:SECRET@recovery.example" in told
    assert [word for word in (SECRET, NEW, "t0ken-of-the-helpdesk") if word in told] == []


def test_long_values_stay_whole_where_a_program_reads(terminal: Any) -> None:
    url = "https://desk.example/" + "long/" * 40 + "end"
    terminal.connect("shop", "--url", url, "--no-remote")
    assert url in terminal.works("connection", "show", "shop")


@pytest.mark.parametrize(
    ("only", "shown"),
    [
        ((), "live"),
        (("--only", "group=Returns desk"), "live only group=Returns desk"),
        (("--only", "tag=recovery-pilot"), "live only tag=recovery-pilot"),
        (("--only", "share=10%"), "live only share=10%"),
        (("--only", "share=100"), "live only share=100%"),
    ],
)
def test_live_for_all_or_for_a_pilot_and_back_to_shadow(terminal: Any, only: tuple[str, ...], shown: str) -> None:
    terminal.connect()
    assert shown.removeprefix("live only ") in terminal.works("connection", "live", "shop", *only)
    assert row(terminal, "mode") == shown
    assert "nothing is written" in terminal.works("connection", "shadow", "shop")
    assert row(terminal, "mode") == "shadow"


@pytest.mark.parametrize("only", ["share=0%", "share=101%", "share=ten", "group=", "team=x", "10%", "share=5%5"])
def test_a_pilot_that_makes_no_sense_is_refused_and_nothing_goes_live(terminal: Any, only: str) -> None:
    terminal.connect()
    assert "group=NAME, tag=NAME or share=10%" in terminal.refuses("connection", "live", "shop", "--only", only)
    assert row(terminal, "mode") == "shadow"


@pytest.mark.parametrize("command", ["show", "live", "shadow", "remove"])
def test_a_connection_that_is_not_there_is_said_with_where_to_look(terminal: Any, command: str) -> None:
    told = terminal.refuses("connection", command, "nope")
    assert "no connection called 'nope'" in told
    assert "helpdesk-recovery connection list" in told


def test_rotating_takes_both_secrets_until_it_is_finished(terminal: Any) -> None:
    terminal.connect()
    told = terminal.works("connection", "rotate", "shop", "--secret-env", "NEW", NEW=NEW)
    assert "rotate shop --finish" in told
    assert secrets_of(terminal) == (SECRET, NEW)
    assert row(terminal, "secrets live") == "2"
    terminal.works("connection", "rotate", "shop", "--finish")
    assert secrets_of(terminal) == (NEW,)


def test_a_third_secret_has_to_wait(terminal: Any) -> None:
    terminal.connect()
    terminal.works("connection", "rotate", "shop", "--secret-env", "NEW", NEW=NEW)
    assert "--finish" in terminal.refuses("connection", "rotate", "shop", "--secret-env", "NEW", NEW=NEWER)
    assert secrets_of(terminal) == (SECRET, NEW)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "either --secret-env VARIABLE"),
        (("--secret-env", "NEW", "--finish"), "either --secret-env VARIABLE"),
        (("--secret-env", "UNSET"), "The secret in UNSET must not be used: it is empty"),
        (("--secret-env", "NEW"), "takes this secret already"),
        (("--finish",), "no old one to forget"),
    ],
)
def test_a_rotation_that_makes_no_sense_is_refused(terminal: Any, arguments: tuple[str, ...], words: str) -> None:
    terminal.connect()
    assert words in terminal.refuses("connection", "rotate", "shop", *arguments, NEW=SECRET)
    assert secrets_of(terminal) == (SECRET,)


def test_removing_says_first_what_it_would_take_and_what_to_undo(terminal: Any) -> None:
    terminal.connect()
    told = terminal.works("connection", "remove", "shop", "--dry-run")
    assert "its raw deliveries and its cases" in told
    assert "undo by hand: Send each event to https://recovery.example/webhooks/standard/shop" in told
    assert "Nothing was removed." in told
    assert "shop" in terminal.works("connection", "list")


def test_removing_asks_and_no_means_no(terminal: Any) -> None:
    terminal.connect()
    assert terminal.run("connection", "remove", "shop", answer="n\n").code == 1
    assert "shop" in terminal.works("connection", "list")
    assert "shop is removed" in terminal.works("connection", "remove", "shop", answer="y\n")
    assert "shop" not in terminal.works("connection", "list")


def test_a_script_removes_without_being_asked(terminal: Any) -> None:
    terminal.connect()
    assert "shop is removed" in terminal.works("connection", "remove", "shop", "--yes")
    terminal.connect()
