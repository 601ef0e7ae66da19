"""Who has the work of somebody who leaves: named person by person, with numbers, for a preview that tells of no youth (decision 0048).

What is said here is what rehoming.py does.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from cts.domain.names import spoken_name
from cts.domain.vocabulary import SUPERVISOR_ROLES
from cts.services.escalation import Contacts, escalation_contacts
from cts.services.held_work import HeldAs
from cts.services.parties import coordinators_of, supervisors_of_office
from db.models import Assignment, Office, Person, Youth

NAMES_SHOWN = 4
NOBODY = "stays with this name until CSEC Administration chooses a colleague"
STAYS = "stays with this name until CSEC Administration names another supervisor"
UNREAD = "nobody reads along until another worker is named"


@dataclass(frozen=True)
class Share:
    """So many assignments go one way: `where` says to whom, in words."""

    kind: HeldAs
    number: int
    where: str

    @property
    def sentence(self) -> str:
        """ "9 as case worker: to Sonia Supervisor, who then chooses a colleague"."""
        return f"{self.number:,} {self.kind}: {self.where}"


class Colleagues:
    """Who could have the work of one person who leaves: each office and each agency is asked once. For one preview, or one move."""

    def __init__(self, session: Session, leaving_id: int) -> None:
        self._session = session
        self._leaving_id = leaving_id
        self._supervisors: dict[str, Sequence[Person]] = {}
        self._coordinators: dict[int | None, Sequence[Person]] = {}
        self._contacts: Contacts | None = None

    def supervisors(self, office_code: str) -> Sequence[Person]:
        """The other active supervisors of an office."""
        if office_code not in self._supervisors:
            found = supervisors_of_office(self._session, office_code)
            self._supervisors[office_code] = [person for person in found if person.id != self._leaving_id]
        return self._supervisors[office_code]

    def coordinators(self, agency_id: int | None) -> Sequence[Person]:
        """The active coordinators of an agency."""
        if agency_id not in self._coordinators:
            self._coordinators[agency_id] = coordinators_of(self._session, agency_id)
        return self._coordinators[agency_id]

    def caretaker(self, assignment: Assignment, *, hidden: bool) -> Person | None:
        """The supervisor who stands in for a case worker who left: the assignment's own; of a youth who is not hidden, else a contact of
        the office for what waits too long, else a supervisor of the unit, else any of the office. None where there is nobody."""
        own = self._session.get(Person, assignment.supervisor_id) if assignment.supervisor_id else None
        if own is not None and own.active and own.id != self._leaving_id and own.role in SUPERVISOR_ROLES:
            return own
        if hidden:
            return None
        if self._contacts is None:
            self._contacts = escalation_contacts(self._session)
        contacts = self._contacts.get(assignment.office_code, frozenset())
        return min(
            self.supervisors(assignment.office_code),
            key=lambda person: (person.id not in contacts, person.unit != assignment.unit, person.id),
            default=None,
        )


def work_of(session: Session, ids: Sequence[int]) -> tuple[tuple[Assignment, bool], ...]:
    """Assignments, read at once, and whether the youth of each is hidden from the office (mission §8)."""
    rows = session.execute(
        select(Assignment, Youth.sensitivity)
        .join(Youth, Youth.id == Assignment.youth_id)
        .where(Assignment.id.in_(ids))
        .order_by(Assignment.id)
    )
    return tuple((assignment, sensitivity != "N") for assignment, sensitivity in rows)


def shares_of(session: Session, person: Person, held: Mapping[HeldAs, Sequence[int]]) -> tuple[Share, ...]:
    """Where everything goes, the largest share of each kind first; an Advocate's to the coordinators, unless a colleague is chosen."""
    found: list[Share] = []
    colleagues = Colleagues(session, person.id)
    for kind, ids in held.items():
        work = work_of(session, ids) if ids else ()
        ways = Counter(_way(session, colleagues, kind, assignment, hidden=hidden) for assignment, hidden in work)
        found += [Share(kind, number, where) for where, number in ways.most_common()]
    return tuple(found)


def _way(session: Session, colleagues: Colleagues, kind: HeldAs, assignment: Assignment, *, hidden: bool) -> str:
    if kind is HeldAs.WORKER:
        caretaker = colleagues.caretaker(assignment, hidden=hidden)
        return f"to {spoken_name(caretaker.name)}, who then chooses a colleague" if caretaker else NOBODY
    if kind is HeldAs.SUPERVISOR and hidden:
        return STAYS
    if kind in {HeldAs.SUPERVISOR, HeldAs.NAMED}:
        office = session.get(Office, assignment.office_code)
        return _to_office(
            office.name if office else assignment.office_code, colleagues.supervisors(assignment.office_code)
        )
    return _to_agency(colleagues.coordinators(assignment.agency_id)) if kind is HeldAs.ADVOCATE else UNREAD


def _to_office(name: str, supervisors: Sequence[Person]) -> str:
    if not supervisors:
        return f"to the office {name}, which has no other supervisor in CTS"
    return f"to the supervisors of {name}: {_names(supervisors)}"


def _to_agency(coordinators: Sequence[Person]) -> str:
    if not coordinators:
        return "back to the agency, which has no coordinator in CTS; or to the Advocate chosen"
    return f"to the coordinator of the agency ({_names(coordinators)}), or to the Advocate chosen"


def _names(people: Sequence[Person]) -> str:
    names = [spoken_name(name) for name in sorted(person.name for person in people)[:NAMES_SHOWN]]
    more = len(people) - len(names)
    return ", ".join(names) + (f" and {more} more" if more else "")
