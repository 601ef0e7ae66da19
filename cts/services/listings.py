"""The Assignment Listing: the guide's columns, scoped to the person, with totals, paging and sorting in SQL."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from cts.domain.fields import us_date
from cts.domain.filters import ANY_STATUS, NON_CLOSED, Filters
from cts.domain.identifiers import show_case_number, show_referral_number
from cts.domain.names import listed_name, spoken_name
from cts.domain.vocabulary import CASE_WORKER_ROLES, CLOSED_STATUSES, SUPERVISOR_ROLES, Role, Status
from cts.services.actor import Actor
from cts.services.criteria import Criteria, conditions
from cts.services.filtering import filter_conditions
from cts.services.listing_marks import marks_of
from cts.services.refusals import NotPermitted
from cts.services.sorting import as_looked_up
from db.models import Agency, Assignment, Person, Youth
from db.session import reading

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


SUPERVISORS_WORDS = {
    Role.SCSW: {SortBy.CSW: "CSW", SortBy.SCSW: "SCSW"},
    Role.SDPO: {SortBy.CSW: "DPO", SortBy.SCSW: "SDPO"},
    Role.ADMINISTRATION: {SortBy.CSW: "CSW / DPO", SortBy.SCSW: "SCSW / SDPO"},
}
_PROBATION = frozenset({Role.DPO, Role.SDPO})


def columns_of(actor: Actor) -> dict[SortBy, str]:
    """The columns of a person's listing with their headings, in the guide's order (mission §3)."""
    pdj = {SortBy.PDJ: "PDJ #"} if asks_pdj(actor) else {}
    return {
        SortBy.NUMBER: "Assignment #",
        SortBy.STATE_ID: "State ID",
        SortBy.REFERRAL: "Referral #",
        SortBy.CPH_DATE: "CPH Referral Date",
        SortBy.REFERRAL_NAME: "Referral Name",
        SortBy.YOUTH: "Youth Name",
        SortBy.CASE: "Case #",
        **pdj,
        SortBy.STATUS: "Status",
        SortBy.AGENCY: "Agency / Advocate",
        **SUPERVISORS_WORDS.get(actor.role, {}),
    }


def asks_pdj(actor: Actor) -> bool:
    """Whether a person knows youth by the PDJ #: those of Probation."""
    return actor.role in _PROBATION


def has_office_switch(actor: Actor) -> bool:
    """Whether the listing can show the whole office instead of the own unit."""
    return actor.role in SUPERVISOR_ROLES


def has_listing(actor: Actor) -> bool:
    """Whether there is an Assignment Listing for this person at all."""
    return actor.role is not Role.SUPPORT


_FROM_CWS_CMS = (
    "A youth appears here after being flagged as at-risk or as a victim on the CSEC Data Grid of the Client ID page in CWS/CMS, "
    "once the next daily extract is loaded."
)


def when_a_youth_appears(actor: Actor) -> str:
    """What an empty listing tells its reader."""
    if actor.role is Role.COORDINATOR:
        return "A youth appears here when CSEC Administration approves the Referral and assigns it to your agency."
    if actor.role is Role.ADVOCATE:
        return "A youth appears here when your agency's coordinator assigns you as the Advocate."
    return _FROM_CWS_CMS


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
    other_department: bool = False
    """Dual youth led by the other department: read along, decided there."""


@dataclass(frozen=True)
class ListingPage:
    """One page of a listing; `page` counts from 1. `closed` closed assignments match a search too, which shows only the others."""

    rows: tuple[ListingRow, ...]
    total: int
    page: int
    pages: int
    closed: int = 0


