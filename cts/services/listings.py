"""The Assignment Listing: the guide's columns, scoped to the person, with totals, paging and sorting in SQL."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session, aliased

from cts.domain.filters import ANY_STATUS, NON_CLOSED, Filters
from cts.domain.vocabulary import AGENCY_ROLES, CASE_WORKER_ROLES, CLOSED_STATUSES, SUPERVISOR_ROLES, Role
from cts.services.actor import Actor
from cts.services.criteria import Criteria, conditions
from cts.services.filtering import filter_conditions, statuses_of
from cts.services.listing_columns import SortBy
from cts.services.listing_order import parts_of_order, row_by_row, sorted_as_a_whole
from cts.services.listing_rows import SHOWN, ListingRow, shown_row
from cts.services.made_once import KEPT_AT_MOST, Kind, anybody, ids_of, kind_of
from cts.services.reach import only_tested, reach_of
from cts.services.refusals import NotPermitted
from db.models import Agency, Assignment, Person, Youth
from db.session import reading

Order = tuple[SortBy, bool]
"""By which column, and whether descending."""

PAGE_SIZE = 25
READ_AT_ONCE = 500
COUNTED_AT_MOST = 2_000
"""No list is counted further, nor can be turned to further: whatever its length, it opens in the same time. total_words says so."""


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
class ListingPage:
    """One page of a listing; `page` counts from 1, `total` is shown by total_words.

    `closed` closed assignments match a search too, which shows only the others.
    """

    rows: tuple[ListingRow, ...]
    total: int
    page: int
    pages: int
    closed: int = 0


def listing(
    actor: Actor,
    filters: Filters,
    today: date,
    *,
    criteria: Criteria | None = None,
    sort_by: SortBy = SortBy.NUMBER,
    descending: bool = False,
    page: int = 1,
    whole_office: bool = False,
) -> ListingPage:
    """The actor's own listing, narrowed by filters as of `today` (a day of the office) and by what was searched for.

    A supervisor's search looks in the whole office. Raises Incomplete for an id that cannot be one, NotPermitted for support.
    """
    criteria = criteria or Criteria()
    made = _statements(actor, filters, today, criteria, (sort_by, descending), whole_office)
    with reading() as session:
        total = session.scalar(made.counting, {**ids_of(actor), "counted": COUNTED_AT_MOST + 1}) or 0
        pages = max(1, -(-min(total, COUNTED_AT_MOST) // PAGE_SIZE))
        page = min(max(1, page), pages)
        rows = rows_of(session, actor, _in_order(session, made, actor, total, PAGE_SIZE, (page - 1) * PAGE_SIZE))
        closed = 0
        if criteria.names_a_youth and filters.status == NON_CLOSED:
            closed_ones = and_(scope_of(actor, whole_office=True), Assignment.status.in_(CLOSED_STATUSES))
            of_any_status = replace(filters, status=ANY_STATUS)
            closed = count_matching(session, wanted_rows(actor, closed_ones, of_any_status, today, criteria))
    return ListingPage(rows, total, page, pages, closed)


def whole_listing(
    actor: Actor,
    filters: Filters,
    today: date,
    *,
    criteria: Criteria | None,
    sort_by: SortBy,
    descending: bool,
    whole_office: bool,
    at_most: int,
) -> tuple[ListingRow, ...]:
    """The rows of all pages of `listing`, in order; not more than `at_most` and one, which says that there are more. Raises as `listing`."""
    made = _statements(actor, filters, today, criteria or Criteria(), (sort_by, descending), whole_office)
    with reading() as session:
        total = session.scalar(made.counting, {**ids_of(actor), "counted": COUNTED_AT_MOST + 1}) or 0
        ids = _in_order(session, made, actor, total, at_most + 1)
        batches = [ids[start : start + READ_AT_ONCE] for start in range(0, len(ids), READ_AT_ONCE)]
        return tuple(row for batch in batches for row in rows_of(session, actor, batch))


def wanted_rows(
    actor: Actor, scope: ColumnElement[bool], filters: Filters, today: date, criteria: Criteria
) -> tuple[ColumnElement[bool], ...]:
    """What narrows a listing within its scope: the search first, then the filters."""
    reach, asked = reach_of(actor), (scope, *filter_conditions(filters, today))
    return (*conditions(criteria, reach), *(only_tested(asked, reach) if criteria.names_a_youth else asked))


def count_assignments(actor: Actor, filters: Filters, today: date, *, whole_office: bool = False) -> int:
    """How long the list of these filters is: the number of a tile, shown by total_words. Raises NotPermitted for support."""
    scope = scope_of(actor, whole_office=whole_office)
    with reading() as session:
        return count_matching(session, (scope, *filter_conditions(filters, today)))


def total_words(total: int) -> str:
    """A total or a count as it is shown: "1,204", or that there are more than are counted."""
    return f"more than {COUNTED_AT_MOST:,}" if total > COUNTED_AT_MOST else f"{total:,}"


def count_matching(session: Session, wanted: Sequence[ColumnElement[bool]]) -> int:
    """How many assignments meet all of it; COUNTED_AT_MOST + 1 stands for more than that. Every total comes from here."""
    return session.scalar(select(func.count()).select_from(matching(wanted).subquery())) or 0


def matching(wanted: Sequence[ColumnElement[bool]]) -> Select[tuple[int]]:
    """The assignments that count_matching counts, as far as it does."""
    return _joined(select(Assignment.id)).where(*wanted).limit(bindparam("counted", COUNTED_AT_MOST + 1, Integer))


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
        here = Assignment.office_code == actor.office_code
        # Each part by an index of its own.
        unit = and_(here, Assignment.unit == actor.unit, Assignment.unit != "")
        mine = Assignment.supervisor_id == actor.person_id
        own = or_(mine, Assignment.supervisor_id.in_(actor.covers)) if actor.covers else mine
        place = here if whole_office else or_(unit, and_(here, own))
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


_WORKER, _SUPERVISOR, _ADVOCATE = aliased(Person), aliased(Person), aliased(Person)


def _with_people(statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return (
        _joined(statement)
        .outerjoin(_WORKER, _WORKER.id == Assignment.worker_id)
        .outerjoin(_SUPERVISOR, _SUPERVISOR.id == Assignment.supervisor_id)
        .outerjoin(_ADVOCATE, _ADVOCATE.id == Assignment.advocate_id)
        .outerjoin(Agency, Agency.id == Assignment.agency_id)
    )


def _narrowed(actor: Actor, filters: Filters) -> tuple[Sequence[str], int | None]:
    """The statuses, and the one agency if it is one, that stand on a list."""
    return statuses_of(filters.status), actor.agency_id if actor.role in AGENCY_ROLES else filters.agency


@dataclass(frozen=True)
class _Statements:
    """What is asked for one listing: its length, the rows of a short one, and of a long one part by part, with what tells their number."""

    counting: Select[int]
    short: Select[Any]
    long: tuple[tuple[Select[Any], Select[int]], ...]


def _statements(
    actor: Actor, filters: Filters, today: date, criteria: Criteria, order: Order, whole_office: bool
) -> _Statements:
    """Of a listing without a search they are made once for everybody of a role; what was searched for is never kept."""
    if not criteria.names_a_youth:
        return _kept(kind_of(actor), filters, today, order, whole_office)
    wanted = wanted_rows(actor, scope_of(actor, whole_office=True), filters, today, criteria)
    return _made(wanted, order, *_narrowed(actor, filters))


@lru_cache(KEPT_AT_MOST)
def _kept(kind: Kind, filters: Filters, today: date, order: Order, whole_office: bool) -> _Statements:
    who = anybody(kind)
    wanted = wanted_rows(who, scope_of(who, whole_office=whole_office), filters, today, Criteria())
    return _made(wanted, order, *_narrowed(who, filters))


def _made(
    wanted: Sequence[ColumnElement[bool]], order: Order, statuses: Sequence[str], agency_id: int | None
) -> _Statements:
    ids, limit, offset = (
        _joined(select(Assignment.id)),
        bindparam("at_most", type_=Integer),
        bindparam("beyond", type_=Integer),
    )
    short = ids.where(*wanted).order_by(*sorted_as_a_whole(*order)).limit(limit).offset(offset)
    long = []
    for part, columns in parts_of_order(*order, statuses, agency_id):
        rows = ids.where(part, row_by_row(order[0], wanted))
        passed_over = select(func.count()).select_from(rows.limit(offset).subquery())
        long.append((rows.order_by(*columns).limit(limit).offset(offset), passed_over))
    counting = select(func.count()).select_from(matching(wanted).subquery())
    return _Statements(counting, short, tuple(long))


def _in_order(session: Session, made: _Statements, actor: Actor, total: int, limit: int, offset: int = 0) -> list[int]:
    """The ids of a part of the list. `total` is what `counting` found: what it counted is sorted, what is longer is read in order."""
    own = ids_of(actor)
    if total <= COUNTED_AT_MOST:
        return list(session.scalars(made.short, {**own, "at_most": limit, "beyond": offset}))
    found: list[int] = []
    for rows, passed_over in made.long:
        found += session.scalars(rows, {**own, "at_most": limit - len(found), "beyond": offset})
        if len(found) == limit:
            break
        if not found:
            offset -= session.scalar(passed_over, {**own, "beyond": offset}) or 0
        else:
            offset = 0
    return found


def rows_of(session: Session, actor: Actor, ids: Sequence[int]) -> tuple[ListingRow, ...]:
    """All that is shown of these few, in their order. Whether the actor may see them was asked before."""
    found = {row.id: row for row in session.execute(_rows(), {"ids": ids})} if ids else {}
    return tuple(shown_row(actor, found[i]) for i in ids)


@cache
def _rows() -> Select[*tuple[Any, ...]]:
    people = (_WORKER.name.label("worker"), _SUPERVISOR.name.label("supervisor"), _ADVOCATE.name.label("advocate"))
    shown = _with_people(select(*SHOWN, *people, Agency.name.label("agency")))
    return shown.where(Assignment.id.in_(bindparam("ids", expanding=True)))
