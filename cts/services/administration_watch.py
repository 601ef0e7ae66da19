"""CSEC Administration reads every record: whatever could bring somebody else to its title is told to all who hold it.

Technical support gives titles and addresses, and sends the links that set passphrases; this is what keeps it from taking over unseen.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from cts.domain.names import spoken_name
from cts.domain.vocabulary import Role
from cts.services.actor import Actor, SystemActor
from cts.services.outbox import owe_notice
from cts.services.parties import administration
from db.models import Account, Person

EMAIL = "administration_account"
INVITED = "Somebody was invited to the program's Administration"
GIVEN = "Somebody was given the title of the program's Administration"
TAKEN_UP = "An account of the program's Administration that had ended was taken up again"
ADDRESS = "The e-mail address of an account of the program's Administration was changed"
FACTOR = "The second factor of an account of the program's Administration was taken away"
_SERVER = "Whoever administers the server"


def tell_administration(session: Session, actor: Actor | SystemActor, person: Person, what: str, now: datetime) -> None:
    """In the caller's transaction: owe everybody else who holds the title an e-mail, when this person holds it now."""
    if person.role != Role.ADMINISTRATION:
        return
    details = {
        # What happened comes first: a name as long as may be cuts off itself only.
        "change": f"{what}: {spoken_name(person.name)}",
        "user_name": session.get_one(Account, person.id).user_name,
        "by": actor.name if isinstance(actor, Actor) else _SERVER,
    }
    for holder in administration(session):
        if holder.id != person.id:
            owe_notice(session, holder, EMAIL, details, now)
