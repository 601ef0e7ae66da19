"""Whom a step can name: supervisors of the office, agencies under contract, Advocates of the agency."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cts.domain.names import spoken_name
from cts.domain.vocabulary import Need, Role
from cts.domain.workflow import steps_of
from cts.services.actor import Actor
from cts.services.covers import coverage
from cts.services.fetching import Fetched, today_of
from cts.services.parties import supervisors_of_office
from cts.services.step_needs import under_contract
from db.models import Agency, Person


@dataclass(frozen=True)
class Choice:
    """A person or agency that can be chosen; `note` says why one would, or would not ("your supervisor")."""

    id: int
    name: str
    note: str = ""

    @property
    def words(self) -> str:
        """As it stands in a list to choose from."""
        return f"{self.name} ({self.note})" if self.note else self.name


def choices_of(session: Session, actor: Actor, found: Fetched, now: datetime) -> dict[Need, tuple[Choice, ...]]:
    """Whom a step that this person may come to take can name, for each need of it."""
    wanted = {need for step in steps_of(found.kind, found.status, found.parties) for need in step.needs}
    makers = {
        Need.SUPERVISOR: lambda: _supervisors(session, actor, found, now),
        Need.AGENCY: lambda: tuple(c for c in agencies_to_choose(session, now) if c.id != found.assignment.agency_id),
        Need.ADVOCATE: lambda: _advocates(session, found),
    }
    return {need: make() for need, make in makers.items() if need in wanted}


def _supervisors(session: Session, actor: Actor, found: Fetched, now: datetime) -> tuple[Choice, ...]:
    """The own first; of who is absent today it is said who covers."""
    own, covered = found.assignment.supervisor_id, coverage(session, today_of(now))
    people = [p for p in supervisors_of_office(session, found.assignment.office_code) if p.id != actor.person_id]
    people.sort(key=lambda p: (p.id != own, p.name))
    names = {p.id: spoken_name(p.name) for p in people}

    def note(person: Person) -> str:
        covers = [names[i] for i in sorted(covered.get(person.id, ())) if i in names]
        absent = f"absent, covered by {' and '.join(covers)}" if covers else ""
        return ", ".join(filter(None, ("your supervisor" if person.id == own else "", absent)))

    return tuple(Choice(p.id, names[p.id], note(p)) for p in people)


def agencies_to_choose(session: Session, now: datetime) -> tuple[Choice, ...]:
    """The agencies under contract today, by name; of one that cannot be given youth yet it is said why."""
    agencies = session.scalars(select(Agency).order_by(Agency.name)).all()
    coordinators = select(Person.agency_id).where(Person.role == Role.COORDINATOR, Person.active).distinct()
    ready = set(session.scalars(coordinators))
    open_today = (a for a in agencies if under_contract(a, today_of(now)))
    return tuple(Choice(a.id, a.name, "" if a.id in ready else "no coordinator in CTS yet") for a in open_today)


def _advocates(session: Session, found: Fetched) -> tuple[Choice, ...]:
    wanted = (Person.role == Role.ADVOCATE, Person.agency_id == found.assignment.agency_id, Person.active)
    people = session.scalars(select(Person).where(*wanted).order_by(Person.name)).all()
    return tuple(Choice(p.id, spoken_name(p.name)) for p in people if p.id != found.assignment.advocate_id)
