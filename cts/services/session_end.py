"""When a session ends by itself, said a while before, so that nobody loses what is being done (WCAG 2.2.1)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from cts.domain.calendar import office_time
from cts.services.sessions import SignedIn
from cts.settings import settings

SAID_BEFORE = timedelta(minutes=2)


@dataclass(frozen=True)
class SessionEnd:
    """A session is about to end: at what time of the office's clock, and whether for want of activity; any activity then keeps it."""

    at: str
    idle: bool


def ends_soon(found: SignedIn, now: datetime) -> SessionEnd | None:
    """The end of a session when it is SAID_BEFORE or less away (half of a shorter limit); None otherwise."""
    chosen = settings()
    limits = (
        (found.created_at, timedelta(hours=chosen.session_hours), False),
        (found.last_active_at, timedelta(minutes=chosen.session_idle_minutes), True),
    )
    at, limit, idle = min((begin + limit, limit, idle) for begin, limit, idle in limits)
    if not timedelta(0) < at - now <= min(SAID_BEFORE, limit / 2):
        return None
    return SessionEnd(office_time(at, chosen.time_zone).strftime("%I:%M %p").lstrip("0"), idle)
