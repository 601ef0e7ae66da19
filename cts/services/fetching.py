"""Fetching is authorising: no function hands out a record the actor may not see; unknown and forbidden look alike."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from cts.domain.addresses import HIGHEST_SEQUENCE
from cts.domain.calendar import office_day, office_time
from cts.domain.fields import FormSpec, Stage, fingerprint, us_date
from cts.domain.vocabulary import Document, Party, Role, Status
from cts.domain.workflow import WRITERS, may_be_written, stage_of
from cts.forms.all_forms import SPECS
from cts.services.access import record_access
from cts.services.actor import Actor
from cts.services.covers import still_covered
from cts.services.facts import Facts, read_facts, service_facts
from cts.services.parties import AGENCY_PARTIES, READERS, covered_for, parties_of
from cts.services.refusals import EMERGENCY_ENDED, NOT_FOUND, EmergencyEnded, NotPermitted, Refusal
from cts.settings import settings
from db.models import Assignment, EmergencyAccess, Person, ReviewedDocument, Youth
from db.session import writing

HIGHEST_NUMBER = 2**31 - 1
"""No assignment has a higher number; a database could not even look for it."""

_HELD = (
    select(ReviewedDocument.id)
    .join(Assignment, Assignment.id == ReviewedDocument.assignment_id)
    .where(Assignment.number == bindparam("number"))
    .order_by(ReviewedDocument.id)
    .with_for_update(of=ReviewedDocument, key_share=True)
)
# The person comes along, since as_now asks for it next.
_NEWEST = (
    select(Assignment, Youth, ReviewedDocument, Person)
    .join(Youth, Youth.id == Assignment.youth_id)
    .join(ReviewedDocument, ReviewedDocument.assignment_id == Assignment.id)
    .outerjoin(Person, Person.id == bindparam("person_id"))
    .where(Assignment.number == bindparam("number"), ReviewedDocument.kind == bindparam("kind"))
    .order_by(ReviewedDocument.sequence.desc())
    .limit(1)
)
_OF_SEQUENCE = _NEWEST.where(ReviewedDocument.sequence == bindparam("sequence"))


@dataclass(frozen=True)
class Fetched:
    """The rows of one assignment and its document, with what the actor is to them. Never leaves the services."""

    assignment: Assignment
    youth: Youth
    document: ReviewedDocument
    parties: frozenset[Party]
    covered_id: int | None = None
    """For whom the actor stands in here: the absent case worker or supervisor."""
    person: Person | None = None
    """The row of the actor, held here so that nothing reads it again."""

    @property
    def kind(self) -> Document:
        """Which document it is."""
        return Document(self.document.kind)

    @property
    def status(self) -> Status:
        """Its status."""
        return Status(self.document.status)

    @property
    def spec(self) -> FormSpec:
        """Its field list."""
        return SPECS[self.kind]

    @property
    def being_written(self) -> bool:
        """Whether its author may change it."""
        return may_be_written(self.kind, self.status)

    @property
    def stage(self) -> Stage:
        """Which part of the form is being answered."""
        return stage_of(self.kind, self.status)

    @property
    def alerts_withhold(self) -> bool:
        """Whether address, phone and whereabouts are hidden: from the agency, until its coordinator has acknowledged the alerts (mission §4.1
        IV)."""
        return self.parties <= AGENCY_PARTIES and self.assignment.alerts_acknowledged_at is None

    @property
    def known_since(self) -> datetime | None:
        """For the agency the moment it was given the youth; None for those who know all that happened before, too."""
        return self.assignment.agency_assigned_at if self.parties <= AGENCY_PARTIES else None

    @property
    def logged_as(self) -> dict[str, Any]:
        """What the access log says the actor is here, and for whom he or she stands in."""
        as_what = {"parties": ", ".join(sorted(self.parties))}
        return as_what if self.covered_id is None else as_what | {"acting_for": self.covered_id}

    @property
    def is_writer(self) -> bool:
        """Whether the actor is the one who writes it."""
        return WRITERS[self.kind] in self.parties


def fetch(
    session: Session,
    actor: Actor,
    number: int,
    kind: Document = Document.REFERRAL,
    sequence: int | None = None,
    *,
    to_write: bool = False,
) -> Fetched:
    """The document of this kind and sequence (None: the newest) of assignment `number`.

    Raises NotPermitted when there is none, or none the actor may open, or it was purged.

    `to_write` holds all documents of the assignment until the transaction ends: no other step and no extract changes meanwhile what is
    decided on here. (The extract holds documents before it changes their assignments, so nobody waits in a circle.)
    """
    if not 0 < number <= HIGHEST_NUMBER or not (sequence is None or 0 < sequence <= HIGHEST_SEQUENCE):
        raise NotPermitted(NOT_FOUND)
    if to_write and session.get_bind().dialect.name != "sqlite":
        # A statement of its own: the next one then reads what the one before us in the queue has saved. SQLite has one writer at a time.
        session.execute(_HELD, {"number": number})
    wanted = {"number": number, "kind": kind, "sequence": sequence, "person_id": actor.person_id}
    found = session.execute(_NEWEST if sequence is None else _OF_SEQUENCE, wanted).first()
    if found is None:
        raise NotPermitted(NOT_FOUND)
    assignment, youth, document, person = found
    present = as_now(session, actor)
    parties = parties_of(present, assignment, youth, document.named_supervisor_id)
    if not parties & READERS:
        raise _closed_to(session, actor, assignment, youth)
    if assignment.purged_at is not None:
        raise NotPermitted(
            f"The record of assignment {number} was purged on {us_date(today_of(assignment.purged_at))}, as the rules of retention ask. "
            "CSEC Administration keeps the certificate."
        )
    covered_id = covered_for(present, parties, assignment, document.named_supervisor_id)
    return Fetched(assignment, youth, document, parties, covered_id, person)


def _closed_to(session: Session, actor: Actor, assignment: Assignment, youth: Youth) -> NotPermitted:
    """Why there is no such record for this person. A youth who is sensitive or sealed by now looks to everybody like one that does not exist."""
    mine = (EmergencyAccess.person_id == actor.person_id, EmergencyAccess.assignment_id == assignment.id)
    was_open = youth.sensitivity == "N" and session.scalar(select(EmergencyAccess.id).where(*mine).limit(1))
    return EmergencyEnded(EMERGENCY_ENDED) if was_open else NotPermitted(NOT_FOUND)


def as_now(session: Session, actor: Actor) -> Actor:
    """The actor with the title, office and agency of this moment: a former worker loses access at once (mission §8)."""
    person = session.get(Person, actor.person_id)
    if person is None or not person.active:
        raise NotPermitted(NOT_FOUND)
    return replace(
        actor,
        role=Role(person.role),
        office_code=person.office_code,
        agency_id=person.agency_id,
        covers=still_covered(session, person, actor.covers),
    )


def current_facts(session: Session, found: Fetched, today: date) -> Facts:
    """The facts of a document: read afresh while it is being written and the service lasts, as submitted, or as the service ended, afterwards.

    What an extract brings after the end is not the business of the former agency, whose receipts may still be written.
    """
    lasts = found.assignment.closed_at is None
    if (found.being_written and lasts) or found.document.facts is None:
        facts = read_facts(session, found.assignment, found.youth, today)
        return replace(facts, values=facts.values | service_facts(session, found.assignment, found.document))
    return Facts.from_json(found.document.facts)


def content_fingerprint(found: Fetched, facts: Facts, answers: Mapping[str, Any]) -> str:
    """What a signature is bound to: which document, which form, every fact and every answer."""
    content: dict[str, Any] = {
        "document": found.kind,
        "assignment": found.assignment.number,
        "spec_version": found.document.spec_version,
        "facts": facts.values,
        "answers": {k: v for k, v in answers.items() if v is not None},
    }
    if found.kind is not Document.REFERRAL:
        content["sequence"] = found.document.sequence
    return fingerprint(content)


def today_of(now: datetime) -> date:
    """The office's calendar day."""
    return office_day(now, settings().time_zone)


def midnight_of(now: datetime) -> datetime:
    """When the day of the office's calendar began: what came before has waited at least one calendar day. Aware UTC."""
    local = office_time(now, settings().time_zone)
    return local.replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)


@contextmanager
def refusals_logged(actor: Actor, action: str, number: int, now: datetime) -> Iterator[None]:
    """Write a refusal into the access log in a transaction of its own: the step's own is undone."""
    try:
        yield
    except Refusal as refusal:
        with writing() as session:
            assignment_id, parties = _tie(session, actor, number)
            record_access(
                session,
                actor,
                action,
                now,
                outcome="refused",
                assignment_id=assignment_id,
                parties=parties,
                number=number,
                kind=type(refusal).__name__,
            )
        raise


def _tie(session: Session, actor: Actor, number: int) -> tuple[int | None, str]:
    """Which assignment somebody was refused, where there is such a one, and what that person is to it."""
    wanted = select(Assignment, Youth).join(Youth, Youth.id == Assignment.youth_id).where(Assignment.number == number)
    found = session.execute(wanted).first() if 0 < number <= HIGHEST_NUMBER else None
    if found is None:
        return None, ""
    return found[0].id, ", ".join(sorted(parties_of(actor, *found)))
