"""Every emergency access is reviewed by CSEC Administration on the next day (mission §8)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from cts.domain.calendar import days_waiting
from cts.domain.counting import counted
from cts.domain.names import spoken_name
from cts.domain.vocabulary import EMERGENCY_FINDINGS, EMERGENCY_REASONS, NOT_JUSTIFIED, Party, Role
from cts.services.access import admit, log_refusal, record_access
from cts.services.actor import Actor
from cts.services.history import clock
from cts.services.refusals import NOT_FOUND, Incomplete, NotPermitted, OutOfDate
from cts.settings import settings
from db.models import AccessEntry, Assignment, EmergencyAccess, Office, Person
from db.models.sealed import sealed_text
from db.session import ask, reading, writing

ACTION, LOOK = "review emergency access", "list emergency accesses"
SHOWN_AT_MOST = 200
FEWEST_WORDS, LONGEST_NOTE = 2, 2000
_ONLY_ADMINISTRATION = "Emergency access is reviewed by CSEC Administration."
_ANOTHER = "You opened this record yourself, so another person reviews it."
_PURGED = "The record was purged since, and with it what there was to review."


@dataclass(frozen=True)
class EmergencyLine:
    """One emergency access: who opened what, why, and what the review found. `finding` is '' while it waits, for `days` days.

    `looks` counts what was opened or printed by it; `not_justified` the person's accesses that were found so.
    """

    id: int
    number: int
    who: str
    office: str
    opened: str
    until: str
    reason: str
    text: str
    looks: int
    days: int
    finding: str
    reviewed: str
    note: str
    mine: bool
    not_justified: int


@dataclass(frozen=True)
class EmergencyList:
    """What waits for its review, oldest first, and what was reviewed, newest first."""

    waiting: tuple[EmergencyLine, ...]
    reviewed: tuple[EmergencyLine, ...]


@dataclass(frozen=True)
class ReviewsWaiting:
    """How many emergency accesses wait for a person's review, and for how many days the oldest."""

    count: int = 0
    days: int = 0

    @property
    def sentence(self) -> str:
        """How Home says it; '' for none."""
        if not self.count:
            return ""
        days = f"for {counted(self.days, 'day')}" if self.days else "since today"
        return f"{review_words(self.count)}, {'the oldest ' if self.count > 1 else ''}{days}"


def review_words(count: int) -> str:
    """So many emergency accesses wait for their review, as Home and the daily reminder say it to whoever reviews them."""
    who = counted(count, "record opened in an emergency waits", "records opened in an emergency wait")
    return f"{who} for your review"


def reviews_waiting_for(actor: Actor, now: datetime) -> ReviewsWaiting:
    """What stands in Waiting on me of CSEC Administration; nothing for anybody else."""
    if actor.role is not Role.ADMINISTRATION:
        return ReviewsWaiting()
    with reading() as session:
        opened = [at for who, at in opened_unreviewed(session) if who != actor.person_id]
    return ReviewsWaiting(len(opened), days_waiting(min(opened), now, settings().time_zone) if opened else 0)


def opened_unreviewed(session: Session, *which: ColumnElement[bool]) -> list[tuple[int, datetime]]:
    """Who opened, and when, what waits for a review by somebody else. A purged record has nothing left to review."""
    return [(who, at) for who, at in ask(session, _OPENED.where(*which) if which else _OPENED)]


_UNREVIEWED = (EmergencyAccess.reviewed_at.is_(None), Assignment.purged_at.is_(None))
"""What waits for its review."""

_OPENED = (
    select(EmergencyAccess.person_id, EmergencyAccess.opened_at)
    .join(Assignment, Assignment.id == EmergencyAccess.assignment_id)
    .where(*_UNREVIEWED)
)


def emergency_list(actor: Actor, now: datetime, *, opened: bool = False) -> EmergencyList:
    """Everything that waits, and the latest that were reviewed. `opened`: the page was just opened, and the look is logged.

    Raises NotPermitted, and logs it, for others than CSEC Administration.
    """
    demand_administration(actor, LOOK, now)
    if opened:
        with writing() as session:
            record_access(session, actor, LOOK, now)
    opener, reviewer = aliased(Person), aliased(Person)
    by_it = (
        AccessEntry.assignment_id == EmergencyAccess.assignment_id,
        AccessEntry.actor_id == EmergencyAccess.person_id,
        AccessEntry.parties.contains(Party.EMERGENCY),
        AccessEntry.outcome == "done",
        AccessEntry.at >= EmergencyAccess.opened_at,
        AccessEntry.at < EmergencyAccess.ends_at,
        AccessEntry.action != "open in emergency",
    )
    looks = select(func.count(AccessEntry.id)).where(*by_it).correlate(EmergencyAccess).scalar_subquery()
    earlier = found_not_justified(EmergencyAccess.person_id).correlate(EmergencyAccess).scalar_subquery()
    statement = (
        select(EmergencyAccess, Assignment.number, opener.name, Office.name, reviewer.name, looks, earlier)
        .join(Assignment, Assignment.id == EmergencyAccess.assignment_id)
        .join(opener, opener.id == EmergencyAccess.person_id)
        .outerjoin(Office, Office.code == opener.office_code)
        .outerjoin(reviewer, reviewer.id == EmergencyAccess.reviewed_by)
        .limit(SHOWN_AT_MOST)
    )
    with reading() as session:
        open_ones = statement.where(*_UNREVIEWED).order_by(EmergencyAccess.id)
        ended = statement.where(EmergencyAccess.reviewed_at.is_not(None)).order_by(EmergencyAccess.reviewed_at.desc())
        waiting, reviewed = session.execute(open_ones).all(), session.execute(ended).all()
    return EmergencyList(
        tuple(_line(actor, now, *row) for row in waiting), tuple(_line(actor, now, *row) for row in reviewed)
    )


