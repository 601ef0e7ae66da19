"""The purge of an assignment: what was known of the youth is removed, number, dates, statuses and agency remain (decision 0038).

The second of two steps, by a second person. One transaction: all of it, with its certificate, or nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cts.domain.fields import fingerprint, us_date
from cts.services.access import record_access
from cts.services.actor import Actor
from cts.services.extract_lock import only_loader
from cts.services.fetching import refusals_logged, today_of
from cts.services.holds import demand_administration_of, held, held_still
from cts.services.purge_rows import empty_assignment
from cts.services.refusals import Incomplete, NotPermitted, OutOfDate
from cts.services.retention import NOT_DUE, first_purge_day, is_due
from db.models import Assignment, Person, PurgeCertificate, PurgeMark
from db.session import engine, reading, writing

FOUR_EYES = "You marked this assignment yourself. Somebody else of CSEC Administration confirms the purge."


@dataclass(frozen=True)
class Grounds:
    """Why an assignment is purged, and who answers for it: what the certificate says beside what was removed."""

    rule: str
    due_on: date
    marked_by: str
    marked_at: datetime
    confirmed_by: str
    purged_at: datetime


def confirm_purge(actor: Actor, number: int, now: datetime) -> str:
    """The second of two persons: purge assignment `number`; returns what is said. Free pages of a SQLite file are cleared by night.

    Raises NotPermitted (not Administration; the person who marked it), Incomplete (not marked, too early, held, or due no more), OutOfDate (an
    extract is being loaded, or somebody was faster).
    """
    with refusals_logged(actor, "purge", number, now):
        with reading() as session:
            demand_administration_of(session, actor, number)
        # Between its comparing and its writing an extract knows assignments by what they were.
        with only_loader(engine()), writing() as session:
            assignment = held_still(session, number)
            purge_for(session, assignment, _grounds(session, actor, assignment, now))
            record_access(session, actor, "purge", now, assignment_id=assignment.id)
    return f"Assignment {number} is purged. Its certificate is below."


def purge_for(session: Session, assignment: Assignment, grounds: Grounds) -> PurgeCertificate:
    """Purge an assignment on these grounds, in the caller's transaction, and write the certificate."""
    number, closed_at = assignment.number, assignment.closed_at
    counts = empty_assignment(session, assignment, grounds.purged_at)
    content = {
        "assignment_number": number,
        "status": assignment.status,
        "closed_at": closed_at.isoformat() if closed_at else "",
        "rule": grounds.rule,
        "due_on": grounds.due_on.isoformat(),
        "marked_by": grounds.marked_by,
        "marked_at": grounds.marked_at.isoformat(),
        "confirmed_by": grounds.confirmed_by,
        "purged_at": grounds.purged_at.isoformat(),
        "removed": counts,
    }
    certificate = PurgeCertificate(
        assignment_number=number, purged_at=grounds.purged_at, content=content, fingerprint=fingerprint(content)
    )
    session.add(certificate)
    session.flush()
    return certificate


def is_genuine(content: Mapping[str, Any], stated: str) -> bool:
    """Whether a certificate says what it said when it was made."""
    return fingerprint(content) == stated


def _grounds(session: Session, actor: Actor, assignment: Assignment, now: datetime) -> Grounds:
    number = assignment.number
    row = session.scalar(select(PurgeMark).where(PurgeMark.assignment_id == assignment.id).with_for_update())
    if session.scalar(select(Assignment.id).where(Assignment.id == assignment.id, held())) is not None:
        raise Incomplete(f"Assignment {number} is under a legal hold. Once that is lifted, it is marked anew.")
    if row is None or row.marked_at is None or row.marked_by is None:
        raise OutOfDate(
            f"Assignment {number} is not marked to be purged. Somebody else of CSEC Administration marks it first."
        )
    if row.marked_by == actor.person_id:
        raise NotPermitted(FOUR_EYES)
    if first_purge_day(row.marked_at) > today_of(now):
        raise Incomplete(f"Assignment {number} can be purged from {us_date(first_purge_day(row.marked_at))} on.")
    due = is_due(session, assignment.id, now)
    if due is None:
        raise Incomplete(NOT_DUE.format(number))
    marked_by, marked_at = session.get_one(Person, row.marked_by), row.marked_at
    session.delete(row)
    return Grounds(due.rule, due.due_on, marked_by.name, marked_at, actor.name, now)
