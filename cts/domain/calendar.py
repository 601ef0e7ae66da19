"""Ages, days and the office's clock. All pure: the caller gives today or now."""

import calendar
from datetime import date, datetime
from zoneinfo import ZoneInfo


def age_on(birth_date: date, day: date) -> int:
    """Full years lived on a day; a youth born on February 29 turns a year older on March 1 of a common year."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


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


def working_days_since(day: date, today: date) -> int:
    """Working days (Monday to Friday) after a day, today included. County holidays are not known to CTS."""
    return sum(date.fromordinal(n).weekday() < 5 for n in range(day.toordinal() + 1, today.toordinal() + 1))
