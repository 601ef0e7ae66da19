"""The Assignment Listing: the guide's columns, scoped to the person, with totals, paging and sorting in SQL."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from cts.domain.filters import ANY_STATUS, NON_CLOSED, Filters
from cts.domain.vocabulary import AGENCY_ROLES, CASE_WORKER_ROLES, CLOSED_STATUSES, SUPERVISOR_ROLES, Role
from cts.services.actor import Actor
from cts.services.attention import OF_FEW
from cts.services.criteria import Criteria, conditions
from cts.services.filtering import filter_conditions, statuses_of
from cts.services.listing_columns import SortBy
from cts.services.listing_order import (
    in_its_order,
    keys_of_order,
    merged_by_status,
    parts_of_order,
    sorted_as_a_whole,
)
from cts.services.listing_rows import ListingRow, rows_of
from cts.services.reach import Reach, only_tested, reach_of
from cts.services.refusals import NotPermitted
from db.models import Assignment, Youth
from db.session import reading

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
    scope = scope_of(actor, whole_office=whole_office or criteria.names_a_youth)
    wanted = wanted_rows(actor, scope, filters, today, criteria)
    order, page = _Order(actor, wanted, filters, today, criteria, sort_by, descending), max(1, page)
    with reading() as session:
        found: list[int] | None = None
        if order.of_everybody:
            total = count_matching(session, wanted)  # an index alone tells it
        else:
            total, found = _counted(session, order, (page - 1) * PAGE_SIZE)
        pages = max(1, -(-min(total, COUNTED_AT_MOST) // PAGE_SIZE))
        if page > pages or total > COUNTED_AT_MOST:
            page, found = min(page, pages), None
        if found is None:
            found = _in_order(session, order, total, PAGE_SIZE, (page - 1) * PAGE_SIZE)
        rows = rows_of(session, actor, found)
        closed = 0
        if criteria.names_a_youth and filters.status == NON_CLOSED:
            closed_ones = and_(scope, Assignment.status.in_(CLOSED_STATUSES))
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
    criteria = criteria or Criteria()
    scope = scope_of(actor, whole_office=whole_office or criteria.names_a_youth)
    wanted = wanted_rows(actor, scope, filters, today, criteria)
    with reading() as session:
        total = count_matching(session, wanted)
        order = _Order(actor, wanted, filters, today, criteria, sort_by, descending)
        ids = _in_order(session, order, total, at_most + 1)
        batches = [ids[start : start + READ_AT_ONCE] for start in range(0, len(ids), READ_AT_ONCE)]
        return tuple(row for batch in batches for row in rows_of(session, actor, batch))


def wanted_rows(
    actor: Actor, scope: ColumnElement[bool], filters: Filters, today: date, criteria: Criteria
) -> tuple[ColumnElement[bool], ...]:
    """What narrows a listing within its scope: the search first, then the filters."""
    reach = reach_of(actor)
    asked = (scope, *filter_conditions(filters, today, reach))
    return (*conditions(criteria, reach), *(only_tested(asked, reach) if criteria.names_a_youth else asked))


def count_assignments(actor: Actor, filters: Filters, today: date, *, whole_office: bool = False) -> int:
    """How long the list of these filters is: the number of a tile, shown by total_words. Raises NotPermitted for support."""
    scope = scope_of(actor, whole_office=whole_office)
    with reading() as session:
        return count_matching(session, (scope, *filter_conditions(filters, today, reach_of(actor))))


def total_words(total: int) -> str:
    """A total or a count as it is shown: "1,204", or that there are more than are counted."""
    return f"more than {COUNTED_AT_MOST:,}" if total > COUNTED_AT_MOST else f"{total:,}"


def count_matching(session: Session, wanted: Sequence[ColumnElement[bool]]) -> int:
    """How many assignments meet all of it; COUNTED_AT_MOST + 1 stands for more than that. Every total comes from here."""
    return session.scalar(select(func.count()).select_from(matching(wanted).subquery())) or 0


def matching(wanted: Sequence[ColumnElement[bool]]) -> Select[tuple[int]]:
    """The assignments that count_matching counts, as far as it does."""
    return _joined(select(Assignment.id)).where(*wanted).limit(COUNTED_AT_MOST + 1)


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


@dataclass(frozen=True)
class _Order:
    """A list with what puts it in order."""

    actor: Actor
    wanted: Sequence[ColumnElement[bool]]
    filters: Filters
    today: date
    criteria: Criteria
    sort_by: SortBy
    descending: bool

    @property
    def of_everybody(self) -> bool:
        """CSEC Administration's, of which nothing but the filters say who is on it."""
        return reach_of(self.actor) is Reach.ALL and not self.criteria.names_a_youth

    @property
    def merges(self) -> bool:
        """Whether it is put together of its statuses."""
        narrowed = self.filters.status != ANY_STATUS or self.filters.attention
        return bool(self.of_everybody and narrowed and self.sort_by is SortBy.NUMBER and not self.of_few)

    @property
    def of_few(self) -> bool:
        """Whether an index holds the rows of this list only."""
        return self.filters.attention in OF_FEW

    @property
    def agency_id(self) -> int | None:
        """The one agency that stands on it, if it is one."""
        return self.actor.agency_id if self.actor.role in AGENCY_ROLES else self.filters.agency


def _counted(session: Session, order: _Order, offset: int) -> tuple[int, list[int]]:
    """The total as count_matching tells it, and the ids of a page, of rows that are gone through once."""
    keys = keys_of_order(order.sort_by, order.descending)
    named = [key.label(f"k{n}") for n, (key, _) in enumerate(keys)]
    rows = _joined(select(Assignment.id, *named)).where(*order.wanted).limit(COUNTED_AT_MOST + 1).subquery()
    ways = [rows.c[f"k{n}"].desc() if down else rows.c[f"k{n}"].asc() for n, (_, down) in enumerate(keys)]
    page = select(rows.c.id, func.count().over()).order_by(*ways).limit(PAGE_SIZE).offset(offset)
    found = session.execute(page).all()
    if not found and offset:
        return count_matching(session, order.wanted), []
    return (found[0][1] if found else 0), [row.id for row in found]


def _in_order(session: Session, order: _Order, total: int, limit: int, offset: int = 0) -> list[int]:
    """The ids of a part of the list. `total` is that of count_matching: what it counted is sorted, what is longer is read in order."""
    by, down, wanted = order.sort_by, order.descending, order.wanted
    if total <= COUNTED_AT_MOST:
        ids = _joined(select(Assignment.id)).where(*wanted)
        return list(session.scalars(ids.order_by(*sorted_as_a_whole(by, down)).limit(limit).offset(offset)))
    if order.merges:
        part = {"upto": limit + offset, "at_most": limit, "skipped": offset}
        return list(session.scalars(merged_by_status(order.filters, down, order.today), part))
    if order.of_few and order.of_everybody and by is SortBy.NUMBER:
        number = Assignment.number.desc() if down else Assignment.number.asc()
        return list(session.scalars(select(Assignment.id).where(*wanted).order_by(number).limit(limit).offset(offset)))
    found: list[int] = []
    for part_of_it, columns in parts_of_order(by, down, statuses_of(order.filters.status), order.agency_id):
        rows = _joined(select(Assignment.id)).where(part_of_it, in_its_order(by, wanted))
        found += session.scalars(rows.order_by(*columns).limit(limit - len(found)).offset(offset))
        if len(found) == limit:
            break
        if not found:
            offset -= session.scalar(select(func.count()).select_from(rows.limit(offset).subquery())) or 0
        else:
            offset = 0
    return found
