"""The access log: every look, search, print, refusal and sign-in. Appended, never changed."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from cts.services.actor import Actor
from db.models import AccessEntry


def record_access(
    session: Session,
    actor: Actor | None,
    action: str,
    now: datetime,
    *,
    outcome: str = "done",
    assignment_id: int | None = None,
    document_id: int | None = None,
    parties: str = "",
    reason: str = "",
    address: str = "",
    **details: Any,
) -> None:
    """Append one entry in the caller's transaction. `details` must hold no fact about a youth beyond ids."""
    session.add(
        AccessEntry(
            at=now,
            actor_id=actor.person_id if actor else None,
            action=action,
            outcome=outcome,
            assignment_id=assignment_id,
            document_id=document_id,
            parties=parties,
            reason=reason,
            address=address or (actor.address if actor else ""),
            session_hash=actor.session_hash if actor else "",
            details=details,
        )
    )
