"""Years of work on invented youth, as rows: for the demonstration, and for measurements at the size of a state."""

import heapq
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session

from cts.domain.audit import as_kept, entry_hash
from cts.domain.vocabulary import ABSENT_CODES, Status
from cts.services.clocks import keep_clocks
from db.batches import Batches
from db.demo.case import Case
from db.demo.clock import at_six, day_of
from db.demo.flagged import flag, refer_again
from db.demo.life import Life
from db.demo.life_referral import begin
from db.demo.life_story import comes_back, move
from db.demo.staff import house_of
from db.demo.world import World
from db.models import AccessEntry, AccessHead, Assignment, ReviewedDocument

Tell = Callable[[float], None]
MOVES = 0.1
"""How many youth get another worker at some time."""
AT_A_TIME = 500
"""So many youth are told before their rows are written: memory does not grow with the years."""


@dataclass(frozen=True)
class Course:
    """`youth` are flagged between two moments; a share of them is `referred`. Of all but the last `whole` only the bones are written: no
    answers, versions, signatures, e-mails, activities and access log. The same seed makes the same years."""

    seed: str
    since: datetime
    until: datetime
    youth: int
    referred: float = 0.82
    whole: int | None = None


def tell_years(batches: Batches, course: Course, tell: Tell = lambda _: None) -> World:
    """Write the years into the caller's transaction, in an empty database or beside what is there."""
    connection = batches.connection
    last = connection.scalar(select(func.max(Assignment.number))) or 10_000
    world = World(batches, house_of(connection, Random(course.seed)), f"years {course.seed}", last + 1)
    again: list[tuple[datetime, int, Case]] = []
    for place in range(course.youth):
        moment = _flagged_at(course, place)
        while again and again[0][0] <= moment:
            at, _, case = heapq.heappop(again)
            _live(world, refer_again(case, at), course, at, again)
        world.whole = course.whole is None or place >= course.youth - course.whole
        _live(world, None, course, moment, again, place)
        if place % AT_A_TIME == AT_A_TIME - 1:
            batches.write()
            tell((place + 1) / course.youth)
    for at, _, case in sorted(again, key=lambda entry: entry[:2]):
        if at <= course.until:
            _live(world, refer_again(case, at), course, at, [])
    _append_to_access_log(world)
    world.names.finish()
    batches.write()
    _raise_versions(world)
    _keep_clocks(world)
    tell(1.0)
    return world


def _flagged_at(course: Course, place: int) -> datetime:
    """Evenly over the years, at the hour of the daily extract."""
    share = (course.until - course.since) * place / course.youth
    return min(at_six(day_of(course.since + share)), course.until)


def _live(
    world: World,
    case: Case | None,
    course: Course,
    moment: datetime,
    again: list[tuple[datetime, int, Case]],
    place: int = -1,
) -> None:
    """One assignment from its first day to its end, or to the end of the years."""
    dice = Random(f"{course.seed} {place if case is None else case.assignment.number}")
    case = case or flag(world, dice, moment)
    life = Life(case, dice, course.until)
    begin(life, moment, course.referred if case.assignment.term == 1 else 1.0)
    if dice.random() < MOVES:
        life.at(at_six(day_of(moment + timedelta(days=dice.randint(10, 260)))), lambda then: move(life, then))
    if case.assignment.awol_code in ABSENT_CODES:
        comes_back(life, moment)
    life.run()
    case.close_book()
    if life.again_at is not None:
        heapq.heappush(again, (life.again_at, case.assignment.id, case))


def _raise_versions(world: World) -> None:
    """Of those referred again, whose rows were written before: the step has raised their versions."""
    for kind, place in ((Assignment, 0), (ReviewedDocument, 1)):
        raised = [{"which": ids[place]} for ids in world.referred_again]
        if raised:
            table = kind.__table__
            statement = update(table).where(table.c.id == bindparam("which")).values(version=table.c.version + 1)  # type: ignore[arg-type]
            world.batches.connection.execute(statement, raised)


def _keep_clocks(world: World) -> None:
    """Of every service that lasts: what is written step by step would have kept them with each step."""
    lasts = select(Assignment).where(Assignment.status == Status.APPROVED).order_by(Assignment.id)
    with Session(world.batches.connection) as session:
        for assignment in session.scalars(lasts):
            keep_clocks(session, assignment)
        session.commit()  # into the caller's transaction, which goes on


def _append_to_access_log(world: World) -> None:
    """In the order of time, each entry chained to the one before."""
    connection = world.batches.connection
    head = connection.execute(select(AccessHead.last_id, AccessHead.entries, AccessHead.hash)).one()
    number, last_hash = head.last_id, head.hash
    for entry in sorted(world.access, key=lambda e: e["at"]):
        number += 1
        row = entry | {"id": number, "previous_hash": last_hash, "details": as_kept(entry["details"])}
        last_hash = row["hash"] = entry_hash(row)
        world.batches.add_values(AccessEntry, row)
    added = number - head.last_id
    if added:
        values = {"last_id": number, "entries": head.entries + added, "hash": last_hash}
        connection.execute(update(AccessHead).values(values))
    world.access.clear()
