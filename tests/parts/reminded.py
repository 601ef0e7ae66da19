"""What the daily reminders of a county say, and mornings on which they are made."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from cts.services.reminders import make_digests, reminded
from db.models import Assignment, EmailOwed, EscalationContact, ReminderDigest, ReminderItem, ReviewedDocument
from db.session import reading, writing
from tests.cast import NOW, Cast
from tests.parts.desk import Desk

OFFICE = ZoneInfo("America/Los_Angeles")


def morning(days: int, hour: int = 7, minute: int = 0) -> datetime:
    """This time of the office's clock, some days after the Monday that tests begin on."""
    monday = NOW.astimezone(OFFICE).replace(hour=hour, minute=minute, second=0, microsecond=0)
    return (monday + timedelta(days=days)).astimezone(NOW.tzinfo)


def digests(cast: Cast, now: datetime) -> dict[str, tuple[list[int], list[int]]]:
    """Today's digests by person of the cast: numbers of what waits for the person, and of what has waited too long for others."""
    keys = {actor.person_id: key for key, actor in cast.people.items()}
    found: dict[str, tuple[list[int], list[int]]] = {}
    with reading() as session:
        rows = session.execute(
            select(ReminderDigest.person_id, ReminderItem.escalated, Assignment.number)
            .join(ReminderItem, ReminderItem.digest_id == ReminderDigest.id)
            .join(ReviewedDocument, ReviewedDocument.id == ReminderItem.document_id)
            .join(Assignment, Assignment.id == ReviewedDocument.assignment_id)
            .where(ReminderDigest.day == now.astimezone(OFFICE).date())
            .order_by(ReminderItem.id)
        )
        for person_id, escalated, number in rows:
            found.setdefault(keys[person_id], ([], []))[int(escalated)].append(number)
    return found


def made(cast: Cast, now: datetime) -> dict[str, tuple[list[int], list[int]]]:
    """Make the digests of a moment; returns those of its day."""
    make_digests(now)
    return digests(cast, now)


def reminders_owed() -> list[EmailOwed]:
    """Every reminder ever owed, oldest first."""
    with reading() as session:
        return list(
            session.scalars(select(EmailOwed).where(EmailOwed.template == "reminder_digest").order_by(EmailOwed.id))
        )


def record_of(desk: Desk) -> tuple[str, ...]:
    """The sentences about reminders on the record of a document."""
    with reading() as session:
        return reminded(session, session.scalars(desk._row(ReviewedDocument.id)).one())


def add_contact(cast: Cast, who: str, office: str) -> None:
    """Make a person an escalation contact of an office."""
    with writing() as session:
        session.add(EscalationContact(office_code=office, person_id=cast.people[who].person_id))