def listing(
    actor: Actor,
    criteria: Criteria | None = None,
    *,
    filters: Filters | None = None,
    today: date | None = None,
    sort_by: SortBy = SortBy.NUMBER,
    descending: bool = False,
    page: int = 1,
    whole_office: bool = False,
) -> ListingPage:
    """The actor's own listing, narrowed by criteria; a supervisor's search looks in the whole office.

    `filters` narrow it further, as of `today` (a day of the office); their status then stands in place of that of the criteria.
    Raises Incomplete for an id that cannot be one, NotPermitted for support.
    """
    criteria = criteria or Criteria()
    scope = scope_of(actor, whole_office=whole_office or criteria.names_a_youth)
    if filters is not None and today is not None:
        wanted = (scope, *conditions(replace(criteria, status=ANY_STATUS)), *filter_conditions(filters, today))
    else:
        wanted = (scope, *conditions(criteria))
    with reading() as session:
        total = _count(session, wanted)
        pages = max(1, -(-total // PAGE_SIZE))
        page = min(max(1, page), pages)
        offset = (page - 1) * PAGE_SIZE
        rows = _page_of_rows(session, actor, wanted, sort_by, descending=descending, offset=offset)
        closed = 0
        if criteria.names_a_youth and criteria.status == NON_CLOSED:
            of_any_status = conditions(replace(criteria, status=ANY_STATUS))
            closed = _count(session, (scope, Assignment.status.in_(CLOSED_STATUSES), *of_any_status))
    return ListingPage(rows, total, page, pages, closed)


def count_assignments(actor: Actor, filters: Filters, today: date, *, whole_office: bool = False) -> int:
    """How long the list of these filters is: the number of a tile. Raises NotPermitted for support."""
    scope = scope_of(actor, whole_office=whole_office)
    with reading() as session:
        return _count(session, (scope, *filter_conditions(filters, today)))


def _count(session: Session, wanted: tuple[ColumnElement[bool], ...]) -> int:
    return session.scalar(_joined(select(func.count(Assignment.id))).where(*wanted)) or 0


def scope_of(actor: Actor, *, whole_office: bool = False) -> ColumnElement[bool]:
    """Which assignments are on a person's listing (mission §3). Raises NotPermitted for technical support: no youth data.

    A case worker sees the own caseload, that of whom she or he covers for, and the dual youth of which she or he is the worker of the other
    department. A supervisor sees the own unit and what belongs to a supervisor whom she or he covers for, or by the switch the office;
    of sensitive and sealed youth only those assigned to her or him.
    """
    if actor.role in CASE_WORKER_ROLES:
        # Never unknown, so that a search beyond the listing can ask for the opposite.
        named = and_(Assignment.other_worker_id.is_not(None), Assignment.other_worker_id == actor.person_id)
        return or_(Assignment.worker_id == actor.person_id, and_(named, Assignment.dual), *_covered(actor))
    if actor.role in SUPERVISOR_ROLES:
        place = Assignment.office_code == actor.office_code
        if not whole_office:
            unit = and_(Assignment.unit == actor.unit, Assignment.unit != "")
            mine = Assignment.supervisor_id == actor.person_id
            own = or_(mine, Assignment.supervisor_id.in_(actor.covers)) if actor.covers else mine
            place = and_(place, or_(unit, own))
        return and_(place, or_(Youth.sensitivity == "N", Assignment.supervisor_id == actor.person_id))
    if actor.role is Role.COORDINATOR:
        return Assignment.agency_id == actor.agency_id
    if actor.role is Role.ADVOCATE:
        return and_(Assignment.advocate_id == actor.person_id, Assignment.agency_id == actor.agency_id)
    if actor.role is Role.ADMINISTRATION:
        return Assignment.id.is_not(None)
    raise NotPermitted("Technical support sees no youth data. The e-mail log and accounts are in the menu.")


def _covered(actor: Actor) -> list[ColumnElement[bool]]:
    """The caseloads of the absent: where the cover counts (`covers_here` in parties.py)."""
    if not actor.covers:
        return []
    here = (Assignment.office_code == actor.office_code, Youth.sensitivity == "N")
    return [and_(Assignment.worker_id.in_(actor.covers), *here)]


def _joined(statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    # Every assignment has a youth; as an outer join both databases leave it out where nothing is asked of the youth.
    return statement.select_from(Assignment).outerjoin(Youth, Youth.id == Assignment.youth_id)


def _page_of_rows(
    session: Session,
    actor: Actor,
    wanted: tuple[ColumnElement[bool], ...],
    sort_by: SortBy,
    *,
    descending: bool,
    offset: int,
) -> tuple[ListingRow, ...]:
    """The numbers of the page first, sorted with as little as possible; then all that is shown of these few."""
    worker, supervisor, advocate = aliased(Person), aliased(Person), aliased(Person)
    sorted_by: dict[SortBy, tuple[Any, ...]] = {
        SortBy.NUMBER: (),
        SortBy.STATE_ID: (Youth.state_id,),
        SortBy.REFERRAL: (Assignment.referral_id,),
        SortBy.CPH_DATE: (Assignment.referral_on,),
        SortBy.REFERRAL_NAME: (Assignment.referral_name,),
        SortBy.YOUTH: (Youth.last_name, Youth.first_name),
        SortBy.CASE: (Assignment.case_id,),
        SortBy.PDJ: (Youth.pdj_number,),
        SortBy.STATUS: (Assignment.status,),
        SortBy.AGENCY: (Agency.name, advocate.name),
        SortBy.CSW: (worker.name,),
        SortBy.SCSW: (supervisor.name,),
    }

    def with_people(statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
        return (
            _joined(statement)
            .outerjoin(worker, worker.id == Assignment.worker_id)
            .outerjoin(supervisor, supervisor.id == Assignment.supervisor_id)
            .outerjoin(advocate, advocate.id == Assignment.advocate_id)
            .outerjoin(Agency, Agency.id == Assignment.agency_id)
        )

    ordered = with_people(select(Assignment.id)).where(*wanted).order_by(*_order(sorted_by[sort_by], descending))
    ids = session.scalars(ordered.limit(PAGE_SIZE).offset(offset)).all()
    shown = select(Assignment, Youth, worker.name, supervisor.name, advocate.name, Agency.name)
    found = {row[0].id: row for row in session.execute(with_people(shown).where(Assignment.id.in_(ids)))}
    return tuple(_row(actor, *found[i]) for i in ids)


def _order(columns: tuple[Any, ...], descending: bool) -> list[ColumnElement[Any]]:
    """Blank cells come last in both directions, equals by number; the same on every database."""
    order: list[ColumnElement[Any]] = []
    for column in columns:
        text = isinstance(column.type, String)
        order.append(case((or_(column.is_(None), column == "") if text else column.is_(None), 1), else_=0))
        value = as_looked_up(column) if text else column
        order.append(value.desc() if descending else value.asc())
    return [*order, Assignment.number.desc() if descending else Assignment.number.asc()]


def _row(
    actor: Actor,
    assignment: Assignment,
    youth: Youth,
    worker: str,
    supervisor: str | None,
    advocate: str | None,
    agency: str | None,
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
        marks=marks_of(actor, assignment, worker, supervisor),
        other_department=assignment.other_worker_id == actor.person_id,
    )
