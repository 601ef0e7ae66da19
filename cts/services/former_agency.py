"""The agency of before is told that assignments went to another one: how many, not which, for it may read none of them any more (mission §8)."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cts.domain.counting import counted
from cts.domain.vocabulary import Role
from cts.services.actor import Actor
from cts.services.email_kinds import FORMER_AGENCY
from cts.services.outbox import owe_email
from db.models import Person


def tell_former_agency(session: Session, actor: Actor, agency_id: int | None, number: int, now: datetime) -> None:
    """In the caller's transaction: one e-mail to each coordinator of the agency that had them, also when its contract is over."""
    coordinators = select(Person).where(Person.role == Role.COORDINATOR, Person.agency_id == agency_id, Person.active)
    for person in session.scalars(coordinators.order_by(Person.id)).all():
        owe_email(
            session,
            history_id=None,
            template=FORMER_AGENCY,
            to_person=person,
            assignment_number=None,
            details={"waiting": counted(number, "assignment"), "by": actor.name},
            now=now,
        )
