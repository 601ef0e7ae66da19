"""The open work of somebody who leaves goes where it can be done, in the transaction that ends the account, or gives its person another role,
office or agency (mission §7, decision 0048).

An Advocate's youth go back to the coordinator of the agency, or to a named Advocate of it; a case worker's to the supervisor of each, until a
colleague is chosen (cts/services/caseloads.py); what waits for a supervisor goes to the office. CWS/CMS stays the master of who the worker
is: cts/services/extract_departed.py says what a later extract changes.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from cts.domain.counting import counted
from cts.domain.vocabulary import Party, Role
from cts.services.actor import Actor, SystemActor
from cts.services.extract_documents import hand_on, hold_documents
from cts.services.held_work import HeldAs, held_by
from cts.services.leaving import fingerprint_of
from cts.services.new_holders import Colleagues, shares_of, work_of
from cts.services.outbox import owe_notice
from cts.services.refusals import Incomplete, WorkHasMoved
from cts.services.stays import renew_stays
from db.models import Assignment, EscalationContact, HistoryEntry, Person, ReviewedDocument

ACTION = "rehome"
TO_SUPERVISOR, TO_OFFICE = "rehomed_to_supervisor", "rehomed_to_office"
TO_COORDINATOR, TO_ADVOCATE = "rehomed_to_coordinator", "rehomed_to_advocate"


@dataclass
class Rehoming:
    """One person's work going elsewhere. `told` counts, by e-mail and person, how many assignments came to each.

    `stays_here`: the account does not end, its person gets another role or place.
    """

    session: Session
    actor: Actor | SystemActor
    person: Person
    now: datetime
    heir: Person | None = None
    stays_here: bool = False
    told: Counter[tuple[str, int]] = field(default_factory=Counter)
    colleagues: Colleagues = field(init=False)

    def __post_init__(self) -> None:
        self.colleagues = Colleagues(self.session, self.person.id)


def hold_work_of(session: Session, person_id: int) -> dict[HeldAs, list[int]]:
    """Hold every document of what this person holds, before the account is held, as steps and extracts hold them; returns what it is."""
    before = held_by(session, person_id)
    hold_documents(session, sorted({i for ids in before.values() for i in ids}))
    session.expire_all()
    return held_by(session, person_id)


def rehome(
    session: Session,
    actor: Actor | SystemActor,
    person: Person,
    held: Mapping[HeldAs, Sequence[int]],
    now: datetime,
    *,
    seen: str | None = None,
    heir_id: int | None = None,
    stays_here: bool = False,
) -> int:
    """Send all of it where it goes; returns how many assignments. The documents are held already (hold_work_of).

    `seen` is what the preview said (None: there was no preview). Raises WorkHasMoved when it is something else by now; Incomplete when the
    heir is no active Advocate of the agency.
    """
    if seen is not None and fingerprint_of(held, shares_of(session, person, held)) != seen:
        raise WorkHasMoved(
            "Nothing was changed: what this person holds has changed since you looked. The numbers are shown anew; please look again."
        )
    heir = _heir(session, person, heir_id) if held[HeldAs.ADVOCATE] else None
    case = Rehoming(session, actor, person, now, heir, stays_here)
    for kind, move in _MOVES.items():
        for assignment, hidden in work_of(session, held[kind]) if held[kind] else ():
            move(case, assignment, hidden)
    session.execute(delete(EscalationContact).where(EscalationContact.person_id == person.id))
    session.flush()
    _tell(case)
    return len({i for ids in held.values() for i in ids})


def _worker(case: Rehoming, assignment: Assignment, hidden: bool) -> None:
    caretaker = case.colleagues.caretaker(assignment, hidden=hidden)
    assignment.former_worker_id = assignment.former_worker_id or case.person.id
    assignment.worker_choice_open = True
    if caretaker is None:
        return
    assignment.worker_id = caretaker.id
    _hand_over(case, assignment, {"worker": caretaker.name})
    case.told[TO_SUPERVISOR, caretaker.id] += 1


def _supervisor(case: Rehoming, assignment: Assignment, hidden: bool) -> None:
    """To the office. A youth who is hidden from the office stays with the name until CWS/CMS gives another; what waits there too long is
    told to CSEC Administration (cts/services/escalation.py)."""
    if hidden:
        return
    assignment.supervisor_id = None
    _to_the_office(case, assignment, hidden)


def _to_the_office(case: Rehoming, assignment: Assignment, _hidden: bool) -> None:
    named = (
        ReviewedDocument.assignment_id == assignment.id,
        ReviewedDocument.named_supervisor_id == case.person.id,
    )
    for document in case.session.scalars(select(ReviewedDocument).where(*named)):
        document.named_supervisor_id = None
    _hand_over(case, assignment, {"to_office": True})
    case.told.update((TO_OFFICE, person.id) for person in case.colleagues.supervisors(assignment.office_code))


def _advocate(case: Rehoming, assignment: Assignment, _hidden: bool) -> None:
    assignment.advocate_id = case.heir.id if case.heir else None
    _hand_over(case, assignment, {"advocate": case.heir.name} if case.heir else {"to_agency": True})
    if case.heir:
        case.told[TO_ADVOCATE, case.heir.id] += 1
        return
    case.told.update((TO_COORDINATOR, person.id) for person in case.colleagues.coordinators(assignment.agency_id))


def _other(case: Rehoming, assignment: Assignment, _hidden: bool) -> None:
    assignment.other_worker_id = None
    _write(case, assignment, {"nobody_reads": True})


_MOVES = {
    HeldAs.WORKER: _worker,
    HeldAs.SUPERVISOR: _supervisor,
    HeldAs.NAMED: _to_the_office,
    HeldAs.ADVOCATE: _advocate,
    HeldAs.OTHER: _other,
}


def hand_over(session: Session, assignment: Assignment, now: datetime) -> None:
    """What is open waits for whoever has it now; a screen of before is stale."""
    documents = select(ReviewedDocument).where(ReviewedDocument.assignment_id == assignment.id)
    hand_on(session.scalars(documents.order_by(ReviewedDocument.id)).all(), to_another_office=False)
    assignment.version += 1
    renew_stays(session, assignment, now)


def _hand_over(case: Rehoming, assignment: Assignment, details: dict[str, Any]) -> None:
    hand_over(case.session, assignment, case.now)
    _write(case, assignment, details)


def _write(case: Rehoming, assignment: Assignment, details: dict[str, Any]) -> None:
    case.session.add(
        HistoryEntry(
            assignment_id=assignment.id,
            at=case.now,
            actor_id=case.actor.person_id if isinstance(case.actor, Actor) else None,
            party=Party.SUPPORT,
            action=ACTION,
            status_before=assignment.status,
            status_after=assignment.status,
            details={"former": case.person.name} | ({"stays_here": True} if case.stays_here else {}) | details,
        )
    )


def _heir(session: Session, person: Person, heir_id: int | None) -> Person | None:
    heir = session.get(Person, heir_id) if heir_id is not None else None
    fits = heir and heir.active and heir.role == Role.ADVOCATE and heir.agency_id == person.agency_id
    if heir_id is not None and (not fits or heir_id == person.id):
        raise Incomplete(
            "Please choose an Advocate of the same agency.", (("heir", "Please choose another Advocate."),)
        )
    return heir


def _tell(case: Rehoming) -> None:
    """One e-mail a person, with a number and no name."""
    for (template, person_id), number in sorted(case.told.items()):
        person = case.session.get_one(Person, person_id)
        owe_notice(case.session, person, template, {"waiting": counted(number, "assignment")}, case.now)
