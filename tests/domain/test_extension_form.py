"""The Extension Request: at most so many months, without a gap (mission §4.5)."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cts.domain.answer_checks import check
from cts.forms.extension_request import EXTENSION_REQUEST
from tests.parts.answers import MORE_TIME

TODAY = date(2027, 9, 1)
FACTS = {"service_end_on": "2027-11-02", "extension_months": 6}


def problems(facts: dict[str, Any] | None = None, **answers: Any) -> dict[str, str]:
    found = check(EXTENSION_REQUEST, MORE_TIME | answers, FACTS | (facts or {}), TODAY)
    return {p.field: p.sentence for p in found}


def test_a_whole_request_has_no_problem_and_an_empty_one_names_all_that_is_missing() -> None:
    assert problems() == {}
    assert list(problems(from_on=None, to_on=None, reason="", goals_left=[], youth_agrees=None)) == [
        "from_on",
        "to_on",
        "reason",
        "goals_left",
        "youth_agrees",
    ]


def test_a_youth_who_does_not_agree_is_heard() -> None:
    assert list(problems(youth_agrees=False)) == ["why_not"]
    assert problems(youth_agrees=False, why_not="She wants to be left alone.") == {}


@pytest.mark.parametrize(
    ("start", "end", "field", "said"),
    [
        ("2027-11-03", "2028-05-03", "", ""),
        ("2027-11-03", "2028-05-04", "to_on", "at most 6 months"),
        ("2027-11-03", "2037-11-03", "to_on", "at most 6 months"),
        ("2027-11-04", "2028-02-02", "from_on", "must not leave a gap"),
        ("2027-10-01", "2027-12-01", "", ""),
        ("2027-10-01", "2027-11-02", "to_on", "after the day the service ends now"),
        ("9999-10-01", "9999-12-31", "from_on to_on", "please check the year"),
        ("2027-11-03", "2027-11-03", "to_on", "must be after From"),
        ("2027-11-03", "2026-11-03", "to_on", "must be after From"),
    ],
)
def test_from_and_to(start: str, end: str, field: str, said: str) -> None:
    found = problems(from_on=start, to_on=end)
    assert list(found) == field.split()
    assert all(said in sentence for sentence in found.values())


def test_it_begins_within_the_service() -> None:
    assert problems({"service_start_on": "2026-11-03"}, from_on="2026-11-02", to_on="2028-02-02") == {
        "from_on": "From: it must not be before the service began."
    }
    assert problems({"service_start_on": "2026-11-03"}) == {}


def test_the_months_are_a_setting() -> None:
    assert problems(facts={"extension_months": 2}) == {
        "to_on": "To: one request extends the service by at most 2 months."
    }


DATES = st.dates(date(1900, 1, 1)).map(str)


@given(start=DATES, end=DATES, service_end=st.none() | DATES)
def test_no_dates_at_all_break_the_form(start: str, end: str, service_end: str | None) -> None:
    found = problems(facts={"service_end_on": service_end}, from_on=start, to_on=end)
    assert set(found) <= {"from_on", "to_on"}
    if not found and service_end:
        assert start <= end and end > service_end
