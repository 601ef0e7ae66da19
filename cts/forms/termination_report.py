"""The Termination Report (guide; mission §4.3)."""

from datetime import date

from cts.domain.fields import Answers, Field, FormSection, FormSpec, Kind
from cts.domain.rows import full_rows
from cts.forms.building import ABOUT_THE_SERVICE, ABOUT_THE_YOUTH

TERMINATION_REASONS = {
    "graduated": "Graduated / goals met",
    "youth_declined": "Youth declined",
    "caregiver_declined": "Caregiver declined",
    "awol": "AWOL, unable to engage",
    "moved": "Moved out of county",
    "detained": "Detained or incarcerated",
    "hospitalized": "Hospitalized or residential care",
    "aged_out": "Aged out",
    "case_closed": "Jurisdiction or case closed",
    "transferred": "Transferred to another agency",
    "term_ended": "Term ended without extension",
    "not_eligible": "Not eligible",
    "deceased": "Deceased",
    "other": "Other",
}
EFFORTS_ASKED = frozenset({"youth_declined", "caregiver_declined", "awol"})
"""The youth ran away or services were refused: what was done to engage the youth has to be told (guide)."""
NO_RESOURCES_ASKED = EFFORTS_ASKED | {"not_eligible", "deceased"}
"""Where there may be nobody to link to a community resource."""
NO_GOALS_ASKED = EFFORTS_ASKED | NO_RESOURCES_ASKED
"""Service may have ended before there was a plan: nobody is made to invent a goal."""

ABOUT = FormSection("about", "Youth and service", (*ABOUT_THE_YOUTH, *ABOUT_THE_SERVICE))
ENDING = FormSection(
    "ending",
    "Termination",
    (
        Field("terminated_on", "Date of Termination", Kind.DATE, required=True),
        Field("reason", "Reason for Termination", Kind.CHOICE, required=True, options=TERMINATION_REASONS),
        Field(
            "reason_other",
            "Other reason",
            Kind.TEXT,
            required=True,
            shown_if=lambda a: a.get("reason") == "other",
        ),
        Field(
            "efforts",
            "If youth ran away or refused services, document efforts made to engage youth",
            Kind.LONG_TEXT,
            required=True,
            shown_if=lambda a: a.get("reason") in EFFORTS_ASKED,
        ),
    ),
)
GOALS = FormSection(
    "goals",
    "Long-Term Goals",
    (
        Field(
            "goals",
            "Long-Term Goals",
            Kind.ROWS,
            columns=(
                Field("goal", "Long-Term Goal", Kind.LONG_TEXT, required=True),
                Field("achieved", "Goal Achieved", Kind.YES_NO, required=True),
                Field(
                    "why_not",
                    "If No, Why?",
                    Kind.LONG_TEXT,
                    required=True,
                    shown_if=lambda row: row.get("achieved") is False,
                ),
            ),
            one="Goal",
        ),
    ),
    note="Taken from the Advocacy Plan.",
)
RESOURCES = FormSection(
    "resources",
    "Community Resources",
    (
        Field(
            "resources",
            "Community Resources",
            Kind.ROWS,
            columns=(
                Field("name", "Name of Community Resource", Kind.TEXT, required=True),
                Field("description", "Description of Resource", Kind.LONG_TEXT, required=True),
                Field("contact", "Resource Contact Info", Kind.TEXT, required=True),
            ),
            one="Resource",
            help="Those to which the youth is linked.",
        ),
    ),
)


def within_the_service(answers: Answers, facts: Answers, today: date) -> list[tuple[str, str]]:
    """Service ended on a day that has come, and not before it began."""
    ended, began = answers.get("terminated_on"), facts.get("service_start_on")
    if ended and str(ended) > today.isoformat():
        return [("terminated_on", "Date of Termination: it must not be in the future.")]
    if ended and began and str(ended) < str(began):
        return [("terminated_on", "Date of Termination: it must not be before the service began.")]
    return []


def goals_told(answers: Answers, _facts: Answers, _today: date) -> list[tuple[str, str]]:
    """What became of the goals is told, but where service may have ended before there were any."""
    if answers.get("reason") in NO_GOALS_ASKED or full_rows(answers.get("goals")):
        return []
    return [("goals", "Long-Term Goals: please add at least one.")]


def resources_named(answers: Answers, _facts: Answers, _today: date) -> list[tuple[str, str]]:
    """Every youth leaves with at least one community resource, but where there is nobody to link."""
    if answers.get("reason") in NO_RESOURCES_ASKED or full_rows(answers.get("resources")):
        return []
    return [("resources", "Community Resources: please add at least one.")]


TERMINATION_REPORT = FormSpec(
    title="Termination Report",
    version=1,
    sections=(ABOUT, ENDING, GOALS, RESOURCES),
    rules=(within_the_service, goals_told, resources_named),
)
