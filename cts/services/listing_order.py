"""The order of an Assignment Listing: blank cells last in both directions, equals by number; the same on every database.

A list that can be counted is sorted as a whole, whatever index finds its rows. A longer one is read along the index of its order
(db/listing_keys.py), row by row, until the page is full.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, and_, case, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

from cts.services.listing_columns import SortBy
from cts.services.sorting import as_looked_up
from db.listing_keys import BETWEEN, LAST
from db.models import Agency, Assignment

_KEYS = Assignment.__table__.c
_ONE_KEY: dict[SortBy, ColumnElement[Any]] = {
    SortBy.STATE_ID: _KEYS.by_state_id,
    SortBy.REFERRAL: _KEYS.by_referral,
    SortBy.CPH_DATE: _KEYS.referral_on,
    SortBy.REFERRAL_NAME: _KEYS.by_referral_name,
    SortBy.CASE: _KEYS.by_case,
    SortBy.PDJ: _KEYS.by_pdj,
    SortBy.CSW: _KEYS.by_csw,
    SortBy.SCSW: _KEYS.by_scsw,
}
"""One cell: blank rows are a part of their own, after all others."""
_KEY_EACH_WAY: dict[SortBy, tuple[ColumnElement[Any], ColumnElement[Any]]] = {
    SortBy.NUMBER: (_KEYS.number, _KEYS.number),
    SortBy.STATUS: (_KEYS.status, _KEYS.status),
    SortBy.YOUTH: (_KEYS.by_youth_up, _KEYS.by_youth_down),
    SortBy.AGENCY: (_KEYS.by_agency_up, _KEYS.by_agency_down),
}


class unindexed(GenericFunction[Any]):  # noqa: N801 - reads as an SQL function
    """The same value, or condition, that no index is looked up for."""

    inherit_cache = True


@compiles(unindexed)
def _plainly(element: Any, compiler: Any, **keywords: Any) -> str:
    return f"+({compiler.process(element.clauses, **keywords)})"


@compiles(unindexed, "postgresql")
def _on_postgres(element: Any, compiler: Any, **keywords: Any) -> str:
    (inside,) = element.clauses
    text = compiler.process(inside, **keywords)
    return f"({text} + 0)" if isinstance(inside.type, Integer | Date) else f"({text} || '')"


class along_the_order(GenericFunction[bool]):  # noqa: N801 - reads as an SQL function
    """A condition that is looked at row by row. PostgreSQL knows by itself which index is best; SQLite would sort a million rows."""

    inherit_cache = True


@compiles(along_the_order)
def _row_by_row(element: Any, compiler: Any, **keywords: Any) -> str:
    return f"+({compiler.process(element.clauses, **keywords)})"


@compiles(along_the_order, "postgresql")
def _as_it_is(element: Any, compiler: Any, **keywords: Any) -> str:
    return str(compiler.process(element.clauses, **keywords))


def sorted_as_a_whole(sort_by: SortBy, descending: bool) -> list[ColumnElement[Any]]:
    """What to order a short list by."""
    order: list[ColumnElement[Any]] = []
    if sort_by in _ONE_KEY:
        key = _ONE_KEY[sort_by]
        order += [case((_is_blank(key), 1), else_=0), _way(unindexed(key), descending)]
    elif sort_by is not SortBy.NUMBER:
        order.append(_way(unindexed(_KEY_EACH_WAY[sort_by][descending]), descending))
    return [*order, _way(unindexed(_KEYS.number), descending)]


Part = tuple[ColumnElement[bool], list[ColumnElement[Any]]]


def parts_of_order(sort_by: SortBy, descending: bool, statuses: Sequence[str], agency_id: int | None) -> list[Part]:
    """The parts of a long list one after the other: which rows, and the columns of the index they are read along.

    `statuses` are those that may stand on the list, `agency_id` the agency when it holds one only: the others are passed over.
    """
    number = _way(_KEYS.number, descending)
    if sort_by in _ONE_KEY:
        key = _ONE_KEY[sort_by]
        filled = key > "" if not isinstance(key.type, Date) else key.is_not(None)
        return [(filled, [_way(key, descending), number]), (_is_blank(key), [_way(key, descending), number])]
    if sort_by is SortBy.STATUS:
        return [(_KEYS.status == status, [number]) for status in sorted(statuses, reverse=descending)]
    key = _KEY_EACH_WAY[sort_by][descending]
    order = [number] if sort_by is SortBy.NUMBER else [_way(key, descending), number]
    if sort_by is SortBy.AGENCY and agency_id is not None:
        return [(_of_agency(key, agency_id), order)]
    return [(key > (0 if sort_by is SortBy.NUMBER else ""), order)]


def _of_agency(key: ColumnElement[Any], agency_id: int) -> ColumnElement[bool]:
    """The keys that begin with the name of this agency."""
    begins = select(as_looked_up(Agency.name) + BETWEEN).where(Agency.id == agency_id).scalar_subquery()
    return and_(key >= begins, key < begins + LAST * 2)


def row_by_row(sort_by: SortBy, wanted: Sequence[ColumnElement[bool]]) -> ColumnElement[bool]:
    """The conditions of a list that is read along its order; last the scope, which may have to look at the youth.

    By status every list has an index of its own, that of its scope.
    """
    if sort_by is SortBy.STATUS:
        return and_(*wanted)
    return along_the_order(and_(*reversed(wanted)).self_group())


def _is_blank(key: ColumnElement[Any]) -> ColumnElement[bool]:
    return key.is_(None) if isinstance(key.type, Date) else key == ""


def _way(key: ColumnElement[Any], descending: bool) -> ColumnElement[Any]:
    return key.desc() if descending else key.asc()
