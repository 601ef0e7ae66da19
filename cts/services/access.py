"""The access log: every look, search, print, refusal and sign-in. Appended, never changed, each entry chained to the one before."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from cts.domain.vocabulary import Role
from cts.services.actor import Actor, SystemActor
from cts.services.refusals import NotPermitted
from db.access_chain import owe_entry
from db.models import Person
from db.session import writing


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


def admit(actor: Actor | SystemActor, roles: Collection[Role], action: str, now: datetime, sentence: str) -> None:
    """Raises NotPermitted with this sentence for everybody but these roles and the server itself, and logs it. Not in a transaction."""
    if isinstance(actor, SystemActor) or actor.role in roles:
        return
    log_refusal(actor, action, now)
    raise NotPermitted(sentence)


def log_refusal(actor: Actor, action: str, now: datetime, **details: Any) -> None:
    """Write a refusal in a transaction of its own: what was asked for has changed nothing."""
    with writing() as session:
        record_access(session, actor, action, now, outcome="refused", **details)
