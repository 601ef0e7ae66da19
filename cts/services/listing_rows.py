"""One row of an Assignment Listing, as shown."""

from dataclasses import dataclass
from datetime import date
from typing import Any

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


SHOWN: tuple[Any, ...] = (
    Assignment.id,
    Assignment.number,
    Assignment.status,
    Assignment.referral_id,
    Assignment.referral_on,
    Assignment.referral_name,
    Assignment.case_id,
    Assignment.worker_id,
    Assignment.supervisor_id,
    Assignment.other_worker_id,
    Assignment.missing_since,
    Assignment.flag_ended_on,
    Assignment.case_flag_missing,
    Youth.state_id,
    Youth.last_name,
    Youth.first_name,
    Youth.middle_name,
    Youth.suffix,
    Youth.pdj_number,
)
"""What is read for a row, with the names of worker, supervisor, advocate and agency: these cells and no more, for every page that is drawn."""


def shown_row(actor: Actor, row: Any) -> ListingRow:
    """What stands on the row of an assignment for this person."""
    return ListingRow(
        number=row.number,
        state_id=row.state_id,
        referral_number=show_referral_number(row.referral_id) if row.referral_id else "",
        cph_referral_date=us_date(row.referral_on),
        referral_on=row.referral_on,
        referral_name=row.referral_name,
        youth_name=listed_name(row.last_name, row.first_name, row.middle_name, row.suffix),
        case_number=show_case_number(row.case_id) if row.case_id else "",
        pdj_number=row.pdj_number,
        status=Status(row.status),
        agency_and_advocate=" / ".join(
            p for p in (row.agency, spoken_name(row.advocate) if row.advocate else None) if p
        ),
        csw=spoken_name(row.worker),
        scsw=spoken_name(row.supervisor) if row.supervisor else "",
        marks=marks_of(actor, row),
        other_department=row.other_worker_id == actor.person_id,
    )
