"""Dual youth (mission §4): one lead, who approves; a worker of the other department reads and is told. Who that is."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from cts.domain.names import fold, spoken_name
from cts.domain.vocabulary import CLOSED_STATUSES, LeadAgency, Party, Role
from cts.services.access import record_access
from cts.services.actor import Actor
from cts.services.fetching import Fetched, fetch, refusals_logged
from cts.services.outbox import owe_email
from cts.services.refusals import Incomplete, NotPermitted, OutOfDate
from cts.services.step_choices import Choice
from db.models import Assignment, HistoryEntry, Office, Person
from db.session import reading, writing

ACTION = "other_department"
EMAIL = "other_department_named"
FEWEST_LETTERS = 2
SHOWN_AT_MOST = 20
NAMERS = frozenset({Party.CASE_WORKER, Party.SUPERVISOR})
"""Who names the worker of the other department."""


@dataclass(frozen=True)
class OtherDepartment:
    """Who reads along for the other department of a dual youth. `person_id` and `name` are empty when nobody is named."""

    dual: bool
    department: str
    person_id: int | None
    name: str
    may_name: bool


def other_department(actor: Actor, number: int) -> OtherDepartment:
    """Which department leads not, and who reads along for it. Raises NotPermitted."""
    with reading() as session:
        found = fetch(session, actor, number)
        assignment = found.assignment
        person = session.get(Person, assignment.other_worker_id) if assignment.other_worker_id else None
        return OtherDepartment(
            dual=assignment.dual,
            department=_department(assignment),
            person_id=person.id if person else None,
            name=spoken_name(person.name) if person else "",
            may_name=_may_name(found),
        )


def people_of_other_department(actor: Actor, number: int, typed: str) -> tuple[Choice, ...]:
    """Active CSWs (or DPOs) of the other department whose name has parts beginning as typed, at most 20; none below two letters.

    Raises NotPermitted when the actor may not name one.
    """
    with reading() as session:
        found = fetch(session, actor, number)
        if not _may_name(found):
            raise NotPermitted(_WHO_NAMES)
        wanted = fold(typed).split()
        if sum(map(len, wanted)) < FEWEST_LETTERS:
            return ()
        rows = session.execute(
            select(Person.id, Person.name, Office.name)
            .outerjoin(Office, Office.code == Person.office_code)
            .where(*_of_other_department(found))
            .order_by(Person.name, Person.id)
        ).all()
    matches = [row for row in rows if all(any(part.startswith(w) for part in fold(row[1]).split()) for w in wanted)]
    return tuple(Choice(i, spoken_name(name), office or "") for i, name, office in matches[:SHOWN_AT_MOST])


def name_other_worker(actor: Actor, number: int, person_id: int | None, seen: int | None, now: datetime) -> str:
    """Name the worker of the other department, or nobody (None); returns what the screen says. `seen` is who stood there when asked.

    The person named is told by e-mail. Naming the same person twice is one act. Raises NotPermitted (not the case worker or supervisor),
    Incomplete (not a dual youth, closed, not of that department), OutOfDate (another person was named meanwhile).
    """
    with refusals_logged(actor, ACTION, number, now), writing() as session:
        found = fetch(session, actor, number, to_write=True)
        if not found.parties & NAMERS:
            raise NotPermitted(_WHO_NAMES)
        _refuse_impossible(found)
        before = found.assignment.other_worker_id
        if before == person_id:
            return "Nothing was changed."
        person = _chosen(session, found, person_id)
        if before != seen or not _won(session, found, seen, person_id):
            raise OutOfDate("Nothing was changed by you: somebody else was named meanwhile. Please look again.")
        former = session.get(Person, before) if before else None
        entry = _entry(actor, found, person, former, now)
        session.add(entry)
        session.flush()
        if person is not None and person.id != actor.person_id:
            owe_email(
                session,
                history_id=entry.id,
                template=EMAIL,
                to_person=person,
                assignment_number=number,
                now=now,
            )
        record_access(session, actor, ACTION, now, assignment_id=found.assignment.id, **found.logged_as)
    return f"{spoken_name(person.name)} reads along and has been told." if person else "Nobody is named any more."


def _may_name(found: Fetched) -> bool:
    assignment = found.assignment
    return assignment.dual and assignment.status not in CLOSED_STATUSES and bool(found.parties & NAMERS)


_WHO_NAMES = "The case worker or the supervisor of this youth names the worker of the other department."


def _refuse_impossible(found: Fetched) -> None:
    if not found.assignment.dual:
        raise Incomplete("This youth is not a dual youth: there is no other department to name somebody of.")
    if found.assignment.status in CLOSED_STATUSES:
        raise Incomplete(f"The assignment is {found.assignment.status}; nobody is named any more.")


def _department(assignment: Assignment) -> LeadAgency:
    return LeadAgency.DCFS if assignment.lead_agency == LeadAgency.PROBATION else LeadAgency.PROBATION


def _of_other_department(found: Fetched) -> tuple[ColumnElement[bool], ...]:
    wanted = Role.CSW if _department(found.assignment) is LeadAgency.DCFS else Role.DPO
    return (Person.role == wanted, Person.active.is_(True))


def _chosen(session: Session, found: Fetched, person_id: int | None) -> Person | None:
    if person_id is None:
        return None
    person = session.scalar(select(Person).where(Person.id == person_id, *_of_other_department(found)))
    if person is None:
        raise Incomplete(f"Please choose an active worker of {_department(found.assignment)}.")
    return person


def _won(session: Session, found: Fetched, seen: int | None, person_id: int | None) -> bool:
    """Compare-and-set: of two who name somebody at the same moment one is told."""
    as_seen = Assignment.other_worker_id.is_(None) if seen is None else Assignment.other_worker_id == seen
    done = session.execute(
        update(Assignment)
        .where(Assignment.id == found.assignment.id, as_seen)
        .values(other_worker_id=person_id)
        .execution_options(synchronize_session=False)
    )
    return bool(done.rowcount == 1)  # type: ignore[attr-defined]


def _entry(actor: Actor, found: Fetched, person: Person | None, former: Person | None, now: datetime) -> HistoryEntry:
    details: dict[str, Any] = {}
    if person is not None:
        details["other_worker"] = person.name
    if former is not None:
        details["former_other_worker"] = former.name
    party = next(p for p in (Party.CASE_WORKER, Party.SUPERVISOR) if p in found.parties)
    return HistoryEntry(
        assignment_id=found.assignment.id,
        at=now,
        actor_id=actor.person_id,
        party=party,
        action=ACTION,
        status_before=found.assignment.status,
        status_after=found.assignment.status,
        details=details,
    )
