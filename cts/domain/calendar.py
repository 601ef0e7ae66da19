"""Ages, days and the office's clock. All pure: the caller gives today or now."""

import calendar
import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from cts.domain.holidays import is_working_day, working_days_between

_MONTH = re.compile(r"(20[0-9][0-9])-(0[1-9]|1[0-2])")
_YEARS = range(1900, 2101)


def age_on(birth_date: date, day: date) -> int:
    """Full years lived on a day; a youth born on February 29 turns a year older on March 1 of a common year."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def is_plausible(day: date) -> bool:
    """Whether a day that somebody typed is of a year that can be meant: 1900 to 2100. "12/31/26" is read as of the year 26."""
    return day.year in _YEARS


def office_time(moment: datetime, zone: str) -> datetime:
    """A UTC moment as the office's clock shows it."""
    return moment.astimezone(ZoneInfo(zone))


def office_day(moment: datetime, zone: str) -> date:
    """The calendar day of a moment in the office's zone."""
    return office_time(moment, zone).date()


def days_waiting(entered_at: datetime, now: datetime, zone: str) -> int:
    """Calendar days since a document began to wait, as the office counts them: 0 on the first day."""
    return max(0, (office_day(now, zone) - office_day(entered_at, zone)).days)


def add_months(day: date, months: int) -> date:
    """The same day some months later; the last of the month where that month is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def month_named(text: str) -> date | None:
    """The first day of the month an address names, "2026-11"; None for what names no month of this century."""
    found = _MONTH.fullmatch(text)
    return date(int(found[1]), int(found[2]), 1) if found else None


def working_days_since(day: date, today: date) -> int:
    """Working days after a day, today included: Monday to Friday without the County's holidays (cts/domain/holidays.py)."""
    return working_days_between(day, today)


def working_days_waiting(entered_at: datetime, now: datetime, zone: str) -> int:
    """Working days since a document began to wait, as the office counts them: 0 on the first day. What escalation asks."""
    return working_days_since(office_day(entered_at, zone), office_day(now, zone))


def end_of_working_day(now: datetime, working_days: int, zone: str) -> datetime:
    """Midnight after the day that comes so many working days after now, in the office's zone; 0 is the end of this day. Aware UTC."""
    day = office_day(now, zone)
    for _ in range(working_days):
        day += timedelta(days=1)
        while not is_working_day(day):
            day += timedelta(days=1)
    return datetime.combine(day + timedelta(days=1), time.min, ZoneInfo(zone)).astimezone(UTC)
