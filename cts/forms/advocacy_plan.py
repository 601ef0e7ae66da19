"""One phase of the Advocacy Plan (guide; mission §4.2). The three phases share this form."""

from datetime import date
from typing import Any

from cts.domain.fields import Answers, Field, FormSection, FormSpec, Kind
from cts.domain.money import number_of
from cts.domain.rows import full_rows
from cts.forms.building import ABOUT_THE_YOUTH, people

LONGEST_EXTENSION_DAYS = 365

LONG_TERM_GOALS = Field(
    "long_term_goals",
    "Long-Term Priority Goals",
    Kind.ROWS,
    required=True,
    columns=(Field("goal", "Long-term goal", Kind.LONG_TEXT, required=True),),
    one="Long-term goal",
    help="They are carried into the next phase and into the Termination Report.",
)
GOALS = Field(
    "goals",
    "Goals and action steps",
    Kind.ROWS,
    required=True,
    columns=(
        Field("goal", "Goal", Kind.LONG_TEXT, required=True),
        Field("action_step", "Action Step", Kind.LONG_TEXT, required=True),
        Field("due_on", "Due Date", Kind.DATE, required=True),
        Field("team_member", "Team Member", Kind.TEXT, required=True),
        Field("completed", "Completed", Kind.YES_NO),
        Field(
            "why_not",
            "If no, why",
            Kind.LONG_TEXT,
            required=True,
            shown_if=lambda row: row.get("completed") is False,
        ),
    ),
    one="Goal",
)

PHASE = FormSection(
    "phase",
    "Phase",
    (
        *ABOUT_THE_YOUTH,
        Field("start_on", "Start Date", Kind.DATE, required=True),
        Field("extension_days", "Phase Extension (days)", Kind.NUMBER, help="Moves the Projected End Date."),
        Field(
            "extension_reason",
            "Reason for the Phase Extension",
            Kind.LONG_TEXT,
            required=True,
            shown_if=lambda a: bool(a.get("extension_days")),
        ),
        Field("actual_end_on", "Actual End Date", Kind.DATE),
        Field("completed", "Completed", Kind.YES_NO, help="Whether the phase has been completed."),
    ),
)
STRENGTHS = FormSection(
    "strengths",
    "Strengths, warnings and needs",
    (
        Field("strengths", "Strengths", Kind.LONG_TEXT, required=True),
        Field("warnings", "Warnings", Kind.LONG_TEXT, required=True),
        Field("priority_needs", "Priority Needs", Kind.LONG_TEXT, required=True),
    ),
)
GOALS_SECTION = FormSection("goals", "Goals", (LONG_TERM_GOALS, GOALS))
SAFETY = FormSection(
    "safety",
    "Safety",
    (
        Field("safety_concerns", "Current Safety Concerns", Kind.LONG_TEXT, required=True),
        Field("safety_plan", "Safety Plan", Kind.LONG_TEXT, required=True),
        Field("coping_skills", "Coping Skills", Kind.LONG_TEXT, required=True),
    ),
)
PEOPLE = FormSection(
    "people",
    "Support Systems and Professionals",
    (people("support_systems", "Support Systems", "Person"), people("professionals", "Professionals", "Professional")),
)


def dates_in_order(answers: Answers, facts: Answers, today: date) -> list[tuple[str, str]]:
    """A phase starts within the service, and does not end before it starts, nor in the future; its extension stays within a year."""
    found = []
    start, end, began = answers.get("start_on"), answers.get("actual_end_on"), facts.get("service_start_on")
    if start and began and str(start) < str(began):
        found.append(("start_on", "Start Date: it must not be before the service began."))
    if start and end and str(end) < str(start):
        found.append(("actual_end_on", "Actual End Date: it must not be before the Start Date."))
    elif end and str(end) > today.isoformat():
        found.append(
            (
                "actual_end_on",
                "Actual End Date: it must not be in the future. Leave it empty until the phase has ended.",
            )
        )
    days = number_of(answers.get("extension_days"))
    if days is not None and days > LONGEST_EXTENSION_DAYS:
        found.append(("extension_days", f"Phase Extension (days): at most {LONGEST_EXTENSION_DAYS} days."))
    return found


def ended_phase_is_told(answers: Answers, _facts: Answers, _today: date) -> list[tuple[str, str]]:
    """A phase that has ended says whether it was completed, and of each goal whether it was."""
    if not answers.get("actual_end_on"):
        return []
    found = []
    if answers.get("completed") is None:
        found.append(("completed", "Completed: please answer, since the phase has ended."))
    untold = [n for n, row in enumerate(full_rows(answers.get("goals")), start=1) if row.get("completed") is None]
    if untold:
        found.append(("goals", f"Goal {untold[0]}, Completed: please answer, since the phase has ended."))
    return found


def projected_end(answers: Answers, days: int) -> date | None:
    """Start, length of the phase in `days` (a setting) and phase extension (mission §4.2); None before the phase has a start."""
    start = answers.get("start_on")
    length = days + (number_of(answers.get("extension_days")) or 0)
    return date.fromordinal(date.fromisoformat(str(start)).toordinal() + length) if start else None


def first_phase(today: date) -> dict[str, Any]:
    """What the first phase starts with."""
    return {"start_on": today.isoformat()}


def next_phase(answers: Answers, today: date) -> dict[str, Any]:
    """What a phase starts with when the one before is approved: the goals still open, and the people around the youth (mission §4.2)."""
    still_open = [
        {k: v for k, v in row.items() if k not in {"completed", "why_not"}}
        for row in full_rows(answers.get("goals"))
        if row.get("completed") is not True
    ]
    kept = {key: full_rows(answers.get(key)) for key in ("long_term_goals", "support_systems", "professionals")}
    return first_phase(today) | {"goals": still_open} | kept


ADVOCACY_PLAN = FormSpec(
    title="Advocacy Plan",
    version=1,
    sections=(PHASE, STRENGTHS, GOALS_SECTION, SAFETY, PEOPLE),
    rules=(dates_in_order, ended_phase_is_told),
)