def review_emergency(actor: Actor, emergency_id: int, finding: str, note: str, now: datetime) -> str:
    """Write down what the review found, once; returns what the screen says. One that was not justified ends at once.

    Raises NotPermitted (not CSEC Administration, or the person who opened it), Incomplete, OutOfDate (reviewed or purged meanwhile).
    """
    demand_administration(actor, ACTION, now)
    _refuse_incomplete(finding, note)
    try:
        with writing() as session:
            row = _reviewable(session, actor, emergency_id)
            ends_at = min(row.ends_at, now) if finding == NOT_JUSTIFIED else row.ends_at
            changed = session.execute(
                update(EmergencyAccess)
                .where(EmergencyAccess.id == emergency_id, EmergencyAccess.reviewed_at.is_(None))
                .values(
                    reviewed_at=now,
                    reviewed_by=actor.person_id,
                    finding=finding,
                    sealed_note=sealed_text(note.strip(), row.place("review_note")),
                    ends_at=ends_at,
                )
            )
            if changed.rowcount != 1:  # type: ignore[attr-defined]
                raise OutOfDate("Somebody else has reviewed it meanwhile. Please look again.")
            found = EMERGENCY_FINDINGS[finding]
            record_access(
                session,
                actor,
                ACTION,
                now,
                assignment_id=row.assignment_id,
                parties=Party.ADMINISTRATION,
                reason=found,
                emergency=emergency_id,
            )
    except NotPermitted:
        log_refusal(actor, ACTION, now, emergency=emergency_id)
        raise
    return f"The review is saved: {found.lower()}."


def _reviewable(session: Session, actor: Actor, emergency_id: int) -> EmergencyAccess:
    """What is to be reviewed; its assignment is held, so that a purge comes before or after the review, not between."""
    row = session.get(EmergencyAccess, emergency_id)
    if row is None:
        raise NotPermitted(NOT_FOUND)
    if row.person_id == actor.person_id:
        raise NotPermitted(_ANOTHER)
    held = select(Assignment).where(Assignment.id == row.assignment_id).with_for_update(key_share=True)
    if session.scalars(held).one().purged_at is not None:
        raise OutOfDate(_PURGED)
    return row


def found_not_justified(person_id: int | InstrumentedAttribute[int]) -> Select[int]:
    """How many emergency accesses of a person were reviewed and found not justified. It forbids no further one: a child may be in danger."""
    earlier = aliased(EmergencyAccess)
    return select(func.count(earlier.id)).where(earlier.person_id == person_id, earlier.finding == NOT_JUSTIFIED)


def demand_administration(actor: Actor, action: str, now: datetime) -> None:
    """Raise NotPermitted, and log it, for others than CSEC Administration."""
    sentence = _ONLY_ADMINISTRATION if "emergency" in action else "The access log is for CSEC Administration."
    admit(actor, {Role.ADMINISTRATION}, action, now, sentence)


def _refuse_incomplete(finding: str, note: str) -> None:
    problems = []
    if finding not in EMERGENCY_FINDINGS:
        problems.append(("finding", "Choose whether it was justified."))
    if len(note.split()) < FEWEST_WORDS or len(note) > LONGEST_NOTE:
        problems.append(("note", f"Say in a few words what you found, in at most {LONGEST_NOTE:,} characters."))
    if problems:
        raise Incomplete(" ".join(sentence for _, sentence in problems), tuple(problems))


def _line(
    actor: Actor,
    now: datetime,
    row: EmergencyAccess,
    number: int,
    opener: str,
    office: str | None,
    reviewer: str | None,
    looks: int,
    not_justified: int,
) -> EmergencyLine:
    return EmergencyLine(
        id=row.id,
        number=number,
        who=f"{spoken_name(opener)} ({row.role})",
        office=office or "",
        opened=clock(row.opened_at),
        until=clock(row.ends_at),
        reason=EMERGENCY_REASONS[row.reason_code],
        text=row.reason_text,
        looks=looks,
        days=days_waiting(row.opened_at, now, settings().time_zone),
        finding=EMERGENCY_FINDINGS.get(row.finding, ""),
        reviewed=f"{spoken_name(reviewer)}, {clock(row.reviewed_at)}" if reviewer and row.reviewed_at else "",
        note=row.review_note,
        mine=row.person_id == actor.person_id,
        not_justified=not_justified,
    )
