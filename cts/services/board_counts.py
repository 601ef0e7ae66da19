"""Reads the counts of stays that the database keeps (db/summaries.py). Rows add and take away: only their sum counts."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from cts.domain.boards import AGES, Age, Period, Stage
from cts.domain.vocabulary import Document, Party, Status
from cts.domain.workflow import WAITING
from db.models import ReviewedDocument, Stay, StayTally

ENDED = "ended"
_ORDER = {(w.document, w.status): place for place, w in enumerate(WAITING)}


def order_of(stage: Stage) -> tuple[int, str]:
    """Stages in the order of the workflow."""
    return (_ORDER.get((stage.document, stage.status), len(_ORDER)), stage.party)


def waits_for_nobody(document: Any, party: Any) -> ColumnElement[bool]:
    """An approved Referral that the Advocate has: the service itself. Nothing is asked there, so it does not wait."""
    return and_(document == Document.REFERRAL, party == Party.ADVOCATE)


def age_condition(age: Age, today: date) -> ColumnElement[bool]:
    """Stays that have lasted so many days; while a youth is absent, the days are those counted before."""
    running = [Stay.counted_from <= today - timedelta(days=age.first)]
    halted = [Stay.days >= age.first]
    if age.first == 0:
        running = []  # what begins to be counted tomorrow has waited no day either
    if age.last is not None:
        running.append(Stay.counted_from >= today - timedelta(days=age.last))
        halted.append(Stay.days <= age.last)
    return or_(and_(Stay.halted_on.is_(None), *running), and_(Stay.halted_on.is_not(None), *halted))


def stage_condition(stage: Stage) -> tuple[ColumnElement[bool], ...]:
    """The stays of a stage."""
    return (ReviewedDocument.kind == stage.document, Stay.status == stage.status, Stay.party == stage.party)


@dataclass
class Waiting:
    """What waits: how many by the key of an age, and for how many days the oldest."""

    by_age: Counter[str] = field(default_factory=Counter)
    oldest: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.by_age.values())


def waiting_by(session: Session, today: date, *which: ColumnElement[bool], by: Any = None) -> dict[Any, Waiting]:
    """What waits now, by stage; or by another column of the tally. Two steps in the database: rows to kinds, kinds to ages."""
    group = [StayTally.document, StayTally.status, StayTally.party] if by is None else [by]
    kinds = (
        select(*group, StayTally.since, StayTally.days, func.sum(StayTally.number).label("number"))
        .where(StayTally.state.in_(["open", "held"]), ~waits_for_nobody(StayTally.document, StayTally.party), *which)
        .group_by(*group, StayTally.since, StayTally.days)
        .having(func.sum(StayTally.number) != 0)
        .subquery()
    )
    columns = [kinds.c[column.key] for column in group]
    age = case(
        *(
            (
                or_(
                    and_(kinds.c.since.is_not(None), kinds.c.since >= today - timedelta(days=age.last)),
                    and_(kinds.c.since.is_(None), kinds.c.days <= age.last),
                ),
                age.key,
            )
            for age in AGES
            if age.last is not None
        ),
        else_=AGES[-1].key,
    ).label("age")
    rows = session.execute(
        select(*columns, age, func.sum(kinds.c.number), func.min(kinds.c.since), func.max(kinds.c.days)).group_by(
            *columns, age
        )
    )
    found: dict[Any, Waiting] = defaultdict(Waiting)
    for *key, of_age, number, since, days in rows:
        waiting = found[_stage(*key) if by is None else key[0]]
        waiting.by_age[of_age] += int(number)
        waiting.oldest = max(waiting.oldest, (today - since).days if since else 0, days or 0)
    return dict(found)


def _stage(document: str, status: str, party: str) -> Stage:
    return Stage(Document(document), Status(status), Party(party))


def ended_in(period: Period, documents: Iterable[Document] = Document) -> tuple[ColumnElement[bool], ...]:
    """Stays of these documents, or of all, that ended in a period: all are named, so that the index leads to the months of each."""
    named = StayTally.document.in_([str(document) for document in documents])
    return (StayTally.state == ENDED, named, StayTally.month >= period.first, StayTally.month <= period.last)


def days_by(session: Session, *which: ColumnElement[bool], by: Any = None) -> dict[Any, dict[int, int]]:
    """How many ended stays lasted how many days, by stage or by another column of the tally."""
    group = [StayTally.document, StayTally.status, StayTally.party] if by is None else [by]
    rows = session.execute(
        select(*group, StayTally.days, func.sum(StayTally.number))
        .where(~waits_for_nobody(StayTally.document, StayTally.party), *which)
        .group_by(*group, StayTally.days)
        .having(func.sum(StayTally.number) != 0)
    )
    found: dict[Any, dict[int, int]] = defaultdict(dict)
    for *key, days, number in rows:
        found[_stage(*key) if by is None else key[0]][days or 0] = int(number)
    return dict(found)


@dataclass(frozen=True)
class Sum:
    """A number of stays with their money in cents."""

    number: int = 0
    cents: int = 0

    def __add__(self, other: "Sum") -> "Sum":
        return Sum(self.number + other.number, self.cents + other.cents)


def ended_by(session: Session, columns: tuple[Any, ...], *which: ColumnElement[bool]) -> dict[tuple[Any, ...], Sum]:
    """How many stays ended, and with how much money, by these columns of the tally."""
    rows = session.execute(
        select(*columns, func.sum(StayTally.number), func.sum(StayTally.cents))
        .where(StayTally.state == ENDED, ~waits_for_nobody(StayTally.document, StayTally.party), *which)
        .group_by(*columns)
        .having(func.sum(StayTally.number) != 0)
    )
    return {tuple(key): Sum(int(number), int(cents)) for *key, number, cents in rows}
