"""CWS/CMS still names somebody who has left: what an extract may give to whom (decision 0048).

A line that states nothing new changes nothing. A line that changed and still names the worker who left does not take the youth back from the
colleague who was chosen in that place; one that names another worker, or another office, moves the youth.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
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


def begun_without_those_who_left(session: Session, begun: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Columns of new assignments, each of the same: where the worker named has left the supervisor stands in, if one is at work."""
    named = {row[column] for row in begun for column in ("worker_id", "supervisor_id")} - {None}
    gone = set(session.scalars(select(Person.id).where(Person.id.in_(named), ~Person.active)))
    after = []
    for row in begun:
        supervisor = None if row["supervisor_id"] in gone else row["supervisor_id"]
        left = row["worker_id"] in gone
        stands_in = supervisor if left and supervisor is not None else row["worker_id"]
        after.append(
            row
            | {"supervisor_id": supervisor, "worker_id": stands_in, "worker_choice_open": left}
            | {"former_worker_id": row["worker_id"] if left else None}
        )
    return after


def _has_left(session: Session, person_id: int | None) -> bool:
    person = session.get(Person, person_id) if person_id is not None else None
    return person is not None and not person.active
