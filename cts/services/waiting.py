"""Waiting on me: everything that awaits this person, oldest first. Reads the interval table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, false, func, or_, select
from sqlalchemy.orm import Session, aliased

from cts.domain.calendar import working_days_since
from cts.domain.names import listed_name, spoken_name
from cts.domain.vocabulary import SUPERVISOR_ROLES, Document, Party, Role, Status
from cts.domain.workflow import waiting_in
from cts.services.actor import Actor
from cts.services.claims import Claim, lasting
from cts.services.fetching import today_of
from cts.services.history import document_words
from cts.services.looked_up import as_number, as_word, asks
from cts.services.made_once import Kind, anybody, ids_of, kind_of
from cts.services.permissions import hands_in
from db.models import Assignment, Person, ReviewedDocument, Stay, Youth
from db.session import ask, reading

PAGE_SIZE = 25


@dataclass(frozen=True)
class WaitingRow:
    """One thing that awaits the person: which assignment, what is asked, for how many days, and how many of them were working days.

    `claimed` says which supervisor of the office has claimed it, `covered_for` for whom the person covers here; '' for nobody. `version` is
    what a claim from here has seen; `may_claim` and `may_return` say which is possible now (a take-over asks first, on the document).
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
    version: int = 0
    may_claim: bool = False
    may_return: bool = False

    @property
    def document_words(self) -> str:
        """Which document, where there are several of a kind."""
        return document_words(self.document, self.sequence)


def waiting_on_me(actor: Actor, now: datetime, page: int = 1, at_most: int = PAGE_SIZE) -> tuple[WaitingRow, ...]:
    """Oldest first, PAGE_SIZE a page or fewer of it; `page` counts from 1. What waits for the pool stands there too: `mine` is False for
    what was sent to, or claimed by, another supervisor."""
    statement = _oldest_first(kind_of(actor), min(at_most, PAGE_SIZE))
    if page > 1:
        statement = statement.offset((page - 1) * PAGE_SIZE)
    with reading() as session:
        found = ask(session, statement, ids_of(actor)).all()
        hands = hands_in(session, actor, [row.document_id for row in found if row.party == Party.SUPERVISOR])
        claims = _claims(session, [row.id for row in found if row.claimed_by is not None], now)
    today = today_of(now)
    return tuple(_row(actor, (now, today), row, claims.get(row.id), row.document_id in hands) for row in found)


def _claims(session: Session, stay_ids: Sequence[int], now: datetime) -> dict[int, Claim | None]:
    """The claims in these stays, as far as they count."""
    if not stay_ids:
        return {}
    return {
        stay.id: lasting(stay, by, assignment, youth, named, now)
        for stay, by, assignment, youth, named in session.execute(_CLAIMED, {"stay_ids": stay_ids})
    }


_CLAIMED = (
    select(Stay, Person, Assignment, Youth, ReviewedDocument.named_supervisor_id)
    .join(Person, Person.id == Stay.claimed_by)
    .join(Assignment, Assignment.id == Stay.assignment_id)
    .join(Youth, Youth.id == Assignment.youth_id)
    .join(ReviewedDocument, ReviewedDocument.id == Stay.document_id)
    .where(Stay.id.in_(bindparam("stay_ids", expanding=True)))
)


@cache
def _oldest_first(kind: Kind, at_most: int) -> Select[*tuple[Any, ...]]:
    """What is shown of the first of what awaits somebody of this kind. How many is said in the statement: PostgreSQL would plan it anew at
    every call."""
    holder = aliased(Person)
    return (
        select(
            *(Stay.id, Stay.document_id, Stay.party, Stay.person_id, Stay.status, Stay.entered_at, Stay.claimed_by),
            *(Youth.last_name, Youth.first_name, Youth.middle_name, Youth.suffix, Assignment.number),
            *(ReviewedDocument.kind, ReviewedDocument.sequence, ReviewedDocument.version, holder.name.label("holder")),
        )
        # The document first: SQLite reads them in this order, and passes over the Referrals of an Advocate without reading the youth.
        .join(ReviewedDocument, ReviewedDocument.id == Stay.document_id)
        .join(Assignment, Assignment.id == Stay.assignment_id)
        .join(Youth, Youth.id == Assignment.youth_id)
        .outerjoin(holder, holder.id == Stay.person_id)
        .where(Stay.left_at.is_(None), awaits(anybody(kind)))
        .order_by(Stay.entered_at, Stay.id)
        .limit(as_number(at_most))
    )


