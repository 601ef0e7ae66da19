"""What was changed about a person's own account, by that person or by Technical support: the e-mails that told it, read on the page."""

from dataclasses import dataclass

from sqlalchemy import select

from cts.services.actor import Actor
from cts.services.history import clock
from cts.services.passphrases import CHANGED
from db.models import EmailOwed
from db.session import reading

SHOWN_AT_MOST = 5


@dataclass(frozen=True)
class OwnChange:
    """One change, when (the office's clock) and what."""

    when: str
    what: str


def lately_changed(actor: Actor) -> tuple[OwnChange, ...]:
    """The latest changes of the actor's account that the actor was told of by e-mail, newest first; as long as e-mails are kept."""
    told = (EmailOwed.to_person_id == actor.person_id, EmailOwed.template == CHANGED)
    with reading() as session:
        rows = session.scalars(select(EmailOwed).where(*told).order_by(EmailOwed.id.desc()).limit(SHOWN_AT_MOST)).all()
    return tuple(OwnChange(clock(row.created_at), str(row.details["change"])) for row in rows)
