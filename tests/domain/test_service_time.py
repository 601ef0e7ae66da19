"""The twelve-month meter."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cts.domain.calendar import add_months
from cts.domain.service_time import ServiceTime, full_months

START = date(2026, 11, 2)
NEW = ServiceTime(START, add_months(START, 12), START)
MUST = "an Extension Request or a Termination Report must be in hand"


def on(day: date, **changes: object) -> ServiceTime:
    return replace(NEW, today=day, **changes)  # type: ignore[arg-type]


def test_months_used_of_months_allowed() -> None:
    assert (NEW.months_used, NEW.months_allowed, NEW.share) == (0, 12, 0.0)
    assert on(date(2026, 12, 1)).months_used == 0
    assert on(date(2026, 12, 2)).months_used == 1
    assert on(date(2027, 11, 2)).share == 1.0
    assert on(START, end_on=date(2028, 5, 2)).months_allowed == 18
    assert on(START, end_on=date(2028, 5, 3)).months_allowed == 19


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        (date(2027, 8, 1), ""),
        (date(2027, 8, 2), f"The service ends in 92 days: {MUST}."),
        (date(2027, 9, 2), f"The service ends in 61 days: {MUST}."),
        (date(2027, 10, 2), f"The service ends in 31 days: {MUST}."),
        (date(2027, 11, 1), f"The service ends tomorrow: {MUST}."),
        (date(2027, 11, 2), f"The service ends today: {MUST}."),
        (date(2027, 11, 3), f"The time of the service ended on 11/02/2027: {MUST}."),
    ],
)
def test_attention_at_nine_ten_and_eleven_months_at_the_end_and_after_it(day: date, sentence: str) -> None:
    assert on(day).attention == sentence


def test_what_is_in_hand_takes_the_demand_away() -> None:
    hand = ("Extension Request 1 (In Progress)",)
    assert on(date(2027, 10, 2), in_hand=hand).attention == (
        "The service ends in 31 days. In hand: Extension Request 1 (In Progress)."
    )
    assert on(date(2027, 11, 9), in_hand=hand).attention == (
        "The time of the service ended on 11/02/2027. In hand: Extension Request 1 (In Progress)."
    )


def test_an_extension_moves_the_attention_and_an_ended_service_asks_for_none() -> None:
    assert on(date(2027, 10, 2), end_on=date(2028, 5, 2)).attention == ""
    ended = on(date(2028, 12, 1), served_to=date(2027, 5, 20))
    assert (ended.attention, ended.months_used) == ("", 6)


@given(start=st.dates(date(2000, 1, 1), date(2060, 1, 1)), days=st.integers(0, 4000))
def test_full_months_never_pass_the_day_and_one_more_would(start: date, days: int) -> None:
    day = start + timedelta(days=days)
    months = full_months(start, day)
    assert add_months(start, months) <= day < add_months(start, months + 1)


@given(start=st.dates(date(2000, 1, 1), date(2060, 1, 1)), term=st.integers(1, 40), days=st.integers(-5, 1500))
def test_the_meter_never_leaves_its_bounds(start: date, term: int, days: int) -> None:
    meter = ServiceTime(start, add_months(start, term), start + timedelta(days=days))
    assert meter.months_allowed == term
    assert 0.0 <= meter.share <= 1.0
    assert meter.months_used >= 0
    assert bool(meter.attention) == (meter.today >= add_months(meter.end_on, -3))
