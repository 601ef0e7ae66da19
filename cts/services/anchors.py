"""Once a day the head of the access log is sent out of the house: by e-mail and into a file, so that even a log written anew is found out."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from cts.domain.audit import Anchor
from cts.services.fetching import today_of
from cts.services.outbox import owe_email_to
from cts.settings import settings
from db.models import AccessHead, AuditAnchor
from db.session import engine, reading, writing

EMAIL = "audit_anchor"
DAYS_KEPT_UP = 30
"""A server that was down for less finds the lines of all days for its file."""


def make_anchor(now: datetime, server: str) -> Anchor | None:
    """Anchor the office's day, unless it is anchored: of several servers one does it, and owes the e-mail. None for the others."""
    day, to = today_of(now), settings().audit_anchor_to
    with reading() as session:
        if session.get(AuditAnchor, day) is not None:
            return None
    insert: Any = postgresql.insert if engine().dialect.name == "postgresql" else sqlite.insert
    with writing() as session:
        head = session.scalars(select(AccessHead)).one()
        anchor = Anchor(day, head.last_id, head.entries, head.hash)
        row = {
            "made_at": now,
            "made_by": server[:60],
            "last_id": head.last_id,
            "entries": head.entries,
            "hash": head.hash,
        }
        claim = insert(AuditAnchor).values(day=day, **row).on_conflict_do_nothing(index_elements=["day"])
        if session.execute(claim.returning(AuditAnchor.day)).first() is None:
            return None
        for address in filter(None, (part.strip() for part in to.split(","))):
            owe_email_to(session, address, EMAIL, {"anchor": anchor.line}, now)
        return anchor


def recent_anchors(now: datetime) -> Sequence[Anchor]:
    """The anchors of the last DAYS_KEPT_UP days, whichever server made them, oldest first."""
    since: date = today_of(now) - timedelta(days=DAYS_KEPT_UP)
    columns = (AuditAnchor.day, AuditAnchor.last_id, AuditAnchor.entries, AuditAnchor.hash)
    with reading() as session:
        rows = session.execute(select(*columns).where(AuditAnchor.day >= since).order_by(AuditAnchor.day))
        return [Anchor(*row) for row in rows]
