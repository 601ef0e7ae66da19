"""Ages and days as the office counts them."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from cts.domain.calendar import age_on, days_waiting, office_day, office_time

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
