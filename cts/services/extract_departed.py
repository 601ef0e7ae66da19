"""CWS/CMS still names somebody who has left: what an extract may give to whom (decision 0048).

A line that states nothing new changes nothing. A line that changed and still names the worker who left does not take the youth back from the
colleague who was chosen in that place; one that names another worker, or another office, moves the youth.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from db.models import Assignment, Person


def without_those_who_left(session: Session, assignment: Assignment, stated: Mapping[str, Any]) -> dict[str, Any]:
    """The columns an extract states, with somebody at work in place of a worker or supervisor who has left. Marks what is to be chosen."""
    after = dict(stated)
    same_office = after.get("office_code", assignment.office_code) == assignment.office_code
    if "supervisor_id" in after and _has_left(session, after["supervisor_id"]):
        after["supervisor_id"] = assignment.supervisor_id if same_office else None
    if "worker_id" not in after:
        return after
    named = after["worker_id"]
    if not _has_left(session, named):
        if named != assignment.worker_id or assignment.former_worker_id is not None:
            assignment.former_worker_id, assignment.worker_choice_open = None, False
        return after
    if same_office and named in {assignment.former_worker_id, assignment.worker_id}:
        after["worker_id"] = assignment.worker_id
        return after
    supervisor = after.get("supervisor_id", assignment.supervisor_id)
    if supervisor is not None and not _has_left(session, supervisor):
        after["worker_id"] = supervisor
    assignment.former_worker_id, assignment.worker_choice_open = named, True
    return after


def _has_left(session: Session, person_id: int | None) -> bool:
    person = session.get(Person, person_id) if person_id is not None else None
    return person is not None and not person.active
