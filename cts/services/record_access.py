"""Who may read and write what belongs to a client record besides its documents: activities, updates, files."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from cts.domain.vocabulary import RECORD_STATUSES, Party, Status
from cts.services.access import record_access
from cts.services.actor import Actor
from cts.services.fetching import Fetched, fetch
from cts.services.refusals import NOT_FOUND, NotPermitted


def fetch_record(session: Session, actor: Actor, number: int, *, to_write: bool = False) -> Fetched:
    """The client record of assignment `number`, there once the Referral is approved (mission §3). Raises NotPermitted."""
    found = fetch(session, actor, number, to_write=to_write)
    if Status(found.assignment.status) not in RECORD_STATUSES:
        raise NotPermitted(NOT_FOUND)
    return found


def is_served_by(found: Fetched) -> bool:
    """Whether the actor is the Advocate of a service that has not ended: then the record can be written."""
    return Party.ADVOCATE in found.parties and found.assignment.status == Status.APPROVED


def demand_advocate(found: Fetched, what: str) -> None:
    """Raises NotPermitted, saying who may, unless the actor is the Advocate of a service that has not ended."""
    if found.assignment.status != Status.APPROVED:
        raise NotPermitted(f"The service has ended ({found.assignment.status}); {what} can be read, not written.")
    if not is_served_by(found):
        raise NotPermitted(f"The Advocate of this youth writes {what}; all others can read.")


def log_access(session: Session, actor: Actor, action: str, found: Fetched, now: datetime, **details: Any) -> None:
    """One line of the access log about this record."""
    record_access(
        session,
        actor,
        action,
        now,
        assignment_id=found.assignment.id,
        **found.logged_as,
        **details,
    )
