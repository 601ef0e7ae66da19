"""Absent colleagues, those who cover for them, and what a request of theirs finds on a day."""

from dataclasses import replace
from datetime import date, timedelta

from cts.services.actor import Actor
from cts.services.covering import set_cover
from cts.services.sessions import actor_of_session, hash_of, start_session
from db.session import writing
from tests.parts.desk import Desk


def in_a_request(desk: Desk, who: str) -> Actor:
    """The person as every request reads him or her at this minute."""
    with writing() as session:
        cookie = start_session(session, desk.cast.people[who].person_id, "10.1.2.3", "", desk.now)
    actor = actor_of_session(hash_of(cookie), desk.now)
    assert actor is not None
    return actor


def covered(desk: Desk, absent: str, by: str, days: int = 4, set_by: str = "", begins_in: int = 0) -> str:
    """The cover is set (by the absent person, unless said), from today for so many more days."""
    first = desk.today + timedelta(days=begins_in)
    people = desk.cast.people
    setter, last = people[set_by or absent], first + timedelta(days=days)
    return set_cover(setter, people[absent].person_id, people[by].person_id, first, last, desk.now)


def at_work(desk: Desk, *who: str) -> Desk:
    """The same desk, where these people are as a request reads them now: with whom they cover for."""
    read = {name: in_a_request(desk, name) for name in who}
    return replace(desk, cast=replace(desk.cast, people=desk.cast.people | read))


def day(desk: Desk, later: int = 0) -> date:
    """The day of the office, so many days on."""
    return desk.today + timedelta(days=later)
