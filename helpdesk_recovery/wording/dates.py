"""Dates and times of day as people write them. Times come in UTC and are shown in a named zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time

from helpdesk_recovery.wording.catalogue import catalogue

_LOCALES = {"en": "en_GB"}  # day before month: 2 Nov 2026 is read the same everywhere
_DATE = {"sv": "yyyy-MM-dd", "lt": "yyyy-MM-dd"}
_DAY = {
    "en": "EEEE d MMMM",
    "sv": "EEEE d MMMM",
    "da": "EEEE 'd'. d. MMMM",
    "lt": "MMMM d 'd'. (EEEE)",
    "cs": "EEE d. M.",
}


def short_date(day: date, language: str) -> str:
    """Return *day* with its year: 2 Nov 2026, 2026-11-02, 2. 11. 2026."""
    code, locale = _locale(language)
    return format_date(day, _DATE.get(code, "medium"), locale=locale)


def weekday(day: date, language: str) -> str:
    """Return *day* with its weekday and without its year: Monday 23 November."""
    code, locale = _locale(language)
    return format_date(day, _DAY[code], locale=locale)


def time_of_day(at: datetime, language: str, zone: str = "UTC") -> str:
    """Return the hour and minute of *at* in *zone*; UTC is named, since nobody's clock on the wall shows it."""
    _, locale = _locale(language)
    text = format_time(at.astimezone(_zone(zone)), "short", locale=locale)
    return f"{text}\u00a0UTC" if zone == "UTC" else text


def replaces(earlier: datetime, now: datetime, language: str, zone: str = "UTC") -> str:
    """Say which note is replaced, by its time, and by its date when that was not today."""
    texts, time, day = catalogue(language), time_of_day(earlier, language, zone), _day(earlier, zone)
    if day == _day(now, zone):
        return texts.say("replaces.today", time=time)
    return texts.say("replaces.earlier", time=time, day=short_date(day, language))


def by(deadline: datetime, now: datetime, language: str, zone: str = "UTC") -> str:
    """Return a deadline as it follows a verb: "by 16:20 today", else with tomorrow or weekday and date."""
    texts, time, day = catalogue(language), time_of_day(deadline, language, zone), _day(deadline, zone)
    today = _day(now, zone)
    if day == today:
        return texts.say("by.today", time=time)
    if day == today + timedelta(days=1):
        return texts.say("by.tomorrow", time=time)
    return texts.say("by.day", time=time, day=weekday(day, language))


def _locale(language: str) -> tuple[str, str]:
    code = catalogue(language).language
    return code, _LOCALES.get(code, code)


def _zone(name: str) -> tzinfo:
    return UTC if name == "UTC" else ZoneInfo(name)


def _day(at: datetime, zone: str) -> date:
    return at.astimezone(_zone(zone)).date()
