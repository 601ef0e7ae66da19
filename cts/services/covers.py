"""Who covers for whom today (mission §7). A cover counts as long as both still work in the office, with the title, for which it was set.

Read with the session of a person, for every request, so that it ends at once; what it opens is said in parties.py. Set in covering.py.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, and_, or_, select, update
from sqlalchemy.orm import Session, aliased
from sqlalchemy.orm.util import AliasedClass

from db.models import Cover, Person

Coverage = Mapping[int, frozenset[int]]
"""The ids of those who cover for an absent person, by the id of that person."""


def lasts(today: date | BindParameter[Any]) -> ColumnElement[bool]:
    """Whether a cover lasts on a day of the office's calendar, and was not ended."""
    return and_(Cover.ended_at.is_(None), Cover.first_on <= today, Cover.last_on >= today)


def as_set(person: type[Person] | AliasedClass[Person]) -> ColumnElement[bool]:
    """Whether one of the two is still what the cover was set for: active, in that office, with that title."""
    return and_(person.active, person.office_code == Cover.office_code, person.role == Cover.role)


def coverage(session: Session, today: date) -> Coverage:
    """Everybody who is covered for today."""
    found: dict[int, frozenset[int]] = {}
    for absent_id, cover_id in session.execute(_lasting(today)):
        found[absent_id] = found.get(absent_id, frozenset()) | {cover_id}
    return found


def who_cover(session: Session, absent_id: int, office_code: str, today: date) -> Sequence[Person]:
    """Those who cover today for a person, in an office."""
    cover_ids = _lasting(today).where(Cover.absent_id == absent_id, Cover.office_code == office_code)
    ids = [cover_id for _, cover_id in session.execute(cover_ids)]
    return session.scalars(select(Person).where(Person.id.in_(ids)).order_by(Person.id)).all() if ids else []


def still_covered(session: Session, person: Person, absent_ids: frozenset[int]) -> frozenset[int]:
    """Which of these a person still covers for at this moment: none that was ended, none where either has moved or left.

    Which day it is was asked when the person's session was read, for this request.
    """
    if not absent_ids:
        return frozenset()
    absent = aliased(Person)
    mine = (Cover.cover_id == person.id, Cover.ended_at.is_(None), Cover.absent_id.in_(absent_ids))
    here = (Cover.office_code == person.office_code, Cover.role == person.role)
    found = select(Cover.absent_id).join(absent, absent.id == Cover.absent_id)
    return frozenset(session.scalars(found.where(*mine, *here, as_set(absent))))


def end_covers_of(session: Session, person_id: int, now: datetime) -> None:
    """In the caller's transaction: whoever leaves, or gets another office or title, is covered for and covers no more, even if back soon."""
    theirs = or_(Cover.absent_id == person_id, Cover.cover_id == person_id)
    session.execute(update(Cover).where(theirs, Cover.ended_at.is_(None)).values(ended_at=now))


def _lasting(today: date) -> Select[int, int]:
    absent, stand_in = aliased(Person), aliased(Person)
    return (
        select(Cover.absent_id, Cover.cover_id)
        .join(absent, absent.id == Cover.absent_id)
        .join(stand_in, stand_in.id == Cover.cover_id)
        .where(lasts(today), as_set(absent), as_set(stand_in))
    )
