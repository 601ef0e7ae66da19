"""One row of an Assignment Listing, as shown."""

from collections import namedtuple
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, aliased

from cts.domain.fields import us_date
from cts.domain.identifiers import show_case_number, show_referral_number
from cts.domain.names import listed_name, spoken_name
from cts.domain.vocabulary import Status
from cts.services.actor import Actor
from cts.services.listing_marks import MARKED_BY, marks_of
from db.models import Agency, Assignment, Person, Youth
from db.session import ask


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


SHOWN = (
    Assignment.id,
    Assignment.number,
    Assignment.referral_id,
    Assignment.referral_on,
    Assignment.referral_name,
    Assignment.case_id,
    Assignment.status,
    Assignment.other_worker_id,
    *MARKED_BY,
    Youth.state_id,
    Youth.last_name,
    Youth.first_name,
    Youth.middle_name,
    Youth.suffix,
    Youth.pdj_number,
)
"""The columns a row is made of, beside the names `worker`, `supervisor`, `advocate` and `agency`: a row costs what it shows."""


def shown_row(actor: Actor, found: Any) -> ListingRow:
    """What stands on the row of an assignment for this person. `found` has what _ROWS asks for, by name."""
    advocate = spoken_name(found.advocate) if found.advocate else ""
    return ListingRow(
        number=found.number,
        state_id=found.state_id,
        referral_number=show_referral_number(found.referral_id) if found.referral_id else "",
        cph_referral_date=us_date(found.referral_on),
        referral_on=found.referral_on,
        referral_name=found.referral_name,
        youth_name=listed_name(found.last_name, found.first_name, found.middle_name, found.suffix),
        case_number=show_case_number(found.case_id) if found.case_id else "",
        pdj_number=found.pdj_number,
        status=Status(found.status),
        agency_and_advocate=" / ".join(filter(None, (found.agency, advocate))),
        csw=spoken_name(found.worker),
        scsw=spoken_name(found.supervisor) if found.supervisor else "",
        marks=marks_of(actor, found),
        other_department=found.other_worker_id == actor.person_id,
    )


_WORKER, _SUPERVISOR, _ADVOCATE = aliased(Person), aliased(Person), aliased(Person)
_ROWS = (
    select(
        *SHOWN,
        _WORKER.name.label("worker"),
        _SUPERVISOR.name.label("supervisor"),
        _ADVOCATE.name.label("advocate"),
        Agency.name.label("agency"),
    )
    .select_from(Assignment)
    .join(Youth, Youth.id == Assignment.youth_id)
    .outerjoin(_WORKER, _WORKER.id == Assignment.worker_id)
    .outerjoin(_SUPERVISOR, _SUPERVISOR.id == Assignment.supervisor_id)
    .outerjoin(_ADVOCATE, _ADVOCATE.id == Assignment.advocate_id)
    .outerjoin(Agency, Agency.id == Assignment.agency_id)
    .where(Assignment.id.in_(bindparam("ids", expanding=True)))
)


# A column of a row of SQLAlchemy is looked up by its name each time; twenty-two of a row, in twenty-five rows, are felt.
_named: Callable[[Iterable[Any]], Any] = namedtuple("Found", [column.key for column in _ROWS.selected_columns])._make  # type: ignore[misc, attr-defined]


def rows_of(session: Session, actor: Actor, ids: Sequence[int]) -> tuple[ListingRow, ...]:
    """All that is shown of these few, in their order. Whether the actor may see them was asked before."""
    if not ids:
        return ()
    found = {row.id: row for row in map(_named, ask(session, _ROWS, {"ids": ids}))}
    return tuple(shown_row(actor, found[i]) for i in ids)
