"""The Extension Request (mission §4.5): service beyond its twelve months."""

from datetime import date

from cts.domain.calendar import add_months
from cts.domain.fields import Answers, Field, FormSection, FormSpec, Kind
from cts.forms.building import ABOUT_THE_SERVICE, ABOUT_THE_YOUTH

ABOUT = FormSection("about", "Youth and service", (*ABOUT_THE_YOUTH, *ABOUT_THE_SERVICE))
EXTENSION = FormSection(
    "extension",
    "Extension",
    (
        Field("from_on", "From", Kind.DATE, required=True),
        Field("to_on", "To", Kind.DATE, required=True),
        Field("reason", "Reason for the extension", Kind.LONG_TEXT, required=True),
        Field(
            "goals_left",
            "Goals left",
            Kind.ROWS,
            required=True,
            columns=(Field("goal", "Goal", Kind.LONG_TEXT, required=True),),
            one="Goal",
        ),
        Field("youth_agrees", "The youth agrees", Kind.YES_NO, required=True),
        Field(
            "why_not",
            "What does the youth say?",
            Kind.LONG_TEXT,
            required=True,
            shown_if=lambda a: a.get("youth_agrees") is False,
        ),
    ),
)


def at_most_some_months(answers: Answers, facts: Answers, _today: date) -> list[tuple[str, str]]:
    """From the end of the service on, and not longer than a request may ask (a setting)."""
    start, end, service_end = answers.get("from_on"), answers.get("to_on"), facts.get("service_end_on")
    if not start or not end:
        return []
    began = facts.get("service_start_on")
    if began and str(start) < str(began):
        return [("from_on", "From: it must not be before the service began.")]
    months = int(facts.get("extension_months") or 6)
    found = []
    if service_end and str(start) > add_days_iso(str(service_end), 1):
        return [("from_on", "From: it must not leave a gap after the day the service ends.")]
    if str(end) <= str(start):
        found.append(("to_on", "To: it must be after From."))
    elif service_end and str(end) <= str(service_end):
        found.append(("to_on", "To: it must be after the day the service ends now."))
    elif date.fromisoformat(str(end)) > add_months(date.fromisoformat(str(start)), months):
        found.append(("to_on", f"To: one request extends the service by at most {months} months."))
    return found


def add_days_iso(day: str, days: int) -> str:
    """An ISO date some days later."""
    return date.fromordinal(date.fromisoformat(day).toordinal() + days).isoformat()


EXTENSION_REQUEST = FormSpec(
    title="Extension Request", version=1, sections=(ABOUT, EXTENSION), rules=(at_most_some_months,)
)
