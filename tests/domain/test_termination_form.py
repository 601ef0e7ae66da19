"""The Termination Report: what each reason asks for (mission §4.3)."""

from datetime import date
from typing import Any

import pytest

from cts.domain.answer_checks import check
from cts.forms.termination_report import TERMINATION_REASONS, TERMINATION_REPORT
from tests.parts.answers import REPORT

TODAY = date(2026, 11, 2)
FACTS = {"service_start_on": "2026-11-01"}
NO_EFFORTS = set(TERMINATION_REASONS) - {"youth_declined", "caregiver_declined", "awol", "other"}


def problems(**answers: Any) -> dict[str, str]:
    return {p.field: p.sentence for p in check(TERMINATION_REPORT, REPORT | answers, FACTS, TODAY)}


def test_the_reasons_are_those_of_the_mission() -> None:
    assert list(TERMINATION_REASONS.values()) == [
        "Graduated / goals met",
        "Youth declined",
        "Caregiver declined",
        "AWOL, unable to engage",
        "Moved out of county",
        "Detained or incarcerated",
        "Hospitalized or residential care",
        "Aged out",
        "Jurisdiction or case closed",
        "Transferred to another agency",
        "Term ended without extension",
        "Not eligible",
        "Deceased",
        "Other",
    ]


@pytest.mark.parametrize("reason", sorted(NO_EFFORTS))
def test_a_whole_report_has_no_problem(reason: str) -> None:
    assert problems(reason=reason) == {}


@pytest.mark.parametrize("reason", ["youth_declined", "caregiver_declined", "awol"])
def test_a_youth_who_ran_away_or_refused_demands_the_efforts_made(reason: str) -> None:
    for nothing in (None, "", " \n", "\u200b"):
        assert list(problems(reason=reason, efforts=nothing)) == ["efforts"]
    assert problems(reason=reason, efforts="Called every day; went to the shelter twice.") == {}


def test_another_reason_is_named() -> None:
    assert list(problems(reason="other")) == ["reason_other"]
    assert problems(reason="other", reason_other="The family moved abroad.") == {}
    assert list(problems(reason=None)) == ["reason"]
    assert list(problems(reason="whatever")) == ["reason"]


def test_a_goal_not_achieved_says_why() -> None:
    goals = [{"id": "a1", "goal": "Finish high school", "achieved": False}]
    assert problems(goals=goals)["goals"].startswith("Goal 1, ")
    assert problems(goals=[goals[0] | {"why_not": "She works now."}]) == {}
    assert "Goal 1, " in problems(goals=[{"id": "a1", "goal": "Finish high school"}])["goals"]


def test_goals_are_told_but_where_service_may_have_ended_before_there_were_any() -> None:
    assert problems(goals=[]) == {"goals": "Long-Term Goals: please add at least one."}
    for reason in ("awol", "youth_declined", "caregiver_declined", "not_eligible", "deceased"):
        assert problems(goals=[], reason=reason, efforts="Called every day.") == {}, reason


def test_community_resources_are_asked_but_where_there_is_nobody_to_link() -> None:
    assert problems(resources=[]) == {"resources": "Community Resources: please add at least one."}
    assert problems(resources=[{"id": "e1", "name": "Library"}])["resources"].startswith("Resource 1, ")
    for reason in ("not_eligible", "deceased", "awol", "youth_declined", "caregiver_declined"):
        assert problems(resources=[], reason=reason, efforts="Called every day.") == {}


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2026-11-03", "must not be in the future"),
        ("2026-10-31", "must not be before the service began"),
        ("9999-12-31", "please check the year"),
        (None, "please answer"),
    ],
)
def test_the_day_service_ended(day: str | None, said: str) -> None:
    assert said in problems(terminated_on=day)["terminated_on"]
    assert problems(terminated_on="2026-11-01") == {}
