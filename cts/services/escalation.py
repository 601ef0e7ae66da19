"""What has waited too long goes to more people: the supervisor, the office's escalation contacts, CSEC Administration (mission §4)."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from cts.domain.calendar import working_days_waiting
from cts.domain.vocabulary import Party
from cts.services.access import record_access
from cts.services.actor import Actor
from cts.services.parties import supervisors_of_office
from cts.services.pending import Pending, parties_to
from cts.services.refusals import Incomplete
from cts.settings import settings
from db.models import EscalationContact, Person

Contacts = Mapping[str, frozenset[int]]
"""Person ids of the escalation contacts by office code."""

IN_THE_OFFICE = frozenset({Party.CASE_WORKER, Party.SUPERVISOR})


def is_overdue(item: Pending, now: datetime) -> bool:
    """Whether it has waited so many working days (a setting) that others are told."""
    waited = working_days_waiting(item.stay.entered_at, now, settings().time_zone)
    return waited >= settings().escalate_after_working_days


def is_told(person: Person, item: Pending, contacts: Contacts) -> bool:
    """Whether this person is told of what has waited too long for somebody else.

    With the case worker: the assignment's supervisor, the office's contacts, Administration. With the supervisor: the contacts and
    Administration. With the agency: Administration, and for the Advocate the coordinator too. With Administration: nobody further. Only
    people who may open the record, so for a sensitive or sealed youth no contact who is not its own supervisor.
    """
    if not person.active or item.party is Party.ADMINISTRATION:
        return False
    parties = parties_to(person, item)
    if Party.ADMINISTRATION in parties:
        return True
    if item.party is Party.ADVOCATE:
        return Party.COORDINATOR in parties
    if item.party not in IN_THE_OFFICE or Party.SUPERVISOR not in parties:
        return False
    of_worker = (item.assignment.supervisor_id, *item.covers_of(item.assignment.supervisor_id))
    own_supervisor = item.party is Party.CASE_WORKER and person.id in of_worker
    return own_supervisor or person.id in contacts.get(item.assignment.office_code, frozenset())


def escalation_contacts(session: Session) -> Contacts:
    """The contacts of every office. Whether they still work there is asked when they are told (`is_told`)."""
    found: dict[str, frozenset[int]] = {}
    for row in session.scalars(select(EscalationContact)):
        found[row.office_code] = found.get(row.office_code, frozenset()) | {row.person_id}
    return found


def keep_contacts(session: Session, actor: Actor, office_code: str, wanted: Sequence[int], now: datetime) -> None:
    """Make these the escalation contacts of an office, in the caller's transaction. Raises Incomplete unless all are its supervisors."""
    if set(wanted) - {person.id for person in supervisors_of_office(session, office_code)}:
        raise Incomplete("An escalation contact must be a supervisor who works in this office.")
    session.execute(delete(EscalationContact).where(EscalationContact.office_code == office_code))
    session.add_all(EscalationContact(office_code=office_code, person_id=person_id) for person_id in set(wanted))
    record_access(session, actor, "save escalation contacts", now, office=office_code, people=sorted(set(wanted)))
