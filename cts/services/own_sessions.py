"""A person's own sign-in sessions: on which devices, since when; each can be ended."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from cts.domain.accounts import device_words
from cts.services.access import record_access
from cts.services.actor import Actor
from cts.services.history import clock
from cts.services.refusals import OutOfDate
from cts.services.sessions import end_one_session
from cts.settings import settings
from db.models import SignInSession
from db.session import reading, writing

_NAMED_BY = 16
"""So much of the SHA-256 names a session on the page; it opens nothing."""


@dataclass(frozen=True)
class OwnSession:
    """One session that is open. `since` and `last_active` are in the office's time; `name` is what to end it by."""

    name: str
    device: str
    address: str
    since: str
    last_active: str
    this_one: bool


def own_sessions(actor: Actor, now: datetime) -> tuple[OwnSession, ...]:
    """Every session of the actor that is still valid: this one first, then the one used last."""
    chosen = settings()
    mine = (
        SignInSession.person_id == actor.person_id,
        SignInSession.ended_at.is_(None),
        SignInSession.last_active_at > now - timedelta(minutes=chosen.session_idle_minutes),
        SignInSession.created_at > now - timedelta(hours=chosen.session_hours),
    )
    with reading() as session:
        rows = session.scalars(select(SignInSession).where(*mine).order_by(SignInSession.last_active_at.desc())).all()
    found = [
        OwnSession(
            name=row.id_hash[:_NAMED_BY],
            device=device_words(row.user_agent),
            address=row.address,
            since=clock(row.created_at),
            last_active=clock(row.last_active_at),
            this_one=row.id_hash == actor.session_hash,
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda one: not one.this_one))


def end_own_session(actor: Actor, name: str, now: datetime) -> None:
    """End one of the actor's own sessions at once, in every tab of it. Raises OutOfDate when there is no such session any more."""
    with writing() as session:
        ended = end_one_session(session, actor.person_id, name, now) if len(name) == _NAMED_BY else 0
        if not ended:
            raise OutOfDate("This session has ended already.")
        record_access(session, actor, "end own session", now)
