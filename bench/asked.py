"""What is measured of the services: named calls, each by somebody of a role. A line more is a case more."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from bench.databases import NOW, actor_of
from cts.domain.boards import Section
from cts.domain.filters import ANY_STATUS, Attention, Filters
from cts.domain.vocabulary import Role
from cts.services.actor import Actor
from cts.services.board_shapes import Board
from cts.services.criteria import Criteria
from cts.services.dashboards import BOARD_ROLES, dashboard
from cts.services.fetching import today_of
from cts.services.listing_columns import SortBy
from cts.services.listings import ListingPage, count_assignments, listing
from cts.services.search import SearchElsewhere, search_elsewhere
from cts.services.similar import BesideListing, beside_listing
from cts.services.waiting import count_waiting, waiting_on_me
from db.models import Assignment, Person, Youth
from db.session import reading

TODAY = today_of(NOW)


@dataclass(frozen=True)
class Subject:
    """Who asks, and for whom: by role the person with the most on the own listing, and for whom most waits; one youth of the middle."""

    people: dict[Role, Actor]
    awaited: dict[Role, Actor]
    last_name: str
    first_name: str
    birth_date: date
    state_id: str
    pdj_number: str
    referral_number: str
    case_number: str


Asked = Callable[[Subject], object]


ROWS = "rows"
PLACES = {"office": "offices", "agency": "agencies", "agencies": "agencies", "advocates": "advocates"}
"""What stands side by side on a dashboard, by the key of its table."""


def shown(answer: object) -> dict[str, int]:
    """How much an answer shows: rows of a list, or places side by side."""
    if isinstance(answer, Board):
        return {PLACES[grid.key]: len(grid.rows) for grid in answer.grids if grid.key in PLACES}
    if isinstance(answer, ListingPage | SearchElsewhere):
        return {ROWS: len(answer.rows)}
    if isinstance(answer, BesideListing):
        return {ROWS: len(answer.similar)}
    return {ROWS: len(answer)} if isinstance(answer, tuple) else {}


ROLES = (Role.CSW, Role.SCSW, Role.DPO, Role.SDPO, Role.ADMINISTRATION, Role.COORDINATOR, Role.ADVOCATE)
OF_THE_FIRST = 150
"""Among so many of a role, those of the first offices and agencies, is looked who has most to do: as many at each size."""


def _some_of(role: Role) -> list[Actor]:
    with reading() as session:
        first = select(Person).where(Person.role == role, Person.active).order_by(Person.id).limit(OF_THE_FIRST)
        return [actor_of(person) for person in session.scalars(first)]


def subject() -> Subject:
    """Read them from the database that is open."""
    people, awaited = {}, {}
    for role in ROLES:
        some = _some_of(role)
        people[role] = max(some, key=lambda actor: count_assignments(actor, Filters(), TODAY))
        awaited[role] = max(some, key=count_waiting)
    with reading() as session:
        middle = session.scalar(select(func.count(Assignment.id)).where(Assignment.id <= 1_000)) or 0
        wanted = select(Youth, Assignment).join(Assignment, Assignment.youth_id == Youth.id)
        wanted = wanted.where(Assignment.case_id.is_not(None), Assignment.id >= middle // 2).order_by(Assignment.id)
        youth, assignment = session.execute(wanted.limit(1)).one()
        probation = session.scalar(select(Youth.pdj_number).where(Youth.pdj_number != "").order_by(Youth.id).limit(1))
    return Subject(
        people,
        awaited,
        youth.last_name,
        youth.first_name,
        youth.birth_date,
        youth.state_id,
        probation or "",
        assignment.referral_id or "",
        assignment.case_id or "",
    )


def home() -> Iterator[tuple[str, Asked]]:
    """The Home listing of each role; of Administration by each column."""
    for role in ROLES:
        yield f"listing, {role}", _listed(role)
    yield "listing, SCSW, whole office", _listed(Role.SCSW, whole_office=True)
    for order in SortBy:
        yield f"listing, CSEC Administration by {order}", _listed(Role.ADMINISTRATION, sort_by=order, descending=True)


def _listed(role: Role, **how: Any) -> Asked:
    return lambda s: listing(s.people[role], Filters(), TODAY, **how)


KINDS: dict[str, Callable[[Subject], Criteria]] = {
    "Referral #": lambda s: Criteria(referral_number=s.referral_number),
    "Case #": lambda s: Criteria(case_number=s.case_number),
    "State ID": lambda s: Criteria(state_id=s.state_id),
    "PDJ #": lambda s: Criteria(pdj_number=s.pdj_number),
    "last name": lambda s: Criteria(last_name=s.last_name),
    "first name": lambda s: Criteria(first_name=s.first_name),
    "both names": lambda s: Criteria(last_name=s.last_name, first_name=s.first_name),
    "start of a last name": lambda s: Criteria(last_name=s.last_name[:3]),
    "date of birth": lambda s: Criteria(birth_date=s.birth_date),
}


def searches() -> Iterator[tuple[str, Asked]]:
    """Each field of the Search, by Administration in its listing and by a case worker beyond the own caseload."""
    for name, criteria in KINDS.items():
        yield f"search by {name}, CSEC Administration", _found(criteria)
    for name in ("last name", "first name", "both names", "date of birth"):
        yield f"similar to {name}, CSEC Administration", _similar(KINDS[name])
    for name, criteria in KINDS.items():
        yield f"search by {name}, beyond a caseload", _found_elsewhere(criteria)


def _found(criteria: Callable[[Subject], Criteria]) -> Asked:
    return lambda s: listing(s.people[Role.ADMINISTRATION], Filters(ANY_STATUS), TODAY, criteria=criteria(s))


def _similar(criteria: Callable[[Subject], Criteria]) -> Asked:
    return lambda s: beside_listing(s.people[Role.ADMINISTRATION], Filters(ANY_STATUS), TODAY, criteria(s))


def _found_elsewhere(criteria: Callable[[Subject], Criteria]) -> Asked:
    return lambda s: search_elsewhere(s.people[Role.CSW], criteria(s), NOW)


def waiting() -> Iterator[tuple[str, Asked]]:
    """Waiting on me, of each role."""
    for role in ROLES:
        yield f"waiting on me, {role}", _awaited(role)


def _awaited(role: Role) -> Asked:
    return lambda s: waiting_on_me(s.awaited[role], NOW)


def boards() -> Iterator[tuple[str, Asked]]:
    """Each section of the dashboards, of each role that has them."""
    for section in Section:
        for role in sorted(BOARD_ROLES):
            yield f"dashboard {section}, {role}", _board(role, section)


def _board(role: Role, section: Section) -> Asked:
    return lambda s: dashboard(s.people[role], {"section": section}, NOW)


def lists() -> Iterator[tuple[str, Asked]]:
    """Each list of Attention, of CSEC Administration and of an office's supervisor."""
    for kind in Attention:
        for role in (Role.ADMINISTRATION, Role.SCSW):
            yield f"attention {kind}, {role}", _attention(role, kind)


def _attention(role: Role, kind: Attention) -> Asked:
    return lambda s: listing(s.people[role], Filters(attention=kind), TODAY, whole_office=role == Role.SCSW)


@dataclass(frozen=True)
class Group:
    """Cases measured at two sizes, and how much slower the larger may be."""

    name: str
    cases: Callable[[], Iterator[tuple[str, Asked]]]
    limit: float
    small: int = 1_000


GROUPS: tuple[Group, ...] = (
    Group("home", home, 1.3),
    Group("search", searches, 1.3),
    Group("waiting", waiting, 1.3),
    Group("attention", lists, 1.3),
    Group("dashboards", boards, 2.0, small=10_000),
)
