"""What somebody who leaves, or gets another role or place, holds, and who has it then; for Technical support: no youth (mission §7)."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cts.domain.names import spoken_name
from cts.domain.vocabulary import PENDING_STATUSES, Role
from cts.services.account_listing import admit_support
from cts.services.actor import Actor, SystemActor
from cts.services.held_work import HeldAs, held_by
from cts.services.new_holders import Share, shares_of
from cts.services.refusals import NotPermitted
from cts.services.step_choices import Choice
from db.models import Account, EscalationContact, Person, Stay
from db.session import reading


@dataclass(frozen=True)
class Leaving:
    """The preview of the end of an account, or of another role or place: numbers, and who has each share then. `seen` stands for exactly what
    it says; the decision brings it back.

    `advocates` are colleagues of the agency to whom the youth of an Advocate can go.
    """

    held: Mapping[HeldAs, int]
    waiting: int
    seen: str
    advocates: tuple[Choice, ...]
    shares: tuple[Share, ...] = ()

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
        shares = ways = shares_of(session, person, held)
        waits = select(Stay.id).where(Stay.person_id == person_id, Stay.left_at.is_(None))
        waiting = session.scalars(waits.where(Stay.status.in_(PENDING_STATUSES))).all()
        contact_of = _offices(session, person_id)
        if contact_of:
            shares += (Share(HeldAs.CONTACT, len(contact_of), "CSEC Administration can choose another"),)
        return Leaving(
            {kind: len(ids) for kind, ids in held.items() if ids}
            | ({HeldAs.CONTACT: len(contact_of)} if contact_of else {}),
            len(waiting),
            fingerprint_of(held, ways),
            _advocates(session, person) if held[HeldAs.ADVOCATE] else (),
            shares,
        )


def fingerprint_of(held: Mapping[HeldAs, Sequence[int]], shares: Sequence[Share]) -> str:
    """What tells two previews apart: which assignments are held as what, and where they go. It names nobody."""
    words = [f"{kind}:{','.join(map(str, ids))}" for kind, ids in sorted(held.items())]
    words += [share.sentence for share in shares]
    return hashlib.sha256(";".join(words).encode()).hexdigest()


def _offices(session: Session, person_id: int) -> Sequence[str]:
    contact = select(EscalationContact.office_code).where(EscalationContact.person_id == person_id)
    return session.scalars(contact).all()


def _advocates(session: Session, person: Person) -> tuple[Choice, ...]:
    wanted = (Person.role == Role.ADVOCATE, Person.agency_id == person.agency_id, Person.active, Person.id != person.id)
    rows = session.execute(select(Person.id, Person.name).where(*wanted).order_by(Person.name))
    return tuple(Choice(i, spoken_name(name)) for i, name in rows)
