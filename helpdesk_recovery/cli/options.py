"""The options of a connection: those that the core reads are checked here, the others are its helpdesk's."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from zoneinfo import available_timezones

from helpdesk_recovery.errors import ConfigurationInvalid

TIMEZONE = "timezone"
POLL_SECONDS = "poll_seconds"


def read_options(given: Iterable[str], timezone: str = "") -> dict[str, str]:
    """Read KEY=VALUE pairs and the time zone; raise ConfigurationInvalid naming what is wrong."""
    options = dict(map(_pair, given))
    if timezone:
        options[TIMEZONE] = timezone
    check_options(options)
    return options


def check_options(options: Mapping[str, str]) -> None:
    """Raise ConfigurationInvalid when an option that we read ourselves cannot be used."""
    _check_timezone(options.get(TIMEZONE, "UTC"))
    if not _is_number(options.get("settle_seconds", "0"), least=0):
        raise ConfigurationInvalid("The option settle_seconds takes a number of seconds, such as 30.")
    writes = options.get("writes_per_minute", "1")
    if not (writes.isdecimal() and int(writes) > 0):
        raise ConfigurationInvalid("The option writes_per_minute takes a whole number from 1 up, such as 60.")
    poll = options.get(POLL_SECONDS, "1")
    if not (poll.isdecimal() and int(poll) > 0):
        raise ConfigurationInvalid("The option poll_seconds takes a whole number from 1 up, such as 60.")


def _pair(given: str) -> tuple[str, str]:
    key, separator, value = given.partition("=")
    if not (key.strip() and separator):
        raise ConfigurationInvalid(f"--option takes KEY=VALUE, not {given!r}.")
    return key.strip(), value.strip()


def _check_timezone(name: str) -> None:
    if name == "UTC":
        return
    known = available_timezones()
    if not known:
        raise ConfigurationInvalid("This machine has no time zones. Run: pip install tzdata")
    if name not in known:
        alike = get_close_matches(name, known, n=1, cutoff=0.7)
        hint = f" Do you mean {alike[0]}?" if alike else ""
        raise ConfigurationInvalid(f"--timezone takes a name such as Europe/Stockholm, not {name!r}.{hint}")


def _is_number(text: str, least: float) -> bool:
    try:
        return least <= float(text) < math.inf
    except ValueError:
        return False
