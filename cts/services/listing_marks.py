"""What a row of the Assignment Listing is marked with: on whose caseload it is, and what needs a person's attention."""

from typing import Any

from cts.domain.fields import us_date
from cts.domain.names import spoken_name
from cts.domain.vocabulary import CASE_WORKER_ROLES, CLOSED_STATUSES
from cts.services.actor import Actor
from db.models import Assignment

MARKED_BY = (
    Assignment.worker_id,
    Assignment.supervisor_id,
    Assignment.missing_since,
    Assignment.flag_ended_on,
    Assignment.case_flag_missing,
)
"""What marks are made of, beside the status and the names of worker and supervisor."""


def marks_of(actor: Actor, found: Any) -> tuple[str, ...]:
    """The marks of a row, in words; its `worker` and `supervisor` are names."""
    return (*_cover_marks(actor, found), *_marks(found))


def _cover_marks(actor: Actor, found: Any) -> tuple[str, ...]:
    """On whose caseload it is, where the actor covers for that person."""
    worker = actor.role in CASE_WORKER_ROLES
    absent, absent_id = (found.worker, found.worker_id) if worker else (found.supervisor, found.supervisor_id)
    return (f"Covered for {spoken_name(absent)}",) if absent and absent_id in actor.covers else ()


def _marks(found: Any) -> tuple[str, ...]:
    """What the extract says that needs a person's attention."""
    marks = []
    if found.missing_since:
        marks.append(f"No longer in CWS/CMS since {us_date(found.missing_since)}")
    if found.flag_ended_on and found.status not in CLOSED_STATUSES:
        marks.append(f"CSEC flag ended {us_date(found.flag_ended_on)}")
    if found.case_flag_missing:
        marks.append("CSEC flag not entered on the case")
    return tuple(marks)
