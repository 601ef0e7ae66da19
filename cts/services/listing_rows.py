"""One row of an Assignment Listing, as shown."""

from dataclasses import dataclass
from datetime import date

from cts.domain.fields import us_date
from cts.domain.identifiers import show_case_number, show_referral_number
from cts.domain.names import listed_name, spoken_name
from cts.domain.vocabulary import CLOSED_STATUSES, Status
from cts.services.actor import Actor
from db.models import Assignment, Youth


@dataclass(frozen=True)
class ListingRow:
    """One row as shown: ids grouped, dates as 11/02/2026."""

    number: int
    state_id: str
    referral_number: str
    cph_referral_date: str
    referral_name: str
    youth_name: str
    case_number: str
    pdj_number: str
    status: Status
    agency_and_advocate: str
    csw: str
    scsw: str
    marks: tuple[str, ...]
    referral_on: date | None = None
    other_department: bool = False
    """Dual youth led by the other department: read along, decided there."""


def shown_row(
    actor: Actor,
    assignment: Assignment,
    youth: Youth,
    worker: str,
    supervisor: str | None,
    advocate: str | None,
    agency: str | None,
) -> ListingRow:
    """What stands on the row of an assignment for this person."""
    return ListingRow(
        number=assignment.number,
        state_id=youth.state_id,
        referral_number=show_referral_number(assignment.referral_id) if assignment.referral_id else "",
        cph_referral_date=us_date(assignment.referral_on),
        referral_on=assignment.referral_on,
        referral_name=assignment.referral_name,
        youth_name=listed_name(youth.last_name, youth.first_name, youth.middle_name, youth.suffix),
        case_number=show_case_number(assignment.case_id) if assignment.case_id else "",
        pdj_number=youth.pdj_number,
        status=Status(assignment.status),
        agency_and_advocate=" / ".join(p for p in (agency, spoken_name(advocate) if advocate else None) if p),
        csw=spoken_name(worker),
        scsw=spoken_name(supervisor) if supervisor else "",
        marks=_marks(assignment),
        other_department=assignment.other_worker_id == actor.person_id,
    )


def _marks(assignment: Assignment) -> tuple[str, ...]:
    """What the extract says that needs a person's attention."""
    marks = []
    if assignment.missing_since:
        marks.append(f"No longer in CWS/CMS since {us_date(assignment.missing_since)}")
    if assignment.flag_ended_on and assignment.status not in CLOSED_STATUSES:
        marks.append(f"CSEC flag ended {us_date(assignment.flag_ended_on)}")
    if assignment.case_flag_missing:
        marks.append("CSEC flag not entered on the case")
    return tuple(marks)
