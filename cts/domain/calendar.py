"""Ages, days and the office's clock. All pure: the caller gives today or now."""

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
