"""One row of an Assignment Listing, as shown."""

from dataclasses import dataclass
from datetime import date

from cts.domain.fields import us_date
from cts.domain.identifiers import show_case_number, show_referral_number
from cts.domain.names import listed_name, spoken_name
from cts.domain.vocabulary import Status
from cts.services.actor import Actor
from cts.services.listing_marks import marks_of
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
        marks=marks_of(actor, assignment, worker, supervisor),
        other_department=assignment.other_worker_id == actor.person_id,
    )
