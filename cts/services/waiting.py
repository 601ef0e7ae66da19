"""Waiting on me: everything that awaits this person, oldest first. Reads the interval table."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, false, func, or_, select
from sqlalchemy.orm import aliased

from cts.domain.calendar import days_waiting, working_days_waiting
from cts.domain.names import listed_name, spoken_name
from cts.domain.vocabulary import SUPERVISOR_ROLES, Document, Party, Role, Status
from cts.domain.workflow import waiting_in
from cts.services.actor import Actor
from cts.services.claims import Claim, lasting
from cts.services.history import document_words
from cts.services.made_once import Kind, anybody, ids_of, kind_of
from cts.settings import settings
from db.models import Assignment, Person, ReviewedDocument, Stay, Youth
from db.session import reading

PAGE_SIZE = 100


@dataclass(frozen=True)
class WaitingRow:
    """One thing that awaits the person: which assignment, what is asked, for how many days, and how many of them were working days.

    `claimed` says which supervisor of the office has claimed it, `covered_for` for whom the person covers here; '' for nobody.
    """

    number: int
    youth_name: str
    document: Document
    status: Status
    asked: str
    days: int
    mine: bool
    sequence: int = 1
    working_days: int = 0
    claimed: str = ""
    covered_for: str = ""

    @property
    def document_words(self) -> str:
        """Which document, where there are several of a kind."""
        return document_words(self.document, self.sequence)


def waiting_on_me(actor: Actor, now: datetime, page: int = 1) -> tuple[WaitingRow, ...]:
    """Oldest first, 100 a page; `page` counts from 1. What waits for the office's pool stands there too: `mine` is False for what was sent to,
    or claimed by, another supervisor."""
    beyond = (max(1, page) - 1) * PAGE_SIZE
    with reading() as session:
        found = session.execute(_oldest_first(kind_of(actor)), {**ids_of(actor), "beyond": beyond}).all()
    return tuple(
        _row(
            actor,
            now,
            stay,
            assignment,
            youth,
            Document(kind),
            sequence,
            lasting(stay, by, assignment, youth, named, now),
            holder_name or "",
        )
        for stay, assignment, youth, kind, sequence, named, by, holder_name in found
    )


@cache
def _oldest_first(kind: Kind) -> Select[*tuple[Any, ...]]:
    """A page of what awaits somebody of this kind; `beyond` is how much of it lies before."""
    claimer, holder = aliased(Person), aliased(Person)
    return (
        select(
            Stay,
            Assignment,
            Youth,
            ReviewedDocument.kind,
            ReviewedDocument.sequence,
            ReviewedDocument.named_supervisor_id,
            claimer,
            holder.name,
        )
        .join(Assignment, Assignment.id == Stay.assignment_id)
        .join(Youth, Youth.id == Assignment.youth_id)
        .join(ReviewedDocument, ReviewedDocument.id == Stay.document_id)
        .outerjoin(claimer, claimer.id == Stay.claimed_by)
        .outerjoin(holder, holder.id == Stay.person_id)
        .where(Stay.left_at.is_(None), awaits(anybody(kind)))
        .order_by(Stay.entered_at, Stay.id)
        .limit(PAGE_SIZE)
        .offset(bindparam("beyond", type_=Integer))
    )


def count_waiting(actor: Actor) -> int:
    """How many things await the person, on all pages."""
    with reading() as session:
        return session.scalar(_how_many(kind_of(actor)), ids_of(actor)) or 0


@cache
def _how_many(kind: Kind) -> Select[int]:
    return (
        select(func.count(Stay.id))
        .join(Assignment, Assignment.id == Stay.assignment_id)
        .join(Youth, Youth.id == Assignment.youth_id)
        .join(ReviewedDocument, ReviewedDocument.id == Stay.document_id)
        .where(Stay.left_at.is_(None), awaits(anybody(kind)))
    )


def _row(
    actor: Actor,
    now: datetime,
    stay: Stay,
    assignment: Assignment,
    youth: Youth,
    kind: Document,
    sequence: int,
    claim: Claim | None,
    holder: str,
) -> WaitingRow:
    status, zone = Status(stay.status), settings().time_zone
    waiting = waiting_in(kind, status)
    covered = stay.person_id in actor.covers
    sent_here = covered or stay.person_id in {None, actor.person_id}
    return WaitingRow(
        number=assignment.number,
        youth_name=listed_name(youth.last_name, youth.first_name, youth.middle_name, youth.suffix),
        document=kind,
        status=status,
        asked=waiting.asked if waiting else "",
        days=days_waiting(stay.entered_at, now, zone),
        mine=sent_here if claim is None else claim.person_id == actor.person_id,
        sequence=sequence,
        working_days=working_days_waiting(stay.entered_at, now, zone),
        claimed=_claimed(actor, claim, now),
        covered_for=spoken_name(holder) if covered else "",
    )


def _claimed(actor: Actor, claim: Claim | None, now: datetime) -> str:
    if claim is None:
        return ""
    return claim.words(now) if claim.person_id != actor.person_id else "Claimed by you"


def awaits(actor: Actor) -> ColumnElement[bool]:
    """Which open stays await a person: his or her own, those of whom the person covers for, the office's pool for supervisors, the program's
    and the agency's."""
    in_hand = Stay.party.in_([Party.CASE_WORKER, Party.SUPERVISOR])
    own = and_(Stay.person_id == actor.person_id, in_hand)
    if actor.covers:
        here = (
            Stay.office_code == actor.office_code,
            Assignment.office_code == actor.office_code,
            Youth.sensitivity == "N",
        )
        own = or_(own, and_(Stay.person_id.in_(actor.covers), in_hand, *here))
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
