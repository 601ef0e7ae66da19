"""The e-mails that an extract owes: to both sides of a move, and to the staff of an assignment that it closes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from cts.domain.names import spoken_name
from cts.domain.workflow import Step
from cts.services.fetching import today_of
from cts.services.outbox import owe_email
from cts.services.parties import people_who_are
from db.models import Assignment, Office, Person, ReviewedDocument


def tell_of_move(
    session: Session, assignment: Assignment, before: Mapping[str, Any], history_id: int, now: datetime
) -> None:
    """Tell those to whom the assignment came, and, without a link they could not follow, the worker and supervisor whom it left."""
    now_with = (assignment.worker_id, assignment.supervisor_id)
    was_with = (before.get("worker_id"), before.get("supervisor_id"))
    details = {
        "case_worker": spoken_name(session.get_one(Person, assignment.worker_id).name),
        "office": session.get_one(Office, assignment.office_code).name,
    }
    _tell(session, now_with, "assignment_moved", assignment.number, history_id, details, now)
    left = (person_id for person_id in was_with if person_id not in now_with)
    _tell(session, left, "assignment_left", assignment.number, history_id, details, now)


def tell_of_step(
    session: Session, step: Step, assignment: Assignment, document: ReviewedDocument, history_id: int, now: datetime
) -> None:
    """Owe the e-mails the step's row of the workflow table names."""
    for tell in step.tells:
        people = people_who_are(session, tell.party, assignment, document, today=today_of(now))
        _tell(session, (person.id for person in people), tell.email, assignment.number, history_id, {}, now)


def _tell(
    session: Session,
    people: Iterable[int | None],
    template: str,
    number: int,
    history_id: int,
    details: dict[str, str],
    now: datetime,
) -> None:
    for person_id in dict.fromkeys(people):
        if person_id is not None:
            owe_email(
                session,
                history_id=history_id,
                template=template,
                to_person=session.get_one(Person, person_id),
                assignment_number=number,
                details=details,
                now=now,
            )
