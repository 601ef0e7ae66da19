"""The facts of CWS/CMS about a youth and an episode, as forms and records show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cts.domain.calendar import age_on
from cts.domain.fields import us_date
from cts.domain.identifiers import show_case_number, show_referral_number
from cts.domain.names import listed_name, spoken_name
from cts.domain.vocabulary import GRID_TYPES, VICTIM_GRID_TYPES, Document
from cts.settings import settings
from db.models import Agency, Assignment, GridRow, Office, Person, ReviewedDocument, Youth

SOURCE = "CWS/CMS"


@dataclass(frozen=True)
class Facts:
    """Values by field key, with the source and the date of the extract they came from."""

    values: dict[str, Any]
    source: str
    extract_on: date

    def as_json(self) -> dict[str, Any]:
        """The shape kept with a submitted document."""
        return {"values": self.values, "source": self.source, "on": self.extract_on.isoformat()}

    @staticmethod
    def from_json(kept: dict[str, Any]) -> "Facts":
        """The facts as they stood when the document was submitted."""
        return Facts(dict(kept["values"]), str(kept["source"]), date.fromisoformat(kept["on"]))


def read_facts(session: Session, assignment: Assignment, youth: Youth, today: date) -> Facts:
    """The facts as the newest extract states them."""
    worker = session.get_one(Person, assignment.worker_id)
    supervisor = session.get(Person, assignment.supervisor_id) if assignment.supervisor_id else None
    office = session.get_one(Office, assignment.office_code)
    grid = session.scalars(
        select(GridRow).where(GridRow.assignment_id == assignment.id).order_by(GridRow.start_on, GridRow.id)
    ).all()
    names = StaffNames(worker.name, supervisor.name if supervisor else "", office.name)
    return stated_facts(assignment, youth, names, grid, today)


@dataclass(frozen=True)
class StaffNames:
    """Case worker and supervisor ('' for none) as CWS/CMS lists them, and the name of the office."""

    worker: str
    supervisor: str
    office: str


def stated_facts(
    assignment: Assignment, youth: Youth, names: StaffNames, grid: Sequence[GridRow], today: date
) -> Facts:
    """The same of rows in hand. `grid` in the order of its start."""
    values = {
        "lead_agency": assignment.lead_agency,
        "dual": assignment.dual,
        "flagged_as": "Victim" if any(g.csec_type in VICTIM_GRID_TYPES for g in grid) else "At risk",
        "grid": "\n".join(_grid_words(g) for g in grid),
        "project_start_on": _iso(assignment.project_start_on),
        "project_end_on": _iso(assignment.project_end_on),
        "youth_name": listed_name(youth.last_name, youth.first_name, youth.middle_name, youth.suffix),
        "birth_date": _iso(youth.birth_date),
        "age": str(age_on(youth.birth_date, today)),
        "sex": youth.sex,
        "race_ethnicity": youth.race_ethnicity,
        "primary_language": youth.primary_language,
        "state_id": youth.state_id,
        "referral_number": show_referral_number(assignment.referral_id) if assignment.referral_id else "",
        "case_number": show_case_number(assignment.case_id) if assignment.case_id else "",
        "pdj_number": youth.pdj_number,
        "service_component": assignment.service_component,
        "placement_type": assignment.placement_type,
        "awol_code": assignment.awol_code,
        "worker_name": spoken_name(names.worker),
        "supervisor_name": spoken_name(names.supervisor),
        "office_name": names.office,
    }
    return Facts(values, SOURCE, assignment.extract_on)


def service_facts(session: Session, assignment: Assignment, document: ReviewedDocument) -> dict[str, Any]:
    """What CTS itself knows besides, for the documents of the service: agency, Advocate, dates. A Referral has none of it."""
    if document.kind == Document.REFERRAL:
        return {}
    agency = session.get(Agency, assignment.agency_id) if assignment.agency_id else None
    return served_facts(
        assignment,
        agency_name=agency.name if agency else "",
        advocate_name=_spoken(session, assignment.advocate_id),
        requestor=_spoken(session, document.author_id or assignment.advocate_id),
        other_worker_name=_spoken(session, assignment.other_worker_id),
    )


def served_facts(
    assignment: Assignment, *, agency_name: str, advocate_name: str, requestor: str, other_worker_name: str
) -> dict[str, Any]:
    """The same of names in hand, as they are spoken."""
    return {
        "agency_name": agency_name,
        "advocate_name": advocate_name,
        "requestor": requestor,
        "other_worker_name": other_worker_name,
        "service_start_on": _iso(assignment.service_start_on),
        "service_end_on": _iso(assignment.service_end_on),
        "extension_months": settings().extension_months,
    }


def _spoken(session: Session, person_id: int | None) -> str:
    person = session.get(Person, person_id) if person_id else None
    return spoken_name(person.name) if person else ""


def _grid_words(row: GridRow) -> str:
    until = f" to {us_date(row.end_on)}" if row.end_on else ""
    return f"{row.csec_type} {GRID_TYPES[row.csec_type]}, from {us_date(row.start_on)}{until}"


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