def count_waiting(actor: Actor) -> int:
    """How many things await the person, on all pages."""
    with reading() as session:
        return ask(session, _how_many(kind_of(actor)), ids_of(actor)).scalar() or 0


@cache
def _how_many(kind: Kind) -> Select[int]:
    wanted = (Stay.left_at.is_(None), awaits(anybody(kind)))
    counted = select(func.count(Stay.id))
    if asks(wanted, Assignment) or asks(wanted, Youth):
        counted = counted.join(Assignment, Assignment.id == Stay.assignment_id)
        counted = counted.join(Youth, Youth.id == Assignment.youth_id)
    if asks(wanted, ReviewedDocument):
        counted = counted.join(ReviewedDocument, ReviewedDocument.id == Stay.document_id)
    return counted.where(*wanted)


def _row(
    actor: Actor, moment: tuple[datetime, date], row: Row[Any], claim: Claim | None, had_a_hand: bool
) -> WaitingRow:
    now, today = moment
    kind, status = Document(row.kind), Status(row.status)
    waiting, began = waiting_in(kind, status), today_of(row.entered_at)
    covered = row.person_id in actor.covers
    sent_here = covered or row.person_id in {None, actor.person_id}
    mine = sent_here if claim is None else claim.person_id == actor.person_id
    in_pool = row.party == Party.SUPERVISOR and not had_a_hand
    return WaitingRow(
        number=row.number,
        youth_name=listed_name(row.last_name, row.first_name, row.middle_name, row.suffix),
        document=kind,
        status=status,
        asked=waiting.asked if waiting else "",
        days=max(0, (today - began).days),
        mine=mine,
        sequence=row.sequence,
        working_days=working_days_since(began, today),
        claimed=_claimed(actor, claim, now),
        covered_for=spoken_name(row.holder or "") if covered else "",
        version=row.version,
        may_claim=in_pool and claim is None,
        may_return=in_pool and claim is not None and mine,
    )


def _claimed(actor: Actor, claim: Claim | None, now: datetime) -> str:
    if claim is None:
        return ""
    return claim.words(now) if claim.person_id != actor.person_id else "Claimed by you"


def awaits(actor: Actor) -> ColumnElement[bool]:
    """Which open stays await a person: his or her own, those of whom the person covers for, the office's pool for supervisors, the program's
    and the agency's."""
    in_hand = Stay.party.in_([as_word(Party.CASE_WORKER), as_word(Party.SUPERVISOR)])
    own = and_(Stay.person_id == actor.person_id, in_hand)
    if actor.covers:
        here = (
            Stay.office_code == actor.office_code,
            Assignment.office_code == actor.office_code,
            Youth.sensitivity == "N",
        )
        own = or_(own, and_(Stay.person_id.in_(actor.covers), in_hand, *here))
    if actor.role in SUPERVISOR_ROLES:
        pool = and_(
            Stay.office_code == actor.office_code, Stay.party == as_word(Party.SUPERVISOR), Youth.sensitivity == "N"
        )
        return or_(own, pool)
    if actor.role is Role.ADMINISTRATION:
        return Stay.party == as_word(Party.ADMINISTRATION)
    if actor.role is Role.COORDINATOR:
        return and_(Stay.party == as_word(Party.COORDINATOR), Stay.agency_id == actor.agency_id)
    if actor.role is Role.ADVOCATE:
        # Whose youth it is, an approved Referral says too; nothing is asked there any more.
        to_do = ReviewedDocument.kind != as_word(Document.REFERRAL)
        return and_(Stay.person_id == actor.person_id, Stay.party == as_word(Party.ADVOCATE), to_do)
    if actor.role is Role.SUPPORT:
        return false()
    return own
