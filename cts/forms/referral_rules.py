"""What a Referral must satisfy beyond single answers (mission §4.1, "Checks")."""

from datetime import date

from cts.domain.calendar import age_on
from cts.domain.fields import Answers, is_blank
from cts.domain.identifiers import parse_key
from cts.domain.vocabulary import ABSENT_CODES, LeadAgency
from cts.forms.referral_options import SAFETY_ALERTS

AGES_SERVED = {LeadAgency.DCFS: (11, 18), LeadAgency.PROBATION: (11, 21)}
"""Youngest and oldest age at referral, by lead agency (mission §4.1)."""


def needs_exception(answers: Answers, facts: Answers, today: date) -> list[tuple[str, str]]:
    """Why an exception must be stated: AWOL, outside the county, outside the ages served. Empty when none is needed."""
    if not is_blank(answers.get("exception")):
        return []
    causes = exception_causes(answers, facts, today)
    if not causes:
        return []
    return [("exception", f"A Referral is not accepted while {' and '.join(causes)}, unless you state an exception.")]


def exception_causes(answers: Answers, facts: Answers, today: date) -> list[str]:
    """The circumstances in which a Referral is not accepted without an exception, in words (mission §4.1)."""
    causes = []
    if facts.get("awol_code") in ABSENT_CODES:
        causes.append("the youth is AWOL or abducted")
    if answers.get("in_county") is False:
        causes.append("the youth lives outside Los Angeles County")
    youngest, oldest = AGES_SERVED[LeadAgency(facts["lead_agency"])]
    age = age_on(date.fromisoformat(str(facts["birth_date"])), today)
    if not youngest <= age <= oldest:
        causes.append(f"the youth is {age} years old (ages {youngest} to {oldest} are served)")
    return causes


def alerts_described(answers: Answers, _facts: Answers, _today: date) -> list[tuple[str, str]]:
    """Every kind of alert chosen says what the agency has to know."""
    alerts = answers.get("alerts") or {}
    if answers.get("alerts_stated") != "present" or not isinstance(alerts, dict):
        return []
    empty = [SAFETY_ALERTS.get(k, k) for k, text in alerts.items() if is_blank(text)]
    return [("alerts", f"{empty[0]}: please describe this alert.")] if empty else []


def dates_past(answers: Answers, facts: Answers, today: date) -> list[tuple[str, str]]:
    """A conversation has taken place: not tomorrow, not before the youth was born."""
    found = []
    for key, label in (
        ("spoke_youth_on", "Date spoken with the youth"),
        ("spoke_caregiver_on", "Date spoken with the caregiver"),
    ):
        text = answers.get(key)
        asked = answers.get(key.removesuffix("_on")) is True
        if asked and text and not str(facts["birth_date"]) <= str(text) <= today.isoformat():
            found.append((key, f"{label}: the date must not be in the future or before the youth was born."))
    return found


def hotline_number_valid(answers: Answers, _facts: Answers, _today: date) -> list[tuple[str, str]]:
    """The hotline's number is a CWS/CMS number."""
    number = answers.get("hotline_number")
    if answers.get("hotline") != "yes" or not number:
        return []
    try:
        parse_key(str(number))
    except ValueError as fault:
        return [("hotline_number", f"Hotline referral number: {fault}")]
    return []
