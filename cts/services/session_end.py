"""When a session ends by itself, said a while before, so that nobody loses what is being done (WCAG 2.2.1)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select

from cts.domain.calendar import office_time
from cts.settings import settings
from db.models import SignInSession
from db.session import reading

SAID_BEFORE = timedelta(minutes=2)

_session = SignInSession.__table__.c
_TIMES = select(_session.created_at, _session.last_active_at).where(
    _session.id_hash == bindparam("session_hash"), _session.ended_at.is_(None)
)


@dataclass(frozen=True)
class SessionEnd:
    """A session is about to end: at what time of the office's clock, and whether for want of activity; any activity then keeps it."""

    at: str
    idle: bool


def ends_soon(session_hash: str, now: datetime) -> SessionEnd | None:
    """The end of this session when it is SAID_BEFORE or less away (half of a shorter limit); None otherwise. Does not count as activity."""
    with reading() as session:
        row = session.execute(_TIMES, {"session_hash": session_hash}).first()
    if row is None:
        return None
    chosen = settings()
    limits = (
        (row.created_at, timedelta(hours=chosen.session_hours), False),
        (row.last_active_at, timedelta(minutes=chosen.session_idle_minutes), True),
    )
    at, limit, idle = min((begin + limit, limit, idle) for begin, limit, idle in limits)
    if not timedelta(0) < at - now <= min(SAID_BEFORE, limit / 2):
        return None
    return SessionEnd(office_time(at, chosen.time_zone).strftime("%I:%M %p").lstrip("0"), idle)
