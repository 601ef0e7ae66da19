"""For which conditions of a statement an index is looked up, and which are tested on each row found: said where a database would guess."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, and_, case, literal_column
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import visitors
from sqlalchemy.sql.functions import GenericFunction


class unindexed(GenericFunction[Any]):  # noqa: N801 - reads as an SQL function
    """The same value, or condition, that no index is looked up for."""

    inherit_cache = True


@compiles(unindexed, "postgresql")
def _on_postgres(element: Any, compiler: Any, **keywords: Any) -> str:
    (inside,) = element.clauses
    text = compiler.process(inside, **keywords)
    return f"({text} + 0)" if isinstance(inside.type, Integer | Date) else f"({text} || '')"


class along_the_order(GenericFunction[bool]):  # noqa: N801 - reads as an SQL function
    """A condition that is looked at row by row. PostgreSQL knows by itself which index is best; SQLite would sort a million rows."""

    inherit_cache = True


class of_each_row(GenericFunction[bool]):  # noqa: N801 - reads as an SQL function
    """A condition that is tested on each row found, before anything else is looked up for that row; on PostgreSQL too."""

    inherit_cache = True


@compiles(of_each_row, "postgresql")
def _in_a_case(element: Any, compiler: Any, **keywords: Any) -> str:
    return f"CASE WHEN {compiler.process(element.clauses, **keywords)} THEN 1 ELSE 0 END = 1"


class among_few(GenericFunction[bool]):  # noqa: N801 - reads as an SQL function
    """Whether a value is among a few rows, which are found once: PostgreSQL would look at them again for every value."""

    inherit_cache = True


@compiles(among_few)
def _in(element: Any, compiler: Any, **keywords: Any) -> str:
    value, few = (compiler.process(part, **keywords) for part in element.clauses)
    return f"{value} IN {few}"


@compiles(among_few, "postgresql")
def _of_an_array(element: Any, compiler: Any, **keywords: Any) -> str:
    value, few = (compiler.process(part, **keywords) for part in element.clauses)
    return f"{value} = ANY (ARRAY{few})"


@compiles(unindexed)
@compiles(along_the_order)
@compiles(of_each_row)
def _row_by_row(element: Any, compiler: Any, **keywords: Any) -> str:
    return f"+({compiler.process(element.clauses, **keywords)})"


@compiles(along_the_order, "postgresql")
def _as_it_is(element: Any, compiler: Any, **keywords: Any) -> str:
    return str(compiler.process(element.clauses, **keywords))


def row_by_row(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """A condition that SQLite begins nothing with."""
    return along_the_order(condition.self_group())


def tested_first(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """A condition on the rows that others lead to, which few of them meet: PostgreSQL would look up the youth of every one before."""
    return of_each_row(condition.self_group())


def met_by_many(conditions: Sequence[ColumnElement[bool]]) -> ColumnElement[bool]:
    """All of these, where more rows than are counted are known to meet them: tested along an order until a page is full.

    PostgreSQL, which multiplies guesses, would look up all of these rows and sort them; of what is compared by <> it expects nearly all.
    """
    return case((and_(*conditions), literal_column("0")), else_=literal_column("1")) != literal_column("1")


def as_word(word: StrEnum) -> ColumnElement[str]:
    """A word of the vocabulary as a part of the statement itself: PostgreSQL knows how many rows have it.

    Of a value given apart it assumes, in a plan that is kept, as many as on the average, and goes through all rows for a status that few have.
    """
    return literal_column(repr(str(word)))


def as_day(day: date) -> ColumnElement[date]:
    """A day of the office as a part of the statement itself: PostgreSQL then plans it once a day.

    Of a day given apart it assumes that a third of all rows come before it, and so makes a plan of its own at every call.
    """
    return literal_column(repr(day.isoformat()), Date)


def as_number(number: int) -> ColumnElement[int]:
    """How many rows are wanted as a part of the statement itself: of a limit given apart PostgreSQL makes a plan of its own at every call."""
    return literal_column(str(number), Integer)


def asks(conditions: Sequence[ColumnElement[bool]], table: Any) -> bool:
    """Whether any of these conditions asks something of a table: where none does, a statement need not join it."""
    parts = (part for condition in conditions for part in visitors.iterate(condition))
    return any(getattr(getattr(part, "table", None), "name", "") == table.__tablename__ for part in parts)
