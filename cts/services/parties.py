"""One sentence per permission: what is this person to this assignment? And its inverse: whom does a step tell?"""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from cts.domain.vocabulary import COUNTY_ROLES, RECORD_STATUSES, SUPERVISOR_ROLES, Document, Party, Role, Status
from cts.domain.workflow import waiting_in
from cts.services.actor import Actor
from cts.services.covers import who_cover, with_those_who_cover
from db.models import Assignment, Person, ReviewedDocument, Youth

READERS = frozenset(
    {
        Party.CASE_WORKER,
        Party.SUPERVISOR,
        Party.ADMINISTRATION,
        Party.COORDINATOR,
        Party.ADVOCATE,
        Party.OTHER_DEPARTMENT,
        Party.EMERGENCY,
    }
)
"""Parties that may open the record. A colleague of the office sees the listing row only (decision (g), mission §10)."""

MAY_SEE_LOOKS = frozenset({Party.CASE_WORKER, Party.SUPERVISOR, Party.ADMINISTRATION})
"""Who is shown who looked at a record."""
AGENCY_PARTIES = frozenset({Party.COORDINATOR, Party.ADVOCATE})


def parties_of(
    actor: Actor, assignment: Assignment, youth: Youth, named_supervisor_id: int | None = None
) -> frozenset[Party]:
    """What the actor is to the assignment, by job title, caseload, office and agency, as they stand now.

    Any supervisor of the office is a supervisor of the assignment (guide), but a sensitive or sealed youth is hidden from all but those
    assigned: there only the assignment's own supervisor and, until the Referral is approved, the one the case worker named for it (mission
    §8).
    """
    found = {Party.ADMINISTRATION} if actor.role is Role.ADMINISTRATION else set()
    if actor.role in COUNTY_ROLES:
        found |= _county_parties(actor, assignment, youth, named_supervisor_id)
    if actor.agency_id is not None and actor.agency_id == assignment.agency_id:
        if actor.role is Role.COORDINATOR:
            found.add(Party.COORDINATOR)
        if actor.role is Role.ADVOCATE and assignment.advocate_id == actor.person_id:
            found.add(Party.ADVOCATE)
    return frozenset(found)


def _county_parties(actor: Actor, assignment: Assignment, youth: Youth, named_supervisor_id: int | None) -> set[Party]:
    found = set()
    covers = covers_here(actor, assignment, youth)
    if assignment.worker_id == actor.person_id:
        found.add(Party.CASE_WORKER)
    elif assignment.worker_id in covers:
        found |= {Party.CASE_WORKER, Party.COVER}
    if assignment.dual and assignment.other_worker_id == actor.person_id:
        found.add(Party.OTHER_DEPARTMENT)
    if actor.office_code == assignment.office_code:
        named = None if assignment.status in RECORD_STATUSES else named_supervisor_id
        own = actor.person_id in {assignment.supervisor_id, named}
        if actor.role in SUPERVISOR_ROLES and (own or youth.sensitivity == "N"):
            found.add(Party.SUPERVISOR)
            if assignment.supervisor_id != actor.person_id and covers & {assignment.supervisor_id, named}:
                found.add(Party.COVER)
        if youth.sensitivity == "N":
            found.add(Party.OFFICE_COLLEAGUE)
    if assignment.number in actor.emergencies and youth.sensitivity == "N" and not found & READERS:
        found.add(Party.EMERGENCY)
    return found


def covers_here(actor: Actor, assignment: Assignment, youth: Youth) -> frozenset[int]:
    """Whom the actor covers for, where that counts: within the office, and never for a sensitive or sealed youth (mission §8)."""
    here = actor.office_code is not None and actor.office_code == assignment.office_code
    return actor.covers if here and youth.sensitivity == "N" else frozenset()


