"""What a daily reminder says, written from what still waits at the moment of sending. Numbers, kinds of document, staff: no youth."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cts.domain.addresses import EMERGENCY_REVIEWS
from cts.domain.counting import counted
from cts.domain.names import spoken_name
from cts.domain.vocabulary import Party, Role
from cts.outside.mail import BLOCK, Detail, sayable
from cts.services.emergency_reviews import opened_unreviewed, review_words
from cts.services.escalation import IN_THE_OFFICE, escalation_contacts, is_told
from cts.services.fetching import midnight_of, today_of
from cts.services.pending import Pending, holds, pending
from db.models import EmergencyAccess, Person, ReminderDigest, ReminderItem, Stay

DIGEST = "reminder_digest"
AT_MOST = 50
NOT_NEEDED = "Not needed any more:"
"""How the reason of a reminder begins that was not sent because it had nothing left to say; the e-mail log reads it."""

ACTED_ON = f"{NOT_NEEDED} everything was acted on."
DAY_PASSED = f"{NOT_NEEDED} its day has passed, and the next reminder says what still waits."


def renewed(session: Session, email_id: int, person: Person, now: datetime) -> dict[str, Detail] | str:
    """The details of an owed reminder as things stand now, or why it is not needed any more.

    What was acted on, or went to somebody else, since it was owed is left out. A reminder is for its day of the office's calendar: one that
    could not be sent that day is followed by the next, not sent beside it.
    """
    digest = session.scalar(select(ReminderDigest).where(ReminderDigest.email_id == email_id))
    if digest is None or digest.day != today_of(now):
        return DAY_PASSED
    rows = session.execute(
        select(ReminderItem.stay_id, ReminderItem.escalated).where(ReminderItem.digest_id == digest.id)
    )
    escalated = {stay_id: bool(is_escalated) for stay_id, is_escalated in rows}
    contacts = escalation_contacts(session)
    in_digest = select(ReminderItem.stay_id).where(ReminderItem.digest_id == digest.id)
    own, others = [], []
    for item in pending(session, now, Stay.id.in_(in_digest)):
        if holds(person, item):
            own.append(item)
        elif escalated[item.stay.id] and is_told(person, item, contacts):
            others.append(item)
    reviews = reviews_of(person, openers_before(session, midnight_of(now)))
    return digest_details(own, others, now, reviews) if own or others or reviews else ACTED_ON


def openers_before(session: Session, midnight: datetime) -> list[int]:
    """Who opened, before this moment, what still waits for its review in CSEC Administration: a person for each access."""
    return [who for who, _ in opened_unreviewed(session, EmergencyAccess.opened_at < midnight)]


def reviews_of(person: Person, openers: Collection[int]) -> int:
    """How many of these a person is to review: none for others than CSEC Administration, none of his or her own."""
    reviews = person.active and person.role == Role.ADMINISTRATION
    return sum(opener != person.id for opener in openers) if reviews else 0


def digest_details(
    own: Sequence[Pending], others: Sequence[Pending], now: datetime, reviews: int = 0
) -> dict[str, Detail]:
    """What the text `reminder_digest` needs: the words of its subject, and the list as lines. Each list oldest first.

    `reviews`: so many emergency accesses are to be reviewed.
    """
    lines: list[str] = []
    if own:
        lines += ["This document waits for you:" if len(own) == 1 else "These documents wait for you:", ""]
        lines += _listed(own, [f"{item.asked}. Waiting for {_days(item.days(now))}.{_claimed(item)}" for item in own])
        lines += [f"and {len(own) - AT_MOST:,} more on your Home page", ""] if len(own) > AT_MOST else []
    if reviews:
        lines += [f"{review_words(reviews)}:", EMERGENCY_REVIEWS, ""]
    if others:
        lines += ["Waiting for others too long:", ""]
        lines += _listed(others, [f"With {_holder(item)}, for {_days(item.days(now))}." for item in others])
        lines += [f"and {len(others) - AT_MOST:,} more", ""] if len(others) > AT_MOST else []
    return {"waiting": _subject(len(own), len(others), reviews), BLOCK: lines[:-1]}


def _listed(items: Sequence[Pending], sentences: Sequence[str]) -> list[str]:
    lines = []
    for item, sentence in list(zip(items, sentences, strict=True))[:AT_MOST]:
        lines += [f"Assignment {item.assignment.number}: {item.document}", sentence, item.path, ""]
    return lines


def _subject(own: int, others: int, reviews: int) -> str:
    for_you = [counted(own, "document waits for you", "documents wait for you")] if own else []
    for_you += [review_words(reviews)] if reviews else []
    documents = counted(others, "document waits", "documents wait")
    too_long = f"{others if own and not reviews else documents} for others too long"
    return ", ".join([*for_you, too_long] if others else for_you)


def _claimed(item: Pending) -> str:
    """Said to whoever claimed it, and to the supervisor it was sent to."""
    return f" Claimed by {spoken_name(item.claim.name)}." if item.claim else ""


def _days(days: int) -> str:
    return counted(days, "day")


def _holder(item: Pending) -> str:
    """Who has it, and in which office or agency."""
    person, in_office = item.holder, item.party in IN_THE_OFFICE
    place = (
        sayable(item.office_name, f"office {item.assignment.office_code}")
        if in_office
        else sayable(item.agency_name, "")
    )
    if item.claim is not None:
        return f"{spoken_name(item.claim.name)} (supervisor, who claimed it), {place}"
    title = {Party.CASE_WORKER: "case worker", Party.SUPERVISOR: "supervisor", Party.ADVOCATE: "Advocate"}
    if person is None:
        who = "the coordinator" if item.party is Party.COORDINATOR else f"the {title[item.party]}"
    else:
        left = "" if person.active else ", no longer active"
        who = f"{spoken_name(person.name)} ({title[item.party]}{left})"
    return f"{who}, {place}" if place else who
