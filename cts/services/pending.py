"""What waits for somebody who is reminded every day, and whether it waits for this person. Read by the daily reminder."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, aliased

from cts.domain.addresses import document_address
from cts.domain.calendar import days_waiting
from cts.domain.vocabulary import RECORD_STATUSES, Document, Party, Role, Status
from cts.domain.workflow import WAITING, waiting_in
from cts.services.actor import Actor
from cts.services.claims import Claim, lasting
from cts.services.covers import Coverage, coverage
from cts.services.fetching import today_of
from cts.services.history import document_words
from cts.services.parties import parties_of
from cts.settings import settings
from db.models import Agency, Assignment, Office, Person, ReviewedDocument, Stay, Youth

NAME_AN_ADVOCATE = "Assign an Advocate"

# The table's word, besides an approved Referral that the Advocate has: nothing is asked there any more.
_SETTLED = and_(ReviewedDocument.kind == Document.REFERRAL, Stay.party == Party.ADVOCATE)
_IN_TABLE = or_(
    *(and_(ReviewedDocument.kind == w.document, Stay.status == w.status) for w in WAITING if w.reminded_daily)
)
_REMINDED = and_(_IN_TABLE, ~_SETTLED)


@dataclass(frozen=True)
class Pending:
    """One document that waits, with its rows. `holder` is the one person it waits for, if it is one; `claim` the colleague of the office who
    took it on, as long as that counts. Never leaves the services."""

    stay: Stay
    assignment: Assignment
    youth: Youth
    kind: Document
    sequence: int
    named_supervisor_id: int | None
    holder: Person | None
    office_name: str
    agency_name: str
    coverage: Coverage
    claim: Claim | None = None

    @property
    def party(self) -> Party:
        """Whose turn it is."""
        return Party(self.stay.party)

    @property
    def document(self) -> str:
        """Which document, in words."""
        return document_words(self.kind, self.sequence)

    @property
    def asked(self) -> str:
        """What is asked. A coordinator who holds what the Advocate writes has to name one first."""
        waiting = waiting_in(self.kind, Status(self.stay.status))
        if waiting is None:
            return ""
        return waiting.asked if waiting.holder is self.party else NAME_AN_ADVOCATE

    @property
    def path(self) -> str:
        """The address within CTS; a Referral on its way is what the Assignment # opens."""
        if self.kind is Document.REFERRAL and self.assignment.status not in RECORD_STATUSES:
            return f"/assignment?number={self.assignment.number}"
        return document_address(self.assignment.number, self.kind, self.sequence)

    def days(self, now: datetime) -> int:
        """Calendar days it has waited with this holder."""
        return days_waiting(self.stay.entered_at, now, settings().time_zone)

    def covers_of(self, person_id: int | None) -> frozenset[int]:
        """The ids of those who cover for a person; whether it counts at this assignment `may_act` says."""
        return self.coverage.get(person_id, frozenset()) if person_id is not None else frozenset()


def pending(session: Session, now: datetime, *which: ColumnElement[bool]) -> Sequence[Pending]:
    """Every document whose holder is reminded daily (the table says so), oldest first; only those of `which` stays.

    `now`: who covers for whom on this day of the office, and whose claim still counts.
    """
    covers = coverage(session, today_of(now))
    holder, claimer = aliased(Person), aliased(Person)
    rows = session.execute(
        select(
            Stay,
            Assignment,
            Youth,
            ReviewedDocument.kind,
            ReviewedDocument.sequence,
            ReviewedDocument.named_supervisor_id,
            holder,
            claimer,
            Office.name,
            Agency.name,
        )
        .join(Assignment, Assignment.id == Stay.assignment_id)
        .join(Youth, Youth.id == Assignment.youth_id)
        .join(ReviewedDocument, ReviewedDocument.id == Stay.document_id)
        .outerjoin(holder, holder.id == Stay.person_id)
        .outerjoin(claimer, claimer.id == Stay.claimed_by)
        .outerjoin(Office, Office.code == Assignment.office_code)
        .outerjoin(Agency, Agency.id == Assignment.agency_id)
        .where(Stay.left_at.is_(None), _REMINDED, *which)
        .order_by(Stay.entered_at, Stay.id)
    )
    return [_item(row, covers, now) for row in rows]


def _item(row: Any, covers: Coverage, now: datetime) -> Pending:
    stay, assignment, youth, kind, sequence, named, holder, claimer, office, agency = row
    claim = lasting(stay, claimer, assignment, youth, named, now)
    kind, office, agency = Document(kind), office or "", agency or ""
    return Pending(stay, assignment, youth, kind, sequence, named, holder, office, agency, covers, claim)


def holds(person: Person, item: Pending) -> bool:
    """Whether it is this person's turn, as people, covers and caseloads stand now.

    A supervisor who has left or moved away is stood in for by every supervisor of the office who may act (`parties_of`). What one of them
    has claimed is that one's turn; the supervisor it was sent to stays reminded, for it may be taken over.
    """
    if not may_act(person, item):
        return False
    if item.claim is not None and person.id == item.claim.person_id:
        return True
    if person.id in item.covers_of(item.stay.person_id):
        return True
    if item.party is Party.SUPERVISOR:
        named = item.holder
        in_the_pool = named is None or not may_act(named, item)
        return person.id == item.stay.person_id or (in_the_pool and item.claim is None)
    return item.party in {Party.ADMINISTRATION, Party.COORDINATOR} or person.id == item.stay.person_id


def may_act(person: Person, item: Pending) -> bool:
    """Whether an active person is what the document waits for."""
    return person.active and item.party in parties_to(person, item)


def parties_to(person: Person, item: Pending) -> frozenset[Party]:
    """What a person is to the assignment."""
    of_assignment = (item.assignment.worker_id, item.assignment.supervisor_id, item.named_supervisor_id)
    who = Actor(
        person.id,
        person.name,
        Role(person.role),
        office_code=person.office_code,
        agency_id=person.agency_id,
        covers=frozenset(i for i in of_assignment if i is not None and person.id in item.covers_of(i)),
    )
    return parties_of(who, item.assignment, item.youth, item.named_supervisor_id)
