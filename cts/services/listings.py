"""The Assignment Listing: the guide's columns, scoped to the person, with totals, paging and sorting in SQL."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from cts.domain.fields import us_date
from cts.domain.identifiers import parse_key, show_case_number, show_referral_number
from cts.domain.names import fold, listed_name, spoken_name
from cts.domain.vocabulary import CASE_WORKER_ROLES, CLOSED_STATUSES, SUPERVISOR_ROLES, Role, Status
from cts.services.actor import Actor
from cts.services.refusals import Incomplete, NotPermitted
from db.models import Agency, Assignment, Person, Youth, YouthNamePart
from db.session import reading

NON_CLOSED = "Non-Closed"
ANY_STATUS = "Any"
PAGE_SIZE = 25


class SortBy(StrEnum):
    """The columns a listing can be sorted by."""

    NUMBER = "number"
    STATE_ID = "state_id"
    REFERRAL = "referral"
    CPH_DATE = "cph_date"
    REFERRAL_NAME = "referral_name"
    YOUTH = "youth"
    CASE = "case"
    PDJ = "pdj"
    STATUS = "status"
    AGENCY = "agency"
    CSW = "csw"
    SCSW = "scsw"


@dataclass(frozen=True)
class Criteria:
    """What the Search of the guide asks. Blank fields do not narrow. `status` is a status word, Non-Closed or Any."""

    referral_number: str = ""
    case_number: str = ""
    state_id: str = ""
    last_name: str = ""
    first_name: str = ""
    birth_date: date | None = None
    pdj_number: str = ""
    status: str = NON_CLOSED

    @property
    def names_a_youth(self) -> bool:
        """Whether anything but the status is asked."""
        texts = (
            self.referral_number,
            self.case_number,
            self.state_id,
            self.last_name,
            self.first_name,
            self.pdj_number,
        )
        return self.birth_date is not None or any(t.strip() for t in texts)


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


@dataclass(frozen=True)
class ListingPage:
    """One page of a listing; `page` counts from 1."""

    rows: tuple[ListingRow, ...]
    total: int
    page: int
    pages: int


def listing(
    actor: Actor,
    criteria: Criteria | None = None,
    *,
    sort_by: SortBy = SortBy.NUMBER,
    descending: bool = False,
    page: int = 1,
    whole_office: bool = False,
) -> ListingPage:
    """The actor's own listing, narrowed by criteria. Raises Incomplete for an id that cannot be one, NotPermitted for support."""
    wanted = (scope_of(actor, whole_office=whole_office), *conditions(criteria or Criteria()))
    with reading() as session:
        total = session.scalar(_joined(select(func.count(Assignment.id))).where(*wanted)) or 0
        pages = max(1, -(-total // PAGE_SIZE))
        page = min(max(1, page), pages)
        rows = _page_of_rows(session, wanted, sort_by, descending=descending, offset=(page - 1) * PAGE_SIZE)
    return ListingPage(rows, total, page, pages)


def scope_of(actor: Actor, *, whole_office: bool = False) -> ColumnElement[bool]:
    """Which assignments are on a person's listing (mission §3). Raises NotPermitted for technical support: no youth data.

    A supervisor sees the own unit, or by the switch the office; of sensitive and sealed youth only those assigned to her or him.
    """
    if actor.role in CASE_WORKER_ROLES:
        return Assignment.worker_id == actor.person_id
    if actor.role in SUPERVISOR_ROLES:
        place = Assignment.office_code == actor.office_code
        if not whole_office:
            place = and_(place, or_(Assignment.unit == actor.unit, Assignment.supervisor_id == actor.person_id))
        return and_(place, or_(Youth.sensitivity == "N", Assignment.supervisor_id == actor.person_id))
    if actor.role is Role.COORDINATOR:
        return Assignment.agency_id == actor.agency_id
    if actor.role is Role.ADVOCATE:
        return and_(Assignment.advocate_id == actor.person_id, Assignment.agency_id == actor.agency_id)
    if actor.role is Role.ADMINISTRATION:
        return Assignment.id.is_not(None)
    raise NotPermitted("Technical support sees no youth data. The e-mail log and accounts are in the menu.")


def conditions(criteria: Criteria) -> list[ColumnElement[bool]]:
    """The criteria as SQL. Names match from the start of any part; ids accept any grouping. Raises Incomplete for an impossible id."""
    found: list[ColumnElement[bool]] = []
    if criteria.status == NON_CLOSED:
        found.append(Assignment.status.not_in(CLOSED_STATUSES))
    elif criteria.status != ANY_STATUS:
        found.append(Assignment.status == criteria.status)
    if criteria.referral_number.strip():
        found.append(Assignment.referral_id == _key("Referral #", criteria.referral_number, "referral_number"))
    if criteria.case_number.strip():
        found.append(Assignment.case_id == _key("Case #", criteria.case_number, "case_number"))
    if criteria.state_id.strip():
        found.append(Youth.state_id == _bare(criteria.state_id))
    if criteria.pdj_number.strip():
        found.append(func.upper(Youth.pdj_number) == criteria.pdj_number.strip().upper())
    if criteria.birth_date:
        found.append(Youth.birth_date == criteria.birth_date)
    found += [
        _named(kind, text)
        for kind, text in (("last", criteria.last_name), ("first", criteria.first_name))
        if text.strip()
    ]
    return found


def _key(label: str, text: str, field: str) -> str:
    try:
        return parse_key(text)
    except ValueError as fault:
        raise Incomplete(f"{label}: {fault}", ((field, str(fault)),)) from fault


def _bare(text: str) -> str:
    return "".join(c for c in text if c.isalnum())


def _named(kind: str, text: str) -> ColumnElement[bool]:
    """A youth of whose name every typed word begins some part; words run together match too ("delacruz")."""
    words = fold(text).split()
    if not words:
        return Youth.id.is_(None)
    together = _has_part(kind, "".join(words))
    return or_(and_(*(_has_part(kind, w) for w in words)), together)


def _has_part(kind: str, start: str) -> ColumnElement[bool]:
    of_youth = (YouthNamePart.youth_id == Youth.id, YouthNamePart.kind == kind)
    # A range, not LIKE: it reads the index on both databases.
    return exists().where(*of_youth, YouthNamePart.part >= start, YouthNamePart.part < start + "\U0010ffff")


def _joined(statement: Select[Any]) -> Select[Any]:
    return statement.select_from(Assignment).join(Youth, Youth.id == Assignment.youth_id)


def _page_of_rows(
    session: Session, wanted: tuple[ColumnElement[bool], ...], sort_by: SortBy, *, descending: bool, offset: int
) -> tuple[ListingRow, ...]:
    worker, supervisor, advocate = aliased(Person), aliased(Person), aliased(Person)
    orders: dict[SortBy, tuple[Any, ...]] = {
        SortBy.NUMBER: (),
        SortBy.STATE_ID: (Youth.state_id,),
        SortBy.REFERRAL: (Assignment.referral_id,),
        SortBy.CPH_DATE: (Assignment.referral_on,),
        SortBy.REFERRAL_NAME: (func.lower(Assignment.referral_name),),
        SortBy.YOUTH: (func.lower(Youth.last_name), func.lower(Youth.first_name)),
        SortBy.CASE: (Assignment.case_id,),
        SortBy.PDJ: (Youth.pdj_number,),
        SortBy.STATUS: (Assignment.status,),
        SortBy.AGENCY: (func.lower(Agency.name), func.lower(advocate.name)),
        SortBy.CSW: (func.lower(worker.name),),
        SortBy.SCSW: (func.lower(supervisor.name),),
    }
    columns = [*orders[sort_by], Assignment.number]
    order = [c.desc() for c in columns] if descending else columns
    statement = (
        _joined(select(Assignment, Youth, worker.name, supervisor.name, advocate.name, Agency.name))
        .join(worker, worker.id == Assignment.worker_id)
        .outerjoin(supervisor, supervisor.id == Assignment.supervisor_id)
        .outerjoin(advocate, advocate.id == Assignment.advocate_id)
        .outerjoin(Agency, Agency.id == Assignment.agency_id)
        .where(*wanted)
        .order_by(*order)
        .limit(PAGE_SIZE)
        .offset(offset)
    )
    return tuple(_row(*found) for found in session.execute(statement))


def _row(
    assignment: Assignment, youth: Youth, worker: str, supervisor: str | None, advocate: str | None, agency: str | None
) -> ListingRow:
    return ListingRow(
        number=assignment.number,
        state_id=youth.state_id,
        referral_number=show_referral_number(assignment.referral_id) if assignment.referral_id else "",
        cph_referral_date=us_date(assignment.referral_on),
        referral_name=assignment.referral_name,
        youth_name=listed_name(youth.last_name, youth.first_name, youth.middle_name, youth.suffix),
        case_number=show_case_number(assignment.case_id) if assignment.case_id else "",
        pdj_number=youth.pdj_number,
        status=Status(assignment.status),
        agency_and_advocate=" / ".join(p for p in (agency, spoken_name(advocate) if advocate else None) if p),
        csw=spoken_name(worker),
        scsw=spoken_name(supervisor) if supervisor else "",
        marks=_marks(assignment),
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
