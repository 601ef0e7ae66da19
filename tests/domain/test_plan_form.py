"""One phase of the Advocacy Plan: what it asks, and what the next phase starts with (mission §4.2)."""

from datetime import date
from typing import Any

import pytest

from cts.domain.answer_checks import check
from cts.domain.fields import ROW_ID, Kind
from cts.forms.advocacy_plan import ADVOCACY_PLAN, first_phase, next_phase
from tests.parts.answers import PHASE

TODAY = date(2026, 11, 2)
GOALS: list[dict[str, Any]] = PHASE["goals"]


def problems(**answers: Any) -> list[tuple[str, str]]:
    return [(p.field, p.sentence) for p in check(ADVOCACY_PLAN, PHASE | answers, {}, TODAY)]


def changed(row: int, **cells: Any) -> list[dict[str, Any]]:
    return [goal | cells if n == row else goal for n, goal in enumerate(GOALS)]


def test_sections_and_rows_are_the_guides() -> None:
    assert [s.title for s in ADVOCACY_PLAN.sections] == [
        "Phase",
        "Strengths, warnings and needs",
        "Goals",
        "Safety",
        "Support Systems and Professionals",
    ]
    rows = {f.key: [c.label for c in f.columns] for f in ADVOCACY_PLAN.fields() if f.kind is Kind.ROWS}
    assert rows == {
        "long_term_goals": ["Long-term goal"],
        "goals": ["Goal", "Action Step", "Due Date", "Team Member", "Completed", "If no, why"],
        "support_systems": ["Name", "Relationship", "Phone or e-mail"],
        "professionals": ["Name", "Relationship", "Phone or e-mail"],
    }
    keys = [f.key for f in ADVOCACY_PLAN.fields()]
    assert len(keys) == len(set(keys))


def test_a_whole_phase_has_no_problem_and_an_empty_one_names_all_that_is_missing() -> None:
    assert problems() == []
    empty = check(ADVOCACY_PLAN, first_phase(TODAY), {}, TODAY)
    assert [p.field for p in empty] == [
        "strengths",
        "warnings",
        "priority_needs",
        "long_term_goals",
        "goals",
        "safety_concerns",
        "safety_plan",
        "coping_skills",
    ]
    assert all(p.sentence.endswith(".") for p in empty)


def test_a_goal_not_reached_says_why_and_names_its_row_and_cell() -> None:
    assert problems(goals=changed(1, completed=True)) == []
    found = check(ADVOCACY_PLAN, PHASE | {"goals": changed(1, completed=False)}, {}, TODAY)
    assert [(p.field, p.row, p.column) for p in found] == [("goals", "b2", "why_not")]
    assert found[0].sentence.startswith("Goal 2, ") and "please answer" in found[0].sentence
    assert problems(goals=changed(1, completed=False, why_not="No appointment was free.")) == []


def test_a_row_added_and_left_empty_counts_for_nothing() -> None:
    assert problems(goals=[*GOALS, {ROW_ID: "b3"}, {ROW_ID: "b4", "goal": " ", "completed": None}]) == []
    assert [field for field, _ in problems(goals=[{ROW_ID: "b3"}])] == ["goals"]
    assert [field for field, _ in problems(goals=[])] == ["goals"]


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"start_on": "2026-10-01", "actual_end_on": "2026-09-30"}, "must not be before the Start Date"),
        ({"start_on": "2026-10-01", "actual_end_on": "2026-11-03"}, "must not be in the future"),
        ({"extension_days": "366", "extension_reason": "School."}, "at most 365 days"),
        ({"extension_days": "30"}, "Reason for the Phase Extension: please answer"),
        ({"extension_days": "0", "extension_reason": "None."}, "whole number from 1"),
        ({"extension_days": "-5", "extension_reason": "None."}, "whole number from 1"),
        ({"extension_days": "a month", "extension_reason": "None."}, "whole number from 1"),
        ({"start_on": None}, "Start Date: please answer"),
    ],
)
def test_dates_and_days_that_cannot_be(answers: dict[str, Any], said: str) -> None:
    assert said in problems(**answers)[0][1]


def test_a_phase_starts_within_the_service() -> None:
    def said(start: str) -> list[str]:
        facts = {"service_start_on": "2026-10-01"}
        return [p.sentence for p in check(ADVOCACY_PLAN, PHASE | {"start_on": start}, facts, TODAY)]

    assert said("2026-09-30") == ["Start Date: it must not be before the service began."]
    assert said("2026-10-01") == []


def test_a_phase_that_has_ended_says_what_was_completed() -> None:
    ended = {"actual_end_on": "2026-11-02"}
    assert [field for field, _ in problems(**ended)] == ["completed", "goals"]
    told = [goal | {"completed": True} for goal in GOALS]
    assert problems(**ended, completed=True, goals=told) == []
    assert [s for _, s in problems(**ended, completed=False, goals=changed(0, completed=True))] == [
        "Goal 2, Completed: please answer, since the phase has ended."
    ]


def test_a_phase_is_extended_with_a_reason() -> None:
    assert problems(extension_days="30", extension_reason="The school starts later.") == []
    assert problems(extension_days="365", extension_reason="A year abroad.") == []


def test_the_next_phase_starts_from_the_goals_still_open_and_the_people() -> None:
    goals = [
        GOALS[0] | {"completed": True},
        GOALS[1] | {"completed": False, "why_not": "No appointment was free."},
        GOALS[0] | {ROW_ID: "b3", "goal": "Sleep"},
        {ROW_ID: "b4"},
    ]
    before = PHASE | {"goals": goals, "extension_days": "30", "actual_end_on": "2026-11-02", "completed": True}
    after = next_phase(before, TODAY)
    assert set(after) == {"start_on", "goals", "long_term_goals", "support_systems", "professionals"}
    assert after["start_on"] == "2026-11-02"
    assert [(g[ROW_ID], g["goal"]) for g in after["goals"]] == [("b2", "See the clinic"), ("b3", "Sleep")]
    assert not any({"completed", "why_not"} & set(goal) for goal in after["goals"])
    assert after["long_term_goals"] == PHASE["long_term_goals"]
    assert after["support_systems"] == PHASE["support_systems"]
    assert before["goals"][1]["why_not"], "the phase before keeps what was told"


def test_the_first_phase_and_one_after_an_empty_one_can_be_written() -> None:
    assert first_phase(TODAY) == {"start_on": "2026-11-02"}
    assert next_phase({}, TODAY)["goals"] == []
