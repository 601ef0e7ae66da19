"""The Assignment Listing: the guide's columns, scoped to the person, with totals, paging and sorting in SQL."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache, partial
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from cts.domain.filters import ANY_STATUS, NON_CLOSED, Filters
from cts.domain.vocabulary import AGENCY_ROLES, CASE_WORKER_ROLES, CLOSED_STATUSES, SUPERVISOR_ROLES, Role
from cts.services.actor import Actor
from cts.services.criteria import Criteria, conditions
from cts.services.filtering import filter_conditions
from cts.services.listing_columns import SortBy
from cts.services.listing_rows import ListingRow, rows_of
from cts.services.listing_statements import Part, Statements, counted_rows
from cts.services.looked_up import row_by_row
from cts.services.made_once import KEPT_AT_MOST, Kind, anybody, ids_of, kind_of
from cts.services.reach import Reach, only_tested, reach_of
from cts.services.refusals import NotPermitted
from db.models import Assignment, Youth
from db.session import ask, reading

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
    criteria, page = criteria or Criteria(), max(1, page)
    part = Part(COUNTED_AT_MOST + 1, PAGE_SIZE, first=page == 1)
    made, own = _statements(actor, filters, today, criteria, (sort_by, descending), whole_office, part), ids_of(actor)
    with reading() as session:
        found: list[int] | None = None
        if made.counted_apart:
            total = ask(session, made.total, own).scalar() or 0
        else:
            total, found = _counted(session, made, own, (page - 1) * PAGE_SIZE)
        pages = max(1, -(-min(total, COUNTED_AT_MOST) // PAGE_SIZE))
        if page > pages or total > COUNTED_AT_MOST:
            page, found = min(page, pages), None
        if found is None:
            found = _in_order(session, made, own, total, (page - 1) * PAGE_SIZE)
        rows = rows_of(session, actor, found)
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
    order, own, part = (sort_by, descending), ids_of(actor), Part(COUNTED_AT_MOST + 1, at_most + 1, first=True)
    made = _statements(actor, filters, today, criteria or Criteria(), order, whole_office, part)
    with reading() as session:
        ids = _in_order(session, made, own, session.scalar(made.total, own) or 0)
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
    """How many assignments meet all of it; COUNTED_AT_MOST + 1 stands for more than that. Every total is counted so far."""
    return session.scalar(select(func.count()).select_from(matching(wanted).subquery())) or 0


def matching(wanted: Sequence[ColumnElement[bool]]) -> Select[tuple[int]]:
    """The assignments that count_matching counts, as far as it does."""
    return counted_rows(wanted, COUNTED_AT_MOST + 1)


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
        # Each part by an index of its own, whatever else is tested.
        unit = and_(here, Assignment.unit == actor.unit, Assignment.unit != "")
        own = and_(row_by_row(here), Assignment.supervisor_id.in_([actor.person_id, *actor.covers]))
        place = here if whole_office else or_(unit, own)
        return and_(place, or_(Youth.sensitivity == "N", Assignment.supervisor_id == actor.person_id))
    if actor.role is Role.COORDINATOR:
        return Assignment.agency_id == actor.agency_id
    if actor.role is Role.ADVOCATE:
        return and_(Assignment.advocate_id == actor.person_id, row_by_row(Assignment.agency_id == actor.agency_id))
    if actor.role is Role.ADMINISTRATION:
        return Assignment.id.is_not(None)
    raise NotPermitted("Technical support sees no youth data. The e-mail log and accounts are in the menu.")


def _covered(actor: Actor) -> list[ColumnElement[bool]]:
    """The caseloads of the absent: where the cover counts (`covers_here` in parties.py)."""
    if not actor.covers:
        return []
    here = (Assignment.office_code == actor.office_code, Youth.sensitivity == "N")
    return [and_(Assignment.worker_id.in_(actor.covers), *here)]


def _statements(
    actor: Actor, filters: Filters, today: date, criteria: Criteria, order: Order, whole_office: bool, part: Part
) -> Statements:
    """Of a listing without a search they are made once for everybody of a role; what was searched for is never kept."""
    if not criteria.names_a_youth:
        return _kept(kind_of(actor), filters, today, order, whole_office, part)
    return _made(actor, filters, today, criteria, order, True, part)


@lru_cache(KEPT_AT_MOST)
def _kept(kind: Kind, filters: Filters, today: date, order: Order, whole_office: bool, part: Part) -> Statements:
    return _made(anybody(kind), filters, today, Criteria(), order, whole_office, part)


def _made(
    who: Actor, filters: Filters, today: date, criteria: Criteria, order: Order, whole_office: bool, part: Part
) -> Statements:
    scope, of_any_status = scope_of(who, whole_office=whole_office), replace(filters, status=ANY_STATUS)
    return Statements(
        wanted_rows(who, scope, filters, today, criteria),
        partial(wanted_rows, who, scope, of_any_status, today, criteria),
        filters,
        *order,
        of_everybody=reach_of(who) is Reach.ALL and not criteria.names_a_youth,
        agency_id=who.agency_id if who.role in AGENCY_ROLES else filters.agency,
        part=part,
    )


def _counted(session: Session, made: Statements, own: dict[str, Any], offset: int) -> tuple[int, list[int]]:
    """The total, and the ids of a page."""
    found = ask(session, made.page_with_total, own | {"beyond": offset}).all()
    if not found and offset:
        return session.scalar(made.total, own) or 0, []
    return (found[0][1] if found else 0), [row.id for row in found]


def _in_order(session: Session, made: Statements, own: dict[str, Any], total: int, offset: int = 0) -> list[int]:
    """The ids of a part of the list. `total` is as counted: what was counted is sorted, what is longer is read in order."""
    beyond = own | {"beyond": offset}
    if made.by_number_of_few:
        return list(ask(session, made.few, beyond).scalars())
    if total <= COUNTED_AT_MOST and not made.never_sorted and not made.found_early(total):
        return list(ask(session, made.short, beyond).scalars())
    found: list[int] = []
    for rows, passed_over in made.long:
        found += ask(session, rows, own | {"beyond": offset}).scalars()
        if len(found) >= made.part.at_most:
            break
        if found or not offset:
            offset = 0
        else:
            offset -= ask(session, passed_over, own | {"beyond": offset}).scalar() or 0
    return found[: made.part.at_most]