def covered_for(
    actor: Actor, parties: frozenset[Party], assignment: Assignment, named_supervisor_id: int | None
) -> int | None:
    """For whom the actor stands in at an assignment whose party he or she is: the case worker, the supervisor named, or the youth's own."""
    if Party.COVER not in parties:
        return None
    absent = (assignment.worker_id, named_supervisor_id, assignment.supervisor_id)
    return next((person_id for person_id in absent if person_id in actor.covers), None)


_ACTIVE = select(Person).where(Person.active).order_by(Person.id)
_OF_ROLE = _ACTIVE.where(Person.role == bindparam("role"))
_OF_AGENCY = _OF_ROLE.where(Person.agency_id == bindparam("agency_id"))
_ONE = _ACTIVE.where(Person.id == bindparam("person_id"))


def people_who_are(
    session: Session,
    party: Party,
    assignment: Assignment,
    document: ReviewedDocument,
    former_advocate_id: int | None = None,
    today: date | None = None,
) -> Sequence[Person]:
    """The active people an e-mail to this party goes to. A supervisor is the one named for the document, else the youth's own.

    `today` (a day of the office): with those who cover for that person on this day.
    """
    if party is Party.ADMINISTRATION:
        return administration(session)
    if party is Party.COORDINATOR:
        return coordinators_of(session, assignment.agency_id)
    one = {
        Party.CASE_WORKER: assignment.worker_id,
        Party.SUPERVISOR: document.named_supervisor_id or assignment.supervisor_id,
        Party.ADVOCATE: assignment.advocate_id,
        Party.FORMER_ADVOCATE: former_advocate_id,
        Party.OTHER_DEPARTMENT: assignment.other_worker_id if assignment.dual else None,
    }[party]
    waits = waiting_in(Document(document.kind), Status(document.status))
    if party is Party.SUPERVISOR and one == assignment.worker_id and waits and waits.holder is Party.SUPERVISOR:
        return _in_place_of_oneself(session, assignment)
    if one is None:
        return []
    if today is None or party not in {Party.CASE_WORKER, Party.SUPERVISOR}:
        return session.scalars(_ONE, {"person_id": one}).all()
    people = with_those_who_cover(session, one, assignment.office_code, today)
    known = session.get_one(Youth, assignment.youth_id).sensitivity == "N"
    return [person for person in people if person.id == one or known]


def stand_ins_of(session: Session, absent_id: int, assignment: Assignment, today: date) -> Sequence[Person]:
    """Those who cover on a day (of the office) for one person at an assignment: the inverse of `covers_here`."""
    stand_ins = who_cover(session, absent_id, assignment.office_code, today)
    return stand_ins if stand_ins and session.get_one(Youth, assignment.youth_id).sensitivity == "N" else []


def _in_place_of_oneself(session: Session, assignment: Assignment) -> Sequence[Person]:
    """A supervisor who carries the case decides nothing on it (four eyes): the others of the office are asked, where they may know of it."""
    youth = session.get_one(Youth, assignment.youth_id)
    if youth.sensitivity != "N":
        return []
    office = supervisors_of_office(session, assignment.office_code)
    return [person for person in office if person.id != assignment.worker_id]


def administration(session: Session) -> Sequence[Person]:
    """Every active CSEC administrator."""
    return session.scalars(_OF_ROLE, {"role": Role.ADMINISTRATION}).all()


def coordinators_of(session: Session, agency_id: int | None) -> Sequence[Person]:
    """The active coordinators of an agency, also when its contract is over; nobody where there is no agency."""
    of_agency = {"role": Role.COORDINATOR, "agency_id": agency_id}
    return session.scalars(_OF_AGENCY, of_agency).all() if agency_id is not None else []


def supervisors_of_office(session: Session, office_code: str) -> Sequence[Person]:
    """Every active supervisor of an office: those to whom a Referral may be sent, and who may act."""
    wanted = (Person.office_code == office_code, Person.role.in_(SUPERVISOR_ROLES), Person.active)
    return session.scalars(select(Person).where(*wanted).order_by(Person.name)).all()
