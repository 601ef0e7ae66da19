"""Dashboards: what is pending now, and how long documents stayed in a status."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from cts.domain.boards import AGES, Period, Stage, State, month_words, percentile, stage_of_key
from cts.domain.filters import Attention, Filters
from cts.domain.vocabulary import Role
from cts.services.actor import Actor
from cts.services.attention import ATTENTION
from cts.services.attention_lists import concerns
from cts.services.board_counts import Waiting, days_by, ended_in, order_of, waiting_by
from cts.services.board_places import SHOWN, beside
from cts.services.board_scope import Places, Whose
from cts.services.board_shapes import (
    Board,
    Chart,
    Choice,
    Figure,
    Grid,
    Tile,
    assignments_figure,
    days_figure,
    stays_figure,
    words,
)
from cts.services.listings import count_assignments
from cts.services.looked_up import row_by_row
from db.models import StayTally

NOW = "now"
_AGE_HEADINGS = tuple(age.words[0].upper() + age.words[1:] for age in AGES)
STAGE = "stage"


@dataclass(frozen=True)
class Asked:
    """What a section is built from: who asks, whose numbers, the day of the office, the period, and the rest of the address."""

    session: Session
    actor: Actor
    whose: Whose
    today: date
    period: Period
    query: Mapping[str, str]
    places: Places

    @property
    def compares(self) -> bool:
        """Whether offices and agencies stand side by side: for CSEC Administration, of the whole program."""
        return self.actor.role is Role.ADMINISTRATION and self.whose.level == "program"


def pending(asked: Asked) -> Board:
    """What waits at this moment, by document and stage, with its age."""
    found = waiting_by(asked.session, asked.today, *asked.whose.rows(StayTally))
    total = sum((w.total for w in found.values()), 0)
    late = sum(w.by_age[AGES[-1].key] for w in found.values())
    oldest = max((w.oldest for w in found.values()), default=0)
    tiles = (
        Tile("Documents waiting", stays_figure(total, asked.whose.stays(), "documents waiting"), NOW),
        Tile(
            "Waiting over 30 days",
            stays_figure(late, asked.whose.stays(age=AGES[-1].key), "documents waiting over 30 days"),
            NOW,
        ),
        Tile(
            "Oldest, in days",
            days_figure(oldest, total, asked.whose.stays(), "the oldest of the documents waiting"),
            NOW,
        ),
    )
    by_stage = Grid(
        "stages",
        "Waiting by document and stage",
        "Documents that somebody has to write, decide or hand on, now. Days on which the youth was absent (AWOL) are not counted.",
        ("Document and stage", "Held by", "Waiting", *_AGE_HEADINGS, "Oldest, in days"),
        tuple(
            (words(stage.words), words(stage.party), *_ages(asked.whose, found[stage], stage.words, stage=stage.key))
            for stage in sorted(found, key=order_of)
        ),
        Chart(_AGE_HEADINGS, stacked=True, sideways=True),
        "Nothing waits.",
    )
    grids, choices = _compared(asked, _waiting_of)
    return Board("Pending now", tiles, (by_stage, *grids), choices)


def _ages(whose: Whose, waiting: Waiting, said: str, **narrowed: str) -> tuple[Figure, ...]:
    by_age = (
        stays_figure(waiting.by_age[age.key], whose.stays(**narrowed, age=age.key), f"{said}, {age.words}")
        for age in AGES
    )
    total = stays_figure(waiting.total, whose.stays(**narrowed), f"{said}, waiting")
    oldest = days_figure(waiting.oldest, waiting.total, whose.stays(**narrowed), f"{said}, the oldest waiting")
    return (total, *by_age, oldest)


def attention(asked: Asked) -> Board:
    """What asks for somebody's attention: every kind of it that concerns who reads, with its list."""
    rows = []
    for kind in (kind for kind in Attention if concerns(asked.actor, kind)):
        filters = asked.whose.assignments(attention=kind)
        number = _count(asked, filters)
        figure = assignments_figure(number, filters, ATTENTION[kind].title, whole_office=asked.whose.whole_office)
        rows.append((words(ATTENTION[kind].title), figure))
    said = "Assignments that are not closed and ask for somebody's attention, now. One assignment can stand on several lists."
    grid = Grid(
        "attention", "By kind", said, ("What", "Assignments"), tuple(rows), Chart(("Assignments",), sideways=True)
    )
    return Board("Needs attention", (), (grid,))


def _count(asked: Asked, filters: Filters) -> int:
    return count_assignments(asked.actor, filters, asked.today, whole_office=asked.whose.whole_office)


def _waiting_of(asked: Asked, level: str, names: Mapping[str, str], title: str) -> Grid:
    of_each = (StayTally.level == level, StayTally.scope.in_(names))
    found = waiting_by(asked.session, asked.today, *of_each, by=StayTally.scope)
    rows = tuple(
        (words(name), *_ages(Whose(level, scope), found[scope], name))
        for scope, name in names.items()
        if scope in found
    )
    said = "Documents waiting now for youth of each."
    return Grid(level, f"Waiting by {level}", said, (title, "Waiting", *_AGE_HEADINGS, "Oldest, in days"), rows)


