"""Who covers for whom, as people see it: the page of absence and cover, Home, and what stands above a record."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, or_, select
from sqlalchemy.orm import Session, aliased

from cts.domain.fields import us_date
from cts.domain.names import spoken_name
from cts.domain.vocabulary import COUNTY_ROLES, SUPERVISOR_ROLES
from cts.services.actor import Actor
from cts.services.covering import cover_refusals_logged, of_the_county
from cts.services.covers import as_set, lasts
from cts.services.fetching import fetch, today_of
from cts.services.made_once import ids_of
from db.models import Account, Cover, Person
from db.session import ask, reading


@dataclass(frozen=True)
class CoverLine:
    """One cover that lasts or is to come: who is absent, who covers, first and last day, who set it. `lasts`: today."""

    id: int
    absent: str
    cover: str
    title: str
    first: str
    last: str
    set_by: str
    lasts: bool
    mine: bool


@dataclass(frozen=True)
class Colleague:
    """Somebody of the office: who may be absent, or, with an account, cover for those of the same title."""

    id: int
    name: str
    title: str
    has_account: bool


@dataclass(frozen=True)
class CoverPage:
    """What a person sees of absence and cover. `absent`: for whom the person may set one; `colleagues`: who may cover, by title."""

    lines: tuple[CoverLine, ...]
    absent: tuple[Colleague, ...]
    colleagues: tuple[Colleague, ...]
    whole_office: bool

    def who_may_cover(self, absent_id: int | None) -> tuple[Colleague, ...]:
        """Those of the same title, without the absent person."""
        titles = {c.title for c in self.absent if c.id == absent_id}
        return tuple(c for c in self.colleagues if c.title in titles and c.id != absent_id and c.has_account)


def cover_page(actor: Actor, now: datetime) -> CoverPage:
    """Every cover of today and to come: one's own, for a supervisor those of the office. Raises NotPermitted for all but county staff."""
    with cover_refusals_logged(actor, "list covers", now), reading() as session:
        present = of_the_county(session, actor)
        supervises = present.role in SUPERVISOR_ROLES
        here = (Person.active, Person.office_code == present.office_code, Person.role.in_(COUNTY_ROLES))
        people = select(Person, Account.person_id).outerjoin(Account, Account.person_id == Person.id).where(*here)
        colleagues = tuple(
            Colleague(person.id, spoken_name(person.name), person.role, account_id is not None)
            for person, account_id in session.execute(people.order_by(Person.name, Person.id))
        )
        mine = or_(Cover.absent_id == actor.person_id, Cover.cover_id == actor.person_id)
        shown = Cover.office_code == present.office_code if supervises else mine
        lines = tuple(_lines(session, actor, shown, now))
    absent = colleagues if supervises else tuple(c for c in colleagues if c.id == actor.person_id)
    return CoverPage(lines, absent, colleagues, supervises)


def covers_today(actor: Actor, now: datetime) -> tuple[str, ...]:
    """What Home says to those who cover for somebody today, and to those who are covered for."""
    if actor.role not in COUNTY_ROLES:
        return ()
    with reading() as session:
        rows = ask(session, _today(), {**ids_of(actor), "today": today_of(now)}).all()
    return tuple(
        f"You cover for {spoken_name(away)} until {us_date(last_on)}. What waits there stands among yours below."
        if cover_id == actor.person_id
        else f"{spoken_name(here)} covers for you until {us_date(last_on)}."
        for cover_id, last_on, away, here in rows
    )


@cache
def _today() -> Select[*tuple[Any, ...]]:
    me: ColumnElement[int] = bindparam("actor_person_id")
    absent, stand_in = aliased(Person), aliased(Person)
    return (
        select(Cover.cover_id, Cover.last_on, absent.name, stand_in.name)
        .join(absent, absent.id == Cover.absent_id)
        .join(stand_in, stand_in.id == Cover.cover_id)
        .where(or_(Cover.absent_id == me, Cover.cover_id == me))
        .where(lasts(bindparam("today")), as_set(absent), as_set(stand_in))
        .order_by(Cover.last_on, Cover.id)
    )


def cover_words(actor: Actor, number: int) -> str:
    """What stands above a record that is read by a cover: for whom. '' for everybody else. Raises NotPermitted."""
    if not actor.covers:
        return ""
    with reading() as session:
        found = fetch(session, actor, number)
        absent = session.get(Person, found.covered_id) if found.covered_id is not None else None
    if absent is None:
        return ""
    name = spoken_name(absent.name)
    return f"You cover for {name}: your steps and signatures here say “acting for {name}”."


def _lines(session: Session, actor: Actor, shown: ColumnElement[bool], now: datetime) -> Iterator[CoverLine]:
    absent, stand_in, setter = aliased(Person), aliased(Person), aliased(Person)
    today = today_of(now)
    rows = session.execute(
        select(Cover, absent.name, stand_in.name, setter.name)
        .join(absent, absent.id == Cover.absent_id)
        .join(stand_in, stand_in.id == Cover.cover_id)
        .join(setter, setter.id == Cover.set_by)
        .where(shown, Cover.ended_at.is_(None), Cover.last_on >= today, as_set(absent), as_set(stand_in))
        .order_by(Cover.first_on, absent.name, Cover.id)
    )
    for row, away, here, by in rows:
        yield CoverLine(
            id=row.id,
            absent=spoken_name(away),
            cover=spoken_name(here),
            title=row.role,
            first=us_date(row.first_on),
            last=us_date(row.last_on),
            set_by=spoken_name(by),
            lasts=row.first_on <= today,
            mine=actor.person_id in {row.absent_id, row.cover_id},
        )
