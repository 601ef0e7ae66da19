"""What a row of the Assignment Listing is marked with: on whose caseload it is, and what needs a person's attention."""

from typing import Any

from cts.domain.fields import us_date
from cts.domain.names import spoken_name
from cts.domain.vocabulary import CASE_WORKER_ROLES, CLOSED_STATUSES
from cts.services.actor import Actor


def marks_of(actor: Actor, row: Any) -> tuple[str, ...]:
    """The marks of a row of a listing (SHOWN in listing_rows.py), in words."""
    return (*_cover_marks(actor, row), *_marks(row))


def _cover_marks(actor: Actor, row: Any) -> tuple[str, ...]:
    """On whose caseload it is, where the actor covers for that person."""
    absent = row.worker if actor.role in CASE_WORKER_ROLES else row.supervisor
    absent_id = row.worker_id if actor.role in CASE_WORKER_ROLES else row.supervisor_id
    return (f"Covered for {spoken_name(absent)}",) if absent and absent_id in actor.covers else ()


def _marks(row: Any) -> tuple[str, ...]:
    """What the extract says that needs a person's attention."""
    marks = []
    if row.missing_since:
        marks.append(f"No longer in CWS/CMS since {us_date(row.missing_since)}")
    if row.flag_ended_on and row.status not in CLOSED_STATUSES:
        marks.append(f"CSEC flag ended {us_date(row.flag_ended_on)}")
    if row.case_flag_missing:
        marks.append("CSEC flag not entered on the case")
    return tuple(marks)
