"""The County's holidays, by which working days are counted. Pure; the one place to change when the Board of Supervisors adds a holiday.

Source: closing days that the County has announced. César Chávez Day is kept on the last Monday of March (2019: the 25th, 2021: the 29th,
2023: the 27th), not on the 31st as by the State. Assumed, for the County to confirm: what falls on a Saturday is kept on the Friday
before, what falls on a Sunday on the Monday after.
"""

from bisect import bisect_right
from datetime import date, timedelta
from functools import cache

MONDAY, THURSDAY, SATURDAY, SUNDAY = 0, 3, 5, 6

FIXED = {
    "New Year's Day": (1, 1),
    "Juneteenth": (6, 19),
    "Independence Day": (7, 4),
    "Veterans Day": (11, 11),
    "Christmas Day": (12, 25),
}
"""Month and day."""

NTH = {
    "Martin Luther King Jr. Day": (1, MONDAY, 3),
    "Presidents' Day": (2, MONDAY, 3),
    "César Chávez Day": (3, MONDAY, -1),
    "Memorial Day": (5, MONDAY, -1),
    "Labor Day": (9, MONDAY, 1),
    "Indigenous Peoples' Day": (10, MONDAY, 2),
    "Thanksgiving Day": (11, THURSDAY, 4),
}
"""Month, day of the week, which one of the month; -1 is the last."""

AFTER_THANKSGIVING = "Friday after Thanksgiving"


@cache
def county_holidays(year: int) -> dict[date, str]:
    """The days of a year on which County offices are closed for a holiday, with its name: as kept, not as they fall."""
    kept = {_kept(date(y, *FIXED[name])): name for y in (year, year + 1) for name in FIXED}
    kept |= {_nth(year, *rule): name for name, rule in NTH.items()}
    kept[_nth(year, *NTH["Thanksgiving Day"]) + timedelta(days=1)] = AFTER_THANKSGIVING
    return {day: kept[day] for day in sorted(kept) if day.year == year}


def is_working_day(day: date) -> bool:
    """Monday to Friday, and no holiday of the County."""
    return day.weekday() < SATURDAY and day not in county_holidays(day.year)


def working_days_between(after: date, upto: date) -> int:
    """Working days after a day, up to another one and with it; none when that comes before. No holiday is kept on a weekend."""
    if upto <= after:
        return 0
    holidays = sum(_kept_until(upto, year) - _kept_until(after, year) for year in range(after.year, upto.year + 1))
    return _weekdays_until(upto) - _weekdays_until(after) - holidays


def _weekdays_until(day: date) -> int:
    """Mondays to Fridays since the calendar begins, which is on a Monday."""
    weeks, more = divmod(day.toordinal(), 7)
    return 5 * weeks + min(more, 5)


def _kept_until(day: date, year: int) -> int:
    return bisect_right(_days_kept(year), day)


@cache
def _days_kept(year: int) -> tuple[date, ...]:
    return tuple(county_holidays(year))


def _kept(day: date) -> date:
    """On which day a holiday is kept that falls on this one."""
    return day + timedelta(days={SATURDAY: -1, SUNDAY: 1}.get(day.weekday(), 0))


def _nth(year: int, month: int, weekday: int, which: int) -> date:
    if which < 0:
        last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
        return last - timedelta(days=(last.weekday() - weekday) % 7)
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (which - 1))
