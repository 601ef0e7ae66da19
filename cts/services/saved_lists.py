"""Lists a person keeps: filters and order of the Assignment Listing under a name of the person's own. Nobody else sees them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cts.domain.one_line import one_line
from cts.services.actor import Actor
from cts.services.listing_asked import Asked
from cts.services.listings import scope_of
from cts.services.refusals import Incomplete
from db.models import ExportTicket, Person, SavedList
from db.session import reading, writing

KEPT_AT_MOST = 20
LONGEST_NAME = 60
NO_NAME = "Please give the list a name."
TOO_LONG = f"The name of a list has at most {LONGEST_NAME} characters."
TAKEN = "You already have a list of this name. Choose another name, or remove that list first."
TOO_MANY = f"You have {KEPT_AT_MOST} lists, as many as can be kept. Remove one first."


@dataclass(frozen=True)
class SavedListView:
    """One of the own lists; `query` is what the address of the Home page says then."""

    id: int
    name: str
    query: Mapping[str, str]


def saved_lists(actor: Actor) -> tuple[SavedListView, ...]:
    """The actor's own lists by name. Raises NotPermitted for technical support, who has no listing."""
    scope_of(actor)
    with reading() as session:
        rows = session.scalars(select(SavedList).where(SavedList.person_id == actor.person_id)).all()
    views = (SavedListView(row.id, row.name, MappingProxyType(dict(row.query))) for row in rows)
    return tuple(sorted(views, key=lambda view: (view.name.casefold(), view.name)))


def save_list(actor: Actor, name: str, asked: Asked, now: datetime) -> None:
    """Keep filters, order and the office switch of `asked` under this name. Raises Incomplete with the sentence, NotPermitted for support.

    What was searched for is no part of it.
    """
    scope_of(actor)
    name = one_line(name)
    if not name or len(name) > LONGEST_NAME:
        raise Incomplete(TOO_LONG if name else NO_NAME)
    try:
        with writing() as session:
            # The row of the person makes two tabs wait for each other.
            session.get(Person, actor.person_id, with_for_update=True)
            own = select(func.count(SavedList.id)).where(SavedList.person_id == actor.person_id)
            if (session.scalar(own) or 0) >= KEPT_AT_MOST:
                raise Incomplete(TOO_MANY)
            query = asked.without_page().as_query()
            session.add(SavedList(person_id=actor.person_id, name=name, query=query, saved_at=now))
    except IntegrityError:
        raise Incomplete(TAKEN) from None


def forget_lists(session: Session, person_id: int) -> None:
    """In the caller's transaction: whoever leaves takes the lists along, and what was about to be exported. They go to nobody."""
    for kept in (SavedList, ExportTicket):
        session.execute(delete(kept).where(kept.person_id == person_id).execution_options(synchronize_session=False))


def remove_list(actor: Actor, list_id: int) -> None:
    """Remove one of the actor's own lists; one that is not there, or is not the actor's, is left as it is."""
    scope_of(actor)
    with writing() as session:
        session.execute(delete(SavedList).where(SavedList.id == list_id, SavedList.person_id == actor.person_id))
