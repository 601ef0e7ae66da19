"""What is due to be purged: proposed each night by the rules, marked by one person of CSEC Administration, or taken off."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import itemgetter

from sqlalchemy import ColumnElement, delete, exists, func, select
from sqlalchemy.orm import Session, aliased

from cts.domain.answer_checks import text_fault
from cts.domain.fields import is_blank, us_date
from cts.domain.names import spoken_name
from cts.domain.retention import Episode, Lengths, Rule, due_on, kind_of, schedule
from cts.domain.vocabulary import CLOSED_STATUSES, Status
from cts.services.access import record_access
from cts.services.actor import Actor
from cts.services.fetching import refusals_logged, today_of
from cts.services.history import clock
from cts.services.holds import (
    REASON_LIMIT,
    admit_administration,
    demand_administration_of,
    held,
    held_still,
)
from cts.services.refusals import Incomplete, OutOfDate
from cts.settings import settings
from db.models import Assignment, Person, PurgeMark, Stay, Youth
from db.session import reading, writing

PROPOSED_AT_ONCE = 1_000
"""So many assignments a night become due at most, or due no more; what is more follows the next night."""

NOT_DUE = "Assignment {0} is not due to be purged: it is open, under a legal hold, or its time has not come."


@dataclass(frozen=True)
class DueView:
    """One assignment on the list. `state` says how far it is; `purge_from` is the first day it can be purged once it is marked."""

    number: int
    status: Status
    rule: str
    due: str
    state: str
    by: str
    when: str
    reason: str
    purge_from: str
    can_mark: bool
    can_purge: bool


PROPOSED, MARKED, TAKEN_OFF = "Due", "Marked", "Taken off"


def lengths() -> Lengths:
    """The lengths of this installation."""
    chosen = settings()
    return Lengths(
        chosen.retain_years,
        chosen.retain_to_age,
        chosen.retain_draft_days,
        chosen.retain_email_days,
        chosen.retain_refusal_days,
        chosen.retain_session_days,
    )


def rules(actor: Actor, now: datetime) -> tuple[Rule, ...]:
    """The schedule of retention. Raises NotPermitted, and logs it."""
    admit_administration(actor, "read retention", now)
    return schedule(lengths())


def propose(now: datetime) -> int:
    """Put on the list what has become due, and take off what is due no more (a hold, a new referral); returns how many were added.

    What a person took off stays off until a person marks it. Bounded: a night puts on PROPOSED_AT_ONCE, and takes off as many.
    """
    listed = select(PurgeMark.assignment_id)
    standing = listed.where(PurgeMark.taken_off_at.is_(None))
    with reading() as session:
        fresh = [due.id for due in _due(session, now, Assignment.id.not_in(listed), at_most=PROPOSED_AT_ONCE)]
        still = {due.id for due in _due(session, now, Assignment.id.in_(standing))}
        over = [assignment_id for assignment_id in session.scalars(standing) if assignment_id not in still]
    over = over[:PROPOSED_AT_ONCE]
    if not fresh and not over:
        return 0
    # All were looked through without holding up anybody; of the few found it is asked again whether it is so.
    with writing() as session:
        still = {due.id for due in _due(session, now, Assignment.id.in_(over))}
        gone = PurgeMark.assignment_id.in_(set(over) - still)
        session.execute(delete(PurgeMark).where(gone, PurgeMark.taken_off_at.is_(None)))
        added = _due(session, now, Assignment.id.in_(fresh), Assignment.id.not_in(listed))
        session.add_all(
            PurgeMark(assignment_id=row.id, rule=row.rule, due_on=row.due_on, proposed_at=now) for row in added
        )
        return len(added)


def due_list(actor: Actor, now: datetime) -> tuple[DueView, ...]:
    """Everything on the list, the longest due first. Raises NotPermitted, and logs it."""
    admit_administration(actor, "read retention", now)
    person = aliased(Person)
    with reading() as session:
        rows = session.execute(
            select(PurgeMark, Assignment.number, Assignment.status, person.id, person.name)
            .join(Assignment, Assignment.id == PurgeMark.assignment_id)
            .outerjoin(person, person.id == func.coalesce(PurgeMark.taken_off_by, PurgeMark.marked_by))
            .order_by(PurgeMark.due_on, Assignment.number)
            .limit(PROPOSED_AT_ONCE)
        ).all()
    return tuple(_view(actor, today_of(now), *row) for row in rows)


def mark(actor: Actor, number: int, now: datetime) -> None:
    """The first of two persons: this one may be purged. Raises NotPermitted, Incomplete (not due), OutOfDate (marked already)."""
    with refusals_logged(actor, "mark for purge", number, now), writing() as session:
        demand_administration_of(session, actor, number)
        assignment = held_still(session, number)
        row = _row(session, assignment.id)
        if row is not None and row.marked_at is not None:
            raise OutOfDate(f"Assignment {number} was marked already, {clock(row.marked_at)}.")
        found = is_due(session, assignment.id, now)
        if not found:
            raise Incomplete(NOT_DUE.format(number))
        if row is None:
            row = PurgeMark(assignment_id=assignment.id, proposed_at=now)
            session.add(row)
        row.rule, row.due_on = found.rule, found.due_on
        row.marked_by, row.marked_at = actor.person_id, now
        row.taken_off_by = row.taken_off_at = None
        row.taken_off_reason = ""
        record_access(session, actor, "mark for purge", now, assignment_id=assignment.id, rule=row.rule)


def take_off(actor: Actor, number: int, reason: str, now: datetime) -> None:
    """Take an assignment off the list, with a reason: it is not purged, nor proposed again by itself.

    Raises NotPermitted, Incomplete (no reason), OutOfDate (not on the list).
    """
    with refusals_logged(actor, "take off purge list", number, now), writing() as session:
        demand_administration_of(session, actor, number)
        fault = (
            "Please say why it is not to be purged." if is_blank(reason) else text_fault("Reason", reason, REASON_LIMIT)
        )
        if fault:
            raise Incomplete(fault, (("reason", fault),))
        assignment = held_still(session, number)
        row = _row(session, assignment.id)
        if row is None or row.taken_off_at is not None:
            raise OutOfDate(f"Assignment {number} is not on the list any more.")
        row.marked_by = row.marked_at = None
        row.taken_off_by, row.taken_off_at, row.taken_off_reason = actor.person_id, now, reason.strip()
        record_access(session, actor, "take off purge list", now, assignment_id=assignment.id)


def first_purge_day(marked_at: datetime) -> date:
    """The first day of the office's calendar on which what was marked may be purged."""
    return today_of(marked_at) + timedelta(days=settings().purge_after_days)


