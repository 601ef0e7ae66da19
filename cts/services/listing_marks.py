"""What a row of the Assignment Listing is marked with: on whose caseload it is, and what needs a person's attention."""

from cts.domain.fields import us_date
from cts.domain.names import spoken_name
from cts.domain.vocabulary import CASE_WORKER_ROLES, CLOSED_STATUSES
from cts.services.actor import Actor
from db.models import Assignment


def marks_of(actor: Actor, assignment: Assignment, worker: str, supervisor: str | None) -> tuple[str, ...]:
    """The marks of a row, in words; `worker` and `supervisor` are the names of the assignment's own."""
    return (*_cover_marks(actor, assignment, worker, supervisor), *_marks(assignment))


def _cover_marks(actor: Actor, assignment: Assignment, worker: str, supervisor: str | None) -> tuple[str, ...]:
    """On whose caseload it is, where the actor covers for that person."""
    absent = worker if actor.role in CASE_WORKER_ROLES else supervisor
    absent_id = assignment.worker_id if actor.role in CASE_WORKER_ROLES else assignment.supervisor_id
    return (f"Covered for {spoken_name(absent)}",) if absent and absent_id in actor.covers else ()


def _marks(assignment: Assignment) -> tuple[str, ...]:
    """What the extract says that needs a person's attention."""
    marks = []
    if assignment.missing_since:
        marks.append(f"No longer in CWS/CMS since {us_date(assignment.missing_since)}")
    if assignment.flag_ended_on and assignment.status not in CLOSED_STATUSES:
        marks.append(f"CSEC flag ended {us_date(assignment.flag_ended_on)}")
    if assignment.case_flag_missing:
        marks.append("CSEC flag not entered on the case")
    return tuple(marks)
