"""Break-glass (mission §8): a worker with no tie to a youth opens the record by stating a reason, for a limited time, and it is reviewed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from cts.domain.vocabulary import COUNTY_ROLES, EMERGENCY_REASONS, Party
from cts.services.access import record_access
from cts.services.actor import Actor
from cts.services.email_kinds import EMERGENCY_EMAILS
from cts.services.emergency_reviews import found_not_justified
from cts.services.fetching import HIGHEST_NUMBER, as_now, refusals_logged
from cts.services.history import clock
from cts.services.outbox import owe_email
from cts.services.parties import READERS, administration, parties_of
from cts.services.refusals import NOT_FOUND, Incomplete, NotPermitted
from cts.settings import settings
from db.models import Assignment, EmergencyAccess, ReviewedDocument, Youth
from db.session import reading, writing

ACTION = "open in emergency"
EMAIL, EMAIL_AGAIN = EMERGENCY_EMAILS
FEWEST_WORDS, LONGEST_REASON = 4, 2000


@dataclass(frozen=True)
class EmergencyOffer:
    """What somebody who may open a record in an emergency is told and asked."""

    hours: int
    reasons: dict[str, str]


def emergency_offer(actor: Actor) -> EmergencyOffer | None:
    """What the dialog says; None for those who never open a record in an emergency: agencies, Administration (which needs none), support."""
    return EmergencyOffer(settings().emergency_hours, dict(EMERGENCY_REASONS)) if actor.role in COUNTY_ROLES else None


def open_emergency(actor: Actor, number: int, code: str, reason: str, now: datetime) -> str:
    """Open the record of assignment `number` for the hours of the setting; returns what the screen says. Opened already, it stays as it was.

    CSEC Administration is told by e-mail, the louder when an earlier access of the person was found not justified, and reviews it.
    A sensitive or sealed youth looks like one that does not exist (decision 0034).
    Raises NotPermitted; Incomplete without a reason of at least a sentence, or for somebody who may open the record as it is.
    """
    with refusals_logged(actor, ACTION, number, now), writing() as session:
        assignment, present = _openable(session, actor, number)
        _refuse_without_reason(code, reason)
        ends_at = session.scalar(
            select(EmergencyAccess.ends_at)
            .where(*_lasting(actor.person_id, now), EmergencyAccess.assignment_id == assignment.id)
            .limit(1)
        )
        if ends_at is None:
            ends_at = now + timedelta(hours=settings().emergency_hours)
            row = _row(assignment, present, code, now, ends_at)
            session.add(row)
            session.flush()
            row.reason_text = reason.strip()
            _tell_reviewers(session, present, number, now)
            record_access(
                session,
                actor,
                ACTION,
                now,
                assignment_id=assignment.id,
                parties=Party.EMERGENCY,
                reason=EMERGENCY_REASONS[code],
                emergency=row.id,
            )
    return f"The record of assignment {number} is open to you until {clock(ends_at)}. Every look is recorded and will be reviewed."


def emergency_words(actor: Actor, number: int, now: datetime) -> str:
    """What stands above a record that was opened in an emergency: until when. '' for everybody else."""
    if number not in actor.emergencies:
        return ""
    with reading() as session:
        until = session.scalar(
            select(EmergencyAccess.ends_at)
            .join(Assignment, Assignment.id == EmergencyAccess.assignment_id)
            .where(*_lasting(actor.person_id, now), Assignment.number == number)
        )
    if until is None:
        return ""
    return f"Opened in an emergency: you can read this record until {clock(until)}. Every look is recorded and will be reviewed."


def _lasting(person_id: int, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (EmergencyAccess.person_id == person_id, EmergencyAccess.opened_at <= now, EmergencyAccess.ends_at > now)


def _openable(session: Session, actor: Actor, number: int) -> tuple[Assignment, Actor]:
    """The assignment, held until the transaction ends so that two presses are one, and the actor as of this moment."""
    if not 0 < number <= HIGHEST_NUMBER:
        raise NotPermitted(NOT_FOUND)
    wanted = select(Assignment, Youth).join(Youth, Youth.id == Assignment.youth_id).where(Assignment.number == number)
    found = session.execute(wanted.with_for_update(of=Assignment, key_share=True)).first()
    if found is None or found[0].purged_at is not None:
        raise NotPermitted(NOT_FOUND)
    assignment, youth = found
    named = select(ReviewedDocument.named_supervisor_id).where(ReviewedDocument.assignment_id == assignment.id)
    present = as_now(session, actor)
    ties = parties_of(present, assignment, youth, session.scalar(named.order_by(ReviewedDocument.id).limit(1)))
    if (ties - {Party.EMERGENCY}) & READERS:
        raise Incomplete("You can open this record as it is: it needs no emergency.")
    if present.role not in COUNTY_ROLES or youth.sensitivity != "N":
        raise NotPermitted(NOT_FOUND)
    return assignment, present


def _refuse_without_reason(code: str, reason: str) -> None:
    problems = []
    if code not in EMERGENCY_REASONS:
        problems.append(("code", "Choose what the emergency is."))
    if len(reason.split()) < FEWEST_WORDS:
        problems.append(("reason", "Say in a sentence why you need to see this record now."))
    if len(reason) > LONGEST_REASON:
        problems.append(("reason", f"Say it in at most {LONGEST_REASON:,} characters."))
    if problems:
        raise Incomplete(" ".join(sentence for _, sentence in problems), tuple(problems))


def _row(assignment: Assignment, actor: Actor, code: str, now: datetime, ends_at: datetime) -> EmergencyAccess:
    return EmergencyAccess(
        assignment_id=assignment.id,
        person_id=actor.person_id,
        role=actor.role,
        reason_code=code,
        opened_at=now,
        ends_at=ends_at,
    )


def _tell_reviewers(session: Session, actor: Actor, number: int, now: datetime) -> None:
    template = EMAIL_AGAIN if session.scalar(found_not_justified(actor.person_id)) else EMAIL
    for person in administration(session):
        owe_email(
            session,
            history_id=None,
            template=template,
            to_person=person,
            assignment_number=number,
            details={"by": actor.name},
            now=now,
        )
