"""Ages and days as the office counts them."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from cts.domain.calendar import (
    add_months,
    age_on,
    days_waiting,
    end_of_working_day,
    office_day,
    office_time,
    working_days_since,
    working_days_waiting,
)
from cts.domain.holidays import county_holidays, is_working_day

LOS_ANGELES = "America/Los_Angeles"
DAYS = st.dates(date(1990, 1, 1), date(2060, 12, 31))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_a_youth_turns_older_on_the_birthday_and_not_the_day_before() -> None:
    born = date(2011, 5, 6)
    assert [age_on(born, date(2026, 5, day)) for day in (5, 6, 7)] == [14, 15, 15]


def test_born_on_february_29_turns_older_on_march_1_of_a_common_year() -> None:
    born = date(2012, 2, 29)
    assert age_on(born, date(2027, 2, 28)) == 14
    assert age_on(born, date(2027, 3, 1)) == 15
    assert age_on(born, date(2028, 2, 29)) == 16


@given(born=DAYS, lived=st.integers(0, 12_000))
def test_nobody_grows_younger(born: date, lived: int) -> None:
    day = born + timedelta(days=lived)
    assert 0 <= age_on(born, day) <= age_on(born, day + timedelta(days=1)) <= age_on(born, day) + 1


def test_the_office_day_begins_at_midnight_in_los_angeles() -> None:
    assert office_day(at("2026-11-03T07:59:59"), LOS_ANGELES) == date(2026, 11, 2)
    assert office_day(at("2026-11-03T08:00:00"), LOS_ANGELES) == date(2026, 11, 3)
    assert office_time(at("2026-07-01T17:00:00"), LOS_ANGELES).hour == 10  # summer time


def test_days_waiting_count_calendar_days_of_the_office() -> None:
    late_evening = at("2026-11-03T07:30:00")  # November 2, 11:30 PM in Los Angeles
    assert days_waiting(late_evening, late_evening, LOS_ANGELES) == 0
    assert days_waiting(late_evening, at("2026-11-03T08:30:00"), LOS_ANGELES) == 1
    assert days_waiting(at("2026-10-30T17:00:00"), at("2026-11-02T17:00:00"), LOS_ANGELES) == 3  # clocks were set back


def test_a_clock_that_is_behind_counts_no_negative_days() -> None:
    assert days_waiting(at("2026-11-05T17:00:00"), at("2026-11-02T17:00:00"), LOS_ANGELES) == 0


def test_some_months_later_is_the_same_day_or_the_last_of_a_shorter_month() -> None:
    assert add_months(date(2026, 11, 2), 12) == date(2027, 11, 2)
    assert add_months(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert add_months(date(2027, 8, 31), 6) == date(2028, 2, 29)
    assert add_months(date(2026, 12, 15), 1) == date(2027, 1, 15)
    assert add_months(date(2026, 11, 30), 1) == date(2026, 12, 30)


@given(day=DAYS, months=st.integers(0, 240))
def test_months_lead_forwards_and_to_the_month_meant(day: date, months: int) -> None:
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day <= day.day and (later.day == day.day or (later + timedelta(days=1)).day == 1)


def test_working_days_leave_out_saturdays_sundays_and_holidays() -> None:
    friday = date(2026, 11, 6)
    assert [working_days_since(friday, date(2026, 11, day)) for day in (6, 7, 8, 9, 10, 13)] == [0, 0, 0, 1, 2, 4]
    assert working_days_since(date(2026, 11, 8), date(2026, 11, 9)) == 1  # since a Sunday
    assert working_days_since(friday, date(2026, 11, 5)) == 0  # a clock that is behind
    assert working_days_since(date(2026, 11, 25), date(2026, 11, 30)) == 1, "Thanksgiving and the Friday after"


def test_working_days_of_something_that_waits_begin_after_its_first_day_of_the_office() -> None:
    friday_evening = at("2026-11-07T03:30:00")  # November 6 in Los Angeles
    assert working_days_waiting(friday_evening, at("2026-11-09T17:00:00"), LOS_ANGELES) == 1
    assert days_waiting(friday_evening, at("2026-11-09T17:00:00"), LOS_ANGELES) == 3


@given(day=DAYS, weeks=st.integers(0, 60))
def test_a_week_has_five_working_days_but_for_its_holidays(day: date, weeks: int) -> None:
    end = day + timedelta(weeks=weeks)
    kept = [holiday for year in range(day.year, end.year + 1) for holiday in county_holidays(year)]
    assert all(holiday.weekday() < 5 for holiday in kept)
    assert working_days_since(day, end) == 5 * weeks - sum(day < holiday <= end for holiday in kept)


@given(day=DAYS, days=st.integers(-3, 800))
def test_working_days_are_those_that_are_counted_one_by_one(day: date, days: int) -> None:
    end = day + timedelta(days=days)
    between = (day + timedelta(days=n) for n in range(1, days + 1))
    assert working_days_since(day, end) == sum(map(is_working_day, between))


def test_the_holidays_of_the_county() -> None:
    # As the County published them; 07/04/2026 is a Saturday, 06/19/2027 too, 01/01/2028 again: kept on 12/31/2027.
    assert [f"{day:%m/%d}" for day in county_holidays(2026)] == [
        *("01/01", "01/19", "02/16", "03/30", "05/25", "06/19", "07/03", "09/07", "10/12", "11/11"),
        *("11/26", "11/27", "12/25"),
    ]
    assert [f"{day:%m/%d}" for day in county_holidays(2027)] == [
        *("01/01", "01/18", "02/15", "03/29", "05/31", "06/18", "07/05", "09/06", "10/11", "11/11"),
        *("11/25", "11/26", "12/24", "12/31"),
    ]
    chavez = {
        year: next(d for d, name in county_holidays(year).items() if name.startswith("César"))
        for year in (2019, 2021, 2023)
    }
    assert chavez == {2019: date(2019, 3, 25), 2021: date(2021, 3, 29), 2023: date(2023, 3, 27)}


def test_the_end_of_the_next_working_day_is_midnight_of_the_office() -> None:
    friday = at("2026-11-06T17:00:00")
    assert end_of_working_day(friday, 0, LOS_ANGELES) == at("2026-11-07T08:00:00")
    assert end_of_working_day(friday, 1, LOS_ANGELES) == at("2026-11-10T08:00:00")
    assert end_of_working_day(at("2026-11-10T17:00:00"), 1, LOS_ANGELES) == at("2026-11-13T08:00:00"), "Veterans Day"
