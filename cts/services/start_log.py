"""A start of the server stands in the access log, with the names of the settings that differ from its last start; never a value."""

import hashlib
import hmac
from dataclasses import fields
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cts.services.access import record_access
from cts.services.actor import SYSTEM
from cts.settings import Settings
from db.models import AccessEntry
from db.session import writing

ACTION = "start server"
LOOKED_AT = 50
"""Starts looked through for the last one of the same server, where there are several."""
ALL_UNKNOWN = "secret_key, without which the others cannot be compared"


def log_start(installation: Settings, server: str, now: datetime) -> tuple[str, ...]:
    """Write the entry of this start; returns the names of the settings that differ from the last start of the same `server`.

    Each setting is kept as a mark that only whoever has the secret can make: a value cannot be guessed from it. Under another secret no
    mark can be compared; then that alone is said.
    """
    marks = {field.name: _mark(installation, field.name) for field in fields(Settings)}
    with writing() as session:
        known = _last_marks(session, server)
        changed = sorted(name for name in marks if known is not None and known.get(name) != marks[name])
        if "secret_key" in changed:
            changed = [ALL_UNKNOWN]
        record_access(session, SYSTEM, ACTION, now, server=server, changed=changed, marks=marks)
    return tuple(changed)


def _mark(installation: Settings, name: str) -> str:
    told = f"{name}\0{getattr(installation, name)}".encode()
    return hmac.digest(installation.secret_key.encode(), told, hashlib.sha256).hex()[:24]


def _last_marks(session: Session, server: str) -> dict[str, str] | None:
    starts = select(AccessEntry.details).where(AccessEntry.action == ACTION).order_by(AccessEntry.id.desc())
    found = (details for details in session.scalars(starts.limit(LOOKED_AT)) if details.get("server") == server)
    return next((details["marks"] for details in found), None)