@dataclass(frozen=True)
class Due:
    """An assignment whose time has come: by which rule, since when."""

    id: int
    rule: str
    due_on: date


def is_due(session: Session, assignment_id: int, now: datetime) -> Due | None:
    """Whether an assignment may be purged now, looked at afresh: closed, due by the rule, nothing open, no hold."""
    found = _due(session, now, Assignment.id == assignment_id)
    return found[0] if found else None


def _due(session: Session, now: datetime, *which: ColumnElement[bool], at_most: int | None = None) -> list[Due]:
    limits, today = lengths(), today_of(now)
    open_stay = exists().where(Stay.assignment_id == Assignment.id, Stay.left_at.is_(None))
    # A coarse sieve for the database: what was closed less than the years ago cannot be due.
    long_ago = now - timedelta(days=365 * limits.years - 1)
    episode = aliased(Assignment)
    rows = session.execute(
        select(Assignment.id, Youth.birth_date, episode.closed_at, episode.agency_id)
        .join(Youth, Youth.id == Assignment.youth_id)
        .join(episode, episode.youth_id == Assignment.youth_id)
        .where(
            Assignment.status.in_(sorted(CLOSED_STATUSES)),
            Assignment.closed_at < long_ago,
            Assignment.purged_at.is_(None),
            ~open_stay,
            ~held(),
            *which,
        )
        .order_by(Assignment.closed_at, Assignment.id)
    )
    found: list[Due] = []
    for (assignment_id, birth_date), of_youth in groupby(rows, key=itemgetter(0, 1)):
        episodes = [Episode(today_of(at) if at else None, agency is not None) for *_, at, agency in of_youth]
        day = due_on(birth_date, episodes, limits)
        if day is not None and day <= today:
            found.append(Due(assignment_id, kind_of(episodes), day))
            if at_most is not None and len(found) >= at_most:
                break
    return found


def _view(
    actor: Actor, today: date, row: PurgeMark, number: int, status: str, by: int | None, name: str | None
) -> DueView:
    marked, off = row.marked_at, row.taken_off_at
    purge_from = first_purge_day(marked) if marked else None
    when = marked or off or row.proposed_at
    return DueView(
        number=number,
        status=Status(status),
        rule=row.rule,
        due=us_date(row.due_on),
        state=MARKED if marked else TAKEN_OFF if off else PROPOSED,
        by=spoken_name(name or "") if by else "the nightly job",
        when=clock(when),
        reason=row.taken_off_reason,
        purge_from=us_date(purge_from),
        can_mark=marked is None,
        can_purge=purge_from is not None and purge_from <= today and by != actor.person_id,
    )


def _row(session: Session, assignment_id: int) -> PurgeMark | None:
    return session.scalar(select(PurgeMark).where(PurgeMark.assignment_id == assignment_id).with_for_update())
