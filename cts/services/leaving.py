"""What somebody who leaves holds: counted for Technical support without a youth's name, found for whoever re-homes it (mission §7)."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import Session

from cts.domain.names import spoken_name
from cts.domain.vocabulary import CLOSED_STATUSES, PENDING_STATUSES, Party, Role
from cts.services.account_listing import admit_support
from cts.services.actor import Actor, SystemActor
from cts.services.refusals import NotPermitted
from cts.services.step_choices import Choice
from db.models import Account, Assignment, EscalationContact, Person, ReviewedDocument, Stay
from db.session import reading


class HeldAs(StrEnum):
    """What a person can be to open work, as the preview says it."""

    WORKER = "as case worker"
    SUPERVISOR = "as supervisor"
    NAMED = "Referrals sent to him or her by name"
    ADVOCATE = "as Advocate"
    OTHER = "as worker of the other department"
    CONTACT = "offices as escalation contact"


WHERE_IT_GOES = {
    HeldAs.WORKER: "to the supervisor of each, who then chooses a colleague",
    HeldAs.SUPERVISOR: "to every supervisor of the office",
    HeldAs.NAMED: "to every supervisor of the office",
    HeldAs.ADVOCATE: "to the coordinator of the agency, or to the Advocate chosen here",
    HeldAs.OTHER: "nobody reads along until another worker is named",
    HeldAs.CONTACT: "CSEC Administration can choose another",
}


@dataclass(frozen=True)
class Leaving:
    """The preview of the end of an account: numbers only. `seen` stands for exactly what they count; the end asks for it back.

    `advocates` are colleagues of the agency to whom the youth of an Advocate can go.
    """

    held: Mapping[HeldAs, int]
    waiting: int
    seen: str
    advocates: tuple[Choice, ...]

    @property
    def total(self) -> int:
        """How much there is; 0 when nothing has to go anywhere."""
        return sum(self.held.values())


def leaving(actor: Actor | SystemActor, person_id: int, now: datetime) -> Leaving:
    """What this person holds. Raises NotPermitted for others than Technical support."""
    admit_support(actor, "preview end of account", now)
    with reading() as session:
        person = session.get(Person, person_id)
        if person is None or session.get(Account, person_id) is None:
            raise NotPermitted("There is no such account.")
        held = held_by(session, person_id)
        waits = select(Stay.id).where(Stay.person_id == person_id, Stay.left_at.is_(None))
        waiting = session.scalars(waits.where(Stay.status.in_(PENDING_STATUSES))).all()
        contact_of = _offices(session, person_id)
        return Leaving(
            {kind: len(ids) for kind, ids in held.items() if ids}
            | ({HeldAs.CONTACT: len(contact_of)} if contact_of else {}),
            len(waiting),
            fingerprint_of(held),
            _advocates(session, person) if held[HeldAs.ADVOCATE] else (),
        )


def held_by(session: Session, person_id: int) -> dict[HeldAs, list[int]]:
    """The ids of the assignments this person holds, by what he or she is to them; each in order."""
    return {kind: list(session.scalars(_ids(condition))) for kind, condition in _conditions(person_id).items()}


def fingerprint_of(held: Mapping[HeldAs, Sequence[int]]) -> str:
    """What tells two previews apart: which assignments are held as what. It names nobody."""
    words = ";".join(f"{kind}:{','.join(map(str, ids))}" for kind, ids in sorted(held.items()))
    return hashlib.sha256(words.encode()).hexdigest()


def _conditions(person_id: int) -> dict[HeldAs, ColumnElement[bool]]:
    lasts = Assignment.status.not_in(CLOSED_STATUSES)
    # An approved Restoration Fund Request outlives the service.
    mine = (Stay.assignment_id == Assignment.id, Stay.left_at.is_(None), Stay.person_id == person_id)
    holds = exists(select(Stay.id).where(*mine, Stay.party == Party.ADVOCATE))
    named = exists(
        select(ReviewedDocument.id).where(
            ReviewedDocument.assignment_id == Assignment.id,
            ReviewedDocument.named_supervisor_id == person_id,
            ReviewedDocument.status.in_(PENDING_STATUSES),
        )
    )
    others = or_(Assignment.supervisor_id.is_(None), Assignment.supervisor_id != person_id)
    waits = exists(select(Stay.id).where(*mine, Stay.party == Party.SUPERVISOR))
    return {
        HeldAs.WORKER: and_(Assignment.worker_id == person_id, lasts),
        HeldAs.SUPERVISOR: and_(Assignment.supervisor_id == person_id, lasts),
        HeldAs.NAMED: and_(waits, named, others),
        HeldAs.ADVOCATE: and_(Assignment.advocate_id == person_id, or_(lasts, holds)),
        HeldAs.OTHER: and_(Assignment.other_worker_id == person_id, lasts),
    }


def _ids(condition: ColumnElement[bool]) -> Select[int]:
    return select(Assignment.id).where(condition).order_by(Assignment.id)


def _offices(session: Session, person_id: int) -> Sequence[str]:
    contact = select(EscalationContact.office_code).where(EscalationContact.person_id == person_id)
    return session.scalars(contact).all()


def _advocates(session: Session, person: Person) -> tuple[Choice, ...]:
    wanted = (Person.role == Role.ADVOCATE, Person.agency_id == person.agency_id, Person.active, Person.id != person.id)
    rows = session.execute(select(Person.id, Person.name).where(*wanted).order_by(Person.name))
    return tuple(Choice(i, spoken_name(name)) for i, name in rows)