def _compared(asked: Asked, grid_of: Any) -> tuple[tuple[Grid, ...], tuple[Choice, ...]]:
    """Offices and agencies side by side, and what the others of them are reached by."""
    if not asked.compares:
        return (), ()
    shown = {level: beside(asked.places.of(level), SHOWN[level], asked.query) for level in SHOWN}
    grids = (
        grid_of(asked, level, part.names, title) for (level, part), title in zip(shown.items(), _TITLES, strict=True)
    )
    return tuple(grids), tuple(choice for part in shown.values() for choice in part.choice)


_TITLES = ("Office", "Agency")


def time_in_status(asked: Asked) -> Board:
    """How long documents stayed in each stage, of those that left it in the period."""
    found = days_by(asked.session, *asked.whose.rows(StayTally), *ended_in(asked.period))
    chosen = _chosen(asked, found)
    stages = Grid(
        "stages",
        "Days in each stage",
        f"Documents that left a stage, {asked.period.words}, by the days they had been in it. Days are those of the calendar; days on "
        "which the youth was absent (AWOL) are not counted.",
        ("Document and stage", "Held by", "Left", *_DAYS),
        tuple(
            (words(stage.words), words(stage.party), *_days(asked, asked.whose, found[stage], stage.words, stage.key))
            for stage in sorted(found, key=order_of)
        ),
        Chart(("Median", "90th percentile"), sideways=True),
        "No document has left a stage in this period.",
    )
    if chosen is None:
        return Board("Time in status", (), (stages,))
    options = {stage.key: stage.words for stage in sorted(found, key=order_of)}
    months = _months(asked, chosen)

    def days_of(asked: Asked, level: str, names: Mapping[str, str], title: str) -> Grid:
        return _days_of(asked, chosen, level, names, title)

    grids, choices = _compared(asked, days_of)
    stage = Choice(STAGE, "Stage, by month", options, chosen.key)
    return Board("Time in status", (), (stages, months, *grids), (stage, *choices))


_DAYS = ("Median", "90th percentile", "Longest")


def _chosen(asked: Asked, found: Mapping[Stage, Mapping[int, int]]) -> Stage | None:
    """The stage of the address; unasked the one that most documents left."""
    named = stage_of_key(asked.query.get(STAGE, ""))
    if named in found:
        return named
    return max(found, key=lambda stage: (sum(found[stage].values()), stage.key), default=None)


def _days(
    asked: Asked, whose: Whose, histogram: Mapping[int, int], said: str, stage: str, month: str = ""
) -> tuple[Figure, ...]:
    """How many, then median, 90th percentile and longest. All open the same list."""
    first, last = (month, month) if month else (asked.period.first, asked.period.last)
    behind = whose.stays(state=State.ENDED, stage=stage, first=first, last=last)
    number = sum(histogram.values())
    told = (percentile(histogram, 50), percentile(histogram, 90), max(histogram, default=None))
    days = (days_figure(d, number, behind, f"{said}, {which.lower()}") for d, which in zip(told, _DAYS, strict=True))
    return (stays_figure(number, behind, f"{said}, left"), *days)


def _left(asked: Asked, stage: Stage) -> tuple[Any, ...]:
    """What left a stage in the period, of places that are named besides: the index of stages would lead to those of all places."""
    held = (StayTally.status == stage.status, StayTally.party == stage.party)
    return (*ended_in(asked.period, (stage.document,)), *map(row_by_row, held))


def _months(asked: Asked, stage: Stage) -> Grid:
    found = days_by(asked.session, *asked.whose.rows(StayTally), *_left(asked, stage), by=StayTally.month)
    rows = tuple(
        (words(month_words(month)), *_days(asked, asked.whose, found[month], month_words(month), stage.key, month))
        for month in asked.period.months
        if month in found
    )
    said = f"{stage.words}, held by the {stage.party}: documents by the month in which they left it."
    return Grid(
        "months", "By month", said, ("Month", "Left", *_DAYS), rows, Chart(("Median", "90th percentile"), lines=True)
    )


def _days_of(asked: Asked, stage: Stage, level: str, names: Mapping[str, str], title: str) -> Grid:
    of_each = (StayTally.level == level, StayTally.scope.in_(names))
    found = days_by(asked.session, *of_each, *_left(asked, stage), by=StayTally.scope)
    rows = tuple(
        (words(name), *_days(asked, Whose(level, scope), found[scope], name, stage.key))
        for scope, name in names.items()
        if scope in found
    )
    said = f"{stage.words}: documents of youth of each {level} that left it, {asked.period.words}."
    return Grid(level, f"By {level}", said, (title, "Left", *_DAYS), rows)
