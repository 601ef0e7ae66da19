"""Waiting on me: everything that awaits this person, oldest first. Reads the interval table."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, false, or_, select

from cts.domain.calendar import days_waiting
from cts.domain.names import listed_name
from cts.domain.vocabulary import SUPERVISOR_ROLES, Document, Party, Role, Status
from cts.domain.workflow import waiting_in
from cts.services.actor import Actor
from cts.services.history import document_words
from cts.settings import settings
from db.models import Assignment, ReviewedDocument, Stay, Youth
from db.session import reading

SHOWN_AT_MOST = 100


@dataclass(frozen=True)
class WaitingRow:
    """One thing that awaits the person: which assignment, what is asked, for how many days."""

    number: int
    youth_name: str
    document: Document
    status: Status
    asked: str
    days: int
    mine: bool
    sequence: int = 1

    @property
    def document_words(self) -> str:
        """Which document, where there are several of a kind."""
        return document_words(self.document, self.sequence)


def waiting_on_me(actor: Actor, now: datetime) -> tuple[WaitingRow, ...]:
    """Oldest first, at most 100. What waits for the office's pool of supervisors stands there too, with `mine` False."""
    statement = (
        select(Stay, Assignment, Youth, ReviewedDocument.kind, ReviewedDocument.sequence)
        .join(Assignment, Assignment.id == Stay.assignment_id)
        .join(Youth, Youth.id == Assignment.youth_id)
        .join(ReviewedDocument, ReviewedDocument.id == Stay.document_id)
        .where(Stay.left_at.is_(None), awaits(actor))
        .order_by(Stay.entered_at, Stay.id)
        .limit(SHOWN_AT_MOST)
    )
    zone = settings().time_zone
    with reading() as session:
        found = session.execute(statement).all()
    rows = []
    for stay, assignment, youth, kind, sequence in found:
        waiting = waiting_in(Document(kind), Status(stay.status))
        rows.append(
            WaitingRow(
                number=assignment.number,
                youth_name=listed_name(youth.last_name, youth.first_name, youth.middle_name, youth.suffix),
                document=Document(kind),
                status=Status(stay.status),
                asked=waiting.asked if waiting else "",
                days=days_waiting(stay.entered_at, now, zone),
                mine=stay.person_id in {None, actor.person_id},
                sequence=sequence,
            )
        )
    return tuple(rows)


def awaits(actor: Actor) -> ColumnElement[bool]:
    """Which open stays await a person: his or her own, the office's pool for supervisors, the program's and the agency's."""
    own = and_(Stay.person_id == actor.person_id, Stay.party.in_([Party.CASE_WORKER, Party.SUPERVISOR]))
    if actor.role in SUPERVISOR_ROLES:
        pool = and_(Stay.office_code == actor.office_code, Stay.party == Party.SUPERVISOR, Youth.sensitivity == "N")
        return or_(own, pool)
    if actor.role is Role.ADMINISTRATION:
        return Stay.party == Party.ADMINISTRATION
    if actor.role is Role.COORDINATOR:
        return and_(Stay.party == Party.COORDINATOR, Stay.agency_id == actor.agency_id)
    if actor.role is Role.ADVOCATE:
        # Whose youth it is, an approved Referral says too; nothing is asked there any more.
        to_do = ReviewedDocument.kind != Document.REFERRAL
        return and_(Stay.person_id == actor.person_id, Stay.party == Party.ADVOCATE, to_do)
    if actor.role is Role.SUPPORT:
        return false()
    return own
