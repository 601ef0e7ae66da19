"""The access log: every look, search, print, refusal and sign-in. Appended, never changed, each entry chained to the one before."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from cts.services.actor import Actor, SystemActor
from db.access_chain import owe_entry
from db.models import Person


def record_access(
    session: Session,
    actor: Actor | SystemActor | None,
    action: str,
    now: datetime,
    *,
    outcome: str = "done",
    person_id: int | None = None,
    assignment_id: int | None = None,
    document_id: int | None = None,
    parties: str = "",
    reason: str = "",
    address: str = "",
    session_hash: str = "",
    **details: Any,
) -> None:
    """Append one entry in the caller's transaction: it is written as the last thing before that is saved, or not at all.

    The actor is a person signed in, the server itself (SYSTEM), or nobody yet; `person_id` says who it was where there is no session any
    more, or only now. `details` must hold no fact about a youth beyond ids.
    """
    role = "CTS" if isinstance(actor, SystemActor) else ""
    if isinstance(actor, Actor):
        person_id, role = actor.person_id, str(actor.role)
        address, session_hash = address or actor.address, session_hash or actor.session_hash
    elif person_id is not None and (person := session.get(Person, person_id)) is not None:
        role = person.role
    owe_entry(
        session,
        {
            "at": now,
            "actor_id": person_id,
            "role": role,
            "action": str(action),
            "outcome": outcome,
            "assignment_id": assignment_id,
            "document_id": document_id,
            "parties": parties,
            "reason": reason,
            "address": address,
            "session_hash": session_hash,
            "details": details,
        },
    )
