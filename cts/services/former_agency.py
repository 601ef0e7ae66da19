"""The agency of before is told that assignments went to another one: how many, not which, for it may read none of them any more (mission §8)."""

from datetime import datetime

from sqlalchemy.orm import Session

from cts.domain.counting import counted
from cts.services.actor import Actor
from cts.services.email_kinds import FORMER_AGENCY
from cts.services.outbox import owe_notice
from cts.services.parties import coordinators_of


def tell_former_agency(session: Session, actor: Actor, agency_id: int | None, number: int, now: datetime) -> None:
    """In the caller's transaction: one e-mail to each coordinator of the agency that had them, also when its contract is over."""
    details = {"waiting": counted(number, "assignment"), "by": actor.name}
    for person in coordinators_of(session, agency_id):
        owe_notice(session, person, FORMER_AGENCY, details, now)
