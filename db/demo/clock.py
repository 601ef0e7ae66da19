"""When things happen: office hours, working days, and how long people take."""

import math
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("America/Los_Angeles")
ON_A_WEEKEND = 0.03
"""How often somebody works on a Saturday or Sunday all the same."""


def later(dice: Random, moment: datetime, working_days: float, spread: float = 0.9) -> datetime:
    """A moment in office hours after this one: the wait is log-normal around its median in working days."""
    days = dice.lognormvariate(math.log(working_days), spread)
    if days < 0.3:
        soon = moment + timedelta(minutes=dice.randint(4, 150))
        if soon.astimezone(ZONE).hour < 17:
            return soon
    day = moment.astimezone(ZONE).date()
    for _ in range(max(1, round(days))):
        day = next_working_day(dice, day)
    return in_office_hours(dice, day)


def next_working_day(dice: Random, day: date) -> date:
    """The next day on which somebody works; on a weekend seldom."""
    day += timedelta(days=1)
    while day.weekday() >= 5 and dice.random() > ON_A_WEEKEND:
        day += timedelta(days=1)
    return day


def in_office_hours(dice: Random, day: date) -> datetime:
    """A moment between eight and five of this day, in UTC."""
    minutes = dice.triangular(8 * 60, 17 * 60 - 1, 10 * 60)
    at = time(int(minutes) // 60, int(minutes) % 60, dice.randrange(60))
    return datetime.combine(day, at, ZONE).astimezone(UTC)


def at_six(day: date) -> datetime:
    """When the daily extract is loaded, in UTC."""
    return datetime.combine(day, time(6, 10), ZONE).astimezone(UTC)


def day_of(moment: datetime) -> date:
    """The office's calendar day."""
    return moment.astimezone(ZONE).date()
