"""Dashboards: assignments by status, agency and Advocate; who is served, with small counts hidden."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, func, select

from cts.domain.boards import SMALLEST_SHOWN, hide_small
from cts.domain.filters import ANY_STATUS, Filters
from cts.domain.names import spoken_name
from cts.domain.vocabulary import LISTING_STATUSES, SEXES, Status
from cts.services.board_places import ADVOCATES, SHOWN, beside
from cts.services.board_scope import Whose, names_by_key
from cts.services.board_shapes import Board, Chart, Choice, Figure, Grid, Tile, assignments_figure, words
from cts.services.board_waiting import NOW, Asked
from cts.services.looked_up import as_word
from db.models import Agency, AssignmentTally, Person, ServedTally
from db.models.rows import table_of
from db.session import ask

HIDDEN = "hidden"
HIDING = (
    f"Youth in service (Approved) now. Numbers below {SMALLEST_SHOWN} are hidden, and one more wherever the others would tell them. "
    "No list opens here, so that nobody is singled out."
)
AGE_GROUPS = (
    (0, 10, "10 and under"),
    (11, 12, "11 to 12"),
    (13, 14, "13 to 14"),
    (15, 16, "15 to 16"),
    (17, 18, "17 to 18"),
    (19, 200, "19 and over"),
)
"""First and last full years."""


def _figure(asked: Asked, number: int, filters: Filters, said: str) -> Figure:
    return assignments_figure(number, filters, said, whole_office=asked.whose.whole_office)


def youth_and_agencies(asked: Asked) -> Board:
    """Assignments by status; active youth by agency and Advocate."""
    by_status = _numbers(asked, AssignmentTally.status)
    active = by_status.get(Status.APPROVED, 0)
    filters = asked.whose.assignments(status=Status.APPROVED)
    tiles = (
        Tile("Active youth", _figure(asked, active, filters, "assignments in service"), NOW),
        Tile(
            "Assignments in all",
            _figure(asked, sum(by_status.values()), asked.whose.assignments(status=ANY_STATUS), "assignments"),
            NOW,
        ),
    )
    rows = tuple(
        (words(s), _figure(asked, by_status.get(s, 0), asked.whose.assignments(status=s), s)) for s in LISTING_STATUSES
    )
    statuses = Grid(
        "statuses",
        "By status",
        "Assignments by the status they have now.",
        ("Status", "Assignments"),
        rows,
        Chart(("Assignments",), sideways=True),
    )
    (agencies, of_agency), (advocates, of_advocate) = _agencies(asked), _advocates(asked)
    return Board("Youth and agencies", tiles, (statuses, agencies, advocates), (*of_agency, *of_advocate))


def _numbers(asked: Asked, column: Any, *which: Any) -> dict[Any, int]:
    rows = asked.session.execute(
        select(column, func.sum(AssignmentTally.number))
        .where(*asked.whose.rows(AssignmentTally), *which)
        .group_by(column)
        .having(func.sum(AssignmentTally.number) != 0)
    )
    return {key: int(number) for key, number in rows}


_tally_rows = table_of(AssignmentTally)
_tally = _tally_rows.c


def _active_by(asked: Asked, column: Any, of: type[Agency | Person]) -> tuple[dict[str, str], dict[str, int]]:
    """Agencies or Advocates with youth in service: their names by id, in order, and how many youth each has."""
    whose = asked.whose
    values = {"level": whose.level, "scope": whose.scope, "seen_by": whose.only_seen_by}
    names, numbers = ask(asked.session, _named(column.key, of, whose.only_seen_by is not None), values).one()
    return names or {}, numbers or {}


@cache
def _named(column: str, of: type[Agency | Person], only_seen: bool) -> Select[Any, Any]:
    """As two values, not as rows: a state has more than a thousand Advocates, of whom fifty are shown."""
    whose = Whose(bindparam("level"), bindparam("scope"), bindparam("seen_by") if only_seen else None)  # type: ignore[arg-type]
    named, number = table_of(of).c, func.sum(_tally.number)
    counted = (
        select(_tally[column].label("id"), number.label("number"))
        .where(*whose.rows(_tally), _tally.status == as_word(Status.APPROVED))
        .group_by(_tally[column])
        .having(number != 0)
        .subquery()
    )
    rows = (
        select(named.id, named.name, counted.c.number)
        .join(counted, counted.c.id == named.id)
        .order_by(named.name, named.id)
        .subquery()
    )
    return select(names_by_key(rows.c.id, rows.c.name), names_by_key(rows.c.id, rows.c.number))


def _agencies(asked: Asked) -> tuple[Grid, tuple[Choice, ...]]:
    names, numbers = _active_by(asked, _tally.agency_id, Agency)
    shown = beside(names, SHOWN["agency"], asked.query)
    rows = []
    for key, name in shown.names.items():
        filters = Filters(**asked.whose.of_assignments() | {"status": Status.APPROVED, "agency": int(key)})
        rows.append((words(name), _figure(asked, int(numbers[key]), filters, f"active youth of {name}")))
    said = "Youth in service (Approved) now, by agency."
    chart = Chart(("Active youth",), sideways=True)
    headings = ("Agency", "Active youth")
    return Grid("agencies", "Active youth by agency", said, headings, tuple(rows), chart), shown.choice


def _advocates(asked: Asked) -> tuple[Grid, tuple[Choice, ...]]:
    names, numbers = _active_by(asked, _tally.advocate_id, Person)
    shown = beside(names, ADVOCATES, asked.query, spoken_name)
    rows = []
    for key, name in shown.names.items():
        filters = asked.whose.assignments(status=Status.APPROVED, advocate=int(key))
        rows.append((words(name), _figure(asked, int(numbers[key]), filters, f"active youth of {name}")))
    said = "Youth in service now, by Advocate. How many an Advocate can take is not kept in CTS."
    headings = ("Advocate", "Active youth")
    return Grid("advocates", "Active youth by Advocate", said, headings, tuple(rows)), shown.choice


def who_is_served(asked: Asked) -> Board:
    """Youth in service by age, sex, and race or ethnicity; counts below 6 are hidden, and one more where the total would tell them."""
    rows = asked.session.execute(
        select(ServedTally.trait, ServedTally.value, func.sum(ServedTally.number))
        .where(*asked.whose.rows(ServedTally))
        .group_by(ServedTally.trait, ServedTally.value)
        .having(func.sum(ServedTally.number) != 0)
    )
    found: dict[str, dict[str, int]] = {"sex": {}, "race": {}, "birth_month": {}}
    for trait, value, number in rows:
        found[trait][value] = int(number)
    total = sum(found["sex"].values())
    active = _figure(asked, total, asked.whose.assignments(status=Status.APPROVED), "youth in service")
    sexes = {label: found["sex"].get(code, 0) for code, label in SEXES.items()}
    races = {value or "Not stated": number for value, number in sorted(found["race"].items())}
    grids = (
        _trait("ages", "Age", _ages(found["birth_month"], asked.today), HIDING),
        _trait("sexes", "Sex", sexes),
        _trait("races", "Race or ethnicity", races),
    )
    return Board("Who is served", (Tile("Youth in service", active, NOW),), grids)


def _ages(by_month: Mapping[str, int], today: date) -> dict[str, int]:
    """By full years, a birthday counted from the first day of its month."""
    years: Counter[int] = Counter()
    for month, number in by_month.items():
        years[today.year - int(month[:4]) - (today.month < int(month[5:]))] += number
    return {label: sum(n for y, n in years.items() if first <= y <= last) for first, last, label in AGE_GROUPS}


def _trait(key: str, title: str, counts: Mapping[str, int], said: str = "The same youth.") -> Grid:
    """Where everything would be hidden there is no row: not even which groups there are."""
    hidden = hide_small(list(counts.values()))
    rows = tuple(
        (words(label), words(HIDDEN) if hide else Figure(f"{number:,}", amount=number))
        for (label, number), hide in zip(counts.items(), hidden, strict=True)
        if not all(hidden)
    )
    empty = "Too few youth are served to show this."
    return Grid(key, title, said, (title, "Youth"), rows, Chart(("Youth",), sideways=True), empty)
