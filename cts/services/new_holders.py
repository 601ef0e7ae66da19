"""Who has the work of somebody who leaves: named person by person, with numbers, for a preview that tells of no youth (decision 0048).

What is said here is what rehoming.py does.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from cts.domain.names import spoken_name
from cts.domain.vocabulary import SUPERVISOR_ROLES, Role
from cts.services.escalation import escalation_contacts
from cts.services.held_work import HeldAs
from cts.services.parties import supervisors_of_office
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


def caretaker_of(session: Session, assignment: Assignment, leaving_id: int) -> Person | None:
    """The supervisor who stands in for a case worker who left: the assignment's own; of a youth who is not hidden, else a contact of the
    office for what waits too long, else a supervisor of the unit, else any of the office. None where there is nobody."""
    own = session.get(Person, assignment.supervisor_id) if assignment.supervisor_id else None
    if own is not None and own.active and own.id != leaving_id and own.role in SUPERVISOR_ROLES:
        return own
    if session.get_one(Youth, assignment.youth_id).sensitivity != "N":
        return None
    contacts = escalation_contacts(session).get(assignment.office_code, frozenset())
    office = [p for p in supervisors_of_office(session, assignment.office_code) if p.id != leaving_id]
    return min(office, key=lambda p: (p.id not in contacts, p.unit != assignment.unit, p.id), default=None)


def shares_of(session: Session, person: Person, held: Mapping[HeldAs, Sequence[int]]) -> tuple[Share, ...]:
    """Where everything goes, the largest share of each kind first; an Advocate's to the coordinators, unless a colleague is chosen."""
    found: list[Share] = []
    for kind, ids in held.items():
        # Read at once, so that nothing below asks for one row after the other.
        rows = (
            session.scalars(select(Assignment).where(Assignment.id.in_(ids)).order_by(Assignment.id)).all()
            if ids
            else []
        )
        youth = session.scalars(select(Youth).where(Youth.id.in_({row.youth_id for row in rows}))).all() if rows else []
        hidden = {one.id for one in youth if one.sensitivity != "N"}
        ways = Counter(_way(session, person, kind, row, hidden=row.youth_id in hidden) for row in rows)
        found += [Share(kind, number, where) for where, number in ways.most_common()]
    return tuple(found)


def _way(session: Session, person: Person, kind: HeldAs, assignment: Assignment, *, hidden: bool) -> str:
    if kind is HeldAs.WORKER:
        caretaker = caretaker_of(session, assignment, person.id)
        return f"to {spoken_name(caretaker.name)}, who then chooses a colleague" if caretaker else NOBODY
    if kind is HeldAs.SUPERVISOR and hidden:
        return STAYS
    if kind in {HeldAs.SUPERVISOR, HeldAs.NAMED}:
        return _to_office(session, assignment.office_code, person.id)
    return _to_agency(session, assignment.agency_id) if kind is HeldAs.ADVOCATE else UNREAD


def _to_office(session: Session, office_code: str, leaving_id: int) -> str:
    office = session.get(Office, office_code)
    name = office.name if office else office_code
    others = [p for p in supervisors_of_office(session, office_code) if p.id != leaving_id]
    if not others:
        return f"to the office {name}, which has no other supervisor in CTS"
    return f"to the supervisors of {name}: {_names(others)}"


def _to_agency(session: Session, agency_id: int | None) -> str:
    wanted = (Person.role == Role.COORDINATOR, Person.agency_id == agency_id, Person.active)
    coordinators = session.scalars(select(Person).where(*wanted).order_by(Person.name)).all()
    if not coordinators:
        return "back to the agency, which has no coordinator in CTS; or to the Advocate chosen"
    return f"to the coordinator of the agency ({_names(coordinators)}), or to the Advocate chosen"


def _names(people: Sequence[Person]) -> str:
    names = [spoken_name(person.name) for person in people[:NAMES_SHOWN]]
    more = len(people) - len(names)
    return ", ".join(names) + (f" and {more} more" if more else "")
